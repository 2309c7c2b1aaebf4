from datetime import timedelta

from odoo import api, fields, models

from ..tools import due_day
from .journeys import workday

# how a referrer is told
MODES = ("mail", "mail", "phone", "mail", "letter")
# partner to whom a resident is referred on, by the reason
REFERRED_TO = {"VERHUURDER": "corporation", "HANDHAVING": "police", "ZORG": "social_team"}
REFERRAL_STATES = ("taken_up", "taken_up", "declined", "taken_up", "returned")
# complexity -> what is known, acute danger, days until it is looked at again
SIGNALS = [
    (
        "PSYCHOSOCIAAL",
        "Melder slaapt slecht en komt de deur bijna niet meer uit. Wil zelf met de huisarts praten."
        " Wij vragen over een week hoe dat ging.",
        False,
        3,
    ),
    (
        "INTIMIDATIE",
        "Melder zegt dat er is gedreigd. Met de wijkagent besproken. Geen huisbezoek zonder overleg"
        " met de coördinator.",
        True,
        1,
    ),
    (
        "MULTIPROBLEEM",
        "Het sociaal team komt al in het gezin. Met toestemming van het gezin is er contact.",
        False,
        None,
    ),
]
WHY_WAITING = {
    "no_mediators": "Alle koppels hebben al een zaak.",
    "no_pair": "Er is nog geen koppel dat past en buiten de wijk woont.",
    "resident": "Op verzoek: over enkele weken gaan we verder.",
    "holiday": "De meeste bemiddelaars zijn weg.",
}
CALLED = "Gebeld. Verteld hoe het er nu voor staat en wanneer we weer bellen."


class BuurtbemiddelingDemo(models.AbstractModel):
    """What hangs under the demo cases: attempts, referrals, feedback, coaching, signals, to-dos."""

    _inherit = "buurtbemiddeling.demo"

    @api.model
    def _add_records(self, cases, scenario):
        pairs = list(zip(cases, scenario, strict=True))
        self._complete_history(pairs)
        for model, values in (
            ("approach", self._prepare_approaches(pairs)),
            ("onward.referral", self._prepare_onward_referrals(pairs)),
            ("coaching", self._prepare_coachings(pairs)),
            ("extra.signal", self._prepare_signals(pairs)),
            ("feedback", self._prepare_feedback(pairs, "received")),
            ("feedback", self._prepare_feedback(pairs, "ended")),
        ):
            self.env[f"buurtbemiddeling.{model}"].create(values)
        self.env["mail.message"].create(self._prepare_calls(pairs))
        self._invite_to_talks(cases)

    @api.model
    def _complete_history(self, pairs):
        """Say how it was in each phase that is over: norm, deadline, coordinator, why it waited."""
        days = self.env["buurtbemiddeling.case"]._get_working_days(
            self.env.company,
            min(plan["journey"].registration_date for _case, plan in pairs),
            fields.Date.context_today(self),
            more=30,
        )
        for case, plan in pairs:
            pauses = case.pause_ids._get_intervals()
            for phase, stay in zip(case.phase_ids, plan["stays"], strict=True):
                waits_for = stay[-1]
                values = {"reason": WHY_WAITING[waits_for]} if waits_for else {}
                if phase.date_to:
                    norm = phase.stage_id.norm_days
                    known = [pause for pause in pauses if pause[0] < phase.date_to]
                    values.update(
                        norm_days=norm,
                        deadline=norm and due_day(days, phase.date_from, norm, known),
                        user_id=case.user_id.id,
                        waiting_reason=waits_for,
                    )
                if values:
                    phase.write(values)

    @api.model
    def _get_party(self, case, side):
        return case.party_ids.filtered(lambda party: party.side == side)[:1]

    @api.model
    def _prepare_approaches(self, pairs):
        return [
            {
                "party_id": self._get_party(case, "b").id,
                "case_id": case.id,
                "date": day,
                "mode": mode,
                "outcome": outcome,
                "user_id": case.user_id.id,
            }
            for case, plan in pairs
            for mode, day, outcome in plan["attempts"]
        ]

    @api.model
    def _prepare_onward_referrals(self, pairs):
        """Whoever was referred on; of one open case someone asks how it went in a few days."""
        today = fields.Date.context_today(self)
        values_list = []
        for case, plan in pairs:
            journey = plan["journey"]
            if case.intake_decision != "refer" and case.outcome_id.code != "DOORVERWEZEN":
                continue
            values_list.append(
                {
                    "case_id": case.id,
                    "party_id": self._get_party(case, "a").id,
                    "date": journey.decision_date,
                    "is_warm": plan["number"] % 3 > 0,
                    "consent_date": journey.decision_date,
                    "return_date": workday(journey.decision_date + timedelta(days=21)),
                    **self._get_organisation(plan),
                }
            )
        for number, values in enumerate(values_list):
            if values["return_date"] < today:
                values["state"] = REFERRAL_STATES[number % len(REFERRAL_STATES)]
        case, plan = next(pair for pair in pairs if pair[1]["journey"].phase == "mediation")
        values_list.append(
            {
                "case_id": case.id,
                "party_id": self._get_party(case, "a").id,
                "date": plan["journey"].entered("talk_b"),
                "consent_date": plan["journey"].entered("talk_b"),
                "return_date": workday(today + timedelta(days=2)),
                "partner_id": self._demo_ref("partner_social_work").id,
            }
        )
        return values_list

    @api.model
    def _get_organisation(self, plan):
        name = REFERRED_TO.get(plan["reason"])
        if name == "social_team" and plan["number"] % 2:
            name = None
        if name == "corporation":
            name = f"corporation_{plan['city'].lower()}"
        if not name:
            return {"partner_id": self._demo_ref("partner_social_work").id}
        return {"referral_partner_id": self._demo_ref(f"referral_partner_{name}").id}

    @api.model
    def _prepare_coachings(self, pairs):
        """Coaching of A where a case ended so, the last of which goes on; and one to begin."""
        today = fields.Date.context_today(self)
        values_list = []
        for case, plan in pairs:
            journey = plan["journey"]
            if case.outcome_id.code != "COACHING":
                continue
            ended = min(workday(journey.close_date + timedelta(days=35)), workday(today, -1))
            values_list.append(
                {
                    "case_id": case.id,
                    "party_id": self._get_party(case, "a").id,
                    "user_id": case.user_id.id,
                    "goal": "refused",
                    "state": "ended",
                    "date_start": journey.close_date,
                    "last_talk_date": ended,
                    "date_end": ended,
                    "talk_count": 3 + plan["number"] % 2,
                    "result": "partly" if plan["number"] % 3 else "reached",
                }
            )
        last = workday(today - timedelta(days=5), -1)
        values_list[-1].update(
            state="running", date_start=workday(last - timedelta(days=21), -1), talk_count=2,
            last_talk_date=last, date_end=False, result=False,
        )  # fmt: skip
        case = next(case for case, plan in pairs if plan["journey"].phase == "approach_b")
        values_list.append(
            {
                "case_id": case.id,
                "party_id": self._get_party(case, "a").id,
                "user_id": case.user_id.id,
                "goal": "prepare",
                "state": "planned",
            }
        )
        return values_list

    @api.model
    def _prepare_signals(self, pairs):
        """Signals in open cases that have been judged, for Buurtbemiddeling Extra only."""
        today = fields.Date.context_today(self)
        complexities = self.env["buurtbemiddeling.complexity"].search([]).grouped("code")
        judged = [
            (case, plan)
            for case, plan in pairs
            if not case.is_closed and plan["journey"].decision_date
        ]
        values_list = []
        # complex cases first
        judged.sort(key=lambda pair: not pair[1]["complexity"])
        for (case, plan), signal in zip(judged, SIGNALS, strict=False):
            code, note, is_safety, days = signal
            noticed = plan["journey"].decision_date
            values_list.append(
                {
                    "case_id": case.id,
                    "party_id": self._get_party(case, "a").id,
                    "complexity_id": complexities[code].id,
                    "date": noticed,
                    "is_safety": is_safety,
                    "note": note,
                    "user_id": self._demo_ref("user_coordinator").id,
                    "follow_up_date": days and workday(today + timedelta(days=days)),
                }
            )
        return values_list

    @api.model
    def _prepare_feedback(self, pairs, kind):
        """Return what referrers were told, in the agreed words: that it arrived, how it ended."""
        date_field = {"received": "receipt_date", "ended": "feedback_date"}[kind]
        told = self.env["buurtbemiddeling.case"].union(
            *(case for case, _plan in pairs if case[date_field])
        )
        return [
            {
                "case_id": case.id,
                "referral_partner_id": case.referral_partner_id.id,
                "recipient_id": case._get_feedback_recipient().id,
                "kind": kind,
                "mode": MODES[case.id % len(MODES)],
                "date": case[date_field],
                "user_id": case.user_id.id,
                "wording_id": wording.id,
                "text": text,
            }
            for case, (wording, text) in told._get_feedback_texts(kind).items()
        ]

    @api.model
    def _prepare_calls(self, pairs):
        """Return a note of the last call on the thread of A, where nothing else was the last."""
        messages = []
        for case, plan in pairs:
            day = self._get_contact_date(plan)
            decided = plan["journey"].decision_date
            if case.is_closed or not case.user_id or not day or day == decided:
                continue
            messages.append(
                {
                    "model": "buurtbemiddeling.case.party",
                    "res_id": self._get_party(case, "a").id,
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_note").id,
                    "author_id": case.user_id.partner_id.id,
                    "body": CALLED,
                    "date": self._moment(day, 11, 15),
                }
            )
        return messages

    @api.model
    def _invite_to_talks(self, cases):
        """Who comes to a talk in the next days was invited to it when it was planned."""
        today = fields.Date.context_today(self)
        for talk in cases.meeting_ids._get_coming():
            if talk.kind not in ("approach_b", "aftercare"):
                talk.invited_date = max(
                    talk.case_id.stage_date, workday(today - timedelta(days=2), -1)
                )
                talk.invited_party_ids = talk.party_ids

    @api.model
    def _plan_tasks(self, cases):
        """Let the product make the to-dos that it makes by itself when a person works on a case."""
        live = cases.with_context(tracking_disable=False)
        live.party_ids._sync_inform_tasks()
        live._sync_aftercare_activity()

    @api.model
    def _refer_on_the_portal(self):
        """The woonconsulent refers a resident today, as on the portal. Nobody is mailed."""
        if self.env.ref("buurtbemiddeling_case.demo_referral", raise_if_not_found=False):
            return
        partner = self._demo_ref("referral_partner_corporation_heldervoort")
        contact = self._demo_ref("partner_woonconsulent")
        forms = self.env["buurtbemiddeling.referral.form"].with_company(partner.company_id)
        answers = {
            "name": "Yvonne Kramer",
            "phone": "06-0000 7421",
            "street": "Molenstraat 18",
            "zip": "0110 MK",
            "city": "Heldervoort",
            "nuisances": ["GELUID_PERSONEN"],
            "reference": "WH-NIEUW-1",
            "note": "Overdag werkt mevrouw. Graag bellen na zes uur.",
            "feedback": "yes",
            "consent": "1",
        }
        values, _errors = forms._read_answers(answers)
        case = self.env["buurtbemiddeling.case"]._register_from_outside(
            partner.company_id, forms._prepare_case_values(partner, contact, values)
        )
        case._note_of_referrer(values["note"], f"{partner.name}, {contact.name}")
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "buurtbemiddeling_case.demo_referral", "record": case, "noupdate": True}]
        )
