from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Command

from .scenario import Scenario

FIRST_CASE = "buurtbemiddeling_case.demo_case_001"
AMSTERDAM = pytz.timezone("Europe/Amsterdam")
CODE_LISTS = ("nuisance.type", "referrer.type", "outcome", "intervention", "complexity",
              "contraindication", "language", "case.stage")  # fmt: skip
EVENING, OFFICE = ((18, 30), (19, 0), (19, 30), (20, 0)), ((10, 0), (11, 0), (13, 30), (15, 0))
DURATIONS = {
    "talk_a": (1.25, 1.5, 1.5), "approach_b": (0.25, 0.5), "talk_b": (1.0, 1.25, 1.5),
    "mediation": (1.5, 2.0, 2.0), "aftercare": (0.25, 0.5),
}  # fmt: skip
FEEDBACK_OWED_EVERY = 11
PARTNERS = {
    "CORPORATIE": {
        "Heldervoort": "corporation_heldervoort",
        "Lindewaard": "corporation_lindewaard",
    },
    "POLITIE": {"Heldervoort": "police", "Lindewaard": "police"},
    "GEMEENTE": {"Heldervoort": "gemeente_heldervoort", "Lindewaard": "gemeente_lindewaard"},
    "SOCIAAL_TEAM": {"Heldervoort": "social_team"},
    "WELZIJN": {"Heldervoort": "welfare", "Lindewaard": "welfare"},
    "HUISARTS_ZORG": {"Heldervoort": "practice"},
}
# phase -> activity type, summary, days from today
ACTIVITIES = {
    "new": ("mail.mail_activity_data_call", "Melder terugbellen voor intake", 0),
    "intake": ("mail.mail_activity_data_call", "Intake afmaken en besluit nemen", 1),
    "waiting": ("mail.mail_activity_data_call", "Melder laten weten hoe lang het nog duurt", 3),
    "assigned": ("mail.mail_activity_data_todo", "Vragen of de eerste afspraak staat", 1),
    "approach_b": ("mail.mail_activity_data_todo", "Bemiddelaars: is er contact met B?", -2),
    "mediation": ("mail.mail_activity_data_todo", "Ruimte reserveren voor het gesprek", 2),
    "aftercare": ("mail.mail_activity_data_call", "Nazorg: beide partijen bellen", 4),
}


class BuurtbemiddelingDemo(models.AbstractModel):
    """Two years of believable cases for a demo, relative to the day on which it is made.

    Only the demo data calls this. A second run finds the cases of the first and adds nothing.
    """

    _name = "buurtbemiddeling.demo"
    _description = "Demo Data"

    @api.model
    def _create_cases(self):
        if self.env.ref(FIRST_CASE, raise_if_not_found=False):
            return
        demo = self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_activity_quick_update=True,
            tz=AMSTERDAM.zone,
            lang=self._get_lang("buurtbemiddeling_case"),
        )
        scenario = Scenario(fields.Date.context_today(demo)).cases()
        demo._speak_dutch()
        ids = demo._get_ids()
        demo._create_contacts(scenario)
        cases = demo.env["buurtbemiddeling.case"].create(
            [demo._prepare_case_values(plan, ids) for plan in scenario]
        )
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"buurtbemiddeling_case.demo_case_{number:03}",
                    "record": case,
                    "noupdate": True,
                }
                for number, case in enumerate(cases, 1)
            ]
        )
        demo._show_course(cases, scenario)

    @api.model
    def _get_lang(self, module=None):
        """Return the language of the demo: Dutch, where it is installed.

        The terms of the module that is being installed are loaded now, not just after its demo, so
        that what is written down here is Dutch as well.
        """
        if "nl_NL" not in dict(self.env["res.lang"].get_installed()):
            return self.env.lang
        if module:
            self.env["ir.module.module"]._load_module_terms([module], ["nl_NL"])
        return "nl_NL"

    @api.model
    def _speak_dutch(self):
        """The demo users read Dutch where Dutch is installed."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "res.users"), ("name", "=like", "demo_user_%"),
             ("module", "=like", "buurtbemiddeling_%")]
        )  # fmt: skip
        self.env["res.users"].browse(data.mapped("res_id")).lang = self._get_lang()

    @api.model
    def _get_ids(self):
        """Return ``{(list, code): id}`` of all code lists."""
        return {
            (name, entry.code): entry.id
            for name in CODE_LISTS
            for entry in self.env[f"buurtbemiddeling.{name}"].search([])
        }

    @api.model
    def _create_contacts(self, scenario):
        """Make the residents' contacts as the phone intake does, all in one go."""
        case = self.env["buurtbemiddeling.case"].new({"company_id": self.env.company.id})
        parties = [party for plan in scenario for party in plan["parties"] if "contact" in party]
        partners = self.env["res.partner"].create(
            [case._prepare_confidential_contact(party["contact"]) for party in parties]
        )
        for party, partner in zip(parties, partners, strict=True):
            party["partner_id"] = partner.id

    def _demo_ref(self, name):
        return self.env.ref(f"buurtbemiddeling_case.demo_{name}")

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

    @api.model
    def _prepare_case_values(self, plan, ids):
        journey, ending = plan["journey"], plan["journey"].ending
        nuisances = [ids["nuisance.type", code] for code in plan["nuisances"]]
        decision = ending.decision if ending else "suitable"
        partner = PARTNERS.get(plan["referrer"], {}).get(plan["city"])
        values = {
            "registration_date": journey.registration_date,
            "create_date": self._moment(journey.registration_date, 9 + plan["number"] % 8),
            "channel": plan["channel"],
            "user_id": self._get_coordinator(plan).id,
            "referrer_type_id": ids["referrer.type", plan["referrer"]],
            "referral_partner_id": partner and self._demo_ref(f"referral_partner_{partner}").id,
            "area_id": plan["area"] and self.env.ref(f"buurtbemiddeling_case.{plan['area']}").id,
            "nuisance_type_ids": [Command.set(nuisances)],
            "main_nuisance_type_id": nuisances[0],
            "talked_with_neighbour": plan["talked"],
            "quarrel_duration": plan["duration"],
            "escalation": plan["escalation"],
            "tipped_by_type_id": ids.get(("referrer.type", plan["tipped_by"])),
            "complexity_ids": [Command.set([ids["complexity", c] for c in plan["complexity"]])],
            "contraindication_ids": [
                Command.set([ids["contraindication", c] for c in plan["contraindications"]])
            ],
            "intake_decision": journey.decision_date and decision,
            "intake_date": journey.decision_date,
            "stage_id": ids["case.stage", journey.phase],
            "stage_date": journey.close_date or journey.phases[-1][1],
            "party_ids": [Command.create(self._prepare_party_values(party, plan, ids))
                          for party in plan["parties"]],
            "meeting_ids": [Command.create(self._prepare_meeting_values(talk, plan))
                            for talk in journey.talks],
            "pause_ids": [
                Command.create({"reason": reason, "date_from": first, "date_to": last})
                for reason, first, last in journey.pauses
            ],
            "agreement_ids": [Command.create(agreement) for agreement in plan["agreements"]],
        }  # fmt: skip
        if ending:
            values.update(self._prepare_ending_values(plan, ids, bool(partner)))
        return values

    @api.model
    def _prepare_ending_values(self, plan, ids, referred):
        journey, ending = plan["journey"], plan["journey"].ending
        values = {
            "close_date": journey.close_date,
            "outcome_id": ids["outcome", ending.outcome],
            "intervention_id": ending.intervention and ids["intervention", ending.intervention],
            "aftercare_date": journey.aftercare_date,
        }
        if journey.aftercare_date:
            last = ending.aftercare_outcome or ending.outcome
            values["aftercare_outcome_id"] = ids["outcome", last]
        told = journey.close_date + timedelta(days=plan["rng"].randint(0, 6))
        today = fields.Date.context_today(self)
        if referred and told <= today and plan["number"] % FEEDBACK_OWED_EVERY:
            values["feedback_date"] = told
        return values

    @api.model
    def _prepare_party_values(self, party, plan, ids):
        landlord = False
        if party["tenure"] == "corporation":
            corporation = PARTNERS["CORPORATIE"][plan["city"]]
            landlord = self._demo_ref(f"referral_partner_{corporation}").partner_id.id
        return {
            "side": party["side"],
            "partner_id": party.get("partner_id"),
            **party.get("address", {}),
            "story": party["story"],
            "willing": party["willing"],
            "consent_date": party.get("consent_date"),
            "informed_date": party.get("informed_date"),
            "tenure": party["tenure"],
            "landlord_id": landlord,
            "household": party.get("household"),
            "age_band": party.get("age_band"),
            "language_id": party.get("language") and ids["language", party["language"]],
        }

    @api.model
    def _prepare_meeting_values(self, talk, plan):
        kind, day, state = talk
        rng = plan["rng"]
        in_evening = kind != "aftercare" and day.weekday() < 4 and rng.random() < 0.65
        hour, minute = rng.choice(EVENING if in_evening else OFFICE)
        locations = {
            "talk_a": "Thuis bij de melder",
            "approach_b": "Aan de deur",
            "talk_b": "Thuis bij de wederpartij",
            "mediation": rng.choice(plan["rooms"]),
            "aftercare": "Telefonisch",
        }
        return {
            "kind": kind,
            "start": self._moment(day, hour, minute),
            "duration": rng.choice(DURATIONS[kind]),
            "location": locations[kind],
            "state": state,
        }

    @api.model
    def _moment(self, day, hour, minute=0):
        """Return the moment in UTC at which the clock in Amsterdam says so."""
        local = AMSTERDAM.localize(datetime.combine(day, time(hour, minute)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _get_coordinator(self, plan):
        second = plan["city"] == "Lindewaard" or plan["number"] % 5 == 0
        return self._demo_ref("user_coordinator2" if second else "user_coordinator")

    # ------------------------------------------------------------
    # WHAT THE SCREENS SHOW OF THE COURSE
    # ------------------------------------------------------------

    @api.model
    def _show_course(self, cases, scenario):
        """Give the cases the history, and the open ones the to-dos, that one would find."""
        field = self.env["ir.model.fields"]._get("buurtbemiddeling.case", "stage_id")
        stages = self.env["buurtbemiddeling.case.stage"].search([]).grouped("code")
        messages = []
        for case, plan in zip(cases, scenario, strict=True):
            messages += self._prepare_phase_messages(case, plan["journey"], field, stages)
            if not case.is_closed:
                self._plan_activity(case, plan)
        self.env["mail.message"].create(messages)

    @api.model
    def _prepare_phase_messages(self, case, journey, field, stages):
        """Return the log of the phases, as tracking writes it when a case is moved."""
        note = self.env.ref("mail.mt_note")
        course = [*journey.phases]
        if journey.close_date:
            course.append(("closed", journey.close_date))
        messages = []
        for (old, _since), (new, day) in zip(course, course[1:], strict=False):
            moment = self._moment(day, 16)
            messages.append(
                {
                    "model": case._name,
                    "res_id": case.id,
                    "message_type": "notification",
                    "subtype_id": note.id,
                    "author_id": case.user_id.partner_id.id,
                    "date": moment,
                    "tracking_value_ids": [
                        Command.create(
                            {
                                "field_id": field.id,
                                "old_value_integer": stages[old].id,
                                "old_value_char": stages[old].name,
                                "new_value_integer": stages[new].id,
                                "new_value_char": stages[new].name,
                                "create_date": moment,
                            }
                        )
                    ],
                }
            )
        return messages

    @api.model
    def _plan_activity(self, case, plan):
        phase = plan["journey"].phase
        if phase not in ACTIVITIES:
            return
        activity, summary, days = ACTIVITIES[phase]
        deadline = fields.Date.context_today(self) + timedelta(days=days)
        case.activity_schedule(
            activity, date_deadline=deadline, summary=summary, user_id=case.user_id.id
        )
