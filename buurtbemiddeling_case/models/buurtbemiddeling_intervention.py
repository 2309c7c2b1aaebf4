from odoo import fields, models
from odoo.fields import Command


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

    def _prepare_plan_values(self, steps):
        """Return the values of an activity plan with ``steps``, pairs of (summary, days)."""
        self.ensure_one()
        return {
            "name": self.name,
            "res_model": "buurtbemiddeling.case",
            "company_id": False,
            "template_ids": [
                Command.create(
                    {
                        "sequence": number,
                        "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                        "summary": self.env._(summary),
                        "responsible_type": "coordinator",
                        "delay_count": days,
                        "delay_from": "after_plan_date",
                    }
                )
                for number, (summary, days) in enumerate(steps, 1)
            ],
        }
