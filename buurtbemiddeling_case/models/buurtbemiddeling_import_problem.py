from odoo import fields, models


class BuurtbemiddelingImportProblem(models.Model):
    """What is wrong in a row of a sheet: which row, which column, and a sentence."""

    _name = "buurtbemiddeling.import.problem"
    _description = "Problem in an Import"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "import_id, number, id"
    _log_access = False

    import_id = fields.Many2one(
        "buurtbemiddeling.import", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    number = fields.Integer("Row", required=True)
    heading = fields.Char("Column", help="Empty: it is about the row as a whole.")
    sentence = fields.Char("What is wrong", required=True)
