from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestAssignment(VolunteerCommon):
    def setUp(self):
        super().setUp()
        self.case = self.make_case()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")

    def test_only_an_active_mediator_is_invited(self):
        for stage in ("interest", "training", "pause", "left"):
            volunteer = self.make_volunteer(f"In {stage}", stage)
            with self.subTest(stage=stage), self.assertRaisesRegex(UserError, f"In {stage}"):
                self.couple(self.case, volunteer, "invited")
        for stage in ("first_cases", "active"):
            self.couple(self.case, self.make_volunteer(f"In {stage}", stage), "invited")

    def test_a_declined_row_of_a_resting_volunteer_is_not_made_live_again(self):
        assignment = self.couple(self.case, self.vera, "declined")
        self.vera.stage_id = self.code("volunteer.stage", "pause")
        with self.assertRaisesRegex(UserError, "Vera"):
            assignment.state = "invited"

    def test_running_work_goes_on_in_a_pause(self):
        assignment = self.couple(self.case, self.vera, "invited")
        self.vera.stage_id = self.code("volunteer.stage", "pause")
        assignment.state = "accepted"
        self.assertTrue(assignment.is_live)

    def test_history_of_someone_who_left_comes_in(self):
        gone = self.make_volunteer("Gone", "left")
        row = self.couple(self.case, gone, "ended", date_end=date(2026, 3, 20))
        self.assertEqual((row.date_start, row.date_end), (date(2026, 3, 9), date(2026, 3, 20)))
        imported = self.env["buurtbemiddeling.assignment"].with_context(import_file=True)
        self.assertTrue(
            imported.create({"case_id": self.case.id, "volunteer_id": gone.id, "state": "accepted"})
        )

    def test_a_mediator_is_coupled_to_a_case_once_at_a_time(self):
        self.couple(self.case, self.vera, "invited")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.couple(self.case, self.vera, "accepted")
            self.env.flush_all()

    def test_a_mediator_who_left_the_case_can_come_back_and_history_stays(self):
        first = self.couple(self.case, self.vera, "accepted", hours=4)
        first.write({"state": "ended", "date_end": date(2026, 4, 1)})
        second = self.couple(self.case, self.vera, "invited")
        self.couple(self.case, self.wim, "declined")
        self.assertEqual(self.case.volunteer_ids, self.vera)
        self.assertEqual(len(self.case.assignment_ids), 3)
        self.assertEqual((first.state, first.hours), ("ended", 4))
        self.assertTrue(second.is_live)

    @freeze_time("2026-04-20")
    def test_what_ends_or_is_declined_has_a_last_day(self):
        ended, declined = self.couple(self.case, self.vera), self.couple(self.case, self.wim)
        ended.state = "ended"
        declined.state = "declined"
        self.assertEqual(ended.date_end, date(2026, 4, 20))
        self.assertEqual(declined.date_end, date(2026, 4, 20))
        declined.state = "accepted"
        self.assertFalse(declined.date_end)

    def test_work_does_not_end_before_it_begins(self):
        assignment = self.couple(self.case, self.vera)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            assignment.write({"state": "ended", "date_end": date(2026, 3, 8)})
            self.env.flush_all()

    def test_hours_are_not_negative(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.couple(self.case, self.vera, hours=-1)
            self.env.flush_all()

    def test_a_neighbour_does_not_mediate_in_their_own_quarrel(self):
        case = self.make_quarrel()
        self.vera.partner_id = case.party_ids.partner_id[0]
        with self.assertRaisesRegex(ValidationError, "one of the neighbours"):
            self.couple(case, self.vera)

    def test_a_mistaken_invitation_may_go_and_work_stays(self):
        self.couple(self.case, self.vera, "invited").unlink()
        for state in ("accepted", "ended"):
            row = self.couple(self.case, self.wim, state)
            with self.assertRaisesRegex(UserError, "history"):
                row.unlink()
            row.with_user(self.manager).unlink()

    def test_a_mediator_of_another_organisation_is_refused(self):
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Elders"}).id,
                "company_id": self.other_company.id,
                "stage_id": self.code("volunteer.stage", "active").id,
            }
        )
        with self.assertRaises(UserError):
            self.env["buurtbemiddeling.assignment"].create(
                {"case_id": self.case.id, "volunteer_id": elsewhere.id}
            )


@tagged("post_install", "-at_install")
class TestClosing(VolunteerCommon):
    """A closed case has no mediators at work."""

    def setUp(self):
        super().setUp()
        self.case = self.make_case()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        self.outcome = self.code("outcome", "OPG_BEM")

    def close(self, cases, day):
        wizard = self.env["buurtbemiddeling.case.close"].with_user(self.coordinator).create(
            {"case_ids": [(6, 0, cases.ids)], "outcome_id": self.outcome.id, "close_date": day}
        )
        wizard.action_close()

    def test_closing_ends_the_work_on_the_closing_date(self):
        rows = self.couple(self.case, self.vera, "accepted")
        rows += self.couple(self.case, self.wim, "invited")
        declined = self.couple(self.case, self.make_volunteer("Nee"), "declined")
        self.close(self.case, date(2026, 4, 30))
        self.assertEqual(rows.mapped("state"), ["ended", "declined"], "Wim never began")
        self.assertEqual(set(rows.reason_id.mapped("code")), {"ZAAK_GESLOTEN"})
        self.assertEqual(set(rows.mapped("date_end")), {date(2026, 4, 30)})
        self.assertEqual(declined.state, "declined")
        self.assertFalse(self.case.volunteer_ids)
        self.assertEqual(len(self.case.assignment_ids), 3)

    def test_corrected_closing_date_corrects_the_last_day(self):
        row = self.couple(self.case, self.vera, "accepted")
        row.date_start = date(2026, 3, 3)
        self.close(self.case, date(2026, 6, 1))
        self.case.close_date = date(2026, 5, 1)
        self.assertEqual(row.date_end, date(2026, 5, 1))

    def test_each_case_has_its_own_closing_date(self):
        other = self.make_case()
        row, other_row = self.couple(self.case, self.vera), self.couple(other, self.vera)
        self.close(self.case, date(2026, 4, 30))
        self.assertTrue(other_row.is_live)
        self.close(other, date(2026, 5, 8))
        self.assertEqual(row.date_end, date(2026, 4, 30))
        self.assertEqual(other_row.date_end, date(2026, 5, 8))

    @freeze_time("2026-06-02")
    def test_dragging_a_case_to_closed_ends_the_work_today(self):
        row = self.couple(self.case, self.vera)
        self.case.outcome_id = self.outcome
        self.case.stage_id = self.stage("closed")
        self.assertEqual((row.state, row.date_end), ("ended", date(2026, 6, 2)))

    def test_closing_on_a_day_before_the_coupling(self):
        row = self.couple(self.case, self.vera, date_start=date(2026, 5, 4))
        self.close(self.case, date(2026, 4, 30))
        self.assertEqual(row.date_end, date(2026, 4, 30))
        self.assertLessEqual(row.date_start, row.date_end)

    def test_a_case_that_comes_in_closed_brings_history_only(self):
        case = self.make_case(
            close_date=date(2026, 4, 30),
            assignment_ids=[(0, 0, {"volunteer_id": self.vera.id, "state": "accepted"})],
        )
        self.assertEqual(case.assignment_ids.state, "ended")
        self.assertEqual(case.assignment_ids.date_end, date(2026, 4, 30))

    def test_reopening_leaves_history_and_needs_a_new_invitation(self):
        row = self.couple(self.case, self.vera)
        self.close(self.case, date(2026, 4, 30))
        self.case.stage_id = self.stage("mediation")
        self.assertEqual(row.state, "ended")
        self.assertFalse(self.case.volunteer_ids)
        self.couple(self.case, self.vera, "invited", date_start=date(2026, 5, 4))
        self.assertEqual(self.case.volunteer_ids, self.vera)
