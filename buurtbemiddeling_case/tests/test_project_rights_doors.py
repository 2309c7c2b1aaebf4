from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_project_rights import ProjectRightsCase


@tagged("post_install", "-at_install")
class TestProjectRightsDoors(ProjectRightsCase):
    """What is around a closed case: links, messages, files, talks, contacts and stand-ins."""

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
        records = self.take_part()
        for record in records:
            self.assertTrue(self.see(self.outsider, record), record._name)
            self.assertTrue(record.with_user(self.outsider).has_access("read"), record._name)
        self.closed_project.user_ids -= self.outsider
        for record in records:
            with self.subTest(model=record._name):
                self.assertFalse(self.see(self.outsider, record))
                self.assertFalse(record.with_user(self.outsider).has_access("read"))
                self.assertTrue(record.with_user(self.manager).has_access("read"))

    def test_nothing_new_reaches_who_has_left_and_follows_still(self):
        self.closed_project.user_ids += self.outsider
        case = self.closed_case
        case.message_subscribe(self.outsider.partner_id.ids)
        self.closed_project.user_ids -= self.outsider
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

    def take_part(self):
        """Let the outsider write, do and keep what members do; return it, with what others made."""
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
        return written, todo, file, later, follower

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

    def test_lists_are_narrowed_to_my_projects(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.member)
        found = cases.search([("project_id.user_ids", "in", self.member.id)])
        self.assertEqual(found, self.closed_case)
        search = cases.get_view(view_type="search")["arch"]
        self.assertIn('name="my_projects"', search)
        self.assertIn('name="group_project"', search)
