import base64
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .test_requirement import RequirementCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 09:00:00")
class TestProtocol(RequirementCommon, MockEmail):
    """Each volunteer has read and accepted the current protocol, and who has not is a list."""

    def setUp(self):
        super().setUp()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")

    def make_protocol(self, version="1", publish=True, **values):
        protocol = (
            self.env["buurtbemiddeling.protocol"]
            .with_user(self.coordinator)
            .create(
                {
                    "version": version,
                    "company_id": self.company.id,
                    "date_from": date(2026, 1, 1),
                    "content": "<p>Always in pairs</p>",
                    **values,
                }
            )
        )
        if publish:
            protocol.action_publish()
        return protocol

    def accept(self, protocol, *volunteers, day=date(2026, 5, 1), **values):
        return (
            self.env["buurtbemiddeling.protocol.acceptance"]
            .with_user(self.coordinator)
            .create(
                [
                    {
                        "protocol_id": protocol.id,
                        "volunteer_id": volunteer.id,
                        "date": day,
                        **values,
                    }
                    for volunteer in volunteers
                ]
            )
        )

    def test_without_a_protocol_nothing_is_asked(self):
        self.assertTrue(self.vera.may_get_cases)
        self.assertFalse(self.vera.protocol_to_accept_id)
        self.make_protocol(publish=False)
        self.assertTrue(self.vera.may_get_cases)

    def test_who_has_not_accepted_the_current_version_is_a_list_and_gets_no_new_cases(self):
        protocol = self.make_protocol()
        self.accept(protocol, self.wim)
        self.assertEqual(self.vera.protocol_to_accept_id, protocol)
        self.assertFalse(self.wim.protocol_to_accept_id)
        self.assertEqual(self.find("protocol_to_accept_id", protocol.id), self.vera)
        self.assertEqual(self.find("protocol_to_accept_id", False), self.wim)
        self.assertEqual(self.kind_of_attention("PROTOCOL"), self.vera)
        self.assertEqual((protocol.acceptance_count, protocol.missing_count), (1, 1))
        action = protocol.action_open_missing()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.vera)
        with self.assertRaisesRegex(UserError, "acceptance of the protocol"):
            self.couple(self.make_case(), self.vera, "invited")
        self.couple(self.make_case(), self.wim, "invited")

    def test_nobody_is_activated_without_having_accepted_it(self):
        new = self.make_volunteer("New", "training")
        self.make_protocol()
        self.make_ready(new)
        self.assertEqual(new.stage_id.code, "training")
        with self.assertRaisesRegex(UserError, "New can not get cases yet.*protocol"):
            self.move(new, "first_cases")

    def test_there_is_one_current_version(self):
        first, second = self.make_protocol("1"), self.make_protocol("2")
        self.assertEqual((first.state, second.state), ("past", "current"))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            first.sudo().state = "current"
            self.env.flush_all()

    def test_each_organisation_has_its_own(self):
        first = self.make_protocol()
        theirs = (
            self.env["buurtbemiddeling.protocol"]
            .with_user(self.stranger)
            .create({"version": "1", "company_id": self.other_company.id})
        )
        theirs.action_publish()
        self.assertEqual(first.state, "current")
        self.assertEqual(self.vera.protocol_to_accept_id, first)
        self.assertFalse(theirs.with_user(self.coordinator).search([("id", "=", theirs.id)]))

    def test_a_published_version_is_only_followed_by_a_new_one(self):
        protocol = self.make_protocol()
        for name, value in (("content", "<p>x</p>"), ("version", "9"), ("date_from", date.today())):
            with self.assertRaisesRegex(UserError, "Make a new version"):
                protocol[name] = value
        with self.assertRaisesRegex(UserError, "stays"):
            protocol.with_user(self.manager).unlink()
        with self.assertRaisesRegex(UserError, "published already"):
            protocol.action_publish()
        action = protocol.action_new_version()
        draft = protocol.browse(action["res_id"])
        self.assertEqual((draft.state, draft.version), ("draft", "2"))
        self.assertEqual(draft.content, protocol.content)
        self.assertEqual(protocol.action_new_version()["res_id"], draft.id, "one draft at a time")

    def test_a_published_version_does_not_become_a_draft_again(self):
        protocol = self.make_protocol()
        draft = self.make_protocol("2", publish=False)
        for version, state in ((protocol, "draft"), (protocol, "past"), (draft, "current")):
            with self.assertRaisesRegex(UserError, "Use the button"):
                version.state = state
        with self.assertRaisesRegex(UserError, "Use the button"):
            self.make_protocol("3", publish=False, state="past")
        self.assertEqual((protocol.state, draft.state), ("current", "draft"))

    def test_the_acceptance_of_the_version_before_it_counts_until_the_term(self):
        self.accept(self.make_protocol("1"), self.vera)
        self.make_protocol("2", date_from=date(2026, 6, 1), date_grace=date(2026, 6, 30))
        self.assertEqual(self.vera.requirement_state, "expiring")
        self.assertEqual(self.vera.next_expiry_date, date(2026, 6, 30))
        self.assertEqual(self.wim.requirement_state, "missing", "accepted nothing at all")
        with freeze_time("2026-07-01"):
            self.env.invalidate_all()
            self.assertEqual(self.vera.requirement_state, "lapsed")
            self.assertFalse(self.vera.may_get_cases)
            # a third version with a term does not bring back who missed the second
            self.make_protocol("3", date_from=date(2026, 7, 1), date_grace=date(2026, 8, 1))
            self.assertEqual(self.vera.requirement_state, "lapsed")

    def test_without_a_term_a_new_version_counts_at_once(self):
        self.accept(self.make_protocol("1"), self.vera)
        self.make_protocol("2", date_from=date(2026, 6, 1))
        self.assertEqual(self.vera.requirement_state, "lapsed")
        self.assertIn("05/31/2026", self.vera.missing_requirements)

    def test_the_term_of_the_first_version_holds_for_all(self):
        self.make_protocol(date_grace=date(2026, 6, 30))
        self.assertEqual(self.vera.requirement_state, "expiring")
        self.couple(self.make_case(), self.vera, "invited")
        with freeze_time("2026-07-01"):
            self.env.invalidate_all()
            self.assertFalse(self.vera.may_get_cases)

    def test_running_cases_are_listed_when_the_term_has_passed(self):
        row = self.couple(self.make_case(), self.vera)
        self.accept(self.make_protocol("1"), self.vera)
        self.make_protocol("2", date_from=date(2026, 6, 1), date_grace=date(2026, 6, 30))
        self.assertFalse(self.kind_of_attention("LAPSED_RUNNING"))
        with freeze_time("2026-07-01"):
            self.env.invalidate_all()
            self.assertEqual(self.kind_of_attention("LAPSED_RUNNING"), row)

    def test_an_optional_protocol_blocks_nobody_and_is_still_a_list(self):
        self.requirement("protocol").is_required = False
        self.make_protocol()
        self.assertTrue(self.vera.may_get_cases)
        self.assertEqual(self.kind_of_attention("PROTOCOL"), self.vera | self.wim)

    def test_bad_dates_and_drafts_are_refused(self):
        draft = self.make_protocol("0", publish=False)
        with self.assertRaisesRegex(ValidationError, "is a draft"):
            self.accept(draft, self.vera)
        protocol = self.make_protocol()
        for volunteer, day in ((self.vera, date(2025, 12, 31)), (self.wim, date(2026, 6, 2))):
            with self.assertRaisesRegex(ValidationError, "counts from 01/01/2026"):
                self.accept(protocol, volunteer, day=day)
        with self.assertRaisesRegex(UserError, "give volunteers a term"):
            self.make_protocol("2", date_from=date(2026, 6, 2))
        with self.assertRaisesRegex(UserError, "the same day as the one before it or later"):
            self.make_protocol("3", date_from=date(2025, 1, 1))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_protocol("4", date_grace=date(2025, 12, 31))

    def accept_selected(self, volunteers):
        wizard = self.env["buurtbemiddeling.protocol.accept"].with_user(self.coordinator)
        form = Form(wizard.with_context(default_volunteer_ids=volunteers.ids))
        self.assertEqual(form.mode, "paper")
        return form.save().action_accept()["params"]

    def test_accepted_on_paper_for_many_can_be_done_twice(self):
        protocol = self.make_protocol()
        first = self.accept(protocol, self.wim)
        params = self.accept_selected(self.vera | self.wim)
        self.assertIn(": 1", params["title"])
        self.assertIn("accepted it already: 1", params["message"])
        self.accept_selected(self.vera | self.wim)
        self.assertEqual(len(protocol.acceptance_ids), 2)
        self.assertEqual(first.date, date(2026, 5, 1))
        self.assertRecordValues(
            self.vera.acceptance_ids,
            [{"date": date(2026, 6, 1), "mode": "paper", "user_id": self.coordinator.id}],
        )

    def test_without_a_current_protocol_nothing_can_be_accepted(self):
        with self.assertRaisesRegex(UserError, "has no current protocol"):
            self.accept_selected(self.vera)

    def test_each_who_has_not_accepted_gets_one_mail_of_their_own(self):
        resting = self.make_volunteer("Rust", "pause")
        silent = self.make_volunteer("Silent")
        silent.partner_id.email = False
        protocol = self.make_protocol(
            date_grace=date(2026, 6, 30), file=base64.b64encode(b"x"), file_name="protocol.pdf"
        )
        self.accept(protocol, self.wim)
        with self.mock_mail_gateway():
            params = protocol.action_mail()["params"]
        self.assertIn(": 1", params["title"])
        self.assertIn("Silent", params["message"])
        mail = self._new_mails
        self.assertEqual(mail.recipient_ids, self.vera.partner_id)
        self.assertFalse(mail.email_cc)
        self.assertIn("Working protocol 1", mail.subject)
        self.assertIn("Always in pairs", mail.body_html)
        self.assertIn("06/30/2026", mail.body_html)
        self.assertEqual(mail.attachment_ids.mapped("name"), ["protocol.pdf"])
        self.assertNotIn(resting.partner_id, mail.recipient_ids)
        with self.assertRaisesRegex(UserError, "Only the current"):
            self.make_protocol("2", publish=False).action_mail()
