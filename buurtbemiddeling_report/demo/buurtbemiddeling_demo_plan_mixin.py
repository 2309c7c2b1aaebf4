from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import date_utils

#: Texts of the plan by chapter.
_TEXTS = {
    "introduction": (
        "In Heldervoort wonen steeds meer mensen dicht op elkaar. Buren vinden ons, maar vaak pas"
        " als de ruzie al lang duurt. Met dit plan willen we er eerder bij zijn.",
    ),
    "parties": (
        "Corporaties, politie, gemeente en wijkteam verwijzen bewoners pas nadat zij daarvoor"
        " toestemming hebben gevraagd. Wij bellen binnen een week, en laten na afloop weten dat de"
        " zaak klaar is. Meer vertellen we niet.",
    ),
    "method": (
        "Twee vrijwillige bemiddelaars gaan bij de ene buur langs en dan bij de andere. Willen"
        " beiden, dan volgt een gesprek op neutrale grond. Een paar weken later bellen we na.",
    ),
    "privacy": (
        "We leggen alleen vast wat nodig is om te bemiddelen. Alleen de coördinatoren zien wie het"
        " betreft. De stuurgroep krijgt cijfers, en geen namen.",
    ),
    "budget": (
        "De gemeente en de corporaties betalen samen. De stuurgroep stelt de begroting elk jaar"
        " vast.",
    ),
    "closing": (
        "Het plan lukt alleen als verwijzers ons op tijd noemen, en als er genoeg bemiddelaars"
        " zijn.",
    ),
}


class BuurtbemiddelingDemoPlanMixin(models.AbstractModel):
    """The plan of the demo: its texts, and the meeting that approved it."""

    _name = "buurtbemiddeling.demo.plan.mixin"
    _description = "Plan of the Demo"

    @api.model
    def _approve_plan(self):
        """Write the texts of the plan, submit it, and approve it in a meeting that was held."""
        plan = self.env.ref("buurtbemiddeling_report.demo_plan_heldervoort")
        plan = plan.with_user(self._demo_ref("user_coordinator"))
        plan = plan.with_context(lang=self._get_lang("buurtbemiddeling_report"))
        for chapter in plan.chapter_ids.filtered(lambda chapter: chapter.code in _TEXTS):
            chapter.text = "".join(f"<p>{text}</p>" for text in _TEXTS[chapter.code])
        plan.action_submit()
        plan.meeting_id = self._find_meeting(plan)
        plan._write_step({"submitted_on": plan._get_meeting_day() - relativedelta(days=14)})
        plan.action_approve()

    @api.model
    def _find_meeting(self, plan):
        """Return the last meeting of the steering group that was held, or make one."""
        meetings = self.env["buurtbemiddeling.steering.meeting"]
        now = fields.Datetime.now()
        found = meetings.search(
            [
                ("project_id", "=", plan.project_id.id),
                ("state", "in", ["held", "minuted"]),
                ("start", "<=", now),
            ],
            order="start desc",
            limit=1,
        )
        start = date_utils.start_of(now, "day") + relativedelta(months=-8, hour=18)
        return found or meetings.create(
            {
                "name": "Stuurgroep Heldervoort",
                "project_id": plan.project_id.id,
                "start": start,
                "stop": start + relativedelta(hours=2),
                "state": "held",
            }
        )
