from odoo import fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCodeMixin(models.AbstractModel):
    """A list of the field (outcomes, nuisance types, ...) with stable codes.

    Names, order and use may be changed by an organisation; the code is what imports, figures and
    the national benchmark recognise, so it never changes once the record exists. Archive an entry
    instead of deleting it: past cases keep it.
    """

    _name = "buurtbemiddeling.code.mixin"
    _description = "Code List Entry"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, copy=False)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code exists already. Use another code.")

    def write(self, vals):
        """Refuse a change of code, raising ``UserError``: figures of past years rest on it."""
        if "code" in vals and any(entry.code != vals["code"] for entry in self):
            raise UserError(
                self.env._(
                    "The code %(code)s is used by figures and imports and can not be changed."
                    " Archive this entry and add a new one.",
                    code=self.filtered(lambda e: e.code != vals["code"])[:1].code,
                )
            )
        return super().write(vals)
