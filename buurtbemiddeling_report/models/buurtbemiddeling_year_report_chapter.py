from odoo import api, fields, models
from odoo.tools import html2plaintext, is_html_empty

from .buurtbemiddeling_year_report_chapter_mixin import CHAPTER_FIGURES


class BuurtbemiddelingYearReportChapter(models.Model):
    """A chapter of one report: the coordinator's own text, and which figures stand below it."""

    _name = "buurtbemiddeling.year.report.chapter"
    _description = "Chapter of a Report"
    _inherit = [
        "buurtbemiddeling.year.report.chapter.mixin",
        "buurtbemiddeling.year.report.budget.mixin",
        "buurtbemiddeling.year.report.figures.mixin",
    ]

    report_id = fields.Many2one(
        "buurtbemiddeling.year.report", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, index=True, precompute=True
    )
    report_state = fields.Selection(related="report_id.state")
    code = fields.Char(help="Empty on a chapter of your own. Links it to that of other reports.")
    name = fields.Char("Title", required=True)
    question = fields.Text(
        "Question to the writer", readonly=True, help="Helps to write, and is never printed."
    )
    text = fields.Html("Own text")
    is_shown = fields.Boolean("In the report", default=True)
    is_inherited = fields.Boolean(
        "Look again",
        help="The text comes from the previous report. It stays marked until you change it or say"
        " that it is still right.",
    )
    indicator_ids = fields.Many2many(
        "buurtbemiddeling.indicator",
        "buurtbemiddeling_report_chapter_indicator_rel",
        "chapter_id",
        "indicator_id",
        string="Key figures",
    )
    dimension_ids = fields.Many2many(
        "buurtbemiddeling.dimension",
        "buurtbemiddeling_report_chapter_dimension_rel",
        "chapter_id",
        "dimension_id",
        string="Breakdowns",
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
        export_string_translation=False,
        help="The tables of a final report, as they were when it became final.",
    )
    figures_html = fields.Html(
        "Figures", compute="_compute_figures_html", sanitize=False, export_string_translation=False
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

    @api.model_create_multi
    def create(self, vals_list):
        chapters = super().create(vals_list)
        chapters.report_id._check_draft()
        return chapters

    def write(self, vals):
        """A text that is touched does not come from the previous report any more."""
        self.report_id._check_draft()
        if "text" in vals and "is_inherited" not in vals:
            vals = {**vals, "is_inherited": False}
        done = super().write(vals)
        self.report_id._check_draft()  # nor is a chapter moved into a final report
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self.report_id._check_draft()

    def action_still_right(self):
        """Keep the text of the previous report: it was read and is still right."""
        self.is_inherited = False

    def _prepare_for_next(self):
        """Return the values of this chapter in the next report of the same kind."""
        self.ensure_one()
        return {
            "code": self.code,
            "name": self.name,
            "question": self.question,
            "sequence": self.sequence,
            "is_shown": self.is_shown,
            "text": self.text,
            "is_inherited": not is_html_empty(self.text),
            **self._prepare_figures(),
        }

    @api.model
    def _prepare_from_template(self, template, text):
        """Return the values of a chapter that starts from a template, with a text or ``False``."""
        return {
            "code": template.code,
            "name": template.name,
            "question": template.question,
            "sequence": template.sequence,
            "text": text,
            "is_inherited": bool(text),
            **self._prepare_figures(template),
        }

    def _prepare_figures(self, source=None):
        source = self if source is None else source
        return {
            name: [fields.Command.set(source[name].ids)] if name.endswith("_ids") else source[name]
            for name in CHAPTER_FIGURES
        }

    def _get_plain_text(self):
        """Return title and text of the chapters that are shown, as plain lines."""
        return "\n".join(
            line
            for chapter in self.filtered("is_shown")
            for line in (chapter.name, html2plaintext(chapter.text or ""))
        )
