from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingImportColumn(models.Model):
    """A column of a sheet, and which of ours it is; none of ours when it is left out."""

    _name = "buurtbemiddeling.import.column"
    _description = "Column of an Import"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "import_id, position"

    import_id = fields.Many2one(
        "buurtbemiddeling.import", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="import_id.company_id", store=True, index=True, precompute=True
    )
    position = fields.Integer(required=True)
    letter = fields.Char("Column", compute="_compute_letter")
    heading = fields.Char(required=True)
    examples = fields.Char("What is in it")
    choice_id = fields.Many2one(
        "buurtbemiddeling.import.choice",
        "Becomes",
        domain="[('import_id', '=', import_id), ('column', '=', 'heading')]",
        ondelete="set null",
        index="btree_not_null",
        help="Empty: this column is left out.",
    )
    is_guess = fields.Boolean("To be looked at", help="The heading looks like it, and is not it.")

    @api.depends("position")
    def _compute_letter(self):
        """Name the column as Excel does: A to Z, AA, AB, ..."""
        for column in self:
            rest, letters = column.position + 1, ""
            while rest:
                rest, digit = divmod(rest - 1, 26)
                letters = chr(ord("A") + digit) + letters
            column.letter = letters

    @api.constrains("choice_id")
    def _check_choice(self):
        """What a column becomes is one of our columns."""
        for column in self:
            choice = column.choice_id
            if choice and (choice.import_id != column.import_id or choice.column != "heading"):
                raise ValidationError(self.env._("Choose one of our own columns."))

    @api.onchange("choice_id")
    def _onchange_choice_id(self):
        self.is_guess = False
