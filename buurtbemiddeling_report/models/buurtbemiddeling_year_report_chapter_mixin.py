from odoo import fields, models

#: What a report takes over of a chapter besides its title, place and text.
CHAPTER_FIGURES = (
    "indicator_ids",
    "dimension_ids",
    "column_ids",
    "chart",
    "has_comparison",
    "years_back",
    "has_definitions",
    "has_budget",
)


class BuurtbemiddelingYearReportChapterMixin(models.AbstractModel):
    """What a chapter of a report shows below its text, as data."""

    _name = "buurtbemiddeling.year.report.chapter.mixin"
    _description = "Figures of a Chapter"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    chart = fields.Selection(
        [("none", "No chart"), ("bars", "Bars"), ("columns", "Columns, for months and years")],
        required=True,
        default="none",
        help="Drawn of the first figure.",
    )
    has_comparison = fields.Boolean(
        "Compare", help="Show last year, the target and the country next to the key figures."
    )
    years_back = fields.Integer(
        "Earlier years", help="How many earlier years to show. They come from their own benchmark."
    )
    has_definitions = fields.Boolean(
        "Definitions", help="Show what each figure in the report counts."
    )
    has_budget = fields.Boolean(
        "Budget", help="Show budget and costs of each post, and who pays which share."
    )

    _years_back_range = models.Constraint(
        "CHECK(years_back BETWEEN 0 AND 10)", "Show at most 10 earlier years."
    )
