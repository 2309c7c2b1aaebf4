from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_retention import TODAY, RetentionCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestRetention(RetentionCase):
    """What is removed, when, and who is warned and may keep it longer."""

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
