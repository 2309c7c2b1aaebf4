from odoo import api, models, tools
from odoo.tools import file_open

from ..personal_data import read_personal_fields

FILE = "security/personal_data.csv"


class BuurtbemiddelingPersonalData(models.AbstractModel):
    """Which fields of the installed modules hold whose personal data; see ``personal_data.py``."""

    _name = "buurtbemiddeling.personal.data"
    _description = "Personal Data by Field"

    @api.model
    @tools.ormcache()
    def _get_fields(self):
        """Return the ``PersonalField`` of all installed modules, those of a model together."""
        found = []
        for module in sorted(self.env.registry._init_modules):
            try:
                file = file_open(f"{module}/{FILE}")
            except FileNotFoundError:
                continue
            with file:
                found += read_personal_fields(file)
        return tuple(sorted(found, key=lambda line: line.model))

    @api.model
    @tools.ormcache("model")
    def _get_names(self, model):
        """Return the names of the fields of a model that are emptied after the term."""
        return {
            line.field
            for line in self._get_fields()
            if line.model == model and line.after_term in ("blank", "cut")
        }
