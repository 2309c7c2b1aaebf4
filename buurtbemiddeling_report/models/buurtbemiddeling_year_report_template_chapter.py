from odoo import fields, models


class BuurtbemiddelingYearReportTemplateChapter(models.Model):
    """A chapter that new reports start with; a report that is there keeps its own chapters."""

    _name = "buurtbemiddeling.year.report.template.chapter"
    _description = "Chapter of New Reports"
    _inherit = ["buurtbemiddeling.year.report.chapter.mixin", "buurtbemiddeling.code.mixin"]
    _order = "sequence, id"

    question = fields.Text(
        "Question to the writer", translate=True, help="Helps to write, and is never printed."
    )
    in_annual = fields.Boolean(
        "In the annual report",
        default=True,
        help="New annual reports get this chapter.",
    )
    in_progress = fields.Boolean(
        "In the progress report",
        default=True,
        help="New progress reports get this chapter.",
    )
    in_steering = fields.Boolean(
        "With the minutes of the steering group",
        help="The key figures of this chapter are frozen with a meeting of the steering group.",
    )
    indicator_ids = fields.Many2many(
        "buurtbemiddeling.indicator",
        "buurtbemiddeling_template_chapter_indicator_rel",
        "chapter_id",
        "indicator_id",
        string="Key figures",
        help="These figures stand in a table in the chapter.",
    )
    dimension_ids = fields.Many2many(
        "buurtbemiddeling.dimension",
        "buurtbemiddeling_template_chapter_dimension_rel",
        "chapter_id",
        "dimension_id",
        string="Breakdowns",
        help="The figures are shown by these, a table each.",
    )
    column_ids = fields.Many2many(
        "buurtbemiddeling.indicator",
        "buurtbemiddeling_template_chapter_column_rel",
        "chapter_id",
        "indicator_id",
        string="Columns of the breakdowns",
        help="Empty: cases registered.",
    )
