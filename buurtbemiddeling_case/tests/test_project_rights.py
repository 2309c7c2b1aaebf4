from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_project_rights import ProjectRightsCase

# Models with a project that are not narrowed by it, and why.
SHARED = {
    "buurtbemiddeling.volunteer": "mediators are lent out; what they did in a case is narrowed",
    "buurtbemiddeling.volunteer.report": "as the volunteers",
    "buurtbemiddeling.training.session": "trainings are open to volunteers of all projects",
}


@tagged("post_install", "-at_install")
class TestProjectRights(ProjectRightsCase):
    def test_case_and_all_that_belongs_to_it_is_for_the_members_and_administrators(self):
        """Role x operation x record of the closed and of the open project."""
        for user in (self.member, self.outsider, self.manager):
            user.group_ids += self.env.ref("buurtbemiddeling_case.group_extra")
        self.referral_partner = self.make_referral_partner()
        for case, readers in (
            (self.closed_case, {self.manager}),
            (self.open_case, {self.manager, self.outsider}),
        ):
            for row in self.make_rows(case):
                for user in (self.manager, self.outsider):
                    with self.subTest(
                        model=row._name, user=user.name, project=case.project_id.name
                    ):
                        mine = row.with_user(user)
                        may = user in readers
                        self.assertEqual(bool(self.see(user, row)), may)
                        for operation in ("read", "write", "unlink"):
                            if mine.browse().has_access(operation):
                                self.assertEqual(mine.has_access(operation), may, operation)

    def test_member_works_as_before(self):
        mine = self.closed_case.with_user(self.member)
        self.assertTrue(self.see(self.member, self.closed_case))
        mine.write({"escalation": "hardened"})
        mine.party_ids[0].message_post(body="x")
        self.make_case(self.member, area_id=self.town.id)

    def test_every_model_that_shows_something_of_a_case_or_project_is_narrowed(self):
        """Walks the registry: a new model that forgets the rule fails here."""
        models = {
            name: self.env[name]
            for name, model in self.env.registry.items()
            if name.startswith("buurtbemiddeling.") and not model._abstract and not model._transient
        }
        narrow = {"buurtbemiddeling.case"} | {
            name
            for name, model in models.items()
            if "project_id" in model._fields and model._fields["project_id"].store
        }
        narrow -= SHARED.keys()
        found = set()
        while narrow != found:
            found = set(narrow)
            narrow |= {
                name
                for name, model in models.items()
                if name not in SHARED
                and any(
                    field.type == "many2one" and field.store and field.comodel_name in found
                    for field in model._fields.values()
                )
            }
        narrow |= {"mail.message", "mail.activity", "mail.followers"}
        narrow |= {"mail.notification", "mail.mail", "mail.tracking.value"}
        rules = self.env["ir.rule"].with_user(self.outsider)
        closed = {name: rules._compute_domain(name) for name in narrow}
        self.closed_project.is_members_only = False
        forgotten = [name for name in closed if closed[name] == rules._compute_domain(name)]
        # a rule by a field with a search method looks the same; they have tests of their own
        by_search = {"mail.message", "mail.activity", "mail.followers", "mail.notification"}
        by_search |= {"mail.mail", "mail.tracking.value"}
        self.assertEqual(
            [name for name in forgotten if name not in by_search],
            [],
            "add the narrowing to the record rule of the model, see case_party_rule_company",
        )

    def test_models_with_messages_or_to_dos_are_known(self):
        """Rows that point by model and id are hidden of exactly these."""
        known = self.env["buurtbemiddeling.project"]._get_thread_paths()
        thread, todo = (self.env.registry[name] for name in ("mail.thread", "mail.activity.mixin"))
        found = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("buurtbemiddeling.")
            and not model._abstract
            and issubclass(model, (thread, todo))
            and {"project_id", "case_id"} & model._fields.keys()
            and name not in SHARED
        }
        self.assertEqual(found, set(known))

    def test_archived_project_stays_closed(self):
        self.closed_project.active = False
        self.assertFalse(self.see(self.outsider, self.closed_case))
        self.assertTrue(self.see(self.member, self.closed_case))

    def test_rights_follow_at_once(self):
        self.assertFalse(self.see(self.outsider, self.closed_case))
        self.closed_project.user_ids += self.outsider
        self.assertTrue(self.see(self.outsider, self.closed_case))
        self.closed_project.user_ids -= self.outsider
        self.assertFalse(self.see(self.outsider, self.closed_case))
        self.outsider.group_ids += self.env.ref("buurtbemiddeling_case.group_manager")
        self.assertTrue(self.see(self.outsider, self.closed_case))
        self.outsider.group_ids -= self.env.ref("buurtbemiddeling_case.group_manager")
        self.assertFalse(self.see(self.outsider, self.closed_case))
        self.closed_project.is_members_only = False
        self.assertTrue(self.see(self.outsider, self.closed_case))

    def test_only_administrators_say_who_is_in(self):
        for vals in ({"user_ids": [(4, self.outsider.id)]}, {"is_members_only": False}):
            with self.assertRaises(AccessError):
                self.closed_project.with_user(self.member).write(vals)
            self.closed_project.with_user(self.manager).write(vals)

    def test_administrator_of_another_organisation_sees_nothing(self):
        self.assertFalse(self.see(self.stranger, self.closed_case))
        self.assertFalse(self.see(self.stranger, self.closed_project))

    def test_membership_is_read_by_nobody(self):
        for user in (self.outsider, self.manager):
            with self.assertRaises(AccessError):
                self.outsider.with_user(user).read(["buurtbemiddeling_closed_project_ids"])
            with self.assertRaises(AccessError):
                self.env["res.users"].with_user(user).search(
                    [("buurtbemiddeling_closed_project_ids", "in", self.closed_project.ids)]
                )

    def test_rights_cost_no_query(self):
        """Neither with closed projects nor without, once the registry is warm."""
        for _closed in range(2):
            self.assertIsNotNone(self.outsider.buurtbemiddeling_closed_project_ids)
            self.env.invalidate_all()
            user = self.outsider
            user.has_group("buurtbemiddeling_case.group_manager")
            with self.assertQueryCount(0):
                user.buurtbemiddeling_closed_project_ids.ids  # noqa: B018
            self.closed_project.is_members_only = False
        self.env.flush_all()
        rule = (
            self.env["ir.rule"]
            .with_user(self.outsider)
            ._compute_domain("buurtbemiddeling.case.party")
        )
        self.assertNotIn("case_id", str(rule), "no join where nothing is closed")

    # ------------------------------------------------------------
    # A CALL FOR ANOTHER PROJECT
    # ------------------------------------------------------------

    def test_who_takes_a_call_for_a_closed_project_hears_whom_to_ask(self):
        self.member.partner_id.phone = "0611111111"
        before = self.env["buurtbemiddeling.case"].search_count([])
        contacts = self.env["res.partner"].search_count([])
        with self.assertRaises(AccessError) as refused, self.env.cr.savepoint():
            self.make_case(
                self.outsider,
                area_id=self.town.id,
                reporter_name="Eva",
                party_ids=[(0, 0, {"side": "b", "street": "Dorpsstraat 9"})],
            )
        self.assertIn("Besloten Wijk", str(refused.exception))
        self.assertIn("Coordinator Tester (0611111111)", str(refused.exception))
        self.assertEqual(self.env["buurtbemiddeling.case"].search_count([]), before)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_form_says_so_while_the_call_goes_on(self):
        with Form(self.env["buurtbemiddeling.case"].with_user(self.outsider)) as form:
            form.area_id = self.town
            self.assertIn("Coordinator Tester", form.closed_project_text)
            form.area_id = self.village
            self.assertFalse(form.closed_project_text)
            form.reporter_name = "Eva"
            form.reporter_phone = "0612345678"
            form.referrer_type_id = self.code("referrer.type", "ZELF")
            form.nuisance_type_ids.add(self.code("nuisance.type", "GELUID_PERSONEN"))
        self.assertEqual(form.record.project_id, self.open_project)

    def test_administrator_imports_cases_of_any_project(self):
        cases = self.make_case(self.manager, area_id=self.town.id, user_id=self.member.id)
        self.assertEqual(cases.project_id, self.closed_project)

    def test_nobody_moves_a_case_out_of_his_own_sight(self):
        mine = self.open_case.with_user(self.outsider)
        for vals in ({"project_id": self.closed_project.id}, {"area_id": self.town.id}):
            with self.assertRaisesRegex(AccessError, "Besloten Wijk.*Coordinator Tester"):
                with self.env.cr.savepoint():
                    mine.write(vals)
        self.open_case.invalidate_recordset()
        self.assertEqual(self.open_case.project_id, self.open_project)
        self.open_case.with_user(self.member).project_id = self.closed_project
        self.assertFalse(self.see(self.outsider, self.open_case))

    def test_refusal_tells_nothing_of_the_cases_of_others(self):
        theirs = self.closed_case.with_user(self.outsider)
        for operation in ("create", "read", "write"):
            with self.assertRaises(AccessError) as refused:
                theirs.check_access(operation)
            self.assertNotIn("Besloten", str(refused.exception))
            self.assertNotIn(self.closed_case.name, str(refused.exception))
        with self.assertRaises(AccessError) as refused:
            theirs.write({"escalation": "hardened"})
        self.assertNotIn("Besloten", str(refused.exception))

    def test_running_case_stays_with_who_may_see_it(self):
        with self.assertRaisesRegex(ValidationError, "Outsider Tester is in charge"):
            self.closed_case.user_id = self.outsider
        self.open_case.user_id = self.outsider
        with self.assertRaisesRegex(ValidationError, r"Outsider Tester is in charge.*\(1\)"):
            self.open_project.is_members_only = True
        self.open_project.write({"is_members_only": True, "user_ids": [(6, 0, self.outsider.ids)]})
        with self.assertRaises(ValidationError):
            self.open_project.user_ids = self.member

    def test_cases_are_not_merged_or_split_out_of_a_closed_project(self):
        both = (self.closed_case | self.open_case).with_user(self.member)
        with self.assertRaisesRegex(UserError, "same project first"):
            both.action_merge()
        self.open_case.project_id = self.closed_project
        both.action_merge()
        # corrected by hand, against its area: what is split off goes with it
        part = self.open_case.with_user(self.member)
        moving = part.party_ids.filtered(lambda party: party.side == "b")
        new = part._split(moving, part.party_ids - moving, {}, part.meeting_ids, part.agreement_ids)
        self.assertEqual(new.project_id, self.closed_project)
