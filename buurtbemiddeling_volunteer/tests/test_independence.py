from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestIndependence(VolunteerCommon):
    """A mediator is independent of both neighbours: asked before anyone is invited."""

    def setUp(self):
        super().setUp()
        self.area = self.env["buurtbemiddeling.area"].search(
            [("kind", "=", "municipality")], limit=1
        )
        self.case = self.make_quarrel(
            reporter_zip="1234 AB",
            reporter_city="Dorp",
            neighbour_zip="1234 AB",
            neighbour_city="Dorp",
        )
        self.anna, self.bert = self.case.party_ids.sorted("side").partner_id
        self.vera = self.make_volunteer("Vera")

    def kinds(self, volunteer=None, case=None):
        rows = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator)
        found = rows._get_conflicts(case or self.case, volunteer or self.vera)
        return [conflict.kind for conflict in found]

    def live_at(self, street, postcode=False, city=False):
        self.vera.partner_id.write({"street": street, "zip": postcode, "city": city})

    def assertRefused(self, sentence, volunteer=None, **values):
        """The invitation is refused in a sentence, and nothing is left of it."""
        with (
            self.assertRaisesRegex((UserError, ValidationError), sentence),
            self.cr.savepoint(),
        ):
            self.couple(self.case, volunteer or self.vera, "invited", **values)
        self.env.invalidate_all()

    def declare(self, volunteer=None, **values):
        return (
            self.env["buurtbemiddeling.volunteer.declaration"]
            .with_user(self.coordinator)
            .create({"volunteer_id": (volunteer or self.vera).id, **values})
        )

    # ------------------------------------------------------------
    # CONTACTS
    # ------------------------------------------------------------

    def test_a_stranger_from_elsewhere_is_independent(self):
        self.live_at("Kade 4", "5678 CD", "Stad")
        self.assertEqual(self.kinds(), [])
        self.couple(self.case, self.vera, "invited")

    def test_a_party_is_always_refused(self):
        self.vera.partner_id = self.anna
        self.assertEqual(self.kinds(), ["party"])
        self.assertRefused("neighbours|parties", independence_reason="Says he can be neutral")

    def test_a_relative_of_a_party_is_refused_in_a_sentence(self):
        for name, link in (
            ("child", lambda: self.vera.partner_id.write({"parent_id": self.anna.id})),
            ("parent", lambda: self.anna.write({"parent_id": self.vera.partner_id.id})),
        ):
            with self.subTest(name), self.cr.savepoint() as savepoint:
                link()
                self.assertEqual(self.kinds()[:1], ["family"])
                self.assertRefused("family of a party")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_two_who_are_kept_under_one_person_are_family_and_under_one_company_are_not(self):
        for is_company, expected in ((False, ["family"]), (True, [])):
            head = self.env["res.partner"].create({"name": "Head", "is_company": is_company})
            # contacts of this type keep an address of their own
            (self.anna | self.vera.partner_id).write({"parent_id": head.id, "type": "other"})
            with self.subTest(is_company=is_company):
                self.assertEqual(self.kinds(), expected)

    def test_the_same_phone_or_mail_is_the_same_household(self):
        self.vera.partner_id.email = "ANNA@example.com"
        self.assertEqual(self.kinds(), ["household"])

    def test_who_works_for_the_landlord_or_the_referrer_is_not_independent(self):
        referrer = self.make_referral_partner()
        self.vera.partner_id.parent_id = referrer.partner_id
        self.assertEqual(self.kinds(), [])
        self.case.party_ids[0].landlord_id = referrer.partner_id
        self.assertEqual(self.kinds(), ["organisation"])
        self.case.party_ids[0].landlord_id = False
        self.case.referral_partner_id = referrer
        self.assertEqual(self.kinds(), ["organisation"])

    # ------------------------------------------------------------
    # PLACES
    # ------------------------------------------------------------

    def test_front_door_street_and_postcode_however_they_were_typed(self):
        for street, postcode, city, expected in (
            ("dorpsstr. 3", False, "DORP", ["household"]),
            ("Dorpsstraat 3", "1234ab", False, ["household"]),
            ("Dorpsstr. 30", False, "Dorp", ["street"]),
            ("Dorpsstraat 30", "1234 ZZ", False, ["street"]),
            ("Dorpsstraat 30", False, False, ["street"]),
            ("Achterom 5", "1234 ab", "Dorp", ["postcode"]),
            ("Dorpsstraat 3", False, "Elders", []),
            ("Dorpsstraat 3", "9876 AB", False, []),
            ("Achterom 5", "1234 AC", "Dorp", []),
            (False, False, "Dorp", []),
        ):
            with self.subTest(street=street, postcode=postcode, city=city):
                self.live_at(street, postcode, city)
                self.assertEqual(self.kinds(), expected)

    def test_a_party_of_whom_only_the_address_is_known_counts(self):
        case = self.make_case(neighbour_street="Kade 8", neighbour_city="Stad")
        self.assertFalse(case.party_ids.partner_id)
        self.live_at("Kade 40", False, "Stad")
        self.assertEqual(self.kinds(case=case), ["street"])

    def test_neighbourhood_of_the_case_and_not_the_whole_municipality(self):
        self.case.area_id = self.vera.area_id = self.area
        self.assertEqual(self.kinds(), [])
        wijk = self.env["buurtbemiddeling.area"].create(
            {"name": "Weide", "code": "BU_TEST", "parent_id": self.area.id}
        )
        self.case.area_id = self.vera.area_id = wijk
        self.assertEqual(self.kinds(), ["neighbourhood"])
        self.assertRefused("lives in the neighbourhood")

    # ------------------------------------------------------------
    # EARLIER CASES
    # ------------------------------------------------------------

    def test_who_met_a_party_in_an_earlier_case_is_not_independent(self):
        earlier = self.make_case()
        earlier.party_ids.create({"case_id": earlier.id, "side": "b", "partner_id": self.anna.id})
        row = self.couple(earlier, self.vera, "declined")
        self.assertEqual(self.kinds(), [])
        row.state = "accepted"
        self.assertEqual(self.kinds(), ["met"])
        self.assertRefused("met a party in an earlier case")

    def test_an_earlier_case_at_the_same_door_counts_after_the_address_was_wiped(self):
        earlier = self.make_case(neighbour_street="Dorpsstr. 3", neighbour_zip="1234AB")
        self.couple(earlier, self.vera, "ended")
        earlier.party_ids.flush_recordset()
        self.cr.execute(
            "UPDATE buurtbemiddeling_case_party SET street = NULL, zip = NULL WHERE case_id = %s",
            [earlier.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.kinds(), ["met"])

    def test_earlier_work_in_this_very_case_is_no_tie(self):
        self.couple(self.case, self.vera, "ended", date_end=date(2026, 4, 1))
        self.assertEqual(self.kinds(), [])
        self.couple(self.case, self.vera, "invited")

    # ------------------------------------------------------------
    # DECLARATIONS
    # ------------------------------------------------------------

    def test_who_said_no_for_knowing_a_party_is_not_asked_again_without_a_reason(self):
        reason = self.code("assignment.reason", "KENT_PARTIJ")
        row = self.couple(self.case, self.vera, "invited")
        row._decline(reason)
        self.assertEqual(self.kinds(), ["declared_case"])
        with self.assertRaisesRegex(UserError, "declared to know a party"):
            row.action_invite_again()
        elsewhere = self.make_quarrel(reporter_name="Cas", neighbour_name="Dora")
        self.assertNotIn("declared_case", self.kinds(case=elsewhere))

    def test_own_declarations_are_looked_at(self):
        corporation = self.env["res.partner"].create({"name": "WBV", "is_company": True})
        self.case.party_ids[0].landlord_id = corporation
        for values in (
            {"kind": "person", "partner_id": self.anna.id},
            {"kind": "person", "name": "A. Melder", "city": "Dorp"},
            {"kind": "family", "name": "Bert Buur", "street": "Dorpsstraat"},
            {"kind": "street", "street": "dorpsstr.", "city": "dorp"},
            {"kind": "organisation", "partner_id": corporation.id},
            {"kind": "case", "case_id": self.case.id},
        ):
            with self.subTest(**values):
                declaration = self.declare(**values)
                self.assertEqual(self.kinds(), [f"declared_{values['kind']}"])
                self.assertRefused("Vera declared")
                declaration.unlink()
        self.assertEqual(self.kinds(), [])

    def test_declarations_about_others_stop_nobody(self):
        self.declare(kind="person", name="Piet Ander", city="Dorp")
        self.declare(kind="person", name="Anna Melder", city="Elders")
        self.declare(kind="street", street="Kade")
        self.declare(kind="case", case_id=self.make_case().id)
        self.declare(self.make_volunteer("Wim"), kind="case", case_id=self.case.id)
        self.assertEqual(self.kinds(), [])

    def test_a_declaration_that_identifies_nobody_is_refused(self):
        for values, sentence in (
            ({"kind": "person"}, "identifies nobody"),
            ({"kind": "person", "name": "Jan"}, "identifies nobody"),
            ({"kind": "family", "city": "Dorp"}, "identifies nobody"),
            ({"kind": "street", "city": "Dorp"}, "which street"),
            ({"kind": "organisation", "name": "WBV"}, "Choose the organisation"),
            ({"kind": "case"}, "Choose the case"),
        ):
            with self.subTest(**values), self.assertRaisesRegex(ValidationError, sentence):
                self.declare(**values)

    def test_a_declaration_names_nobody_in_passing(self):
        declaration = self.declare(kind="person", partner_id=self.anna.id)
        self.assertNotIn("Anna", declaration.display_name)
        self.assertFalse(
            self.vera.message_ids.filtered(lambda message: "Anna" in (message.body or ""))
        )

    # ------------------------------------------------------------
    # NO PATH SKIPS IT, AND IT CAN BE JUDGED
    # ------------------------------------------------------------

    def test_a_tie_is_no_objection_when_the_coordinator_says_why(self):
        self.live_at("Dorpsstraat 30", False, "Dorp")
        self.assertRefused("same street")
        row = self.couple(self.case, self.vera, "invited", independence_reason="Lives far off")
        self.assertEqual(row.independence_user_id, self.coordinator)
        self.assertTrue(row.independence_date)
        row.state = "accepted"

    def test_another_tie_asks_for_another_reason(self):
        self.live_at("Dorpsstraat 30", False, "Dorp")
        row = self.couple(self.case, self.vera, "invited", independence_reason="Lives far off")
        self.declare(kind="case", case_id=self.case.id)
        with self.assertRaisesRegex(UserError, "declared to know a party"):
            row.state = "accepted"
        self.assertIn("declared to know a party", self.case.independence_warning)
        self.assertNotIn("street", self.case.independence_warning)
        row.write({"independence_reason": "Has met once in a shop", "state": "accepted"})
        self.case.invalidate_recordset()
        self.assertFalse(self.case.independence_warning)

    def test_every_way_to_a_live_assignment_is_checked(self):
        self.live_at("Dorpsstraat 30", False, "Dorp")
        wim = self.make_volunteer("Wim")
        declined = self.couple(self.case, self.vera, "declined")
        other = self.couple(self.make_case(), self.vera, "invited")
        invited = self.couple(self.case, wim, "invited")
        for action in (
            lambda: declined.write({"state": "invited"}),
            lambda: declined.write({"state": "accepted"}),
            lambda: other.write({"case_id": self.case.id}),
            lambda: invited.write({"volunteer_id": self.vera.id}),
            lambda: self.case.write(
                {"assignment_ids": [(0, 0, {"volunteer_id": self.vera.id, "state": "accepted"})]}
            ),
            lambda: declined._invite(self.case, self.vera),
        ):
            with self.assertRaisesRegex(UserError, "same street"), self.cr.savepoint():
                action()
            self.env.invalidate_all()

    def test_taking_the_reason_away_asks_again(self):
        self.live_at("Dorpsstraat 30", False, "Dorp")
        row = self.couple(self.case, self.vera, "invited", independence_reason="Lives far off")
        with self.assertRaisesRegex(UserError, "same street"):
            row.independence_reason = False

    def test_history_imports_and_closed_cases_are_free(self):
        self.live_at("Dorpsstraat 30", False, "Dorp")
        self.couple(self.case, self.vera, "ended", date_end=date(2026, 4, 1))
        rows = self.env["buurtbemiddeling.assignment"].with_context(import_file=True)
        rows.create({"case_id": self.case.id, "volunteer_id": self.vera.id, "state": "accepted"})

    def test_a_party_who_becomes_known_later_gives_a_warning_on_the_case(self):
        case = self.make_case()
        self.couple(case, self.vera)
        self.assertFalse(case.independence_warning)
        case.party_ids.create({"case_id": case.id, "street": "Kade 8", "city": "Stad"})
        self.live_at("Kade 9", False, "Stad")
        case.invalidate_recordset()
        self.assertIn("same street", case.independence_warning)

    def test_the_sentence_names_the_kind_of_tie_and_no_neighbour(self):
        self.live_at("Dorpsstraat 3", "1234 AB", "Dorp")
        self.declare(kind="person", partner_id=self.anna.id)
        with self.assertRaises(UserError) as error:
            self.couple(self.case, self.vera, "invited")
        for name in ("Anna", "Bert", "Dorpsstraat", "1234"):
            self.assertNotIn(name, str(error.exception))

    def test_the_same_person_twice_in_a_duo_is_refused(self):
        rows = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "two different people"):
            rows._invite(self.case, self.vera + self.vera)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.couple(self.case, self.vera, "invited")
            self.couple(self.case, self.vera, "invited")
            self.env.flush_all()

    def test_coupling_by_hand_on_the_case_is_checked(self):
        self.live_at("Dorpsstraat 30", False, "Dorp")
        form = Form(self.case.with_user(self.coordinator))
        with form.assignment_ids.new() as row:
            row.volunteer_id = self.vera
        with self.assertRaisesRegex(UserError, "same street"):
            form.save()

    def test_a_batch_of_invitations_costs_a_fixed_number_of_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"V {n}", "street": f"Kade {n}"} for n in range(40)]
        )
        stage = self.code("volunteer.stage", "active")
        pool = self.env["buurtbemiddeling.volunteer"].create(
            [
                {"partner_id": p.id, "company_id": self.company.id, "stage_id": stage.id}
                for p in partners
            ]
        )
        cases = self.env["buurtbemiddeling.case"].create(
            [{"registration_date": date(2026, 3, 2), "company_id": self.company.id}] * 40
        )
        cases.party_ids.create([{"case_id": c.id, "street": f"Weg {c.id}"} for c in cases])
        rows = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator)

        def find(count):
            pairs = dict(zip(cases[:count], pool[:count], strict=True))
            rows._find_conflicts(pairs)

        few = self.count_queries(lambda: find(4))
        self.assertLessEqual(self.count_queries(lambda: find(40)), few)

    def test_who_judged_is_noted_and_never_typed(self):
        self.live_at("Dorpsstraat 9", city="Dorp")
        row = self.couple(self.case, self.vera, independence_reason="Knows nobody there")
        self.assertEqual(row.independence_user_id, self.coordinator)
        for values in (
            {"independence_user_id": self.manager.id},
            {"independence_date": "2020-01-01 00:00:00"},
            {"independence_kinds": "household,met"},
        ):
            with self.assertRaisesRegex(UserError, "noted by itself"):
                row.write(values)

    def test_an_empty_reason_is_no_reason(self):
        self.live_at("Dorpsstraat 9", city="Dorp")
        self.assertRefused("street", independence_reason="   ")
