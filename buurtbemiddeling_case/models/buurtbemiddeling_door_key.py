from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from .buurtbemiddeling_door_mixin import TOKEN_HOURS


class BuurtbemiddelingDoorKey(models.Model):
    """A form that was sent by someone who is logged in: what it asks is done once.

    For forms that change something, or make more than one record. Of the form only its key is
    kept, for as long as that form can be sent again.
    """

    _name = "buurtbemiddeling.door.key"
    _description = "Form that Was Sent"
    _inherit = ["buurtbemiddeling.door.mixin"]
    _rec_name = "create_date"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    form_key = fields.Char(required=True)

    @api.model
    def _do_once(self, company, key, action):
        """Do what a form asks, unless the same form was sent before, or is at this moment.

        :param key: of the form, as ``_read_token`` gives it
        :param action: a function without parameters. When it raises, nothing of it is kept and the
            form may be sent again
        """
        if self._is_known(key):
            return
        with self.env.cr.savepoint():
            try:
                with self.env.cr.savepoint():
                    self.create({"company_id": company.id, "form_key": key})
            except UniqueViolation:  # sent twice at the same moment
                return
            action()

    @api.autovacuum
    def _gc_keys(self):
        """A form that can not be sent any more is forgotten."""
        old = fields.Datetime.now() - timedelta(hours=TOKEN_HOURS)
        self.search([("create_date", "<", old)]).unlink()
