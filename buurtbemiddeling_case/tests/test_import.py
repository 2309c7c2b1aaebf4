import base64
import io
from datetime import date

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_import import HEADINGS, ImportCommon
from .test_sheets import make_book

HEADINGS += ["Afsluitdatum", "Resultaat", "Kleur"]


@tagged("post_install", "-at_install")
class TestImport(ImportCommon):
    """A sheet moves in: matched once, tried first, and never twice."""

    def test_a_sheet_moves_in_step_by_step(self):
        record = self.make_import(*(self.make_line(number) for number in range(1, 4)))
        record.action_read()
        self.assertEqual(record.state, "columns")
        found = {c.heading: c.choice_id.code for c in record.column_ids}
        self.assertEqual(
            found,
            {
                "Zaaknr": "external_ref",
                "Datum aanmelding": "registration_date",
                "Naam melder": "a_name",
                "Adres melder": "a_street",
                "Aard overlast": "nuisance",
                "Afsluitdatum": "close_date",
                "Resultaat": "outcome",
                "Kleur": False,
            },
        )
        self.assertEqual(record.column_ids[0].letter, "A")
        self.assertEqual(record.column_ids[0].examples, "1 | 2 | 3")
        record.action_to_codes()
        self.assertEqual(record.state, "codes")
        self.assertEqual({c.text for c in record.code_ids}, {"GELUID_PERSONEN", "OPG_BEM"})
        record.action_check()
        self.assertEqual((record.state, record.ready_count, record.wrong_count), ("checked", 3, 0))
        self.assertFalse(self.cases(), "trying writes nothing")
        record.action_run()
        self.assertEqual((record.state, record.made_count), ("done", 3))
        cases = self.cases().sorted("external_ref")
        self.assertEqual(cases.mapped("external_ref"), ["1", "2", "3"])
        self.assertEqual(cases[0].registration_date, date(2025, 3, 3))
        self.assertTrue(cases[0].is_closed)
        self.assertEqual(cases[0].outcome_id.code, "OPG_BEM")
        self.assertEqual(cases[0].party_ids.contact_name, "Melder 1")

    def test_trying_takes_no_numbers_of_cases(self):
        self.try_out(*(self.make_line(number) for number in range(1, 4)))
        case = self.make_case(registration_date=date(2025, 3, 3))
        self.assertEqual(case.name, "2025-0001")

    def test_the_same_file_again_changes_nothing(self):
        lines = [self.make_line(number) for number in range(1, 4)]
        self.try_out(*lines).action_run()
        before = self.cases().read(["write_date", "name", "party_ids"])
        record = self.try_out(*lines)
        self.assertEqual((record.there_count, record.ready_count), (3, 0))
        with self.assertRaises(UserError):
            record.action_run()
        self.assertEqual(self.cases().read(["write_date", "name", "party_ids"]), before)

    def test_a_file_with_old_and_new_rows_brings_in_the_new_ones(self):
        self.try_out(self.make_line(1)).action_run()
        record = self.try_out(self.make_line(1), self.make_line(2))
        record.action_run()
        self.assertEqual((record.there_count, record.made_count), (1, 1))
        self.assertEqual(len(self.cases()), 2)

    def test_every_problem_is_told_by_row_column_and_sentence(self):
        record = self.try_out(
            self.make_line(1),
            self.make_line(2, **{"Datum aanmelding": "31-2-2025", "Afsluitdatum": "gisteren"}),
            self.make_line(3, **{"Datum aanmelding": None}),
            self.make_line(3),
            self.make_line(None),
            self.make_line(5, **{"Afsluitdatum": "1-1-2020"}),
            self.make_line(6, **{"Naam melder": "=A1&B1"}),
            self.make_line(7, **{"Resultaat": "opgelost!"}),
        )
        self.assertEqual((record.ready_count, record.wrong_count), (1, 7))
        problems = self.problems(record)
        self.assertEqual(
            [(number, heading) for number, heading, _sentence in problems],
            [
                (3, "Datum aanmelding"),
                (3, "Afsluitdatum"),
                (4, "Datum aanmelding"),
                (5, "Zaaknr"),
                (6, "Zaaknr"),
                (7, ""),
                (8, "Naam melder"),
                (9, "Resultaat"),
            ],
        )
        sentences = [sentence for _number, _heading, sentence in problems]
        self.assertIn("31-2-2025", sentences[0])
        self.assertIn("Row 4 has the same number", sentences[3])
        self.assertIn("formula", sentences[6])
        self.assertIn("opgelost!", sentences[7])

    def test_a_sentence_names_the_case_by_its_number_in_the_file(self):
        headings = [*HEADINGS[:3], "Telefoon melder", "Naam wederpartij", "Telefoon wederpartij"]
        same = ["Anna", "0612345678"]
        record = self.try_out(["OUD-9", "1-1-2025", *same, *same], headings=headings)
        [(_number, _heading, sentence)] = self.problems(record)
        self.assertRegex(sentence, r"case OUD-9\W")

    def test_the_rows_that_were_not_imported_come_back_with_the_reason(self):
        bad = self.make_line(2, **{"Datum aanmelding": "onbekend", "Kleur": "=HYPERLINK(1)"})
        record = self.try_out(self.make_line(1), bad)
        record.action_run()
        sheet = load_workbook(io.BytesIO(record._render_wrong())).active
        heads, row = list(sheet.values)
        self.assertEqual(list(heads[:-1]), HEADINGS)
        self.assertEqual(list(row[:-1]), [str(cell) for cell in bad])
        self.assertIn("Datum aanmelding: “onbekend” is no date", row[-1])
        self.assertEqual({c.data_type for c in sheet[2]}, {"s"}, "no cell is a formula")
        trace = self.env["buurtbemiddeling.trace"].search([("model", "=", record._name)])
        self.assertEqual(trace.filtered(lambda t: t.action == "export").record_count, 1)
        mended = [cell or None for cell in row]
        mended[1] = "1-3-2025"
        again = self.make_import(mended, headings=list(heads))
        again.action_read()
        again.action_to_codes()
        again.action_check()
        self.assertFalse(again.wrong_count, self.problems(again))
        again.action_run()
        self.assertEqual(again.made_count, 1)
        self.assertEqual(len(self.cases()), 2)

    def test_what_was_matched_once_is_matched_the_next_time(self):
        record = self.make_import(self.make_line(1, Resultaat="gelukt", Kleur="tel"))
        record.action_read()
        color = record.column_ids.filtered(lambda c: c.heading == "Kleur")
        color.choice_id = record.choice_ids.filtered(
            lambda c: c.column == "heading" and c.code == "channel"
        )
        record.action_to_codes()
        outcome = self.code("outcome", "OPG_BEM")
        self.match(record, "gelukt", outcome.name)
        self.match(record, "tel", "Phone")
        record.action_check()
        self.assertFalse(record.wrong_count, self.problems(record))
        record.action_run()
        again = self.make_import(self.make_line(2, Resultaat="Gelukt ", Kleur="TEL"))
        again.action_read()
        again.action_to_codes()
        self.assertFalse(again.open_code_count)
        again.action_check()
        again.action_run()
        case = self.cases().filtered(lambda c: c.external_ref == "2")
        self.assertEqual((case.outcome_id, case.channel), (outcome, "phone"))

    def test_a_code_may_be_left_empty_on_purpose(self):
        record = self.make_import(self.make_line(1, **{"Aard overlast": "?"}))
        record.action_read()
        record.action_to_codes()
        self.match(record, "?", "(leave empty)")
        record.action_check()
        record.action_run()
        self.assertFalse(self.cases().nuisance_type_ids)

    def test_a_cell_with_several_kinds_of_nuisance_has_several_codes(self):
        record = self.try_out(self.make_line(1, **{"Aard overlast": "GELUID_PERSONEN; DIEREN"}))
        record.action_run()
        self.assertEqual(
            set(self.cases().nuisance_type_ids.mapped("code")), {"GELUID_PERSONEN", "DIEREN"}
        )

    def test_a_referrer_that_is_not_there_yet_is_made(self):
        headings = [*HEADINGS, "Verwijzer"]
        lines = [[*self.make_line(number), "Woonstad Noord"] for number in (1, 2)]
        record = self.make_import(*lines, headings=headings)
        record.action_read()
        record.action_to_codes()
        code = self.match(record, "Woonstad Noord", "(make a new one)")
        record.action_check()
        self.assertFalse(record.wrong_count, self.problems(record))
        self.assertFalse(
            self.env["buurtbemiddeling.referral.partner"]
            .search([])
            .filtered(lambda partner: partner.name == "Woonstad Noord")
        )
        with self.assertRaises(UserError):
            record.action_run()
        code.new_type_id = self.code("referrer.type", "CORPORATIE")
        record.action_run()
        [partner] = self.cases().referral_partner_id
        self.assertEqual(partner.name, "Woonstad Noord")
        self.assertEqual(partner.referrer_type_id.code, "CORPORATIE")

    def test_without_a_number_of_the_old_system_nothing_can_be_imported(self):
        record = self.make_import([1, "1-1-2025"], headings=["Kolom", "Datum aanmelding"])
        record.action_read()
        with self.assertRaisesRegex(UserError, "1, 2, 3"):
            record.action_to_codes()

    def test_two_columns_are_not_both_the_same(self):
        record = self.make_import()
        record.action_read()
        record.column_ids[-1].choice_id = record.column_ids[0].choice_id
        with self.assertRaisesRegex(UserError, "Zaaknr, Kleur"):
            record.action_to_codes()

    def test_a_street_in_parts_becomes_one_address(self):
        headings = [*HEADINGS[:3], "Straat melder", "Huisnr melder", "Toev. melder"]
        record = self.try_out([1, "1-1-2025", "Anna", "Dorpsstraat", 12, "B"], headings=headings)
        record.action_run()
        self.assertEqual(self.cases().party_ids.partner_id.street, "Dorpsstraat 12 B")

    def test_the_sheet_and_the_row_of_headings_can_be_chosen(self):
        content = make_book(
            ["Uitleg", "van", "de", "tabel"],
            ["a", "b", "c", "d"],
            Zaken=[["Zaaknr", "Datum aanmelding"], [1, "1-1-2025"]],
            Oud=[["Kop", "Kop"], ["Zaaknr", "Datum aanmelding"], [7, "1-1-2020"]],
        )
        record = self.imports.create({"file": base64.b64encode(content), "filename": "a.xlsx"})
        record.action_read()
        self.assertEqual((record.sheet_id.name, record.header_row), ("Zaken", 1))
        sheet = record.choice_ids.filtered(lambda c: c.column == "sheet" and c.name == "Oud")
        record.write({"sheet_id": sheet.id, "header_row": 2})  # is read at once
        self.assertEqual(record.sheet_id.name, "Oud")
        self.assertEqual(record.row_ids.mapped("cells"), [["7", "1-1-2020"]])

    def test_what_can_not_be_read_is_refused_in_words_and_changes_nothing(self):
        record = self.make_import()
        record.action_read()
        for content, words in (
            (b"%PDF-1.4", "PDF"),
            (b"\xd0\xcf\x11\xe0", "password"),
            (b" ", "empty"),
            (b"PK\x03\x04", "damaged"),
            (b"a;b\n", "no rows below"),
        ):
            with self.subTest(words=words):
                record.file = base64.b64encode(content)
                with self.assertRaisesRegex(UserError, words):
                    record.action_read()
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.imports.create({"kind": "case"}).action_read()

    def test_every_reason_why_a_file_can_not_be_read_has_a_sentence(self):
        record = self.make_import()
        for reason in (
            "empty", "no_rows", "large", "rows", "columns", "pdf", "picture", "old_excel", "ods",
            "quotes", "broken", "other",
        ):  # fmt: skip
            self.assertTrue(record._explain(reason).endswith("."))
