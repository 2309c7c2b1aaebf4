from odoo import fields, models


class BuurtbemiddelingImportRow(models.Model):
    """A row of a sheet, as it was typed; empty once it is in."""

    _name = "buurtbemiddeling.import.row"
    _description = "Row of an Import"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "import_id, number"
    _log_access = False  # the import says who and when; there are tens of thousands

    import_id = fields.Many2one(
        "buurtbemiddeling.import", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    number = fields.Integer("Row", required=True)
    reference = fields.Char("Number in the old system")
    cells = fields.Json()
    state = fields.Selection(
        [
            ("waiting", "Still to be checked"),
            ("ready", "Can be imported"),
            ("made", "Imported"),
            ("there", "Was there already"),
            ("wrong", "Not imported"),
        ],
        required=True,
        default="waiting",
    )

    _number_index = models.UniqueIndex("(import_id, number)", "A row is there once.")
    _state_index = models.Index("(import_id, state, number)")
    _reference_index = models.Index("(import_id, reference, number)")
