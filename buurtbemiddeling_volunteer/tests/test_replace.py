from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common_invitation import MODEL, InvitationCommon

GAP = "buurtbemiddeling_volunteer.mail_activity_type_mediator"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-30 10:00:00")
class TestReplace(InvitationCommon):
    """A swap destroys no history, the gap is told, and everybody can come back."""

    def setUp(self):
        super().setUp()
        self.first, self.second = (
            self.couple(self.case, self.vera, hours=4),
            self.couple(self.case, self.wim),
        )
        self.zoe = self.make_volunteer("Zoe")

    def replace(self, row, substitute=None, code="VERVANGEN", **values):
        wizard = self.env["buurtbemiddeling.assignment.replace"].with_user(self.coordinator)
        return wizard.create(
            {
                "assignment_id": row.id,
                "reason_id": code and self.reasons._get_by_code(code).id,
                "substitute_id": substitute and substitute.id,
                **values,
            }
        )

    def gap(self):
        return self.case.activity_search([GAP])

    def test_substitute_is_asked_and_the_history_stays(self):
        self.replace(self.first, self.zoe, note="Moves away").action_replace()
        self.assertEqual((self.first.state, self.first.hours), ("ended", 4))
        self.assertEqual(self.first.date_end, date(2026, 3, 30))
        self.assertEqual(self.first.reason_id.code, "VERVANGEN")
        self.assertEqual(self.first.reason_note, "Moves away")
        new = self.first.replaced_by_id
        self.assertEqual((new.volunteer_id, new.state, new.hours), (self.zoe, "invited", 0))
        self.assertEqual(self.mails().recipient_ids, self.zoe.partner_id)
        self.assertEqual(self.case.volunteer_ids, self.wim + self.zoe)
        self.assertEqual(len(self.case.assignment_ids), 3)
        self.assertFalse(self.gap(), "the place is taken")

    def test_work_is_credited_to_who_did_it(self):
        self.replace(self.first, self.zoe).action_replace()
        self.first.replaced_by_id.write({"state": "accepted", "hours": 2})
        hours = self.env[MODEL]._read_group(
            [("case_id", "=", self.case.id)], ["volunteer_id"], ["hours:sum"]
        )
        self.assertEqual(dict(hours), {self.vera: 4, self.wim: 0, self.zoe: 2})

    def test_planned_talks_follow_the_new_pair(self):
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": self.case.id, "kind": "talk_b", "start": datetime(2026, 4, 10, 18)})
        )
        self.replace(self.first, self.zoe).action_replace()
        attendees = talk.event_id.sudo().partner_ids
        self.assertNotIn(self.vera.partner_id, attendees)
        self.assertNotIn(self.zoe.partner_id, attendees)
        self.first.replaced_by_id.action_accept()
        self.assertIn(self.zoe.partner_id, talk.event_id.sudo().partner_ids)

    def test_ending_without_substitute_tells_that_one_is_missing(self):
        self.replace(self.first, code="ZIEK").action_end()
        self.assertEqual(self.first.state, "ended")
        self.assertIn("Vera: Ill", html2plaintext(self.gap().note))
        self.assertEqual(self.gap().user_id, self.coordinator)
        self.replace(self.second, code="ZIEK").action_end()
        self.assertEqual(len(self.gap()), 1, "one to-do tells of both")
        self.assertIn("Wim: Ill", html2plaintext(self.gap().note))
        self.invite(self.zoe, self.vera)
        self.assertFalse(self.gap())

    def test_gap_without_coordinator_is_for_whoever_takes_it_up(self):
        self.case.user_id = False
        self.replace(self.first, code="ZIEK").action_end()
        self.assertTrue(self.gap())
        self.assertFalse(self.gap().user_id)

    def test_stepping_back_tells_the_coordinator(self):
        self.first._step_back("Too busy at work")
        self.assertEqual(self.first.reason_id.code, "TERUGGETREDEN")
        self.assertIn("Vera: Stepped back", html2plaintext(self.gap().note))
        self.assertTrue(self.gap().automated)

    def test_whoever_left_is_found_a_substitute_later(self):
        self.first._step_back()
        action = self.first.action_find_substitute()
        self.assertEqual(action["context"]["replaced_assignment_id"], self.first.id)
        self.replace(self.first, self.zoe, code=False).action_replace()
        self.assertEqual(self.first.reason_id.code, "TERUGGETREDEN")
        self.assertEqual(self.first.replaced_by_id.volunteer_id, self.zoe)

    def test_replacing_asks_a_reason_and_a_day_that_is_here(self):
        with self.assertRaisesRegex(UserError, "why this mediator stops"):
            self.replace(self.first, code=False).action_end()
        with self.assertRaisesRegex(UserError, "Choose today"):
            self.replace(self.first, date_end=date(2026, 3, 31)).action_end()
        with self.assertRaisesRegex(UserError, "Too many cases"):
            self.replace(self.first, code="TE_VEEL_ZAKEN").action_end()

    def test_a_substitute_who_gets_no_cases_leaves_the_pair_as_it_was(self):
        resting = self.make_volunteer("Rust", "pause")
        with self.assertRaisesRegex(UserError, "Rust"), self.cr.savepoint():
            self.replace(self.first, resting).action_replace()
        self.first.invalidate_recordset()
        self.assertEqual(self.first.state, "accepted")

    def test_who_is_in_the_case_is_not_proposed_as_substitute(self):
        wizard = self.replace(self.first)
        self.assertEqual(wizard.busy_volunteer_ids, self.vera + self.wim)

    def test_who_left_can_come_back(self):
        self.replace(self.first, self.zoe).action_replace()
        self.first.action_invite_again()
        back = self.case.assignment_ids.filtered(
            lambda row: row.volunteer_id == self.vera and row.is_live
        )
        self.assertEqual(back.state, "invited")
        self.assertEqual((self.first.state, self.first.hours), ("ended", 4))
        self.assertEqual(self.vera.case_count, 1)

    def test_who_left_is_in_the_case_no_more_and_staff_still_sees_the_work(self):
        self.first._step_back()
        self.assertNotIn(self.vera, self.case.volunteer_ids)
        self.assertEqual(self.vera.active_case_count, 0)
        self.assertEqual(self.vera.case_count, 1)
        rows = self.env[MODEL].with_user(self.coordinator)
        self.assertIn(self.first, rows.search([("volunteer_id", "=", self.vera.id)]))

    def test_closing_a_case_says_so_and_asks_for_nobody(self):
        self.first._step_back()
        asked = self.invite(self.zoe)
        self.case.write({"outcome_id": self.code("outcome", "OPG_BEM").id})
        self.case.close_date = date(2026, 3, 30)
        self.assertEqual(self.second.reason_id.code, "ZAAK_GESLOTEN")
        self.assertEqual(asked.reason_id.code, "ZAAK_GESLOTEN")
        self.assertEqual(self.first.reason_id.code, "TERUGGETREDEN")
        self.assertFalse(self.gap())

    def test_merging_says_so_and_asks_for_nobody(self):
        other = self.make_quarrel(registration_date=date(2026, 3, 10))
        double = self.couple(
            other,
            self.vera,
            date_start=date(2026, 3, 12),
            independence_reason="Both know the mediator",
        )
        wizard = self.env["buurtbemiddeling.case.merge"].with_user(self.coordinator)
        wizard.create({"case_ids": [(6, 0, (self.case | other).ids)]}).action_merge()
        self.assertEqual((double.state, double.reason_id.code), ("ended", "SAMENGEVOEGD"))
        self.assertFalse(self.gap())
        self.assertEqual(self.case.duo_state, "complete")

    def test_wizards_of_another_organisation_are_refused(self):
        for model in ("decline", "replace"):
            wizard = self.env[f"buurtbemiddeling.assignment.{model}"].with_user(self.stranger)
            with self.assertRaises(UserError):
                wizard.create(
                    {
                        "assignment_id": self.first.id,
                        "reason_id": self.reasons._get_by_code("ZIEK").id,
                    }
                )
