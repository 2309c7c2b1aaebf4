from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_target import TARGET, TargetCase


@tagged("post_install", "-at_install")
class TestTarget(TargetCase):
    """What may be typed as a target, and copying targets to the next year."""

    def test_a_percentage_is_typed_as_a_percentage(self):
        target = self.make_target("success_of_handled", 70)
        self.assertAlmostEqual(target.value, 0.7)
        self.assertEqual(target.value_text, "70.0 %")
        target.amount = 68.5
        self.assertAlmostEqual(target.value, 0.685)
        self.assertEqual(self.make_target("cases_registered", 110).value, 110)
        self.assertEqual(self.make_target("own_days_median", 60).value, 60)

    def test_the_form_takes_percentages_and_counts(self):
        form = Form(self.env[TARGET].with_user(self.coordinator))
        form.indicator_id = self.indicator("success_of_handled")
        form.amount = 70
        form.year = 2026
        target = form.save()
        self.assertAlmostEqual(target.value, 0.7)
        self.assertEqual(target.unit, "percent")
        self.assertEqual((target.direction, target.date_due), ("at_least", date(2026, 12, 31)))

    def test_the_direction_follows_the_figure_and_can_be_changed(self):
        for code, direction in (
            ("cases_registered", "at_least"),
            ("own_days_median", "at_most"),
            ("feedback_owed", "at_most"),
            ("complex_share", "signal"),
            ("cases_running", "signal"),
        ):
            self.assertEqual(self.make_target(code, 1).direction, direction, code)
        target = self.make_target("cases_registered", 1, year=2027, direction="at_most")
        self.assertEqual(target.direction, "at_most")

    def test_nonsense_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "more than 100 percent"):
            self.make_target("success_of_handled", 101)
        with self.assertRaisesRegex(ValidationError, "not in 2026"):
            self.make_target("cases_registered", 10, date_due=date(2027, 1, 1))
        district = self.make_area("East", "district", self.north)
        with self.assertRaisesRegex(ValidationError, "not a municipality"):
            self.make_target("cases_registered", 10, municipality_id=district.id)
        for wrong in ({"year": 26}, {"amount": -1}):
            values = {"amount": 10, **wrong}
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                with self.cr.savepoint():
                    self.make_target("cases_registered", **values)

    @contextmanager
    def refuses_empty(self):
        with self.assertRaisesRegex(ValidationError, "Fill in the target"), self.cr.savepoint():
            yield

    def test_a_target_needs_an_amount_unless_it_is_at_most_none(self):
        values = {"indicator_id": self.indicator("cases_closed").id, "year": 2026}
        for direction in ("at_least", "signal"):
            for name in ("amount", "value"):
                with self.refuses_empty():
                    self.env[TARGET].create({**values, name: 0, "direction": direction})
        target = self.make_target("feedback_owed", 0)
        self.assertEqual((target.direction, target.value), ("at_most", 0))
        with self.refuses_empty():
            target.direction = "at_least"
        other = self.make_target("cases_registered", 10)
        with self.refuses_empty():
            other.amount = 0
        form = Form(self.env[TARGET].with_user(self.coordinator))
        form.indicator_id = self.indicator("success_of_handled")
        with self.refuses_empty():
            form.save()

    def test_one_target_for_a_figure_year_and_municipality(self):
        self.make_target("cases_registered", 10)
        self.make_target("cases_registered", 5, municipality_id=self.north.id)
        self.make_target("cases_registered", 5, year=2027)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_target("cases_registered", 20)

    @freeze_time("2026-01-10")
    def test_last_years_targets_are_taken_over_in_one_click_as_often_as_one_likes(self):
        self.make_target("cases_registered", 110, 2025, date_due=date(2025, 6, 30))
        self.make_target("success_of_handled", 70, 2025, municipality_id=self.north.id)
        self.make_target("complex_share", 25, 2025, direction="at_most")
        kept = self.make_target("complex_share", 30, 2026)
        targets = self.env[TARGET].with_user(self.coordinator)
        for expected in ("made: 2. There already: 1.", "made: 0. There already: 3."):
            action = targets.action_take_over_last_year()
            self.assertIn(expected, action["params"]["message"])
            found = targets.search([("year", "=", 2026), ("company_id", "=", self.company.id)])
            self.assertEqual(
                {(t.indicator_id.code, round(t.amount, 4), t.place, t.date_due) for t in found},
                {
                    ("cases_registered", 110, "Figures BV", date(2026, 6, 30)),
                    ("success_of_handled", 70, "North", date(2026, 12, 31)),
                    ("complex_share", 30, "Figures BV", date(2026, 12, 31)),
                },
            )
        self.assertEqual(kept.direction, "signal", "what was there stays as it was")

    def test_selected_targets_go_to_the_year_after_theirs(self):
        target = self.make_target("cases_registered", 110, 2028, date_due=date(2028, 2, 29))
        target.action_copy_to_next_year()
        copied = self.env[TARGET].search(
            [("year", "=", 2029), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((copied.value, copied.date_due), (110, date(2029, 2, 28)))

    def test_a_project_that_has_ended_by_then_gets_no_target(self):
        projects = self.env["buurtbemiddeling.project"].create(
            [
                {
                    "name": "Ends",
                    "company_id": self.company.id,
                    "date_end": day,
                    "date_start": False,
                }
                for day in (date(2026, 12, 31), date(2027, 1, 1))
            ]
        )
        targets = self.env[TARGET].union(
            *(self.make_target("cases_registered", 9, project_id=each.id) for each in projects)
        )
        message = targets.action_copy_to_next_year()["params"]["message"]
        self.assertIn("made: 1. There already: 0. Left out", message)
        copied = self.env[TARGET].search([("year", "=", 2027), ("project_id", "!=", False)])
        self.assertEqual(copied.project_id, projects[1])

    def test_who_sees_figures_only_changes_no_target(self):
        target = self.make_target("cases_registered", 10).with_user(self.reporting)
        self.assertTrue(target.sentence)
        for change in (
            lambda: target.write({"amount": 5}),
            target.action_copy_to_next_year,
            target.unlink,
        ):
            with self.assertRaises(AccessError):
                change()
