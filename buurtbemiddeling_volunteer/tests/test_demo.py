from odoo.tests import TransactionCase, tagged

from odoo.addons.buurtbemiddeling_case.demo.journeys import TALK_PHASES


@tagged("post_install", "-at_install", "buurtbemiddeling_demo", "-standard")
class TestDemo(TransactionCase):
    """The demo's volunteers are coupled and trained by the rules of the field."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteers = cls.get_demo_records("buurtbemiddeling_volunteer", "volunteer")
        cls.cases = cls.get_demo_records("buurtbemiddeling_case", "case")
        cls.assignments = cls.cases.assignment_ids.filtered(lambda a: a.state != "declined")

    @classmethod
    def get_demo_records(cls, module, name):
        data = cls.env["ir.model.data"].search(
            [
                ("module", "=", module),
                ("model", "=", f"buurtbemiddeling.{name}"),
                ("name", "=like", f"demo\\_{name}\\_%"),
            ]
        )
        return cls.env[f"buurtbemiddeling.{name}"].browse(data.mapped("res_id"))

    def test_two_mediators_on_each_case_that_came_that_far(self):
        checked = 0
        # a replaced mediator is one more; who did not answer was asked as well
        asked = self.cases.assignment_ids.filtered(
            lambda a: (
                not a.replaced_by_id
                and (a.state != "declined" or a.reason_id.code == "GEEN_ANTWOORD")
            )
        )
        for case in self.cases.filtered(lambda case: case.stage_id.code != "waiting"):
            talks = case.meeting_ids.filtered(lambda talk: talk.kind in TALK_PHASES)
            needed = talks or case.stage_id.code == "assigned"
            mediators = asked.filtered(lambda a, case=case: a.case_id == case)
            with self.subTest(case=case.name):
                self.assertEqual(len(mediators.volunteer_id), 2 if needed else 0)
                self.assertEqual(
                    any(a.is_live for a in mediators), bool(needed and not case.is_closed)
                )
            checked += bool(needed)
        self.assertGreater(checked, 100)

    def test_nobody_mediates_before_the_basic_training(self):
        for assignment in self.assignments:
            trained = assignment.volunteer_id.basic_training_date
            self.assertTrue(trained and trained < assignment.date_start, assignment.display_name)

    def test_who_gets_cases_is_ready_and_has_room(self):
        active = self.volunteers.filtered("is_active_stage")
        self.assertEqual(len(active), 15)
        lapsed = active.filtered("missing_requirements")
        self.assertEqual(len(lapsed), 1)
        self.assertTrue(
            all(lapsed.assignment_ids.filtered("is_live").mapped("asks_lapse_decision"))
        )
        for volunteer in active:
            self.assertLessEqual(volunteer.active_case_count, volunteer.max_cases)
        self.assertFalse((self.volunteers - active).filtered("active_case_count"))

    def test_hardly_anybody_mediates_in_the_own_neighbourhood(self):
        near = self.assignments.filtered(lambda a: a.volunteer_id.area_id == a.case_id.area_id)
        self.assertLess(len(near), 0.02 * len(self.assignments))

    def test_hours_are_those_of_the_published_cases(self):
        ended = self.assignments.filtered(lambda a: a.state == "ended")
        self.assertGreater(min(ended.mapped("hours")), 1)
        self.assertLess(max(ended.mapped("hours")), 12)
        self.assertTrue(4 <= sum(ended.mapped("hours")) / len(ended) <= 8)

    def test_basic_trainings_have_five_half_days_and_a_waiting_list(self):
        sessions = self.env.ref("buurtbemiddeling_volunteer.demo_training_basic").session_ids
        self.assertEqual(set(sessions.mapped(lambda session: len(session.event_ids))), {5})
        held = sessions.filtered(lambda session: session.state == "done")
        self.assertTrue(all(held.enrolment_ids.mapped("certificate_number")))
        planned = sessions - held
        self.assertEqual(planned.mapped("waiting_count"), [1])
        self.assertEqual(planned.mapped("seats_free"), [0])

    def test_mediators_log_in_and_have_a_case(self):
        for number in (1, 2):
            volunteer = self.env.ref(f"buurtbemiddeling_volunteer.demo_volunteer_0{number}")
            self.assertEqual(volunteer.user_id.login, f"bemiddelaar{number}")
            self.assertTrue(volunteer.user_id._is_portal())
            self.assertTrue(volunteer.active_case_count)

    def test_pairs_were_asked_for_cases_that_wait(self):
        asked = self.cases.assignment_ids.filtered("invited_on")
        open_ones = asked.filtered(lambda a: a.state == "invited")
        self.assertTrue(open_ones)
        self.assertFalse(open_ones.filtered("is_expired"))
        self.assertTrue(open_ones.filtered("reminded_on"))
        self.assertFalse(open_ones.volunteer_id.filtered("missing_requirements"))
        declined = asked.filtered(lambda a: a.state == "declined").reason_id.mapped("code")
        self.assertLessEqual({"GEEN_ANTWOORD", "GEEN_TIJD"}, set(declined))

    def test_a_tie_at_work_was_judged(self):
        running = self.cases.filtered(lambda case: not case.is_closed)
        self.assertFalse(any(running.mapped("independence_warning")))
        judged = running.assignment_ids.filtered("independence_reason")
        self.assertTrue(judged)
        self.assertTrue(all(judged.mapped("independence_user_id")))

    def test_two_volunteers_have_not_accepted_the_new_protocol(self):
        protocol = self.env.ref("buurtbemiddeling_volunteer.demo_protocol_2")
        self.assertEqual((protocol.state, protocol.missing_count), ("current", 2))

    def test_work_is_told_claimed_and_looked_back_on(self):
        expenses = self.cases.assignment_ids.expense_ids
        self.assertEqual(set(expenses.mapped("state")), {"submitted", "approved", "exported"})
        self.assertEqual(len(expenses.export_id), 1)
        self.assertEqual(len(self.cases.debrief_ids.filtered("is_case_card")), 2)
        for report in self.cases.visit_report_ids:
            self.assertIn(report.party_id, report.meeting_id.party_ids)
        self.assertEqual(len(self.cases.objection_ids), 1)

    def test_the_mediators_with_a_login_have_something_to_see(self):
        mediators = self.volunteers.filtered("user_id")
        self.assertEqual(len(mediators), 2)
        for volunteer in mediators:
            homes = volunteer.with_user(volunteer.user_id).sudo()._get_portal_home_values()
            self.assertTrue(homes[0]["cases"], volunteer.name)
        invited = mediators.assignment_ids.filtered(lambda row: row.state == "invited")
        self.assertTrue(invited.filtered("invited_on"), "and something to answer")
        running = self.cases.filtered(lambda case: not case.is_closed).party_ids
        self.assertTrue(any(running.mapped("mediator_note")))

    def test_recruits_are_where_they_came_by_themselves(self):
        """The phases move people every night: in the demo nobody would move any more."""
        before = {volunteer: volunteer.stage_id for volunteer in self.volunteers}
        self.env["buurtbemiddeling.volunteer"]._cron_move_when_ready()
        self.assertEqual({volunteer: volunteer.stage_id for volunteer in self.volunteers}, before)
        applied = self.env["buurtbemiddeling.volunteer"].search([("application_ids", "!=", False)])
        self.assertEqual(applied.stage_id.mapped("code"), ["interest"])
        self.assertEqual(applied.enrolment_ids.mapped("state"), ["invited"] * 2)

    def test_nobody_was_mailed(self):
        volunteers = self.volunteers.partner_id
        mails = self.env["mail.mail"].search([("recipient_ids", "in", volunteers.ids)])
        self.assertFalse(mails)

    def test_making_it_again_adds_nothing(self):
        names = (
            *("volunteer", "volunteer.talk", "volunteer.application", "volunteer.declaration"),
            *("training.session", "training.enrolment", "training.attendance"),
            *("assignment", "visit.report", "expense", "expense.export", "debrief", "thanks"),
            *("coach.note", "learning.goal", "protocol.acceptance"),
        )
        models = [f"buurtbemiddeling.{name}" for name in names] + ["res.partner", "calendar.event"]
        before = [self.env[model].search_count([]) for model in models]
        self.env["buurtbemiddeling.demo"]._create_volunteers()
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(after, before)
