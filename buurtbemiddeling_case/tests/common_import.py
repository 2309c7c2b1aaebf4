import base64

from .common import CaseCommon
from .test_sheets import make_book

HEADINGS = ["Zaaknr", "Datum aanmelding", "Naam melder", "Adres melder", "Aard overlast"]


class ImportCommon(CaseCommon):
    """A sheet as a coordinator keeps it, and the steps of its import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports = cls.env["buurtbemiddeling.import"].with_user(cls.manager)

    def make_line(self, number=1, **values):
        line = {
            "Zaaknr": number,
            "Datum aanmelding": "3 maart 2025",
            "Naam melder": f"Melder {number}",
            "Adres melder": f"Dorpsstraat {number}",
            "Aard overlast": "GELUID_PERSONEN",
            "Afsluitdatum": "1-4-2025",
            "Resultaat": "OPG_BEM",
            "Kleur": "rood",
        }
        self.assertLessEqual(values.keys(), line.keys())
        return list((line | values).values())

    def make_import(self, *lines, headings=HEADINGS, **values):
        content = make_book(headings, *(lines or [self.make_line()]))
        return self.imports.create(
            {"file": base64.b64encode(content), "filename": "zaken.xlsx", **values}
        )

    def match(self, record, text, name, column=None):
        """Choose what a code of the file is with us."""
        codes = record.code_ids.filtered(
            lambda code: code.text == text and (not column or code.column == column)
        )
        self.assertEqual(len(codes), 1, record.code_ids.mapped("text"))
        choice = record.choice_ids.filtered(
            lambda choice: choice.column == codes.column and choice.name == name
        )
        self.assertEqual(len(choice), 1, name)
        codes.choice_id = choice
        return codes

    def try_out(self, *lines, **options):
        record = self.make_import(*lines, **options)
        record.action_read()
        record.action_to_codes()
        record.action_check()
        self.assertEqual(record.state, "checked")
        return record

    def problems(self, record):
        return [(p.number, p.heading or "", p.sentence) for p in record.problem_ids]

    def cases(self, record=None):
        return self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
