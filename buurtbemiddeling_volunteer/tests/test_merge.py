from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestMerge(VolunteerCommon):
    """Mediators of merged cases: nobody is coupled twice, and no hour is lost."""

    def setUp(self):
        super().setUp()
        self.kept = self.make_quarrel()
        self.other = self.make_quarrel(registration_date=date(2026, 3, 10))
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        # the same quarrel twice: whoever mediates in one has met the parties of the other
        self.known = {"independence_reason": "The same case"}

    def merge(self):
        wizard = self.env["buurtbemiddeling.case.merge"].with_user(self.coordinator)
        wizard.create({"case_ids": [(6, 0, (self.kept | self.other).ids)]}).action_merge()

    @freeze_time("2026-04-20")
    def test_a_mediator_of_both_cases_goes_on_in_the_oldest_row_and_keeps_all_hours(self):
        first = self.couple(self.kept, self.vera, hours=3)
        second = self.couple(
            self.other, self.vera, hours=2, date_start=date(2026, 3, 12), **self.known
        )
        third = self.couple(self.other, self.wim, hours=1)
        self.merge()
        self.assertEqual(self.kept.assignment_ids, first | second | third)
        self.assertEqual((first.state, first.hours), ("accepted", 3))
        self.assertEqual((second.state, second.hours), ("ended", 2))
        self.assertEqual(second.date_end, date(2026, 4, 20))
        self.assertEqual(self.kept.volunteer_ids, self.vera | self.wim)
        self.assertEqual(self.vera.active_case_count, 1)

    def test_work_goes_before_an_invitation(self):
        invited = self.couple(self.kept, self.vera, "invited")
        working = self.couple(self.other, self.vera, date_start=date(2026, 3, 12))
        self.merge()
        self.assertEqual((invited.state, working.state), ("ended", "accepted"))

    def test_history_moves_as_it_is(self):
        rows = self.couple(self.other, self.vera, "ended", date_end=date(2026, 3, 20), hours=4)
        rows += self.couple(self.other, self.vera, "declined")
        self.couple(self.kept, self.vera, **self.known)
        self.merge()
        self.assertEqual(rows.case_id, self.kept)
        self.assertEqual(rows.mapped("state"), ["ended", "declined"])
        self.assertEqual(rows[0].date_end, date(2026, 3, 20))

    def test_a_mediator_who_rests_goes_on_with_running_work(self):
        row = self.couple(self.other, self.vera)
        self.vera.stage_id = self.code("volunteer.stage", "pause")
        self.merge()
        self.assertEqual((row.case_id, row.state), (self.kept, "accepted"))

    def test_talks_show_the_mediators_of_both_cases(self):
        self.couple(self.kept, self.vera)
        self.couple(self.other, self.wim)
        talk = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": self.other.id, "kind": "talk_b", "start": datetime(2030, 3, 8, 18)}
        )
        self.merge()
        attendees = talk.event_id.partner_ids
        self.assertLessEqual((self.vera | self.wim).partner_id, attendees)
        self.assertIn(self.kept.name, talk.event_id.name)

    def test_a_mediator_who_turns_out_to_be_a_neighbour_is_refused(self):
        for working, quarrel in ((self.kept, self.other), (self.other, self.kept)):
            with self.subTest(working=working.name), self.cr.savepoint() as savepoint:
                neighbour = self.make_volunteer("Nel")
                quarrel.party_ids.create(
                    {"case_id": quarrel.id, "side": "b", "partner_id": neighbour.partner_id.id}
                )
                self.couple(working, neighbour)
                with self.assertRaisesRegex(ValidationError, "one of the neighbours"):
                    self.merge()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_mediators_stay_with_the_original_when_a_case_is_split(self):
        row = self.couple(self.kept, self.vera)
        wizard = self.env["buurtbemiddeling.case.split"].with_user(self.coordinator)
        wizard = wizard.create({"case_id": self.kept.id})
        wizard.line_ids[1].place = "new"
        new = self.env["buurtbemiddeling.case"].browse(wizard.action_split()["res_id"])
        self.assertEqual(row.case_id, self.kept)
        self.assertFalse(new.assignment_ids)
