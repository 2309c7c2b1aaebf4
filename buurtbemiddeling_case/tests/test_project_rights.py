from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import CaseCommon

# Models with a project that are not narrowed by it, and why.
SHARED = {
    "buurtbemiddeling.volunteer": "mediators are lent out; what they did in a case is narrowed",
    "buurtbemiddeling.volunteer.report": "as the volunteers",
    "buurtbemiddeling.training.session": "trainings are open to volunteers of all projects",
}


class ProjectRightsCase(CaseCommon):
    """Two projects of one organisation, of which one is only for its own coordinators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.env.ref("buurtbemiddeling_case.area_gm0014")
        cls.village = cls.env.ref("buurtbemiddeling_case.area_gm0034")
        cls.member = cls.coordinator
        cls.outsider = cls.make_user("outsider", "buurtbemiddeling_case.group_user")
        cls.outsider.group_ids += cls.env.ref("base.group_allow_export")
        projects = cls.env["buurtbemiddeling.project"].create(
            [
                {
                    "name": "Besloten Wijk",
                    "company_id": cls.company.id,
                    "area_ids": [(6, 0, cls.town.ids)],
                    "user_ids": [(6, 0, cls.member.ids)],
                    "date_start": date(2020, 1, 1),
                    "is_members_only": True,
                },
                {
                    "name": "Open Dorp",
                    "company_id": cls.company.id,
                    "area_ids": [(6, 0, cls.village.ids)],
                    "date_start": date(2020, 1, 1),
                },
            ]
        )
        cls.closed_project, cls.open_project = projects
        cls.closed_case = cls.make_quarrel(area_id=cls.town.id)
        cls.open_case = cls.make_quarrel(
            area_id=cls.village.id,
            reporter_name="Carla",
            reporter_email="carla@example.com",
            reporter_street="Kerkweg 8",
            neighbour_name="Dirk",
            neighbour_street="Kerkweg 10",
        )
        cls.everyone = (cls.closed_case | cls.open_case).with_user(cls.manager)

    def see(self, user, records):
        """Return which of ``records`` a user finds."""
        records = records.with_user(user).with_context(
            active_test=False, allowed_company_ids=user.company_ids.ids
        )
        return records.search([("id", "in", records.ids)]).sudo().with_env(self.env)

    def make_rows(self, case):
        """Return a record of every kind that belongs to a case."""
        party = case.party_ids[0]
        values = {
            "case.pause": {},
            "case.agreement": {"name": "Na tienen stil"},
            "meeting": {"start": "2027-01-04 18:00:00"},
            "approach": {"party_id": party.id, "outcome": "nobody"},
            "coaching": {"party_id": party.id},
            "extra.signal": {
                "user_id": self.member.id,
                "complexity_id": self.env["buurtbemiddeling.complexity"].search([], limit=1).id,
            },
            "onward.referral": {"referral_partner_id": self.referral_partner.id},
            "feedback": {
                "referral_partner_id": self.referral_partner.id,
                "recipient_id": self.referral_partner.partner_id.id,
                "kind": "received",
                "mode": "phone",
                "wording_id": self.env["buurtbemiddeling.feedback.wording"].search([], limit=1).id,
                "text": "x",
            },
        }
        rows = [case, *case.party_ids, *case.phase_ids]
        for name, given in values.items():
            rows.append(self.env[f"buurtbemiddeling.{name}"].create({"case_id": case.id, **given}))
        return rows


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

    # ------------------------------------------------------------
    # DOORS
    # ------------------------------------------------------------

    def test_no_door_of_the_orm_shows_a_closed_case(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.outsider)
        theirs = cases.browse(self.closed_case.id)
        number = self.closed_case.name
        self.assertEqual(cases.search([]).project_id, self.open_project)
        self.assertEqual(cases.search([("name", "=", number)]), cases)
        self.assertEqual(cases.search([("party_ids.partner_id.name", "ilike", "Anna")]), cases)
        self.assertEqual(cases.name_search(number), [])
        self.assertEqual(cases.search_count([("project_id", "=", self.closed_project.id)]), 0)
        self.assertEqual(
            cases._read_group([], ["project_id"], ["__count"]), [(self.open_project, 1)]
        )
        groups = cases.web_read_group([], ["project_id"], ["__count"])["groups"]
        self.assertEqual(sum(group["__count"] for group in groups), 1)
        for door in (
            lambda: theirs.read(["name"]),
            lambda: theirs.web_read({"name": {}}),
            lambda: theirs.export_data(["name"]),
            lambda: theirs.party_ids,
            lambda: theirs.display_name,
            lambda: theirs.message_post(body="x"),
            lambda: theirs.action_open_earlier_cases() and theirs.action_close(),
            lambda: self.closed_case.party_ids.with_user(self.outsider).mapped("name"),
            lambda: theirs.copy(),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                door()
        project = self.closed_project.with_user(self.outsider)
        self.env.invalidate_all()
        self.assertEqual((project.name, project.case_count), ("Besloten Wijk", 0))
        self.assertFalse(project.case_ids)

    def test_nobody_links_a_closed_case_to_read_its_name(self):
        for model, values in (
            ("buurtbemiddeling.meeting", {"start": "2027-01-04 18:00:00"}),
            ("buurtbemiddeling.case.agreement", {"name": "x"}),
            ("buurtbemiddeling.case.pause", {}),
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.outsider).create(
                    {"case_id": self.closed_case.id, **values}
                )
        with self.assertRaises(AccessError):
            self.env["mail.activity"].with_user(self.outsider).create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("buurtbemiddeling.case"),
                    "res_id": self.closed_case.id,
                    "user_id": self.outsider.id,
                }
            )

    def test_messages_to_dos_and_files_stay_inside_after_someone_has_left(self):
        """Odoo lets an author, a recipient and who has a to-do read on for ever."""
        self.closed_project.user_ids += self.outsider
        case, party = self.closed_case, self.closed_case.party_ids[0]
        case.message_subscribe(self.outsider.partner_id.ids)
        mine = case.with_user(self.outsider)
        written = mine.message_post(body="Geheim", partner_ids=self.outsider.partner_id.ids)
        todo = mine.activity_schedule("mail.mail_activity_data_todo", user_id=self.outsider.id)
        file = (
            self.env["ir.attachment"]
            .with_user(self.outsider)
            .create({"name": "a.txt", "raw": b"Geheim", "res_model": case._name, "res_id": case.id})
        )
        later = self.env["mail.scheduled.message"].create(
            {
                "model": party._name,
                "res_id": party.id,
                "body": "Geheim",
                "author_id": self.member.partner_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            }
        )
        follower = case.message_follower_ids.filtered(
            lambda row: row.partner_id == self.member.partner_id
        )
        records = (written, todo, file, later, follower)
        for record in records:
            self.assertTrue(self.see(self.outsider, record), record._name)
            self.assertTrue(record.with_user(self.outsider).has_access("read"), record._name)
        self.closed_project.user_ids -= self.outsider
        for record in records:
            with self.subTest(model=record._name):
                self.assertFalse(self.see(self.outsider, record))
                self.assertFalse(record.with_user(self.outsider).has_access("read"))
                self.assertTrue(record.with_user(self.manager).has_access("read"))
        # and nothing new reaches who follows it still
        news = case.with_user(self.member).message_post(
            body="Nieuws", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn(self.outsider.partner_id, news.notified_partner_ids)
        with self.assertRaises(UserError):
            case.with_user(self.member).message_post(
                body="x", partner_ids=self.outsider.partner_id.ids
            )
        with self.assertRaises(UserError):
            case.with_user(self.member).activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.outsider.id
            )

    def test_technical_lists_of_an_odoo_administrator_are_narrowed_too(self):
        self.outsider.group_ids += self.env.ref("base.group_system")
        case = self.closed_case.with_user(self.member)
        message = case.party_ids[0].message_post(
            body="x", partner_ids=case.party_ids[0].partner_id.ids
        )
        tracked = self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get(case._name, "escalation").id,
                "new_value_char": "x",
            }
        )
        mail = self.env["mail.mail"].create(
            {"model": case._name, "res_id": case.id, "body_html": "x"}
        )
        self.assertTrue(message.notification_ids)
        for rows in (message, message.notification_ids, tracked, mail):
            with self.subTest(model=rows._name):
                self.assertFalse(self.see(self.outsider, rows))
                self.assertFalse(rows.with_user(self.outsider).has_access("read"))

    def test_talk_shows_as_busy_and_its_room_is_taken(self):
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "Dorpshuis", "company_id": self.company.id}
        )
        values = {"start": "2027-01-04 18:00:00", "room_id": room.id}
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.member)
            .create({"case_id": self.closed_case.id, **values})
        )
        self.env.invalidate_all()
        entry = talk.event_id.with_user(self.outsider)
        self.assertNotIn(self.closed_case.name, entry.display_name)
        self.assertFalse(self.see(self.outsider, talk.event_id.attendee_ids))
        self.assertFalse(entry.buurtbemiddeling_meeting_ids)
        with self.assertRaises(ValidationError) as refused:
            self.env["buurtbemiddeling.meeting"].with_user(self.outsider).create(
                {"case_id": self.open_case.id, **values}
            )
        self.assertIn("another case", str(refused.exception))
        self.assertNotIn(self.closed_case.name, str(refused.exception))

    def test_residents_of_closed_cases_are_contacts_of_the_members_only(self):
        anna = self.closed_case._get_first_party("a").partner_id
        carla = self.open_case._get_first_party("a").partner_id
        child = self.env["res.partner"].create({"name": "Kind van Anna", "parent_id": anna.id})
        contacts = self.env["res.partner"].with_user(self.outsider)
        self.assertFalse(self.see(self.outsider, anna | child))
        self.assertEqual(self.see(self.outsider, carla), carla)
        self.assertEqual(contacts.name_search("Anna Melder"), [])
        for contact in (anna, child):
            with self.assertRaises(AccessError):
                contact.with_user(self.outsider).read(["name"])
        with self.assertRaises(AccessError):
            contacts.create({"name": "x", "parent_id": anna.id})
        for user in (self.member, self.manager):
            self.assertEqual(self.see(user, anna | child), anna | child)
        # who is in an open case as well, is known there
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.open_case.id, "side": "b", "partner_id": anna.id}
        )
        self.env.invalidate_all()
        self.assertEqual(self.see(self.outsider, anna | child), anna | child)
        anna.with_user(self.outsider).read(["name"])

    # ------------------------------------------------------------
    # WHAT ASKS ATTENTION
    # ------------------------------------------------------------

    def test_stand_in_who_is_no_member_sees_nothing_of_it(self):
        today = fields.Date.context_today(self.member)
        self.env["buurtbemiddeling.absence"].create(
            {
                "user_id": self.member.id,
                "company_id": self.company.id,
                "stand_in_id": self.outsider.id,
                "date_from": today,
                "date_to": today + timedelta(days=7),
            }
        )
        cases = self.env["buurtbemiddeling.case"].with_user(self.outsider)
        self.assertEqual(
            cases.search([("care", "=", "stand_in")]), self.open_case.with_user(self.outsider)
        )
        found = self.env["buurtbemiddeling.digest"].with_user(self.outsider)._get_sections()
        told = str([line for _title, kinds in found for _kind, _n, line in kinds])
        self.assertNotIn(self.closed_case.name, told)
        kinds = self.env["buurtbemiddeling.attention"].with_user(self.outsider).search([])
        kinds = kinds.filtered(lambda kind: kind.res_model == "buurtbemiddeling.case")
        seen = [
            records
            for _kind, groups in kinds._read_groups("id:recordset")
            for _user, _company, records in groups
        ]
        self.assertNotIn(self.closed_case, cases.union(*seen))

    def test_same_address_is_told_as_a_date_only(self):
        case = self.make_case(self.outsider, reporter_street="Dorpsstraat 1", area_id=False)
        mine = case.with_user(self.outsider)
        self.assertFalse(mine.earlier_case_ids)
        self.assertEqual(mine.earlier_cases_text, "one in a closed project (03/02/2026)")
        self.env.invalidate_all()
        self.assertIn(self.closed_case.name, case.with_user(self.member).earlier_cases_text)

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    def test_lists_are_narrowed_to_my_projects(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.member)
        found = cases.search([("project_id.user_ids", "in", self.member.id)])
        self.assertEqual(found, self.closed_case)
        search = cases.get_view(view_type="search")["arch"]
        self.assertIn('name="my_projects"', search)
        self.assertIn('name="group_project"', search)


@tagged("post_install", "-at_install")
class TestProjectRightsHttp(ProjectRightsCase, HttpCase):
    def call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    @mute_logger("odoo.http")
    def test_no_door_of_the_web_shows_a_closed_case(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"Geheim",
                "res_model": "buurtbemiddeling.case",
                "res_id": self.closed_case.id,
            }
        )
        self.authenticate("bb_outsider", "bb_outsider")
        case = "buurtbemiddeling.case"
        self.assertEqual(
            self.call(case, "search_read", [["id", "=", self.closed_case.id]], ["name"]), []
        )
        self.assertEqual(self.call(case, "name_search", self.closed_case.name), [])
        for method in ("read", "web_read", "check_access"):
            with self.assertRaises(Exception) as refused:
                self.call(
                    case,
                    method,
                    self.closed_case.ids,
                    {"name": {}}
                    if method == "web_read"
                    else "read"
                    if method != "read"
                    else ["name"],
                )
            self.assertNotIn(self.closed_case.name, str(refused.exception))
        self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, 404)
        answer = self.url_open(
            "/mail/thread/messages",
            json={
                "params": {
                    "thread_model": case,
                    "thread_id": self.closed_case.id,
                    "fetch_params": {},
                }
            },
        )
        self.assertNotIn("Besloten", answer.text)
        self.assertNotIn(self.closed_case.name, answer.text)


@tagged("post_install", "-at_install")
class TestClosedProjectAround(ProjectRightsCase):
    """What a closed project answers for is as closed as its cases: in calendar, forms and lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.make_user("plain", "base.group_user")
        cls.meeting = cls.env["buurtbemiddeling.steering.meeting"].create(
            {
                "project_id": cls.closed_project.id,
                "user_id": cls.member.id,
                "name": "Besloten beraad",
                "start": "2027-02-01 10:00:00",
            }
        )
        kind = cls.env["buurtbemiddeling.network.activity.kind"].search([], limit=1)
        cls.activity = cls.env["buurtbemiddeling.network.activity"].create(
            {
                "name": "Besloten avond",
                "kind_id": kind.id,
                "company_id": cls.company.id,
                "project_id": cls.closed_project.id,
                "user_ids": [(6, 0, cls.member.ids)],
                "date": date(2027, 2, 2),
                "start": "2027-02-02 18:00:00",
                "stop": "2027-02-02 20:00:00",
            }
        )
        cls.events = cls.meeting.event_id | cls.activity.event_id

    def test_the_calendar_tells_colleagues_only_that_someone_is_busy(self):
        self.assertEqual(len(self.events), 2)
        for user in (self.plain, self.outsider):
            with self.subTest(user=user.login):
                events = self.events.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                rows = events.search_read([("id", "in", events.ids)], ["name", "location"])
                self.assertEqual(len(rows), 2, "when someone is busy may be seen")
                self.assertNotIn("Besloten", str(rows))
                self.assertFalse(events.search([("name", "ilike", "Besloten")]))
        attendees = self.env["calendar.attendee"].with_user(self.plain)
        self.assertFalse(attendees.search([("event_id", "=", self.meeting.event_id.id)]))
        mine = self.events.with_user(self.member).search([("name", "ilike", "Besloten")])
        self.assertEqual(mine, self.events)

    def test_who_may_not_change_a_meeting_does_not_change_it_in_the_calendar(self):
        for event in self.events:
            for user in (self.plain, self.outsider):
                with self.subTest(event=event.name, user=user.login):
                    mine = event.with_user(user)
                    for change in ({"start": "2027-03-01 10:00:00"}, {"name": "X"}):
                        with self.assertRaises(UserError):
                            mine.write(change)
                    with self.assertRaises(UserError):
                        mine.unlink()
        self.meeting.event_id.with_user(self.member).write(
            {"start": "2027-02-01 12:00:00", "stop": "2027-02-01 14:00:00"}
        )
        self.assertEqual(self.meeting.start, datetime(2027, 2, 1, 12))

    def test_closing_a_project_closes_what_the_calendar_shows(self):
        self.closed_project.is_members_only = False
        self.assertEqual(self.activity.event_id.privacy, "confidential")
        self.closed_project.is_members_only = True
        self.assertEqual(self.activity.event_id.privacy, "private")

    def test_nothing_is_made_or_tried_for_a_project_that_is_closed(self):
        """Constraints run with all rights: they would tell what is there already."""
        kind = self.env["buurtbemiddeling.duty.kind"].search([], limit=1)
        person = self.env["res.partner"].create({"name": "Lid"})
        values = {
            "steering.meeting": {"start": "2027-02-01 10:30:00"},
            "steering.member": {"partner_id": person.id},
            "covenant": {"name": "C", "company_id": self.company.id},
            "duty": {"kind_id": kind.id},
            "key.contact": {"partner_id": person.id, "company_id": self.company.id},
        }
        for name, given in values.items():
            with self.subTest(name):
                model = self.env[f"buurtbemiddeling.{name}"].with_user(self.outsider)
                given = {"project_id": self.closed_project.id, **given}
                with self.assertRaisesRegex(AccessError, "only for its own coordinators"):
                    model.create(given)
                with self.assertRaisesRegex(AccessError, "only for its own coordinators"):
                    model.onchange(given, ["project_id"], {"project_id": {}})

    def test_a_coordinator_who_only_reads_the_figures_changes_nothing(self):
        self.closed_project.reader_ids = self.outsider
        self.meeting.item_ids = [(0, 0, {"name": "Opening"})]
        for record in (self.meeting, self.meeting.item_ids[:1]):
            mine = record.with_user(self.outsider)
            self.assertTrue(mine.has_access("read"))
            self.assertFalse(mine.has_access("write"))
            self.assertFalse(mine.has_access("unlink"))

    def test_the_thread_of_a_meeting_can_not_be_searched_by_who_reads_the_minutes(self):
        self.assertEqual(
            self.env["buurtbemiddeling.steering.meeting"]._fields["message_ids"].groups,
            "buurtbemiddeling_case.group_user",
        )

    def test_a_document_belongs_to_its_duty_from_the_first_save(self):
        file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": "buurtbemiddeling.duty", "res_id": 0}
        )
        duty = self.env["buurtbemiddeling.duty"].create(
            {
                "kind_id": self.env["buurtbemiddeling.duty.kind"].search([], limit=1).id,
                "project_id": self.open_project.id,
                "attachment_ids": [(4, file.id)],
            }
        )
        self.assertEqual(file.res_id, duty.id)
        self.assertEqual(duty.with_user(self.outsider).attachment_ids, file)
