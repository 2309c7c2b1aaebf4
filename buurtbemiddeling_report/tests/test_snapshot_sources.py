"""What a figure on volunteers or areas, or a ratio of two, opens, and why it differs."""

from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_snapshot import SnapshotCase
from .common_sources import SourcesCase

SOURCE_MODELS = {
    "case": "buurtbemiddeling.case",
    "volunteer": "buurtbemiddeling.volunteer",
    "area": "buurtbemiddeling.area",
}


@tagged("post_install", "-at_install")
class TestSnapshotSources(SnapshotCase, SourcesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.make_area("Town", inhabitants=20000)
        cls.village = cls.make_area("Village", inhabitants=5000)
        cls.project = cls.make_project(cls.town, cls.village)
        cls.cases = cls.make_cases(6, area_id=cls.town.id)
        cls.volunteers = cls.make_volunteer(area_id=cls.town.id) + cls.make_volunteer()
        cls.make_volunteer(active=False)
        cls.make_volunteer(end=date(2018, 9, 1))
        cls.train(cls.volunteers[0], cls.make_session(date(2018, 2, 1)), 3)

    def assertOpensWhatItCounts(self, benchmark):
        """Every line that counts volunteers or areas, in its value or in its base."""
        opened = set()
        counted = benchmark.line_ids.filtered(lambda line: line.source != "cost")  # euros
        for line in counted.filtered(lambda x: x.source != "case" or x.kind == "ratio"):
            action = line.action_open_cases()
            self.assertEqual(action["res_model"], SOURCE_MODELS[line.source])
            found = self.open(action, self.coordinator)
            self.assertEqual(len(found), line.numerator, line._get_title())
            opened.add((line.source, line.kind))
            if line.kind == "ratio":
                base = line.indicator_id.denominator_source
                action = line.action_open_base()
                self.assertEqual(action["res_model"], SOURCE_MODELS[base])
                found = self.open(action, self.coordinator)
                number = sum(found.mapped("inhabitants")) if base == "area" else len(found)
                self.assertEqual(number, line.denominator, line._get_title())
                opened.add((base, "base"))
        self.assertEqual(
            opened,
            {
                ("volunteer", "count"),
                ("volunteer", "total"),
                ("case", "ratio"),
                ("volunteer", "base"),
                ("area", "base"),
            },
        )

    def test_lines_of_a_concept_open_the_volunteers_cases_and_areas_that_they_count(self):
        self.assertOpensWhatItCounts(self.compute(2018).with_user(self.coordinator))

    def test_lines_of_a_frozen_benchmark_open_those_of_then(self):
        frozen = self.freeze()
        self.volunteers[0].date_end = date(2018, 3, 1)
        self.make_volunteer()
        self.make_cases(1, area_id=self.village.id)
        self.env.ref("buurtbemiddeling_report.indicator_volunteers_new").write(
            {"source": "case", "numerator_domain": "[('is_registered', '=', True)]"}
        )
        self.env.invalidate_all()
        self.assertOpensWhatItCounts(frozen)
        self.assertFigures(frozen, {"volunteers_active": 3, "cases_per_mediator": 2})

    def test_lines_have_a_button_for_the_base_of_a_ratio(self):
        for model, view_type in (
            (self.compute(2018), "form"),
            (self.compute(2018).line_ids, "list"),
        ):
            arch = model.with_user(self.coordinator).get_view(view_type=view_type)["arch"]
            self.assertIn("kind not in ('share', 'ratio')", arch)

    def test_figures_only_opens_no_volunteer(self):
        line = self.line(self.freeze(), "cases_per_mediator").with_user(self.reporting)
        for door in (line.action_open_cases, line.action_open_base):
            with self.assertRaises(AccessError):
                door()

    def test_a_ratio_of_which_the_base_changed_says_so(self):
        frozen = self.freeze()
        self.volunteers[0].date_end = date(2018, 10, 1)
        frozen.action_check()
        difference = self.find(frozen, "cases_per_mediator")
        self.assertEqual(
            (difference.then_text, difference.now_text, difference.change_text),
            ("2.0 (6/3)", "3.0 (6/2)", "+1.0"),
        )
        self.assertEqual(difference.cause, "1 volunteer: Active on the reference date")
        self.assertTrue(difference.has_volunteers)
        self.assertFalse(difference.has_cases or difference.has_areas)
        action = difference.action_open_volunteers()
        self.assertEqual(self.open(action, self.coordinator), self.volunteers[0])
        town = self.find(frozen, "volunteers_active", "municipality", "TEST-Town")
        self.assertEqual(town.cause, "1 volunteer: Active on the reference date")

    def test_a_ratio_of_which_both_parts_changed_says_both(self):
        frozen = self.freeze()
        self.volunteers.date_end = date(2018, 10, 1)
        new = self.enter_later(self.make_cases(1, area_id=self.town.id))
        frozen.action_check()
        difference = self.find(frozen, "cases_per_mediator")
        self.assertEqual(
            difference.cause,
            "1 case: came in or was entered since; 2 volunteers: Active on the reference date",
        )
        self.assertEqual(self.open(difference.action_open_cases(), self.coordinator), new)
        action = difference.action_open_volunteers()
        self.assertEqual(self.open(action, self.coordinator), self.volunteers)

    def test_hours_that_were_added_are_told(self):
        frozen = self.freeze()
        self.train(self.volunteers[1], self.make_session(date(2018, 3, 1)), 2)
        self.volunteers[0].flush_recordset()
        frozen.action_check()
        difference = self.find(frozen, "trained_hours")
        self.assertEqual(difference.change_text, "+2.0 hours")
        self.assertEqual(difference.cause, "1 volunteer: Hours of training in the period")
        self.assertFalse(self.find(frozen, "cases_per_mediator"))

    def test_other_inhabitants_and_an_area_no_longer_served_are_told(self):
        frozen = self.freeze()
        self.town.inhabitants = 30000
        self.project.area_ids = [Command.unlink(self.village.id)]
        frozen.action_check()
        difference = self.find(frozen, "cases_per_10000")
        self.assertEqual(difference.then_text, "2.4 per 10,000 (6/25000)")
        self.assertEqual(difference.now_text, "2.0 per 10,000 (6/30000)")
        self.assertEqual(
            set(difference.cause.split("; ")),
            {
                "1 area: Inhabitants",
                "1 area: is still there, but does not count here any more",
            },
        )
        action = difference.action_open_areas()
        self.assertEqual(self.open(action, self.coordinator), self.town | self.village)

    def test_freezing_says_that_volunteers_changed(self):
        concept = self.compute(2018)
        self.volunteers[0].date_end = date(2018, 10, 1)
        with self.assertRaisesRegex(UserError, "counted elsewhere: 1 volunteer[.]"):
            concept.action_freeze()

    def test_one_figure_and_one_case_are_said_in_the_singular(self):
        frozen = self.freeze()
        say_count = self.env["buurtbemiddeling.indicator"]._say_count
        for count, case, volunteer, area, text in (
            (1, "1 case", "1 volunteer", "1 area", "Since freezing: 1 figure would differ."),
            (2, "2 cases", "2 volunteers", "2 areas", "Since freezing: 2 figures would differ."),
        ):
            found = [say_count(source, count) for source in ("case", "volunteer", "area")]
            self.assertEqual(found, [case, volunteer, area])
            frozen._write_step({"checked_on": fields.Datetime.now(), "difference_count": count})
            self.assertIn(text, frozen.check_text)
