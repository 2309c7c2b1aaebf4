from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingImportCode(models.Model):
    """What stands in a column of a sheet, and which of our codes it is."""

    _name = "buurtbemiddeling.import.code"
    _description = "Code in an Import"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "import_id, column, row_count desc, text"

    import_id = fields.Many2one(
        "buurtbemiddeling.import", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="import_id.company_id", store=True, index=True, precompute=True
    )
    column = fields.Char("Our column", required=True)
    column_name = fields.Char("Column", compute="_compute_column_name")
    text = fields.Char("In the file", required=True)
    row_count = fields.Integer("Rows")
    choice_id = fields.Many2one(
        "buurtbemiddeling.import.choice",
        "Is with us",
        domain="[('import_id', '=', import_id), ('column', '=', column)]",
        ondelete="set null",
        index="btree_not_null",
        help="Empty: rows with this are not imported.",
    )
    is_guess = fields.Boolean("To be looked at", help="It looks like it, and is not the same.")
    is_new = fields.Boolean(
        compute="_compute_is_new", export_string_translation=False, exportable=False
    )
    new_type_id = fields.Many2one(
        "buurtbemiddeling.referrer.type", "Type of the new one", ondelete="set null"
    )

    @api.depends("column")
    @api.depends_context("lang")
    def _compute_column_name(self):
        for code in self:
            code.column_name = code.import_id._get_target()._get_import_label(code.column)

    @api.depends("choice_id")
    def _compute_is_new(self):
        for code in self:
            code.is_new = code.choice_id.code == "+"

    @api.constrains("choice_id")
    def _check_choice(self):
        """A code is matched with one of its own column."""
        for code in self:
            choice = code.choice_id
            if choice and (choice.import_id != code.import_id or choice.column != code.column):
                raise ValidationError(self.env._("Choose one of the codes of this column."))

    @api.onchange("choice_id")
    def _onchange_choice_id(self):
        self.is_guess = False
