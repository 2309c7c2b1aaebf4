from odoo import fields, models


class BuurtbemiddelingIntervention(models.Model):
    """The form of help given: advice, talks with one party, mediation, coaching, ..."""

    _name = "buurtbemiddeling.intervention"
    _description = "Form of Help"
    _inherit = ["buurtbemiddeling.code.mixin"]

    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Usual steps",
        domain=[("res_model", "=", "buurtbemiddeling.case")],
        ondelete="set null",
        help="The activity plan that a coordinator starts for this form of help.",
    )
