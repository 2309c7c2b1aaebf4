from odoo import api, fields, models

from .buurtbemiddeling_year_report_chapter_mixin import CHAPTER_FIGURES


class BuurtbemiddelingYearReportChapter(models.Model):
    """A chapter of one report: the coordinator's own text, and which figures stand below it."""

    _name = "buurtbemiddeling.year.report.chapter"
    _description = "Chapter of a Report"
    _inherit = [
        "buurtbemiddeling.chapter.mixin",
        "buurtbemiddeling.year.report.chapter.mixin",
        "buurtbemiddeling.year.report.budget.mixin",
        "buurtbemiddeling.year.report.figures.mixin",
    ]

    _document = "report_id"

    report_id = fields.Many2one(
        "buurtbemiddeling.year.report", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, index=True, precompute=True
    )
    report_state = fields.Selection(related="report_id.state")
    indicator_ids = fields.Many2many(
        "buurtbemiddeling.indicator",
        "buurtbemiddeling_report_chapter_indicator_rel",
        "chapter_id",
        "indicator_id",
        string="Key figures",
        help="These figures stand in a table in the chapter.",
    )
    dimension_ids = fields.Many2many(
        "buurtbemiddeling.dimension",
        "buurtbemiddeling_report_chapter_dimension_rel",
        "chapter_id",
        "dimension_id",
        string="Breakdowns",
        help="The figures are shown by these, a table each.",
    )
    column_ids = fields.Many2many(
        "buurtbemiddeling.indicator",
        "buurtbemiddeling_report_chapter_column_rel",
        "chapter_id",
        "indicator_id",
        string="Columns of the breakdowns",
        help="Empty: cases registered.",
    )
    content = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False, exportable=False,
        help="The tables of a final report, as they were when it became final.",
    )
    figures_html = fields.Html(
        "Figures",
        compute="_compute_figures_html",
        sanitize=False,
        export_string_translation=False,
        exportable=False,
    )

    @api.depends(*CHAPTER_FIGURES, "report_id.benchmark_id.computed_on", "report_id.is_internal")
    def _compute_figures_html(self):
        """What stands below the text, to look at while writing."""
        for chapter in self:
            origin = chapter._origin
            chapter.figures_html = origin and self.env["ir.qweb"]._render(
                "buurtbemiddeling_report.year_report_blocks",
                {"blocks": origin.report_id._get_blocks(origin)[origin.id]},
            )

    def _prepare_for_next(self):
        return {**super()._prepare_for_next(), **self._prepare_figures()}

    @api.model
    def _prepare_from_template(self, template, text=False):
        values = super()._prepare_from_template(template, text)
        return {**values, **self._prepare_figures(template)}

    def _prepare_figures(self, source=None):
        source = self if source is None else source
        return {
            name: [fields.Command.set(source[name].ids)] if name.endswith("_ids") else source[name]
            for name in CHAPTER_FIGURES
        }
