from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestInformedTask(CaseCommon):
    """AVG, article 14: who did not give the data himself is told of them, within a month."""

    def tasks(self, records):
        parties = records.party_ids if records._name == "buurtbemiddeling.case" else records
        return parties.sudo().activity_search(["buurtbemiddeling_case.mail_activity_type_inform"])

    def make_referrer(self):
        return self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Police"}).id,
                "referrer_type_id": self.code("referrer.type", "POLITIE").id,
                "company_id": self.company.id,
            }
        )

    def test_the_other_party_must_be_informed_within_a_month(self):
        case = self.make_quarrel()
        task = self.tasks(case)
        self.assertEqual(task.res_id, case.party_ids[1].id)
        self.assertEqual(task.date_deadline, date(2026, 4, 2))
        self.assertEqual(task.user_id, self.coordinator)

    def test_a_party_added_later_is_informed_within_a_month_of_that(self):
        case = self.make_case()
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_case SET create_date = '2026-03-02' WHERE id = %s", [case.id]
        )
        case.invalidate_recordset(["create_date"])
        case.neighbour_name = "Bert"
        added = case.party_ids.create_date.date()
        self.assertEqual(self.tasks(case).date_deadline, added + relativedelta(months=1))

    def test_who_came_by_himself_knows_already(self):
        self.assertFalse(self.tasks(self.make_case(reporter_name="Anna")))

    def test_who_was_referred_must_be_informed(self):
        case = self.make_case(reporter_name="Anna", referral_partner_id=self.make_referrer().id)
        self.assertEqual(self.tasks(case).res_id, case.party_ids.id)
        case.referral_partner_id = False
        self.assertFalse(self.tasks(case))

    def test_an_address_alone_is_not_asked_about_until_the_resident_is_known(self):
        case = self.make_case(neighbour_street="Dorpsstraat 3")
        self.assertFalse(self.tasks(case))
        case.neighbour_name = "Bert"
        self.assertTrue(self.tasks(case))

    def test_filling_in_the_date_finishes_the_task(self):
        case = self.make_quarrel()
        task = self.tasks(case)
        case.party_ids[1].informed_date = date(2026, 3, 9)
        self.assertFalse(self.tasks(case))
        self.assertFalse(task.active)
        self.assertTrue(task.date_done)

    def test_a_stand_in_may_fill_in_the_date(self):
        case = self.make_quarrel()
        stand_in = self.make_user("standin", "buurtbemiddeling_case.group_user")
        case.party_ids[1].with_user(stand_in).informed_date = date(2026, 3, 9)
        self.assertFalse(self.tasks(case))

    def test_ticking_off_the_task_fills_in_the_date(self):
        case = self.make_quarrel()
        self.tasks(case).with_user(self.coordinator).action_feedback()
        self.assertTrue(case.party_ids[1].informed_date)
        self.assertFalse(case.party_ids[0].informed_date)

    def test_no_task_for_who_is_informed_already(self):
        case = self.make_case()
        self.env["buurtbemiddeling.case.party"].with_user(self.coordinator).create(
            {
                "case_id": case.id,
                "side": "b",
                "contact_name": "Bert",
                "informed_date": date(2026, 3, 3),
            }
        )
        self.assertFalse(self.tasks(case))

    def test_a_closed_case_asks_nothing_and_an_open_one_again(self):
        case = self.make_quarrel()
        case.write(
            {"stage_id": self.stage("closed").id, "outcome_id": self.code("outcome", "VERHUISD").id}
        )
        self.assertFalse(self.tasks(case))
        self.assertFalse(case.party_ids[1].informed_date)
        case.stage_id = self.stage("intake")
        self.assertTrue(self.tasks(case))

    def test_history_of_an_import_asks_nothing(self):
        for context in ({"import_file": True}, {"tracking_disable": True}):
            case = (
                self.env["buurtbemiddeling.case"]
                .with_context(**context)
                .create({"company_id": self.company.id, "neighbour_name": "Bert"})
            )
            self.assertTrue(case.party_ids.partner_id)
            self.assertFalse(self.tasks(case), context)

    def test_the_task_goes_to_the_next_coordinator_of_the_case(self):
        case = self.make_quarrel()
        successor = self.make_user("successor", "buurtbemiddeling_case.group_user")
        case.user_id = successor
        self.assertEqual(self.tasks(case).user_id, successor)
        self.assertEqual(len(self.tasks(case)), 1)

    def test_a_case_without_coordinator_gets_the_task_too(self):
        case = self.make_quarrel(user_id=False)
        self.assertEqual(len(self.tasks(case)), 1)
        case.user_id = self.coordinator
        self.assertEqual(self.tasks(case).user_id, self.coordinator)

    def test_the_task_names_no_resident(self):
        task = self.tasks(self.make_quarrel())
        for text in (task.summary, task.res_name, task.display_name, task.note or ""):
            self.assertNotIn("Bert", text)

    def test_the_task_is_unreadable_for_others(self):
        task = self.tasks(self.make_quarrel())
        for user in (self.colleague, self.stranger):
            self.assertFalse(task.with_user(user).has_access("read"))

    def test_making_tasks_mails_nobody(self):
        other = self.make_user("other", "buurtbemiddeling_case.group_user")
        case = self.make_case(user_id=other.id)
        mails = self.env["mail.mail"].search_count([])
        notes = self.env["mail.notification"].search_count([])
        case.neighbour_name = "Bert"
        self.assertEqual(self.tasks(case).user_id, other)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["mail.notification"].search_count([]), notes)

    def test_many_cases_at_once_take_a_fixed_number_of_queries(self):
        def sync(count):
            """Return how many queries it takes to make the tasks of ``count`` cases."""
            cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
            cases = cases.with_context(tracking_disable=True).create(
                [
                    {"company_id": self.company.id, "neighbour_name": f"Bea {number}"}
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases.with_context(tracking_disable=False).party_ids._sync_inform_tasks()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertEqual(len(self.tasks(cases)), count)
            return queries

        sync(2)  # warms the caches of the registry
        self.assertLessEqual(sync(30) - sync(2), 5)
