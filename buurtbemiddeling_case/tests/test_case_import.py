from datetime import date

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseImport(CaseCommon):
    """History moves in: quickly, once, under the rights of who does it, and nobody is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.env["buurtbemiddeling.case"].with_user(cls.coordinator)

    def make_row(self, number=1, **values):
        return {
            "external_ref": f"OUD-{number}",
            "registration_date": "2020-03-02",
            "channel": "phone",
            "area": "GM0014",
            "referrer_type": "ZELF",
            "nuisance": "GELUID_PERSONEN",
            "stage": "closed",
            "outcome": "OPG_BEM",
            "close_date": date(2020, 5, 4),
            "a_name": f"Anna {number}",
            "a_email": f"anna{number}@example.com",
            "a_street": f"Oudestraat {number}",
            "a_zip": "9712ab",
            "a_tenure": "owner",
            "b_street": f"Nieuwestraat {number}",
            **values,
        }

    def import_rows(self, *rows):
        return self.cases._import_rows(iter(rows))

    def import_case(self, **values):
        [result] = self.import_rows(self.make_row(**values))
        self.assertIsInstance(result, int, result)
        return self.cases.browse(result)

    def test_a_row_becomes_a_case_with_both_neighbours_and_its_ending(self):
        case = self.import_case(nuisance="GELUID_PERSONEN, DIEREN")
        self.assertEqual(case.company_id, self.company)
        self.assertEqual(case.registration_date, date(2020, 3, 2))
        self.assertEqual(case.nuisance_type_ids.mapped("code"), ["GELUID_PERSONEN", "DIEREN"])
        self.assertTrue(case.is_closed)
        self.assertEqual([case.close_date, case.own_days], [date(2020, 5, 4), 63])
        self.assertEqual(case.outcome_id.code, "OPG_BEM")
        self.assertRecordValues(
            case.phase_ids, [{"stage_id": case.stage_id.id, "outcome_id": case.outcome_id.id}]
        )
        reporter, neighbour = case.party_ids
        self.assertEqual([reporter.side, neighbour.side], ["a", "b"])
        self.assertTrue(reporter.partner_id.is_confidential)
        self.assertEqual(reporter.partner_id.zip, "9712 AB")
        self.assertEqual([reporter.tenure, neighbour.street], ["owner", "Nieuwestraat 1"])
        self.assertTrue(reporter.street_key)
        self.assertFalse(neighbour.partner_id)

    def test_it_is_the_same_case_as_the_orm_makes_of_history(self):
        imported = self.import_case()
        made = self.cases.with_context(import_file=True).create(
            {
                "registration_date": date(2020, 3, 2),
                "user_id": False,
                "channel": "phone",
                "close_date": date(2020, 5, 4),
                "area_id": imported.area_id.id,
                "referrer_type_id": imported.referrer_type_id.id,
                "nuisance_type_ids": imported.nuisance_type_ids.ids,
                "stage_id": imported.stage_id.id,
                "outcome_id": imported.outcome_id.id,
                "reporter_name": "Anna 1",
                "reporter_email": "anna1@example.com",
                "reporter_street": "Oudestraat 1",
                "reporter_zip": "9712ab",
                "reporter_tenure": "owner",
                "neighbour_street": "Nieuwestraat 1",
            }
        )
        own = {"id", "name", "external_ref", "create_date", "write_date", "write_uid"}
        for mine, theirs in ((imported, made), (imported.party_ids, made.party_ids)):
            names = [
                name
                for name, field in mine._fields.items()
                if field.store and field.column_type and name not in {*own, "case_id", "partner_id"}
            ]
            for one, other in zip(mine.sudo(), theirs.sudo(), strict=True):
                self.assertEqual(
                    {name: one[name] for name in names}, {name: other[name] for name in names}
                )

    def test_nobody_is_asked_or_told_anything(self):
        case = self.import_case(stage="new", close_date=False, outcome="")
        self.assertFalse(case.activity_ids)
        self.assertFalse(case.party_ids.activity_ids)
        self.assertFalse(case.message_ids)
        self.assertFalse(case.message_follower_ids)

    def test_the_same_rows_again_change_nothing(self):
        rows = [self.make_row(number) for number in range(3)]
        first = self.import_rows(*rows)
        before = self.cases.search_count([])
        self.cases.browse(first[0]).escalation = "threat"
        self.assertEqual(self.import_rows(*rows), first)
        self.assertEqual(self.cases.search_count([]), before)
        self.assertEqual(self.cases.browse(first[0]).escalation, "threat")

    def test_what_is_wrong_comes_back_as_a_sentence_and_takes_nothing_along(self):
        rows = [
            self.make_row(1),
            self.make_row(2, outcome="BESTAATNIET"),
            self.make_row(3, registration_date="31-31-2020"),
            self.make_row(4, a_tenure="castle"),
            self.make_row(5, close_date=date(2019, 1, 1)),
            self.make_row(6, close_date=""),
            self.make_row(1),
            self.make_row(7, external_ref=""),
            self.make_row(8, a_phone="0612345678", b_name="Anna 8", b_phone="06-12345678"),
            self.make_row(9),
        ]
        results = self.import_rows(*rows)
        self.assertEqual([type(result) for result in results], [int, *[list] * 8, int])
        results = [str(result) for result in results]
        self.assertIn("BESTAATNIET", results[1])
        self.assertIn("31-31-2020", results[2])
        self.assertIn("castle", results[3])
        self.assertIn("on or after the day it was registered", results[4])
        self.assertIn("Closed on", results[5])
        self.assertIn("twice", results[6])
        self.assertIn("Number in the old system", results[7])
        self.assertIn("both sides", results[8])
        references = self.cases.search([]).mapped("external_ref")
        self.assertEqual({"OUD-1", "OUD-9"} & set(references), {"OUD-1", "OUD-9"})
        self.assertFalse({"OUD-5", "OUD-8"} & set(references))

    def test_a_row_without_a_number_is_no_case_without_a_number(self):
        case = self.make_case()
        self.assertFalse(case.external_ref)
        rows = [self.make_row(1, external_ref=empty) for empty in (False, None, "", False)]
        for result in self.import_rows(*rows):
            self.assertIn("Number in the old system", str(result))

    def test_a_column_that_does_not_exist_is_a_fault_of_the_program(self):
        with self.assertRaises(ValueError):
            self.import_rows(self.make_row(anonymized_date="2020-01-01"))

    def test_it_goes_by_the_rights_of_the_user_and_through_no_door(self):
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.case"].with_user(self.colleague)._import_rows([])
        with self.assertRaises(AccessError):
            get_public_method(self.cases, "_import_rows")
        with self.assertRaises(AccessError):
            self.cases._import_rows([self.make_row()], self.other_company)

    def test_phases_and_referrers_of_others_do_not_exist(self):
        self.env["buurtbemiddeling.case.stage"].create(
            {"name": "Elsewhere", "code": "elders", "company_id": self.other_company.id}
        )
        partner = self.make_referral_partner(company_id=self.other_company.id)
        stage, referrer = self.import_rows(
            self.make_row(1, stage="elders"), self.make_row(2, referrer=str(partner.id))
        )
        self.assertIn("elders", stage[0].sentence)
        self.assertIn(str(partner.id), referrer[0].sentence)

    def test_more_rows_take_no_more_queries(self):
        def count(size):
            rounds = iter(range(9))

            def run():
                first = 1000 * size + 100 * next(rounds)
                rows = [self.make_row(first + index) for index in range(size)]
                self.assertFalse([r for r in self.import_rows(*rows) if not isinstance(r, int)])

            return self.count_queries(run)

        # now and then one more for a batch of updates, never one a row
        self.assertLess(count(50) - count(20), 5)
