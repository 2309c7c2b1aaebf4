from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestSpeedDaily(CaseCommon):
    """What a coordinator opens all day takes as many queries with many cases as with few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.env["buurtbemiddeling.attention"].with_user(cls.coordinator).search([])
        cls.make_case(user_id=cls.coordinator.id)

    def make_cases(self, count):
        for _index in range(count):
            self.make_quarrel(user_id=self.coordinator.id)

    def count_groups(self):
        return sum(
            count
            for _kind, groups in self.kinds._read_groups("__count")
            for _user, _company, count in groups
        )

    def test_my_day_takes_one_query_a_kind(self):
        read = lambda: self.kinds.mapped("record_count")  # noqa: E731
        few = self.count_queries(read)
        counted = self.count_groups()
        self.make_cases(10)
        self.assertEqual(self.count_queries(read), few)
        self.assertGreater(self.count_groups(), counted)
        # beside the kinds themselves: the absences, who has left, and what some search first
        self.assertLessEqual(few, 2 * len(self.kinds))

    def test_who_is_away_is_asked_once_for_all_kinds(self):
        kinds = self.kinds.filtered(lambda kind: kind.res_model == "buurtbemiddeling.case")
        self.assertGreater(len(kinds), 5)
        one = self.count_queries(lambda: list(kinds[:1]._read_groups("__count")))
        self.assertLessEqual(
            self.count_queries(lambda: list(kinds._read_groups("__count"))), one + len(kinds) - 1
        )

    def test_the_monday_mail_costs_the_same_with_more_cases(self):
        digest = self.env["buurtbemiddeling.digest"].with_user(self.coordinator)
        self.make_cases(2)
        few = self.count_queries(digest._get_sections)
        self.make_cases(10)
        self.assertLessEqual(self.count_queries(digest._get_sections), few)

    def test_a_number_is_that_of_the_list_behind_it(self):
        """Own cases, those of an absent colleague, of one who left, and of nobody."""
        today = fields.Date.context_today(self.env.user)
        away = self.make_user("away", "buurtbemiddeling_case.group_user")
        busy = self.make_user("busy", "buurtbemiddeling_case.group_user")
        gone = self.make_user("gone", "buurtbemiddeling_case.group_user")
        self.make_cases(1)
        for user in (away, busy, gone):
            self.make_quarrel(user_id=user.id)
        nobodys = self.make_quarrel()
        nobodys.user_id = False
        gone.active = False
        self.env["buurtbemiddeling.absence"].create(
            {
                "user_id": away.id,
                "stand_in_id": self.coordinator.id,
                "company_id": self.company.id,
                "date_from": today,
                "date_to": today + timedelta(days=7),
            }
        )
        self.env.invalidate_all()
        for kind, groups in self.kinds._read_groups("id:recordset"):
            with self.subTest(kind=kind.code):
                records = self.env[kind.res_model].with_user(self.coordinator)
                counted = records.union(*(found for _user, _company, found in groups))
                self.assertEqual(counted, records.search(kind._get_counted_domain()))
                self.assertEqual(kind.record_count, len(counted))
        seen = self.kinds.filtered(lambda kind: kind.code == "NEW")
        [(_kind, groups)] = seen._read_groups("id:recordset")
        users = {user for user, _company, _found in groups}
        self.assertEqual(users, {self.coordinator, away, gone, self.env["res.users"]})
        self.assertNotIn(busy, users)

    def test_changing_a_case_costs_the_same_with_more_cases(self):
        case = self.make_quarrel()
        asked = {"referrer_ref": {}, "party_ids": {"fields": {"display_name": {}}}}
        change = lambda: case.web_save({"referrer_ref": str(self.env.cr.now())}, asked)  # noqa: E731
        few = self.count_queries(change)
        self.make_cases(10)
        self.assertEqual(self.count_queries(change), few)

    def test_the_queue_is_woken_for_what_it_has_to_send(self):
        triggers = self.env["ir.cron.trigger"]
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        before = triggers.search_count([("cron_id", "=", queue.id)])
        partner = self.make_referral_partner()
        partner.message_post(
            body="A receipt",
            partner_ids=partner.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(triggers.search_count([("cron_id", "=", queue.id)]), before)
        message = partner.with_context(
            mail_notify_force_send=False, wakes_mail_queue=True
        ).message_post(
            body="A receipt",
            partner_ids=partner.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(message.mail_ids.mapped("state"), ["outgoing"])
        self.assertEqual(triggers.search_count([("cron_id", "=", queue.id)]), before + 1)
