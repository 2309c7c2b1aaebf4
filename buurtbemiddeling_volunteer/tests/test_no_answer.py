from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .common_invitation import MODEL, InvitationCommon

CRON_LOGGER = "odoo.addons.buurtbemiddeling_volunteer.models" + (
    ".buurtbemiddeling_assignment_reminder_mixin"
)


@tagged("post_install", "-at_install")
class TestNoAnswer(InvitationCommon):
    """One reminder after some days, and after some more the place is free again."""

    def test_reminder_comes_once_after_two_days(self):
        rows = self.invite(self.vera, self.wim)
        rows[1].action_accept()
        with freeze_time("2026-03-10 23:00:00"):
            self.run_cron("remind")
            self.assertEqual(len(self.mails()), 2)
        with freeze_time("2026-03-11 07:00:00"):
            self.run_cron("remind")
            self.run_cron("remind")
        reminder = self.mails()[2:]
        self.assertEqual(reminder.recipient_ids, self.vera.partner_id)
        self.assertIn("Reminder", reminder.subject)
        self.assertIn("coord@example.com", reminder.email_from)
        self.assertEqual(rows.mapped("reminded_on"), [datetime(2026, 3, 11, 7), False])
        with freeze_time("2026-03-12 07:00:00"):
            self.run_cron("remind")
        self.assertEqual(len(self.mails()), 3)

    def test_each_organisation_says_after_how_many_days(self):
        self.company.buurtbemiddeling_reminder_days = 4
        self.invite(self.vera)
        with freeze_time("2026-03-12 07:00:00"):
            self.run_cron("remind")
        self.assertEqual(len(self.mails()), 1)
        with freeze_time("2026-03-13 07:00:00"):
            self.run_cron("remind")
        self.assertEqual(len(self.mails()), 2)

    def test_no_stops_further_messages(self):
        self.decline(self.invite(self.vera))
        for day in ("2026-03-11", "2026-03-12", "2026-03-20"):
            with freeze_time(f"{day} 07:00:00"):
                self.run_cron("remind")
                self.run_cron("expire")
        self.assertEqual(len(self.mails()), 1)

    def test_who_has_no_mail_address_is_not_reminded(self):
        self.vera.partner_id.email = False
        row = self.invite(self.vera)
        with freeze_time("2026-03-11 07:00:00"):
            self.run_cron("remind")
        self.assertFalse(row.reminded_on)

    def test_no_answer_frees_the_place_stays_known_and_is_told(self):
        row = self.invite(self.vera)
        with freeze_time("2026-03-16 23:00:00"):
            self.run_cron("expire")
            self.assertEqual(row.state, "invited")
        with freeze_time("2026-03-17 05:00:00"):
            self.run_cron("expire")
            self.run_cron("expire")
        self.assertEqual((row.state, row.reason_id.code), ("declined", "GEEN_ANTWOORD"))
        self.assertFalse(row.answered_on)
        self.assertFalse(self.case.volunteer_ids)
        todo = self.case.activity_ids
        self.assertEqual(todo.user_id, self.coordinator)
        self.assertIn("Vera: No answer", html2plaintext(todo.note))

    def test_one_that_fails_keeps_back_no_other(self):
        rows = self.invite(self.vera, self.wim)
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE buurtbemiddeling_assignment ADD CONSTRAINT broken"
            " CHECK (id != %s OR (reminded_on IS NULL AND state = 'invited'))",
            [rows[0].id],
        )
        with freeze_time("2026-03-11 07:00:00"), mute_logger(CRON_LOGGER, "odoo.sql_db"):
            self.run_cron("remind")
        self.assertEqual(rows.mapped("reminded_on"), [False, datetime(2026, 3, 11, 7)])
        with freeze_time("2026-03-17 07:00:00"), mute_logger(CRON_LOGGER, "odoo.sql_db"):
            self.run_cron("expire")
        self.assertEqual(rows.mapped("state"), ["invited", "declined"])

    def test_attention_counts_who_has_not_answered(self):
        rows = self.invite(self.vera, self.wim)
        rows[1].action_accept()
        kind = self.env.ref("buurtbemiddeling_volunteer.attention_no_answer")
        kind = kind.with_user(self.coordinator)
        self.assertEqual(kind.record_count, 0, "asked today")
        with freeze_time("2026-03-10 10:00:00"):
            kind.invalidate_recordset(["record_count"])
            self.assertEqual(kind.record_count, 1)
            found = self.env[MODEL].with_user(self.coordinator).search(kind._get_counted_domain())
            self.assertEqual(found, rows[0])

    def test_attention_counts_who_was_chosen_and_not_asked(self):
        self.couple(self.case, self.vera, "invited")
        kind = self.env.ref("buurtbemiddeling_volunteer.attention_not_asked")
        self.assertEqual(kind.with_user(self.coordinator).record_count, 1)
