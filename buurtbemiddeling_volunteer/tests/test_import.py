import base64
from datetime import date

from odoo.tests import HttpCase, tagged

from odoo.addons.buurtbemiddeling_case.tests.common_import import HEADINGS, ImportCommon

from .common import VolunteerCommon

PEOPLE = ["Naam", "E-mail", "Telefoon", "Fase", "Startdatum", "VOG", "Basis", "Taal"]


class ImportVolunteersCommon(VolunteerCommon, ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.basic = cls.env["buurtbemiddeling.training"].create({"name": "Basis", "kind": "basic"})

    def make_person(self, number=1, **values):
        person = {
            "Naam": f"Bo {number}",
            "E-mail": f"bo{number}@example.com",
            "Telefoon": f"06-1234567{number}",
            "Fase": "active",
            "Startdatum": "1-2-2020",
            "VOG": "5 mei 2024",
            "Basis": "12-3-2020",
            "Taal": "",
        }
        self.assertLessEqual(values.keys(), person.keys())
        return list((person | values).values())

    def bring_in(self, *lines, headings=PEOPLE, **values):
        record = self.try_out(*lines, headings=headings, kind="volunteer", **values)
        self.assertFalse(record.wrong_count, self.problems(record))
        if record.ready_count:
            record.action_run()
        return record

    def volunteers(self):
        return self.env["buurtbemiddeling.volunteer"].search(
            [("company_id", "=", self.company.id), ("name", "=like", "Bo %")]
        )


@tagged("post_install", "-at_install")
class TestImportVolunteers(ImportVolunteersCommon):
    """Volunteers move in with their trainings, and mediators with their cases."""

    def test_a_volunteer_moves_in_with_training_and_certificate_of_conduct(self):
        record = self.bring_in(self.make_person(1), self.make_person(2))
        self.assertEqual(record.made_count, 2)
        one, other = self.volunteers().sorted("name")
        self.assertEqual((one.name, one.email), ("Bo 1", "bo1@example.com"))
        self.assertTrue(one.stage_id.is_active)
        self.assertEqual(one.date_start, date(2020, 2, 1))
        self.assertEqual(one.document_ids.mapped("kind"), ["vog"])
        self.assertEqual(one.document_ids.date, date(2024, 5, 5))
        [enrolment] = one.enrolment_ids
        self.assertEqual((enrolment.state, enrolment.result), ("attended", "passed"))
        self.assertEqual(enrolment.result_date, date(2020, 3, 12))
        self.assertEqual(one.basic_training_date, date(2020, 3, 12))
        self.assertEqual(enrolment.session_id, other.enrolment_ids.session_id)
        self.assertFalse(one.partner_id.is_confidential)
        self.assertEqual(one.partner_id.company_id, self.company)
        self.assertFalse(one.activity_ids)

    def test_the_same_people_again_change_nothing_however_they_are_typed(self):
        self.bring_in(self.make_person(1), self.make_person(2, **{"E-mail": None}))
        record = self.bring_in(
            self.make_person(1, **{"E-mail": "BO1@example.com", "Naam": "bo  1"}),
            self.make_person(2, **{"E-mail": None, "Telefoon": "+31 6 12345672"}),
        )
        self.assertEqual(record.there_count, 2)
        self.assertEqual(len(self.volunteers()), 2)
        self.assertEqual(len(self.volunteers().enrolment_ids.session_id), 1)

    def test_who_was_typed_in_before_is_the_same_person_with_a_number(self):
        """Also who is known by phone only: no second contact, no second volunteer."""
        self.bring_in(["Bo 1", "0612345678"], headings=["Naam", "Telefoon"])
        record = self.bring_in(
            ["V-1", "Bo 1", "06-12345678"], headings=["Vrijwilligersnummer", "Naam", "Telefoon"]
        )
        self.assertEqual((record.made_count, record.there_count), (0, 1))
        self.assertEqual(len(self.volunteers()), 1)

    def test_one_person_twice_in_a_file_comes_in_once(self):
        record = self.try_out(
            self.make_person(1), self.make_person(1), headings=PEOPLE, kind="volunteer"
        )
        self.assertEqual((record.ready_count, record.wrong_count), (1, 1))

    def test_a_colleague_in_contacts_is_the_same_person_and_a_resident_is_not(self):
        partners = self.env["res.partner"]
        contact = partners.create(
            {"name": "Bo 1", "email": "bo1@example.com", "company_id": self.company.id}
        )
        quarrel = self.make_quarrel(reporter_name="Bo 2", reporter_email="bo2@example.com")
        resident = quarrel.party_ids.partner_id
        self.bring_in(self.make_person(1), self.make_person(2))
        one, other = self.volunteers().sorted("email")
        self.assertEqual(one.partner_id, contact)
        self.assertNotIn(other.partner_id, resident)

    def test_a_couple_with_one_address_are_two_people(self):
        mail = {"E-mail": "samen@example.com", "Telefoon": "06-12345678"}
        record = self.bring_in(self.make_person(1, **mail), self.make_person(2, **mail))
        self.assertEqual(record.made_count, 2)
        self.assertEqual(len(self.volunteers().partner_id), 2)

    def test_who_stopped_has_left_and_who_began_is_active(self):
        record = self.make_import(
            ["Bo 1", "1-2-2020", "1-3-2022"], ["Bo 2", "1-2-2020", None],
            headings=["Naam", "Startdatum", "Einddatum"], kind="volunteer",
        )  # fmt: skip
        for step in ("read", "to_codes", "check", "run"):
            getattr(record, f"action_{step}")()
        one, other = self.volunteers().sorted("name")
        self.assertTrue(one.stage_id.is_left)
        self.assertTrue(other.stage_id.is_active)

    def test_a_mediator_is_never_guessed(self):
        self.bring_in(self.make_person(1, Naam="Bo A. de Vries"))
        record = self.make_import(
            [*self.make_line(1), "Bo J. de Vries"], [*self.make_line(2), self.volunteers().id],
            headings=[*HEADINGS, "Bemiddelaar 1"],
        )  # fmt: skip
        record.action_read()
        record.action_to_codes()
        codes = record.code_ids.filtered(lambda code: code.column == "mediator_1")
        self.assertEqual(len(codes), 2)
        self.assertFalse(codes.choice_id)

    def test_mediators_of_a_case_worked_until_it_was_closed(self):
        self.bring_in(self.make_person(1), self.make_person(2))
        headings = [*HEADINGS, "Bemiddelaar 1", "Bemiddelaar 2"]
        record = self.try_out(
            [*self.make_line(1), "Bo 1", "Bo 2"],
            [*self.make_line(2, Afsluitdatum=None, Resultaat=None), "Bo 1", "Bo 1"],
            headings=headings,
        )
        self.assertFalse(record.wrong_count, self.problems(record))
        record.action_run()
        closed, running = self.cases().sorted("external_ref")
        self.assertEqual(set(closed.assignment_ids.mapped("state")), {"ended"})
        self.assertEqual(closed.assignment_ids.volunteer_id, self.volunteers())
        self.assertEqual(set(closed.assignment_ids.mapped("date_end")), {date(2025, 4, 1)})
        self.assertEqual(running.assignment_ids.mapped("state"), ["accepted"])
        memory = self.env["buurtbemiddeling.import.memory"].search([])
        self.assertNotIn("bo 1", memory.mapped("text"), "no name is remembered")

    def test_more_people_take_no_more_queries(self):
        def count(size):
            rounds = iter(range(9))

            def run():
                first = 100 * size + 10_000 * next(rounds)
                people = [
                    self.make_person(first + n, Telefoon=f"06{first + n:08}") for n in range(size)
                ]
                self.bring_in(*people)

            return self.count_queries(run)

        self.assertLess(count(40) - count(20), 30)


@tagged("post_install", "-at_install")
class TestImportVolunteersTemplate(HttpCase, ImportVolunteersCommon):
    def test_the_template_for_volunteers_moves_in_as_it_is(self):
        self.authenticate(self.manager.login, self.manager.login)
        empty = self.imports.create({"kind": "volunteer"})
        response = self.url_open(f"/buurtbemiddeling/import/{empty.id}/template.xlsx")
        record = self.imports.create(
            {
                "file": base64.b64encode(response.content),
                "filename": "vrijwilligers.xlsx",
                "kind": "volunteer",
            }
        )
        record.action_read()
        columns = self.env["buurtbemiddeling.volunteer"]._get_import_columns()
        self.assertEqual(record.column_ids.choice_id.mapped("code"), list(columns))
        record.action_to_codes()
        self.assertFalse(record.open_code_count, record.code_ids.mapped("text"))
        record.action_check()
        self.assertFalse(record.wrong_count, self.problems(record))

    def test_nobody_moves_in_without_a_name(self):
        record = self.try_out(self.make_person(1, Naam=None), headings=PEOPLE, kind="volunteer")
        self.assertEqual([heading for _n, heading, _s in self.problems(record)], ["Naam"])
