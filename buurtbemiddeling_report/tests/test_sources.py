"""Figures on volunteers and areas, norms, and what changes from one year to the next."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FiguresCase


class SourcesCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "import_file": True})

    @classmethod
    def make_volunteer(cls, start=date(2015, 1, 1), end=False, **values):
        partner = cls.env["res.partner"].create({"name": "Volunteer"})
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "date_start": start,
                "date_end": end,
                **values,
            }
        )

    @classmethod
    def make_session(cls, day, kind="basic", company=None):
        training = cls.env["buurtbemiddeling.training"].create(
            {"name": "Training", "kind": kind, "hours": 15}
        )
        start = datetime(day.year, day.month, day.day, 18)
        event = {"name": "Evening", "start": start, "stop": start + timedelta(hours=3)}
        return cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": (company or cls.company).id,
                "event_ids": [Command.create(event)],
            }
        )

    @classmethod
    def train(cls, volunteer, session, hours):
        return cls.env["buurtbemiddeling.training.enrolment"].create(
            {
                "session_id": session.id,
                "volunteer_id": volunteer.id,
                "state": "attended",
                "attended_hours": hours,
            }
        )

    @classmethod
    def make_project(cls, *areas, start=date(2015, 1, 1), **values):
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Project",
                "company_id": cls.company.id,
                "area_ids": [Command.set([area.id for area in areas])],
                "date_start": start,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestVolunteerFigures(SourcesCase):
    def test_active_new_and_left_volunteers_add_up(self):
        self.make_volunteer()
        self.make_volunteer(start=date(2018, 4, 1))
        self.make_volunteer(end=date(2018, 9, 1))
        self.make_volunteer(end=date(2018, 12, 31))
        self.make_volunteer(end=date(2017, 12, 31))
        self.make_volunteer(start=date(2019, 1, 1))
        self.make_volunteer(start=False)  # never began
        expected = {"volunteers_active": 2, "volunteers_new": 1, "volunteers_left": 2}
        self.assertFigures(self.compute(2018), expected)
        before = self.line(self.compute(2017), "volunteers_active").value
        self.assertEqual(before + 1 - 2, 2, "active then, and new, less those who left")

    def test_what_happened_after_the_reference_date_is_not_known_yet(self):
        volunteer = self.make_volunteer(start=date(2018, 8, 1))
        self.make_volunteer(end=date(2018, 8, 1))
        self.train(volunteer, self.make_session(date(2018, 8, 2)), 3)
        expected = {
            "volunteers_active": 1, "volunteers_new": 0, "volunteers_left": 0, "trained_hours": 0,
        }  # fmt: skip
        self.assertFigures(self.compute(2018, reference_date=date(2018, 6, 30)), expected)
        self.assertFigures(self.compute(2018), {"volunteers_left": 1, "trained_hours": 3})

    def test_archived_volunteers_count(self):
        self.make_volunteer(active=False)
        self.assertFigures(self.compute(2018), {"volunteers_active": 1})

    def test_volunteer_without_first_day_has_begun_with_the_first_case(self):
        volunteer = self.make_volunteer(start=False)
        (case,) = self.make_cases(1, outcome="OPG_BEM")
        self.env["buurtbemiddeling.assignment"].create(
            {
                "case_id": case.id,
                "volunteer_id": volunteer.id,
                "state": "ended",
                "date_start": date(2018, 5, 10),
                "date_end": date(2018, 6, 10),
            }
        )
        self.assertFigures(self.compute(2018), {"volunteers_active": 1, "volunteers_new": 0})
        self.assertFigures(self.compute(2017), {"volunteers_active": 0})

    def test_hours_of_training_count_in_the_year_in_which_it_ended(self):
        one, other = self.make_volunteer(), self.make_volunteer()
        self.train(one, self.make_session(date(2018, 2, 1)), 2.5)
        self.train(one, self.make_session(date(2018, 3, 1), "peer"), 3)
        self.train(other, self.make_session(date(2018, 3, 1)), 1)
        self.train(other, self.make_session(date(2018, 4, 1), "information"), 2)
        self.train(other, self.make_session(date(2017, 4, 1)), 2)
        benchmark = self.compute(2018)
        line = self.line(benchmark, "trained_hours")
        self.assertEqual((line.value, line.numerator), (6.5, 2))
        self.assertEqual(line.value_text, "6.5 hours")

    def test_cases_of_a_volunteer_are_those_worked_on(self):
        volunteer = self.make_volunteer()
        cases = self.make_cases(5, registered=date(2017, 1, 1), outcome="OPG_BEM")
        rows = (
            ("ended", date(2017, 3, 1), date(2018, 1, 1)),
            ("ended", date(2018, 3, 1), date(2018, 4, 1)),
            ("ended", date(2017, 3, 1), date(2017, 4, 1)),
            ("declined", date(2018, 3, 1), date(2018, 3, 2)),
            ("ended", date(2019, 3, 1), date(2019, 4, 1)),
        )
        self.env["buurtbemiddeling.assignment"].create(
            [
                {
                    "case_id": case.id,
                    "volunteer_id": volunteer.id,
                    "state": state,
                    "date_start": start,
                    "date_end": end,
                }
                for case, (state, start, end) in zip(cases, rows, strict=True)
            ]
        )
        facts = self.env["buurtbemiddeling.volunteer.report"]._of_year(2018, date(2018, 12, 31))
        found = facts.search([("company_id", "=", self.company.id)])
        self.assertEqual((found.case_count, found.assignment_count), (2, 1))

    def test_cases_per_mediator(self):
        self.make_cases(12)
        for _i in range(2):
            self.make_volunteer()
        line = self.line(self.compute(2018), "cases_per_mediator")
        self.assertEqual((line.numerator, line.denominator, line.value), (12, 2, 6))
        self.assertEqual(line.value_text, "6.0")

    def test_without_mediators_there_is_no_ratio(self):
        self.make_cases(12)
        line = self.line(self.compute(2018), "cases_per_mediator")
        self.assertEqual((line.numerator, line.denominator, line.value), (12, 0, 0))
        self.assertEqual(line.value_text, "–")

    def test_volunteers_count_where_they_live(self):
        town, other = self.make_area("Town"), self.make_area("Other")
        quarter = self.make_area("Quarter", "neighbourhood", town)
        self.make_volunteer(area_id=quarter.id)
        self.make_volunteer(area_id=other.id)
        self.make_volunteer()
        benchmark = self.compute(2018)
        for code in ("TEST-Town", "TEST-Other", "NONE"):
            self.assertFigures(benchmark, {"volunteers_active": 1}, "municipality", code)
        self.assertFigures(benchmark, {"volunteers_active": 1}, "area", "TEST-Quarter")
        self.assertFalse(self.line(benchmark, "volunteers_active", "tenure", "NONE"))
        only = self.compute(2018, area_ids=[Command.set(town.ids)])
        self.assertFigures(only, {"volunteers_active": 1})

    def test_volunteers_of_other_organisations_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        volunteer = self.make_volunteer(company_id=other.id)
        self.train(volunteer, self.make_session(date(2018, 2, 1), company=other), 2)
        self.assertFigures(self.compute(2018), {"volunteers_active": 0, "trained_hours": 0})

    def test_a_figure_on_volunteers_opens_the_volunteers(self):
        volunteer = self.make_volunteer(active=False)
        self.make_volunteer(start=date(2020, 1, 1))
        action = self.line(self.compute(2018), "volunteers_active").action_open_cases()
        found = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(found.search(action["domain"]), volunteer)


@tagged("post_install", "-at_install")
class TestAreaFigures(SourcesCase):
    def per_10000(self, **values):
        line = self.line(self.compute(2018, **values), "cases_per_10000")
        return line.numerator, line.denominator

    def test_cases_per_10000_inhabitants(self):
        town = self.make_area("Town", inhabitants=20000)
        self.make_project(town)
        self.make_cases(7, area_id=self.make_area("In", "neighbourhood", town).id)
        line = self.line(self.compute(2018), "cases_per_10000")
        self.assertEqual((line.numerator, line.denominator), (7, 20000))
        self.assertAlmostEqual(line.value, 0.00035)
        self.assertEqual(line.value_text, "3.5 per 10,000")

    def test_cases_where_the_inhabitants_are_not_known_do_not_count(self):
        known = self.make_area("Known", inhabitants=10000)
        unknown, elsewhere = self.make_area("Unknown"), self.make_area("Else", inhabitants=9)
        self.make_project(known, unknown)
        for area in (known, unknown, elsewhere):
            self.make_cases(2, area_id=area.id)
        self.make_cases(3)
        self.assertEqual(self.per_10000(), (2, 10000))
        self.assertIn("10,000 inhabitants: 7.", self.compute(2018).remarks)

    def test_without_projects_the_municipalities_of_its_cases_are_served(self):
        town = self.make_area("Town", inhabitants=10000)
        self.make_area("Empty", inhabitants=5000)
        before = self.make_area("Before", inhabitants=300)
        quarter = self.make_area("Quarter", "neighbourhood", town, inhabitants=2000)
        self.make_cases(2, area_id=quarter.id)
        self.make_cases(1, area_id=before.id, registered=date(2017, 1, 1))
        self.assertEqual(self.per_10000(), (2, 10000))

    def test_an_area_inside_another_is_not_counted_twice(self):
        town = self.make_area("Town", inhabitants=10000)
        quarter = self.make_area("Quarter", "neighbourhood", town, inhabitants=2000)
        self.make_project(town)
        self.make_project(quarter, active=False)
        self.make_cases(2, area_id=quarter.id)
        self.assertEqual(self.per_10000(), (2, 10000))
        self.assertEqual(self.per_10000(area_ids=[Command.set(quarter.ids)]), (2, 2000))

    def test_a_project_that_began_later_is_not_served_yet(self):
        town, later = (self.make_area(name, inhabitants=10000) for name in ("Town", "Later"))
        self.make_project(town)
        self.make_project(later, start=date(2019, 1, 1))
        self.make_cases(1, area_id=later.id)
        self.assertEqual(self.per_10000(), (0, 10000))

    def test_two_organisations_in_one_municipality_have_their_own_figure(self):
        town = self.make_area("Town", inhabitants=10000)
        other = self.env["res.company"].create({"name": "Other"})
        self.make_project(town)
        self.make_project(town, company_id=other.id)
        self.make_cases(1, area_id=town.id)
        self.make_cases(4, area_id=town.id, company_id=other.id)
        self.assertEqual(self.per_10000(), (1, 10000))
        self.assertEqual(self.per_10000(company_id=other.id), (4, 10000))


@tagged("post_install", "-at_install")
class TestPlaces(SourcesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.make_area("Old", inhabitants=10000)
        cls.new = cls.make_area("New", inhabitants=30000)
        cls.quarter = cls.make_area("Quarter", "neighbourhood", cls.old)

    def merge(self):
        self.old.write({"merged_into_id": self.new.id, "merged_on": date(2018, 1, 1)})

    def test_merged_municipality_keeps_its_code_in_the_years_before(self):
        self.make_cases(2, area_id=self.quarter.id, registered=date(2017, 5, 1))
        self.make_cases(1, area_id=self.old.id, registered=date(2017, 5, 1))
        before = self.compute(2017)
        self.merge()
        after = self.compute(2017)
        for benchmark in (before, after):
            self.assertFigures(benchmark, {"cases_registered": 3}, "municipality", "TEST-Old")
        self.assertFigures(after, {"cases_registered": 3, "cases_running": 3})
        self.assertFigures(after, {"cases_per_10000": 3 / 10000})
        self.assertIn("Old became part of New", after.remarks)

    def test_merged_municipality_counts_under_the_new_one_from_that_year_on(self):
        self.merge()
        self.make_cases(2, area_id=self.quarter.id, registered=date(2017, 5, 1))
        self.make_cases(1, area_id=self.old.id)
        self.make_cases(4, area_id=self.new.id)
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_running": 7}, "municipality", "TEST-New")
        self.assertFigures(benchmark, {"cases_running": 2}, "area", "TEST-Quarter")
        self.assertFigures(benchmark, {"cases_running": 5}, "area", "TEST-New")
        self.assertFalse(self.line(benchmark, "cases_running", "municipality", "TEST-Old"))
        for area, count in ((self.new, 7), (self.old, 0), (self.quarter, 2)):
            only = self.compute(2018, area_ids=[Command.set(area.ids)])
            self.assertFigures(only, {"cases_running": count})
        self.assertIn("2018", self.compute(2018, area_ids=[Command.set(self.old.ids)]).remarks)

    def test_a_line_of_a_merged_municipality_opens_its_cases(self):
        self.merge()
        self.make_cases(2, area_id=self.quarter.id)
        line = self.line(self.compute(2018), "cases_registered", "municipality", "TEST-New")
        action = line.action_open_cases()
        self.assertEqual(self.env["buurtbemiddeling.case"].search_count(action["domain"]), 2)

    def test_two_mergers_in_a_row(self):
        self.merge()
        last = self.make_area("Last")
        self.new.write({"merged_into_id": last.id, "merged_on": date(2019, 1, 1)})
        self.make_cases(1, area_id=self.quarter.id, registered=date(2017, 5, 1))
        for year, code in ((2017, "Old"), (2018, "New"), (2019, "Last")):
            self.assertFigures(
                self.compute(year), {"cases_running": 1}, "municipality", f"TEST-{code}"
            )

    def test_served_areas_follow_a_merger(self):
        self.make_project(self.old, self.new)
        self.make_cases(1, area_id=self.quarter.id)
        self.make_cases(1, area_id=self.new.id)
        self.merge()
        line = self.line(self.compute(2018), "cases_per_10000")
        self.assertEqual((line.numerator, line.denominator), (2, 30000))

    def test_case_moved_to_another_municipality_counts_once_where_it_is_now(self):
        (case,) = self.make_cases(1, area_id=self.quarter.id)
        case.area_id = self.new
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_registered": 1})
        self.assertFigures(benchmark, {"cases_registered": 1}, "municipality", "TEST-New")
        self.assertFalse(self.line(benchmark, "cases_registered", "municipality", "TEST-Old"))

    def test_wrong_mergers_are_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "same kind"), self.env.cr.savepoint():
            self.quarter.write({"merged_into_id": self.new.id, "merged_on": date(2018, 1, 1)})
        self.merge()
        with self.assertRaisesRegex(ValidationError, "itself"), self.env.cr.savepoint():
            self.new.write({"merged_into_id": self.old.id, "merged_on": date(2018, 1, 1)})
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "complete"):
            with self.env.cr.savepoint():
                self.old.merged_on = False
                self.env.flush_all()

    def test_a_year_half_over_says_so(self):
        self.make_cases(1)
        self.assertIn("06/30/2018", self.compute(2018, reference_date=date(2018, 6, 30)).remarks)
        self.assertNotIn("not over", self.compute(2018).remarks)

    def test_a_year_with_nothing_says_so(self):
        self.assertIn("Nothing was recorded in 2016", self.compute(2016).remarks)


@tagged("post_install", "-at_install")
class TestNorms(SourcesCase):
    """Norms are stored with the case: one that changes later moves no past."""

    def make_intakes(self):
        """Registered on Tuesday 1 May 2018: five working days later is Tuesday 8 May."""
        for day in (8, 9):
            self.make_cases(1, intake_decision="suitable", intake_date=date(2018, 5, day))
        self.env.flush_all()

    def test_intake_is_in_time_until_five_working_days_after_registration(self):
        self.make_intakes()
        line = self.line(self.compute(2018), "intake_within_norm")
        self.assertEqual((line.numerator, line.denominator), (1, 2))

    def test_an_intake_that_is_overdue_is_late_and_one_that_is_not_does_not_count(self):
        self.make_cases(1)
        self.make_cases(1, outcome="OPG_BEM", closed=date(2018, 5, 2))  # intake not recorded
        for day, base in ((date(2018, 5, 8), 0), (date(2018, 5, 9), 1)):
            line = self.line(self.compute(2018, reference_date=day), "intake_within_norm")
            self.assertEqual((line.numerator, line.denominator), (0, base))

    def test_a_reference_date_to_come_makes_nothing_late_that_is_not_due_today(self):
        self.make_cases(1, outcome="OPG_BEM", closed=date(2018, 5, 2))  # aftercare until 13 June
        self.make_cases(1)  # intake until 8 May
        for today, late, missed in (
            (date(2018, 5, 8), 0, 0),
            (date(2018, 5, 9), 1, 0),
            (date(2018, 6, 13), 1, 0),
            (date(2018, 6, 14), 1, 1),
        ):
            with self.subTest(today), freeze_time(today):
                benchmark = self.compute(2018, reference_date=date(2018, 12, 31))
                intake = self.line(benchmark, "intake_within_norm")
                aftercare = self.line(benchmark, "aftercare_within_norm")
                self.assertEqual((intake.numerator, intake.denominator), (0, late))
                self.assertEqual((aftercare.numerator, aftercare.denominator), (0, missed))

    def test_a_pause_moves_the_norm_of_the_intake(self):
        (case,) = self.make_cases(1, intake_decision="suitable", intake_date=date(2018, 5, 10))
        self.assertEqual(case.intake_deadline, date(2018, 5, 8))
        self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": case.id, "date_from": date(2018, 5, 2), "date_to": date(2018, 5, 3)}
        )
        self.assertEqual(case.intake_deadline, date(2018, 5, 10))
        self.assertFigures(self.compute(2018), {"intake_within_norm": 1})

    def test_a_later_change_of_the_norm_or_the_calendar_moves_no_intake(self):
        self.make_intakes()
        self.code("case.stage", "intake").norm_days = 20
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": datetime(2018, 5, 1),
                "date_to": datetime(2018, 5, 31),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFigures(self.compute(2018), {"intake_within_norm": 0.5})
        (new,) = self.make_cases(1, registered=date(2018, 7, 2))
        self.assertEqual(new.intake_norm_days, 20, "new cases have the norm of now")

    def test_an_own_phase_brings_its_own_norm(self):
        stage = self.code("case.stage", "intake")
        stage.copy({"code": stage.code, "company_id": self.company.id, "norm_days": 1})
        self.make_intakes()
        self.assertFigures(self.compute(2018), {"intake_within_norm": 0})

    def make_aftercare(self):
        """Closed on 30 June: aftercare fits from 14 July until 11 August."""
        for day in (date(2018, 7, 13), date(2018, 7, 14), date(2018, 8, 11), False):
            self.make_cases(1, outcome="OPG_BEM", closed=date(2018, 6, 30), aftercare_date=day)
        self.env.flush_all()

    def test_aftercare_is_within_its_term_or_not(self):
        self.make_aftercare()
        self.make_cases(1, outcome="A_TREKT_TERUG")  # no help, no aftercare
        benchmark = self.compute(2018)
        self.assertFigures(
            benchmark, {"aftercare_within_norm": 2 / 4, "aftercare_done_share": 3 / 4}
        )
        self.assertEqual(self.line(benchmark, "aftercare_within_norm").denominator, 4)

    def test_aftercare_counts_as_it_stood_on_the_reference_date(self):
        self.make_aftercare()
        line = self.line(
            self.compute(2018, reference_date=date(2018, 7, 31)), "aftercare_within_norm"
        )
        self.assertEqual((line.numerator, line.denominator), (1, 2), "two are not due yet")

    def test_a_later_change_of_the_term_moves_no_aftercare(self):
        self.make_aftercare()
        self.company.write(
            {"buurtbemiddeling_aftercare_min_days": 0, "buurtbemiddeling_aftercare_max_days": 5}
        )
        self.env.flush_all()
        self.assertFigures(self.compute(2018), {"aftercare_within_norm": 2 / 4})

    def test_cases_referred_by_institutions_and_residents_involved(self):
        for code, parties in (("POLITIE", "ab"), ("ZELF", "a"), (False, "")):
            self.make_cases(
                1,
                referrer_type_id=code and self.code("referrer.type", code).id,
                party_ids=[Command.create({"side": side}) for side in parties],
            )
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"referred_cases": 1, "parties_involved": 3})
        self.assertEqual(self.line(benchmark, "parties_involved").numerator, 2)

    def test_the_furthest_phase_shows_the_funnel(self):
        for code in ("intake", "mediation"):
            self.make_cases(1, stage_id=self.code("case.stage", code).id)
        case = self.make_cases(1, stage_id=self.code("case.stage", "talk_a").id)
        case.with_context(import_file=True).write(
            {"stage_id": self.closed.id, "close_date": date(2018, 8, 1)}
        )
        self.make_cases(1, outcome="OPG_BEM")  # came in closed: not recorded
        benchmark = self.compute(2018)
        for code in ("intake", "mediation", "talk_a", "NONE"):
            self.assertFigures(benchmark, {"cases_registered": 1}, "phase_reached", code)

    def test_own_and_shared_phase_with_one_code_are_one_row(self):
        (case,) = self.make_cases(1, stage_id=self.code("case.stage", "talk_a").id)
        stage = self.code("case.stage", "talk_a")
        case.write({"stage_id": self.closed.id, "close_date": date(2018, 8, 1)})
        stage.copy({"code": "talk_a", "company_id": self.company.id})
        self.make_cases(1, stage_id=stage.id)
        self.assertFigures(self.compute(2018), {"cases_registered": 2}, "phase_reached", "talk_a")


@tagged("post_install", "-at_install")
class TestHeadings(SourcesCase):
    """The headings of the national benchmark changed over the years (domain.md 2.1)."""

    def test_the_heading_of_the_year_counts(self):
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        for year, heading in ((2012, "GELUID_PERSONEN"), (2018, "GELUID")):
            self.make_cases(
                1, registered=date(year, 5, 1), nuisance_type_ids=[Command.set(noise.ids)]
            )
            self.assertFigures(
                self.compute(year), {"cases_registered": 1}, "nuisance_heading", heading
            )

    def test_two_kinds_of_nuisance_under_one_heading_count_once(self):
        types = self.code("nuisance.type", "GELUID_PERSONEN")
        types += self.code("nuisance.type", "GELUID_APPARATUUR")
        self.make_cases(1, nuisance_type_ids=[Command.set(types.ids)])
        self.make_cases(1)
        benchmark = self.compute(2018)
        for code in ("GELUID", "NONE"):
            self.assertFigures(benchmark, {"cases_registered": 1}, "nuisance_heading", code)
        line = self.line(benchmark, "cases_registered", "nuisance_heading", "GELUID")
        domain = line.action_open_cases()["domain"]
        cases = self.env["buurtbemiddeling.case"].search(domain)
        self.assertEqual(cases.nuisance_type_ids, types)

    def test_shipped_rows_name_their_source(self):
        rows = self.env["buurtbemiddeling.heading.crosswalk"].search([])
        self.assertTrue(rows and all(rows.mapped("source")))

    def test_two_headings_in_one_year_are_refused_in_words(self):
        row = self.env.ref("buurtbemiddeling_report.heading_crosswalk_geluid_personen_2007")
        with (
            self.assertRaisesRegex(ValidationError, "two headings in 2015"),
            self.env.cr.savepoint(),
        ):
            row.copy({"year_from": 2015, "year_to": 0})
        row.copy({"year_from": 2016, "year_to": 2017})
