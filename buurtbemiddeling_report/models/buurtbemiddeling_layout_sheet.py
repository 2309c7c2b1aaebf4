from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Kinds of sheets that can have a chart.
DRAWN = ("breakdown", "breakdowns", "comparison")


class BuurtbemiddelingLayoutSheet(models.Model):
    """One sheet of a form: what it shows, of which figures, drawn how."""

    _name = "buurtbemiddeling.layout.sheet"
    _description = "Sheet of a Form"
    _order = "layout_id, sequence, id"

    layout_id = fields.Many2one(
        "buurtbemiddeling.layout", "Form", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="layout_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("key", "Key figures"),
            ("breakdown", "One breakdown"),
            ("breakdowns", "Every breakdown, a sheet each"),
            ("comparison", "Comparison with earlier years and the country"),
            ("missing", "Missing data"),
            ("definitions", "Definitions"),
            ("contents", "Contents, with links to the sheets"),
            ("text", "Text"),
        ],
        required=True,
        default="key",
        help="What the sheet holds.",
    )
    dimension_id = fields.Many2one("buurtbemiddeling.dimension", "Breakdown", ondelete="restrict")
    chart = fields.Selection(
        [
            ("none", "No chart"),
            ("auto", "What fits best"),
            ("column", "Columns"),
            ("bar", "Bars"),
            ("pie", "Pie"),
            ("line", "Line"),
        ],
        required=True,
        default="none",
        help="What fits best: columns for months, bars for the rest, no chart of two facts.",
    )
    years = fields.Integer("Earlier years", default=3, help="How many years back to compare with.")
    intro = fields.Text("Introduction", translate=True, help="Printed above the table.")
    column_ids = fields.One2many(
        "buurtbemiddeling.layout.column",
        "sheet_id",
        "Figures",
        copy=True,
    )

    _years_range = models.Constraint(
        "CHECK(years BETWEEN 1 AND 20)", "Compare with 1 to 20 earlier years."
    )

    @api.constrains("kind", "dimension_id", "intro")
    def _check_content(self):
        """Refuse a sheet that has nothing to show."""
        for sheet in self:
            if sheet.kind == "breakdown" and not sheet.dimension_id:
                raise ValidationError(
                    self.env._("Sheet “%s” shows a breakdown. Choose which one.", sheet.name)
                )
            if sheet.kind == "text" and not sheet.intro:
                raise ValidationError(
                    self.env._("Sheet “%s” has no text yet. Fill in the introduction.", sheet.name)
                )

    @api.constrains("kind", "dimension_id", "column_ids")
    def _check_figures(self):
        """Refuse a figure that the breakdown of the sheet does not have."""
        for sheet in self.filtered("dimension_id"):
            for column in sheet.column_ids:
                if sheet.kind == "breakdown" and not sheet._has_figure(column.indicator_id):
                    raise ValidationError(
                        self.env._(
                            "Breakdown “%(dimension)s” does not count “%(figure)s”."
                            " Choose another figure for sheet “%(sheet)s”, or another breakdown.",
                            dimension=sheet.dimension_id.name,
                            figure=column.indicator_id.name,
                            sheet=sheet.name,
                        )
                    )

    @api.constrains("kind", "chart", "dimension_id", "column_ids")
    def _check_chart(self):
        """Refuse a chart of nothing, or of what does not belong in one chart."""
        for sheet in self.filtered(lambda sheet: sheet.chart != "none"):
            drawn = sheet.column_ids.filtered("in_chart")
            if sheet.kind not in DRAWN:
                raise ValidationError(
                    self.env._(
                        "Sheet “%s” has no rows to draw a chart of."
                        " Choose a breakdown or a comparison, or no chart.",
                        sheet.name,
                    )
                )
            if sheet.column_ids and not drawn:
                raise ValidationError(
                    self.env._(
                        "The chart of sheet “%s” would be empty."
                        " Mark at least one figure as “In the chart”, or choose no chart.",
                        sheet.name,
                    )
                )
            if len({column._get_unit() for column in drawn}) > 1:
                raise ValidationError(
                    self.env._(
                        "The chart of sheet “%s” has numbers, percentages or days in one picture,"
                        " which nobody can read. Mark figures of one kind.",
                        sheet.name,
                    )
                )
            if sheet.chart == "pie" and (
                sheet.kind == "comparison"
                or len(drawn) > 1
                or any(column._get_unit() not in ("cases", "persons", "hours") for column in drawn)
            ):
                raise ValidationError(
                    self.env._(
                        "A pie shows how one number is divided. Mark one number in sheet “%s”,"
                        " or choose columns or bars.",
                        sheet.name,
                    )
                )

    def _has_figure(self, indicator):
        """Tell whether the breakdown of this sheet counts a figure."""
        dimension = self.dimension_id
        names = set(dimension._get_field_names())
        return (not dimension.basis or dimension.basis == indicator.basis) and (
            names <= set(dimension._get_possible_facts(indicator.source))
        )
