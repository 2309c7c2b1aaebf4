from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_access_file import ANNA_TOLD, AccessFileCase


@tagged("post_install", "-at_install")
class TestPrivacyRequest(AccessFileCase):
    """AVG, articles 12 to 21: asked, answered in time, and logged without content."""

    # THE TERM

    def test_an_answer_is_due_in_thirty_days_and_never_after_a_month(self):
        self.request.received_date = date(2026, 3, 1)
        self.assertEqual(self.request.due_date, date(2026, 3, 31))
        self.request.received_date = date(2026, 1, 31)
        self.assertEqual(self.request.due_date, date(2026, 2, 28))
        self.company.buurtbemiddeling_answer_days = 14
        self.assertEqual(self.request.due_date, date(2026, 2, 14))

    def test_two_months_more_when_said_within_the_first(self):
        today = fields.Date.context_today(self.request)
        self.request.extension_reason = "complex"
        self.assertGreater(self.request.due_date, today + timedelta(days=85))
        late = self.make_request(partner_id=self.bert.id, received_date=today - timedelta(days=40))
        self.assertTrue(late.is_late)
        with self.assertRaises(ValidationError):
            late.extension_reason = "number"

    def test_it_shows_on_my_day_of_who_handles_it_and_later_as_too_late(self):
        kinds = {
            code: self.env["buurtbemiddeling.attention"]
            .with_user(self.coordinator)
            .search([("code", "=", code)])
            for code in ("PRIVACY_REQUEST", "PRIVACY_LATE")
        }
        found = {code: kind.record_count for code, kind in kinds.items()}
        self.assertEqual(found, {"PRIVACY_REQUEST": 1, "PRIVACY_LATE": 0})
        self.request.received_date -= timedelta(days=60)
        self.env.invalidate_all()
        found = {code: kind.record_count for code, kind in kinds.items()}
        self.assertEqual(found, {"PRIVACY_REQUEST": 0, "PRIVACY_LATE": 1})

    def test_a_request_of_tomorrow_or_of_nobody_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_request(
                partner_id=self.anna.id,
                received_date=fields.Date.context_today(self.request) + timedelta(days=1),
            )
        with self.assertRaises(ValidationError):
            self.make_request()

    # WHO

    def test_it_says_what_the_person_is_and_who_may_be_the_same(self):
        self.assertIn(self.case.name, self.request.role_text)
        self.assertIn(self.other_case.name, self.request.role_text)
        self.assertFalse(self.request.double_text)
        self.env["res.partner"].create(
            {"name": "anna witteveen", "company_id": self.company.id, "is_confidential": True}
        )
        self.env.invalidate_all()
        self.assertTrue(self.request.double_text)

    def test_the_name_of_a_request_names_nobody(self):
        self.assertNotIn("Anna", self.request.display_name)

    def test_the_button_of_a_party_fills_in_who_it_is(self):
        arch = self.env["buurtbemiddeling.case.party"].get_view(view_type="form")["arch"]
        self.assertIn("'default_partner_id': partner_id", arch)

    # THE LOG

    def test_nothing_is_left_of_who_asked_when_it_is_done(self):
        self.request.action_check()
        self.request.action_done()
        self.check_empty(self.request)
        self.assertEqual(self.request.state, "done")
        self.assertEqual(self.request.done_by_id, self.coordinator)
        self.assertIn(self.case.name, self.request.subject_text)

    def check_empty(self, request):
        """No name and no value of the person is in any column of the request."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(r)::text FROM buurtbemiddeling_privacy_request r WHERE id = %s",
            [request.id],
        )
        row = self.env.cr.fetchone()[0].lower()
        for marker in ("anna", "witteveen", "veenpad", ANNA_TOLD.lower(), "zwartkruin"):
            self.assertNotIn(marker, row)
        self.assertFalse(request.partner_id | request.party_id.partner_id)
        self.assertFalse(request.checked_digest)

    def test_what_is_done_stays_as_it_is(self):
        self.request.refusal_reason = "withdrawn"
        self.request.action_refuse()
        self.check_empty(self.request)
        for user in (self.coordinator, self.manager):
            request = self.request.with_user(user)
            with self.assertRaises(UserError):
                request.identity_check = "letter"
            with self.assertRaises(AccessError):
                request.unlink()

    def test_only_the_buttons_go_on_with_a_request(self):
        for user in (self.coordinator, self.manager):
            request = self.request.with_user(user)
            for vals in ({"state": "done"}, {"state": "checked"}, {"subject_text": "Anna"}):
                with self.assertRaises(AccessError):
                    request.write(vals)
                with self.assertRaises(AccessError):
                    request.create({"partner_id": self.anna.id, **vals})
        with self.assertRaisesRegex(UserError, "Look at the file"):
            self.request.action_done()
        with self.assertRaisesRegex(UserError, "why"):
            self.request.action_refuse()

    def test_there_is_no_field_to_type_in(self):
        """A free text would hold a name one day."""
        typed = [
            field.name
            for field in self.request._fields.values()
            if field.type in ("char", "text", "html") and field.store and not field.readonly
        ]
        self.assertEqual(typed, [])

    def test_of_a_closed_project_only_its_own_coordinators_see_a_request(self):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Besloten",
                "company_id": self.company.id,
                "user_ids": [Command.set(self.coordinator.ids)],
                "is_members_only": True,
                "date_start": date(2020, 1, 1),
            }
        )
        self.case.project_id = project
        self.other_case.project_id = project
        request = self.make_request(partner_id=self.bert.id)
        nameless = self.make_request(party_id=self.b.id)
        second = self.make_user("second", "buurtbemiddeling_case.group_user")
        self.env.invalidate_all()
        for mine in (request, nameless, self.request):
            self.assertTrue(mine.with_user(self.coordinator).has_access("read"))
            self.assertFalse(mine.with_user(second).has_access("read"))

    # CORRECTION AND RESTRICTION

    def test_correction_opens_the_screen_and_keeps_which_fields(self):
        request = self.make_request(partner_id=self.bert.id, kind="correction")
        action = request.action_open_records()
        self.assertEqual((action["res_model"], action["res_id"]), (self.b._name, self.b.id))
        with self.assertRaisesRegex(UserError, "Tick"):
            request.action_done()
        request.corrected_address = True
        with self.assertRaisesRegex(UserError, "told"):
            request.action_done()
        request.recipients_told = "told"
        request.action_done()
        self.check_empty(request)
        self.assertTrue(request.corrected_address)

    def test_restriction_tells_the_recipients(self):
        request = self.make_request(partner_id=self.bert.id, kind="restriction")
        with self.assertRaisesRegex(UserError, "told"):
            request.action_done()
        request.recipients_told = "nobody"
        request.action_done()
        self.assertEqual(request.state, "done")
