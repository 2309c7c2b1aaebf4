from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestIntake(CaseCommon):
    """A phone call becomes a case with two parties on one short form."""

    def parties(self, case):
        return {party.side: party for party in case.party_ids}

    def test_whole_call_on_one_form(self):
        animals = self.code("nuisance.type", "DIEREN")
        form = Form(self.env["buurtbemiddeling.case"].with_user(self.coordinator))
        form.reporter_name = "Anna Melder"
        form.reporter_phone = "0600000001"
        form.reporter_street = "Dorpsstraat 1"
        form.reporter_zip = "1234 AB"
        form.reporter_city = "Dorp"
        form.reporter_tenure = "owner"
        form.nuisance_type_ids.add(animals)
        form.reporter_story = "De hond blaft."
        form.talked_with_neighbour = "yes"
        form.neighbour_street = "Dorpsstraat 3"
        case = form.save()
        sides = self.parties(case)
        self.assertEqual(set(sides), {"a", "b"})
        self.assertRecordValues(
            sides["a"].partner_id,
            [
                {
                    "name": "Anna Melder",
                    "street": "Dorpsstraat 1",
                    "zip": "1234 AB",
                    "is_confidential": True,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(sides["a"].story, "De hond blaft.")
        self.assertEqual(sides["a"].tenure, "owner")
        self.assertFalse(sides["b"].partner_id, "of B only the address is known")
        self.assertEqual(sides["b"].street, "Dorpsstraat 3")
        self.assertEqual(case.main_nuisance_type_id, animals)
        self.assertEqual(case.stage_id.code, "new")

    def new_form(self):
        return Form(self.env["buurtbemiddeling.case"].with_user(self.coordinator))

    def test_a_new_form_is_of_a_resident_who_comes_by_himself(self):
        form = self.new_form()
        form.reporter_name = "Anna Melder"
        case = form.save()
        self.assertEqual(case.referrer_type_id.code, "ZELF")
        self.assertEqual(case.create_date.date(), date.today(), "when it was typed")

    def test_the_type_of_referrer_follows_from_who_referred(self):
        partner = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Wonen"}).id,
                "referrer_type_id": self.code("referrer.type", "CORPORATIE").id,
                "company_id": self.company.id,
            }
        )
        form = self.new_form()
        form.reporter_name = "Anna Melder"
        form.referral_partner_id = partner
        self.assertEqual(form.save().referrer_type_id.code, "CORPORATIE")

    def test_the_screen_asks_where_the_request_came_from_and_an_import_does_not(self):
        form = self.new_form()
        form.reporter_name = "Anna Melder"
        form.referrer_type_id = self.env["buurtbemiddeling.referrer.type"]
        with self.assertRaisesRegex(UserError, "Choose who referred"):
            form.save()
        self.assertFalse(self.make_case().referrer_type_id, "not recorded")

    def test_a_request_does_not_come_in_in_the_future(self):
        form = self.new_form()
        form.reporter_name = "Anna Melder"
        form.registration_date = date.today() + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "can not lie in the future"):
            form.save()
        form.registration_date = date.today()
        self.assertEqual(form.save().registration_date, date.today())

    def save(self, record, vals):
        return record.with_user(self.coordinator).web_save(vals, {"name": {}})

    def test_a_mistyped_year_is_asked_about_and_history_comes_in(self):
        cases = self.env["buurtbemiddeling.case"]
        zelf = self.code("referrer.type", "ZELF")
        with self.assertRaisesRegex(UserError, "Is the year right"):
            self.save(cases, {"registration_date": "1900-01-01", "referrer_type_id": zelf.id})
        self.assertTrue(self.make_case(registration_date=date(2005, 1, 1)))

    def test_what_can_not_be_an_email_address_is_refused(self):
        case = self.make_quarrel()
        with self.assertRaisesRegex(UserError, "“geenmail” is not an e-mail address"):
            self.save(case, {"reporter_email": "geenmail"})
        self.save(case, {"reporter_email": ""})
        self.assertFalse(case.reporter_email)

    def test_a_party_of_whom_nothing_is_known_is_refused(self):
        case = self.make_quarrel()
        with self.assertRaisesRegex(UserError, "take the line away"):
            self.save(case, {"party_ids": [[0, 0, {"side": "b", "zip": False}]]})
        self.save(case, {"party_ids": [[0, 0, {"side": "b", "street": "Dorpsstraat 5"}]]})
        self.assertEqual(len(case.party_ids), 3)

    def test_a_postcode_is_tidied(self):
        case = self.make_quarrel(reporter_zip="1234ab", neighbour_zip="B 2000")
        self.assertEqual((case.reporter_zip, case.neighbour_zip), ("1234 AB", "B 2000"))

    def test_the_same_person_typed_on_both_sides_is_refused(self):
        anna = {"name": "anna melder", "street": "Dorpsstr. 1"}
        with self.assertRaisesRegex(ValidationError, "on both sides"):
            self.make_quarrel(**{f"neighbour_{name}": value for name, value in anna.items()})
        case = self.make_quarrel()
        with self.assertRaisesRegex(ValidationError, "on both sides"):
            case.write({f"neighbour_{name}": value for name, value in anna.items()})
        self.assertTrue(
            self.make_quarrel(neighbour_name="Anna Melder"), "a namesake at another door"
        )

    def test_a_yes_on_the_phone_is_kept_with_its_day(self):
        case = self.make_case(reporter_name="Anna Melder", reporter_consents=True)
        party = case.party_ids
        self.assertEqual(party.consent_date, date.today())
        self.assertFalse(party.referral_consent_date)
        party.consent_date = date(2026, 3, 2)
        case.reporter_consents = True
        self.assertEqual(party.consent_date, date(2026, 3, 2), "the first yes stays")
        case.write({"reporter_consents": False, "reporter_referral_consents": True})
        self.assertFalse(party.consent_date)
        self.assertEqual(party.referral_consent_date, date.today())

    def test_a_street_is_enough(self):
        case = self.make_case(neighbour_street="Dorpsstraat 3")
        self.assertEqual(case.party_ids.mapped("side"), ["b"])

    def test_a_name_is_enough_and_the_rest_follows_later(self):
        case = self.make_case(reporter_name="Anna Melder")
        case.reporter_phone = "0600000001"
        case.reporter_city = "Dorp"
        self.assertEqual(len(case.party_ids), 1)
        self.assertRecordValues(
            case.party_ids.partner_id,
            [{"name": "Anna Melder", "phone": "0600000001", "city": "Dorp"}],
        )

    def test_changing_one_field_keeps_all_others(self):
        """Each field by itself, as a browser sends it: with nothing of the rest at hand."""
        values = {
            "reporter_name": ("Anna Melder", "Anneke Melder"),
            "reporter_phone": ("0600000001", "0600000002"),
            "reporter_email": ("a@example.com", "b@example.com"),
            "reporter_street": ("Dorpsstraat 1", "Dorpsstraat 2"),
            "reporter_zip": ("1234 AB", "1234 CD"),
            "reporter_city": ("Dorp", "Stad"),
            "reporter_tenure": ("owner", "unknown"),
            "reporter_story": ("Lawaai", "Veel lawaai"),
            "reporter_consents": (True, False),
            "reporter_referral_consents": (False, True),
            "neighbour_street": ("Dorpsstraat 3", "Dorpsstraat 5"),
            "neighbour_zip": ("1234 EF", "1234 GH"),
            "neighbour_city": ("Dorp", "Stad"),
        }
        known = {"neighbour_name": ("Bert", "Bart"), "neighbour_phone": ("061", "062")}
        for fields in (values, {**values, **known}):
            expected = {name: first for name, (first, _second) in fields.items()}
            case = self.make_case(**expected)
            for name, (_first, second) in fields.items():
                self.env.flush_all()
                self.env.invalidate_all()
                case.write({name: second})
                expected[name] = second
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual({key: case[key] for key in expected}, expected, name)
            self.assertEqual(len(case.party_ids), 2)

    def test_naming_the_neighbour_later_keeps_the_address(self):
        case = self.make_case(neighbour_street="Dorpsstraat 3", neighbour_zip="1234 EF")
        self.env.flush_all()
        self.env.invalidate_all()
        case.write({"neighbour_name": "Bert", "neighbour_city": "Dorp"})
        self.assertRecordValues(
            case.party_ids.partner_id,
            [{"name": "Bert", "street": "Dorpsstraat 3", "zip": "1234 EF", "city": "Dorp"}],
        )

    def test_a_field_can_be_emptied(self):
        case = self.make_case(reporter_name="Anna", reporter_phone="0600000001")
        case.write({"reporter_phone": False, "reporter_name": False})
        self.assertFalse(case.reporter_phone)
        self.assertEqual(case.reporter_name, "Anna", "a contact has a name")

    def test_nothing_typed_makes_no_party(self):
        self.assertFalse(self.make_case().party_ids)

    def test_phone_number_alone_makes_a_contact_that_can_be_called(self):
        case = self.make_case(reporter_phone="0600000001")
        self.assertEqual(case.reporter_phone, "0600000001")
        self.assertIn("0600000001", case.party_ids.partner_id.name)

    def test_address_moves_to_the_contact_when_the_neighbour_is_known(self):
        case = self.make_case(neighbour_street="Dorpsstraat 3", neighbour_city="Dorp")
        party = case.party_ids
        case.neighbour_name = "Bert Buur"
        self.assertEqual(case.party_ids, party)
        self.assertRecordValues(
            party.partner_id, [{"name": "Bert Buur", "street": "Dorpsstraat 3", "city": "Dorp"}]
        )
        self.assertFalse(party.street or party.city, "the address lives in one place")
        self.assertEqual(party.address, "Dorpsstraat 3, Dorp")

    def test_contact_chosen_later_keeps_the_address(self):
        party = self.make_case(neighbour_street="Dorpsstraat 3").party_ids
        party.partner_id = self.env["res.partner"].create({"name": "Bert Buur"})
        self.assertEqual(party.partner_id.street, "Dorpsstraat 3")

    def test_many_intakes_at_once_stay_apart(self):
        cases = self.env["buurtbemiddeling.case"].create(
            [{"reporter_name": f"R{i}", "neighbour_street": f"Straat {i}"} for i in range(4)]
        )
        for index, case in enumerate(cases):
            self.assertEqual(case.reporter_name, f"R{index}")
            self.assertEqual(case.neighbour_street, f"Straat {index}")
            self.assertEqual(len(case.party_ids), 2)

    def test_nobody_is_on_both_sides(self):
        case = self.make_quarrel()
        anna = self.parties(case)["a"].partner_id
        with self.assertRaisesRegex(ValidationError, "named twice"):
            self.env["buurtbemiddeling.case.party"].create(
                {"case_id": case.id, "side": "b", "partner_id": anna.id}
            )

    def test_several_people_on_one_side(self):
        case = self.make_quarrel()
        for name in ("Carla", "Dirk"):
            partner = self.env["res.partner"].create({"name": name})
            self.env["buurtbemiddeling.case.party"].create(
                {"case_id": case.id, "side": "a", "partner_id": partner.id}
            )
        self.assertEqual(len(case.party_ids), 4)
        self.assertEqual(case.reporter_name, "Anna Melder", "the first reporter stays the first")

    def test_referrer_type_follows_the_referring_organisation(self):
        corporation = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"]
                .create({"name": "WBV", "is_company": True})
                .id,
                "referrer_type_id": self.code("referrer.type", "CORPORATIE").id,
                "company_id": self.company.id,
            }
        )
        case = self.make_case(referral_partner_id=corporation.id)
        self.assertEqual(case.referrer_type_id.code, "CORPORATIE")
        self.assertEqual(case.feedback_state, "later")

    def test_self_reporter_has_a_type_without_an_organisation(self):
        resident = self.code("referrer.type", "ZELF")
        case = self.make_case(referrer_type_id=resident.id)
        self.assertEqual(case.referrer_type_id, resident)
        self.assertEqual(case.feedback_state, "none")

    def test_main_nuisance_is_one_of_those_named(self):
        noise, animals = (self.code("nuisance.type", c) for c in ("GELUID_PERSONEN", "DIEREN"))
        case = self.make_case(main_nuisance_type_id=noise.id)
        self.assertEqual(case.nuisance_type_ids, noise)
        case.nuisance_type_ids = noise + animals
        self.assertEqual(case.main_nuisance_type_id, noise)
        case.nuisance_type_ids = animals
        self.assertEqual(case.main_nuisance_type_id, animals)
        case.main_nuisance_type_id = noise
        self.assertEqual(case.nuisance_type_ids, noise + animals)

    def test_project_follows_from_the_area_and_can_be_corrected(self):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        quarter = self.env["buurtbemiddeling.area"].create(
            {"name": "Q", "code": "X-Q", "kind": "neighbourhood", "parent_id": town.id}
        )
        project, other = self.env["buurtbemiddeling.project"].create(
            [
                {"name": "P", "company_id": self.company.id, "area_ids": [(6, 0, town.ids)]},
                {"name": "O", "company_id": self.company.id},
            ]
        )
        case = self.make_case(area_id=quarter.id)
        self.assertEqual((case.municipality_id, case.project_id), (town, project))
        case.project_id = other
        self.assertEqual(case.project_id, other)
        self.assertFalse(self.make_case().project_id, "no area, no project")

    def test_project_that_comes_later_adopts_the_cases_in_its_areas(self):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        case = self.make_case(area_id=town.id)
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "P", "company_id": self.company.id, "area_ids": [(6, 0, town.ids)]}
        )
        self.assertEqual(case.project_id, project)

    def test_intake_decision_is_dated(self):
        case = self.make_case()
        case.intake_decision = "suitable"
        self.assertEqual(case.intake_date, date.today())
        case.intake_date = date(2026, 3, 5)
        case.intake_decision = "advice"
        self.assertEqual(case.intake_date, date(2026, 3, 5))

    def test_one_sign_of_complexity_makes_the_case_complex(self):
        case = self.make_case()
        self.assertFalse(case.is_complex)
        case.complexity_ids = self.code("complexity", "TAAL")
        self.assertTrue(case.is_complex)
