import base64
import io
from datetime import date, timedelta
from unittest.mock import patch

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from ..models import buurtbemiddeling_import
from ..models import buurtbemiddeling_import_working_mixin as working
from .common import CaseCommon
from .test_sheets import make_book

HEADINGS = ["Zaaknr", "Datum aanmelding", "Naam melder", "Adres melder", "Aard overlast"]
HEADINGS += ["Afsluitdatum", "Resultaat", "Kleur"]


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
        self.assertFalse(self.env["buurtbemiddeling.referral.partner"].search([]).filtered(
            lambda partner: partner.name == "Woonstad Noord"
        ))
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

    def test_a_large_file_goes_in_batches_each_in_its_own_transaction(self):
        record = self.make_import(*(self.make_line(number) for number in range(1, 8)))
        record.action_read()
        record.action_to_codes()
        commits = []
        with (
            patch.object(buurtbemiddeling_import, "ROWS_AT_ONCE", 2),
            patch.object(working, "BATCH_SIZE", 3),
        ):
            record.action_check()
            self.assertEqual(record.state, "checking")
            self.assertEqual(record.progress, 0)
            starter = record.sudo()._as_starter()
            self.assertTrue(starter._work_on(lambda count: commits.append(count) or 1))
            self.assertEqual(record.state, "checked")
            record.action_run()
            # the server stops after the first batch
            self.assertFalse(record.sudo()._as_starter()._work_on(lambda count: 0))
            self.assertEqual((record.made_count, record.waiting_count), (3, 4))
            self.assertTrue(record.sudo()._as_starter()._work_on(lambda count: 1))
        self.assertEqual((record.state, record.made_count), ("done", 7))
        self.assertEqual(commits, [3, 3, 1])

    def test_who_may_not_go_on_stops_it_and_says_why(self):
        record = self.make_import(*(self.make_line(number) for number in range(1, 4)))
        record.action_read()
        record.action_to_codes()
        with patch.object(buurtbemiddeling_import, "ROWS_AT_ONCE", 0):
            record.action_check()
        self.manager.group_ids -= self.env.ref("buurtbemiddeling_case.group_manager")
        with patch.object(self.env.cr, "rollback"):  # of a transaction that is the test's own
            self.assertTrue(record.sudo()._as_starter()._work_on(lambda count: 1))
        self.assertTrue(record.sudo().stopped_why)
        self.assertEqual(record.sudo().state, "checking")

    def test_an_import_that_is_under_way_is_not_changed(self):
        record = self.make_import()
        record.action_read()
        record.action_to_codes()
        with patch.object(buurtbemiddeling_import, "ROWS_AT_ONCE", 0):
            record.action_check()
        for change in ({"file": b""}, {"kind": "case"}, {"header_row": 3}, {"filename": "a"}):
            with self.assertRaisesRegex(UserError, "gone on in the meantime"):
                record.write(change)
        for step in ("action_read", "action_to_codes", "action_run", "action_to_columns"):
            with self.assertRaisesRegex(UserError, "gone on in the meantime"):
                getattr(record, step)()
        record.action_stop()
        self.assertEqual(record.state, "codes")

    def test_nothing_of_a_row_that_is_in_is_kept_twice(self):
        record = self.try_out(self.make_line(1), self.make_line(2, **{"Datum aanmelding": "?"}))
        record.action_run()
        self.assertFalse(record.file)
        self.assertFalse(record.code_ids)
        self.assertFalse(any(record.column_ids.mapped("examples")))
        cells = {row.state: bool(row.cells) for row in record.row_ids}
        self.assertEqual(cells, {"made": False, "wrong": True})

    def test_what_nobody_went_on_with_is_forgotten_after_a_month(self):
        mark = "Zonderling"
        record = self.try_out(
            self.make_line(1, **{"Naam melder": mark, "Datum aanmelding": mark, "Kleur": mark})
        )
        fresh = self.try_out()
        self.assertTrue(self.find_marker(mark))
        long_ago = fields.Datetime.now() - timedelta(days=buurtbemiddeling_import.KEPT_DAYS + 1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_import SET write_date = %s WHERE id = %s",
            (long_ago, record.id),
        )
        self.env.invalidate_all()
        self.env["buurtbemiddeling.import"]._gc_imports()
        self.assertFalse(record.row_ids or record.column_ids or record.problem_ids)
        self.assertFalse(record.file)
        self.assertTrue(record.is_forgotten)
        self.assertFalse(self.find_marker(mark))
        self.assertTrue(fresh.row_ids)

    def test_only_an_administrator_of_the_organisation_imports(self):
        record = self.make_import()
        for user in (self.coordinator, self.colleague, self.portal, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                record.with_user(user).read(["filename"])
        for user in (self.coordinator, self.colleague, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.imports.with_user(user).create({"filename": "a.xlsx"})

    def test_whoever_makes_an_import_chooses_no_step_and_nobody_else(self):
        record = self.make_import(state="checked", user_id=self.coordinator.id)
        self.assertEqual((record.state, record.user_id), ("new", self.manager))
        self.assertEqual(record.company_id, self.company)
        with self.assertRaises(AccessError):
            self.make_import(company_id=self.other_company.id)

    def test_nobody_takes_a_step_or_another_name_by_writing_it(self):
        record = self.try_out()
        for vals in (
            {"state": "running"},
            {"user_id": self.env.ref("base.user_root").id},
            {"company_id": self.other_company.id},
            {"stopped_why": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                record.write(vals)

    def test_a_choice_of_another_import_or_column_is_refused(self):
        record, other = self.make_import(), self.make_import()
        record.action_read()
        other.action_read()
        record.action_to_codes()
        theirs, code = other.choice_ids[0], record.code_ids[0]
        heading = record.choice_ids.filtered(lambda c: c.column == "heading")[0]
        for line, choice in (
            (record.column_ids[0], theirs),
            (code, theirs),
            (code, heading),
        ):
            with self.assertRaises(ValidationError):
                line.choice_id = choice
        with self.assertRaises(ValidationError):
            record.sheet_id = theirs.search(
                [("import_id", "=", other.id), ("column", "=", "sheet")], limit=1
            )

    def test_whose_words_they_are_is_never_guessed(self):
        headings = ["Zaaknr", "Datum aanmelding", "Toelichting", "Postcode", "Leeftijd", "Naam"]
        record = self.make_import([1, "1-1-2025", "a", "b", "c", "d"], headings=headings)
        record.action_read()
        found = {c.heading: c.choice_id.code for c in record.column_ids if c.choice_id}
        self.assertEqual(
            found, {"Zaaknr": "external_ref", "Datum aanmelding": "registration_date"}
        )

    def test_what_the_sheet_does_not_say_is_not_filled_in(self):
        self.try_out(self.make_line(1)).action_run()
        case = self.cases()
        self.assertFalse(case.channel)
        self.assertFalse(case.user_id)

    def test_a_merged_case_is_not_made_again(self):
        running = {"Afsluitdatum": None, "Resultaat": None}
        lines = [self.make_line(number, **running) for number in (1, 2)]
        self.try_out(*lines).action_run()
        self.cases().with_user(self.manager)._merge({}, {})
        record = self.try_out(*lines)
        self.assertEqual((record.there_count, record.ready_count), (2, 0))

    def test_a_column_of_texts_is_no_column_of_codes(self):
        lines = [self.make_line(n, **{"Aard overlast": f"verhaal {n}"}) for n in range(510)]
        record = self.make_import(*lines)
        record.action_read()
        with self.assertRaisesRegex(UserError, "510 different texts"):
            record.action_to_codes()

    def test_another_kind_of_import_begins_anew(self):
        record = self.try_out()
        record.file = base64.b64encode(make_book(HEADINGS, self.make_line(5)))
        self.assertEqual(record.state, "new")
        self.assertFalse(record.row_ids or record.column_ids or record.code_ids)

    def test_an_error_of_one_import_does_not_keep_the_others_waiting(self):
        record = self.make_import()
        record.action_read()
        record.action_to_codes()
        with patch.object(buurtbemiddeling_import, "ROWS_AT_ONCE", 0):
            record.action_check()
        cases = self.registry["buurtbemiddeling.case"]
        with (
            patch.object(cases, "_import_rows", side_effect=KeyError("Jan Jansen")),
            patch.object(self.env.cr, "rollback"),
            self.assertLogs("odoo.addons.buurtbemiddeling_case", "ERROR") as logs,
        ):
            self.assertTrue(record.sudo()._as_starter()._work_on(lambda count: 1))
        self.assertNotIn("Jansen", str(logs.output))
        self.assertIn("log of the server", record.stopped_why)

    def test_more_rows_take_no_more_queries(self):
        def count(size):
            rounds = iter(range(9))

            def run():
                first = 1000 * size + 100 * next(rounds)
                lines = [self.make_line(first + index) for index in range(size)]
                self.try_out(*lines).action_run()

            return self.count_queries(run)

        self.assertLess(count(50) - count(20), 8)

    def test_the_form_goes_from_file_to_codes(self):
        form = Form(self.imports)
        form.file = base64.b64encode(make_book(HEADINGS, self.make_line()))
        record = form.save()
        record.action_read()
        with Form(record) as form, form.column_ids.edit(7) as line:
            line.choice_id = record.choice_ids.filtered(lambda c: c.code == "a_city")
        record.action_to_codes()
        record.action_check()
        record.action_run()
        self.assertEqual(self.cases().party_ids.partner_id.city, "rood")


@tagged("post_install", "-at_install")
class TestImportFiles(HttpCase, ImportCommon):
    """The files of an import, through the door of the server."""

    def test_a_template_that_is_filled_in_moves_in_as_it_is(self):
        self.authenticate(self.manager.login, self.manager.login)
        empty = self.imports.create({})
        response = self.url_open(f"/buurtbemiddeling/import/{empty.id}/template.xlsx")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        record = self.imports.create(
            {"file": base64.b64encode(response.content), "filename": "a.xlsx"}
        )
        record.action_read()
        columns = self.env["buurtbemiddeling.case"]._get_import_columns()
        self.assertEqual(
            record.column_ids.choice_id.mapped("code"), list(columns), "every heading is known"
        )
        record.action_to_codes()
        self.assertFalse(record.open_code_count, record.code_ids.mapped("text"))
        record.action_check()
        self.assertFalse(record.wrong_count, self.problems(record))
        record.action_run()
        [case] = self.cases()
        self.assertEqual((case.external_ref, len(case.party_ids)), ("2025-017", 2))

    def test_nobody_else_gets_the_files(self):
        record = self.try_out(self.make_line(1, **{"Datum aanmelding": "?"}))
        wrong = f"/buurtbemiddeling/import/{record.id}/wrong.xlsx"
        template = f"/buurtbemiddeling/import/{record.id}/template.xlsx"
        self.authenticate(self.manager.login, self.manager.login)
        self.assertEqual(self.url_open(wrong).status_code, 200)
        self.assertEqual(self.url_open(template).status_code, 200)
        self.authenticate(self.stranger.login, self.stranger.login)
        self.assertEqual(self.url_open(wrong).status_code, 404)
        self.assertEqual(self.url_open(template).status_code, 404)
        for user in (self.coordinator, self.colleague, self.portal):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(wrong).status_code, 404)
            self.assertEqual(self.url_open(template).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(wrong).url)
