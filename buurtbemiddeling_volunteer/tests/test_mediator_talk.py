from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_door_mixin import TOKEN_HOURS

from .common_mediator_talk_page import AT_HOME, TalkPageCase

SCRIPT = "<script>alert('x')</script>"
ODD = "\u202eevil \U0001f600 e\u0301 \x07 \u0000 ﷽"


@tagged("post_install", "-at_install")
class TestMediatorTalk(TalkPageCase):
    """Mediators plan, move, cancel and end the talks of their own cases."""

    # ------------------------------------------------------------
    # PLANNING
    # ------------------------------------------------------------

    def test_a_mediator_plans_a_talk_and_nobody_is_told_yet(self):
        mails = self.mails()
        page = self.assertDone(self.plan(), self.url(), "talk")
        talk = self.get_talk()
        self.assertRecordValues(
            talk,
            [
                {
                    "kind": "talk_a",
                    "side": "a",
                    "place": "home_a",
                    "duration": 1.5,
                    "state": "planned",
                }
            ],
        )
        self.assertEqual(talk._get_local_start().strftime("%Y-%m-%d %H:%M"), f"{self.day} 19:30")
        self.assertEqual(talk.create_uid, self.vera.user_id)
        self.assertEqual(self.mails(), mails)
        self.assertFalse(talk.invited_date)
        self.assertIn("19:30", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertNotIn("Anna", page.text.partition("</head>")[0])

    def test_the_invitation_goes_to_each_apart_and_the_mediator_who_acts_gets_none(self):
        mails = self.mails()
        self.assertDone(self.plan(invite="1"), self.url(), "talk_invited")
        talk = self.get_talk()
        self.assertEqual(talk.invited_party_ids, self.anna)
        told = (self.mails() - mails).recipient_ids | (
            self.mails() - mails
        ).mail_message_id.partner_ids
        self.assertEqual(
            told,
            self.anna.partner_id | self.wim.partner_id | self.coordinator.partner_id,
        )
        self.assertEqual(
            self.anna.message_ids[0].author_id, self.coordinator.partner_id, "not the volunteer"
        )

    def test_a_neighbour_without_mail_is_phoned_by_the_coordinator(self):
        self.assertDone(
            self.plan(kind="talk_b", place="home_b", invite="1"), self.url(), "talk_invited"
        )
        self.assertEqual(self.bert.activity_ids.user_id, self.coordinator)
        self.assertEqual(self.get_talk().invited_party_ids, self.bert)

    def test_the_clock_on_the_wall_counts_in_summer_and_in_winter(self):
        with freeze_time("2027-01-15 10:00:00"):
            for day, hour in (("2027-07-05", 17), ("2027-12-06", 18)):
                values, errors = (
                    self.of_vera.with_user(self.vera.user_id)
                    .sudo()
                    ._read_portal_talk({"kind": "talk_a", "day": day, "time": "19:30", **AT_HOME})
                )
                self.assertFalse(errors)
                self.assertEqual(values["start"].hour, hour)
            for day in ("2027-03-28", "2027-10-31"):
                errors = self.of_vera._read_portal_talk(
                    {"kind": "talk_a", "day": day, "time": "02:30", **AT_HOME}
                )[1]
                self.assertIn("clock is changed", errors["time"])

    def test_a_room_holds_one_talk_at_a_time_and_of_the_other_nothing_is_told(self):
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "De Roos", "street": "Plein 1", "company_id": self.company.id}
        )
        start = self.plan_start()
        self.make_talk(case=self.other_case, start=start, place="room", room_id=room.id)
        self.assertIn("De Roos", self.get(self.plan_url).text)
        response = self.plan(kind="mediation", place=f"room_{room.id}")
        self.assertRefused(response, "De Roos", "another case", "another room or another time")
        self.assertNotIn(self.other_case.name, response.text)
        self.assertFalse(self.get_talk())
        self.assertDone(
            self.plan(kind="mediation", place=f"room_{room.id}", time="22:00"), self.url(), "talk"
        )
        self.assertEqual(self.get_talk().room_id, room)

    def test_rooms_of_another_organisation_are_no_choice(self):
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "Elders", "company_id": self.other_company.id}
        )
        self.assertNotIn("Elders", self.get(self.plan_url).text)
        self.assertRefused(self.plan(place=f"room_{room.id}"), "Choose where the talk is.")

    def test_who_is_busy_is_warned_of_without_saying_why_and_the_talk_is_planned(self):
        start = self.plan_start()
        self.make_talk(case=self.other_case, start=start)
        self.env["buurtbemiddeling.volunteer.absence"].create(
            {
                "volunteer_id": self.vera.id,
                "date_from": self.day - timedelta(days=1),
                "date_to": self.day + timedelta(days=1),
            }
        )
        asked = self.make_volunteer("Gevraagd")
        self.couple(self.case, asked, "invited")
        page = self.assertDone(self.plan(), self.url(), "talk")
        self.assertIn("Has another appointment at this time:", page.text)
        self.assertIn("Wim", page.text)
        for secret in (self.other_case.name, "training", "away", "Carla", "Gevraagd"):
            self.assertNotIn(secret, page.text)

    def test_bad_days_and_times_are_refused_with_a_sentence(self):
        for answers, sentence in (
            ({"day": ""}, "Fill in the day."),
            ({"day": "0001-01-01"}, "Is the year right?"),
            ({"day": "9999-99-99"}, "Fill in the day."),
            ({"day": "9999-12-31"}, "Is the year right?"),
            ({"day": "2026-02-30"}, "Fill in the day."),
            ({"day": "2026-03-01"}, "did not exist on that day"),
            ({"time": "25:00"}, "Fill in the time"),
            ({"time": "١٩:٣٠"}, "Fill in the time"),
            ({"duration": "1e309"}, "Choose how long it takes."),
            ({"duration": "-90"}, "Choose how long it takes."),
            ({"kind": "intake"}, "Choose what kind of talk it is."),
            ({"kind": "coaching"}, "Choose what kind of talk it is."),
            ({"place": "room_999999999"}, "Choose where the talk is."),
            ({"place": "room"}, "Choose where the talk is."),
            ({"kind": "mediation", "place": "home_a"}, "on neutral ground"),
            ({"kind": "mediation", "place": "home_b"}, "on neutral ground"),
            ({"place": "elsewhere"}, "Fill in where it is."),
            ({"place": "elsewhere", "location": "x" * 101}, "This is too long."),
        ):
            with self.subTest(answers=answers):
                self.assertRefused(self.plan(**answers), sentence)
        self.assertFalse(self.get_talk())

    def test_nobody_is_invited_to_what_has_passed_and_then_nothing_is_planned(self):
        yesterday = (date.today() - timedelta(days=1)).isoformat()
        self.assertRefused(self.plan(day=yesterday, invite="1"), "still to come")
        self.assertFalse(self.get_talk())
        self.assertDone(self.plan(day=yesterday), self.url(), "talk")

    def test_only_what_the_form_asks_is_written(self):
        self.plan(
            state="done",
            outcome="solved",
            case_id=str(self.other_case.id),
            room_id="1",
            side="b",
            invited_date="2026-03-10",
            user_id="1",
        )
        self.assertRecordValues(
            self.get_talk(),
            [{"state": "planned", "outcome": False, "side": "a", "invited_date": False}],
        )
        self.assertFalse(self.other_case.meeting_ids)

    def test_what_is_typed_is_text_and_stays_text(self):
        for location in (SCRIPT, ODD):
            page = self.assertDone(
                self.plan(place="elsewhere", location=location), self.url(), "talk"
            )
            self.assertNotIn(SCRIPT, page.text)
        self.assertEqual(self.get_talk()[-1].location, SCRIPT)
        response = self.plan(place="elsewhere", location=SCRIPT, day="")
        self.assertRefused(response, "&lt;script&gt;")
        self.assertNotIn(SCRIPT, response.text)

    # ------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------

    def test_a_form_that_is_sent_twice_is_one_talk(self):
        token = self.make_token()
        for _time in range(2):
            self.assertDone(self.plan(token=token), self.url(), "talk")
        self.assertEqual(len(self.get_talk()), 1)

    def test_two_at_the_same_moment_are_one(self):
        keys, done = self.env["buurtbemiddeling.door.key"], []
        keys._do_once(self.company, "key", lambda: done.append(1))
        # the other one is written, and not visible yet when this one looks
        self.patch(type(keys), "_is_known", lambda _self, _key: False)
        with mute_logger("odoo.sql_db"):
            keys._do_once(self.company, "key", lambda: done.append(2))
        self.assertEqual(done, [1])

    def test_what_was_refused_may_be_sent_again_with_the_same_form(self):
        token = self.make_token()
        yesterday = (date.today() - timedelta(days=1)).isoformat()
        self.assertRefused(self.plan(token=token, day=yesterday, invite="1"))
        self.assertDone(self.plan(token=token), self.url(), "talk")

    def test_a_form_that_is_forged_or_was_open_too_long_is_shown_again_with_what_was_typed(self):
        with freeze_time(datetime.now() - timedelta(hours=TOKEN_HOURS + 1)):
            old = self.make_token()
        others = self.env["buurtbemiddeling.door.key"]._make_token(self.other_company)
        for token in (old, others, "x", "\u202e", "A" * 5000):
            response = self.plan(token=token, place="elsewhere", location="Bibliotheek")
            self.assertRefused(response, "open for a long time", "Bibliotheek")
        self.assertFalse(self.get_talk())

    def test_a_key_is_forgotten_when_its_form_can_not_be_sent_any_more(self):
        keys = self.env["buurtbemiddeling.door.key"]
        keys._do_once(self.company, "old", lambda: None)
        old = keys.search([("form_key", "=", "old")])
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_door_key SET create_date = create_date - interval '13 hours'"
            " WHERE id = %s",
            [old.id],
        )
        keys._do_once(self.company, "new", lambda: None)
        keys._gc_keys()
        self.assertEqual(keys.search([("company_id", "=", self.company.id)]).form_key, "new")

    # ------------------------------------------------------------
    # MOVING, CANCELLING, ENDING
    # ------------------------------------------------------------

    def test_moving_tells_who_was_invited_once(self):
        talk = self.make_talk()
        talk.action_invite()
        mails, token = self.mails(), self.make_token()
        answers = {
            "day": (self.day + timedelta(days=1)).isoformat(),
            "time": "20:00",
            "move_reason": "a",
            "token": token,
            **AT_HOME,
        }
        for _time in range(2):
            self.assertDone(self.change(talk, "move", **answers), self.url(), "talk_move")
        self.assertEqual(talk.move_reason, "a")
        self.assertEqual(talk._get_local_start().strftime("%H:%M"), "20:00")
        new = self.mails() - mails
        self.assertEqual(len(new), 3)
        for mail in new:
            self.assertNotIn("Bert", f"{mail.subject}{mail.body_html}")

    def test_moving_asks_why_and_not_to_the_past(self):
        talk = self.make_talk()
        talk.action_invite()
        response = self.change(talk, "move", day=self.day.isoformat(), time="20:00", **AT_HOME)
        self.assertRefused(response, "Choose why the talk moves.", 'open="open"')
        yesterday = (date.today() - timedelta(days=1)).isoformat()
        self.assertRefused(
            self.change(talk, "move", day=yesterday, time="20:00", move_reason="a", **AT_HOME),
            "That time has passed",
        )

    def test_cancelling_tells_who_was_invited_and_can_not_be_done_twice(self):
        talk = self.make_talk()
        talk.action_invite()
        mails = self.mails()
        self.assertRefused(self.change(talk, "cancel"), "Choose why the talk is cancelled.")
        page = self.assertDone(
            self.change(talk, "cancel", cancel_reason="mediator"), self.url(), "talk_cancel"
        )
        self.assertIn("Cancelled", page.text)
        self.assertEqual((talk.state, talk.cancel_reason), ("cancelled", "mediator"))
        self.assertEqual(len(self.mails() - mails), 3)
        for action, answers in (
            ("cancel", {"cancel_reason": "a"}),
            ("hold", {"outcome": "solved"}),
            (
                "move",
                {"day": self.day.isoformat(), "time": "20:00", "move_reason": "a", **AT_HOME},
            ),
        ):
            self.assertRefused(self.change(talk, action, **answers), "in the meantime")
        self.assertRefused(self.change(talk, "invite"), "still to come")
        self.assertEqual(talk.cancel_reason, "mediator")

    def test_what_was_held_has_an_ending_that_can_be_corrected_and_counts_as_contact(self):
        talk = self.make_talk(start=datetime.now() - timedelta(days=1))
        self.assertRefused(self.change(talk, "hold", outcome="done"), "Choose how the talk ended.")
        for outcome in ("no_show", "onward"):
            self.assertDone(self.change(talk, "hold", outcome=outcome), self.url(), "talk_hold")
            self.assertEqual((talk.state, talk.outcome), ("done", outcome))
        self.assertEqual(self.case.last_contact_date, talk._get_local_start().date())

    def test_a_talk_to_come_has_not_been_held(self):
        talk = self.make_talk()
        self.assertRefused(self.change(talk, "hold", outcome="solved"), "still to come")
        self.assertEqual(talk.state, "planned")

    def test_a_mediator_ends_the_last_talk_and_aftercare_moves_along(self):
        self.case.stage_id = self.stage("aftercare")
        self.case.outcome_id = self.code("outcome", "OPG_BEM")
        talk = self.make_talk("mediation", start=datetime.now() - timedelta(days=1))
        self.assertDone(self.change(talk, "hold", outcome="agreements"), self.url(), "talk_hold")
        self.assertEqual(self.case.last_talk_date, talk._get_local_start().date())

    def test_inviting_later_goes_once_and_needs_a_place(self):
        talk = self.make_talk("mediation", place=False)
        self.assertRefused(self.change(talk, "invite"), "Say with whom and where")
        talk.place = "online"
        mails, token = self.mails(), self.make_token()
        for _time in range(2):
            self.assertDone(self.change(talk, "invite", token=token), self.url(), "talk_invite")
        self.assertEqual(talk.invited_party_ids, self.anna | self.bert)
        self.assertEqual(len(self.mails() - mails), 3)

    def test_one_page_has_forms_that_do_not_stand_in_each_others_way(self):
        talk, token = self.make_talk(), self.make_token()
        self.assertDone(self.change(talk, "invite", token=token), self.url(), "talk_invite")
        self.assertDone(
            self.change(talk, "cancel", token=token, cancel_reason="a"), self.url(), "talk_cancel"
        )
        self.assertEqual(talk.state, "cancelled")

    # ------------------------------------------------------------
    # ONLY ONE'S OWN
    # ------------------------------------------------------------

    def test_the_intake_is_the_coordinators(self):
        intake = self.make_talk("intake")
        self.assertGone(self.get(self.url(f"/gesprek/{intake.id}")))
        self.assertGone(self.change(intake, "cancel", cancel_reason="a"))
        self.assertEqual(intake.state, "planned")
        self.assertNotIn("Intake talk", self.get(self.url()).text)

    def test_a_talk_of_another_case_is_not_there(self):
        talk = self.make_talk(case=self.other_case)
        for number in (talk.id, 0, 10**9, 10**30):
            url = self.url(f"/gesprek/{number}")
            self.assertGone(self.get(url))
            self.assertGone(self.send(url, action="cancel", cancel_reason="a"))
        self.assertEqual(self.get(self.url(f"/gesprek/{-talk.id}")).status_code, 404)
        self.assertEqual(talk.state, "planned")
        self.assertGone(self.send(self.url(f"/gesprek/{talk.id}", self.of_wim), action="invite"))

    def test_an_unknown_action_is_not_there(self):
        talk = self.make_talk()
        for action in ("unlink", "", "action_invite", ODD):
            self.assertEqual(self.change(talk, action).status_code, 404)
        self.assertTrue(talk.exists())

    def test_talks_are_reached_by_ones_own_live_assignment_only(self):
        talk = self.make_talk()
        answers = {"kind": "talk_a", "day": self.day.isoformat(), "time": "19:30", **AT_HOME}
        self.assertOnlyMine(["/gesprek", f"/gesprek/{talk.id}"], {**answers, "action": "cancel"})

    def test_talks_are_shut_for_who_is_not_logged_in(self):
        talk = self.make_talk()
        for path in ("/gesprek", f"/gesprek/{talk.id}"):
            self.assertShut(self.url(path), {"kind": "talk_a", "action": "cancel"})

    def test_the_moment_it_ends_it_is_gone(self):
        talk = self.make_talk()
        url = self.url(f"/gesprek/{talk.id}")
        self.assertEqual(self.get(url).status_code, 200)
        self.of_vera.state = "ended"
        self.assertGone(self.get(url))
        self.assertGone(self.plan(place="elsewhere", location="Bieb"), "Bieb")

    def test_more_talks_take_no_more_queries(self):
        assignment = self.of_vera.with_user(self.vera.user_id).sudo()
        self.make_talk()
        few = self.count_queries(assignment._get_portal_case_values)
        for week in range(1, 6):
            self.make_talk("talk_b", start=datetime.now() + timedelta(weeks=week))
        many = self.count_queries(assignment._get_portal_case_values)
        self.assertLessEqual(many, few + 1)
