from datetime import date

from odoo.tests import Form, tagged
from odoo.tools import format_date

from ..pseudonym import SECRET
from .common import CaseCommon

DOOR = {"neighbour_street": "Dorpsstraat 12-A", "neighbour_city": "Dorp"}


@tagged("post_install", "-at_install")
class TestEarlierCases(CaseCommon):
    """Same address, same neighbours: numbers and dates, never content, also after wiping."""

    def test_a_known_address_is_recognised_however_it_is_typed(self):
        earlier = self.make_case(**DOOR)
        for typed in (
            {"reporter_street": "dorpsstr. 12a", "reporter_city": "DORP"},
            {"neighbour_street": "Dorpsstraat 12 A", "neighbour_city": "Dorp"},
        ):
            self.assertEqual(self.make_case(**typed).earlier_case_ids[-1], earlier)

    def test_postcode_and_number_are_enough(self):
        earlier = self.make_case(neighbour_street="Lange Weg 7", neighbour_zip="1234 AB")
        case = self.make_case(reporter_street="Langeweg 7", reporter_zip="1234ab")
        self.assertEqual(case.earlier_case_ids, earlier)

    def test_another_door_or_town_is_not_taken_for_it(self):
        self.make_case(**DOOR)
        for typed in (
            {"neighbour_street": "Dorpsstraat 12-B", "neighbour_city": "Dorp"},
            {"neighbour_street": "Dorpsstraat 12-A", "neighbour_city": "Stad"},
            {"neighbour_street": "Dorpsstraat", "neighbour_city": "Dorp"},
            {},
        ):
            self.assertFalse(self.make_case(**typed).earlier_case_ids, typed)

    def test_a_known_resident_is_recognised_at_another_address(self):
        earlier = self.make_quarrel()
        anna = earlier.party_ids[0].partner_id
        case = self.make_case()
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": case.id, "side": "b", "partner_id": anna.id}
        )
        self.assertEqual(case.earlier_case_ids, earlier)

    def test_the_warning_is_there_while_typing_and_shows_number_and_date_only(self):
        earlier = self.make_case(
            **DOOR, neighbour_name="Bert Buur", registration_date=date(2026, 2, 3)
        )
        form = Form(self.env["buurtbemiddeling.case"].with_user(self.coordinator))
        form.neighbour_street = DOOR["neighbour_street"]
        self.assertFalse(form.earlier_cases_text)
        form.neighbour_city = DOOR["neighbour_city"]
        self.assertEqual(
            form.earlier_cases_text,
            f"{earlier.name} ({format_date(form._env, earlier.registration_date)})",
        )

    def test_it_still_works_when_the_address_has_been_wiped(self):
        unknown, known = self.make_case(**DOOR), self.make_case(**DOOR, neighbour_name="Bert")
        self.env.flush_all()  # the wiping comes years later
        unknown.party_ids.write({"street": False, "zip": False, "city": False})
        known.party_ids.partner_id.write({"street": False, "zip": False, "city": False})
        self.assertEqual(self.make_case(**DOOR).earlier_case_ids, known + unknown)

    def test_the_pseudonym_is_not_the_address(self):
        party = self.make_case(**DOOR).party_ids
        self.assertTrue(party.street_key)
        self.env["ir.config_parameter"].set_param(SECRET, "another secret")
        self.assertNotEqual(self.make_case(**DOOR).party_ids.street_key, party.street_key)

    def test_a_corrected_address_is_another_door_and_a_later_move_is_not(self):
        case = self.make_case(**DOOR, neighbour_name="Bert")
        first = case.party_ids.street_key
        case.neighbour_street = "Dorpsstraat 14"
        second = case.party_ids.street_key
        self.assertNotEqual(first, second)
        case.write(
            {"close_date": date(2026, 4, 1), "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        case.party_ids.partner_id.street = "Elders 1"
        self.assertEqual(case.party_ids.street_key, second, "the quarrel was at that door")

    def test_cases_of_another_organisation_are_not_told(self):
        self.make_case(self.stranger, company_id=self.other_company.id, **DOOR)
        self.assertFalse(self.make_case(**DOOR).earlier_case_ids)

    def test_archived_cases_count(self):
        earlier = self.make_case(**DOOR)
        earlier.active = False
        case = self.make_case(**DOOR)
        self.assertEqual(case.earlier_case_ids, earlier)
        action = case.action_open_earlier_cases()
        found = self.env["buurtbemiddeling.case"].with_context(**action["context"])
        self.assertEqual(found.search(action["domain"]), earlier)
