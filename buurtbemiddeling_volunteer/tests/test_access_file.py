import json
from datetime import date

from odoo.tests import tagged
from odoo.tools import html2plaintext
from odoo.tools.json import json_default

from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_privacy_request import (
    MORE_ROWS,
)

from .common import VolunteerCommon

# rows that name a party or a volunteer and are not in that person's file, and why
NOT_TOLD = {
    ("buurtbemiddeling.unsorted.mail", "party_id"): "perhaps not of this party",
    ("buurtbemiddeling.privacy.request", "party_id"): "the request itself",
    ("buurtbemiddeling.assignment.objection", "volunteer_id"): "the words of a resident",
}


@tagged("post_install", "-at_install")
class TestAccessFile(VolunteerCommon):
    """AVG, article 15: a volunteer reads nothing of residents and of other volunteers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel(reporter_name="Anna Witteveen", neighbour_name="Bert Kraai")
        cls.a, cls.b = cls.case.party_ids.sorted("side")
        cls.vera = cls.make_volunteer("Vera Zwaluw")
        cls.kees = cls.make_volunteer("Kees Koekoek")
        cls.assignment = cls.couple(cls.case, cls.vera)
        cls.couple(cls.case, cls.kees)
        for party, text in ((cls.a, "ANNAVERSLAG met Vera Zwaluw"), (cls.b, "BERTVERSLAG")):
            cls.env["buurtbemiddeling.visit.report"].create(
                {
                    "party_id": party.id,
                    "assignment_id": cls.assignment.id,
                    "date": date(2026, 3, 12),
                    "text": text,
                    "hours_ids": [(0, 0, {"assignment_id": cls.assignment.id, "hours": 2.5})],
                }
            )
        cls.assignment.write({"lapse_reason": "VERAREDEN bij Anna Witteveen"})
        notes = cls.env["buurtbemiddeling.coach.note"]
        notes.create(
            [
                {"volunteer_id": cls.vera.id, "note": "VERANOTITIE over Kees Koekoek en Kraai"},
                {"volunteer_id": cls.kees.id, "note": "KEESNOTITIE"},
            ]
        )
        cls.env["buurtbemiddeling.volunteer.declaration"].create(
            {
                "volunteer_id": cls.vera.id,
                "kind": "person",
                "name": "Mia Mees",
                "street": "Nestweg 4",
                "city": "Dorp",
            }
        )
        cls.vera.message_post(body="VERABERICHT samen met KOEKOEK bij mevrouw Witteveen")

    def read_file(self, partner, user=None):
        request = (
            self.env["buurtbemiddeling.privacy.request"]
            .with_user(user or self.manager)
            .create({"partner_id": partner.id, "company_id": self.company.id})
        )
        data = json.dumps(request._get_access_file(), default=json_default, ensure_ascii=False)
        return f"{data}\n{html2plaintext(request.preview)}"

    def test_volunteer_reads_own_data_and_of_nobody_else(self):
        text = self.read_file(self.vera.partner_id)
        for own in (
            "Vera Zwaluw",
            "VERANOTITIE",
            "VERAREDEN",
            "VERABERICHT",
            self.case.name,
            "2.5",
        ):
            self.assertIn(own, text)
        for other in (
            *("Anna", "Witteveen", "Bert", "Kraai", "ANNAVERSLAG", "BERTVERSLAG"),
            *("Kees", "Koekoek", "KOEKOEK", "KEESNOTITIE", "Mia", "Mees", "Nestweg"),
        ):
            with self.subTest(other):
                self.assertNotIn(other, text)

    def test_resident_reads_the_report_about_him_without_the_name_of_the_mediator(self):
        text = self.read_file(self.a.partner_id)
        self.assertIn("ANNAVERSLAG met [other person]", text)
        for other in ("Vera", "Zwaluw", "BERTVERSLAG", "Kees", "VERANOTITIE"):
            self.assertNotIn(other, text)
        text = self.read_file(self.b.partner_id)
        self.assertIn("BERTVERSLAG", text)
        self.assertNotIn("ANNAVERSLAG", text)

    def test_a_volunteer_who_is_a_resident_elsewhere_has_one_file(self):
        case = self.make_case(reporter_name="Dirk")
        self.env["buurtbemiddeling.case.party"].create(
            {
                "case_id": case.id,
                "side": "b",
                "partner_id": self.vera.partner_id.id,
                "story": "EIGENVERHAAL over Dirk",
            }
        )
        text = self.read_file(self.vera.partner_id)
        self.assertIn("EIGENVERHAAL over [other person]", text)
        self.assertIn("VERANOTITIE", text)
        self.assertNotIn("Dirk", text)

    def test_all_texts_about_a_volunteer_are_told_by_the_inventory(self):
        """Every model with words about a volunteer is among the rows of the file."""
        request = self.env["buurtbemiddeling.privacy.request"].with_user(self.manager)
        about = {"volunteer", "applicant"}
        rows = {
            name for name, _path in request._get_row_models("buurtbemiddeling.volunteer", about)
        }
        models = {
            line.model
            for line in self.env["buurtbemiddeling.personal.data"]._get_fields()
            if line.about in about and line.path not in ("", ".")
        }
        self.assertLessEqual(models, rows)
        self.assertLessEqual(set(MORE_ROWS), rows)

    def test_every_row_of_a_person_is_told_or_left_out_on_purpose(self):
        """Walks the registry: a new model under a party or a volunteer fails here."""
        self.manager.group_ids += self.env.ref("buurtbemiddeling_case.group_extra")
        request = self.env["buurtbemiddeling.privacy.request"].with_user(self.manager)
        abouts = {
            "buurtbemiddeling.case.party": {"party"},
            "buurtbemiddeling.volunteer": {"volunteer", "applicant"},
        }
        missing = set()
        for target, about in abouts.items():
            told = {name for name, _path in request._get_row_models(target, about)}
            for name, model in self.env.items():
                if not name.startswith("buurtbemiddeling.") or model._abstract or model._transient:
                    continue
                for field in model._fields.values():
                    points = field.type == "many2one" and field.comodel_name == target
                    if points and field.store and model._auto and name not in told:
                        missing.add((name, field.name))
        self.assertEqual(missing, set(NOT_TOLD))

    def test_the_coordinator_who_guides_the_volunteer_makes_the_file(self):
        request = (
            self.env["buurtbemiddeling.privacy.request"]
            .with_user(self.coordinator)
            .create({"partner_id": self.vera.partner_id.id, "company_id": self.company.id})
        )
        self.vera.coordinator_id = self.manager
        self.assertFalse(request.preview)
        self.vera.coordinator_id = self.coordinator
        self.env.invalidate_all()
        self.assertIn("VERANOTITIE", request.preview)


@tagged("post_install", "-at_install")
class TestVolunteerErasure(VolunteerCommon):
    """AVG, article 17, for volunteers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vera = cls.make_volunteer("Vera Zwaluw")
        cls.request = (
            cls.env["buurtbemiddeling.privacy.request"]
            .with_user(cls.manager)
            .create(
                {
                    "partner_id": cls.vera.partner_id.id,
                    "company_id": cls.company.id,
                    "kind": "erasure",
                    "identity_check": "document",
                    "recipients_told": "nobody",
                }
            )
        )

    def test_who_gets_cases_leaves_first(self):
        self.assertIn("Let the volunteer leave first", self.request.erasure_text)
        self.assertFalse(self.request.can_erase)

    def test_who_left_goes(self):
        self.vera.write({"stage_id": self.code("volunteer.stage", "left").id})
        self.env["buurtbemiddeling.coach.note"].create(
            {"volunteer_id": self.vera.id, "note": "VERANOTITIE"}
        )
        self.env.invalidate_all()
        self.assertTrue(self.request.can_erase)
        self.request.action_erase()
        self.env.invalidate_all()
        self.assertNotIn("Zwaluw", self.vera.name or "")
        self.assertFalse(
            self.env["buurtbemiddeling.coach.note"].search([("note", "=", "VERANOTITIE")])
        )
        self.assertEqual(self.request.subject_text, f"Volunteer {self.vera.id}")

    def test_a_typed_name_of_a_resident_is_found_by_the_search_for_a_person(self):
        declaration = self.env["buurtbemiddeling.volunteer.declaration"].create(
            {"volunteer_id": self.vera.id, "kind": "person", "name": "Mia Mees", "city": "Dorp"}
        )
        wizard = self.env["privacy.lookup.wizard"].with_user(self.manager)
        wizard = wizard.create({"name": "mia mees", "email": "mia@example.com"})
        wizard.action_lookup()
        found = {(line.res_model, line.res_id) for line in wizard.line_ids}
        self.assertIn((declaration._name, declaration.id), found)
