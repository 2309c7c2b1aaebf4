from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import tagged

from .common_retention import DUE_ON, MARK, RetentionCommon


@tagged("post_install", "-at_install")
class TestRetentionVolunteer(RetentionCommon):
    """Who left is forgotten after a term, and what was done stays."""

    # ------------------------------------------------------------
    # WHEN A VOLUNTEER IS DUE
    # ------------------------------------------------------------

    def test_who_left_is_due_after_the_term_from_the_last_day(self):
        self.leave(self.vera)
        self.assertNotIn(self.vera, self.get_due("volunteer", DUE_ON - timedelta(days=1)))
        self.assertIn(self.vera, self.get_due("volunteer", DUE_ON))
        self.company.buurtbemiddeling_retention_volunteer_months = 36
        self.assertNotIn(self.vera, self.get_due("volunteer", DUE_ON))

    def test_who_asked_for_his_data_is_answered_before_they_go(self):
        self.leave(self.vera)
        requests = self.env["buurtbemiddeling.privacy.request"].with_user(self.manager)
        request = requests.create({"partner_id": self.vera.partner_id.id})
        self.assertNotIn(self.vera, self.get_due("volunteer", DUE_ON))
        request.refusal_reason = "withdrawn"
        request.action_refuse()
        self.assertIn(self.vera, self.get_due("volunteer", DUE_ON))

    def test_who_works_takes_a_break_or_came_back_is_never_due(self):
        far = date(2050, 1, 1)
        self.assertNotIn(self.vera, self.get_due("volunteer", far))
        pause = self.make_volunteer("Pauline", "pause", date_start=date(2020, 1, 1))
        self.leave(self.vera)
        self.vera.stage_id = self.code("volunteer.stage", "pause")
        self.assertFalse({self.vera.id, pause.id} & set(self.get_due("volunteer", far).ids))

    def test_who_applies_again_after_leaving_is_not_due(self):
        self.leave(self.vera)
        again = self.apply(self.vera)
        self.backdate(datetime(2028, 6, 20), again)
        self.assertNotIn(self.vera, self.get_due("volunteer", DUE_ON))
        self.assertIn(self.vera, self.get_due("volunteer", DUE_ON + relativedelta(years=2)))

    def test_a_last_day_that_is_not_known_counts_from_the_last_sign(self):
        gone = self.make_volunteer("Long Gone", "left", date_start=date(2019, 1, 1)).sudo()
        gone.date_end = False
        case = self.make_case()
        self.couple(case, gone, "ended", date_start=date(2020, 1, 1), date_end=date(2021, 1, 1))
        self.backdate(datetime(2019, 1, 1), gone)
        self.assertNotIn(gone, self.get_due("volunteer", date(2022, 12, 31)))
        self.assertIn(gone, self.get_due("volunteer", date(2023, 1, 2)))

    def test_who_was_archived_without_leaving_is_due_after_the_last_sign(self):
        self.vera.active = False
        self.backdate(datetime(2024, 1, 8), self.vera, self.vera.enrolment_ids)
        self.assertIn(self.vera, self.get_due("volunteer", date(2027, 1, 8)))

    def test_terms_are_of_one_kind_and_one_organisation(self):
        self.leave(self.vera)
        self.assertNotIn(self.vera, self.get_due("applicant", DUE_ON))
        other = self.env["res.company"].create({"name": "Another organisation"})
        domain = self.vera._get_retention_domain(other, "volunteer", DUE_ON)
        self.assertFalse(self.vera.search(domain))
        self.assertFalse(self.vera.search(self.vera._get_retention_domain(other, "x", DUE_ON)))

    # ------------------------------------------------------------
    # WHEN AN APPLICANT IS DUE
    # ------------------------------------------------------------

    def test_who_was_turned_down_is_due_a_month_later(self):
        anna = self.make_applicant()
        self.leave(anna, date(2026, 2, 10))
        self.assertNotIn(anna, self.get_due("applicant", date(2026, 3, 9)))
        self.assertIn(anna, self.get_due("applicant", date(2026, 3, 10)))
        self.assertNotIn(anna, self.get_due("volunteer", date(2050, 1, 1)))

    def test_who_was_found_unsuitable_is_due_also_when_nobody_moved_the_card(self):
        anna = self.make_applicant()
        talk = self.env["buurtbemiddeling.volunteer.talk"].create(
            {"volunteer_id": anna.id, "kind": "intake", "date": date(2026, 2, 1), "result": "not"}
        )
        self.backdate(datetime(2026, 2, 1), anna)
        self.assertIn(anna, self.get_due("applicant", date(2026, 3, 2)))
        talk.result = "doubt"
        self.assertNotIn(anna, self.get_due("applicant", date(2026, 3, 2)))

    def test_who_still_waits_is_due_only_after_a_year_of_silence(self):
        anna = self.make_applicant()
        self.assertNotIn(anna, self.get_due("applicant", date(2027, 1, 4)))
        self.assertIn(anna, self.get_due("applicant", date(2027, 1, 6)))
        again = self.apply(anna, form_key="later")
        self.backdate(datetime(2026, 11, 1), again)
        self.assertNotIn(anna, self.get_due("applicant", date(2027, 1, 6)))

    def test_who_has_a_seat_in_a_coming_training_is_not_due(self):
        anna = self.make_applicant()
        self.enrol(self.make_session(), anna)  # of March 2027
        self.backdate(datetime(2026, 1, 5), anna, anna.enrolment_ids)
        self.assertNotIn(anna, self.get_due("applicant", date(2027, 1, 6)))

    def test_a_volunteer_is_no_applicant(self):
        self.backdate(datetime(2020, 1, 1), self.vera)
        self.assertNotIn(self.vera, self.get_due("applicant", date(2050, 1, 1)))

    # ------------------------------------------------------------
    # A RUN
    # ------------------------------------------------------------

    def test_a_run_lists_and_warns_and_forgets_who_is_not_kept_longer(self):
        company = self.company
        company.write(
            {
                "buurtbemiddeling_retention_volunteer_months": 1,
                "buurtbemiddeling_retention_warning_days": 1,
            }
        )
        day = date.today() - relativedelta(months=2)
        vera = self.leave(self.vera, day, coordinator_id=self.coordinator.id)
        kept = self.make_volunteer("Kim Kept", date_start=date(2024, 1, 8)).sudo()
        self.leave(kept, day).write(
            {
                "retention_hold_reason": "A complaint is being handled",
                "retention_hold_until": date.today() + timedelta(days=30),
            }
        )
        anna = self.make_applicant()
        self.leave(anna, day)
        run = self.env["buurtbemiddeling.retention.run"].create({"company_id": company.id})
        lines = run.line_ids.filtered(lambda line: line.model == vera._name)
        self.assertEqual(
            {(line.res_id, line.kind) for line in lines},
            {(vera.id, "volunteer"), (kept.id, "volunteer"), (anna.id, "applicant")},
        )
        line = lines.filtered(lambda line: line.res_id == vera.id)
        self.assertEqual(line.due_date, day + relativedelta(months=1))
        self.assertEqual(line.user_id, self.coordinator)
        self.assertNotIn(MARK, f"{line.name} {line.display_name}")
        run.action_warn()
        self.assertIn(self.coordinator, run.activity_ids.user_id)
        lines._carry_out()
        self.assertEqual(
            {line.res_id: line.state for line in lines},
            {vera.id: "done", kept.id: "held", anna.id: "done"},
        )
        self.assertEqual(kept.name, "Kim Kept")
        self.assertEqual(vera.name, f"Former mediator {vera.id}")

    # ------------------------------------------------------------
    # THE LOGIN
    # ------------------------------------------------------------

    def test_leaving_closes_the_login_that_we_gave(self):
        user = self.give_login(self.vera)
        self.move(self.vera, "left")
        self.assertFalse(self.vera.user_id)
        self.assertFalse(user.active)
        self.assertFalse(user._is_portal())

    def test_leaving_leaves_a_login_that_was_there_before(self):
        user = self.env["res.users"].create(
            {
                "login": "vera.before",
                "partner_id": self.vera.partner_id.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.vera.user_id = user
        self.move(self.vera, "left")
        self.assertFalse(self.vera.user_id)
        self.assertTrue(user.active)
