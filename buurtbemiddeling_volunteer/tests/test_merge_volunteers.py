from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestMergeVolunteers(VolunteerCommon):
    """One person who was entered twice: nothing is lost, and nothing counts twice."""

    def setUp(self):
        super().setUp()
        self.vera = self.make_volunteer("Vera", phone="0612345678")
        self.double = self.make_volunteer("V. de Vries")
        self.case = self.make_case()

    def merge(self, user=None, keep=None):
        """Merge the two contacts as Odoo's own wizard does, and return the volunteer."""
        contacts = (self.vera | self.double).partner_id
        kept = (keep or self.vera).partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(user) if user else wizard
        wizard._merge(contacts.ids, kept.with_env(wizard.env), extra_checks=False)
        return self.env["buurtbemiddeling.volunteer"].search([("partner_id", "=", kept.id)])

    def test_one_volunteer_and_one_contact_remain(self):
        contact = self.double.partner_id
        documents = (self.vera | self.double).document_ids
        self.double.date_start = date(2024, 1, 1)
        self.vera.date_start = date(2025, 1, 1)
        self.double.message_post(body="Likes evenings")
        merged = self.merge()
        self.assertEqual(merged, self.vera)
        self.assertFalse(self.double.exists() or contact.exists())
        self.assertEqual(merged.document_ids, documents)
        self.assertEqual(merged.date_start, date(2024, 1, 1))
        self.assertTrue(any("Likes evenings" in body for body in merged.message_ids.mapped("body")))
        self.assertEqual(merged.name, "Vera")

    def test_the_contact_that_is_chosen_keeps_its_volunteer(self):
        self.assertEqual(self.merge(keep=self.double), self.double)

    @freeze_time("2026-04-20")
    def test_two_live_couplings_to_one_case_become_one_with_the_other_as_history(self):
        working = self.couple(self.case, self.double, hours=3)
        invited = self.couple(self.case, self.vera, "invited", hours=1)
        other = self.couple(self.make_case(), self.double)
        merged = self.merge()
        self.assertEqual(merged.assignment_ids, working | invited | other)
        self.assertEqual((working.state, working.hours), ("accepted", 3))
        self.assertEqual((invited.state, invited.hours), ("ended", 1))
        self.assertEqual(invited.date_end, date(2026, 4, 20))

    def test_of_two_enrolments_the_one_with_the_certificate_stays(self):
        session = self.make_session()
        plain = self.enrol(session, self.vera, attended_hours=12)
        certified = self.enrol(session, self.double, attended_hours=15, result="passed")
        certified.action_give_certificate()
        number = certified.certificate_number
        merged = self.merge()
        self.assertEqual((plain | certified).volunteer_id, merged)
        self.assertEqual((certified.state, certified.certificate_number), ("attended", number))
        self.assertEqual((plain.state, plain.attended_hours), ("cancelled", 0))
        notes = "".join(merged.message_ids.mapped("body"))
        self.assertIn("Present, 12 hours", notes)

    def note(self, enrolment, *states):
        """Note attendance on the half-days of the session, in order; False is not noted."""
        events = enrolment.session_id.event_ids.sorted("start")
        rows = self.env["buurtbemiddeling.training.attendance"].with_user(self.coordinator)
        return rows.create(
            [
                {"enrolment_id": enrolment.id, "event_id": event.id, "state": state}
                for event, state in zip(events, states, strict=False)
            ]
        )

    def test_attendance_of_both_names_adds_up_to_what_one_person_attended(self):
        session = self.make_session()
        rows = self.enrol(session, self.vera, self.double)
        kept, history = rows
        mine = self.note(kept, "present", "present", False, "absent")
        others = self.note(history, "absent", "excused", "present", "present", "excused")
        merged = self.merge()
        self.assertEqual((kept.state, kept.attended_hours), ("attended", 12))
        self.assertEqual((history.state, history.attended_hours), ("cancelled", 0))
        self.assertEqual(rows.volunteer_id, merged)
        attendance = kept.attendance_ids.sorted("date_start")
        self.assertEqual(attendance.volunteer_id, merged)
        self.assertEqual(attendance.mapped("state"), ["present"] * 4 + ["excused"])
        self.assertEqual((mine | others).exists(), mine | others[-1])
        notes = "".join(merged.message_ids.mapped("body"))
        self.assertIn("03/08/2027 Present 3; 03/15/2027 Present 3; 03/29/2027 Absent", notes)
        self.assertIn("03/08/2027 Absent; 03/15/2027 Excused; 03/22/2027 Present 3", notes)

    def test_attendance_goes_to_the_enrolment_with_the_certificate(self):
        session = self.make_session()
        certified, other = self.enrol(session, self.vera, self.double)
        self.note(certified, *["present"] * 5)
        certified.result = "passed"
        certified.action_give_certificate()
        self.note(other, *["absent"] * 5)
        self.merge()
        self.assertEqual((certified.state, certified.attended_hours), ("attended", 15))
        self.assertTrue(certified.certificate_number)
        self.assertEqual(other.state, "cancelled")

    def test_half_days_do_not_undo_hours_that_came_in_without_them(self):
        session = self.make_session()
        history = self.enrol(session, self.vera, attended_hours=15, result="passed")
        history.action_give_certificate()
        other = self.enrol(session, self.double)
        self.note(other, "present", "absent")
        merged = self.merge()
        self.assertEqual((history.attended_hours, other.attended_hours), (15, 0))
        self.assertTrue(history.certificate_number)
        notes = "".join(merged.message_ids.mapped("body"))
        self.assertIn("Present, 3 hours", notes)
        self.assertIn("03/08/2027 Present 3; 03/15/2027 Absent", notes)

    def test_who_declined_under_one_name_and_came_under_the_other(self):
        session = self.make_session()
        declined = self.enrol(session, self.vera, state="declined")
        coming = self.enrol(session, self.double)
        self.merge()
        self.assertEqual((declined.state, coming.state), ("declined", "enrolled"))

    def test_competences_of_a_double_enrolment_stay(self):
        competence = self.env["buurtbemiddeling.competence"].search([], limit=1)
        training = self.make_training(hours=18)
        session = self.make_session(training)
        first = self.enrol(session, self.vera, attended_hours=15, result="passed")
        training.competence_ids = competence
        second = self.enrol(session, self.double, attended_hours=12, result="passed")
        self.assertEqual(second.given_competence_ids, competence)
        merged = self.merge()
        self.assertEqual(merged.competence_ids, competence)
        first.result = "failed"
        self.assertFalse(merged.competence_ids, "given by this training, and taken back with it")

    def test_the_fixed_amount_for_one_case_is_not_paid_twice(self):
        self.company.buurtbemiddeling_case_expense = 25
        decided, waiting = self.env["buurtbemiddeling.expense"].create(
            [
                {"assignment_id": self.couple(self.case, one).id, "kind": "fixed", "state": state}
                for one, state in ((self.double, "approved"), (self.vera, "submitted"))
            ]
        )
        travel = self.env["buurtbemiddeling.expense"].create(
            {"volunteer_id": self.double.id, "kind": "travel", "amount": 8}
        )
        merged = self.merge()
        self.assertEqual(merged.expense_ids, decided | waiting | travel)
        self.assertEqual((decided.state, waiting.state), ("approved", "refused"))
        self.assertIn("already", waiting.refusal_reason)
        self.assertEqual((travel.state, travel.amount), ("draft", 8))

    def test_a_fixed_amount_for_each_of_two_cases_stays(self):
        self.company.buurtbemiddeling_case_expense = 25
        rows = self.couple(self.case, self.vera) | self.couple(self.make_case(), self.double)
        self.env["buurtbemiddeling.expense"].create(
            [{"assignment_id": row.id, "kind": "fixed", "state": "submitted"} for row in rows]
        )
        merged = self.merge()
        self.assertEqual(merged.expense_ids.mapped("state"), ["submitted"] * 2)

    @freeze_time("2026-04-20")
    def test_all_that_both_did_in_one_case_lives_on(self):
        quarrel = self.make_quarrel()
        work = [self.couple(quarrel, one) for one in (self.vera, self.double)]
        reports = self.env["buurtbemiddeling.visit.report"].create(
            [
                {
                    "party_id": party.id,
                    "assignment_id": row.id,
                    "date": date(2026, 4, 10),
                    "hours_ids": [(0, 0, {"assignment_id": one.id, "hours": 2}) for one in work],
                }
                for party, row in zip(quarrel.party_ids, work, strict=True)
            ]
        )
        expenses = self.env["buurtbemiddeling.expense"].create(
            [{"assignment_id": row.id, "kind": "travel", "amount": 8} for row in work]
        )
        exported = expenses[1]
        expenses.action_approve()
        self.env["buurtbemiddeling.expense.export"]._export(exported, date(2026, 4, 20))
        notes = self.env["buurtbemiddeling.coach.note"].create(
            [{"volunteer_id": row.volunteer_id.id, "note": "Listens"} for row in work]
        )
        objection = self.env["buurtbemiddeling.assignment.objection"].create(
            {
                "case_id": quarrel.id,
                "party_id": quarrel.party_ids[0].id,
                "volunteer_id": self.double.id,
                "ground": "knows",
            }
        )
        debrief = self.env["buurtbemiddeling.debrief"].create(
            {"case_id": quarrel.id, "volunteer_ids": [(6, 0, (self.vera | self.double).ids)]}
        )
        login = mail_new_test_user(
            self.env,
            login="v.devries",
            groups="base.group_portal",
            partner_id=self.double.partner_id.id,
        )
        self.double.user_id = login
        merged = self.merge()
        self.assertEqual(merged.user_id, login)
        self.assertEqual(quarrel.assignment_ids.volunteer_id, merged)
        self.assertEqual(sorted(quarrel.assignment_ids.mapped("state")), ["accepted", "ended"])
        self.assertEqual(quarrel.assignment_ids.mapped("hours"), [4, 4])
        self.assertEqual(reports.volunteer_id, merged)
        self.assertEqual(merged.expense_ids, expenses)
        self.assertEqual(exported.state, "exported")
        self.assertEqual(merged.coach_note_ids, notes)
        self.assertEqual((objection.volunteer_id, debrief.volunteer_ids), (merged, merged))

    def test_two_certificates_of_one_session_are_refused_before_anything_changed(self):
        session = self.make_session()
        rows = self.enrol(session, self.vera, self.double, attended_hours=15, result="passed")
        rows.action_give_certificate()
        live = self.couple(self.case, self.vera) | self.couple(self.case, self.double)
        with self.assertRaisesRegex(UserError, "two certificates"):
            self.merge()
        self.assertEqual((self.vera | self.double).exists(), self.vera | self.double)
        self.assertEqual(rows.mapped("state"), ["attended"] * 2)
        self.assertEqual(live.mapped("state"), ["accepted"] * 2)

    @freeze_time("2026-06-01")
    def test_the_first_acceptance_stays_and_the_other_is_told(self):
        protocol = self.env["buurtbemiddeling.protocol"].create(
            {"version": "7", "company_id": self.company.id, "date_from": date(2026, 1, 1)}
        )
        protocol.action_publish()
        late, first = self.env["buurtbemiddeling.protocol.acceptance"].create(
            [
                {"protocol_id": protocol.id, "volunteer_id": one.id, "date": day, "mode": mode}
                for one, day, mode in (
                    (self.vera, date(2026, 5, 5), "mail"),
                    (self.double, date(2026, 3, 3), "paper"),
                )
            ]
        )
        merged = self.merge()
        self.assertFalse(late.exists())
        self.assertEqual(merged.acceptance_ids, first)
        notes = "".join(merged.message_ids.mapped("body"))
        self.assertIn("Working protocol 7: accepted on 05/05/2026, By mail", notes)

    def test_who_is_at_work_under_one_name_is_at_work(self):
        self.move(self.vera, "left")
        self.vera.active = False
        row = self.couple(self.case, self.double)
        merged = self.merge()
        self.assertEqual(merged, self.vera)
        self.assertTrue(merged.active)
        self.assertEqual(merged.stage_id.code, "active")
        self.assertFalse(merged.date_end)
        self.assertEqual(row.volunteer_id, merged)
        self.assertIn("Left", "".join(merged.message_ids.mapped("body")))

    def test_who_is_at_work_has_no_reason_of_leaving_and_no_pause(self):
        reason = self.env["buurtbemiddeling.leave.reason"].search([], limit=1)
        self.vera.write(
            {
                "stage_id": self.code("volunteer.stage", "left").id,
                "leave_reason_id": reason.id,
                "pause_until": date(2027, 1, 1),
            }
        )
        merged = self.merge()
        self.assertEqual(merged.stage_id.code, "active")
        self.assertFalse(merged.leave_reason_id or merged.pause_until or merged.is_held)
        notes = "".join(merged.message_ids.mapped("body"))
        self.assertIn(reason.name, notes)
        self.assertIn("01/01/2027", notes)

    def test_who_left_under_both_names_keeps_the_reason(self):
        first, second = self.env["buurtbemiddeling.leave.reason"].search([], limit=2)
        left = self.code("volunteer.stage", "left")
        self.vera.write({"stage_id": left.id, "leave_reason_id": first.id})
        self.double.write({"stage_id": left.id, "leave_reason_id": second.id})
        merged = self.merge()
        self.assertEqual(merged.leave_reason_id, first)
        self.assertIn(second.name, "".join(merged.message_ids.mapped("body")))

    def test_the_login_comes_along(self):
        login = mail_new_test_user(
            self.env,
            login="v.devries",
            groups="base.group_portal",
            partner_id=self.double.partner_id.id,
        )
        self.double.user_id = login
        merged = self.merge()
        self.assertEqual(merged.user_id, login)
        self.assertEqual(login.partner_id, merged.partner_id)

    def test_volunteers_of_two_organisations_both_stay(self):
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.double.partner_id.id, "company_id": self.other_company.id}
        )
        self.merge()
        self.assertEqual(elsewhere.partner_id, self.vera.partner_id)
        self.assertEqual(elsewhere.company_id, self.other_company)

    def test_a_contact_of_one_organisation_is_not_given_to_another(self):
        self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.double.partner_id.id, "company_id": self.other_company.id}
        )
        self.vera.partner_id.company_id = self.company
        with self.assertRaisesRegex(UserError, "several organisations"):
            self.merge()
        self.assertTrue(self.double.exists())

    def test_a_mediator_does_not_turn_into_a_neighbour(self):
        quarrel = self.make_quarrel()
        quarrel.party_ids[0].partner_id = self.env["res.partner"].create({"name": "Vera"})
        self.couple(quarrel, self.vera)
        contacts = self.vera.partner_id | quarrel.party_ids[0].partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(ValidationError, "one of the neighbours"):
            wizard.with_user(self.coordinator).sudo()._merge(contacts.ids, contacts[0])
        with self.assertRaises(UserError) as refusal:
            wizard.with_user(self.colleague)._merge(contacts.ids, contacts[0], extra_checks=False)
        self.assertNotIn(quarrel.name, str(refusal.exception))
        self.assertIn("Ask your Odoo administrator", str(refusal.exception))

    def test_a_colleague_outside_merges_without_loss_and_without_seeing(self):
        row = self.couple(self.case, self.double)
        self.merge(user=self.colleague)
        self.assertEqual(row.volunteer_id, self.vera)

    # ------------------------------------------------------------
    # THE COORDINATOR'S BUTTON
    # ------------------------------------------------------------

    def open_wizard(self, volunteers):
        wizard = self.env["buurtbemiddeling.volunteer.merge"].with_user(self.coordinator)
        return Form(wizard.with_context(default_volunteer_ids=volunteers.ids))

    def test_a_coordinator_merges_two_volunteers_who_are_one_person(self):
        self.couple(self.case, self.double)
        form = self.open_wizard(self.vera | self.double)
        self.assertEqual(form.kept_id, self.double, "the one with most cases is proposed")
        form.kept_id = self.vera
        action = form.save().action_merge()
        self.assertEqual(action["res_id"], self.vera.id)
        self.assertFalse(self.double.exists())
        self.assertEqual(self.case.volunteer_ids, self.vera)

    def test_one_volunteer_is_not_merged(self):
        with self.assertRaisesRegex(UserError, "Choose two or three"):
            self.open_wizard(self.vera).save().action_merge()

    def test_a_login_is_not_reached_by_another_mail_address(self):
        mail_new_test_user(
            self.env,
            login="v.devries",
            groups="base.group_portal",
            partner_id=self.double.partner_id.id,
        )
        with self.assertRaisesRegex(UserError, "One of them logs in"):
            self.open_wizard(self.vera | self.double).save().action_merge()
        self.vera.partner_id.email = self.double.partner_id.email
        self.open_wizard(self.vera | self.double).save().action_merge()

    def test_two_logins_are_not_merged(self):
        for one in self.vera | self.double:
            mail_new_test_user(
                self.env,
                login=one.email,
                groups="base.group_portal",
                partner_id=one.partner_id.id,
            )
        with self.assertRaisesRegex(UserError, "two logins.* delete the one that is not used"):
            self.open_wizard(self.vera | self.double).save().action_merge()
        self.assertEqual((self.vera | self.double).exists(), self.vera | self.double)

    def test_volunteers_of_two_organisations_are_not_merged(self):
        both = mail_new_test_user(
            self.env,
            login="both",
            groups="buurtbemiddeling_case.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, (self.company | self.other_company).ids)],
        )
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.portal.partner_id.id, "company_id": self.other_company.id}
        )
        wizard = self.env["buurtbemiddeling.volunteer.merge"].with_user(both)
        wizard = wizard.with_context(allowed_company_ids=both.company_ids.ids)
        wizard = wizard.create({"volunteer_ids": [(6, 0, (self.vera | elsewhere).ids)]})
        with self.assertRaisesRegex(UserError, "different organisations"):
            wizard.action_merge()
