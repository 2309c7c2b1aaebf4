from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_sources import SourcesCase


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
