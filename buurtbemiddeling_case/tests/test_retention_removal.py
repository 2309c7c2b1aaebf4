from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import buurtbemiddeling_retention_removal_mixin
from .common_retention import TODAY, RetentionCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestRetentionRemoval(RetentionCase):
    """Removing: what stops it, goes on, and is noted of it."""

    def test_off_by_default_and_then_nothing_is_listed_or_removed(self):
        case = self.make_closed(date(2020, 1, 1))
        self.assertFalse(self.env["res.company"].new().buurtbemiddeling_retention_automatic)
        self.run_cron()
        self.assertFalse(self.runs.search([("company_id", "=", self.company.id)]))
        self.assertFalse(case.anonymized_date)

    def test_by_itself_once_it_is_switched_on(self):
        case = self.make_closed(date(2024, 1, 1))
        self.company.buurtbemiddeling_retention_automatic = True
        self.run_cron()
        run = self.runs.search([("company_id", "=", self.company.id)])
        self.assertEqual(run.state, "warned")
        self.assertTrue(run.is_automatic)
        for day in ("2026-06-16", "2026-07-01", "2026-07-12"):
            with freeze_time(day):
                self.run_cron()
        self.assertFalse(case.anonymized_date)
        with freeze_time("2026-07-13"):
            self.run_cron()
        self.assertTrue(self.is_removed(case))
        self.assertEqual(run.state, "done")
        self.assertEqual(self.runs.search_count([("company_id", "=", self.company.id)]), 1)

    def test_by_itself_nothing_is_late(self):
        """Lists are made weekly and look a week further: each case goes on its own day."""
        self.company.buurtbemiddeling_retention_automatic = True
        cases = [self.make_closed(date(2024, 7, 14) + timedelta(days=n)) for n in (0, 6)]
        day = TODAY
        while day < date(2026, 7, 21):
            with freeze_time(day):
                self.run_cron()
                for case in cases:
                    self.assertEqual(
                        bool(case.anonymized_date), case.close_date + relativedelta(years=2) <= day
                    )
            day += timedelta(days=1 if day > date(2026, 7, 12) else 7)

    def test_stopped_half_way_goes_on(self):
        cases = [self.make_closed(date(2024, 1, 1)) for _index in range(3)]
        run = self.make_run()
        run.action_warn()
        with (
            freeze_time("2026-08-01"),
            patch.object(buurtbemiddeling_retention_removal_mixin, "BATCH_SIZE", 2),
        ):
            run.invalidate_recordset()
            run.sudo()._start()
            self.assertEqual(run.sudo()._remove_batch(), 2)
            self.assertEqual([self.is_removed(case) for case in cases].count(True), 2)
            self.assertEqual(run.state, "running")
            self.assertAlmostEqual(run.progress, 200 / 3)
            self.run_cron()
        self.assertTrue(all(self.is_removed(case) for case in cases))
        self.assertEqual(run.state, "done")

    def test_error_of_one_case_does_not_stop_the_others(self):
        cases = [self.make_closed(date(2024, 1, 1)) for _index in range(3)]
        run = self.make_run()
        run.action_warn()
        # another app works with a contact in a way that it does not let go
        self.env.cr.execute(
            "CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'Anna stays'; END $$;"
            f"CREATE TRIGGER test_refuse BEFORE UPDATE ON buurtbemiddeling_case_party FOR EACH ROW"
            f" WHEN (OLD.case_id = {int(cases[1].id)}) EXECUTE FUNCTION test_refuse()"
        )
        with (
            freeze_time("2026-08-01"),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.buurtbemiddeling_case", "WARNING") as logged,
        ):
            self.carry_out(run)
        self.assertNotIn("Anna", str(logged.output))
        self.assertEqual([self.is_removed(case) for case in cases], [True, False, True])
        self.assertEqual(run.failed_count, 1)
        line = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual((line.res_id, line.reason), (cases[1].id, "error"))

    def test_reopened_meanwhile_is_left_alone(self):
        case = self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        run.action_warn()
        case.write({"stage_id": self.stage("intake").id})
        with freeze_time("2026-08-01"):
            self.carry_out(run)
        self.assertEqual(run.line_ids.state, "skipped")
        self.assertFalse(case.anonymized_date)

    def test_stopped_run_removes_nothing_more(self):
        case = self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        run.action_warn()
        run.action_stop()
        with freeze_time("2026-08-01"):
            self.run_cron()
        self.assertFalse(case.anonymized_date)
        self.assertFalse(run.sudo().activity_ids)
        self.assertIn(case.id, self.make_run().line_ids.mapped("res_id"))

    def test_log_says_who_and_how_many_and_nobody_changes_it(self):
        self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        run.action_warn()
        with freeze_time("2026-08-01"):
            self.carry_out(run)
        self.assertEqual(run.listed_by_id, self.manager)
        self.assertEqual(run.started_by_id, self.manager)
        self.assertEqual((run.done_count, run.progress), (1, 100))
        self.assertTrue(run.end_date)
        for user in (self.coordinator, self.manager):
            for record in (run, run.line_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"state": "done"})
        for values in ({"state": "done"}, {"started_by_id": self.coordinator.id}):
            new = self.runs.with_user(self.manager).create(values)
            self.assertEqual(new.state, "draft")
            self.assertFalse(new.started_by_id)

    def test_coordinator_or_other_organisation_removes_nothing(self):
        self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        for user in (self.coordinator, self.stranger, self.colleague):
            for action in ("action_warn", "action_start", "action_stop", "action_list_again"):
                with self.subTest(user=user.name, action=action), self.assertRaises(AccessError):
                    getattr(run.with_user(user), action)()
        with self.assertRaises(AccessError):
            self.runs.with_user(self.coordinator).action_make_list()
        other = self.runs.with_user(self.stranger)
        other_run = other.browse(other.action_make_list()["res_id"])
        self.assertFalse(other_run.line_ids)

    def test_term_of_a_contact_without_a_case_begins_when_it_was_untied(self):
        cases = [self.make_quarrel(), self.make_quarrel(), self.make_quarrel()]
        contacts = [case.party_ids.filtered(lambda p: p.side == "b").partner_id for case in cases]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = ANY(%s)",
            [[contact.id for contact in contacts]],
        )
        self.env.invalidate_all()
        cases[0].party_ids.filtered(lambda p: p.side == "b").unlink()
        cases[1].party_ids.filtered(lambda p: p.side == "b").partner_id = False
        cases[2].with_user(self.manager).unlink()
        run = self.make_run()
        self.assertFalse(run.sudo()._remove_loose_contacts())
        for contact in contacts:
            self.assertTrue(contact.exists())
        with freeze_time("2040-01-01"):
            run.sudo()._remove_loose_contacts()
        for contact in contacts:
            self.assertFalse(contact.exists())

    def test_contact_that_belongs_to_no_case_any_more_goes(self):
        case = self.make_quarrel()
        party = case.party_ids.filtered(lambda party: party.side == "b")
        gone, used = party.partner_id, (case.party_ids - party).partner_id
        party.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2025-01-01' WHERE id IN %s", [(gone.id, used.id)]
        )
        self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        run.action_warn()
        with freeze_time("2026-08-01"):
            self.carry_out(run)
        self.assertFalse(gone.exists())
        self.assertTrue(used.exists())
        self.assertEqual(run.contact_count, 1)

    def test_settings_are_for_the_administrator(self):
        settings = self.env["buurtbemiddeling.settings"].with_user(self.manager)
        settings.create({"buurtbemiddeling_retention_automatic": True})
        self.assertTrue(self.company.buurtbemiddeling_retention_automatic)
