from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_recruitment import TODAY, RecruitmentCommon


@tagged("post_install", "-at_install")
class TestLeavingScreen(RecruitmentCommon):
    """Nobody leaves without a reason and a last day."""

    def setUp(self):
        super().setUp()
        self.volunteer = self.make_volunteer(date_start=date(2026, 1, 5))
        self.reason = self.code("leave.reason", "MOVED")

    def leave(self, **values):
        wizard = (
            self.env["buurtbemiddeling.volunteer.leave"]
            .with_user(self.coordinator)
            .create({"volunteer_id": self.volunteer.id, "reason_id": self.reason.id, **values})
        )
        wizard.action_leave()
        return wizard

    def test_dragging_to_left_asks_why(self):
        with self.assertRaises(Exception) as question:
            self.drag(self.volunteer, "left")
        self.assertEqual(type(question.exception).__name__, "RedirectWarning")
        action = question.exception.args[1]
        self.assertEqual(action["res_model"], "buurtbemiddeling.volunteer.leave")
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        self.assertEqual(form.date_end, TODAY)
        with self.assertRaisesRegex(AssertionError, "reason_id is a required field"):
            form.save()
        form.reason_id = self.reason
        form.note = "Goes to live with her daughter"
        form.save().action_leave()
        self.assertPhase(self.volunteer, "left")
        self.assertEqual(self.volunteer.date_end, TODAY)
        self.assertEqual(self.volunteer.leave_reason_id, self.reason)
        talk = self.volunteer.talk_ids
        self.assertEqual((talk.kind, talk.note), ("exit", "Goes to live with her daughter"))
        self.flush_tracking()
        self.assertNotIn("daughter", " ".join(self.volunteer.message_ids.mapped("body")))

    def test_no_exit_talk_no_talk(self):
        self.leave()
        self.assertFalse(self.volunteer.talk_ids)

    def test_nobody_leaves_before_the_first_day(self):
        with self.assertRaisesRegex(UserError, "can not leave before that"):
            self.leave(date_end=date(2026, 1, 4))
        self.assertPhase(self.volunteer, "active")
        self.leave(date_end=date(2026, 1, 5))
        self.assertPhase(self.volunteer, "left")

    def test_nobody_has_left_in_the_future(self):
        with self.assertRaisesRegex(UserError, "can not be in the future"):
            self.leave(date_end=date(2027, 6, 2))

    def test_running_cases_are_handed_over_first(self):
        case = self.make_case()
        self.couple(case, self.volunteer)
        with self.assertRaisesRegex(UserError, case.name):
            self.drag(self.volunteer, "left")
        with self.assertRaises(UserError) as refusal:
            self.leave(note="Bye")
        self.assertIn(case.name, str(refusal.exception))
        self.assertPhase(self.volunteer, "active")
        self.assertFalse(self.volunteer.talk_ids)

    def test_the_thank_you_goes_to_the_volunteer_as_plain_text(self):
        self.leave(thanks="Thank you, <script>Vera</script>!\nAll the best.")
        message = self.volunteer.message_ids.filtered("partner_ids")
        self.assertEqual(message.partner_ids, self.volunteer.partner_id)
        self.assertNotIn("<script>", message.body)
        self.assertIn("All the best.", message.body)

    def test_who_has_no_address_is_not_thanked_by_mail(self):
        self.volunteer.partner_id.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.leave(thanks="Thank you")
        self.leave()

    def test_coming_back_keeps_in_the_thread_why_someone_had_left(self):
        self.leave(date_end=date(2027, 5, 1))
        self.drag(self.volunteer, "pause")
        self.assertFalse(self.volunteer.date_end)
        self.assertFalse(self.volunteer.leave_reason_id)
        notes = " ".join(self.volunteer.message_ids.mapped("body"))
        self.assertIn("Had left on 05/01/2027; reason: Moved house", notes)
        self.assertEqual(self.volunteer.date_start, date(2026, 1, 5))

    def test_coming_back_into_a_phase_with_cases_takes_what_it_takes(self):
        self.leave()
        self.volunteer.document_ids.unlink()
        with self.assertRaisesRegex(UserError, "Still missing"):
            self.drag(self.volunteer, "active")
        self.assertEqual(self.volunteer.leave_reason_id, self.reason)

    def test_what_was_typed_in_the_screen_is_for_who_opened_it(self):
        wizard = self.env["buurtbemiddeling.volunteer.leave"].with_user(self.coordinator)
        wizard = wizard.create({"volunteer_id": self.volunteer.id, "reason_id": self.reason.id})
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["note"])
        with self.assertRaises(AccessError):
            wizard.with_user(self.stranger).create(
                {"volunteer_id": self.volunteer.id, "reason_id": self.reason.id}
            )

    def test_the_button_opens_the_same_screen(self):
        action = self.volunteer.with_user(self.coordinator).action_leave()
        self.assertEqual(action["context"], {"default_volunteer_id": self.volunteer.id})

    def test_reasons_that_were_used_stay(self):
        self.leave()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.reason.unlink()
