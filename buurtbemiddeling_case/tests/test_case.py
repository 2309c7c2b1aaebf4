from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestCase(CaseCommon):
    """Number, phases and the clock of a case."""

    def test_numbers_run_per_organisation_and_year_of_registration(self):
        cases = self.env["buurtbemiddeling.case"].create(
            [
                {"company_id": self.company.id, "registration_date": date(2025, 12, 31)},
                {"company_id": self.company.id, "registration_date": date(2026, 1, 1)},
                {"company_id": self.company.id, "registration_date": date(2026, 1, 2)},
                {"company_id": self.other_company.id, "registration_date": date(2026, 1, 2)},
            ]
        )
        self.assertEqual(cases.mapped("name"), ["2025-0001", "2026-0001", "2026-0002", "2026-0001"])
        self.assertEqual(self.make_case().name, "2026-0003")

    def test_bulk_needs_only_a_registration_date(self):
        cases = self.env["buurtbemiddeling.case"].create(
            [{"registration_date": date(2020, 1, 1)}] * 3
        )
        self.assertEqual(set(cases.stage_id.mapped("code")), {"new"})
        self.assertEqual(len(set(cases.mapped("name"))), 3)

    def test_empty_cells_of_an_import_take_the_defaults(self):
        result = self.env["buurtbemiddeling.case"].load(
            ["external_ref", "registration_date", "stage_id", "close_date", "outcome_id"],
            [
                ["A1", "2020-01-01", "Closed", "2020-02-01", "Not solved"],
                ["A2", "2020-01-01", "", "", ""],
            ],
        )
        self.assertFalse(result["messages"])
        cases = self.env["buurtbemiddeling.case"].browse(result["ids"])
        self.assertEqual(cases.stage_id.mapped("code"), ["closed", "new"])

    def test_creating_nothing_is_nothing(self):
        self.assertFalse(self.env["buurtbemiddeling.case"].create([]))

    def test_imported_numbers_are_passed_over(self):
        self.make_case(name="2026-0001")
        self.make_case(name="2026-0003")
        cases = self.env["buurtbemiddeling.case"].create(
            [{"company_id": self.company.id, "registration_date": date(2026, 1, 1)}] * 3
        )
        self.assertEqual(cases.mapped("name"), ["2026-0002", "2026-0004", "2026-0005"])

    def test_numbers_follow_defaults_and_a_sequence_without_gaps(self):
        cases = self.env["buurtbemiddeling.case"].with_context(
            default_company_id=self.other_company.id, default_registration_date="2031-05-01"
        )
        self.assertEqual(cases.create({}).name, "2031-0001")
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "buurtbemiddeling.case"), ("company_id", "=", self.other_company.id)]
        )
        sequence.implementation = "no_gap"
        self.assertEqual(cases.create([{}, {}]).mapped("name"), ["2031-0002", "2031-0003"])

    def test_organisation_without_a_working_calendar_counts_weekdays(self):
        self.company.resource_calendar_id = False
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 9))

    def test_case_with_residents_stays_in_its_organisation(self):
        with self.assertRaisesRegex(UserError, "stays in its organisation"):
            self.make_quarrel().with_user(self.env.user).company_id = self.other_company

    def test_deleting_a_case_leaves_nothing_of_its_residents_behind(self):
        case = self.make_quarrel().with_user(self.manager)
        party = case.party_ids[0]
        message = party.message_post(body="Story")
        attachment = self.env["ir.attachment"].create(
            {"name": "f", "raw": b"x", "res_model": party._name, "res_id": party.id}
        )
        talk = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": case.id, "start": "2027-01-04 18:00:00"}
        )
        event = talk.event_id
        case.unlink()
        for record in (message, attachment, talk, event, party):
            self.assertFalse(record.exists(), record._name)

    def test_phase_with_cases_can_not_become_a_closing_one(self):
        self.make_case(stage_id=self.stage("aftercare").id)
        with self.assertRaisesRegex(UserError, "There are cases in this phase"):
            self.stage("aftercare").is_closed = True

    def test_number_of_the_old_system_is_unique_in_the_organisation(self):
        self.make_case(external_ref="OLD-1")
        self.make_case(external_ref="")
        self.make_case(external_ref="")
        self.make_case(self.stranger, external_ref="OLD-1", company_id=self.other_company.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_case(external_ref="OLD-1")

    def test_phase_is_due_after_its_norm_in_working_days(self):
        """From Monday 2 March, five working days: due on Monday 9 March."""
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 9))

    def test_days_off_of_the_organisation_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-04 00:00:00",
                "date_to": "2026-03-04 23:00:00",
            }
        )
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 10))

    def test_phase_clock_starts_again_when_the_phase_changes(self):
        case = self.make_case()
        self.assertEqual(case.stage_date, date(2026, 3, 2))
        with freeze_time("2026-03-12"):
            case.stage_id = self.stage("talk_a")
            self.assertEqual(case.stage_date, date(2026, 3, 12))
            self.assertEqual(case.days_in_stage, 0)

    def test_card_says_on_time_due_or_late(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        for today, days, status in (
            ("2026-03-03", 1, "on_time"),
            ("2026-03-09", 7, "due"),
            ("2026-03-10", 8, "late"),
        ):
            with freeze_time(today):
                case.invalidate_recordset()
                self.assertEqual((case.days_in_stage, case.stage_status), (days, status))

    def test_late_cases_are_found_by_their_deadline(self):
        late = self.make_case(stage_id=self.stage("intake").id)
        today = self.make_case(registration_date=date.today(), stage_id=self.stage("intake").id)
        found = self.env["buurtbemiddeling.case"].search(
            [("is_closed", "=", False), ("stage_deadline", "<", "today")]
        )
        self.assertIn(late, found)
        self.assertNotIn(today, found)

    def test_phase_asks_for_its_required_fields_and_names_them(self):
        stage = self.stage("assigned")
        stage.required_field_ids = self.env["ir.model.fields"]._get(
            "buurtbemiddeling.case", "intake_decision"
        )
        case = self.make_case(intake_decision=False)
        with self.assertRaisesRegex(UserError, "Intake Decision.*" + case.name):
            case.stage_id = stage
        case.write({"intake_decision": "suitable", "stage_id": stage.id})
        self.assertEqual(case.stage_id, stage)
        self.assertEqual(self.make_case(stage_id=stage.id).stage_id, stage, "history comes in")

    def test_board_shows_every_phase_in_order(self):
        self.make_case()
        groups = (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .with_context(read_group_expand=True)
            .formatted_read_group([], ["stage_id"], ["__count"])
        )
        self.assertEqual(
            [group["stage_id"][0] for group in groups],
            self.env["buurtbemiddeling.case.stage"].search([]).ids,
        )

    def test_copy_is_a_new_request(self):
        case = self.make_quarrel(outcome_id=self.code("outcome", "OPG_BEM").id)
        copy = case.copy()
        self.assertEqual(copy.stage_id.code, "new")
        self.assertEqual(copy.registration_date, date.today())
        self.assertFalse(copy.outcome_id or copy.party_ids or copy.intake_date)
        self.assertNotEqual(copy.name, case.name)
