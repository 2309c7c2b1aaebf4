import base64
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_covenant import CovenantPaperCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestCovenantPartners(CovenantPaperCase):
    """What stands in an agreement for each partner, who reads it, and its paper."""

    def test_coordinator_adds_a_partner_with_obligations_on_the_form(self):
        with Form(self.env["buurtbemiddeling.covenant"].with_user(self.coordinator)) as form:
            form.name = "Working agreement"
            with form.party_ids.new() as party:
                party.partner_id = self.wbv.partner_id
                with party.obligation_ids.new() as obligation:
                    obligation.name = "Asks the resident first"
        covenant = form.record
        self.assertEqual(covenant.user_id, self.coordinator)
        obligation = covenant.party_ids.obligation_ids
        self.assertRecordValues(obligation, [{"company_id": self.company.id, "date_from": False}])

    def test_what_was_agreed_apart_goes_into_the_working_agreement_and_nothing_is_lost(self):
        agreement = self.env["buurtbemiddeling.referral.agreement"].create(
            {
                "referral_partner_id": self.wbv.id,
                "name": "Calls back in two days",
                "who": "us",
                "date_from": date(2024, 1, 1),
            }
        )
        self.wbv.write(
            {"agreement_date": date(2023, 1, 1), "agreement_review_date": date(2026, 9, 1)}
        )
        action = self.wbv.with_user(self.coordinator).action_make_covenant()
        covenant = self.env["buurtbemiddeling.covenant"].browse(action["res_id"])
        self.assertEqual(covenant.party_ids.referral_partner_id, self.wbv)
        self.assertEqual(covenant.party_ids.obligation_ids, agreement)
        self.assertRecordValues(
            agreement,
            [
                {
                    "referral_partner_id": False,
                    "company_id": self.company.id,
                    "date_from": date(2024, 1, 1),
                    "who": "us",
                }
            ],
        )
        self.assertEqual(covenant.review_date, date(2026, 9, 1))
        self.assertEqual(self.wbv.cooperation_date, date(2023, 1, 1))

    def test_obligation_stands_in_one_place(self):
        party = self.make_covenant().party_ids
        for values in (
            {"party_id": party.id, "referral_partner_id": self.wbv.id},
            {"company_id": self.company.id},
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"):
                with self.assertRaisesRegex(IntegrityError, "one_place"), self.cr.savepoint():
                    self.env["buurtbemiddeling.referral.agreement"].create({"name": "x", **values})

    def test_dates_of_a_partner_are_those_of_its_agreements_in_force(self):
        self.wbv.write(
            {"agreement_date": date(2024, 1, 1), "agreement_review_date": date(2026, 3, 1)}
        )
        self.assertRecordValues(
            self.wbv,
            [{"cooperation_date": date(2024, 1, 1), "next_review_date": date(2026, 3, 1)}],
        )
        self.assertFound("next_review_date", "<=", "today", True)
        covenant = self.make_covenant(review_date=date(2026, 10, 1))
        self.env.invalidate_all()
        self.assertRecordValues(
            self.wbv,
            [
                {
                    "cooperation_date": date(2024, 1, 1),
                    "next_review_date": date(2026, 10, 1),
                    "covenant_party_ids": covenant.party_ids.ids,
                }
            ],
        )
        self.assertFound("next_review_date", "<=", "today", False)
        covenant.date_start = date(2023, 7, 1)
        self.env.invalidate_all()
        self.assertEqual(self.wbv.cooperation_date, date(2023, 7, 1))
        self.assertFound("cooperation_date", "<", "2024-01-01", True)
        covenant.party_ids.signed_on = False
        self.env.invalidate_all()
        self.assertEqual(self.wbv.next_review_date, date(2026, 3, 1), "a draft says nothing")

    def test_project_shows_its_own_agreements_and_those_of_the_whole_organisation(self):
        projects = self.env["buurtbemiddeling.project"].create(
            [{"name": name, "company_id": self.company.id} for name in "PQ"]
        )
        own = self.make_covenant(project_id=projects[0].id)
        everywhere = self.make_covenant(self.police)
        others = self.make_covenant(project_id=projects[1].id)
        expected = [own | everywhere, everywhere | others]
        for project, covenants in zip(projects.with_user(self.coordinator), expected, strict=True):
            self.assertEqual(project.covenant_ids, covenants.sorted())
            self.assertEqual(project.covenant_count, 2)
            action = project.action_open_covenants()
            self.assertEqual(project.env[action["res_model"]].search(action["domain"]), covenants)

    def test_signed_paper_is_for_coordinators_of_the_organisation(self):
        covenant = self.make_covenant(signed_file=base64.b64encode(b"paper"))
        paper = self.env["ir.attachment"].search(
            [
                ("res_model", "=", covenant._name),
                ("res_id", "=", covenant.id),
                ("res_field", "=", "signed_file"),
            ]
        )
        self.assertTrue(paper.with_user(self.coordinator).raw)
        for user in (self.colleague, self.portal, self.stranger):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                paper.with_user(user).read(["datas"])

    def test_thread_reaches_the_partners_and_their_contact_persons_only(self):
        covenant = self.make_covenant()
        covenant.party_ids.contact_ids = self.wil
        message = covenant.message_post(body="Hello", partner_ids=self.wil.ids)
        self.assertEqual(message.notification_ids.res_partner_id, self.wil)
        resident = self.make_quarrel().party_ids[0].partner_id
        for outsider in (resident, self.police, self.colleague.partner_id):
            with (
                self.assertRaisesRegex(UserError, "only write to the partners of “Together”"),
                self.cr.savepoint(),
            ):
                covenant.message_post(body="Hello", partner_ids=outsider.ids)

    def test_paper_of_a_partner_has_its_own_obligations_contacts_and_dates(self):
        covenant = self.make_covenant(
            self.wbv.partner_id,
            self.police,
            purpose="Refer early <b>",
            date_end=date(2027, 12, 31),
            review_date=date(2026, 11, 5),
        )
        covenant.party_ids[0].write(
            {
                "contact_ids": [Command.set(self.wil.ids)],
                "obligation_ids": [Command.create({"name": "Asks first"})],
            }
        )
        covenant.party_ids[1].obligation_ids = [Command.create({"name": "Comes along"})]
        self.assertEqual(covenant.action_print()["context"]["active_ids"], covenant.party_ids.ids)
        html = self.render(covenant.party_ids[0])
        for text in (
            "WBV", "Wil Consulent", "wil@wbv.example.com", "Asks first", "12/31/2027", "11/05/2026",
            "Refer early &lt;b&gt;", "Coordinator Tester", "Welzijn",
        ):  # fmt: skip
            self.assertIn(text, html)
        for text in ("Police", "Comes along"):
            self.assertNotIn(text, html)

    def test_partners_and_contact_persons_survive_a_merge_of_contacts(self):
        double = self.make_referral_partner()
        wim = self.make_contact_person(double, "Wim")
        covenant = self.make_covenant(double.partner_id)
        covenant.party_ids.contact_ids = wim
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.coordinator).sudo()
        wizard._merge((self.wbv | double).partner_id.ids, self.wbv.partner_id)
        wizard._merge((self.wil | wim).ids, self.wil)
        self.assertRecordValues(
            covenant.party_ids,
            [
                {
                    "partner_id": self.wbv.partner_id.id,
                    "referral_partner_id": self.wbv.id,
                    "contact_ids": self.wil.ids,
                    "signed_on": date(2025, 1, 1),
                }
            ],
        )
        self.assertEqual(self.wbv.covenant_party_ids, covenant.party_ids)

    def test_two_partners_of_one_agreement_that_are_merged_both_stay(self):
        covenant = self.make_covenant(self.wbv.partner_id, self.police)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.coordinator).sudo()
        wizard._merge((self.wbv.partner_id | self.police).ids, self.police)
        self.assertEqual(len(covenant.party_ids), 2)
        self.assertEqual(covenant.party_ids.partner_id, self.police)
