from odoo import fields, models

#: What a chapter shows of the records, below its own text.
SECTIONS = [
    ("goals", "Goals and intended results"),
    ("target_groups", "Target groups"),
    ("targets", "Targets"),
    ("parties", "Parties and their obligations"),
    ("activities", "Activities"),
    ("privacy", "Agreements on personal data"),
    ("phases", "Phases and evaluation moments"),
    ("budget", "Budget"),
    ("recognition", "CCV recognition"),
]


class BuurtbemiddelingPlanTemplateChapter(models.Model):
    """A chapter that new plans start with; a plan that is there keeps its own chapters."""

    _name = "buurtbemiddeling.plan.template.chapter"
    _description = "Chapter of New Plans"
    _inherit = ["buurtbemiddeling.code.mixin"]

    question = fields.Text(
        "Question to the writer", translate=True, help="Helps to write, and is never printed."
    )
    section = fields.Selection(
        SECTIONS, "Shows", help="What stands below the text. Empty: only text."
    )
