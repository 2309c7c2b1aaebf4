from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Command

from odoo.addons.buurtbemiddeling_case.demo.journeys import SEED, workday

# days ago of the last yearly talk, in turn; of two it is too long ago
YEARLY_TALKS = (40, 110, 385, 200, 260, 150, 320, 75, 410)
APPLIED_BEFORE = timedelta(days=100)
EVALUATED_AFTER = timedelta(days=200)
SCORES = "334445"
HALF_DAY = 2.0
MODES = ("paper", "paper", "mail")


class BuurtbemiddelingDemo(models.AbstractModel):
    """What is known of the demo volunteers: offer, talks, papers, applications, growth."""

    _inherit = "buurtbemiddeling.demo"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _complete_volunteers(self, plan, people, volunteers, today):
        """Fill in what volunteers told, signed and agreed, as a coordinator keeps it.

        :param plan: what people.json says
        :param people: what volunteers.json says, in the order of ``volunteers``
        """
        by_name = {volunteer.name: volunteer for volunteer in volunteers}
        since = {person["name"]: person["since"] for person in people}
        self._tell_offers(plan, by_name, since, today)
        self._create_acceptances(plan, by_name, since, people, today)
        self._create_talks(plan, by_name, since, people, today)
        self._declare_ties(plan, by_name, today)
        applicants = self._create_applications(plan, today)
        self._create_information_meetings(plan, by_name, applicants, today)
        self._note_attendance(today)
        self._note_growth(plan, by_name, today)

    @api.model
    def _get_guide(self, number):
        return self._demo_ref("user_coordinator2" if number == 2 else "user_coordinator")

    @api.model
    def _get_codes(self, name):
        return self.env[f"buurtbemiddeling.{name}"].search([]).grouped("code")

    @api.model
    def _tell_offers(self, plan, by_name, since, today):
        for name, facts in plan["people"].items():
            volunteer = by_name[name]
            volunteer.write(
                {
                    **self._prepare_offer(facts),
                    **self._prepare_start(facts, since[name], today),
                    **self._prepare_away(facts, today),
                }
            )
            if "agreement_lapsed" in facts:
                lapsed = today - timedelta(days=facts["agreement_lapsed"])
                agreement = volunteer.document_ids.filtered(lambda row: row.kind == "agreement")
                agreement.valid_until = lapsed

    @api.model
    def _prepare_offer(self, facts):
        """Return who somebody is, and what somebody offers."""
        dayparts, affinities = self._get_codes("daypart"), self._get_codes("affinity")
        stated = facts.get("affinities", [])
        return {
            "coordinator_id": self._get_guide(facts["coordinator"]).id,
            "source": facts["source"],
            "gender": facts.get("gender"),
            "age_band": facts.get("age"),
            "daypart_ids": [Command.set([dayparts[c].id for c in facts.get("dayparts", [])])],
            "affinity_ids": [Command.set([affinities[code].id for code in stated])],
        }

    @api.model
    def _prepare_start(self, facts, since, today):
        """Return the days of the application and of the consent, and a birthday to come."""
        values = {}
        if since:
            values["application_date"] = since - APPLIED_BEFORE
        elif "intake" in facts:  # was at the information meeting
            values["application_date"] = today - timedelta(days=60)
        if facts.get("affinities") or facts.get("gender"):
            values["offer_consent_date"] = since
        if "birthday" in facts:  # the year, and in how many days it is celebrated
            year, days = facts["birthday"]
            celebrated = today + timedelta(days=days)
            values["birthday"] = celebrated.replace(year=year, day=min(celebrated.day, 28))
        return values

    @api.model
    def _prepare_away(self, facts, today):
        """Return when somebody is away, pauses, or why somebody left."""
        values = {}
        if "absence" in facts:
            first, last, note = facts["absence"]
            absence = {
                "date_from": today + timedelta(days=first),
                "date_to": today + timedelta(days=last),
                "note": note,
            }
            values["absence_ids"] = [Command.create(absence)]
        if "pause_for" in facts:
            values["pause_until"] = today + timedelta(days=facts["pause_for"])
        if "leave_reason" in facts:
            reason = self._get_codes("leave.reason")[facts["leave_reason"]]
            values["leave_reason_id"] = reason.id
        return values

    @api.model
    def _create_acceptances(self, plan, by_name, since, people, today):
        """All accepted the protocol of their time; two have not come to the new one yet."""
        old = self.env.ref("buurtbemiddeling_volunteer.demo_protocol_1")
        new = self.env.ref("buurtbemiddeling_volunteer.demo_protocol_2")
        values_list = []
        members = [person for person in people if person["since"]]
        for number, person in enumerate(members):
            facts = plan["people"][person["name"]]
            common = {
                "volunteer_id": by_name[person["name"]].id,
                "user_id": self._get_guide(facts["coordinator"]).id,
            }
            signed = max(person["since"] - timedelta(days=5), old.date_from)
            values_list.append({**common, "protocol_id": old.id, "date": signed})
            if not person["until"] and not facts.get("skips_protocol"):
                read = min(workday(new.date_from + timedelta(days=3 + 2 * number)), today)
                mode = MODES[number % len(MODES)]
                values_list.append({**common, "protocol_id": new.id, "date": read, "mode": mode})
        self.env["buurtbemiddeling.protocol.acceptance"].create(values_list)

    # ------------------------------------------------------------
    # TALKS
    # ------------------------------------------------------------

    @api.model
    def _create_talks(self, plan, by_name, since, people, today):
        rng = Random(f"{SEED}/talks")
        values_list = []
        for number, person in enumerate(people):
            facts = plan["people"][person["name"]]
            common = {
                "volunteer_id": by_name[person["name"]].id,
                "user_id": self._get_guide(facts["coordinator"]).id,
            }
            talks = self._prepare_intake(plan, person, rng, today)
            if person["since"] and person["stage"] != "first_cases":
                talks += self._prepare_evaluation(plan, person, rng)
                talks += self._prepare_last_talk(plan, person, number, today)
            values_list += [{**common, **talk} for talk in talks]
        self.env["buurtbemiddeling.volunteer.talk"].create(values_list)

    @api.model
    def _draw_scores(self, rng):
        """Return the rows of a talk in which each criterion of selection has a score."""
        criteria = self.env["buurtbemiddeling.selection.criterion"].search([])
        return [
            Command.create({"criterion_id": criterion.id, "score": rng.choice(SCORES)})
            for criterion in criteria
        ]

    @api.model
    def _prepare_intake(self, plan, person, rng, today):
        """Return the talk with an applicant, planned or held."""
        facts, talk = plan["people"][person["name"]], {"kind": "intake"}
        if person["since"]:
            talk["date"], result = workday(person["since"] - timedelta(days=70), -1), "suitable"
        elif "intake" in facts:
            days, result = facts["intake"]
            talk["date"] = workday(today + timedelta(days=days))
        else:
            return []
        if result:
            talk.update(result=result, note=plan["intake_note"], score_ids=self._draw_scores(rng))
        return [talk]

    @api.model
    def _prepare_evaluation(self, plan, person, rng):
        """Return the talk after the first cases."""
        return [
            {
                "kind": "evaluation",
                "date": workday(person["since"] + EVALUATED_AFTER),
                "result": "suitable",
                "note": plan["evaluation_note"],
                "score_ids": self._draw_scores(rng),
            }
        ]

    @api.model
    def _prepare_last_talk(self, plan, person, number, today):
        """Return the talk of this year, or the one at leaving."""
        if person["until"]:
            told = plan["people"][person["name"]].get("exit")
            return [{"kind": "exit", "note": told, "date": person["until"]}] if told else []
        held = today - timedelta(days=YEARLY_TALKS[number % len(YEARLY_TALKS)])
        if held <= person["since"] + relativedelta(months=11):
            return []
        wish = plan["wishes"][number % len(plan["wishes"])]
        date = workday(held, -1)
        return [{"kind": "yearly", "date": date, "note": plan["yearly_note"], "goals": wish}]

    @api.model
    def _declare_ties(self, plan, by_name, today):
        values_list = []
        for name, kind, what in plan["declarations"]:
            values = {"volunteer_id": by_name[name].id, "kind": kind,
                      "date": today - relativedelta(months=8)}  # fmt: skip
            if kind == "organisation":
                values["partner_id"] = self._demo_ref(f"partner_{what}").id
            elif kind == "person":
                values.update(name=what, city=by_name[name].partner_id.city)
            else:
                values.update(street=what, city=by_name[name].partner_id.city)
            values_list.append(values)
        self.env["buurtbemiddeling.volunteer.declaration"].create(values_list)

    # ------------------------------------------------------------
    # RECRUITMENT AND TRAINING
    # ------------------------------------------------------------

    @api.model
    def _create_applications(self, plan, today):
        """Return the new volunteers who filled in the web form in the last days."""
        applications = self.env["buurtbemiddeling.volunteer.application"]
        company = self.env.company
        languages = self._get_codes("language")
        volunteers = self.env["buurtbemiddeling.volunteer"]
        for number, answers in enumerate(plan["applications"]):
            sent = self._moment(today - timedelta(days=answers["days"]), 20, 15)
            spoken = [languages[code].id for code in answers["languages"]]
            values = {
                name: value for name, value in answers.items() if name not in ("days", "languages")
            } | {"language_ids": [Command.set(spoken)]}
            volunteer = applications._create_volunteer(company, values)
            volunteer.application_date = sent.date()
            applications.create(
                {
                    **values,
                    "volunteer_id": volunteer.id,
                    "consent_date": sent,
                    "create_date": sent,
                    "form_key": f"demo-{number}",
                }
            )
            applications._tell_coordinators(company, volunteer, False)
            volunteers |= volunteer
        return volunteers

    @api.model
    def _create_information_meetings(self, plan, by_name, applicants, today):
        """One that was held, and one to which the applicants are invited."""
        recruits = [by_name[name] for name, facts in plan["people"].items() if "intake" in facts]
        comes = [by_name[name] for name in ("Dirk-Jan Roos",)]
        held, coming = today - timedelta(days=60), today + timedelta(days=9)
        there = [{"volunteer_id": v.id, "state": "attended", "attended_hours": HALF_DAY}
                 for v in recruits]  # fmt: skip
        invited = [{"volunteer_id": v.id, "state": "invited", "invited_date": today}
                   for v in applicants]  # fmt: skip
        invited += [{"volunteer_id": volunteer.id} for volunteer in comes]
        self.env["buurtbemiddeling.training.session"].create(
            [
                self._prepare_session(
                    "information", [self._get_tuesdays(held, 1)[0]], HALF_DAY, there,
                    trainer_id=False, capacity=20,
                ),
                self._prepare_session(
                    "information", [self._get_tuesdays(coming, 1)[0]], HALF_DAY, invited,
                    trainer_id=False, capacity=20, state="planned",
                ),
            ]
        )  # fmt: skip

    @api.model
    def _note_attendance(self, today):
        """Of the last year it was noted by half-day who was there; before, only the hours."""
        enrolments = self.env["buurtbemiddeling.training.enrolment"].search(
            [
                ("state", "in", ("attended", "absent")),
                ("date_end", ">=", today - relativedelta(years=1)),
                ("session_id.state", "=", "done"),
            ]
        )
        states = {"attended": ("present", "present"), "absent": ("excused", "absent")}
        self.env["buurtbemiddeling.training.attendance"].create(
            [
                {
                    "enrolment_id": enrolment.id,
                    "event_id": event.id,
                    "state": states[enrolment.state][number % 3 == 0],
                }
                for number, enrolment in enumerate(enrolments)
                for event in enrolment.session_id.event_ids
            ]
        )

    @api.model
    def _note_growth(self, plan, by_name, today):
        self.env["buurtbemiddeling.learning.goal"].create(
            [
                {
                    "name": goal,
                    "volunteer_id": by_name[name].id,
                    "date_due": today + relativedelta(months=3),
                }
                for name, goal in plan["goals"].items()
            ]
        )
        self.env["buurtbemiddeling.coach.note"].create(
            [
                {
                    "volunteer_id": by_name[name].id,
                    "date": workday(today - timedelta(days=6 + 9 * number), -1),
                    "user_id": self._get_guide(plan["people"][name]["coordinator"]).id,
                    "note": note,
                }
                for number, (name, note) in enumerate(plan["coach_notes"].items())
            ]
        )
