from odoo import fields, models


class BuurtbemiddelingImportChoice(models.Model):
    """What a heading, or a code in a column, of one import may be matched with.

    The lists of an organisation are of many models, and some are no records at all: an import has
    all of them as rows of one kind, so that they are chosen in one way.
    """

    _name = "buurtbemiddeling.import.choice"
    _description = "Choice in an Import"
    _order = "import_id, column, sequence, id"

    import_id = fields.Many2one(
        "buurtbemiddeling.import", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="import_id.company_id", store=True, index=True, precompute=True
    )
    column = fields.Char(required=True, help="Our column, or “heading”, or “sheet”.")
    code = fields.Char(help="Empty: the cell is left empty.")
    name = fields.Char(required=True)
    sequence = fields.Integer()
