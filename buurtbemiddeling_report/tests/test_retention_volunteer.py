from datetime import date, datetime

from odoo.tests import tagged

from .common import FiguresCase

YEARS = (2018, 2019, 2020)


@tagged("post_install", "-at_install")
class TestRetentionVolunteer(FiguresCase):
    """Forgetting who left and who referred changes no figure of any year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.make_area("Lindewaard")
        cls.left = cls.code("volunteer.stage", "left")
        cls.active = cls.code("volunteer.stage", "active")
        cls.make_referrer()
        cls.volunteers = cls.env["buurtbemiddeling.volunteer"].union(
            *(
                cls.make_volunteer(number, start, end)
                for number, (start, end) in enumerate(
                    [
                        (date(2018, 1, 8), date(2019, 6, 30)),
                        (date(2018, 3, 1), False),
                        (False, date(2018, 4, 1)),
                        (date(2019, 1, 8), date(2020, 12, 31)),
                    ]
                )
            )
        )
        cls.mediate()
        cls.train()

    @classmethod
    def make_referrer(cls):
        """Make an organisation that refers, with a contact person."""
        organisation = cls.env["res.partner"].create({"name": "WBV", "is_company": True})
        cls.referrer = cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": organisation.id,
                "company_id": cls.company.id,
                "referrer_type_id": cls.code("referrer.type", "CORPORATIE").id,
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Wil Consulent", "parent_id": organisation.id}
        )

    @classmethod
    def make_volunteer(cls, number, start, end):
        """Make a volunteer who started and left on these days, when they are known."""
        volunteers = cls.env["buurtbemiddeling.volunteer"].with_context(import_file=True)
        return volunteers.create(
            {
                "partner_id": cls.env["res.partner"].create({"name": f"Vera {number}"}).id,
                "company_id": cls.company.id,
                "area_id": cls.town.id,
                "stage_id": (cls.left if end else cls.active).id,
                "application_date": date(2018, 1, 2),
                "date_start": start,
                "date_end": end,
                "birthday": date(1980, 1, 1 + number),
            }
        )

    @classmethod
    def mediate(cls):
        """Let the first and the last volunteer end two cases each, one a year."""
        cases = cls.make_cases(
            4,
            outcome="OPG_BEM",
            area_id=cls.town.id,
            referral_partner_id=cls.referrer.id,
            referral_contact_id=cls.contact.id,
        )
        cls.env["buurtbemiddeling.assignment"].with_context(import_file=True).create(
            [
                {
                    "case_id": case.id,
                    "volunteer_id": cls.volunteers[number % 2 * 3].id,
                    "state": "ended",
                    "date_start": date(2018 + number % 2, 5, 9),
                    "date_end": date(2018 + number % 2, 6, 9),
                    "hours": 4,
                }
                for number, case in enumerate(cases)
            ]
        )

    @classmethod
    def train(cls):
        """Let all volunteers attend a training."""
        training = cls.env["buurtbemiddeling.training"].create({"name": "Basic", "kind": "basic"})
        session = cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": cls.company.id,
                "capacity": 0,
                "date_start": datetime(2018, 2, 1, 9),
                "date_end": datetime(2018, 2, 1, 17),
            }
        )
        cls.env["buurtbemiddeling.training.enrolment"].with_context(import_file=True).create(
            [
                {
                    "session_id": session.id,
                    "volunteer_id": volunteer.id,
                    "state": "attended",
                    "attended_hours": 6,
                }
                for volunteer in cls.volunteers
            ]
        )

    def read_lines(self):
        found = {}
        for year in YEARS:
            for line in self.compute(year).line_ids:
                key = (year, line.indicator_code, line.dimension, line.dimension_code)
                found[key] = (line.numerator, line.denominator, line.value)
        return found

    def test_every_figure_of_every_year_stays(self):
        before = self.read_lines()
        self.assertEqual(before[2018, "volunteers_left", False, False][2], 0)
        self.assertEqual(before[2019, "volunteers_left", False, False][2], 1)
        self.assertGreater(before[2018, "volunteers_active", False, False][2], 0)
        gone = self.volunteers.filtered("date_end")
        gone._anonymize()
        self.contact._anonymize()
        self.assertEqual(before, self.read_lines())
        self.assertFalse(self.contact.exists())
        self.assertEqual(len(gone.filtered("anonymized_date")), 3)

    def test_a_frozen_benchmark_finds_no_difference(self):
        benchmark = self.compute(2019)
        self.volunteers.filtered("date_end")._anonymize()
        self.contact._anonymize()
        benchmark.action_check()
        self.assertFalse(benchmark.difference_ids)

    def test_the_card_of_a_referrer_counts_the_same_without_the_contact_person(self):
        def count():
            figures = self.referrer._get_figures(2018)
            return {
                key: {indicator.code: figure.value for indicator, figure in found.items()}
                for key, found in figures.items()
            }

        before = count()
        self.contact._anonymize()
        after = count()
        self.assertEqual(after[False], before[False])
        self.assertEqual(after[None], before[self.contact.id])  # of nobody in particular
