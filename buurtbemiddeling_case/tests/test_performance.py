from datetime import date

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import CaseCommon

CARD = {
    "name": {}, "stage_id": {}, "is_closed": {}, "is_complex": {}, "days_in_stage": {},
    "stage_status": {}, "area_id": {"fields": {"display_name": {}}},
    "main_nuisance_type_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestPerformance(CaseCommon):
    """Query counts of the hot paths do not grow with the number of cases."""

    house = 0

    def new_door(self):
        """Return a house number that no other case has: a known door is looked up further."""
        self.house += 1
        return self.house

    def make_cases(self, count):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        return (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        "registration_date": date(2026, 3, 2),
                        "company_id": self.company.id,
                        "area_id": town.id,
                        "nuisance_type_ids": [(6, 0, noise.ids)],
                        "reporter_name": f"Reporter {index}",
                        "neighbour_street": f"Straat {self.new_door()}",
                    }
                    for index in range(count)
                ]
            )
        )

    def test_opening_the_board_costs_the_same_with_more_cases(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)

        def board():
            cases.web_read_group(
                [("is_closed", "=", False)],
                ["stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=CARD,
                unfold_read_default_limit=80,
            )

        self.make_cases(3)
        few = self.count_queries(board)
        self.make_cases(30)
        self.assertEqual(self.count_queries(board), few)
        self.assertLessEqual(few, 25)

    def get_form_specification(self):
        """Return what the case form reads, as the browser asks it."""
        return Form(self.env["buurtbemiddeling.case"].with_user(self.coordinator))._view[
            "fields_spec"
        ]

    def test_opening_one_case_costs_the_same_with_more_cases(self):
        specification = self.get_form_specification()
        case = self.make_cases(1)
        few = self.count_queries(lambda: case.web_read(specification))
        self.make_cases(30)
        self.assertEqual(self.count_queries(lambda: case.web_read(specification)), few)
        self.assertLessEqual(few, 24)

    def test_a_list_and_a_search_cost_the_same_with_more_cases(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        arch = etree.fromstring(cases.get_view(view_type="list")["arch"])
        named = {"fields": {"display_name": {}}}
        specification = {
            name: named if cases._fields[name].relational else {}
            for name in arch.xpath("//field/@name")
        }
        search = etree.fromstring(cases.get_view(view_type="search")["arch"])
        line = search.find("field[@name='party_ids']").get("filter_domain")
        for domain in ([("is_closed", "=", False)], safe_eval(line, {"self": "Reporter 1"})):
            with self.subTest(domain=domain):

                def page(domain=domain):
                    rows = cases.web_search_read(domain, specification, limit=80)["records"]
                    self.assertTrue(rows)

                self.make_cases(3)
                few = self.count_queries(page)
                self.make_cases(10)
                self.assertEqual(self.count_queries(page), few)
                self.assertLessEqual(few, 24)

    def find(self, text, user=None):
        cases = self.env["buurtbemiddeling.case"].with_user(user or self.coordinator)
        return cases.search([("sought", "ilike", text)])

    def test_a_case_is_found_by_number_resident_phone_and_address(self):
        case = self.make_quarrel(
            reporter_phone="0612345678", reporter_zip="1234 AB", external_ref="OLD-77"
        )
        unknown = self.make_case(neighbour_street="Achterweg 12", neighbour_zip="9876 ZY")
        case.sudo().former_numbers = "WZ-1999-12345"
        self.assertFalse(unknown.party_ids.partner_id)
        for text, found in (
            (case.name, case),
            ("OLD-7", case),
            ("1999-1234", case),
            ("melder", case),
            ("ert Bu", case),
            ("34567", case),
            ("1234 a", case),
            ("dorpsstraat 3", case),
            ("achterweg", unknown),
            ("9876", unknown),
            ("nobody at all", unknown.browse()),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.find(text), found)
                self.assertFalse(self.find(text, self.stranger))

    def add_resident(self, case, partner):
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": case.id, "side": "a", "partner_id": partner.id}
        )

    def test_a_resident_of_no_organisation_is_found(self):
        """Contacts that all organisations share, and colleagues."""
        shared = self.env["res.partner"].create({"name": "Zwaantje Adema"})
        for partner in (shared, self.coordinator.partner_id):
            case = self.make_case()
            self.add_resident(case, partner)
            self.assertEqual(self.find(partner.name), case)

    def test_a_branch_finds_a_resident_of_its_organisation(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.coordinator.company_id.id}
        )
        resident = self.env["res.partner"].create(
            {"name": "Zwaantje Adema", "company_id": self.coordinator.company_id.id}
        )
        self.coordinator.write({"company_id": branch.id, "company_ids": [(6, 0, branch.ids)]})
        case = self.make_case(company_id=branch.id)
        self.add_resident(case, resident)
        self.assertEqual(self.find("Zwaantje"), case)
        # the organisation above is not for her to read, and may be archived by now
        self.env.cr.execute("UPDATE res_company SET active = FALSE WHERE id = %s", self.company.ids)
        self.env.invalidate_all()
        self.assertEqual(self.find("Zwaantje"), case)

    def test_a_resident_who_is_hidden_finds_no_case(self):
        """The search line tells nothing of contacts that the user may not see."""
        case = self.make_quarrel()
        self.env["ir.rule"].create(
            {
                "name": "Not Anna",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Anna Melder')]",
            }
        )
        self.assertEqual(self.find("Bert"), case)
        self.assertFalse(self.find("Anna"))

    def test_a_search_asks_each_table_by_its_own_index(self):
        if not self.env.registry.has_trigram:
            self.skipTest("PostgreSQL has no trigrams here")
        query = self.env["buurtbemiddeling.case"]._search([("sought", "ilike", "Melder")])
        self.assertEqual(query.select().code.count(" UNION "), 5 + 3, "each column apart")
        indexes = self.env.execute_query(
            SQL("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%%gin_trgm_ops%%'")
        )
        for name, columns in (
            ("buurtbemiddeling_case_search_index", ("name", "former_numbers", "external_ref")),
            ("buurtbemiddeling_case_party_place_index", ("street", "zip")),
            ("res_partner_resident_index", ("name", "street", "zip", "phone")),
        ):
            with self.subTest(index=name):
                for column in columns:
                    self.assertIn(column, dict(indexes)[name])
        query = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        code = query._search([("sought", "ilike", "Melder")]).select().code
        self.assertEqual(code.count("ARRAY["), 4 + 2, "residents within the organisation")
        for name in ("buurtbemiddeling_case_party_place_index", "res_partner_resident_index"):
            self.assertRegex(dict(indexes)[name], r"(?s)ARRAY\[.*company_id")

    def test_lists_of_the_page_are_shown_that_have_rows(self):
        """What has no row is not asked for, and who may not see the rows sees none of them."""
        specification = self.get_form_specification()
        case = self.make_quarrel(
            nuisance_type_ids=[(6, 0, self.code("nuisance.type", "DIEREN").ids)]
        )
        lists = [
            name for name in specification if case._fields[name].type in ("one2many", "many2many")
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        [page] = case.web_read(specification)
        self.env.invalidate_all()
        for name in lists:
            with self.subTest(field=name):
                shown = [row["id"] if isinstance(row, dict) else row for row in page[name]]
                self.assertEqual(shown, case[name].ids)
        self.assertEqual(len(page["party_ids"]), 2)
        self.assertEqual(len(page["nuisance_type_ids"]), 1)
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            case.with_user(self.stranger).web_read({"party_ids": {}})

    def test_a_row_that_was_just_made_is_in_its_list(self):
        case = self.make_case()
        read = {"party_ids": {"fields": {}}, "pause_ids": {"fields": {}}, "meeting_ids": {}}
        self.assertEqual(case.web_read(read)[0]["pause_ids"], [])
        pause = self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": case.id, "reason": "holiday", "date_from": date(2026, 3, 3)}
        )
        [page] = case.web_read(read)
        self.assertEqual(page["pause_ids"], [{"id": pause.id}])

    def test_a_case_suggests_nobody_to_write_to_and_reads_no_messages_for_that(self):
        case = self.make_quarrel()
        case.message_post(body="A note", message_type="comment", subtype_xmlid="mail.mt_comment")
        case = case.with_user(self.manager)
        self.assertEqual(case._message_get_suggested_recipients(reply_discussion=True), [])
        suggest = lambda: case._message_get_suggested_recipients(reply_discussion=True)  # noqa: E731
        self.assertEqual(self.count_queries(suggest), 0)
        party = case.party_ids.filtered(lambda party: party.side == "a")
        suggested = party._message_get_suggested_recipients(reply_discussion=True)
        self.assertEqual([row["partner_id"] for row in suggested], party.partner_id.ids)

    def test_saving_an_intake_costs_the_same_with_more_cases(self):
        specification = self.get_form_specification()
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")

        def save():
            cases.web_save(
                {
                    "company_id": self.company.id,
                    "registration_date": date(2026, 3, 2),
                    "referrer_type_id": self.code("referrer.type", "ZELF").id,
                    "area_id": town.id,
                    "reporter_name": "Anna Melder",
                    "reporter_phone": "0600000001",
                    "reporter_street": f"Dorpsstraat {self.new_door()}",
                    "neighbour_street": f"Dorpsstraat {self.new_door()}",
                },
                specification,
            )

        save()
        few = self.count_queries(save)
        self.make_cases(30)
        self.assertEqual(self.count_queries(save), few)
        self.assertLessEqual(few, 65)  # one of them leaves the trace

    def test_registering_costs_a_fixed_number_of_queries_a_batch(self):
        """What grows is the contacts' own bookkeeping in batches, not a query a case."""
        few = self.count_queries(lambda: self.make_cases(2))
        many = self.count_queries(lambda: self.make_cases(40))
        self.assertLess(many - few, 40)
