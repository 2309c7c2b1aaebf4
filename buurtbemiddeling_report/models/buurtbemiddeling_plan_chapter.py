from odoo import api, fields, models
from odoo.tools import is_html_empty

from .buurtbemiddeling_plan_template_chapter import SECTIONS


class BuurtbemiddelingPlanChapter(models.Model):
    """A chapter of one plan: the coordinator's own text, and which records stand below it."""

    _name = "buurtbemiddeling.plan.chapter"
    _description = "Chapter of a Plan"
    _inherit = ["buurtbemiddeling.chapter.mixin", "buurtbemiddeling.plan.part.mixin"]

    code = fields.Char(help="Empty on a chapter of your own. Links it to that of other plans.")
    section = fields.Selection(
        SECTIONS, "Shows", help="What stands below the text. Empty: only text."
    )
    is_shown = fields.Boolean(
        "In the plan",
        help="Without this the chapter is left out of the printed plan.",
    )
    is_inherited = fields.Boolean(
        help="The text comes from the previous plan. It stays marked until you change it or say"
        " that it is still right."
    )
    content = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False, exportable=False,
        help="What stood below the text when the plan was approved.",
    )
    blocks_html = fields.Html(
        "Below the text",
        compute="_compute_blocks_html",
        sanitize=False,
        export_string_translation=False, exportable=False,
    )

    @api.depends("section", "plan_id.state")
    @api.depends_context("uid", "lang")
    def _compute_blocks_html(self):
        """What stands below the text, to look at while writing."""
        for chapter in self:
            origin = chapter._origin
            chapter.blocks_html = origin and self.env["ir.qweb"]._render(
                "buurtbemiddeling_report.year_report_blocks", {"blocks": origin._get_blocks()}
            )

    def _get_blocks(self):
        """Return the tables below the text: those that were kept at approval, else of now."""
        self.ensure_one()
        if self.plan_id._is_kept():
            return self.content or []
        return self.plan_id._in_language()._prepare_blocks(self.section)

    def _is_empty(self):
        """Return whether there is nothing to print of this chapter."""
        return is_html_empty(self.text) and not self._get_blocks()

    def _prepare_for_next(self):
        return {**super()._prepare_for_next(), "section": self.section}

    @api.model
    def _prepare_from_template(self, template, text=False):
        values = super()._prepare_from_template(template, text)
        return {**values, "section": template.section}
