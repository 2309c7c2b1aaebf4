from datetime import timedelta
from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common_messages import MessagesCommon
from .test_messages import TALK_KINDS


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestSms(MessagesCommon):
    """Texts about talks: where the organisation has them, to who agreed, to that number only.

    Odoo's service is not asked to send: what waits in its queue is what would go out.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sms.sms" not in cls.env:
            raise SkipTest("Odoo's SMS app is not installed")
        cls.company.buurtbemiddeling_sms = True
        (cls.a | cls.b).sms_ok = True

    def texts(self):
        """Return what waits to be sent, oldest first."""
        return self.env["sms.sms"].sudo().search([], order="id")

    def to(self, number):
        return self.texts().filtered(lambda sms: sms.number == number)

    def test_appointment_goes_to_the_number_of_each_beside_the_mail(self):
        self.invited()
        self.assertEqual(self.texts().mapped("number"), ["+31611111111", "+31622222222"])
        self.assertEqual(set(self.texts().mapped("state")), {"outgoing"})
        self.assertEqual(len(self.mails()), 2)
        for sms, party in zip(self.texts(), (self.a, self.b), strict=True):
            message = sms.mail_message_id
            self.assertEqual((message.model, message.res_id), (party._name, party.id))
            self.assertEqual(message.message_type, "sms")
            self.assertFalse(message.partner_ids)
            self.assertIn("19:30", sms.body)
            self.assertIn("0110000000", sms.body)

    def test_no_text_names_anybody_or_a_place_and_each_fits(self):
        talk = self.invited()
        letters = self.env["buurtbemiddeling.letter"]
        names = ("Anna", "Bert", "Melder", "Pieters", "Dorpsstraat", "Plein", "De Roos", "drums")
        for code in ("nl", "en", "pl"):
            for kind in TALK_KINDS:
                text = letters._get_sms_text(kind, self.code("language", code), talk)
                self.assertLessEqual(len(text), 160, (kind, code))
                for name in (*names, self.case.name, self.coordinator.name, "11111111"):
                    self.assertNotIn(name, text, (kind, code))
                self.assertNotIn("{", text)

    def test_text_is_in_the_language_of_the_party_else_in_dutch(self):
        self.a.language_id = self.code("language", "en")
        self.b.language_id = self.code("language", "pl")
        self.invited()
        self.assertIn("Invitation", self.to("+31611111111").body)
        self.assertIn("Uitnodiging", self.to("+31622222222").body)

    def test_every_change_is_texted(self):
        talk = self.invited()
        talk.start += timedelta(days=1)
        with freeze_time("2026-03-12 09:00:00"):
            self.run_cron()
            self.run_cron()
            talk.state = "cancelled"
        bodies = self.to("+31611111111").mapped("body")
        self.assertEqual(len(bodies), 4)
        for body, word in zip(
            bodies, ("Uitnodiging", "verzet", "Vragen", "gaat niet door"), strict=True
        ):
            self.assertIn(word, body)

    def test_organisation_without_texts_or_resident_who_did_not_agree_gets_none(self):
        self.a.sms_ok = False
        self.invited()
        self.assertEqual(self.texts().mapped("number"), ["+31622222222"])
        self.company.buurtbemiddeling_sms = False
        self.invited(start="2026-03-20 18:30:00")
        self.assertEqual(len(self.texts()), 1)

    def test_text_instead_of_mail_still_asks_to_phone_where_it_is(self):
        self.bert.email = False
        self.company.buurtbemiddeling_talk_reminder_phone = True
        talk = self.invited()
        self.assertEqual(len(self.to("+31622222222")), 1)
        self.assertEqual(len(self.calls(self.b)), 1, "a text does not say where")
        with freeze_time("2026-03-11 09:00:00"):
            self.run_cron()
            talk.state = "cancelled"
        self.assertEqual(len(self.to("+31622222222")), 3)
        self.assertEqual(len(self.calls(self.b)), 1, "this much fits in a text")

    def test_number_that_the_other_side_has_is_not_texted(self):
        for shared in ("0611111111", "+31 6 1111 1111", "0031611111111", "thuis: 06-11111111"):
            self.bert.phone = shared
            self.assertFalse((self.a | self.b)._text_letter("talk_reminder", self.talk()), shared)
        self.assertFalse(self.texts())

    def test_number_that_gets_no_texts_is_phoned(self):
        self.anna.email = False
        for number in (False, "0113-123456", "06-1234567", "bel de buurvrouw", "06١١١١١١١١"):
            self.anna.phone = number
            self.assertFalse(self.a._text_letter("talk_reminder", self.talk()), number)
        self.anna.phone = "0113-123456"
        self.invited()
        self.assertFalse(self.to("+31113123456"))
        self.assertEqual(len(self.calls(self.a)), 1)

    def test_number_on_the_list_of_no_texts_gets_none(self):
        self.env["phone.blacklist"]._add(["+31611111111"])
        self.assertFalse(self.a._text_letter("talk_reminder", self.talk()))

    def test_without_a_number_to_call_back_nothing_is_texted(self):
        self.company.phone = False
        self.assertFalse(self.a._text_letter("talk_reminder", self.talk()))

    def test_no_mail_is_no_text_refused(self):
        self.a.no_mail = True
        self.invited()
        self.assertEqual(len(self.to("+31611111111")), 1)
        self.assertFalse(self.mails(self.anna))

    def test_thread_of_a_party_texts_no_other_number(self):
        for values in (
            {"sms_numbers": ["+31622222222"]},
            {"sms_numbers": ["+31611111111", "+31622222222"]},
            {"sms_pid_to_number": {self.anna.id: "+31622222222"}},
            {"partner_ids": self.anna.ids},
            {"sms_numbers": [False]},
        ):
            with self.assertRaisesRegex(UserError, "can not get a text message"):
                self.a._message_sms("Hello", **values)
        self.a.sms_ok = False
        with self.assertRaisesRegex(UserError, "can not get a text message"):
            self.a._message_sms("Hello", sms_numbers=["+31611111111"])
        with self.assertRaisesRegex(UserError, "no text messages"):
            self.case._message_sms("Hello", sms_numbers=["+31611111111"])
        self.assertFalse(self.texts())

    def test_composer_of_odoo_stays_within_the_wall(self):
        def compose(records, **values):
            return (
                self.env["sms.composer"]
                .with_user(self.coordinator)
                .with_context(default_res_model=records._name, default_res_ids=str(records.ids))
                .create({"body": "Hello", **values})
            )

        compose(self.a | self.b, composition_mode="mass")._action_send_sms()
        self.assertEqual({sms.number for sms in self.texts()}, {"+31611111111", "+31622222222"})
        self.texts().unlink()
        (self.a | self.b).sms_ok = False
        compose(self.a | self.b | self.b, composition_mode="mass")._action_send_sms()
        compose(self.case, composition_mode="mass")._action_send_sms()
        self.assertFalse(self.texts().filtered("number"))

    def talk(self):
        return self.env["buurtbemiddeling.meeting"].new(
            {"case_id": self.case.id, "start": "2026-03-12 18:30:00"}
        )
