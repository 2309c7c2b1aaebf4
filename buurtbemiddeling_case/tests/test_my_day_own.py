from ast import literal_eval

from freezegun import freeze_time

from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestMyDayOwn(CaseCommon):
    """My day counts one's own work, and names that of a colleague beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-18 09:00:00"))
        cls.corrie = cls.make_user("Corrie", "buurtbemiddeling_case.group_user")
        cls.corrie.name = "Corrie Tester"
        cls.own, cls.nobodys, cls.colleagues = (
            cls.make_quarrel(user_id=user.id)
            for user in (cls.coordinator, cls.env["res.users"], cls.corrie)
        )
        cls.env["buurtbemiddeling.absence"].create(
            {
                "user_id": cls.corrie.id,
                "stand_in_id": cls.coordinator.id,
                "company_id": cls.company.id,
                "date_from": "2026-03-16",
                "date_to": "2026-03-20",
            }
        )
        action = cls.env.ref("buurtbemiddeling_case.buurtbemiddeling_my_day_action")
        cls.kind = (
            cls.env.ref("buurtbemiddeling_case.attention_new")
            .with_user(cls.coordinator)
            .with_context(**literal_eval(action.context))
        )

    def listed(self, action):
        return (
            self.env["buurtbemiddeling.case"].with_user(self.coordinator).search(action["domain"])
        )

    def test_the_number_is_of_own_and_nobodys_and_opens_just_those(self):
        self.assertEqual(self.kind.record_count, 2)
        self.assertEqual(self.listed(self.kind.action_open()), self.own | self.nobodys)
        self.assertEqual(self.kind.care_text, "1 without coordinator")

    def test_what_is_of_a_colleague_is_beside_it_and_opens_apart(self):
        self.assertEqual(self.kind.stand_in_text, "1 for Corrie Tester")
        self.assertEqual(self.listed(self.kind.action_open_stand_in()), self.colleagues)

    def test_all_together_on_request(self):
        together = self.kind.with_context(attention_scope="care")
        self.assertEqual(together.record_count, 3)
        self.assertEqual(together.care_text, "1 for Corrie Tester, 1 without coordinator")
        self.assertEqual(
            self.listed(together.action_open()), self.own | self.nobodys | self.colleagues
        )

    def test_a_kind_with_only_the_work_of_a_colleague_is_not_at_the_bottom(self):
        (self.own | self.nobodys).user_id = self.corrie
        rows = self.kind.web_search_read([], {"record_count": {}, "stand_in_text": {}})["records"]
        counts = [bool(row["record_count"] or row["stand_in_text"]) for row in rows]
        self.assertIn(True, counts)
        self.assertEqual(counts, sorted(counts, reverse=True))
