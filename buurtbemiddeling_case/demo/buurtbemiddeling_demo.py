from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Command

from .journeys import workday
from .scenario import PARTNERS, Scenario

FIRST_CASE = "buurtbemiddeling_case.demo_case_001"
AMSTERDAM = pytz.timezone("Europe/Amsterdam")
CODE_LISTS = ("nuisance.type", "referrer.type", "outcome", "intervention", "complexity",
              "contraindication", "language", "case.stage", "intake.reason")  # fmt: skip
PARTY_FIELDS = (
    "referral_consent_date", "feedback_consent", "feedback_consent_date", "closing_result",
    "aftercare_result", "aftercare_date",
)  # fmt: skip
# phase -> activity type, summary, days from today
ACTIVITIES = {
    "new": ("mail.mail_activity_data_call", "Melder terugbellen voor intake", 0),
    "intake": ("mail.mail_activity_data_call", "Intake afmaken en besluit nemen", 1),
    "waiting": ("mail.mail_activity_data_call", "Melder laten weten hoe lang het nog duurt", 3),
    "assigned": ("mail.mail_activity_data_todo", "Vragen of de eerste afspraak staat", 1),
    "approach_b": ("mail.mail_activity_data_todo", "Bemiddelaars: is er contact met B?", -2),
    "mediation": ("mail.mail_activity_data_todo", "Ruimte reserveren voor het gesprek", 2),
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
        demo._add_records(cases, scenario)
        demo._plan_tasks(cases)

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
        """The demo users and referrers read Dutch where Dutch is installed."""
        for model, name in (("res.users", "demo_user_%"), ("res.partner", "demo_partner_%")):
            data = self.env["ir.model.data"].search(
                [("model", "=", model), ("name", "=like", name),
                 ("module", "=like", "buurtbemiddeling_%")]
            )  # fmt: skip
            self.env[model].browse(data.mapped("res_id")).lang = self._get_lang()

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
        journey = plan["journey"]
        values = {
            **self._prepare_request_values(plan, ids),
            **self._prepare_judgement_values(plan, ids),
            **self._prepare_row_values(plan, ids),
        }
        if journey.ending:
            values.update(self._prepare_ending_values(plan, ids))
        elif journey.phase == "aftercare":
            for talk in plan["talks"]:
                if talk["state"] == "planned":
                    values["aftercare_planned_date"] = talk["day"]
        return values

    @api.model
    def _prepare_request_values(self, plan, ids):
        """Return what was told at registration."""
        journey, partner = plan["journey"], plan["partner"]
        nuisances = [ids["nuisance.type", code] for code in plan["nuisances"]]
        return {
            "registration_date": journey.registration_date,
            "create_date": self._moment(journey.registration_date, 9 + plan["number"] % 8),
            "channel": plan["channel"],
            "user_id": self._get_coordinator(plan).id,
            "referrer_type_id": ids["referrer.type", plan["referrer"]],
            "referral_partner_id": partner and self._demo_ref(f"referral_partner_{partner}").id,
            "referral_contact_id": plan["contact"]
            and self._demo_ref(f"partner_{plan['contact']}").id,
            "referrer_ref": plan["reference"],
            "receipt_date": plan["receipt_date"],
            "area_id": plan["area"] and self.env.ref(f"buurtbemiddeling_case.{plan['area']}").id,
            "nuisance_type_ids": [Command.set(nuisances)],
            "main_nuisance_type_id": nuisances[0],
            "talked_with_neighbour": plan["talked"],
            "quarrel_duration": plan["duration"],
            "escalation": plan["escalation"],
            "tipped_by_type_id": ids.get(("referrer.type", plan["tipped_by"])),
        }  # fmt: skip

    @api.model
    def _prepare_judgement_values(self, plan, ids):
        """Return what the coordinator made of it, and the phase that it came to."""
        journey = plan["journey"]
        decision = journey.ending.decision if journey.ending else "suitable"
        return {
            "complexity_ids": [Command.set([ids["complexity", c] for c in plan["complexity"]])],
            "contraindication_ids": [
                Command.set([ids["contraindication", c] for c in plan["contraindications"]])
            ],
            "intake_decision": journey.decision_date and decision,
            "intake_date": journey.decision_date,
            "intake_reason_id": ids.get(("intake.reason", plan["reason"])),
            "last_contact_date": self._get_contact_date(plan),
            "stage_id": ids["case.stage", journey.phase],
            "stage_date": journey.close_date or journey.phases[-1][1],
        }

    @api.model
    def _prepare_row_values(self, plan, ids):
        """Return the lists of the case: who, when, how long, and what was agreed."""
        journey = plan["journey"]
        return {
            "party_ids": [Command.create(self._prepare_party_values(party, plan, ids))
                          for party in plan["parties"]],
            "meeting_ids": [Command.create(self._prepare_meeting_values(talk))
                            for talk in plan["talks"]],
            "phase_ids": [  # the last stay is made by the case itself
                Command.create(
                    {"stage_id": ids["case.stage", code], "date_from": first, "date_to": last}
                )
                for code, first, last, _reason in plan["stays"][:-1]
            ],
            "waiting_reason": plan["stays"][-1][-1],
            "pause_ids": [
                Command.create({"reason": reason, "date_from": first, "date_to": last})
                for reason, first, last in journey.pauses
            ],
            "agreement_ids": [Command.create(agreement) for agreement in plan["agreements"]],
        }  # fmt: skip

    @api.model
    def _prepare_ending_values(self, plan, ids):
        journey, ending = plan["journey"], plan["journey"].ending
        values = {
            "close_date": journey.close_date,
            "outcome_id": ids["outcome", ending.outcome],
            "intervention_id": ending.intervention and ids["intervention", ending.intervention],
            "aftercare_date": journey.aftercare_date,
            "feedback_date": plan["feedback_date"],
        }
        if journey.aftercare_date:
            last = ending.aftercare_outcome or ending.outcome
            values["aftercare_outcome_id"] = ids["outcome", last]
            values["aftercare_planned_date"] = journey.aftercare_date
        return values

    @api.model
    def _get_contact_date(self, plan):
        """Return when somebody was spoken last, apart from the talks, which say so themselves."""
        journey, script = plan["journey"], plan["journey"].script
        day = journey.decision_date
        if not day and plan["channel"] in ("phone", "visit"):
            day = journey.registration_date
        if script and script.phase not in ("new", "aftercare") and not script.is_silent:
            called = fields.Date.context_today(self) - timedelta(days=2 + plan["number"] % 5)
            day = max(workday(called, -1), day or journey.registration_date)
        return day

    @api.model
    def _prepare_party_values(self, party, plan, ids):
        landlord = False
        if party["tenure"] == "corporation":
            corporation = PARTNERS["CORPORATIE"][plan["city"]]
            landlord = self._demo_ref(f"referral_partner_{corporation}").partner_id.id
        return {
            "side": party["side"],
            "create_date": self._moment(plan["journey"].registration_date, 9),
            "partner_id": party.get("partner_id"),
            **party.get("address", {}),
            "story": party["story"],
            "willing": party["willing"],
            "consent_date": party.get("consent_date"),
            "informed_date": party.get("informed_date"),
            "letter_to_post_ids": party.get("letter_is_printed")
            and [Command.link(self.env.ref("buurtbemiddeling_case.letter_approach_nl").id)],
            **{name: party[name] for name in PARTY_FIELDS if name in party},
            "tenure": party["tenure"],
            "landlord_id": landlord,
            "household": party.get("household"),
            "age_band": party.get("age_band"),
            "language_id": party.get("language") and ids["language", party["language"]],
        }

    @api.model
    def _prepare_meeting_values(self, talk):
        return {
            "kind": talk["kind"],
            "start": self._moment(talk["day"], *talk["hour"]),
            "duration": talk["duration"],
            "place": talk["place"],
            "room_id": "room" in talk and self._demo_ref(f"room_{talk['room']}").id,
            "state": talk["state"],
            "outcome": talk.get("outcome"),
            "cancel_reason": talk.get("cancel_reason"),
        }

    @api.model
    def _moment(self, day, hour, minute=0):
        """Return the moment in UTC at which the clock in Amsterdam says so."""
        local = AMSTERDAM.localize(datetime.combine(day, time(hour, minute)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _get_coordinator(self, plan):
        script = plan["journey"].script
        if script and not script.user:
            return self.env["res.users"]
        second = plan["city"] == "Lindewaard" or plan["number"] % 5 == 0
        if script:
            second = script.user == 2
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
        if phase not in ACTIVITIES or not case.user_id:
            return
        activity, summary, days = ACTIVITIES[phase]
        deadline = fields.Date.context_today(self) + timedelta(days=days)
        case.activity_schedule(
            activity, date_deadline=deadline, summary=summary, user_id=case.user_id.id
        )
