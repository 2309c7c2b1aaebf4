from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestVolunteer(VolunteerCommon):
    def test_a_new_volunteer_starts_with_interest(self):
        partner = self.env["res.partner"].create({"name": "Nieuw"})
        volunteer = self.env["buurtbemiddeling.volunteer"].create({"partner_id": partner.id})
        self.assertEqual(volunteer.stage_id.code, "interest")
        self.assertFalse(volunteer.is_available)

    def test_a_volunteer_is_an_ordinary_contact(self):
        self.assertFalse(self.make_volunteer().partner_id.is_confidential)

    def test_a_person_is_a_volunteer_of_an_organisation_once(self):
        volunteer = self.make_volunteer()
        values = {"partner_id": volunteer.partner_id.id, "company_id": self.company.id}
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["buurtbemiddeling.volunteer"].create(values)
            self.env.flush_all()

    def test_a_contact_who_is_a_volunteer_is_not_deleted(self):
        volunteer = self.make_volunteer()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            volunteer.partner_id.sudo().unlink()

    def test_the_board_shows_empty_phases_too(self):
        volunteer = self.make_volunteer()
        groups = (
            volunteer.with_context(read_group_expand=True)
            .formatted_read_group([("id", "=", volunteer.id)], ["stage_id"], ["__count"])
        )
        self.assertEqual(len(groups), 8)

    def test_login_belongs_to_the_volunteer(self):
        volunteer = self.make_volunteer()
        with self.assertRaisesRegex(ValidationError, "Choose the login of Vera"):
            volunteer.user_id = self.portal
        own = self.make_volunteer(name="Own")
        own.partner_id = self.portal.partner_id
        own.user_id = self.portal
        self.assertEqual(own.user_id, self.portal)


@tagged("post_install", "-at_install")
class TestGettingCases(VolunteerCommon):
    """Nobody mediates without basic training, signed agreement and confidentiality statement."""

    def setUp(self):
        super().setUp()
        self.volunteer = self.make_volunteer(stage="training")

    def test_what_is_missing_is_named(self):
        with self.assertRaises(UserError) as refusal:
            self.move(self.volunteer, "first_cases")
        for words in ("Vera", "basic training", "agreement", "confidentiality statement"):
            self.assertIn(words, str(refusal.exception))
        self.pass_basic_training(self.volunteer)
        self.sign(self.volunteer, "agreement")
        with self.assertRaises(UserError) as refusal:
            self.move(self.volunteer, "active")
        self.assertIn("confidentiality statement", str(refusal.exception))
        self.assertNotIn("basic training", str(refusal.exception))
        self.assertNotIn("signed agreement", str(refusal.exception))

    @freeze_time("2026-05-04")
    def test_with_everything_in_order_the_first_day_is_today(self):
        self.pass_basic_training(self.volunteer)
        self.sign(self.volunteer, "agreement", "confidentiality")
        self.move(self.volunteer, "first_cases")
        self.assertEqual(self.volunteer.date_start, date(2026, 5, 4))
        self.move(self.volunteer, "pause")
        self.move(self.volunteer, "active")
        self.assertEqual(self.volunteer.date_start, date(2026, 5, 4))

    def test_fourteen_and_a_half_hours_are_not_enough(self):
        enrolment = self.pass_basic_training(self.volunteer, hours=14.5)
        self.assertFalse(self.volunteer.basic_training_date)
        enrolment.attended_hours = 15
        self.assertEqual(self.volunteer.basic_training_date, date(2027, 4, 5))

    def test_an_advanced_training_is_no_basic_training(self):
        session = self.make_session(self.make_training("advanced", hours=16))
        self.enrol(session, self.volunteer, attended_hours=16, result="passed")
        self.assertFalse(self.volunteer.basic_training_date)

    def test_being_there_is_not_passing(self):
        self.enrol(self.make_session(), self.volunteer, attended_hours=18, result="failed")
        self.assertFalse(self.volunteer.basic_training_date)

    def test_an_expired_agreement_does_not_count(self):
        self.pass_basic_training(self.volunteer)
        self.sign(self.volunteer, "confidentiality")
        self.sign(self.volunteer, "agreement", valid_until=date(2026, 2, 1))
        with self.assertRaisesRegex(UserError, "signed agreement"):
            self.move(self.volunteer, "active")

    def test_signing_and_moving_in_one_go(self):
        self.pass_basic_training(self.volunteer)
        self.volunteer.write(
            {
                "stage_id": self.code("volunteer.stage", "active").id,
                "document_ids": [
                    (0, 0, {"kind": kind, "date": date(2026, 1, 5)})
                    for kind in ("agreement", "confidentiality")
                ],
            }
        )
        self.assertTrue(self.volunteer.stage_id.is_active)

    def test_history_comes_in_with_what_is_known(self):
        self.assertTrue(self.make_volunteer("Imported").stage_id.is_active)
        self.volunteer.with_context(import_file=True).stage_id = self.code(
            "volunteer.stage", "active"
        )
        self.assertTrue(self.volunteer.stage_id.is_active)

    def test_recruitment_asks_for_nothing(self):
        for stage in ("interest", "information", "intake", "training", "pause"):
            self.move(self.volunteer, stage)
        self.assertFalse(self.volunteer.date_start)


@tagged("post_install", "-at_install")
class TestLeaving(VolunteerCommon):
    @freeze_time("2026-05-04")
    def test_leaving_has_a_day_and_coming_back_removes_it(self):
        volunteer = self.make_volunteer()
        self.move(volunteer, "left")
        self.assertEqual(volunteer.date_end, date(2026, 5, 4))
        self.move(volunteer, "pause")
        self.assertFalse(volunteer.date_end)

    def test_who_still_has_a_case_first_hands_it_over(self):
        case, volunteer = self.make_case(), self.make_volunteer()
        assignment = self.couple(case, volunteer)
        with self.assertRaisesRegex(UserError, case.name):
            self.move(volunteer, "left")
        assignment.state = "ended"
        self.move(volunteer, "left")
        self.assertEqual(volunteer.stage_id.code, "left")

    def test_nobody_leaves_before_the_first_day(self):
        volunteer = self.make_volunteer(date_start=date(2026, 5, 4))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            volunteer.date_end = date(2026, 5, 3)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestLoad(VolunteerCommon):
    """Running cases against what the volunteer wants."""

    def setUp(self):
        super().setUp()
        self.volunteer = self.make_volunteer(max_cases=2)

    def test_invited_and_accepted_cases_run_and_each_case_counts_once(self):
        first, second, third = (self.make_case() for _ in range(3))
        self.couple(first, self.volunteer, "ended")
        self.couple(first, self.volunteer, "invited")
        self.couple(second, self.volunteer, "ended")
        self.couple(third, self.volunteer, "declined")
        self.assertEqual(self.volunteer.active_case_count, 1)
        self.assertEqual(self.volunteer.case_count, 2)
        action = self.volunteer.action_open_cases()
        self.assertEqual(self.env["buurtbemiddeling.case"].search(action["domain"]), second + first)

    def find(self, **criteria):
        domain = [(name, "=", value) for name, value in criteria.items()]
        return self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator).search(domain)

    def test_a_volunteer_with_room_is_found_and_a_full_one_is_not(self):
        resting = self.make_volunteer("Rust", stage="pause")
        self.couple(self.make_case(), self.volunteer)
        self.assertTrue(self.volunteer.is_available)
        self.assertEqual(self.find(is_available=True), self.volunteer)
        self.couple(self.make_case(), self.volunteer, "invited")
        self.assertFalse(self.volunteer.is_available)
        self.assertFalse(self.find(is_available=True))
        self.assertEqual(self.find(is_available=False), self.volunteer + resting)

    def test_the_list_to_choose_from_says_how_busy_someone_is(self):
        self.couple(self.make_case(), self.volunteer)
        shown = self.volunteer.with_context(formatted_display_name=True).display_name
        self.assertIn("1 of 2 cases", shown)
        self.assertEqual(self.volunteer.display_name, "Vera")

    def test_one_case_too_many_warns_and_is_not_forbidden(self):
        self.couple(self.make_case(), self.volunteer)
        form = Form(self.env["buurtbemiddeling.assignment"].with_user(self.coordinator))
        with self.assertNoLogs("odoo.tests.form.onchange", "WARNING"):
            form.case_id = self.make_case()
            form.volunteer_id = self.volunteer
        form.save()
        form = Form(self.env["buurtbemiddeling.assignment"].with_user(self.coordinator))
        form.case_id = self.make_case()
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as warnings:
            form.volunteer_id = self.volunteer
        self.assertIn("wants at most 2", "".join(warnings.output))
        form.save()
        self.assertEqual(self.volunteer.active_case_count, 3)
