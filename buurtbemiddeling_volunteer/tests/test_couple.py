from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_couple import CoupleCase

NEXT_YEAR = datetime.now().replace(hour=18, minute=30, second=0, microsecond=0) + timedelta(365)


@tagged("post_install", "-at_install")
class TestCouple(CoupleCase):
    """From the case: proposed pairs, ranked, with the reasons in plain words."""

    # ------------------------------------------------------------
    # WHO IS PROPOSED
    # ------------------------------------------------------------

    def test_pairs_are_proposed_and_one_is_invited(self):
        wizard = self.open()
        self.assertEqual(len(wizard.pair_ids), 3)
        self.assertIn(self.nel, self.pairs(wizard)[0], "one experienced, one new")
        pair = wizard.pair_ids[0]
        pair.action_invite()
        rows = self.case.assignment_ids
        self.assertEqual(rows.volunteer_id, pair.first_id | pair.second_id)
        self.assertEqual(set(rows.mapped("state")), {"invited"})

    def test_the_reasons_are_in_plain_words(self):
        self.case.party_ids[0].language_id = self.language("tr")
        self.vera.language_ids = self.language("tr")
        self.case.intervention_id = self.code("intervention", "GROEP")
        self.nel.competence_ids = self.code("competence", "GROEP")
        monday = self.code("daypart", "mon_evening")
        self.case.daypart_ids = self.vera.daypart_ids = monday
        reasons = self.open().pair_ids[0].reasons
        for sentence in (
            "Speaks Turkish: Vera.",
            "Trained in Group mediation: Nel.",
            "Vera is experienced and can take along Nel.",
            "Can on: Monday evening.",
            "Cases in the last year: ",
            "no tie found",
        ):
            self.assertIn(sentence, reasons)

    def test_no_one_is_proposed_who_can_not_get_a_case(self):
        unsigned = self.make_volunteer("Onge Tekend", ready=False)
        resting = self.make_mediator("Rust", pause_until=date.today() + timedelta(9))
        away = self.make_mediator("Weg")
        away.absence_ids.create({"volunteer_id": away.id, "date_from": date.today()})
        full = self.make_mediator("Vol", max_cases=0)
        paused = self.make_mediator("Pauze", "pause")
        near = self.make_mediator("Buur")
        near.partner_id.write({"street": "Dorpsstraat 30", "city": "Dorp"})
        wizard = self.open()
        proposed = wizard.pair_ids.first_id | wizard.pair_ids.second_id
        self.assertEqual(proposed, self.vera | self.wim | self.nel)
        for volunteer in (unsigned, resting, away, full, paused, near):
            self.assertNotIn(volunteer, proposed)
        for text in ("requirement: 1", "away: 2", "room for a case: 1", "independent: 1"):
            self.assertIn(text, wizard.refused)

    def test_volunteers_of_another_organisation_are_not_proposed(self):
        self.make_mediator("Eigen")
        partner = self.env["res.partner"].create({"name": "Elders"})
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": partner.id,
                "company_id": self.other_company.id,
                "stage_id": self.code("volunteer.stage", "active").id,
            }
        )
        self.assertNotIn(elsewhere, self.env["buurtbemiddeling.volunteer"]._get_pool(self.case))

    def test_two_who_are_new_are_proposed_only_when_the_coordinator_lifts_it(self):
        pim = self.make_mediator("Pim", "first_cases")
        wizard = self.open()
        self.assertNotIn(self.nel | pim, self.pairs(wizard))
        self.assertIn("removes 1 pairs", wizard.mix_effect)
        wizard.use_mix = False
        self.assertIn(self.nel | pim, self.pairs(wizard))
        pair = wizard.pair_ids.filtered(lambda p: p.first_id | p.second_id == self.nel | pim)
        self.assertIn("Both are new", pair.warnings)

    # ------------------------------------------------------------
    # FILTERS
    # ------------------------------------------------------------

    def test_a_filter_says_what_it_removes_and_can_be_lifted_and_the_wish_stays_known(self):
        self.case.party_ids[0].language_id = self.language("pl")
        wizard = self.open()
        self.assertFalse(wizard.pair_ids)
        self.assertIn("Lift a filter", wizard.summary)
        self.assertEqual(wizard.language_effect, "Polish: removes 3 pairs")
        with Form(wizard) as form:
            form.use_language = False
        self.assertEqual(len(wizard.pair_ids), 3)
        self.assertEqual(wizard.language_effect, "Polish: would remove 3 pairs")
        self.assertIn("Not every language", wizard.pair_ids[0].warnings)
        wizard.pair_ids[0].action_invite()
        unmet = self.case.assignment_ids.unmet_criterion_ids
        self.assertEqual(unmet.mapped("code"), ["language"])

    def test_dutch_is_what_every_mediator_speaks(self):
        self.case.party_ids.language_id = self.language("nl")
        wizard = self.open()
        self.assertEqual(len(wizard.pair_ids), 3)
        self.assertFalse(wizard.language_effect)

    def test_what_the_case_asks_for_follows_from_lists_that_can_be_changed(self):
        self.assertFalse(self.case._get_wish().competences)
        self.case.intervention_id = self.code("intervention", "PENDEL")
        self.case.complexity_ids = self.code("complexity", "PSYCHISCH")
        self.assertEqual(
            self.case._get_wish().competences,
            {self.code("competence", code).id for code in ("PENDEL", "PSYCHIATRIE")},
        )
        self.code("competence", "JONGEREN").nuisance_type_ids = self.code(
            "nuisance.type", "KINDEREN"
        )
        self.case.nuisance_type_ids = self.code("nuisance.type", "KINDEREN")
        self.assertIn(self.code("competence", "JONGEREN").id, self.case._get_wish().competences)

    def test_a_mixed_pair_where_wished(self):
        self.vera.gender, self.wim.gender = "woman", "man"
        self.assertFalse(self.open().gender_effect)
        self.case.wants_mixed_pair = True
        wizard = self.open()
        self.assertEqual(self.pairs(wizard), [self.vera | self.wim])
        self.assertIn("A mixed pair", wizard.pair_ids.reasons)

    def test_an_affinity_that_helps(self):
        self.case.affinity_ids = self.wim.affinity_ids = self.code("affinity", "TUINEN")
        self.assertTrue(all(self.wim in pair for pair in self.pairs(self.open())))

    def test_dayparts_of_both_and_of_the_parties_overlap(self):
        monday, friday = self.code("daypart", "mon_evening"), self.code("daypart", "fri_morning")
        self.case.daypart_ids = self.vera.daypart_ids = monday
        self.wim.daypart_ids = friday
        self.assertEqual(self.pairs(self.open()), [self.vera | self.nel])

    def test_weights_are_data(self):
        self.couple(self.make_case(), self.vera, "ended", date_start=date.today())
        self.assertNotIn(self.vera, self.pairs(self.open())[0], "fair load")
        criteria = self.env["buurtbemiddeling.pairing.criterion"].search([])
        criteria.weight = 0
        self.vera.competence_ids = self.code("competence", "GROEP")
        self.case.intervention_id = self.code("intervention", "GROEP")
        self.code("pairing.criterion", "competence").weight = 1
        wizard = self.open()
        wizard.use_competence = False
        self.assertIn(self.vera, self.pairs(wizard)[0])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.code("pairing.criterion", "load").weight = -1
            self.env.flush_all()

    # ------------------------------------------------------------
    # TIES
    # ------------------------------------------------------------

    def test_who_is_not_independent_is_shown_apart_and_proposed_with_a_reason(self):
        self.vera.partner_id.write({"street": "Dorpsstraat 30", "city": "Dorp"})
        wizard = self.open()
        self.assertEqual(self.pairs(wizard), [self.nel | self.wim])
        line = wizard.conflict_ids
        self.assertEqual(line.volunteer_id, self.vera)
        self.assertIn("same street", line.conflict)
        wizard.write({"conflict_ids": [Command.update(line.id, {"reason": "Lives far off"})]})
        pair = wizard.pair_ids.filtered(lambda p: self.vera in p.first_id | p.second_id)[:1]
        self.assertIn("same street", pair.warnings)
        self.assertNotIn("no tie", pair.reasons)
        pair.action_invite()
        row = self.case.assignment_ids.filtered(lambda r: r.volunteer_id == self.vera)
        self.assertEqual(row.independence_reason, "Lives far off")
        self.assertEqual(row.independence_user_id, self.coordinator)

    def test_a_party_is_never_proposed_with_whatever_reason(self):
        self.vera.partner_id = self.case.party_ids.partner_id[0]
        wizard = self.open()
        self.assertFalse(wizard.conflict_ids)
        wizard.write(
            {
                "conflict_ids": [
                    Command.create({"volunteer_id": self.vera.id, "reason": "Is neutral"})
                ]
            }
        )
        self.assertNotIn(self.vera, wizard.pair_ids.first_id | wizard.pair_ids.second_id)

    # ------------------------------------------------------------
    # ONE IS THERE, SOMEONE DECLINED
    # ------------------------------------------------------------

    def test_a_second_is_proposed_for_the_one_who_is_there(self):
        self.couple(self.case, self.nel)
        wizard = self.open()
        self.assertEqual(wizard.present_id, self.nel)
        self.assertEqual(wizard.pair_ids.first_id, self.nel)
        self.assertEqual(wizard.pair_ids.second_id, self.vera | self.wim)
        wizard.pair_ids[0].action_invite()
        self.assertEqual(len(self.case.assignment_ids), 2)

    def test_a_substitute_is_not_the_one_who_declined(self):
        self.couple(self.case, self.nel)
        self.couple(self.case, self.vera, "declined")
        wizard = self.open()
        self.assertEqual(self.pairs(wizard), [self.nel | self.wim])
        self.assertIn("before: 1", wizard.refused)

    def test_a_case_with_two_mediators_or_a_closed_one_asks_for_none(self):
        self.couple(self.case, self.vera)
        self.couple(self.case, self.wim)
        with self.assertRaisesRegex(UserError, "has its mediators"):
            self.open()
        closed = self.make_case(close_date=date(2026, 4, 30))
        with self.assertRaisesRegex(UserError, "is closed"):
            self.open(closed)

    def test_two_proposals_in_a_row_do_not_couple_three(self):
        wizard, other = self.open(), self.open()
        wizard.pair_ids[0].action_invite()
        with self.assertRaisesRegex(UserError, "has its mediators"):
            other.pair_ids[0].action_invite()

    # ------------------------------------------------------------
    # WARNINGS
    # ------------------------------------------------------------

    def test_a_pair_warns_of_absences_and_double_bookings(self):
        self.env["buurtbemiddeling.meeting"].with_user(self.coordinator).create(
            {"case_id": self.case.id, "kind": "talk_a", "start": NEXT_YEAR}
        )
        other = self.make_case()
        self.couple(other, self.wim)
        self.env["buurtbemiddeling.meeting"].with_user(self.coordinator).create(
            {"case_id": other.id, "kind": "talk_a", "start": NEXT_YEAR}
        )
        self.vera.absence_ids.create({"volunteer_id": self.vera.id, "date_from": NEXT_YEAR.date()})
        wizard = self.open()
        both = wizard.pair_ids.filtered(lambda p: p.first_id | p.second_id == self.vera | self.wim)
        self.assertIn("Vera is away", both.warnings)
        self.assertIn("away on this day: Vera", both.warnings)
        self.assertIn("another talk at this time: Wim", both.warnings)

    def test_no_neighbour_is_named_in_a_proposal(self):
        self.vera.partner_id.write({"street": "Dorpsstraat 30", "city": "Dorp"})
        wizard = self.open()
        text = str(wizard.read()) + str(wizard.pair_ids.read()) + str(wizard.conflict_ids.read())
        for name in ("Anna", "Bert", "Dorpsstraat"):
            self.assertNotIn(name, text)

    def test_colleagues_outside_do_not_couple(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.colleague).action_couple()
