from odoo import api, fields, models
from odoo.tools import html2plaintext, is_html_empty


class BuurtbemiddelingChapterMixin(models.AbstractModel):
    """A chapter of a document that people write: their own text, started from a template."""

    _name = "buurtbemiddeling.chapter.mixin"
    _description = "Chapter with Own Text"
    _inherit = ["buurtbemiddeling.document.part.mixin"]
    _order = "sequence, id"

    code = fields.Char(help="Empty on a chapter of your own. Links it to that of other reports.")
    name = fields.Char("Title", required=True)
    question = fields.Text(
        "Question to the writer", readonly=True, help="Helps to write, and is never printed."
    )
    text = fields.Html("Own text")
    is_shown = fields.Boolean(
        "In the report",
        default=True,
        help="Without this the chapter is left out of the printed report.",
    )
    is_inherited = fields.Boolean(
        "Look again",
        help="The text comes from the previous report. It stays marked until you change it or say"
        " that it is still right.",
    )

    def write(self, vals):
        """A text that is touched does not come from the previous document any more."""
        if "text" in vals and "is_inherited" not in vals:
            vals = {**vals, "is_inherited": False}
        return super().write(vals)

    def action_still_right(self):
        """Keep the text of the previous document: it was read and is still right."""
        self.is_inherited = False

    def _prepare_for_next(self):
        """Return the values of this chapter in the next document of the same kind."""
        self.ensure_one()
        return {
            "code": self.code,
            "name": self.name,
            "question": self.question,
            "sequence": self.sequence,
            "is_shown": self.is_shown,
            "text": self.text,
            "is_inherited": not is_html_empty(self.text),
        }

    @api.model
    def _prepare_from_template(self, template, text=False):
        """Return the values of a chapter that starts from a template, with a text or ``False``."""
        return {
            "code": template.code,
            "name": template.name,
            "question": template.question,
            "sequence": template.sequence,
            "text": text,
            "is_inherited": bool(text),
        }

    def _get_plain_text(self):
        """Return title and text of the chapters that are shown, as plain lines."""
        return "\n".join(
            line
            for chapter in self.filtered("is_shown")
            for line in (chapter.name, html2plaintext(chapter.text or ""))
        )
