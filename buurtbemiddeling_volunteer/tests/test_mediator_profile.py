from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_own import GUESSES, HUGE, ODD, SCRIPT, OwnAffairsCase

AVAILABILITY = "/my/beschikbaar"
ABSENCE = f"{AVAILABILITY}/afwezig"
PROFILE = "/my/profiel"
PROTOCOL = "/my/protocol"


@tagged("post_install", "-at_install")
class TestMediatorProfile(OwnAffairsCase):
    """A volunteer says when they can, what they like, and reads what is kept about them."""

    def day(self, days):
        return (fields.Date.today() + timedelta(days=days)).isoformat()

    def save_week(self, status=303, **data):
        data = {"max_cases": "2", "dayparts": ["mon_evening"], "pause_until": "", **data}
        return self.post(AVAILABILITY, status, **data)

    def save_profile(self, status=303, **data):
        data = {"phone": "06 1234 5678", "languages": ["nl"], "affinities": [], **data}
        return self.post(PROFILE, status, **data)

    def make_absence(self, volunteer, first, last):
        return self.env["buurtbemiddeling.volunteer.absence"].create(
            {"volunteer_id": volunteer.id, "date_from": self.day(first), "date_to": self.day(last)}
        )

    # ------------------------------------------------------------
    # THE WEEK
    # ------------------------------------------------------------

    def test_dayparts_number_of_cases_and_pause_are_kept(self):
        self.save_week(max_cases="3", dayparts=["mon_evening", "tue_morning"],
                       pause_until=self.day(14))  # fmt: skip
        self.assertEqual(set(self.vera.daypart_ids.mapped("code")), {"mon_evening", "tue_morning"})
        self.assertEqual(self.vera.max_cases, 3)
        self.assertEqual(self.vera.pause_until.isoformat(), self.day(14))
        page = self.get(AVAILABILITY).text
        self.assertIn(self.day(14), page)
        self.save_week(dayparts=[])
        self.assertFalse(self.vera.daypart_ids or self.vera.pause_until)

    def test_what_is_wrong_is_said_and_nothing_is_saved(self):
        for name, value in (
            ("max_cases", "-1"), ("max_cases", "999"), ("max_cases", "٣"), ("max_cases", ""),
            ("max_cases", ODD), ("pause_until", "tomorrow"), ("pause_until", self.day(-2)),
            ("pause_until", "9999-12-31"), ("pause_until", SCRIPT), ("pause_until", ODD),
        ):  # fmt: skip
            response = self.save_week(422, **{name: value}, dayparts=["sun_evening"])
            self.assertIn(f'href="#{name}"', response.text)
            self.assertNothingRuns(response)
        self.assertFalse(self.vera.daypart_ids)
        self.assertEqual(self.vera.max_cases, 2)

    def test_what_is_not_asked_is_not_kept(self):
        stage = self.vera.stage_id
        self.save_week(
            stage_id="1", company_id="1", user_id="1", active="", dayparts=["no_such", SCRIPT]
        )
        self.assertEqual((self.vera.stage_id, self.vera.user_id), (stage, self.portal))
        self.assertFalse(self.vera.daypart_ids)

    # ------------------------------------------------------------
    # ABSENCES
    # ------------------------------------------------------------

    def add_absence(self, status=303, **data):
        return self.post(ABSENCE, status, **{"date_from": self.day(3), "date_to": self.day(9),
                                             "note": "Holiday", **data})  # fmt: skip

    def test_an_absence_is_added_once_and_the_coordinator_sees_it(self):
        for _time in range(2):
            self.add_absence()
        absence = self.vera.absence_ids
        self.assertEqual(len(absence), 1)
        self.assertEqual(absence.with_user(self.coordinator).note, "Holiday")
        self.assertIn("Holiday", self.get(AVAILABILITY).text)
        self.add_absence(date_to="", note="")
        self.assertEqual(len(self.vera.absence_ids), 2)

    def test_an_absence_is_changed_and_removed(self):
        absence = self.make_absence(self.vera, 5, 9)
        url = f"{ABSENCE}/{absence.id}"
        self.assertIn(self.day(5), self.get(url).text)
        self.post(url, date_from=self.day(6), date_to=self.day(7), note="Other")
        self.assertEqual((absence.date_from.isoformat(), absence.note), (self.day(6), "Other"))
        self.post(url, remove="1")
        self.assertFalse(absence.exists())
        self.post(url, 404, remove="1")

    def test_an_absence_that_has_begun_ends_earlier_and_keeps_its_first_day(self):
        absence = self.make_absence(self.vera, -5, 9)
        url = f"{ABSENCE}/{absence.id}"
        self.post(url, date_from=self.day(2), date_to=self.day(3), note="")
        self.assertEqual(absence.date_from.isoformat(), self.day(-5))
        self.assertEqual(absence.date_to.isoformat(), self.day(3))
        self.post(url, remove="1")
        self.assertEqual(absence.date_to.isoformat(), self.day(-1))

    def test_an_absence_that_is_over_or_of_someone_else_is_not_found(self):
        over, others = self.make_absence(self.vera, -9, -2), self.make_absence(self.wim, 2, 5)
        for absence in (over, others):
            self.get(f"{ABSENCE}/{absence.id}", 404)
            self.post(f"{ABSENCE}/{absence.id}", 404, remove="1")
            self.post(f"{ABSENCE}/{absence.id}", 404, date_from=self.day(1), note=SCRIPT)
        self.assertTrue((over | others).exists())
        self.assertFalse(others.note)
        for guess in GUESSES:
            self.get(f"{ABSENCE}/{guess}", 404)

    def test_days_that_can_not_be_are_refused(self):
        for data in (
            {"date_from": ""}, {"date_from": "8-3-2027"}, {"date_from": self.day(-1)},
            {"date_from": "9999-01-01"}, {"date_to": self.day(2)}, {"date_to": SCRIPT},
            {"note": "x" * 201}, {"date_from": ODD},
        ):  # fmt: skip
            response = self.add_absence(422, **data)
            self.assertIn(f'href="#{next(iter(data))}"', response.text)
            self.assertNothingRuns(response)
        self.assertFalse(self.vera.absence_ids)

    def test_a_note_is_a_text(self):
        self.add_absence(note=SCRIPT + ODD, volunteer_id=str(self.wim.id))
        self.assertIn("<script>", self.vera.absence_ids.note)
        self.assertFalse(self.wim.absence_ids)
        self.assertNothingRuns(self.get(AVAILABILITY))
        self.assertNothingRuns(self.get(f"{ABSENCE}/{self.vera.absence_ids.id}"))

    # ------------------------------------------------------------
    # PROFILE
    # ------------------------------------------------------------

    def test_phone_languages_and_what_one_likes_are_kept(self):
        self.save_profile(languages=["nl", "tr"], affinities=["TUINEN"], gender="woman",
                          consent="1")  # fmt: skip
        self.assertEqual(self.vera.phone, "06 1234 5678")
        self.assertEqual(set(self.vera.language_ids.mapped("code")), {"nl", "tr"})
        self.assertEqual(self.vera.affinity_ids.mapped("code"), ["TUINEN"])
        self.assertEqual(self.vera.offer_consent_date, fields.Date.today())

    def test_what_one_likes_is_kept_with_consent_only(self):
        for data in ({"affinities": ["TUINEN"]}, {"gender": "man"}):
            response = self.save_profile(422, **data)
            self.assertIn('href="#consent"', response.text)
        self.assertFalse(self.vera.affinity_ids or self.vera.gender)
        self.save_profile(affinities=["TUINEN"], consent="1")
        self.save_profile()  # consent taken back
        self.assertFalse(self.vera.affinity_ids or self.vera.offer_consent_date)

    def test_a_profile_that_is_wrong_or_asks_for_more(self):
        phone, name = self.vera.phone, self.vera.name
        for value in ("call me", "0" * 31, SCRIPT, ODD):
            self.assertNothingRuns(self.save_profile(422, phone=value))
        self.assertEqual(self.vera.phone, phone)
        self.save_profile(
            name="Boss", email="anna@example.com", stage_id="1", max_cases="9", gender=SCRIPT,
            competence_ids="1", date_start="2000-01-01", partner_id=str(self.wim.partner_id.id),
        )  # fmt: skip
        self.assertEqual((self.vera.name, self.vera.max_cases), (name, 2))
        self.assertNotEqual(self.vera.email, "anna@example.com")
        self.assertFalse(self.vera.gender)
        self.assertNotEqual(self.wim.phone, "06 1234 5678")

    def test_what_is_kept_is_shown_and_nothing_of_the_coordinators(self):
        self.vera.date_start = date(2020, 3, 1)
        self.sign(self.vera, "vog", valid_until=date(2026, 2, 1))
        self.vera.with_user(self.coordinator).message_post(body="Internal secret")
        notes = self.env["buurtbemiddeling.coach.note"].with_user(self.coordinator)
        notes.create({"volunteer_id": self.vera.id, "note": "You listen well"})
        notes.create({"volunteer_id": self.wim.id, "note": "About someone else"})
        talk = {
            "kind": "intake",
            "date": date(2026, 1, 5),
            "result": "doubt",
            "note": "Talk secret",
        }
        self.vera.talk_ids = [(0, 0, talk)]
        page = self.get(PROFILE).text
        for text in ("Certificate of conduct", "02/01/2026", "Expired", "03/01/2020",
                     "You listen well", "Next jubilee"):  # fmt: skip
            self.assertIn(text, page)
        for text in ("Internal secret", "Talk secret", "About someone else", "Doubt"):
            self.assertNotIn(text, page)
        self.assertIn("no-store", self.get(PROFILE).headers["Cache-Control"])

    # ------------------------------------------------------------
    # QUESTIONS TO THE COORDINATOR
    # ------------------------------------------------------------

    def test_another_email_address_is_asked_and_not_taken(self):
        """Whose mail it is, a person looks at: it could be a resident's address."""
        before = self.vera.email
        for _time in range(2):
            self.post(f"{PROFILE}/email", email="anna@example.com")
        self.assertEqual(self.vera.email, before)
        to_do = self.vera.activity_ids
        self.assertEqual((len(to_do), to_do.user_id), (1, self.coordinator))
        self.assertIn("anna@example.com", to_do.note)
        for wrong in ("", "no", SCRIPT, "a@b.nl, c@d.nl", "x" * 300 + "@example.com"):
            self.assertNothingRuns(self.post(f"{PROFILE}/email", 422, email=wrong))

    def test_the_page_of_odoo_gives_a_volunteer_no_address_of_someone_else(self):
        partner, before = self.portal.partner_id, self.portal.partner_id.email
        answers = {
            "name": partner.name, "email": "anna@example.com", "phone": "0612345678",
            "street": "Street 1", "city": "Town", "zip": "1234 AB", "zipcode": "1234 AB",
            "country_id": str(self.env.ref("base.nl").id), "address_type": "billing",
            "use_delivery_as_billing": "true",
        }  # fmt: skip
        for partner_id in (str(partner.id), ""):
            response = self.post("/my/address/submit", 200, partner_id=partner_id, **answers)
            self.assertIn("An e-mail address is changed by the organisation", response.text)
        self.assertEqual(partner.email, before)
        self.assertFalse(partner.child_ids)
        answers["email"] = before
        response = self.post("/my/address/submit", 200, partner_id=str(partner.id), **answers)
        self.assertIn("redirectUrl", response.text)
        self.assertEqual(partner.street, "Street 1")

    def test_the_api_of_odoo_gives_a_volunteer_no_address_of_someone_else(self):
        user, before = self.portal.with_user(self.portal), self.portal.email
        for email in ("anna@example.com", f"{before}, anna@example.com", False):
            with self.assertRaises(UserError):
                user.write({"email": email})
        user.write({"email": before, "phone": "0612345678"})
        self.assertEqual(self.portal.email, before)

    def test_wanting_to_stop_is_a_to_do_for_the_coordinator(self):
        stage = self.vera.stage_id
        self.post(f"{PROFILE}/stoppen", wish="stop", text=f"No time {SCRIPT}")
        self.post(f"{PROFILE}/stoppen", wish="stop", text="No time")
        to_do = self.vera.activity_ids
        self.assertEqual(to_do.summary, "Wants to stop: get in touch")
        self.assertEqual(to_do.user_id, self.coordinator)
        self.assertIn("No time", to_do.note)
        self.assertNotIn("script", to_do.note)
        self.assertEqual(self.vera.stage_id, stage)
        self.post(f"{PROFILE}/stoppen", wish="pause")
        self.assertEqual(len(self.vera.activity_ids), 2)
        for data in ({}, {"wish": "kick"}, {"wish": "stop", "text": "x" * 1001}):
            self.post(f"{PROFILE}/stoppen", 422, **data)
        self.assertEqual(len(self.vera.activity_ids), 2)

    # ------------------------------------------------------------
    # PROTOCOL
    # ------------------------------------------------------------

    def make_protocol(self, version="1", publish=True, company=None, **values):
        protocol = self.env["buurtbemiddeling.protocol"].create(
            {
                "version": version,
                "company_id": (company or self.company).id,
                "date_from": date(2026, 1, 1),
                "content": f"<p>Text of {version}</p>",
                **values,
            }
        )
        if publish:
            protocol.action_publish()
        return protocol

    def test_the_protocol_is_read_and_accepted_once(self):
        protocol = self.make_protocol()
        self.assertIn("To accept", self.get("/my/bemiddelingen").text)
        self.assertIn("<p>Text of 1</p>", self.get(PROTOCOL).text)
        self.post(f"{PROTOCOL}/{protocol.id}", 422)
        for _time in range(2):
            self.post(f"{PROTOCOL}/{protocol.id}", agree="1", date="2020-01-01", mode="paper")
        acceptance = self.vera.acceptance_ids
        self.assertEqual((len(acceptance), acceptance.mode), (1, "portal"))
        self.assertEqual((acceptance.date, acceptance.user_id),
                         (fields.Date.today(), self.portal))  # fmt: skip
        self.assertIn("You accepted this version on", self.get(PROTOCOL).text)
        self.assertFalse(self.wim.acceptance_ids)

    def test_an_old_version_stays_readable_and_is_accepted_no_more(self):
        old = self.make_protocol()
        self.make_protocol("2")
        self.assertIn("Text of 1", self.get(f"{PROTOCOL}/{old.id}").text)
        response = self.post(f"{PROTOCOL}/{old.id}", 422, agree="1")
        self.assertIn("There is a newer version", response.text)
        self.assertFalse(self.vera.acceptance_ids)

    def test_a_draft_or_the_protocol_of_another_organisation_is_not_found(self):
        draft = self.make_protocol("9", publish=False, file="QQ==")
        elsewhere = self.make_protocol("5", company=self.other_company, file="QQ==")
        for protocol in (draft, elsewhere):
            self.get(f"{PROTOCOL}/{protocol.id}", 404)
            self.get(f"{PROTOCOL}/{protocol.id}/bestand", 404)
            self.post(f"{PROTOCOL}/{protocol.id}", 404, agree="1")
        for guess in GUESSES:
            self.get(f"{PROTOCOL}/{guess}", 404)
        self.assertIn("There is no working protocol yet", self.get(PROTOCOL).text)

    def test_the_file_of_a_protocol_is_saved_and_never_shown_as_a_page(self):
        protocol = self.make_protocol(file="PGI+aGk8L2I+", file_name="protocol.html")
        response = self.get(f"{PROTOCOL}/{protocol.id}/bestand")
        self.assertEqual(response.content, b"<b>hi</b>")
        self.assertTrue(response.headers["Content-Disposition"].startswith("attachment"))

    # ------------------------------------------------------------
    # ATTACK
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_no_session_wrong_method_too_much_and_no_token(self):
        absence = self.make_absence(self.vera, 2, 3)
        protocol = self.make_protocol()
        posts = [AVAILABILITY, ABSENCE, f"{ABSENCE}/{absence.id}", PROFILE, f"{PROFILE}/email",
                 f"{PROFILE}/stoppen", f"{PROTOCOL}/{protocol.id}"]  # fmt: skip
        for url in posts:
            self.post(url, 413, note=HUGE)
            self.post(url, 400, csrf_token="no")
            self.assertEqual(self.opener.put(self.base_url() + url).status_code, 405)
        self.post(PROTOCOL, 405)
        self.authenticate(None, None)
        for url in posts:
            self.assertIn("/web/login", self.get(url, 303).headers["Location"])
            self.post(url, 303, remove="1", agree="1", wish="stop")
        self.assertTrue(absence.exists())
        self.assertFalse(self.vera.acceptance_ids or self.vera.activity_ids)

    def test_who_is_no_volunteer_any_more_is_nobody(self):
        absence, protocol = self.make_absence(self.vera, 2, 3), self.make_protocol()
        self.vera.active = False
        for url in (AVAILABILITY, ABSENCE, f"{ABSENCE}/{absence.id}", PROFILE, PROTOCOL,
                    f"{PROTOCOL}/{protocol.id}", f"{PROFILE}/email"):  # fmt: skip
            self.get(url, 404)
        self.save_week(404)
        self.save_profile(404)
        self.post(f"{PROTOCOL}/{protocol.id}", 404, agree="1")
        self.post(f"{PROFILE}/stoppen", 404, wish="stop")

    def test_a_volunteer_of_two_organisations_answers_each_apart(self):
        there = self.make_second_organisation()
        self.save_week(max_cases="1", organisation=str(self.other_company.id))
        self.assertEqual((there.max_cases, self.vera.max_cases), (1, 2))
        self.add_absence(organisation=str(self.other_company.id))
        self.assertTrue(there.absence_ids)
        self.assertFalse(self.vera.absence_ids)
        page = self.get(f"{AVAILABILITY}?organisation={self.other_company.id}").text
        self.assertIn("Elsewhere", page)
        self.save_week(404, organisation=str(self.env["res.company"].create({"name": "C"}).id))
        self.save_week(404, organisation="x")
