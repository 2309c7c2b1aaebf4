from datetime import datetime

import pytz

from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 06:00:00")  # Monday
class TestDigest(CaseCommon):
    """The Monday mail: the numbers of My day, for each coordinator apart, and no resident."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # none of the demo's users gets a digest here
        cls.env["res.users"].search([("login", "not like", "bb_")]).buurtbemiddeling_digest = False
        cls.corrie = cls.make_user("corrie", "buurtbemiddeling_case.group_user")
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.coordinator | cls.corrie | cls.manager | cls.stranger).lang = "en_US"
        cls.case = cls.make_quarrel(stage_id=cls.stage("intake").id)
        cls.other = cls.make_quarrel(stage_id=cls.stage("talk_a").id, user_id=cls.corrie.id)

    def send(self):
        """Run the scheduled action, and return the mails it made by address."""
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        with self.enter_registry_test_mode():
            self.env.ref("buurtbemiddeling_case.ir_cron_digest").method_direct_trigger()
        return {mail.email_to: mail for mail in mails.search([]) - before}

    def text(self, mails, user):
        return html2plaintext(mails[user.email_formatted].body_html)

    def away(self, user, stand_in, **values):
        return self.env["buurtbemiddeling.absence"].create(
            {
                "user_id": user.id,
                "stand_in_id": stand_in.id,
                "company_id": self.company.id,
                "date_from": "2026-03-16",
                "date_to": "2026-03-20",
                **values,
            }
        )

    def test_each_coordinator_gets_the_own_cases_only(self):
        mails = self.send()
        self.assertEqual(
            set(mails), {self.coordinator.email_formatted, self.corrie.email_formatted}
        )
        mine, theirs = self.text(mails, self.coordinator), self.text(mails, self.corrie)
        self.assertIn(self.case.name, mine)
        self.assertNotIn(self.other.name, mine)
        self.assertIn(self.other.name, theirs)
        self.assertNotIn(self.case.name, theirs)
        self.assertIn("Intake, 14 days", mine)

    def test_digest_names_no_resident(self):
        mail = self.send()[self.coordinator.email_formatted]
        for secret in ("Anna", "Bert", "Dorpsstraat", "anna@example.com"):
            self.assertNotIn(secret, mail.subject + mail.body_html)
        self.assertFalse(mail.res_id, "it leads to no record")
        self.assertTrue(mail.auto_delete)

    def test_numbers_are_those_of_my_day(self):
        self.make_case(user_id=False)
        self.away(self.corrie, self.coordinator)
        digest = self.env["buurtbemiddeling.digest"].with_user(self.coordinator)
        numbers = {}
        for _title, kinds in digest._get_sections():
            for kind, count, _lines in kinds:
                numbers[kind] = numbers.get(kind, 0) + count
        kinds = (
            self.env["buurtbemiddeling.attention"]
            .with_user(self.coordinator)
            .search([("in_digest", "=", True)])
        )
        self.assertEqual(numbers, {kind: kind.record_count for kind in kinds if kind.record_count})
        self.assertTrue(numbers)

    def test_stand_in_gets_the_cases_of_who_is_away_under_its_own_heading(self):
        self.away(self.corrie, self.coordinator)
        self.make_case(user_id=False)
        mails = self.send()
        self.assertNotIn(self.corrie.email_formatted, mails, "who is away gets none")
        text = self.text(mails, self.coordinator)
        own, _title, rest = text.partition("For Corrie Tester, until 20 March")
        self.assertIn(self.case.name, own)
        self.assertNotIn(self.other.name, own)
        self.assertIn(self.other.name, rest)
        self.assertIn("Without coordinator", rest)
        self.assertNotIn("Corrie", self.text(mails, self.manager), "others only nobody's")

    def test_back_at_work_the_digest_comes_again(self):
        self.away(self.corrie, self.coordinator)
        self.send()
        with freeze_time("2026-03-23 06:00:00"):
            mails = self.send()
        self.assertIn(self.other.name, self.text(mails, self.corrie))
        self.assertNotIn(self.other.name, self.text(mails, self.coordinator))

    def test_running_twice_in_a_week_mails_once(self):
        self.assertTrue(self.send())
        self.assertFalse(self.send())
        with freeze_time("2026-03-22 20:00:00"):
            self.assertFalse(self.send())
        with freeze_time("2026-03-24 06:00:00"):
            self.assertTrue(self.send(), "a server that was down on Monday mails on Tuesday")

    def test_nothing_to_report_is_no_mail(self):
        (self.case | self.other).sudo().active = False
        self.assertFalse(self.send())

    def test_who_does_not_want_it_or_has_no_address_gets_none(self):
        self.coordinator.with_user(self.coordinator).buurtbemiddeling_digest = False
        self.corrie.email = False
        self.assertFalse(self.send())

    def test_user_whose_digest_fails_keeps_back_no_other(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [self.coordinator.partner_id.id]
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_digest"):
            mails = self.send()
        self.assertEqual(set(mails), {self.corrie.email_formatted})

    def test_cases_of_another_organisation_stay_out(self):
        theirs = self.make_case(
            self.stranger, company_id=self.other_company.id, user_id=self.stranger.id
        )
        theirs.name = "ELSEWHERE-1"
        mails = self.send()
        self.assertNotIn("ELSEWHERE-1", self.text(mails, self.coordinator))
        self.assertIn("ELSEWHERE-1", self.text(mails, self.stranger))

    def test_links_open_the_case_and_my_day(self):
        body = self.send()[self.coordinator.email_formatted].body_html
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        self.assertIn(f'href="{base}/odoo/buurtbemiddeling/{self.case.id}"', body)
        self.assertIn(f'href="{base}/odoo/buurtbemiddeling-day"', body)

    def test_long_lists_say_how_many_more(self):
        for _index in range(20):
            self.make_case(stage_id=self.stage("intake").id)
        self.assertIn("and 6 more", self.text(self.send(), self.coordinator))

    def test_planned_for_monday_morning(self):
        cron = self.env.ref("buurtbemiddeling_case.ir_cron_digest")
        planned = pytz.utc.localize(cron.nextcall).astimezone(pytz.timezone("Europe/Amsterdam"))
        self.assertEqual((planned.weekday(), planned.minute), (0, 0))
        self.assertIn(planned.hour, (6, 7, 8))
        self.assertGreater(cron.nextcall, datetime(2026, 3, 1))
        self.assertEqual((cron.interval_type, cron.interval_number), ("weeks", 1))
