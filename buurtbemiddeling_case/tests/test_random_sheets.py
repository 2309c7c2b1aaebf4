import csv
import io
import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..controllers.door import read_id
from ..models.buurtbemiddeling_door_mixin import clean_text
from ..sheets import MAX_TEXT, Unreadable, find_table, read_sheets
from ..tools import plain_text
from ..typed import is_unknown, read_date, read_number

TODAY = date(2026, 3, 9)
# what people, machines and their makers put in a cell, beside any text
PIECES = st.sampled_from(
    [
        *"0123456789-/.,;:|'\"=+@#€ \t\r\n\0",
        "٣", "９", "²", "sep=", "maart", "mrt", "uur", "T09:00", "2026-03-09", "44258", "#REF!",
        "\u202e", "\u00a0", "\ufeff", "1.250,75", "1e9", "9" * 400, "-", "İ", "<b>", "PK\x03\x04",
    ]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=12).map("".join))
# half characters are no text that can be written in a file
WRITABLE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.lists(PIECES, max_size=8).map("".join).map(lambda text: text.replace("\0", "")),
)
CELL = WRITABLE.filter(lambda text: text.count("\n") + text.count("\r") == 0)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=6), min_size=1, max_size=8)
many = settings(max_examples=1000, deadline=None, derandomize=True, database=None)
some = settings(many, max_examples=300)


@tagged("post_install", "-at_install")
class TestRandomSheets(BaseCase):
    """Whatever is in a cell or a file is understood, or refused by name."""

    @many
    @given(ANY_TEXT)
    def test_a_text_is_a_day_a_number_or_none(self, text):
        day, number = read_date(text, TODAY), read_number(text)
        self.assertIsInstance(day, date | None)
        self.assertIsInstance(number, float | None)
        if day:
            self.assertTrue(date(1950, 1, 1) <= day <= date(2027, 12, 31))
        if number is not None:
            self.assertTrue(math.isfinite(number), "no database adds up what is endless")
        self.assertIsInstance(is_unknown(text), bool)
        self.assertTrue(0 <= read_id(text) < 10**9)

    @many
    @given(st.dates(date(1950, 1, 1), date(2027, 12, 31)))
    def test_a_day_is_read_in_each_way_of_writing(self, day):
        for way in ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%m-%Y 14:30"):
            self.assertEqual(read_date(day.strftime(way), TODAY), day)

    @many
    @given(ANY_TEXT, st.booleans())
    def test_what_is_kept_of_a_text_can_be_kept_again(self, text, is_long):
        clean = clean_text(text, is_long)
        self.assertEqual(clean_text(clean, is_long), clean)
        self.assertFalse(set(clean) & {"\0", "\u202e", "\x1b"})
        clean.encode()
        if not is_long:
            self.assertNotIn("\n", clean)
        self.assertEqual(plain_text(plain_text(text)), plain_text(text))

    @some
    @given(
        st.binary(max_size=200),
        st.sampled_from([b"", b"sep=", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"]),
    )
    def test_any_file_is_read_or_refused(self, content, start):
        self.read_file(start + content)

    @many
    @given(WRITABLE)
    def test_any_text_file_is_read_or_refused(self, text):
        self.read_file(text.encode())

    @some
    @given(ROWS, st.sampled_from(";,\t|"))
    def test_each_cell_comes_back_as_it_was_written(self, rows, separator):
        written = io.StringIO(newline="")
        rows = [["Kees", *rows[0]], *rows[1:]]
        rows = [["Naam", "Straat", "Postcode", "Plaats", "Datum", "Nummer"], *rows]
        csv.writer(written, delimiter=separator).writerows(rows)
        sheets = self.read_file(f"sep={separator}\r\n{written.getvalue()}".encode())
        self.assertTrue(sheets)
        found = [list(row.cells) for row in sheets[0].rows]
        self.assertEqual(found, [cells for cells in map(self.strip, rows) if cells])

    def strip(self, cells):
        cells = [cell.strip() for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def read_file(self, content):
        """Read a file; what is read has texts only, in columns with headings of their own."""
        try:
            sheets = read_sheets(content)
            tables = [find_table(sheet.rows) for sheet in sheets]
        except Unreadable as error:
            self.assertRegex(error.reason, "^[a-z_]+$")
            return None
        for sheet, table in zip(sheets, tables, strict=True):
            numbers = [row.number for row in sheet.rows]
            self.assertEqual(numbers, sorted(set(numbers)))
            for row in sheet.rows:
                self.assertTrue(row.cells and row.cells[-1])
                self.assertTrue(all(len(cell) <= MAX_TEXT for cell in row.cells))
            named = [plain_text(heading) for heading in table.headings if plain_text(heading)]
            self.assertEqual(len(named), len(set(named)), "no two headings are one")
        return sheets
