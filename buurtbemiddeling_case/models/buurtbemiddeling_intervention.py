from odoo import fields, models, tools


class BuurtbemiddelingIntervention(models.Model):
    """The form of help given: advice, talks with one party, mediation, coaching, ..."""

    _name = "buurtbemiddeling.intervention"
    _description = "Form of Help"
    _inherit = ["buurtbemiddeling.code.mixin"]

    stage_ids = fields.Many2many(
        "buurtbemiddeling.case.stage",
        "buurtbemiddeling_intervention_stage_rel",
        "intervention_id",
        "stage_id",
        string="Phases of this form of help",
        help="The phases that a case with this form of help shows. Empty: all phases. An"
        " organisation's own phase with the same code counts as well.",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Usual steps",
        domain=[("res_model", "=", "buurtbemiddeling.case")],
        ondelete="set null",
        help="The activity plan that a coordinator starts for this form of help.",
    )

    @tools.ormcache("self._origin.id", "self.env.companies._ids", "self.env.su")
    def _get_stage_codes(self):
        """Return the codes of the phases of this form of help; none: all phases."""
        stages = self._origin.with_context(active_test=True).stage_ids
        return frozenset(stages.mapped("code"))
