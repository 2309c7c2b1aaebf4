import sys
from collections import Counter
from pathlib import Path
from random import Random

from odoo.tests import TransactionCase, tagged

sys.path.append(str(Path(__file__).resolve().parents[3]))  # where the package `bench` is
from bench.generator import cases, volunteers, world
from bench.sizes import Size

SIZE = Size("volunteers", 240, 2, 4, 40, years=3)


@tagged("post_install", "-at_install")
class TestGeneratorVolunteers(TransactionCase):
    """The volunteers of the made-up country, and their work: what no field by itself tells.

    That every stored field is as computed, and each constraint holds, is in `test_generator.py`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = world.make(cls.env, SIZE, str)
        made_cases = cases.make(cls.env, SIZE, cls.made, str)
        volunteers.make(cls.env, SIZE, cls.made, made_cases, str)
        cls.env.invalidate_all()
        cls.cases = cls.env["buurtbemiddeling.case"].browse([case.id for case in made_cases])
        cls.volunteers = cls.env["buurtbemiddeling.volunteer"].search(
            [("company_id", "in", cls.cases.company_id.ids)]
        )
        cls.rows = cls.cases.assignment_ids

    def test_number_and_phases(self):
        self.assertEqual(len(self.volunteers), SIZE.volunteers)
        phases = Counter(self.volunteers.mapped("stage_id.code"))
        self.assertTrue({"active", "left"} <= phases.keys())
        left = self.volunteers.filtered(lambda v: v.stage_id.is_left)
        self.assertTrue(all(v.date_end and v.leave_reason_id for v in left))
        self.assertFalse((self.volunteers - left).filtered("date_end"))

    def test_a_pair_in_each_case_that_came_to_mediators(self):
        worked = self.rows.filtered(lambda row: row.state in ("accepted", "ended"))
        talked = self.cases.meeting_ids.filtered(lambda talk: talk.state == "done").case_id
        self.assertTrue(talked)
        for case in talked:
            mine = worked.filtered(lambda row, case=case: row.case_id == case)
            self.assertGreaterEqual(len(mine.volunteer_id), 2, case.name)
        for row in worked:
            self.assertGreaterEqual(row.date_start, row.case_id.registration_date)
            self.assertGreaterEqual(row.date_start, row.volunteer_id.date_start)
            last = row.volunteer_id.date_end
            self.assertTrue(not last or row.date_end <= last)

    def test_states_follow_the_case(self):
        """On a closed case everything has ended; on a running one nothing ended by closing."""
        for row in self.rows:
            if row.case_id.is_closed:
                self.assertIn(row.state, ("ended", "declined"))
            self.assertEqual(bool(row.date_end), not row.is_live)
            if row.reason_id.code == "ZAAK_GESLOTEN":
                self.assertEqual(row.date_end, row.case_id.close_date)

    def test_who_gets_cases_may_get_them(self):
        asked = self.rows.filtered("is_live").volunteer_id
        self.assertTrue(all(asked.mapped("stage_id.is_active")))
        active = self.volunteers.filtered(lambda v: v.stage_id.is_active)
        ready = active.filtered(lambda v: not v.missing_requirements)
        self.assertGreater(len(ready), 0.8 * len(active))

    def test_trained_before_the_first_case(self):
        for volunteer in self.rows.volunteer_id:
            first = min(volunteer.assignment_ids.mapped("date_start"))
            self.assertLess(volunteer.basic_training_date, first)

    def test_paid_once_for_a_closed_case(self):
        expenses = self.cases.expense_ids
        self.assertTrue(expenses)
        pairs = Counter((row.case_id, row.volunteer_id) for row in expenses)
        self.assertEqual(set(pairs.values()), {1})
        for export in expenses.export_id:
            self.assertEqual(export.amount, sum(export.expense_ids.mapped("amount")))

    def test_logins_work(self):
        """Mediators with a running case, referrers and coordinators log in with their login."""
        for login in ("mediator1", "referrer1", "coordinator1", "manager2", "national1"):
            user = self.env["res.users"].search([("login", "=", login)])
            credential = {"type": "password", "login": login, "password": login}
            authenticated = user.with_user(user)._check_credentials(credential, {"interactive": 1})
            self.assertEqual(authenticated["uid"], user.id)
        mediators = self.volunteers.filtered("user_id")
        self.assertTrue(all(any(a.is_live for a in v.assignment_ids) for v in mediators))

    def test_each_organisation_sees_its_own_cases(self):
        for organisation in self.made.organisations:
            seen = self.env["buurtbemiddeling.case"].with_user(organisation.coordinator_ids[0])
            self.assertEqual(seen.search_count([]), organisation.cases)

    def test_chosen_by_chance_that_is_known(self):
        """The same careers each time."""
        first, second = (
            volunteers.pool.careers(Random("the same"), self.made, 20) for _time in range(2)
        )
        self.assertEqual(first, second)
