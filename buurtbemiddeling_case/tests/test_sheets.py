import io
import zipfile
from datetime import date, datetime
from random import Random

from openpyxl import Workbook

from odoo.tests import BaseCase, tagged

from ..sheets import (
    MAX_COLUMNS,
    MAX_SIZE,
    MAX_UNPACKED,
    Unreadable,
    find_table,
    read_sheets,
)


def make_book(*rows, **sheets):
    """Return a workbook with one sheet of these rows, and others by name."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_package(**parts):
    """Return a zip file with these parts; two underscores stand for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestSheets(BaseCase):
    """Whatever people choose as a file is read, or refused with what it is."""

    def read_table(self, content, **options):
        return find_table(read_sheets(content)[0].rows, **options)

    def assertRefused(self, reason, content):
        with self.assertRaises(Unreadable) as caught:
            self.read_table(content)
        self.assertEqual(caught.exception.reason, reason)

    def test_what_is_no_sheet_is_called_what_it_is(self):
        for reason, content in (
            ("empty", b""),
            ("empty", b"\r\n  \n"),
            ("empty", make_book()),
            ("pdf", b"%PDF-1.7 \xe2\xe3"),
            ("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("picture", b"\x89PNG\r\n\x1a\n"),
            ("ods", make_package(mimetype="x", content_xml="<x/>")),
            ("other", make_package(word__document_xml="<x/>")),
            ("other", b"\x7fELF\x02\x01\x00\x00\x00"),
            ("broken", b"PK\x03\x04 and no more"),
            ("broken", make_package(xl__workbook_xml="<not closed")),
            ("broken", make_book(["Nummer"], [1])[:-200]),
            ("no_rows", make_book(["Zaaknummer", "Datum"])),
            ("no_rows", b"Zaaknummer;Datum\r\n"),
            ("quotes", b'Nr;Naam;Tel\n1;"Jan;06\n2;Piet;07\n'),
            ("quotes", b'Nr;Naam;Tel\n1;"Jan;06\n2;Piet;07\n3;Kees";08\n'),
        ):
            with self.subTest(reason=reason, content=content[:10]):
                self.assertRefused(reason, content)

    def test_what_would_fill_the_memory_is_refused_before_it_does(self):
        self.assertRefused("large", b"1;2\n" * (MAX_SIZE // 4 + 1))
        bomb = make_package(xl__workbook_xml="x", xl__worksheets__sheet1_xml=b"0" * MAX_UNPACKED)
        self.assertLess(len(bomb), 2**20)
        self.assertRefused("large", bomb)
        self.assertRefused("columns", make_book(["a", "b"], [1] * (MAX_COLUMNS + 1)))
        self.assertRefused("rows", b"a;b\n" + b"1;2\n" * 50_100)

    def test_text_that_expands_itself_is_not_expanded(self):
        book = make_book(["Nummer", "Naam"], [1, "tekst"])
        entities = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1000 + '">'
        entities += '<!ENTITY c "' + "&b;" * 1000 + '"><!ENTITY d "' + "&c;" * 1000 + '">]>'
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name.endswith("sharedStrings.xml") or "sheet1" in name:
                    text = content.decode().replace("tekst", "&d;").replace("Naam", "&d;")
                    start = text.find("<", text.find("?>") + 1 if "?>" in text else 0)
                    content = (text[:start] + entities + text[start:]).encode()
                new.writestr(name, content)
        try:
            table = self.read_table(file.getvalue())
        except Unreadable as error:
            self.assertEqual(error.reason, "broken")
        else:
            longest = max(len(c) for row in table.rows for c in row.cells)
            self.assertLess(longest, 40_000)

    def test_cells_are_told_as_a_dutch_sheet_shows_them(self):
        [row] = self.read_table(
            make_book(
                ["a", "b", "c", "d", "e", "f", "g", "h"],
                [17, 17.0, 7.5, True, datetime(2025, 3, 2), date(2025, 3, 2), " x ", 0.1 + 0.2],
            )
        ).rows
        self.assertEqual(
            row.cells, ("17", "17", "7,5", "ja", "2025-03-02", "2025-03-02", "x", "0,3")
        )

    def test_a_formula_counts_by_its_result_and_without_one_stays_a_formula(self):
        content = make_book(["Nummer", "Naam"], [1, '="a"&"b"'])
        [row] = self.read_table(content).rows
        self.assertEqual(row.cells, ("1", '="a"&"b"'))
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    part = part.replace(b"<v></v>", b"<v>ab</v>").replace(b"<v />", b"<v>ab</v>")
                    self.assertIn(b"<v>ab</v>", part)
                    part = part.replace(b'<c r="B2"', b'<c r="B2" t="str"')
                new.writestr(name, part)
        [row] = self.read_table(file.getvalue()).rows
        self.assertEqual(row.cells, ("1", "ab"))

    def test_a_formula_with_an_empty_result_is_empty(self):
        content = make_book(["Nr", "Naam", "Tel"], ["=1", '=IF(A1=1,"x","")', "=3"])
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    part = part.replace(b"<v />", b"<v></v>").replace(b"<v></v>", b"<v>7</v>", 1)
                new.writestr(name, part)
        [row] = self.read_table(file.getvalue()).rows
        self.assertEqual(row.cells, ("7",))

    def test_text_files_of_any_separator_and_encoding_are_read(self):
        lines = [["Zaaknummer", "Naam", "Plaats"], ["1", "Renée", "Súdwest"], ["2", "Jan", "a;b"]]
        for separator in ";,\t|":
            text = "\r\n".join(
                separator.join(f'"{cell}"' if separator in cell else cell for cell in line)
                for line in lines
            )
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
                with self.subTest(separator=separator, encoding=encoding):
                    table = self.read_table(text.encode(encoding))
                    self.assertEqual(table.headings, lines[0])
                    self.assertEqual([list(row.cells) for row in table.rows], lines[1:])
        self.assertEqual(self.read_table(b"sep=,\r\na,b\r\n1,2;3\r\n").rows[0].cells, ("1", "2;3"))

    def test_rows_keep_the_numbers_that_excel_shows(self):
        table = self.read_table(make_book(["a", "b"], [1, 2], [], ["", " "], [3, 4]))
        self.assertEqual([row.number for row in table.rows], [2, 5])
        self.assertEqual([row.cells for row in table.rows], [("1", "2"), ("3", "4")])

    def test_a_title_above_the_headings_is_passed_over(self):
        table = self.read_table(
            make_book(["Zaken 2025"], [], ["Nr", "Datum", "Naam"], [1, "1-1-2025", "Jan"])
        )
        self.assertEqual(table.headings, ["Nr", "Datum", "Naam"])
        self.assertEqual(table.number, 3)

    def test_headings_that_are_merged_over_columns_belong_to_each_of_them(self):
        """Cells that are merged hold their text in the first one only."""
        above = ["Nr", "Datum", "Melder", None, "Buur", None]
        below = [None, None, "Naam", "Postcode", "Naam", "Postcode"]
        row = [1, "1-1-2025", "Jan", "1234 AB", "Piet", "1234 AC"]
        expected = ["Nr", "Datum", "Melder: Naam", "Melder: Postcode", "Buur: Naam"]
        expected.append("Buur: Postcode")
        known = {"nr", "datum"}
        for rows in ((above, below, row), (["Titel"], above, below, row)):
            for options in ({}, {"known": known}, {"number": len(rows) - 1}):
                with self.subTest(options=options, rows=len(rows)):
                    table = self.read_table(make_book(*rows), **options)
                    self.assertEqual(table.headings, expected)
                    self.assertEqual(len(table.rows), 1)

    def test_a_first_row_with_empty_cells_is_no_heading(self):
        rows = [["Nr", "Datum", "Naam", "Notitie"], ["1", "gisteren", None, "tekst"]]
        table = self.read_table(make_book(*rows, ["2", "morgen", "Jan"]))
        self.assertEqual(table.headings, rows[0])
        self.assertEqual(len(table.rows), 2)

    def test_a_heading_that_is_there_twice_gets_a_number(self):
        table = self.read_table(make_book(["Naam", "Naam", "naam", None, "x"], [1, 2, 3, 4, 5]))
        self.assertEqual(table.headings, ["Naam", "Naam (2)", "naam (3)", "", "x"])

    def test_forty_thousand_rows_are_read(self):
        table = self.read_table(
            make_book(["Nr", "Datum"], *([n, datetime(2025, 1, 1)] for n in range(40_000)))
        )
        self.assertEqual(len(table.rows), 40_000)
        self.assertEqual(table.rows[-1], (40_001, ("39999", "2025-01-01")))

    def test_chance_breaks_nothing(self):
        chance = Random(10)
        good = make_book(["Nummer", "Naam"], *([n, f"naam {n}"] for n in range(20)))
        for _round in range(300):
            content = bytearray(good)
            for _change in range(chance.randrange(1, 30)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            try:
                self.read_table(bytes(content))
            except Unreadable:
                continue
