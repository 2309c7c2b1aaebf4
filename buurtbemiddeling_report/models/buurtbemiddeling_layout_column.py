from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What only a total has.
OF_TOTALS = ("previous", "national", "target")


class BuurtbemiddelingLayoutColumn(models.Model):
    """One figure on a sheet, in the words of who asks for it.

    A column of a breakdown; a row of key figures or of a comparison.
    """

    _name = "buurtbemiddeling.layout.column"
    _description = "Figure on a Sheet"
    _order = "sheet_id, sequence, id"

    sheet_id = fields.Many2one(
        "buurtbemiddeling.layout.sheet", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    number = fields.Char("Question", help="The number of the question on the funder's form.")
    name = fields.Char(
        "Wording",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        translate=True,
        required=True,
        help="As who asks for it words it.",
    )
    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", required=True, ondelete="restrict", index=True
    )
    part = fields.Selection(
        [
            ("value", "Value"),
            ("numerator", "Cases counted"),
            ("denominator", "Base"),
            ("previous", "The year before"),
            ("national", "National figure"),
            ("target", "Target"),
        ],
        "What of it",
        required=True,
        default="value",
        help="Which number of a figure stands in this column.",
    )
    in_chart = fields.Boolean(
        "In the chart",
        help="Draws this column in the chart of the sheet.",
    )

    @api.depends("indicator_id")
    def _compute_name(self):
        for column in self.filtered(lambda column: not column.name):
            column.name = column.indicator_id.name

    @api.constrains("indicator_id", "part", "sheet_id")
    def _check_part(self):
        """Refuse what a figure or a breakdown does not have."""
        self.sheet_id._check_figures()
        for column in self:
            kind = column.sheet_id.kind
            if column.part == "denominator" and column.indicator_id.kind == "count":
                raise ValidationError(
                    self.env._(
                        "“%s” is a number and has no base. Choose its value.",
                        column.indicator_id.name,
                    )
                )
            if column.part in OF_TOTALS and kind in ("breakdown", "breakdowns"):
                raise ValidationError(
                    self.env._(
                        "Earlier years, national figures and targets are there for totals only."
                        " Put “%(figure)s” of sheet “%(sheet)s” on a sheet with key figures"
                        " or a comparison.",
                        figure=column.name,
                        sheet=column.sheet_id.name,
                    )
                )
            if column.part != "value" and kind == "comparison":
                raise ValidationError(
                    self.env._(
                        "A comparison shows every year, the country and the target of a figure"
                        " by itself. Choose the value of “%s”.",
                        column.name,
                    )
                )

    def _get_unit(self):
        """Return the unit of what is shown."""
        if self.part in ("numerator", "denominator"):
            return "cases"
        return self.indicator_id.unit
