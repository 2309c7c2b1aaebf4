from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_project_rights import ProjectRightsCase


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
