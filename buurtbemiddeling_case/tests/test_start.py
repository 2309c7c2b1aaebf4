from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestStartSteps(CaseCommon):
    """The guided start: what is to do, per organisation, and never in the way."""

    def step(self, code, user=None):
        step = self.code("start.step", code).with_user(user or self.manager)
        step.invalidate_recordset(["state", "state_text"])
        return step.with_context(allowed_company_ids=step.env.user.company_id.ids)

    def progress(self, user=None):
        steps = self.env["buurtbemiddeling.start.step"].with_user(user or self.manager)
        return steps.with_context(allowed_company_ids=steps.env.user.company_id.ids).get_progress()

    def test_step_is_seen_to_be_done(self):
        """What the system can see for itself needs no tick, and is no one else's."""
        self.assertEqual(self.step("REFERRER").state, "open")
        self.make_referral_partner()
        self.assertEqual(self.step("REFERRER").state, "seen")
        self.assertEqual(self.step("REFERRER", self.stranger).state, "open")

    def test_a_coordinator_is_seen(self):
        """An administrator alone does not count as a coordinator."""
        self.assertEqual(self.step("COORDINATOR", self.stranger).state, "open")
        self.assertEqual(self.step("COORDINATOR").state, "seen")

    def test_facts_can_be_asked(self):
        """Every step that is shipped can be judged and opened, whoever asks."""
        for step in self.env["buurtbemiddeling.start.step"].search([]):
            with self.subTest(step.code):
                step = self.step(step.code)
                self.assertIn(step.state, ("open", "seen"))
                self.assertTrue(step.action_open()["type"])
                self.assertTrue(step.description)

    def test_marks_are_of_one_organisation(self):
        """Left and resumed: a tick stays, says who, can be put back, and is ours only."""
        step = self.step("LETTER")
        step.action_done()
        self.assertEqual(step.state, "done")
        self.assertIn(self.manager.name, step.state_text)
        self.assertEqual(self.step("LETTER", self.stranger).state, "open")
        step.action_skip()
        self.assertEqual(step.state, "skipped")
        step.action_reopen()
        self.assertEqual(step.state, "open")

    def test_line_counts_what_is_for_us(self):
        """A step that is not for us is not to be done, and does not count."""
        before = self.progress()
        self.step("IMPORT").action_skip()
        count = self.env["buurtbemiddeling.start.step"].search_count([]) - 1
        self.assertIn(f"of {count} ", self.progress()["text"])
        self.assertFalse(before["is_away"])

    def test_line_goes_away(self):
        """My day is silent when all is done, or when somebody put the line away."""
        self.company.buurtbemiddeling_check_is_passed = True  # nobody ticks that step off
        self.step("LETTER").search([]).with_context(
            allowed_company_ids=self.company.ids
        ).action_done()
        self.assertTrue(self.progress()["is_away"])
        self.assertEqual(self.progress()["percent"], 100)
        self.assertFalse(self.progress(self.stranger)["is_away"])
        self.step("LETTER", self.stranger).put_away()
        self.assertTrue(self.progress(self.stranger)["is_away"])
        steps = self.env["buurtbemiddeling.start.step"].with_user(self.stranger)
        steps = steps.with_context(allowed_company_ids=self.stranger.company_id.ids)
        self.assertIs(steps.get_progress(True), False)
        with self.assertQueryCount(0):  # My day counts no steps any more
            steps.get_progress(True)

    def test_coordinator_is_not_bothered(self):
        """The start is for administrators: a coordinator sees no line and no step."""
        self.assertIs(self.progress(self.coordinator), False)
        with self.assertRaises(AccessError):
            self.step("LETTER", self.coordinator).put_away()
        with self.assertRaises(AccessError):
            self.step("LETTER", self.coordinator).action_done()

    def test_admin_of_odoo_gets_the_screen_that_changes(self):
        """Who administers Odoo as well opens the form with the roles, others a list to read."""
        self.assertEqual(self.step("COORDINATOR").action_open()["res_model"], "res.users")
        self.manager.group_ids = [Command.link(self.env.ref("base.group_erp_manager").id)]
        self.assertEqual(
            self.step("COORDINATOR").action_open()["res_model"], "buurtbemiddeling.start.roles"
        )


@tagged("post_install", "-at_install")
class TestStartRoles(CaseCommon):
    """The first screen after installing gives roles, to who was chosen and to nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("odoo_admin", "base.group_erp_manager,base.group_partner_manager")
        cls.chosen = cls.make_user("chosen", "base.group_user")
        cls.roles = {
            role: cls.env.ref(f"buurtbemiddeling_case.group_{role}")
            for role in ("user", "manager", "extra")
        }

    def give(self, user=None, **values):
        roles = self.env["buurtbemiddeling.start.roles"].with_user(user or self.admin)
        return roles.create({"company_id": self.company.id, **values}).action_give()

    def holders(self, role):
        return self.env["res.users"].search([("all_group_ids", "in", self.roles[role].ids)])

    def test_only_who_was_chosen_gets_a_role(self):
        """Nobody else gets anything, the administrator who gives the roles neither."""
        before = {role: self.holders(role) for role in self.roles}
        self.give(user_ids=self.chosen.ids)
        self.assertEqual(self.holders("user"), before["user"] | self.chosen)
        self.assertEqual(self.holders("manager"), before["manager"])
        self.assertEqual(self.holders("extra"), before["extra"])

    def test_again_takes_nothing_away(self):
        """A second time adds a role and leaves the first ones."""
        self.give(user_ids=self.chosen.ids)
        self.give(manager_ids=self.admin.ids)
        self.assertIn(self.chosen, self.holders("user"))
        self.assertIn(self.admin, self.holders("manager"))

    def test_who_became_administrator_goes_on(self):
        """The guided start opens for who may see it; for others the giving is confirmed."""
        self.assertEqual(self.give(user_ids=self.chosen.ids)["tag"], "display_notification")
        action = self.give(manager_ids=self.admin.ids)
        start = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_start_step_action")
        self.assertEqual(action["params"]["action_id"], start.id)

    def test_first_screen(self):
        """A coordinator begins on My day, unless they had a first screen of their own."""
        own = self.env.ref("base.action_partner_form")
        self.colleague.action_id = own.id
        self.give(user_ids=(self.chosen | self.colleague).ids)
        self.assertEqual(self.chosen.action_id.name, "My day")
        self.assertEqual(self.colleague.action_id.id, own.id)

    def test_letters_get_their_address(self):
        """What is filled in here stands on the organisation."""
        self.give(user_ids=self.chosen.ids, street="Kade 1", email="bb@example.org")
        self.assertEqual(self.company.street, "Kade 1")
        self.assertEqual(self.company.email, "bb@example.org")

    def test_somebody_is_chosen(self):
        with self.assertRaisesRegex(UserError, "Choose at least one person"):
            self.give()

    def test_others_give_no_roles(self):
        """Who does not administer Odoo's users gives no roles, an administrator of ours neither."""
        for user in (self.manager, self.coordinator, self.colleague):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.give(user, user_ids=self.chosen.ids)

    def test_opens_once_after_installing(self):
        """Odoo's own list of what is to do after installing through Apps opens this screen."""
        todo = self.env.ref("buurtbemiddeling_case.start_roles_todo")
        self.assertEqual(todo.action_launch()["params"]["action_id"], self.env.ref(
            "buurtbemiddeling_case.buurtbemiddeling_start_roles_action").id)  # fmt: skip
        self.assertEqual(todo.state, "done")


@tagged("post_install", "-at_install")
class TestFirstCaseTour(HttpCase, CaseCommon):
    """A coordinator who has never seen Odoo is walked through a first case."""

    def assertWalked(self):  # noqa: N802
        """Walk, and fail when that does not end with one real case."""
        self.coordinator.password = "coordinator-tester"
        self.start_tour(
            "/odoo/buurtbemiddeling", "buurtbemiddeling_first_case", login=self.coordinator.login
        )
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(case.party_ids.mapped("side"), ["a", "b"])
        self.assertEqual(case.intake_decision, "suitable")

    def test_tour(self):
        """It ends with one real case, and without any case before."""
        self.assertWalked()

    def test_tour_in_dutch_on_a_phone(self):
        """Nothing that it points at is hidden on a small screen, or called by an English word."""
        self.browser_size, self.touch_enabled = "390x844", True
        self.coordinator.lang = "nl_NL"
        self.assertWalked()

    def test_one_tour_is_not_followed_by_others(self):
        """Who asked for this tour does not get those of other apps after it."""
        self.env["web_tour.tour"].create({"name": "of another app"})
        tours = self.env["web_tour.tour"].with_user(self.coordinator)
        self.coordinator.tour_enabled = True
        self.assertFalse(tours.consume("buurtbemiddeling_first_case"))
        self.assertFalse(self.coordinator.tour_enabled)

    def test_who_is_new_gets_it_offered_until_done_or_put_away(self):
        """To a coordinator who took no case in yet; to nobody who has no cases to take in."""
        other = self.make_user("other", "buurtbemiddeling_case.group_user")
        tours = {user: self.env["web_tour.tour"].with_user(user) for user in (
            self.coordinator, other, self.colleague)}  # fmt: skip
        offered = [tour.is_first_case_offered() for tour in tours.values()]
        self.assertEqual(offered, [True, True, False])
        tours[other].consume("buurtbemiddeling_first_case")
        self.make_case(self.manager, user_id=self.coordinator.id)
        offered = [tour.is_first_case_offered() for tour in tours.values()]
        self.assertEqual(offered, [True, False, False])
        self.make_case(self.coordinator)
        self.assertFalse(tours[self.coordinator].is_first_case_offered())

    def test_tour_does_not_start_by_itself(self):
        """Odoo starts tours for its administrator, who may have no role with us."""
        self.assertTrue(self.env.ref("buurtbemiddeling_case.tour_first_case").custom)
