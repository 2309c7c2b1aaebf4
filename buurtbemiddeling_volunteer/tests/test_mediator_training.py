from unittest.mock import ANY

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_own import GUESSES, HUGE, ODD, SCRIPT, OwnAffairsCase

URL = "/my/trainingen"


@tagged("post_install", "-at_install")
class TestMediatorTraining(OwnAffairsCase):
    """A volunteer chooses trainings on the portal, by the rules of seats and waiting list."""

    def enrol_me(self, session, status=303, **data):
        return self.post(f"{URL}/sessie/{session.id}", status, **data)

    def answer(self, enrolment, answer, status=303, **data):
        return self.post(f"{URL}/{enrolment.id}", status, answer=answer, **data)

    def get_mine(self, session, volunteer=None):
        return session.enrolment_ids.filtered(lambda e: e.volunteer_id == (volunteer or self.vera))

    # ------------------------------------------------------------
    # CHOOSING
    # ------------------------------------------------------------

    def test_a_volunteer_enrols_in_a_session_that_is_open(self):
        session = self.make_coming()
        self.assertIn("Training advanced", self.get(URL).text)
        response = self.enrol_me(session)
        self.assertIn("done=enrolled", response.headers["Location"])
        self.assertIn("You are enrolled", self.get(response.headers["Location"]).text)
        enrolment = self.get_mine(session)
        self.assertEqual(enrolment.state, "enrolled")
        self.assertIn(f"{self.vera.name} enrolled on the portal.", session.message_ids[0].preview)

    def test_sent_twice_is_enrolled_once(self):
        session = self.make_coming()
        for _time in range(2):
            self.enrol_me(session)
        self.assertEqual(len(self.get_mine(session)), 1)

    def test_who_comes_after_the_last_seat_waits_and_is_told(self):
        session = self.make_coming(capacity=1)
        self.enrol(session, self.wim)
        self.assertIn("Full.", self.get(URL).text)
        response = self.enrol_me(session)
        self.assertIn("done=waiting", response.headers["Location"])
        page = self.get(response.headers["Location"]).text
        self.assertIn("You are on the waiting list", page)
        self.assertIn("You are number 1 on the list", " ".join(page.split()))
        self.assertEqual(self.get_mine(session).state, "waiting")

    def test_withdrawing_gives_the_seat_to_who_waits_longest(self):
        session = self.make_coming(capacity=1)
        mine, other = self.enrol(session, self.vera), self.enrol(session, self.wim)
        self.assertEqual(other.state, "waiting")
        for _time in range(2):  # a second tap changes nothing
            self.answer(mine, "withdraw")
        self.assertEqual((mine.state, other.state), ("cancelled", "enrolled"))

    def test_who_withdrew_can_enrol_again(self):
        session = self.make_coming()
        self.enrol_me(session)
        self.answer(self.get_mine(session), "withdraw")
        self.enrol_me(session)
        self.assertEqual(sorted(self.get_mine(session).mapped("state")), ["cancelled", "enrolled"])

    def test_only_a_session_that_is_meant_for_the_volunteer_is_offered(self):
        hidden = [
            self.make_coming(state="cancelled"),
            self.make_coming(days=-2),
            self.make_coming("information"),  # for who thinks of becoming a volunteer
            self.make_coming("basic"),  # Vera has passed it
        ]
        closed = self.make_coming()
        closed.is_open = False
        page = self.get(URL).text
        self.assertIn("There is nothing to choose", page)
        for session in (*hidden, closed):
            self.enrol_me(session, 404)
            self.assertFalse(self.get_mine(session))

    def test_who_has_interest_may_come_to_an_information_meeting_and_nothing_else(self):
        self.vera.with_context(import_file=True).stage_id = self.code("volunteer.stage", "interest")
        meeting, training = self.make_coming("information"), self.make_coming()
        self.enrol_me(meeting)
        self.enrol_me(training, 404)
        self.assertEqual(self.get_mine(meeting).state, "enrolled")

    def test_who_has_left_chooses_nothing(self):
        session = self.make_coming()
        self.vera.with_context(import_file=True).stage_id = self.code("volunteer.stage", "left")
        self.enrol_me(session, 404)

    def test_the_page_names_no_other_participant(self):
        session = self.make_coming()
        self.enrol(session, self.wim)
        self.enrol_me(session)
        self.assertNotIn("Wim", self.get(URL).text)

    # ------------------------------------------------------------
    # INVITATIONS
    # ------------------------------------------------------------

    def test_an_invitation_comes_first_and_is_accepted(self):
        session = self.make_coming()
        session.is_open = False
        invited = self.enrol(session, self.vera, state="invited")
        page = self.get(URL).text
        self.assertLess(page.index("You are invited"), page.index("You can still enrol"))
        self.answer(invited, "accept")
        self.assertEqual(invited.state, "enrolled")
        self.answer(invited, "decline")  # the back button, and the other answer
        self.assertEqual(invited.state, "enrolled")

    def test_accepting_in_a_full_session_is_the_waiting_list(self):
        session = self.make_coming(capacity=1)
        invited = self.enrol(session, self.vera, state="invited")
        self.enrol(session, self.wim)
        response = self.answer(invited, "accept")
        self.assertIn("done=waiting", response.headers["Location"])
        self.assertEqual(invited.state, "waiting")

    def test_an_invitation_is_declined(self):
        invited = self.enrol(self.make_coming(), self.vera, state="invited")
        self.answer(invited, "decline")
        self.assertEqual(invited.state, "declined")

    def test_after_the_begin_nothing_is_answered(self):
        session = self.make_coming(days=-1)
        invited = self.enrol(session, self.vera, state="invited")
        seat = self.enrol(self.make_coming(days=-1), self.vera)
        for enrolment, answer in ((invited, "accept"), (seat, "withdraw")):
            before = enrolment.state
            response = self.answer(enrolment, answer, 422)
            self.assertIn("has begun already", response.text)
            self.assertEqual(enrolment.state, before)

    # ------------------------------------------------------------
    # WHAT WAS
    # ------------------------------------------------------------

    def test_attendance_hours_and_result_of_what_was(self):
        session = self.make_coming(days=-20)
        self.enrol(session, self.vera, attended_hours=2.5, result="passed")
        session.state = "done"
        page = " ".join(self.get(URL).text.split())
        self.assertIn("Present, 2.5 hours", page)
        self.assertIn("Result: Passed", page)

    def test_hours_are_written_as_in_the_language(self):
        self.env.ref("base.lang_en").decimal_point = ","
        session = self.make_coming(days=-20)
        self.enrol(session, self.vera, attended_hours=2.5)
        session.state = "done"
        page = " ".join(self.get(URL).text.split())
        self.assertIn("Present, 2,5 hours", page)
        self.assertRegex(page, r"this year: <strong>2,5<.*In all: <strong>\d+,5<")

    def make_certificate(self, volunteer):
        enrolment = self.enrol(
            self.make_coming(days=-20), volunteer, attended_hours=3, result="passed"
        )
        enrolment.action_give_certificate()
        return enrolment

    def test_my_certificate_is_printed(self):
        mine = self.make_certificate(self.vera)
        self.assertIn(mine.certificate_number, self.get(URL).text)
        response = self.get(f"{URL}/{mine.id}/certificaat")
        self.assertIn(mine.certificate_number, response.headers["Content-Disposition"])
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertIn(self.vera.name, response.text)  # a test renders HTML

    def test_a_certificate_of_someone_else_or_that_was_not_given_is_not_found(self):
        others = self.make_certificate(self.wim)
        not_given = self.enrol(
            self.make_coming(days=-9), self.vera, attended_hours=3, result="passed"
        )
        for enrolment in (others, not_given):
            self.get(f"{URL}/{enrolment.id}/certificaat", 404)
        self.assertNotIn(others.certificate_number, self.get(URL).text)

    # ------------------------------------------------------------
    # ATTACK
    # ------------------------------------------------------------

    def test_enrolments_of_others_are_not_found_and_stay_as_they_are(self):
        session = self.make_coming()
        others = self.enrol(session, self.wim, state="invited")
        for answer in ("accept", "decline", "withdraw"):
            self.answer(others, answer, 404)
        self.assertEqual(others.state, "invited")

    def test_what_is_no_id_is_not_found(self):
        for guess in GUESSES:
            self.get(f"{URL}/{guess}/certificaat", 404)
            self.assertIn(self.url_open(f"{URL}/sessie/{guess}").status_code, (404, 405))
            self.get(f"{URL}?organisation={guess}", 404)

    def test_answers_that_do_not_exist_and_fields_that_are_not_asked_do_nothing(self):
        mine = self.enrol(self.make_coming(), self.vera, state="invited")
        for answer in (None, "", "attended", SCRIPT, ODD):
            self.answer(mine, answer, 404)
        self.assertEqual(mine.state, "invited")
        session = self.make_coming()
        self.enrol_me(
            session, state="attended", attended_hours="99", result="passed", stage_id="1",
            volunteer_id=str(self.wim.id), certificate_number="1", user_id="2",
        )  # fmt: skip
        enrolment = self.get_mine(session)
        self.assertEqual(len(session.enrolment_ids), 1)
        self.assertEqual(
            (enrolment.state, enrolment.attended_hours, enrolment.result), ("enrolled", 0, "none")
        )
        self.assertFalse(enrolment.certificate_number)

    @mute_logger("odoo.http")
    def test_wrong_method_no_session_too_much_and_no_token(self):
        session = self.make_coming()
        mine = self.enrol(session, self.vera, state="invited")
        for url in (f"{URL}/sessie/{session.id}", f"{URL}/{mine.id}"):
            self.get(url, 405)
            self.post(url, 413, text=HUGE)
            self.post(url, 400, csrf_token="no")
        self.post(URL, 405)
        self.authenticate(None, None)
        for url in (URL, f"{URL}/{mine.id}/certificaat"):
            self.assertIn("/web/login", self.get(url, 303).headers["Location"])
        self.answer(mine, "accept", 303)
        self.assertEqual(mine.state, "invited")

    def test_who_is_no_volunteer_any_more_sees_nothing(self):
        session = self.make_coming()
        mine = self.enrol(session, self.vera, state="invited")
        certificate = self.make_certificate(self.vera)
        self.vera.active = False
        for url in (URL, f"{URL}/{certificate.id}/certificaat"):
            self.get(url, 404)
        self.answer(mine, "accept", 404)
        self.vera.write({"active": True, "user_id": False})
        self.get(URL, 404)

    def test_of_two_organisations_each_has_its_own_page(self):
        there = self.make_second_organisation()
        here = self.make_coming()
        training = self.env["buurtbemiddeling.training"].create(
            {"name": "Training of elsewhere", "kind": "advanced"}
        )
        session = self.make_coming()
        session.sudo().write({"training_id": training.id})
        session.sudo().company_id = self.other_company
        page = self.get(URL).text
        self.assertIn(f"/sessie/{here.id}", page)
        self.assertNotIn("Training of elsewhere", page)
        page = self.get(f"{URL}?organisation={self.other_company.id}").text
        self.assertIn("Training of elsewhere", page)
        self.enrol_me(session)
        self.assertEqual(session.sudo().enrolment_ids.volunteer_id, there)
        stranger = self.env["res.company"].create({"name": "Third"})
        self.get(f"{URL}?organisation={stranger.id}", 404)

    def test_a_name_of_a_training_is_shown_as_text(self):
        session = self.make_coming()
        session.training_id.write({"name": f"Talk {SCRIPT}", "description": SCRIPT})
        session.location = SCRIPT
        response = self.get(URL)
        self.assertNothingRuns(response)
        self.assertIn("&lt;script&gt;", response.text)

    def test_the_portal_has_no_rights_of_its_own(self):
        enrolment = self.enrol(self.make_coming(), self.vera)
        with (
            mute_logger("odoo.addons.base.models.ir_rule", "odoo.models.unlink"),
            self.assertRaises(AccessError),
        ):
            enrolment.with_user(self.portal).read(["state"])

    # ------------------------------------------------------------
    # THE OVERVIEW
    # ------------------------------------------------------------

    def test_the_overview_tells_how_many_invitations_wait(self):
        values = self.env["buurtbemiddeling.volunteer"].with_user(self.portal)._get_mine()
        self.assertEqual(values._get_portal_home_values()[0]["training_invitations"], 0)
        for _time in range(2):
            self.enrol(self.make_coming(), self.vera, state="invited")
        self.assertEqual(values._get_portal_home_values(), [ANY])
        self.assertIn("2 invitations", " ".join(self.get("/my/bemiddelingen").text.split()))
