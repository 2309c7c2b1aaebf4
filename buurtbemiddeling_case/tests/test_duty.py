from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestDuty(CaseCommon):
    """The year circle: what comes back is there a year ahead, and nothing is lost or doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.env["buurtbemiddeling.duty.kind"]
        kinds.search([]).active = False  # those of the shelf have tests of their own
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Town",
                "company_id": cls.company.id,
                "date_start": date(2023, 5, 1),
                "user_ids": [Command.link(cls.coordinator.id)],
            }
        )

    def make_kind(self, code="TEST", **values):
        return self.env["buurtbemiddeling.duty.kind"].create(
            {"code": code, "name": f"Duty {code}", "month": "4", "day": 1, **values}
        )

    def days(self, kind, project=None):
        duties = (project or self.project)._make_duties()
        return duties.filtered(lambda duty: duty.kind_id == kind).mapped("date_due")

    def test_what_comes_back_each_year_is_there_once_a_year_ahead(self):
        kind = self.make_kind()
        self.assertEqual(self.days(kind), [date(2026, 4, 1)])
        self.assertFalse(self.project._make_duties(), "again: nothing new")
        with freeze_time("2026-04-02"):
            self.assertEqual(self.days(kind), [date(2027, 4, 1)])

    def test_every_quarter_every_two_years_and_the_last_day_of_the_month(self):
        quarter = self.make_kind("Q", month="1", day=31, interval_months=3)
        self.assertEqual(
            self.days(quarter),
            [date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31), date(2027, 1, 31)],
        )
        even = self.make_kind("T", month="5", day=2, interval_months=24)  # 2023, 2025, 2027
        self.assertFalse(self.days(even))
        with freeze_time("2027-01-01"):
            self.assertEqual(self.days(even), [date(2027, 5, 2)])
        february = self.make_kind("F", month="2", day=30)
        self.assertEqual(self.days(february), [date(2027, 2, 28)])

    def test_without_a_start_the_same_turns_come_whenever_they_are_made(self):
        self.project.date_start = False
        days = {}
        for code, months in (("TWO", 24), ("FIVE", 5)):
            kind = self.make_kind(code, month="3", day=31, interval_months=months)
            days[code] = []
            for day in ("2026-01-01", "2027-01-01", "2028-01-01"):
                with freeze_time(day):
                    days[code] += self.days(kind)
        self.assertEqual(days["TWO"], [date(2026, 3, 31), date(2028, 3, 31)])
        apart = [
            (after.year - before.year) * 12 + after.month - before.month
            for before, after in zip(days["FIVE"], days["FIVE"][1:], strict=False)
        ]
        self.assertEqual(set(apart), {5})

    def test_a_turn_that_nobody_touched_moves_along_with_its_kind(self):
        kind = self.make_kind(month="12", day=1)
        duty = self.project._make_duties()
        kind.write({"month": "11", "day": 5})
        self.assertFalse(self.project._make_duties(), "no second one")
        moved = date(2026, 11, 5)
        self.assertEqual((duty.date_planned, duty.date_due), (moved, moved))
        self.assertEqual(duty.date_remind, date(2026, 10, 6))

    def test_a_turn_that_was_moved_done_or_is_late_stays_and_gets_no_second_one(self):
        for change in ("moved", "done", "skipped", "late"):
            kind = self.make_kind(change, month="4", day=1)
            duty = self.project._make_duties()
            if change == "moved":
                duty.date_due = date(2026, 4, 9)
            elif change != "late":
                duty.state = change
            agreed = duty.date_due
            with self.subTest(change), freeze_time("2026-04-02"):
                kind.month = "6"
                self.assertFalse(self.project._make_duties())
                self.assertEqual((duty.date_due, duty.date_planned), (agreed, date(2026, 4, 1)))
            kind.active = False

    def test_a_turn_stays_in_its_year_when_the_new_day_has_passed(self):
        kind = self.make_kind(month="4", day=1)
        duty = self.project._make_duties()
        kind.month = "2"
        self.assertEqual(self.days(kind), [date(2027, 2, 1)])
        self.assertEqual(duty.date_due, date(2026, 4, 1))

    def test_nothing_is_due_before_the_project_begins_or_after_it_ends(self):
        kind = self.make_kind("Q", month="1", day=31, interval_months=3)
        self.project.write({"date_start": date(2026, 6, 1), "date_end": date(2026, 11, 1)})
        self.assertEqual(self.days(kind), [date(2026, 7, 31), date(2026, 10, 31)])

    def test_an_archived_project_and_the_kind_of_another_organisation_make_nothing(self):
        other = self.env["res.company"].create({"name": "Organisation of the other circle"})
        theirs = self.make_kind("THEIRS", company_id=other.id)
        self.assertFalse(self.days(theirs))
        kind = self.make_kind()
        self.project.active = False
        self.assertFalse(self.days(kind))

    def test_a_turn_stays_as_agreed_when_the_circle_is_made_again(self):
        self.make_kind()
        duty = self.project._make_duties()
        duty.date_due = date(2026, 5, 20)
        duty.with_user(self.coordinator).note = "No steering group this year."
        duty.with_user(self.coordinator).action_skip()
        self.assertFalse(self.project._make_duties())
        self.assertEqual((duty.date_due, duty.state), (date(2026, 5, 20), "skipped"))

    def test_the_scheduled_action_makes_the_circle_of_every_project(self):
        kind = self.make_kind()
        with self.enter_registry_test_mode():
            self.env.ref("buurtbemiddeling_case.ir_cron_make_duties").method_direct_trigger()
        self.assertIn(kind, self.project.duty_ids.kind_id)

    def test_a_new_project_has_its_circle_at_once(self):
        kind = self.make_kind()
        new = self.env["buurtbemiddeling.project"].create(
            {"name": "New", "company_id": self.company.id, "date_start": date(2026, 3, 1)}
        )
        self.assertEqual(new.duty_ids.kind_id, kind)
        self.assertFalse(new.duty_ids.user_id, "nobody is its only coordinator")

    def test_the_only_coordinator_gets_it_and_it_shows_in_time(self):
        self.make_kind(lead_days=30)
        duty = self.project._make_duties()
        self.assertEqual((duty.user_id, duty.date_remind), (self.coordinator, date(2026, 3, 2)))
        for day, code in (
            ("2026-03-01", None),
            ("2026-03-02", "DUTY"),
            ("2026-04-02", "DUTY_LATE"),
        ):
            self.env.invalidate_all()
            with self.subTest(day), freeze_time(f"{day} 09:00:00"):
                found = [
                    kind.code
                    for kind in self.env["buurtbemiddeling.attention"]
                    .with_user(self.coordinator)
                    .search([("res_model", "=", "buurtbemiddeling.duty")])
                    if kind.record_count
                ]
                self.assertEqual(found, [code] if code else [])

    def test_done_says_who_and_when_and_can_be_taken_back(self):
        self.make_kind()
        duty = self.project._make_duties().with_user(self.coordinator)
        duty.action_done()
        self.assertEqual(
            (duty.state, duty.date_done, duty.done_by_id),
            ("done", date(2026, 3, 16), self.coordinator),
        )
        duty.action_reopen()
        self.assertEqual((duty.state, duty.date_done, duty.done_by_id.id), ("open", False, False))

    def test_leaving_out_asks_why(self):
        self.make_kind()
        duty = self.project._make_duties().with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "why it is left out"):
            duty.action_skip()
        self.assertEqual(duty.state, "open")

    def test_the_screen_opens_for_the_project(self):
        action = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_meeting_action")
        self.make_kind(action_id=action.id)
        duty = self.project._make_duties().with_user(self.coordinator)
        opened = duty.action_open_screen()
        self.assertEqual(opened["res_model"], "buurtbemiddeling.meeting")
        self.assertEqual(opened["context"]["search_default_project_id"], self.project.id)
        duty.kind_id.sudo().action_id = False
        with self.assertRaisesRegex(UserError, "no screen was chosen"):
            duty.action_open_screen()

    def test_every_kind_on_the_shelf_opens_its_screen(self):
        kinds = self.env["buurtbemiddeling.duty.kind"].with_context(active_test=False)
        kinds = kinds.search([("code", "not like", "TEST")])
        self.assertTrue(kinds)
        for kind in kinds:
            with self.subTest(kind.code):
                duty = self.env["buurtbemiddeling.duty"].create(
                    {"kind_id": kind.id, "project_id": self.project.id}
                )
                duty = duty.with_user(self.coordinator)
                action = duty.action_open_screen()
                if action["type"] == "ir.actions.server":
                    server = self.env["ir.actions.server"].with_user(self.coordinator)
                    action = server.browse(action["id"]).run()
                duty.env[action["res_model"]].search(action.get("domain") or [], limit=1)

    @mute_logger("odoo.sql_db")
    def test_the_same_turn_twice_is_refused(self):
        self.make_kind()
        duty = self.project._make_duties()
        with self.assertRaises(IntegrityError):
            duty.copy({"date_planned": duty.date_planned})

    def test_many_projects_cost_no_more_queries_than_one(self):
        self.make_kind()

        def count(projects):
            self.env.flush_all()
            self.env.invalidate_all()
            projects.mapped("user_ids")
            before = self.env.cr.sql_log_count
            projects._make_duties()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, many = (
            self.env["buurtbemiddeling.project"].create(
                [{"name": f"P{i}", "company_id": self.company.id} for i in range(number)]
            )
            for number in (2, 30)
        )
        (few + many).duty_ids.unlink()
        self.assertEqual(count(few), count(many))
