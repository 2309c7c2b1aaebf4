from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon

NEXT_YEAR = datetime.now().replace(hour=18, minute=30, second=0, microsecond=0) + timedelta(365)
# of origin, belief or health nothing is ever asked of a volunteer
SENSITIVE = (
    "origin", "ethnic", "national", "birth_country", "religi", "belief", "faith", "church",
    "mosque", "christ", "islam", "jew", "hindu", "health", "illness", "disab",
    "politic", "union", "sexual", "orientation", "race", "colour",
    "herkomst", "geloof", "gezond", "ziekte", "afkomst", "handicap",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestAvailability(VolunteerCommon):
    """When a volunteer can: it warns, and never forbids."""

    def setUp(self):
        super().setUp()
        self.case = self.make_quarrel()
        self.vera = self.make_volunteer("Vera")

    def plan(self, **values):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": self.case.id, "kind": "talk_a", "start": NEXT_YEAR, **values})
        )

    def be_away(self, first, last=False, volunteer=None):
        return (
            self.env["buurtbemiddeling.volunteer.absence"]
            .with_user(self.coordinator)
            .create(
                {"volunteer_id": (volunteer or self.vera).id, "date_from": first, "date_to": last}
            )
        )

    def test_a_week_has_twenty_one_parts(self):
        dayparts = self.env["buurtbemiddeling.daypart"].search([])
        self.assertEqual(len(dayparts), 21)
        self.assertEqual(dayparts[0].name, "Monday morning")
        self.assertEqual(dayparts[-1].name, "Sunday evening")

    def test_an_absence_does_not_end_before_it_begins(self):
        with self.assertRaisesRegex(IntegrityError, "dates_in_order"), mute_logger("odoo.sql_db"):
            self.be_away(date(2026, 5, 2), date(2026, 5, 1))

    def test_who_is_away_or_on_pause_rests(self):
        wim, nel, els = (self.make_volunteer(name) for name in ("Wim", "Nel", "Els"))
        pool, case = self.vera | wim | nel | els, self.make_case()
        self.be_away(date(2026, 5, 1), date(2026, 5, 8))
        self.be_away(date(2026, 5, 1), volunteer=wim)
        nel.pause_until = date(2026, 5, 20)
        for day, resting in (
            (date(2026, 4, 30), nel),
            (date(2026, 5, 1), self.vera | wim | nel),
            (date(2026, 5, 8), self.vera | wim | nel),
            (date(2026, 5, 9), wim | nel),
            (date(2026, 5, 21), wim),
        ):
            with self.subTest(day=day):
                facts = pool._get_pair_facts(case, day, day)
                found = pool.filtered(lambda one, facts=facts: facts[one.id]["is_resting"])
                self.assertEqual(found, resting)

    def test_getting_cases_again_ends_the_pause(self):
        self.pass_basic_training(self.vera)
        self.sign(self.vera, "agreement", "confidentiality")
        self.vera.pause_until = date(2027, 1, 1)
        self.move(self.vera, "pause")
        self.assertTrue(self.vera.pause_until)
        self.move(self.vera, "active")
        self.assertFalse(self.vera.pause_until)

    def test_a_pause_that_is_over_asks_attention(self):
        kind = self.code("attention", "PAUSE_OVER").with_user(self.coordinator)
        resting = self.make_volunteer("Rust", "pause", pause_until=date(2026, 1, 1))
        self.make_volunteer("Later", "pause", pause_until=date.today() + timedelta(30))
        self.assertEqual(kind.record_count, 1)
        self.assertTrue(resting)

    def test_a_talk_during_a_training_warns_and_is_planned(self):
        session = self.make_session(half_days=1)
        session.event_ids.write(
            {"start": NEXT_YEAR - timedelta(hours=1), "stop": NEXT_YEAR + timedelta(hours=2)}
        )
        self.enrol(session, self.vera)
        self.couple(self.case, self.vera)
        talk = self.plan()
        self.assertIn("training at this time: Vera", talk.warning)
        talk.start = NEXT_YEAR + timedelta(hours=2)
        self.assertFalse(talk.warning)

    def test_a_cancelled_training_or_enrolment_is_in_nobodys_way(self):
        session = self.make_session(half_days=1)
        session.event_ids.write({"start": NEXT_YEAR, "stop": NEXT_YEAR + timedelta(hours=2)})
        enrolment = self.enrol(session, self.vera)
        self.couple(self.case, self.vera)
        talk = self.plan()
        self.assertIn("Vera", talk.warning)
        enrolment.state = "cancelled"
        talk.invalidate_recordset()
        self.assertNotIn("Vera", talk.warning or "")
        enrolment.state = "enrolled"
        session.action_cancel()
        talk.invalidate_recordset()
        self.assertFalse(talk.warning)

    def test_a_talk_during_an_absence_warns_and_is_planned(self):
        day = NEXT_YEAR.date()
        self.be_away(day - timedelta(3), day)
        self.couple(self.case, self.vera)
        self.assertIn("away on this day: Vera", self.plan().warning)
        self.assertFalse(self.plan(start=NEXT_YEAR + timedelta(1)).warning)
        intake = self.plan(kind="intake").warning or ""
        self.assertNotIn("Vera", intake, "the coordinator does the intake")

    # ------------------------------------------------------------
    # WHAT A VOLUNTEER CHOOSES TO STATE
    # ------------------------------------------------------------

    def test_affinities_and_gender_are_kept_with_consent_only(self):
        form = Form(self.vera.with_user(self.coordinator))
        form.gender = "woman"
        form.affinity_ids.add(self.code("affinity", "DIEREN"))
        vera = self.vera.with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "only when the volunteer agrees"):
            vera.web_save({"gender": "woman"}, {})
        vera.web_save({"gender": "woman", "offer_consent_date": "2026-03-01"}, {})
        with self.assertRaisesRegex(UserError, "only when the volunteer agrees"):
            vera.web_save({"offer_consent_date": False}, {})
        vera.web_save({"offer_consent_date": False, "gender": False}, {})
        self.assertFalse(vera.gender)

    def test_origin_belief_and_health_are_nowhere(self):
        lists = ("affinity", "daypart", "pairing.criterion")
        texts = [
            text.lower()
            for name in lists
            for entry in self.env[f"buurtbemiddeling.{name}"].search([])
            for text in (entry.code, entry.name)
        ]
        fields = self.env["buurtbemiddeling.volunteer"]._fields
        texts += [name for name in fields if fields[name].store]
        for word in SENSITIVE:
            found = [text for text in texts if word in text]
            self.assertFalse(found, f"{word}: not asked of a volunteer")
