from odoo import api, models
from odoo.fields import Command
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# The usual steps of each form of help, with the days after its start. Aftercare is not among them:
# that follows from the closing date. Odoo can not translate plans, so they are made in the
# language of the organisation.
PLANS = {
    "ADVIES": (
        _lt("Advice or information"),
        [
            (_lt("Call the reporter with advice"), 1),
            (_lt("Call the reporter: did the advice help?"), 14),
        ],
    ),
    "GESPREK_1P": (
        _lt("Talks with one party"),
        [
            (_lt("Plan the talk with the reporter"), 2),
            (_lt("Hear from the mediators how the talk went"), 10),
            (_lt("Call the reporter: is it better now?"), 28),
        ],
    ),
    "PENDEL": (
        _lt("Shuttle mediation"),
        [
            (_lt("Plan the talk with the reporter"), 2),
            (_lt("Reach the other party"), 9),
            (_lt("Plan the talk with the other party"), 14),
            (_lt("Take the proposals to and fro"), 21),
            (_lt("Put down what was agreed"), 28),
        ],
    ),
    "BEMIDDELING": (
        _lt("Mediation talk"),
        [
            (_lt("Plan the talk with the reporter"), 2),
            (_lt("Reach the other party"), 9),
            (_lt("Plan the talk with the other party"), 14),
            (_lt("Book a neutral place"), 18),
            (_lt("Plan the mediation talk"), 21),
            (_lt("Put down what was agreed"), 30),
        ],
    ),
    "GROEP": (
        _lt("Group mediation"),
        [
            (_lt("Ask which neighbours want to join"), 3),
            (_lt("Choose a spokesperson for each side"), 7),
            (_lt("Plan a talk with each side"), 14),
            (_lt("Book a neutral place"), 18),
            (_lt("Plan the group talk"), 28),
            (_lt("Put down what was agreed"), 37),
        ],
    ),
    "COACHING": (
        _lt("Coaching"),
        [
            (_lt("Agree on the goal with the resident"), 2),
            (_lt("Plan the first coaching talk"), 7),
            (_lt("Look back with the resident: is the goal reached?"), 42),
        ],
    ),
}


class MailActivityPlan(models.Model):
    _inherit = "mail.activity.plan"

    @api.model
    def _load_plans_of_help(self):
        """Make the plans that come with the forms of help; those that exist stay as they are."""
        if "nl_NL" in dict(self.env["res.lang"].get_installed()):
            self = self.with_context(lang="nl_NL")
        interventions = self.env["buurtbemiddeling.intervention"].with_context(active_test=False)
        for intervention in interventions.search([("code", "in", list(PLANS))]):
            xml_id = f"buurtbemiddeling_case.mail_activity_plan_{intervention.code.lower()}"
            if not self.env.ref(xml_id, raise_if_not_found=False):
                values = self._prepare_values_of_help(*PLANS[intervention.code])
                intervention.plan_id = self._load_records(
                    [{"xml_id": xml_id, "values": values, "noupdate": True}]
                )

    @api.model
    def _prepare_values_of_help(self, name, steps):
        """Return the values of a plan for cases with ``steps``, pairs of (summary, days)."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        return {
            "name": self.env._(name),
            "res_model": "buurtbemiddeling.case",
            "company_id": False,
            "template_ids": [
                Command.create(
                    {
                        "sequence": number,
                        "activity_type_id": todo.id,
                        "summary": self.env._(summary),
                        "responsible_type": "coordinator",
                        "delay_count": days,
                        "delay_from": "after_plan_date",
                    }
                )
                for number, (summary, days) in enumerate(steps, 1)
            ],
        }
