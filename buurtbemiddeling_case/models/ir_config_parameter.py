from odoo import models
from odoo.tools import SQL

from ..pseudonym import SECRET


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    def init(self, force=False):
        """Keep a secret of our own: Odoo replaces its own when it restores a backup.

        In SQL, as the fields of other models have no columns yet when a module is installed.
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO ir_config_parameter (key, value) SELECT %s, value"
                " FROM ir_config_parameter WHERE key = 'database.secret'"
                " ON CONFLICT (key) DO NOTHING",
                SECRET,
            )
        )
        return super().init(force)
