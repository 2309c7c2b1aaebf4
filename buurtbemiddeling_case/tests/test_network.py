from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_network import NetworkCase

EVENING = datetime(2027, 1, 4, 18, 30)  # 19:30 in Amsterdam
EVENING_END = datetime(2027, 1, 4, 20, 30)


@tagged("post_install", "-at_install")
class TestNetworkActivity(NetworkCase):
    """Evenings, articles and visits: in the log, on the calendar, under their project."""

    def test_an_evening_is_planned_from_the_form(self):
        with Form(
            self.env["buurtbemiddeling.network.activity"].with_user(self.coordinator)
        ) as form:
            form.name = "Information evening"
            form.kind_id = self.code("network.activity.kind", "INFO")
            form.start = EVENING
            form.area_ids = self.mill
        evening = form.record
        self.assertRecordValues(
            evening,
            [
                {
                    "date": date(2027, 1, 4),
                    "stop": EVENING_END,
                    "state": "planned",
                    "user_ids": self.coordinator.ids,
                    "company_id": self.company.id,
                    "project_id": self.project.id,
                }
            ],
        )

    def test_an_article_has_just_a_day(self):
        article = self.make_activity(kind="ARTICLE", state="held", reach=4000, cost=0, hours=1.5)
        self.assertFalse(article.start or article.stop)
        self.assertFalse(article.event_id, "what was never planned is not put on the calendar")

    def test_the_day_is_that_in_the_town_and_not_in_greenwich(self):
        late = self.make_activity(start=datetime(2027, 1, 4, 23, 30))
        self.assertEqual(late.date, date(2027, 1, 5))

    def test_kinds_are_data_with_what_is_usual(self):
        kinds = self.env["buurtbemiddeling.network.activity.kind"].search([])
        self.assertTrue(all(kinds.mapped("result_weeks")))
        self.assertFalse(self.code("network.activity.kind", "REGIONAL").counts_results)
        self.assertFalse(self.code("network.activity.kind", "ARTICLE").has_attendance)
        own = kinds.with_user(self.manager).create({"name": "Podcast", "code": "POD"})
        self.assertEqual(own.result_weeks, 4)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            own.result_weeks = 0

    # ------------------------------------------------------------
    # PROJECT
    # ------------------------------------------------------------

    def test_the_project_follows_from_the_areas_and_may_be_corrected(self):
        activity = self.make_activity(self.mill)
        self.assertEqual(activity.project_id, self.project)
        activity.area_ids = self.meadow
        self.assertFalse(activity.project_id)
        other = self.make_project("Meadow project", self.meadow)
        self.assertEqual(activity.project_id, other, "a new project takes over what lies there")
        activity.area_ids = self.mill + self.meadow
        self.assertFalse(activity.project_id, "of several projects: of none")
        activity.area_ids = False
        activity.project_id = other
        self.assertEqual(activity.project_id, other)

    def test_the_only_project_gets_what_is_for_everywhere(self):
        self.assertEqual(self.make_activity().project_id, self.project)

    def test_an_area_outside_the_project_is_refused(self):
        with self.assertRefused("Meadow does not lie in.*“Mill project”"):
            self.make_activity(self.meadow, project_id=self.project.id)
        with self.assertRefused("Meadow does not lie in"):
            self.make_key_contact(self.meadow, project_id=self.project.id)
        anywhere = self.make_project("Anywhere")
        self.assertTrue(self.make_activity(self.meadow, project_id=anywhere.id))

    def test_the_page_of_the_project_opens_log_and_key_contacts(self):
        held = self.make_activity(self.mill, state="held")
        self.make_activity(self.mill).action_cancel()
        contact = self.make_key_contact(self.mill)
        project = self.project.with_user(self.coordinator)
        self.assertEqual((project.network_activity_count, project.key_contact_count), (1, 1))
        for action, record in (
            (project.action_open_network(), held),
            (project.action_open_key_contacts(), contact),
        ):
            found = self.env[action["res_model"]].with_user(self.coordinator)
            self.assertIn(record, found.search(action["domain"]))
            self.assertEqual(
                found.with_context(**action["context"]).new({}).project_id, self.project
            )

    # ------------------------------------------------------------
    # CALENDAR
    # ------------------------------------------------------------

    def test_the_calendar_shows_it_to_colleagues_with_coordinators_only(self):
        partner = self.env["res.partner"].create({"name": "WBV", "email": "wbv@example.com"})
        before = self.env["mail.mail"].search_count([])
        evening = self.make_activity(
            start=EVENING, room_id=self.room.id, partner_ids=[(6, 0, partner.ids)]
        )
        self.assertRecordValues(
            evening.event_id,
            [
                {
                    "name": "Evening",
                    "start": EVENING,
                    "stop": EVENING_END,
                    "allday": False,
                    "location": "De Roos, Plein 1",
                    "privacy": "confidential",
                    "partner_ids": self.coordinator.partner_id.ids,
                }
            ],
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), before, "nobody is mailed")
        evening.write({"name": "Other evening", "user_ids": [(4, self.manager.id)]})
        self.assertEqual(evening.event_id.name, "Other evening")
        self.assertIn(self.manager.partner_id, evening.event_id.partner_ids)

    def test_what_has_only_a_day_stands_there_the_whole_day(self):
        article = self.make_activity(kind="ARTICLE", date=date(2027, 1, 4))
        self.assertTrue(article.event_id.allday)
        self.assertEqual(article.event_id.start_date, date(2027, 1, 4))
        article.date = date(2027, 1, 6)
        self.assertEqual(article.event_id.stop_date, date(2027, 1, 6))
        article.start = EVENING
        self.assertFalse(article.event_id.allday)
        self.assertEqual(article.event_id.start, EVENING)

    def test_dragging_the_calendar_entry_moves_it_in_the_log(self):
        evening = self.make_activity(start=EVENING)
        later = {"start": EVENING + timedelta(days=1), "stop": EVENING_END + timedelta(days=1)}
        evening.event_id.with_user(self.coordinator).write(dict(later))
        self.assertRecordValues(evening, [{**later, "date": date(2027, 1, 5)}])
        evening.event_id.with_user(self.coordinator).write(
            {"allday": True, "start_date": date(2027, 1, 8), "stop_date": date(2027, 1, 8)}
        )
        self.assertRecordValues(
            evening, [{"start": False, "stop": False, "date": date(2027, 1, 8)}]
        )

    def test_cancelling_and_the_calendar_keep_step(self):
        evening = self.make_activity(start=EVENING)
        event = evening.event_id
        evening.action_cancel()
        self.assertFalse(event.active)
        evening.action_plan()
        self.assertTrue(event.active)
        event.with_user(self.coordinator).unlink()
        self.assertEqual(evening.state, "cancelled", "taken off the calendar by hand")
        evening.action_plan()
        self.assertTrue(evening.event_id)
        evening.event_id.with_user(self.coordinator).action_archive()
        self.assertEqual(evening.state, "cancelled")
        entry = evening.with_context(active_test=False).event_id
        evening.unlink()
        self.assertFalse(entry.exists())

    def test_deleting_the_entry_of_what_was_held_leaves_it_held(self):
        evening = self.make_activity()
        evening.action_held()
        evening.event_id.with_user(self.coordinator).unlink()
        self.assertEqual(evening.state, "held")

    # ------------------------------------------------------------
    # ROOM
    # ------------------------------------------------------------

    def test_a_room_is_not_booked_twice_by_activities_and_talks(self):
        evening = self.make_activity(start=EVENING, room_id=self.room.id)
        case = self.make_quarrel()
        talk = {"case_id": case.id, "kind": "mediation", "room_id": self.room.id}
        talks = self.env["buurtbemiddeling.meeting"].with_user(self.coordinator)
        with self.assertRefused("De Roos.*taken.*“Evening”"):
            talks.create({**talk, "start": EVENING + timedelta(hours=1)})
        with self.assertRefused("De Roos.*taken"):
            self.make_activity(start=EVENING, room_id=self.room.id)
        talks.create({**talk, "start": EVENING_END})
        with self.assertRefused(f"a talk in case {case.name}"):
            evening.stop = EVENING_END + timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "kept by the coordinators") as caught:
            evening.event_id.with_user(self.colleague).write(
                {"start": EVENING_END, "stop": EVENING_END + timedelta(hours=1)}
            )
        self.assertNotIn(case.name, str(caught.exception), "a colleague sees no case")

    def test_a_room_is_booked_for_hours(self):
        with self.assertRaisesRegex(ValidationError, "Fill in when it begins"):
            self.make_activity(room_id=self.room.id)

    # ------------------------------------------------------------
    # BAD INPUT
    # ------------------------------------------------------------

    def test_what_can_not_be_is_refused(self):
        for sentence, values in (
            ("before it begins", {"start": EVENING, "stop": EVENING - timedelta(hours=1)}),
            ("or just the day", {"stop": EVENING}),
            ("people reached is 0", {"reach": -1}),
            ("cost is 0", {"cost": -1}),
            ("hours of work is 0", {"hours": -0.5}),
        ):
            with (
                self.subTest(sentence),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError) as caught,
                self.env.cr.savepoint(),
            ):
                self.make_activity(**values)
            constraint = caught.exception.diag.constraint_name
            objects = self.env["buurtbemiddeling.network.activity"]._table_objects
            self.assertIn(sentence, objects[constraint].message)

    def test_what_is_to_come_was_not_held(self):
        with self.assertRefused("still to come"):
            self.make_activity(start=datetime.now() + timedelta(days=3), state="held")
        self.make_activity(start=datetime.now(), state="held")  # today, whatever the hour

    def test_the_day_agrees_with_the_begin(self):
        with self.assertRaisesRegex(ValidationError, "that on which it begins"):
            self.make_activity(start=EVENING, date=date(2027, 1, 5))

    def test_a_resident_of_a_case_is_no_part_of_the_network(self):
        resident = self.make_quarrel().party_ids.partner_id[:1]
        with self.assertRefused("stays out of the network"):
            self.make_activity(partner_ids=[(6, 0, resident.ids)])
        with self.assertRefused("stays out of the network"):
            self.make_key_contact(self.mill, partner_id=resident.id)

    # ------------------------------------------------------------
    # THREAD
    # ------------------------------------------------------------

    def test_its_page_writes_to_those_who_take_part_and_to_nobody_else(self):
        wbv, other = self.env["res.partner"].create(
            [{"name": name, "email": f"{name}@example.com"} for name in ("wbv", "other")]
        )
        evening = self.make_activity(partner_ids=[(6, 0, wbv.ids)])
        message = evening.message_post(body="Welcome", partner_ids=wbv.ids)
        self.assertEqual(message.partner_ids, wbv)
        with self.assertRaisesRegex(UserError, "with whom “Evening” is held"):
            evening.message_post(body="Welcome", partner_ids=other.ids)
        self.assertNotIn(wbv, evening.message_partner_ids, "nobody follows")
