from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.pairing import Candidate
from .common_couple import CoupleCase

NATIONAL_POOL = 3300
MOST_QUERIES = 10


@tagged("post_install", "-at_install")
class TestCouplePool(CoupleCase):
    """Proposals from a large pool: few queries, and the facts of each volunteer."""

    def test_proposing_takes_ten_queries_however_many_volunteers(self):
        corporation = self.make_referral_partner()
        self.case.referral_partner_id = corporation
        self.case.party_ids[0].write(
            {"landlord_id": corporation.partner_id.id, "language_id": self.language("tr").id}
        )
        case = self.case.with_user(self.coordinator)

        def propose():
            return case._propose_pairs(10)

        few = self.count_queries(propose)
        self.assertLessEqual(few, MOST_QUERIES)
        self.add_pool(60)
        self.env["buurtbemiddeling.volunteer.declaration"].create(
            {
                "volunteer_id": self.vera.id,
                "kind": "organisation",
                "partner_id": corporation.partner_id.id,
            }
        )
        self.assertEqual(self.count_queries(propose), few)

    def test_facts_of_pairs_are_those_of_the_volunteers_one_by_one(self):
        self.add_pool(12)
        paused = self.make_mediator("Pauze", pause_until=date.today())
        away = self.make_mediator("Weg", gender="woman")
        away.absence_ids.create({"volunteer_id": away.id, "date_from": date.today()})
        self.make_volunteer("Onge Tekend", ready=False)
        lapsed = self.make_mediator("Verlopen")
        lapsed.document_ids.valid_until = date.today() - timedelta(1)
        self.couple(self.make_case(), away, "ended", date_end=date(2026, 4, 1))
        self.couple(self.make_case(), away)
        self.couple(self.case, paused, "declined")
        facts = self.get_facts()
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator)
        volunteers = volunteers.search(
            [("company_id", "=", self.company.id), ("stage_id.is_active", "=", True)]
        )
        self.assertEqual(list(facts), volunteers.ids)
        today = date.today()
        resting = volunteers._get_away(today, today)
        self.assertEqual(set(resting), {paused.id, away.id})
        for one in volunteers:
            with self.subTest(volunteer=one.name):
                candidate = self.get_candidate(one, one.id in resting, facts[one.id].conflict)
                self.assertEqual(facts[one.id], candidate)
        self.assertEqual(
            volunteers.filtered("may_get_cases"),
            volunteers.search([("id", "in", volunteers.ids), ("may_get_cases", "=", True)]),
        )
        self.assertFalse(facts[lapsed.id].ready)

    def test_a_language_that_is_no_longer_in_use_is_no_fact_of_a_volunteer(self):
        archived = self.env["buurtbemiddeling.language"].search([], limit=2)[1]
        self.add_pool(12)
        self.assertIn(archived.id, self.get_languages())
        archived.active = False
        self.assertNotIn(archived.id, self.get_languages())

    def get_languages(self):
        """Return the languages of the whole pool, as the proposal sees them."""
        return set().union(*(one.languages for one in self.get_facts().values()))

    def get_facts(self):
        """Return ``{volunteer: what the proposal knows}``, read anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        case = self.case.with_user(self.coordinator)
        return {candidate.key: candidate for candidate in case._get_candidates()[0]}

    def get_candidate(self, one, resting, conflict):
        """Return what the proposal should know of a volunteer, from the volunteer's own fields."""
        worked = one.assignment_ids.filtered(lambda row: row.state in ("accepted", "ended"))
        started = max(worked.mapped("date_start"), default=None)
        return Candidate(
            key=one.id,
            on_case=self.case in one.assignment_ids.case_id,
            ready=one.may_get_cases,
            resting=resting,
            running=one.active_case_count,
            max_cases=one.max_cases,
            conflict=conflict,
            experienced=one.is_experienced,
            gender=one.gender or "",
            languages=frozenset(one.language_ids.ids),
            competences=frozenset(one.competence_ids.ids),
            dayparts=frozenset(one.daypart_ids.ids),
            affinities=frozenset(one.affinity_ids.ids),
            cases_last_year=len(worked.case_id),
            last_case_day=started.toordinal() if started else 0,
        )

    def test_a_contact_that_a_rule_hides_is_not_taken_for_independent(self):
        self.vera.partner_id.company_id = False
        self.vera.partner_id.flush_recordset()
        self.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [self.other_company.id, self.vera.partner_id.id],
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.case.with_user(self.coordinator)._get_candidates()

    def test_ranking_the_whole_country_takes_as_many_queries_as_ranking_thirty(self):
        self.add_pool(30)
        case = self.case.with_user(self.coordinator)
        few = self.count_queries(case._get_candidates)
        wizard_few = self.count_queries(case.action_couple)
        self.add_pool(NATIONAL_POOL)
        self.assertLessEqual(self.count_queries(case._get_candidates), few)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(wizard_few + 2):
            wizard = self.open()
            self.env.flush_all()
        self.assertEqual(len(wizard.pair_ids), 10)

    def test_what_pairs_have_in_common_is_read_once_however_much_that_differs(self):
        self.add_pool(20)
        volunteers = self.env["buurtbemiddeling.volunteer"].search(
            [("company_id", "=", self.company.id), ("name", "=like", "Volunteer %")]
        )
        volunteers.write({"daypart_ids": [Command.clear()], "language_ids": [Command.clear()]})
        case = self.case.with_user(self.coordinator)
        few = self.count_queries(case.action_couple)
        dayparts = self.env["buurtbemiddeling.daypart"].search([])
        languages = self.env["buurtbemiddeling.language"].search([])
        for index, volunteer in enumerate(volunteers):
            volunteer.daypart_ids = dayparts[index // 2 % len(dayparts)]
            volunteer.language_ids = languages[index // 2 % len(languages)]
        wizard = self.open()
        self.assertGreater(len(set(wizard.pair_ids.mapped("reasons"))), 4)
        self.assertLessEqual(self.count_queries(case.action_couple), few + 2)
