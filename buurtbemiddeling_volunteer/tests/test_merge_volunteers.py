from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common_merge_volunteers import MergeVolunteersCase


@tagged("post_install", "-at_install")
class TestMergeVolunteers(MergeVolunteersCase):
    """One person who was entered twice: nothing is lost, and nothing counts twice."""

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
        work = self.couple(quarrel, self.vera) | self.couple(quarrel, self.double)
        reports = self.report_together(work)
        expenses, exported = self.pay(work)
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
        merged = self.merge()
        self.assertEqual(quarrel.assignment_ids.volunteer_id, merged)
        self.assertEqual(sorted(quarrel.assignment_ids.mapped("state")), ["accepted", "ended"])
        self.assertEqual(quarrel.assignment_ids.mapped("hours"), [4, 4])
        self.assertEqual(reports.volunteer_id, merged)
        self.assertEqual(merged.expense_ids, expenses)
        self.assertEqual(exported.state, "exported")
        self.assertEqual(merged.coach_note_ids, notes)
        self.assertEqual((objection.volunteer_id, debrief.volunteer_ids), (merged, merged))

    def report_together(self, work):
        """Let each report a talk with one party, in which both spent two hours."""
        hours = [(0, 0, {"assignment_id": row.id, "hours": 2}) for row in work]
        return self.env["buurtbemiddeling.visit.report"].create(
            [
                {
                    "party_id": party.id,
                    "assignment_id": row.id,
                    "date": date(2026, 4, 10),
                    "hours_ids": hours,
                }
                for party, row in zip(work.case_id.party_ids, work, strict=True)
            ]
        )

    def pay(self, work):
        """Approve a journey of each, and pay the last; return all, and that one."""
        expenses = self.env["buurtbemiddeling.expense"].create(
            [{"assignment_id": row.id, "kind": "travel", "amount": 8} for row in work]
        )
        expenses.action_approve()
        self.env["buurtbemiddeling.expense.export"]._export(expenses[1], date(2026, 4, 20))
        return expenses, expenses[1]

    def test_the_login_of_the_double_is_that_of_the_one_who_stays(self):
        login = mail_new_test_user(
            self.env,
            login="v.devries",
            groups="base.group_portal",
            partner_id=self.double.partner_id.id,
        )
        self.double.user_id = login
        self.assertEqual(self.merge().user_id, login)

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
