import json
from datetime import date, timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_open

from odoo.addons.buurtbemiddeling_case.demo.journeys import SEED, TALK_PHASES, workday
from odoo.addons.buurtbemiddeling_case.demo.scenario import make_email

from .couplings import Couplings

MODULE = "buurtbemiddeling_volunteer"
VOG_YEARS = 3
BASIC_HALF_DAYS, BASIC_HOURS = 5, 3.5
PEER_HOURS, PEER_EVERY_WEEKS, PEER_TIMES = 2.5, 8, 13
PRESENCE = 0.8
DECLINED_EVERY = 19
CHRISTMAS, NEW_YEAR = date(2000, 12, 19), date(2000, 1, 6)
ZIPS = {"Heldervoort": "0110 WH", "Lindewaard": "0210 WH"}
LIVE_PHASES = ("assigned", *TALK_PHASES, "aftercare")


class BuurtbemiddelingDemo(models.AbstractModel):
    _inherit = "buurtbemiddeling.demo"

    @api.model
    def _create_volunteers(self):
        """Make the volunteers, what they learned, and who mediated in which demo case.

        A second run finds the volunteers of the first and adds nothing.
        """
        if self.env.ref(f"{MODULE}.demo_volunteer_01", raise_if_not_found=False):
            return
        demo = self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_activity_quick_update=True,
            tz="Europe/Amsterdam",
            lang=self._get_lang(MODULE),
        )
        plan = demo._read_plan("volunteers")
        today = fields.Date.context_today(demo)
        for person in plan["volunteers"]:
            demo._date_membership(person, plan["basic_trainings"], today)
        volunteers = demo._create_people(plan["volunteers"], today)
        demo._create_trainings(plan, volunteers, today)
        demo._couple_mediators(plan["volunteers"], volunteers)
        # as an import: it was like this already, and nobody is moved or told about it now
        history = demo.with_context(import_file=True)
        history._complete_volunteers(
            demo._read_plan("people"), plan["volunteers"], volunteers.with_env(history.env), today
        )
        history._complete_work(demo._read_plan("work"), volunteers.with_env(history.env), today)

    @api.model
    def _read_plan(self, name):
        with file_open(f"{MODULE}/demo/{name}.json") as file:
            return json.load(file)

    @api.model
    def _date_membership(self, person, basic_trainings, today):
        """Say from when until when someone got cases: two weeks after the basic training."""
        person["since"] = person["until"] = None
        if person["cohort"] is not None:
            months = basic_trainings[person["cohort"]]
            person["since"] = today - relativedelta(months=months) + timedelta(days=14)
        if person.get("until_months"):
            person["until"] = today - relativedelta(months=person["until_months"])

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    @api.model
    def _create_people(self, people, today):
        """Return the new volunteers with their contacts and documents, in the order given."""
        areas = [self._demo_ref(f"area_{person['area']}") for person in people]
        partners = self._create_volunteer_contacts(people, areas)
        lists = {
            name: self.env[f"buurtbemiddeling.{name}"].search([]).grouped("code")
            for name in ("volunteer.stage", "language", "competence")
        }
        volunteers = self.env["buurtbemiddeling.volunteer"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.env.company.id,
                    "stage_id": lists["volunteer.stage"][person["stage"]].id,
                    "date_start": person["since"],
                    "date_end": person["stage"] == "left" and person["until"],
                    "language_ids": [
                        Command.set([lists["language"][code].id for code in person["languages"]])
                    ],
                    "competence_ids": [
                        Command.set(
                            [lists["competence"][code].id for code in person["competences"]]
                        )
                    ],
                    "max_cases": person["max"],
                    "area_id": area.id,
                    "document_ids": self._prepare_documents(person, today),
                }
                for person, partner, area in zip(people, partners, areas, strict=True)
            ]
        )
        self._name_records("demo_partner_volunteer", partners)
        self._name_records("demo_volunteer", volunteers)
        return volunteers

    @api.model
    def _create_volunteer_contacts(self, people, areas):
        return self.env["res.partner"].create(
            [
                {
                    "name": person["name"],
                    "street": person["street"],
                    "city": area.municipality_name,
                    "zip": ZIPS[area.municipality_name],
                    "country_id": self.env.ref("base.nl").id,
                    "phone": f"06-0000 02{number:02}",
                    "email": make_email(person["name"]),
                }
                for number, (person, area) in enumerate(zip(people, areas, strict=True), 1)
            ]
        )

    @api.model
    def _name_records(self, name, records):
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.{name}_{number:02}", "record": record, "noupdate": True}
                for number, record in enumerate(records, 1)
            ]
        )

    @api.model
    def _prepare_documents(self, person, today):
        """Papers are signed when the first cases come; a VOG is asked anew every three years."""
        documents = []
        if person["since"]:
            signed = workday(person["since"] - timedelta(days=5), -1)
            documents += [
                {"kind": kind, "date": signed}
                for kind in ("agreement", "confidentiality")
            ]
        if person["vog_months"] is not None:
            given = today - relativedelta(months=person["vog_months"])
            until = given + relativedelta(years=VOG_YEARS)
            documents.append({"kind": "vog", "date": given, "valid_until": until})
        return [Command.create(document) for document in documents]

    # ------------------------------------------------------------
    # TRAININGS
    # ------------------------------------------------------------

    @api.model
    def _create_trainings(self, plan, volunteers, today):
        people = list(zip(plan["volunteers"], volunteers, strict=True))
        sessions = []
        for cohort, months in enumerate(plan["basic_trainings"]):
            ended = today - relativedelta(months=months)
            group = [volunteer for person, volunteer in people if person["cohort"] == cohort]
            sessions.append(self._prepare_basic_training(ended, group))
        recruits = [volunteer for person, volunteer in people if person["cohort"] is None]
        sessions.append(self._prepare_planned_training(today, recruits))
        sessions += self._prepare_advanced_trainings(people, today)
        sessions += self._prepare_peer_reviews(people, today)
        self.env["buurtbemiddeling.training.session"].create(sessions)

    @api.model
    def _prepare_session(self, training, moments, hours, enrolments, **values):
        """Return the values of one session with its half-days."""
        half_days = [
            {"start": moment, "stop": moment + timedelta(hours=hours)} for moment in moments
        ]
        return {
            "training_id": self.env.ref(f"{MODULE}.demo_training_{training}").id,
            "company_id": self.env.company.id,
            "user_id": self._demo_ref("user_coordinator").id,
            "trainer_id": self.env.ref(f"{MODULE}.demo_partner_trainer").id,
            "location": "Wijkhuis Waterkant",
            "state": "done",
            "event_ids": [Command.create(half_day) for half_day in half_days],
            "enrolment_ids": [Command.create(enrolment) for enrolment in enrolments],
            **values,
        }

    @api.model
    def _get_tuesdays(self, first, count):
        """Return the starts of ``count`` evenings, a week apart, from the first Tuesday on."""
        first += timedelta(days=(1 - first.weekday()) % 7)
        return [self._moment(first + timedelta(weeks=week), 18, 30) for week in range(count)]

    @api.model
    def _prepare_basic_training(self, ended, group):
        evenings = self._get_tuesdays(ended - timedelta(weeks=BASIC_HALF_DAYS), BASIC_HALF_DAYS)
        sequence = self.env["ir.sequence"]._buurtbemiddeling_certificate(self.env.company.id)
        numbers = sequence._next_numbers_of_year(evenings[-1].year, len(group))
        enrolments = [
            {
                "volunteer_id": volunteer.id,
                "state": "attended",
                "attended_hours": BASIC_HALF_DAYS * BASIC_HOURS,
                "result": "passed",
                "certificate_number": number,
                "certificate_date": evenings[-1].date(),
            }
            for volunteer, number in zip(group, numbers, strict=True)
        ]
        return self._prepare_session("basic", evenings, BASIC_HOURS, enrolments)

    @api.model
    def _prepare_planned_training(self, today, recruits):
        """Three seats in a course that is shared with the region; the last recruit waits."""
        evenings = self._get_tuesdays(today + timedelta(days=16), BASIC_HALF_DAYS)
        return self._prepare_session(
            "basic",
            evenings,
            BASIC_HOURS,
            [{"volunteer_id": volunteer.id} for volunteer in recruits],
            state="planned",
            capacity=len(recruits) - 1,
        )

    @api.model
    def _prepare_advanced_trainings(self, people, today):
        """Two past days on a theme and one to come."""
        sessions = []
        for training, days, hours in [
            ("group", -400, 3.0),
            ("culture", -150, 3.0),
            ("culture", 40, 3.0),
        ]:
            day = today + timedelta(days=days)
            day = self._after_holidays(day + timedelta(days=(5 - day.weekday()) % 7))
            there = [
                volunteer
                for number, (person, volunteer) in enumerate(people)
                if self._is_member(person, min(day, today)) and (number + days) % 2
            ]
            held = day < today
            enrolments = [{"volunteer_id": volunteer.id} for volunteer in there]
            for enrolment in enrolments if held else ():
                enrolment.update(state="attended", attended_hours=2 * hours, result="passed")
            moments = [self._moment(day, 10), self._moment(day, 13, 30)]
            sessions.append(
                self._prepare_session(
                    training, moments, hours, enrolments, state="done" if held else "planned"
                )
            )
        return sessions

    @api.model
    def _prepare_peer_reviews(self, people, today):
        """An evening of intervisie every eight weeks, the next one in a week or two."""
        rng = Random(f"{SEED}/peer")
        sessions = []
        following = today + timedelta(days=10)
        for back in range(PEER_TIMES):
            day = following - timedelta(weeks=PEER_EVERY_WEEKS * back)
            day = workday(self._after_holidays(day))
            held = day < today
            enrolments = []
            for person, volunteer in people:
                if not self._is_member(person, min(day, today)):
                    continue
                enrolment = {"volunteer_id": volunteer.id}
                if held and rng.random() < PRESENCE:
                    enrolment.update(state="attended", attended_hours=PEER_HOURS)
                elif held:
                    enrolment.update(state="absent")
                enrolments.append(enrolment)
            sessions.append(
                self._prepare_session(
                    "peer", [self._moment(day, 19, 30)], PEER_HOURS, enrolments,
                    state="done" if held else "planned", trainer_id=False, capacity=0,
                )
            )  # fmt: skip
        return sessions

    @api.model
    def _after_holidays(self, day):
        """Nobody comes to a training around Christmas and New Year: some weeks later they do."""
        while day.replace(year=2000) >= CHRISTMAS or day.replace(year=2000) <= NEW_YEAR:
            day += timedelta(weeks=1)
        return day

    @api.model
    def _is_member(self, person, day):
        return bool(
            person["since"]
            and person["since"] <= day
            and (not person["until"] or day < person["until"])
        )

    # ------------------------------------------------------------
    # CASES
    # ------------------------------------------------------------

    @api.model
    def _couple_mediators(self, people, volunteers):
        """Couple two mediators to each demo case that was ever assigned."""
        couplings = Couplings(
            [
                {**person, "key": key, "area": volunteers[key].area_id,
                 "novice": person["stage"] == "first_cases"}
                for key, person in enumerate(people)
                if person["since"]
            ]
        )  # fmt: skip
        values_list = []
        cases = self._get_assigned_cases()
        for number, case in sorted(cases, key=lambda entry: self._get_first_day(entry[1])):
            first, last = self._get_first_day(case), case.close_date or None
            party = case.party_ids.filtered(lambda party: party.side == "a")[:1]
            language = party.language_id.code if party.language_id.code != "nl" else None
            chosen = couplings.choose(number, first, last, case.area_id, language)
            for place, key in enumerate(chosen):
                values_list.append(
                    {
                        "case_id": case.id,
                        "volunteer_id": volunteers[key].id,
                        "date_start": first,
                        **self._prepare_work(case, place),
                    }
                )
            if number % DECLINED_EVERY == 0:
                able = [
                    volunteer
                    for key, volunteer in enumerate(volunteers)
                    if key not in chosen and self._is_member(people[key], first)
                ]
                values_list.append(self._prepare_refusal(case, first, able[number % len(able)]))
        # as an import: who met whom years ago is history, and nobody is there to judge it
        assignments = self.env["buurtbemiddeling.assignment"].with_context(import_file=True)
        # who joins a case is mailed about its planned talks: in a demo nobody is
        talks = self.env["buurtbemiddeling.meeting"].search([("invited_date", "!=", False)])
        invited = {talk: talk.invited_date for talk in talks}
        talks.invited_date = False
        assignments.create(values_list)
        for talk, day in invited.items():
            talk.invited_date = day

    @api.model
    def _prepare_refusal(self, case, day, volunteer):
        """Return the row of someone who was asked as well and had no time."""
        return {
            "case_id": case.id,
            "volunteer_id": volunteer.id,
            "date_start": day,
            "date_end": day,
            "state": "declined",
        }

    @api.model
    def _get_assigned_cases(self):
        """Return ``(number, case)`` of the demo cases that came as far as two mediators."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "buurtbemiddeling_case"), ("name", "=like", "demo\\_case\\_%")],
            order="name",
        )
        cases = self.env["buurtbemiddeling.case"].browse(data.mapped("res_id"))
        return [
            (number, case)
            for number, case in enumerate(cases)
            if case.stage_id.code in LIVE_PHASES
            or any(talk.kind in TALK_PHASES for talk in case.meeting_ids)
        ]

    @api.model
    def _get_first_day(self, case):
        """Return when the mediators were asked: some days before their first talk."""
        talks = case.meeting_ids.filtered(lambda talk: talk.kind in TALK_PHASES)
        if not talks:
            return case.stage_date
        asked = min(talks.mapped("start")).date() - timedelta(days=8)
        return workday(max(asked, case.intake_date))

    @api.model
    def _prepare_work(self, case, place):
        """Return state and hours of a mediator: the talks, the way there and the report."""
        if case.stage_id.code == "assigned" and place:
            return {"state": "invited"}
        held = case.meeting_ids.filtered(lambda talk: talk.state == "done")
        hours = sum(held.mapped("duration")) + 0.5 * len(held)
        work = {"hours": round(2 * (hours + 0.5 * place)) / 2, "state": "accepted"}
        if case.is_closed:
            work.update(state="ended", date_end=case.close_date)
        return work
