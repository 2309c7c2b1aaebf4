from datetime import date

from odoo.tests import freeze_time, tagged

from .common_covenant import CovenantCase
from .test_covenant import TODAY


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestReferralPace(CovenantCase):
    """Partners that stopped referring, and agreements that run out, show up by themselves."""

    def refer(self, *days, partner=None):
        for day in days:
            self.make_case(registration_date=day, referral_partner_id=(partner or self.wbv).id)
        self.env.invalidate_all()

    def found(self, code, user=None, **context):
        """Return what opens when the card on My day is clicked, checked against its number."""
        kind = self.code("attention", code).with_user(user or self.coordinator)
        kind = kind.with_context(allowed_company_ids=self.company.ids, **context)
        kind.invalidate_recordset()
        action = kind.action_open()
        records = kind.env[action["res_model"]].search(action["domain"])
        self.assertEqual(kind.record_count, len(records))
        return records

    def test_who_referred_four_times_in_a_year_and_then_nobody_for_six_months_has_stopped(self):
        self.refer(date(2024, 12, 1), date(2025, 1, 10), date(2025, 5, 1), date(2025, 9, 15))
        self.assertRecordValues(
            self.wbv, [{"last_referral_date": date(2025, 9, 15), "referral_pace": 4}]
        )
        self.assertEqual(self.found("REFERRAL_STOPPED"), self.wbv)
        self.assertIn("Stopped referring", self.wbv.attention_ids.mapped("name"))
        self.refer(date(2026, 3, 15))
        self.assertFalse(self.found("REFERRAL_STOPPED"), "never stale")

    def test_who_refers_seldom_has_not_stopped(self):
        self.refer(date(2024, 9, 15), date(2025, 1, 10), date(2025, 5, 1), date(2025, 9, 15))
        self.assertEqual(self.wbv.referral_pace, 3, "a year and a day ago counts no more")
        self.assertFalse(self.found("REFERRAL_STOPPED"))

    def test_who_referred_six_months_ago_has_not_stopped(self):
        self.refer(date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1), date(2025, 9, 16))
        self.assertFalse(self.found("REFERRAL_STOPPED"))

    def test_both_numbers_are_changed_in_one_place(self):
        self.refer(date(2025, 12, 1))
        kind = self.code("attention", "REFERRAL_STOPPED").with_user(self.manager)
        kind.domain = '[("referral_pace", ">=", 1), ("last_referral_date", "<", "today -2m")]'
        self.assertEqual(self.found("REFERRAL_STOPPED"), self.wbv)

    def test_new_partner_with_an_agreement_that_never_referred(self):
        self.assertFalse(self.found("REFERRAL_NEVER"), "no agreement yet")
        covenant = self.make_covenant(date_start=date(2025, 12, 15), signed=date(2025, 12, 15))
        self.assertEqual(self.found("REFERRAL_NEVER"), self.wbv)
        covenant.date_start = date(2025, 12, 20)
        self.assertFalse(self.found("REFERRAL_NEVER"), "it has just begun")
        self.wbv.agreement_date = date(2025, 1, 1)
        self.assertEqual(self.found("REFERRAL_NEVER"), self.wbv, "noted without an agreement")
        self.refer(date(2026, 3, 1))
        self.assertFalse(self.found("REFERRAL_NEVER"))

    def test_archived_partner_is_left_alone(self):
        self.wbv.write({"agreement_date": date(2025, 1, 1), "active": False})
        self.assertFalse(self.found("REFERRAL_NEVER"))

    def test_partner_of_a_colleague_is_on_the_day_of_that_colleague(self):
        self.wbv.write({"agreement_date": date(2025, 1, 1), "user_id": self.manager.id})
        self.assertFalse(self.found("REFERRAL_NEVER"))
        self.assertEqual(self.found("REFERRAL_NEVER", self.manager), self.wbv)
        self.assertEqual(self.found("REFERRAL_NEVER", attention_scope="everyone"), self.wbv)

    def test_cases_of_others_are_not_counted(self):
        other = self.make_referral_partner()
        self.refer(date(2026, 3, 1), partner=other)
        self.assertRecordValues(
            self.wbv | other,
            [
                {"last_referral_date": False, "referral_pace": 0},
                {"last_referral_date": date(2026, 3, 1), "referral_pace": 1},
            ],
        )

    def test_pace_is_searched_for_by_every_operator(self):
        self.refer(date(2026, 3, 1), date(2026, 3, 2))
        for domain, found in (
            ([("referral_pace", "=", 2)], True),
            ([("referral_pace", "<", 2)], False),
            ([("last_referral_date", "!=", False)], True),
            ([("last_referral_date", "=", False)], False),
            ([("last_referral_date", ">", "2026-03-01")], True),
            (["!", ("last_referral_date", ">", "2026-03-01")], False),
        ):
            with self.subTest(domain=domain):
                records = self.wbv.search([("id", "=", self.wbv.id), *domain])
                self.assertEqual(bool(records), found)

    def test_talk_is_planned_with_what_there_is_to_talk_about(self):
        self.refer(date(2025, 9, 1))
        action = self.wbv.with_user(self.coordinator).action_plan_talk()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_schedule_activities()
        [todo] = self.wbv.activity_ids
        self.assertEqual(todo.summary, "Talk with WBV about referring")
        self.assertIn("09/01/2025", todo.note)
        self.assertEqual(todo.user_id, self.coordinator)

    def test_list_of_partners_costs_the_same_with_more_cases_and_agreements(self):
        partners = self.wbv.with_user(self.coordinator)
        names = {
            name: {}
            for name in ("last_referral_date", "referral_pace", "next_review_date", "attention_ids")
        }

        def show():
            partners.web_search_read([], names)

        self.refer(date(2026, 3, 1))
        self.make_covenant()
        few = self.count_queries(show)
        more = self.make_referral_partner()
        self.refer(*[date(2026, 2, day) for day in range(1, 9)], partner=more)
        self.make_covenant(more.partner_id)
        self.assertEqual(self.count_queries(show), few)

    # ------------------------------------------------------------
    # AGREEMENTS
    # ------------------------------------------------------------

    def test_what_expires_and_is_to_be_reviewed_is_on_my_day(self):
        fine = self.make_covenant(date_end=date(2027, 1, 1), review_date=date(2026, 3, 17))
        ends = self.make_covenant(self.police, date_end=date(2026, 5, 1))
        ended = self.make_covenant(kind="data", date_end=date(2026, 3, 1))
        review = self.make_covenant(kind="covenant", review_date=TODAY)
        unsigned = self.make_covenant(signed=False, date_start=TODAY)
        later = self.make_covenant(signed=False, date_start=date(2026, 3, 17))
        every = fine | ends | ended | review | unsigned | later
        for code, expected in (
            ("COVENANT_EXPIRES", ended | ends),
            ("COVENANT_REVIEW", review),
            ("COVENANT_UNSIGNED", unsigned),
        ):
            with self.subTest(code=code):
                self.assertEqual(self.found(code) & every, expected)
                tagged_with = every.filtered(
                    lambda it, code=code: code in it.attention_ids.mapped("code")
                )
                self.assertEqual(tagged_with, expected)
        ends.browse(ends.action_renew()["res_id"]).action_sign()
        self.assertNotIn(ends, self.found("COVENANT_EXPIRES"), "it goes on")

    def test_monday_digest_names_partners_and_agreements(self):
        self.make_covenant(date_end=date(2026, 5, 1))
        self.wbv.write({"agreement_date": date(2025, 1, 1), "user_id": self.coordinator.id})
        digest = self.env["buurtbemiddeling.digest"].with_user(self.coordinator)
        sections = digest.with_context(allowed_company_ids=self.company.ids)._get_sections()
        body = digest._render(sections)
        for text in (
            "Together",
            "WBV",
            "buurtbemiddeling-agreements",
            "buurtbemiddeling-referrers",
        ):
            self.assertIn(text, body)
