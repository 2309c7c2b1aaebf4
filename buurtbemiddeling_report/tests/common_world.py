"""A small world that hypothesis makes up: cases, volunteers and costs of two years."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from odoo.fields import Command

from .common import FiguresCase

YEAR = 2018
DAYS = st.dates(date(YEAR - 1, 6, 1), date(YEAR + 1, 6, 30))
MAYBE = st.sampled_from([False, False, True])
CASE = st.fixed_dictionaries(
    {
        "registered": DAYS,
        "open_for": st.none() | st.integers(0, 200),
        "outcome": st.integers(0, 14),
        "aftercare_after": st.none() | st.integers(0, 60),
        "aftercare_outcome": st.integers(0, 14),
        "intake_after": st.none() | st.integers(0, 14),
        "pause": st.none() | st.tuples(st.integers(0, 10), st.integers(0, 20)),
        "place": st.integers(0, 5),
        "referrer": st.integers(0, 4),
        "partner": MAYBE,
        "told_after": st.none() | st.integers(0, 90),
        "nuisances": st.sets(st.integers(0, 6), max_size=3),
        "complexities": st.sets(st.integers(0, 2), max_size=2),
        "stage": st.sampled_from(["new", "intake", "mediation"]),
        "facts": st.fixed_dictionaries(
            {
                "channel": st.sampled_from([False, "phone", "web"]),
                "quarrel_duration": st.sampled_from([False, "weeks", "years", "unknown"]),
                "escalation": st.sampled_from([False, "irritation", "threat"]),
            }
        ),
        "tipped": st.integers(0, 2),
        "help": st.integers(0, 2),
        "parties": st.sampled_from(["", "a", "ab", "ba", "aab"]),
        "tenure": st.sampled_from([False, "owner", "unknown"]),
        "archived": MAYBE,
    }
)
VOLUNTEER = st.fixed_dictionaries(
    {
        "start": st.none() | DAYS,
        "stays": st.none() | st.integers(0, 400),
        "place": st.integers(0, 5),
        "cases": st.lists(
            st.tuples(
                st.integers(0, 11),
                st.sampled_from(["invited", "declined", "accepted", "ended"]),
                DAYS,
                st.integers(0, 90),
            ),
            max_size=2,
            unique_by=lambda work: work[0],
        ),
        "trainings": st.sets(st.integers(0, 3), max_size=2),
        "archived": MAYBE,
    }
)
WORLD = st.fixed_dictionaries(
    {
        "cases": st.lists(CASE, min_size=4, max_size=12),
        "volunteers": st.lists(VOLUNTEER, max_size=4),
        "reference": st.dates(date(YEAR, 3, 1), date(YEAR + 1, 6, 30)),
        "today": st.dates(date(YEAR, 3, 1), date(YEAR + 1, 12, 31)),
        "merged_on": st.sampled_from([None, date(YEAR, 1, 1), date(YEAR + 1, 1, 1)]),
        "costs": st.lists(
            st.tuples(
                st.sampled_from(["actual", "hours", "training", "expense"]),
                DAYS,
                st.integers(1, 9999),
                MAYBE,
            ),
            max_size=4,
        ),
        "served": st.sampled_from([(), (0,), (1, 2), (2, 3)]),
        "only": st.sampled_from([(), (), (0,), (2, 3)]),
    }
)


class WorldCase(FiguresCase):
    """Makes the records of a ``WORLD``, in an organisation with its own areas and trainings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "import_file": True})
        big = cls.make_area("Big", inhabitants=20000)
        quarter = cls.make_area("Quarter", "neighbourhood", big, inhabitants=3000)
        new = cls.make_area("New", inhabitants=50000)
        unknown = cls.make_area("Unknown", "municipality")
        inside = cls.make_area("Inside", "neighbourhood", unknown)
        cls.areas = [big, quarter, new, unknown, inside]
        cls.partner = cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "W", "is_company": True}).id,
                "referrer_type_id": cls.code("referrer.type", "CORPORATIE").id,
                "company_id": cls.company.id,
            }
        )
        cls.sessions = cls.env["buurtbemiddeling.training.session"]
        for kind, day in (
            ("basic", date(YEAR - 1, 11, 1)),
            ("basic", date(YEAR, 2, 1)),
            ("peer", date(YEAR, 11, 1)),
            ("information", date(YEAR, 5, 1)),
        ):
            cls.sessions += cls.make_session(kind, day)

    @classmethod
    def make_session(cls, kind, day):
        """Make an evening of a training of its own."""
        training = cls.env["buurtbemiddeling.training"].create(
            {"name": f"{kind} {day}", "kind": kind, "hours": 15}
        )
        start = datetime(day.year, day.month, day.day, 18)
        return cls.sessions.create(
            {
                "training_id": training.id,
                "company_id": cls.company.id,
                "event_ids": [
                    Command.create(
                        {
                            "name": "Evening",
                            "start": start,
                            "stop": start + timedelta(hours=3),
                        }
                    )
                ],
            }
        )

    # ------------------------------------------------------------
    # THE DATA
    # ------------------------------------------------------------

    def make_world(self, world):
        if world["merged_on"]:
            self.areas[0].write(
                {"merged_into_id": self.areas[2].id, "merged_on": world["merged_on"]}
            )
        if world["served"]:
            self.env["buurtbemiddeling.project"].create(
                {
                    "name": "Project",
                    "company_id": self.company.id,
                    "area_ids": [Command.set([self.areas[i].id for i in world["served"]])],
                    "date_start": date(2015, 1, 1),
                }
            )
        cases = self.env["buurtbemiddeling.case"].create(
            [self.get_case_values(case) for case in world["cases"]]
        )
        volunteers = self.make_volunteers(world["volunteers"], cases)
        self.costs = self.make_costs(world["costs"], volunteers)
        return cases, volunteers

    def pick(self, model, index):
        """Return one of a list by its place, from 1; 0 is none."""
        entries = self.env[f"buurtbemiddeling.{model}"].search([])
        return entries[index - 1].id if index else False

    def place(self, index):
        return self.areas[index - 1].id if index else False

    def get_case_values(self, case):
        """Return the values of a case at its registration, and after."""
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([])
        complexities = self.env["buurtbemiddeling.complexity"].search([])
        registered = case["registered"]
        vals = {
            "company_id": self.company.id,
            "registration_date": registered,
            "stage_id": self.code("case.stage", case["stage"]).id,
            "area_id": self.place(case["place"]),
            "referrer_type_id": self.pick("referrer.type", case["referrer"]),
            "tipped_by_type_id": self.pick("referrer.type", case["tipped"]),
            "intervention_id": self.pick("intervention", case["help"]),
            "nuisance_type_ids": [Command.set([nuisances[i].id for i in case["nuisances"]])],
            "complexity_ids": [Command.set([complexities[i].id for i in case["complexities"]])],
            "active": not case["archived"],
            "party_ids": [
                Command.create({"side": side, "tenure": case["tenure"], "household": False})
                for side in case["parties"]
            ],
            **case["facts"],
        }
        if case["partner"]:
            vals["referral_partner_id"] = self.partner.id
        if case["intake_after"] is not None:
            vals["intake_decision"] = "suitable"
            vals["intake_date"] = registered + timedelta(days=case["intake_after"])
        if case["pause"]:
            first = registered + timedelta(days=case["pause"][0])
            last = first + timedelta(days=case["pause"][1])
            vals["pause_ids"] = [Command.create({"date_from": first, "date_to": last})]
        if case["open_for"] is not None:
            vals.update(self.get_closing_values(case))
        return vals

    def get_closing_values(self, case):
        """Return the values of closing a case, of aftercare and of telling the referrer."""
        closed = case["registered"] + timedelta(days=case["open_for"])
        vals = {
            "stage_id": self.closed.id,
            "close_date": closed,
            "outcome_id": self.pick("outcome", case["outcome"]),
        }
        if case["aftercare_after"] is not None:
            vals["aftercare_date"] = closed + timedelta(days=case["aftercare_after"])
            vals["aftercare_outcome_id"] = self.pick("outcome", case["aftercare_outcome"])
        if case["partner"] and case["told_after"] is not None:
            vals["feedback_date"] = closed + timedelta(days=case["told_after"])
        return vals

    def make_volunteers(self, specs, cases):
        volunteers = self.env["buurtbemiddeling.volunteer"]
        for index, spec in enumerate(specs):
            start = spec["start"]
            end = start and spec["stays"] is not None and start + timedelta(days=spec["stays"])
            volunteer = volunteers.create(
                {
                    "partner_id": self.env["res.partner"].create({"name": f"V{index}"}).id,
                    "company_id": self.company.id,
                    "date_start": start,
                    "date_end": end,
                    "area_id": self.place(spec["place"]),
                    "active": not spec["archived"],
                }
            )
            volunteers += volunteer
            self.env["buurtbemiddeling.assignment"].create(
                [
                    {
                        "case_id": cases[number].id,
                        "volunteer_id": volunteer.id,
                        "state": state,
                        "date_start": begun,
                        "date_end": state == "ended" and begun + timedelta(days=days),
                    }
                    for number, state, begun, days in spec["cases"]
                    if number < len(cases)
                ]
            )
            self.env["buurtbemiddeling.training.enrolment"].create(
                [
                    {
                        "session_id": self.sessions[number].id,
                        "volunteer_id": volunteer.id,
                        "state": "attended",
                        "attended_hours": 2.5 + number,
                    }
                    for number in spec["trainings"]
                ]
            )
        return volunteers

    def make_costs(self, specs, volunteers):
        """Return ``(date, project, euros)`` of each cost; what can not be made is left out."""
        makers = {
            "actual": self.make_booking,
            "hours": self.make_hours,
            "training": self.make_costly_training,
            "expense": self.make_expense,
        }
        made = [
            (day, makers[kind](day, cents / 100, is_idle, volunteers))
            for kind, day, cents, is_idle in specs
        ]
        return [(day, *cost) for day, cost in made if cost]

    def get_project(self):
        return self.env["buurtbemiddeling.project"].search([("company_id", "=", self.company.id)])

    def make_booking(self, day, amount, _is_idle, _volunteers):
        """Book an amount on the project, and return both, as the others do."""
        if project := self.get_project():
            post = self.code("budget.post", "overhead").id
            self.env["buurtbemiddeling.budget.actual"].create(
                {"project_id": project.id, "date": day, "post_id": post, "amount": amount}
            )
            return project, amount

    def make_hours(self, day, _amount, _is_idle, _volunteers):
        if project := self.get_project():
            self.company.buurtbemiddeling_hourly_rate = 2
            self.env["buurtbemiddeling.staff.hours"].create(
                {"project_id": project.id, "date": day, "hours": 3, "period": "month"}
            )
            return project, 6

    def make_costly_training(self, day, amount, is_idle, _volunteers):
        session = self.sessions[:1].copy({"cost": amount})
        start = datetime(day.year, day.month, day.day, 18)
        half_day = {"name": "Day", "start": start, "stop": start + timedelta(hours=3)}
        session.event_ids = [Command.create(half_day)]
        if is_idle:
            session.state = "cancelled"
            return None
        return session.project_id, amount

    def make_expense(self, day, amount, is_idle, volunteers):
        if volunteers:
            self.env["buurtbemiddeling.expense"].create(
                {
                    "volunteer_id": volunteers[0].id,
                    "kind": "other",
                    "date": day,
                    "amount": amount,
                    "state": "submitted" if is_idle else "approved",
                }
            )
        return (volunteers[0].project_id, amount) if volunteers and not is_idle else None
