from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .test_keeping import KeepingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestThanks(KeepingCommon, MailCase):
    """Nobody goes unthanked, and nobody is thanked twice by mistake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vera, cls.wim = cls.make_volunteer("Vera"), cls.make_volunteer("Wim")

    def compose(self, volunteers=None, occasion="birthday", **values):
        action = (volunteers or self.vera | self.wim).with_user(self.coordinator).action_thank()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        wizard.occasion_id = self.code("thanks.occasion", occasion)
        for name, value in values.items():
            wizard[name] = value
        return wizard

    def thanks(self):
        return self.env["buurtbemiddeling.thanks"].search([("company_id", "=", self.company.id)])

    def note(self, volunteer, occasion="birthday", day=date(2026, 3, 1)):
        return (
            self.env["buurtbemiddeling.thanks"]
            .with_user(self.coordinator)
            .create(
                {
                    "volunteer_id": volunteer.id,
                    "occasion_id": self.code("thanks.occasion", occasion).id,
                    "date": day,
                }
            )
        )

    def test_several_are_mailed_each_apart(self):
        wizard = self.compose(text="You are great.", subject="Hip hip hooray").save()
        with self.mock_mail_gateway():
            wizard.action_thank()
        self.assertEqual(len(self._mails), 2)
        for volunteer, other in ((self.vera, self.wim), (self.wim, self.vera)):
            [mail] = [mail for mail in self._mails if volunteer.email in mail["email_to"][0]]
            self.assertEqual(len(mail["email_to"]), 1)
            self.assertFalse(mail["email_cc"])
            self.assertEqual(mail["subject"], "Hip hip hooray")
            self.assertIn(f"Dear {volunteer.name},", mail["body"])
            self.assertIn("You are great.", mail["body"])
            self.assertIn(self.coordinator.name, mail["body"])
            self.assertNotIn(other.name, str(mail))
            self.assertNotIn(other.email, str(mail))
        rows = self.thanks()
        self.assertEqual(rows.volunteer_id, self.vera | self.wim)
        self.assertEqual(set(rows.mapped("mode")), {"mail"})
        self.assertEqual(rows.user_id, self.coordinator)

    def test_the_text_begins_with_that_of_the_occasion(self):
        wizard = self.compose()
        self.assertIn("Happy birthday", wizard.text)
        wizard.occasion_id = self.code("thanks.occasion", "farewell")
        self.assertIn("come to an end", wizard.text)

    def test_the_text_is_in_the_language_of_the_volunteers(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        occasion = self.code("thanks.occasion", "birthday")
        occasion.with_context(lang="nl_NL").text = "Gefeliciteerd!"
        (self.vera | self.wim).partner_id.lang = "nl_NL"
        wizard = self.compose()
        self.assertEqual((wizard.lang, wizard.text), ("nl_NL", "Gefeliciteerd!"))
        wizard.lang = "en_US"
        self.assertIn("Happy birthday", wizard.text)

    def test_what_was_typed_is_text_and_not_code(self):
        wizard = self.compose(self.vera, text="<b>1 < 2</b>\nBye").save()
        with self.mock_mail_gateway():
            wizard.action_thank()
        self.assertIn("&lt;b&gt;", self._mails[0]["body"])

    def test_thanked_twice_in_a_year_warns_and_does_not_forbid(self):
        self.note(self.vera, day=date(2026, 1, 1))
        self.note(self.wim, day=date(2025, 12, 31))
        wizard = self.compose(mode="spoken")
        self.assertIn("Vera", wizard.earlier_text)
        self.assertNotIn("Wim", wizard.earlier_text)
        wizard.occasion_id = self.code("thanks.occasion", "jubilee")
        self.assertFalse(wizard.earlier_text)
        wizard.occasion_id = self.code("thanks.occasion", "birthday")
        wizard.save().action_thank()
        self.assertEqual(len(self.thanks()), 4)

    def test_a_form_warns_too(self):
        self.note(self.vera)
        thanks = self.env["buurtbemiddeling.thanks"].with_user(self.coordinator)
        again = thanks.new(
            {
                "volunteer_id": self.vera.id,
                "occasion_id": self.code("thanks.occasion", "birthday").id,
                "date": date(2026, 6, 15),
            }
        )
        self.assertIn("Vera", again._onchange_occasion_id()["warning"]["message"])
        again.date = date(2027, 1, 1)
        self.assertFalse(again._onchange_occasion_id())

    def test_who_has_no_mail_address_is_named(self):
        self.wim.partner_id.email = False
        wizard = self.compose()
        self.assertEqual(wizard.unreachable_text, "Wim")
        with self.assertRaisesRegex(UserError, "Wim can not be mailed"):
            wizard.save().action_thank()
        self.assertFalse(self.thanks())
        wizard.mode = "card"
        self.assertFalse(wizard.unreachable_text)

    def test_a_mail_without_text_is_refused(self):
        with self.assertRaisesRegex(UserError, "no text yet"):
            self.compose(text="  ").save().action_thank()

    def test_letters_are_each_on_a_page_of_their_own(self):
        self.vera.partner_id.write({"street": "Dorpsstraat 1", "zip": "1234 AB", "city": "Dorp"})
        wizard = self.compose(mode="letter", text="You are great.").save()
        action = wizard.action_thank()
        self.assertEqual(action["type"], "ir.actions.report")
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html("buurtbemiddeling_volunteer.action_report_thanks", self.thanks().ids)
        )
        text = html.decode()
        self.assertEqual(text.count("You are great."), 2)
        self.assertEqual(text.count("page-break-before"), 1)
        self.assertIn("Dorpsstraat 1", text)
        first, second = text.split("page-break-before")
        self.assertEqual(("Dear Vera" in first) + ("Dear Vera" in second), 1)

    def test_who_was_not_thanked_for_a_year(self):
        old = {"date_start": date(2020, 1, 1)}
        (self.vera | self.wim).write(old)
        self.make_volunteer("New", date_start=date(2026, 1, 1))
        self.make_volunteer("Paused", "pause", **old)
        self.note(self.vera, day=date(2025, 6, 15))
        self.note(self.wim, day=date(2025, 6, 14))
        self.assertEqual(self.found("NOT_THANKED"), self.wim)
        self.note(self.wim, "other", date(2026, 6, 1))
        self.assertEqual(self.wim.last_thanks_date, date(2026, 6, 1))
        self.assertFalse(self.found("NOT_THANKED"))

    def test_a_thank_of_another_organisation_is_out_of_reach(self):
        row = self.note(self.vera)
        self.assertFalse(row.with_user(self.stranger).search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            row.with_user(self.stranger).read(["text"])

    def test_an_occasion_in_use_stays(self):
        self.note(self.vera)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.code("thanks.occasion", "birthday").unlink()
            self.env.flush_all()
