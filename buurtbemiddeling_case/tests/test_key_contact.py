from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_network import NetworkCase


@tagged("post_install", "-at_install")
class TestKeyContact(NetworkCase):
    """Who knows a neighbourhood, found where the neighbourhood is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kees = cls.make_key_contact(cls.mill)
        cls.fatma = cls.make_key_contact(cls.town, cls.mill, name="Fatma", role="faith")
        cls.greet = cls.make_key_contact(cls.meadow, name="Greet")

    def test_a_case_shows_those_of_its_neighbourhood_and_around_it(self):
        case = self.make_case(area_id=self.mill.id)
        far = self.make_case(area_id=self.env.ref("buurtbemiddeling_case.area_gm0034").id)
        both = (case + far + self.make_case()).with_user(self.coordinator)
        self.assertEqual(both.mapped("key_contact_count"), [2, 0, 0])
        found = self.kees.search(case.action_open_key_contacts()["domain"])
        self.assertEqual(found, self.fatma + self.kees)
        self.assertEqual(self.make_case(area_id=self.town.id).key_contact_count, 1)
        self.kees.active = False
        case.invalidate_recordset()
        self.assertEqual(case.key_contact_count, 1)

    def test_a_case_tells_its_key_contacts_nothing(self):
        case = self.make_case(area_id=self.mill.id)
        self.assertNotIn(self.kees.partner_id, case.message_partner_ids)
        with self.assertRaises(UserError):
            case.message_post(body="x", partner_ids=self.kees.partner_id.ids)

    def test_counting_costs_the_same_for_more_cases(self):
        cases = self.make_case(area_id=self.mill.id)

        def count():
            cases.mapped("key_contact_count")

        few = self.count_queries(count)
        for area in self.mill + self.meadow + self.town:
            cases |= self.make_case(area_id=area.id)
        self.assertEqual(self.count_queries(count), few)

    def test_those_of_another_organisation_are_not_shown(self):
        case = self.make_case(area_id=self.mill.id)
        self.env["buurtbemiddeling.key.contact"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Theirs"}).id,
                "company_id": self.other_company.id,
                "area_ids": [(6, 0, self.mill.ids)],
            }
        )
        self.assertEqual(case.key_contact_count, 2)
        self.assertEqual(len(self.mill.with_user(self.coordinator).key_contact_ids), 2)

    def test_they_stand_on_the_page_of_the_area_and_per_neighbourhood_on_the_board(self):
        with Form(self.mill.with_user(self.manager)) as form:
            self.assertEqual(form.key_contact_ids.ids, (self.fatma + self.kees).ids)
        groups = self.kees._read_group([], ["area_ids"], ["__count"])
        counts = {area: count for area, count in groups}
        self.assertEqual((counts[self.mill], counts[self.meadow]), (2, 1))

    def test_contact_is_noted_and_is_not_in_the_future(self):
        today = fields.Date.context_today(self.kees)  # where the user is, it may be tomorrow
        self.kees.action_note_contact()
        self.assertEqual(self.kees.last_contact_date, today)
        with self.assertRaisesRegex(ValidationError, "today or earlier"):
            self.kees.last_contact_date = today + timedelta(days=1)

    def test_merging_contacts_keeps_the_key_contacts_of_both(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        kept = self.kees.partner_id
        wizard._merge((kept | self.greet.partner_id).ids, kept)
        self.assertEqual((self.kees + self.greet).partner_id, kept)
        self.assertEqual(self.greet.area_ids, self.meadow)

    def test_the_name_and_phone_are_those_of_the_contact(self):
        with Form(self.kees) as form:
            form.phone = "0612345678"
            form.function = "Huismeester"
        self.assertEqual(self.kees.partner_id.phone, "0612345678")
        self.assertEqual(self.kees.display_name, "Kees Conciërge, Active resident")
