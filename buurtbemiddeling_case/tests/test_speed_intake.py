from datetime import date

from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestSpeedIntake(CaseCommon):
    """New cases cost the same number of queries, however many come in at once."""

    number = 0

    def make_values(self, count, **extra):
        """Return values of cases with two known neighbours, at doors that nobody else has."""
        area = self.env.ref("buurtbemiddeling_case.area_gm0014")
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        values = []
        for _index in range(count):
            type(self).number += 1
            values.append(
                {
                    "registration_date": date(2026, 3, 2),
                    "company_id": self.company.id,
                    "area_id": area.id,
                    "nuisance_type_ids": noise.ids,
                    "reporter_name": f"Anna {self.number}",
                    "reporter_email": f"anna{self.number}@example.com",
                    "reporter_street": f"Snelstraat {self.number}",
                    "neighbour_name": f"Bert {self.number}",
                    "neighbour_street": f"Vlugstraat {self.number}",
                    **extra,
                }
            )
        return values

    def count_creating(self, count, **extra):
        """Return how many queries it takes a coordinator to make cases, all that Odoo does on."""
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        return self.count_queries(lambda: cases.create(self.make_values(count, **extra)))

    def test_a_batch_takes_the_same_number_of_queries_however_many_cases(self):
        few = self.count_creating(20)
        # fifty cases have a hundred parties, as many as Odoo inserts in one query
        self.assertEqual(self.count_creating(50), few)
        # what is more is a second batch of each table, never a query a case
        many = self.count_creating(100)
        self.assertLessEqual(many - few, 15)
        self.assertLessEqual(many, 100)

    def test_parties_that_come_with_the_case_take_no_queries_each_either(self):
        def count(number):
            lines = [
                [
                    (0, 0, {"side": "a", "contact_name": "Anna", "street": "Hier 1"}),
                    (0, 0, {"side": "b", "contact_name": "Bert", "street": "Hier 3"}),
                ]
                for _index in range(number)
            ]
            cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
            values = {"registration_date": date(2026, 3, 2), "company_id": self.company.id}
            return self.count_queries(
                lambda: cases.create([{**values, "party_ids": parties} for parties in lines])
            )

        self.assertEqual(count(50), count(20))

    def test_what_is_typed_of_a_new_party_is_kept_on_a_confidential_contact(self):
        [values] = self.make_values(1, neighbour_name="", neighbour_zip="1234ab")
        case = self.env["buurtbemiddeling.case"].with_user(self.coordinator).create(values)
        reporter, neighbour = case.party_ids
        contact = reporter.partner_id
        self.assertTrue(contact.is_confidential)
        self.assertEqual(contact.company_id, self.company)
        self.assertEqual(
            [contact.name, contact.email, contact.street],
            [values["reporter_name"], values["reporter_email"], values["reporter_street"]],
        )
        self.assertFalse(reporter.street, "the address lives in Contacts only")
        self.assertEqual(contact.create_uid, self.coordinator)
        self.assertFalse(neighbour.partner_id, "who is only an address gets no contact")
        self.assertEqual([neighbour.street, neighbour.zip], [values["neighbour_street"], "1234 AB"])

    def test_a_known_contact_keeps_what_is_typed_beside_it(self):
        known = self.env["res.partner"].create({"name": "Anna", "street": "Al bekend 1"})
        case = self.make_case(
            party_ids=[(0, 0, {"side": "a", "partner_id": known.id, "phone": "0600000001"})]
        )
        self.assertEqual(case.party_ids.partner_id, known)
        self.assertEqual([known.phone, known.street], ["0600000001", "Al bekend 1"])
        self.assertFalse(known.is_confidential, "a contact that was there stays as it was")
