import hashlib
import re
from datetime import datetime, timedelta
from itertools import count

import vobject

from odoo.tests import tagged

from .common_own import ODD, OwnAffairsCase

AGENDA = "/my/agenda"
FEED = "/buurtbemiddeling/agenda"


@tagged("post_install", "-at_install")
class TestMediatorFeed(OwnAffairsCase):
    """A calendar feed by a secret link: what, when and in which room, and nobody's name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the key of the link is a field for the system only
        cls.vera, cls.wim = (cls.vera | cls.wim).sudo()
        cls.case = cls.make_quarrel()
        cls.assignment = cls.couple(cls.case, cls.vera)
        cls.room = cls.env["buurtbemiddeling.room"].create(
            {"name": "Library", "street": "Square 1", "city": "Town", "company_id": cls.company.id}
        )
        cls.numbers = count(1)
        cls.start = datetime.now().replace(microsecond=0) + timedelta(days=5)

    def plan(self, case=None, days=0, **values):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create(
                {
                    "case_id": (case or self.case).id,
                    "start": self.start + timedelta(days=days),
                    "kind": "talk_a",
                    **values,
                }
            )
        )

    def make_other_quarrel(self):
        """Return a case of people whom Vera did not meet before."""
        number = next(self.numbers)
        return self.make_quarrel(
            reporter_name=f"Carla {number}", reporter_email=f"carla{number}@example.com",
            reporter_street=f"Street {number}", neighbour_name=f"Dirk {number}",
            neighbour_street=f"Lane {number}",
        )  # fmt: skip

    def make_link(self, **data):
        """Make a link as Vera does, and return its path."""
        response = self.post(AGENDA, 200, action="make", **data)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        return re.search(rf"{FEED}/[\w-]+\.ics", response.text).group()

    def read_feed(self, path):
        """Return the entries of the feed by UID, and its text; nobody is logged in."""
        self.authenticate(None, None)
        response = self.get(path)
        self.assertEqual(response.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertIn("private", response.headers["Cache-Control"])
        self.assertNotIn("Set-Cookie", response.headers)
        text = response.content.decode()
        for line in text.split("\r\n"):
            self.assertLessEqual(len(line.encode()), 75)  # RFC 5545, 3.1
        calendar = vobject.readOne(text)
        entries = list(calendar.contents.get("vevent", ()))
        by_uid = {entry.uid.value: entry for entry in entries}
        self.assertEqual(len(by_uid), len(entries))
        return by_uid, text

    # ------------------------------------------------------------
    # WHAT IS IN IT
    # ------------------------------------------------------------

    def test_talks_of_my_cases_with_number_and_kind_and_no_name(self):
        talk = self.plan(place="home_a")
        self.plan(place="elsewhere", location="At Anna Melder, Dorpsstraat 1", days=1)
        entries, text = self.read_feed(self.make_link())
        self.assertEqual(len(entries), 2)
        entry = next(entry for uid, entry in entries.items() if f"talk-{talk.id}@" in uid)
        self.assertEqual(entry.summary.value, f"{self.case.name}: Talk with the reporter")
        self.assertIn(f"DTSTART:{talk.start:%Y%m%dT%H%M%S}Z", text)
        self.assertIn(f"DTEND:{talk.stop:%Y%m%dT%H%M%S}Z", text)
        self.assertEqual(entry.status.value, "CONFIRMED")
        for secret in ("Anna", "Melder", "Bert", "Buur", "Dorpsstraat", "anna@example.com",
                       "LOCATION", "ATTENDEE", "ORGANIZER", "DESCRIPTION"):  # fmt: skip
            self.assertNotIn(secret, text.replace("Buurtbemiddeling", ""))

    def test_a_neutral_room_is_told(self):
        self.plan(kind="mediation", room_id=self.room.id)
        entries, _text = self.read_feed(self.make_link())
        [entry] = entries.values()
        self.assertEqual(entry.location.value, "Library, Square 1, Town")

    def test_talks_of_others_and_of_what_was_never_mine_are_not_in_it(self):
        other = self.make_other_quarrel()
        self.couple(other, self.wim)
        self.plan(other)
        invited = self.make_other_quarrel()
        self.couple(invited, self.vera, "invited")
        self.plan(invited)
        self.plan(kind="intake")  # the coordinator's own
        self.plan(days=-100, state="cancelled")  # long ago
        entries, text = self.read_feed(self.make_link())
        self.assertFalse(entries)
        self.assertNotIn(other.name, text)

    def test_the_same_talk_keeps_its_uid_and_a_move_is_a_higher_sequence(self):
        """R33: a calendar that asks again never shows a talk twice."""
        talk = self.plan()
        path = self.make_link()
        [before] = self.read_feed(path)[0].values()
        talk.start += timedelta(days=1)
        self.env.flush_all()
        # in a test all is one transaction, with one time
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_meeting SET write_date = write_date + interval '1 minute'"
            " WHERE id = %s",
            [talk.id],
        )
        self.env.invalidate_all()
        [after] = self.read_feed(path)[0].values()
        self.assertEqual(before.uid.value, after.uid.value)
        self.assertGreater(int(after.sequence.value), int(before.sequence.value))
        self.assertGreater(after.last_modified.value, before.last_modified.value)
        self.assertEqual(after.dtstamp.value, after.last_modified.value)
        self.assertEqual(after.dtstart.value.replace(tzinfo=None), talk.start)

    def test_a_cancelled_talk_says_so(self):
        self.plan(state="cancelled")
        [entry] = self.read_feed(self.make_link())[0].values()
        self.assertEqual(entry.status.value, "CANCELLED")

    def test_half_days_of_my_trainings(self):
        session = self.make_coming(location="Community centre; hall, 2")
        self.enrol(session, self.vera)
        waiting = self.make_coming(capacity=1)
        self.enrol(waiting, self.wim, self.vera)
        self.enrol(self.make_coming(), self.vera, state="invited")
        path = self.make_link()
        [entry] = self.read_feed(path)[0].values()
        self.assertEqual(entry.summary.value, "Training advanced")
        self.assertEqual(entry.location.value, "Community centre; hall, 2")
        session.action_cancel()
        [entry] = self.read_feed(path)[0].values()
        self.assertEqual(entry.status.value, "CANCELLED")
        session.enrolment_ids.state = "cancelled"
        self.assertFalse(self.read_feed(path)[0])

    def test_when_the_work_ends_its_talks_leave_the_feed(self):
        self.plan()
        path = self.make_link()
        self.assertTrue(self.read_feed(path)[0])
        self.assignment.state = "ended"
        self.assertFalse(self.read_feed(path)[0])

    def test_odd_titles_do_not_break_the_feed(self):
        title = f"A, B; C\\ \r\nBEGIN:VEVENT {ODD}".replace("\0", "")
        session = self.make_coming()
        self.enrol(session, self.vera)
        session.training_id.name = title
        entries, text = self.read_feed(self.make_link())
        [entry] = entries.values()
        self.assertIn("A, B; C\\", entry.summary.value)
        self.assertEqual(len(re.findall(r"(?m)^BEGIN:VEVENT", text)), 1)

    def test_many_talks_take_as_many_queries_as_one(self):
        feed = self.vera._render_feed

        self.plan(kind="mediation", room_id=self.room.id)
        self.enrol(self.make_coming(), self.vera)
        few = self.count_queries(feed)
        for number in range(1, 6):
            case = self.make_other_quarrel()
            self.couple(case, self.vera)
            self.plan(case, kind="mediation", room_id=self.room.id, days=number)
            self.enrol(self.make_coming(days=30 + number), self.vera)
        self.assertEqual(feed().count(b"BEGIN:VEVENT"), 12)
        self.assertLessEqual(self.count_queries(feed), few)

    # ------------------------------------------------------------
    # THE LINK
    # ------------------------------------------------------------

    def test_the_link_is_shown_once_and_only_a_hash_is_kept(self):
        path = self.make_link()
        token = path.split("/")[-1].removesuffix(".ics")
        self.assertGreaterEqual(len(token) * 6, 128)  # bits
        self.assertEqual(self.vera.feed_key, hashlib.sha256(token.encode()).hexdigest())
        self.assertNotIn(token, str(self.vera.read()))
        page = self.get(AGENDA).text
        self.assertNotIn(token, page)
        self.assertIn("You have a link since", page)
        self.assertNotIn("feed_key", self.vera.with_user(self.coordinator).fields_get())

    def test_the_page_sends_nobody_where_one_came_from(self):
        response = self.post(AGENDA, 200, action="make")
        [link] = re.findall(r'<a [^>]*href="webcal://[^>]*>', response.text)
        self.assertIn("noreferrer", link)

    def test_a_new_link_ends_the_old_one_and_it_can_be_switched_off(self):
        old, new = self.make_link(), self.make_link()
        self.get(old, 404)
        self.get(new)
        self.post(AGENDA, 303, action="off")
        self.get(new, 404)
        self.assertFalse(self.vera.feed_key)

    def test_the_link_ends_with_the_volunteer_or_the_login(self):
        other = self.make_user("portal3", "base.group_portal")
        for end in (
            lambda: self.vera.with_user(self.coordinator).write({"active": False}),
            lambda: self.vera.with_user(self.coordinator).write({"user_id": False}),
            lambda: self.portal.write({"active": False}),
            lambda: self.vera.with_context(import_file=True).write(
                {"stage_id": self.code("volunteer.stage", "left").id}
            ),
        ):
            path = f"{FEED}/{self.vera._make_feed_token()}.ics"
            self.get(path)
            end()
            self.get(path, 404)
            self.portal.active = True
            self.vera.write({"active": True, "user_id": self.portal.id})
        self.assertFalse(other.active and self.vera.user_id == other)

    def test_a_link_does_not_come_back_with_who_comes_back(self):
        path = f"{FEED}/{self.vera._make_feed_token()}.ics"
        self.vera.active = False
        self.vera.active = True
        self.get(path, 404)

    def test_what_is_no_link_is_not_found(self):
        token = self.vera._make_feed_token()
        for guess in (
            token[:-1], f"{token}a", token.swapcase(), "x" * 43, self.vera.feed_key, "%00", "",
            "../" + token, "x" * 5000, "%F0%9F%98%80" * 5, "%27--",
        ):  # fmt: skip
            self.get(f"{FEED}/{guess}.ics", 404)
        self.get(f"{FEED}/{token}", 404)

    def test_get_and_head_only(self):
        url = self.base_url() + f"{FEED}/{self.vera._make_feed_token()}.ics"
        self.assertEqual(self.opener.head(url).status_code, 200)
        self.assertFalse(self.opener.head(url).content)
        for method in ("post", "put", "delete"):
            self.assertEqual(getattr(self.opener, method)(url).status_code, 405)

    def test_making_a_link_is_for_the_volunteer(self):
        self.post(AGENDA, 404, action="steal")
        self.post(AGENDA, 404, action="make", organisation=str(self.other_company.id))
        self.post(AGENDA, 413, action="x" * 10_000_000)
        self.assertFalse(self.vera.feed_key)
        self.make_link(volunteer_id=str(self.wim.id), feed_key="0" * 64)
        self.assertNotEqual(self.vera.feed_key, "0" * 64)
        self.assertFalse(self.wim.feed_key)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get(AGENDA, 303).headers["Location"])
        self.vera.active = False
        self.log_in(self.portal)
        self.get(AGENDA, 404)
        self.post(AGENDA, 404, action="make")

    def test_of_two_organisations_each_has_a_link(self):
        there = self.make_second_organisation()
        self.plan()
        here = self.make_link()
        elsewhere = self.make_link(organisation=str(self.other_company.id))
        self.assertTrue(there.feed_key)
        self.assertTrue(self.read_feed(here)[0])
        self.assertFalse(self.read_feed(elsewhere)[0])

    def test_merging_volunteers_does_not_write_down_a_key(self):
        double = self.make_volunteer("Vera double").sudo()
        double._make_feed_token()
        self.vera._make_feed_token()
        keys = [self.vera.feed_key, double.feed_key]
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.vera | double).partner_id.ids, self.vera.partner_id, extra_checks=False)
        bodies = "".join(self.vera.message_ids.mapped("body"))
        self.assertEqual(self.vera.feed_key, keys[0])
        for key in keys:
            self.assertNotIn(key, bodies)
