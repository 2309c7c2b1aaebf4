from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import buurtbemiddeling_retention_removal_mixin
from .common import CaseCommon

TODAY = date(2026, 6, 15)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestRetention(CaseCommon):
    """What is removed, when, and who is warned and may keep it longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "buurtbemiddeling_retention_months": 24,
                "buurtbemiddeling_retention_request_months": 6,
                "buurtbemiddeling_retention_warning_days": 28,
            }
        )
        cls.runs = cls.env["buurtbemiddeling.retention.run"]
        cls.cases = cls.env["buurtbemiddeling.case"]

    @classmethod
    def make_closed(cls, day, **values):
        """Return a case that was closed on ``day`` after a quarrel was solved."""
        return cls.make_quarrel(
            **{
                "registration_date": day - timedelta(days=30),
                "close_date": day,
                "outcome_id": cls.code("outcome", "OPG_BEM").id,
                "intervention_id": cls.code("intervention", "BEM").id
                or cls.env["buurtbemiddeling.intervention"].search([], limit=1).id,
                **values,
            }
        )

    def is_due(self, case, kind="case", day=TODAY):
        domain = self.cases._get_retention_domain(self.company, kind, day)
        return case in self.cases.with_context(active_test=False).search(domain)

    def make_run(self):
        return self.runs.with_user(self.manager).browse(
            self.runs.with_user(self.manager).action_make_list()["res_id"]
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("buurtbemiddeling_case.ir_cron_retention").method_direct_trigger()
        self.env.invalidate_all()

    def carry_out(self, run):
        """Start a run on another day, and let the server do it."""
        run.invalidate_recordset()
        run.action_start()
        self.run_cron()

    def is_removed(self, case):
        return bool(case.anonymized_date) and not case.party_ids.partner_id

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def test_case_is_due_two_years_after_closing(self):
        case = self.make_closed(date(2024, 6, 15))
        self.assertTrue(self.is_due(case))
        self.assertFalse(self.is_due(case, day=TODAY - timedelta(days=1)))
        self.assertFalse(self.is_due(case, kind="request"))

    def test_term_counts_from_aftercare_when_that_was_later(self):
        case = self.make_closed(date(2024, 6, 1), aftercare_date=date(2024, 7, 10))
        self.assertFalse(self.is_due(case))
        self.assertTrue(self.is_due(case, day=date(2026, 7, 10)))
        self.assertEqual(case.retention_date, date(2026, 7, 10))

    def test_open_case_has_no_term(self):
        case = self.make_quarrel(registration_date=date(2020, 1, 1))
        self.assertFalse(self.is_due(case))
        self.assertFalse(case.retention_date)

    def test_archived_case_is_due_as_well(self):
        case = self.make_closed(date(2024, 1, 1))
        case.sudo().active = False
        self.assertTrue(self.is_due(case))

    def test_each_organisation_has_its_own_term(self):
        case = self.make_closed(date(2025, 1, 1))
        self.assertFalse(self.is_due(case))
        self.company.buurtbemiddeling_retention_months = 12
        self.assertTrue(self.is_due(case))
        domain = self.cases._get_retention_domain(self.other_company, "case", TODAY)
        self.assertNotIn(case, self.cases.search(domain))

    def test_request_that_was_not_continued_has_a_shorter_term(self):
        for decision, outcome in (
            ("unsuitable", "ONGESCHIKT"), ("refer", "DOORVERWEZEN"), ("advice", "OPG_ADVIES"),
        ):  # fmt: skip
            with self.subTest(decision=decision):
                case = self.make_closed(
                    date(2025, 12, 1),
                    intake_decision=decision,
                    outcome_id=self.code("outcome", outcome).id,
                )
                self.assertTrue(self.is_due(case, "request"))
                self.assertFalse(self.is_due(case, "case", date(2030, 1, 1)))
                self.assertEqual(case.retention_date, date(2026, 6, 1))

    def test_request_that_was_withdrawn_before_any_help_has_the_shorter_term(self):
        case = self.make_closed(
            date(2025, 12, 1),
            outcome_id=self.code("outcome", "A_TREKT_TERUG").id,
            intervention_id=False,
        )
        self.assertTrue(self.is_due(case, "request"))

    def test_withdrawn_after_a_talk_is_a_case(self):
        case = self.make_closed(
            date(2025, 12, 1),
            outcome_id=self.code("outcome", "A_TREKT_TERUG").id,
            intervention_id=False,
        )
        self.env["buurtbemiddeling.meeting"].create(
            {"case_id": case.id, "start": "2025-11-20 10:00:00", "kind": "talk_a", "state": "done"}
        )
        self.assertFalse(self.is_due(case, "request"))
        self.assertTrue(self.is_due(case, "case", date(2027, 12, 1)))

    def test_imported_case_without_details_is_a_case(self):
        case = self.make_closed(date(2025, 12, 1), intervention_id=False, intake_decision=False)
        self.assertFalse(self.is_due(case, "request"))

    def test_mail_without_a_place_goes_after_the_term_of_requests(self):
        mails = self.env["buurtbemiddeling.unsorted.mail"]
        old, new = mails.create(
            [
                {"company_id": self.company.id, "reason": "other", "date": day}
                for day in ("2025-12-15 23:30:00", "2025-12-16 00:30:00")
            ]
        )
        due = mails.search(mails._get_retention_domain(self.company, "request", TODAY))
        self.assertIn(old, due)
        self.assertNotIn(new, due)

    def test_splitting_does_not_begin_a_term_anew(self):
        """A closed case is not split or merged, so its term goes on (Signalen 434)."""
        case = self.make_closed(date(2024, 6, 15))
        other = self.make_closed(date(2024, 6, 15))
        with self.assertRaises(UserError):
            case.action_split()
        with self.assertRaises(UserError):
            (case | other).action_merge()
        self.assertTrue(self.is_due(case))

    def test_terms_of_settings_make_sense(self):
        for vals in (
            {"buurtbemiddeling_retention_months": 0},
            {"buurtbemiddeling_retention_request_months": 0},
            {"buurtbemiddeling_retention_request_months": 25},
            {"buurtbemiddeling_retention_warning_days": 0},
        ):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.company.write(vals)
                self.company.flush_recordset()

    def test_letter_names_the_term_of_its_case(self):
        case = self.make_quarrel()
        party = case.party_ids[0].with_context(letter_language="en")
        self.assertEqual(party.retention_text, "2 years")
        case.intake_decision = "unsuitable"
        self.assertEqual(party.retention_text, "6 months")

    # ------------------------------------------------------------
    # LIST
    # ------------------------------------------------------------

    def test_list_changes_nothing_and_names_nobody(self):
        case = self.make_closed(date(2024, 6, 1))
        soon = self.make_closed(date(2024, 7, 10))
        later = self.make_closed(date(2024, 8, 1))
        run = self.make_run()
        lines = {line.res_id: line for line in run.line_ids}
        self.assertEqual(lines.keys() & {case.id, soon.id, later.id}, {case.id, soon.id})
        line = lines[case.id]
        self.assertEqual(line.name, case.name)
        self.assertEqual(line.due_date, date(2026, 6, 1))
        self.assertEqual(line.resident_count, 2)
        self.assertGreater(line.message_count, 0)
        self.assertEqual(run.state, "draft")
        self.assertFalse(case.anonymized_date)
        shown = str(run.read()) + str(run.line_ids.read())
        for name in ("Anna", "Bert", "Dorpsstraat"):
            self.assertNotIn(name, shown)

    def test_list_that_was_not_warned_for_removes_nothing(self):
        case = self.make_closed(date(2024, 6, 1))
        run = self.make_run()
        with self.assertRaises(UserError):
            run.action_start()
        self.run_cron()
        self.assertFalse(case.anonymized_date)

    def test_list_can_be_thrown_away_but_the_log_can_not(self):
        self.make_closed(date(2024, 6, 1))
        self.make_run().unlink()
        run = self.make_run()
        run.action_warn()
        with self.assertRaises(UserError):
            run.unlink()

    def test_number_of_queries_does_not_grow_with_the_list(self):
        self.make_closed(date(2024, 6, 1))
        few = self.count_queries(self.make_run)
        for _index in range(4):
            self.make_closed(date(2024, 6, 1))
        self.assertLessEqual(self.count_queries(self.make_run), few)

    # ------------------------------------------------------------
    # WARNING
    # ------------------------------------------------------------

    def test_coordinator_is_warned_without_names(self):
        case = self.make_closed(date(2024, 6, 1))
        run = self.make_run()
        run.action_warn()
        todo = run.sudo().activity_ids
        self.assertEqual(todo.user_id, self.coordinator)
        self.assertEqual(todo.date_deadline, TODAY + timedelta(days=28))
        self.assertNotIn("Anna", f"{todo.summary}{todo.note}{todo.res_name}")
        mine = run.with_user(self.coordinator)
        self.assertEqual(mine.line_ids.res_id, case.id)
        self.assertEqual(mine.line_ids.action_open()["res_id"], case.id)

    def test_case_of_who_left_is_warned_for_to_an_administrator(self):
        self.make_closed(date(2024, 6, 1))
        self.coordinator.sudo().active = False
        run = self.make_run()
        run.action_warn()
        self.assertEqual(run.sudo().activity_ids.user_id, self.manager)

    def test_nothing_goes_that_was_not_warned_for_long_enough(self):
        case = self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        run.action_warn()
        with self.assertRaises(UserError):
            run.action_start()
        with freeze_time("2026-07-12"), self.assertRaises(UserError):
            run.action_start()
        with freeze_time("2026-07-13"):
            self.carry_out(run)
        self.assertTrue(self.is_removed(case))

    def test_what_was_warned_for_a_moment_ago_is_in_no_other_list(self):
        case = self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        self.assertIn(case, dict(run._find_due(self.company, TODAY))["case"])
        self.env.flush_all()
        run.sudo().state = "warned"  # not in the database yet
        self.assertNotIn(case, dict(run._find_due(self.company, TODAY))["case"])

    def test_nothing_goes_before_its_own_day(self):
        early, late = self.make_closed(date(2024, 1, 1)), self.make_closed(date(2024, 7, 20))
        run = self.make_run()
        run.action_warn()
        with freeze_time("2026-07-13"):
            self.carry_out(run)
            self.assertTrue(self.is_removed(early))
            self.assertFalse(late.anonymized_date)
            self.assertEqual(run.state, "warned")
        with freeze_time("2026-07-20"):
            self.carry_out(run)
        self.assertTrue(self.is_removed(late))
        self.assertEqual(run.state, "done")
        self.assertFalse(run.sudo().activity_ids)

    # ------------------------------------------------------------
    # HOLD
    # ------------------------------------------------------------

    def test_coordinator_keeps_a_case_longer_with_a_reason(self):
        case = self.make_closed(date(2024, 1, 1))
        run = self.make_run()
        run.action_warn()
        case.with_user(self.coordinator).write(
            {"retention_hold_until": date(2026, 8, 1), "retention_hold_reason": "A complaint"}
        )
        self.assertEqual(run.line_ids.hold_until, date(2026, 8, 1))
        self.assertFalse(self.is_due(case))
        with freeze_time("2026-07-14"):
            self.carry_out(run)
        self.assertFalse(case.anonymized_date)
        self.assertEqual(run.line_ids.state, "held")
        self.assertEqual(run.held_count, 1)
        with freeze_time("2026-08-02"):
            self.assertTrue(self.is_due(case, day=date(2026, 8, 2)), "the hold has ended")
            self.assertIn(case.id, self.make_run().line_ids.mapped("res_id"))

    def test_hold_has_a_reason_and_an_end_in_the_future(self):
        case = self.make_closed(date(2024, 1, 1))
        for vals in (
            {"retention_hold_until": date(2026, 8, 1)},
            {"retention_hold_until": date(2026, 8, 1), "retention_hold_reason": "  "},
            {"retention_hold_reason": "A complaint"},
            {"retention_hold_until": date(2026, 6, 1), "retention_hold_reason": "A complaint"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError), self.cr.savepoint():
                case.write(vals)

    def test_who_asked_for_his_data_is_answered_before_they_go(self):
        first, second = self.make_closed(date(2024, 1, 1)), self.make_closed(date(2024, 1, 1))
        second.party_ids[1].partner_id = False
        requests = self.env["buurtbemiddeling.privacy.request"].with_user(self.manager)
        by_contact = requests.create({"partner_id": first.party_ids[0].partner_id.id})
        by_address = requests.create({"party_id": second.party_ids[1].id})
        other = self.make_closed(date(2024, 1, 1))
        self.assertTrue(self.is_due(other))
        for request, case in ((by_contact, first), (by_address, second)):
            with self.subTest(request=request):
                self.assertFalse(self.is_due(case))
                request.write({"refusal_reason": "withdrawn"})
                request.action_refuse()
                self.assertTrue(self.is_due(case))

    def test_reason_of_a_hold_is_forgotten_too(self):
        case = self.make_closed(date(2024, 1, 1))
        case.write(
            {"retention_hold_until": date(2026, 8, 1), "retention_hold_reason": "Anna's lawyer"}
        )
        case._anonymize()
        self.assertFalse(case.retention_hold_reason)

    # ------------------------------------------------------------
    # REMOVING
    # ------------------------------------------------------------

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
