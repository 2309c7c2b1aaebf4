import json
from collections import Counter
from difflib import get_close_matches

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..copying import as_text, copy_rows
from ..sheets import MAX_COLUMNS, MAX_ROWS, MAX_SIZE, Unreadable, find_table, read_sheets
from ..tools import plain_text

HEADING = "heading"
SHEET = "sheet"
EXAMPLES = 3
CUT = 80  # characters of an example
CLOSE = 0.86  # how much of a text is the same before it is proposed


class BuurtbemiddelingImportReadingMixin(models.AbstractModel):
    """From a file to rows, and from its headings and codes to ours."""

    _name = "buurtbemiddeling.import.reading.mixin"
    _description = "Reading of a Sheet"

    # ------------------------------------------------------------
    # THE FILE
    # ------------------------------------------------------------

    def _read_file(self, content):
        """Take the rows and headings of a file in place of those that were there.

        :raise UserError: when no rows can be read
        """
        known = self._get_headings()
        try:
            sheets = read_sheets(content)
            sheet = self._choose_sheet(sheets, known)
            table = find_table(sheet.rows, known, self.header_row)
        except Unreadable as error:
            raise UserError(self._explain(error.reason)) from error
        self._forget_rows()
        self._make_choices(sheets, sheet)
        self._put({"header_row": table.number})
        self._store_rows(table.rows)
        self._make_columns(table, known)

    def _choose_sheet(self, sheets, known):
        """Return the sheet that was chosen, or the first with most known headings."""
        named = [sheet for sheet in sheets if sheet.name == self.sheet_id.name]
        if named:
            return named[0]

        def count_known(sheet):
            return max(sum(plain_text(c) in known for c in row.cells) for row in sheet.rows[:20])

        return max(sheets, key=count_known)

    def _explain(self, reason):
        """Return the sentence that says why a file can not be read, and what to do."""
        return {
            "empty": self.env._("This file is empty. Choose the file with your cases in it."),
            "no_rows": self.env._(
                "There are headings in this sheet, and no rows below them. If the headings are in"
                " another row, fill in which one; if the rows are in another sheet, choose that."
            ),
            "large": self.env._(
                "This file is larger than %s MB, or unpacks to far more than a sheet with text."
                " Save the sheet without pictures, or in parts.",
                MAX_SIZE // 2**20,
            ),
            "rows": self.env._(
                "There are more than %s rows in this file. Save it in parts, a few years each.",
                MAX_ROWS,
            ),
            "columns": self.env._(
                "There are more than %s columns in this sheet. Delete what you do not need.",
                MAX_COLUMNS,
            ),
            "pdf": self.env._(
                "This is a PDF. Open the sheet in Excel, save it as “Excel workbook (.xlsx)” and"
                " choose that file."
            ),
            "picture": self.env._("This is a picture. Choose the sheet itself, as .xlsx or .csv."),
            "old_excel": self.env._(
                "This file is in the old format of Excel (.xls), or has a password. Open it in"
                " Excel and save it as “Excel workbook (.xlsx)” without a password."
            ),
            "ods": self.env._(
                "This is a sheet of LibreOffice (.ods). Save it there as “Excel 2007-365 (.xlsx)”."
            ),
            "quotes": self.env._(
                "A quotation mark in this text file is not closed, so that rows run together. Open"
                " it in Excel, save it as “Excel workbook (.xlsx)” and choose that file."
            ),
            "broken": self.env._(
                "This file is damaged. Open it in Excel, save it anew and choose the new file."
            ),
            "other": self.env._(
                "This is no sheet. Choose an Excel file (.xlsx) or a text file (.csv)."
            ),
        }[reason]

    def _forget_rows(self):
        for part in ("problem", "code", "column", "row", "choice"):
            self._delete_of(self.env[f"buurtbemiddeling.import.{part}"])

    def _delete_of(self, rows):
        """Delete the rows of this import in one statement: there may be tens of thousands."""
        self.check_access("write")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM %s WHERE import_id = %s", SQL.identifier(rows._table), self.id)
        )
        self.env.invalidate_all(flush=False)

    def _make(self, part, values_list):
        """Create rows of this import: of those, users only change what they choose."""
        self.check_access("write")
        # sudo: parts of an import that the user may change, made of its file
        parts = self.env[f"buurtbemiddeling.import.{part}"].sudo()
        made = parts.create([{"import_id": self.id, **values} for values in values_list])
        return made.sudo(False)

    def _store_rows(self, rows):
        self.check_access("write")
        model = self.env["buurtbemiddeling.import.row"]
        self.env.flush_all()
        same = as_text(self.id, self.company_id.id, "waiting")
        copy_rows(
            self.env.cr,
            model._table,
            ("import_id", "company_id", "state", "number", "cells"),
            (f"{same}\t{as_text(row.number, json.dumps(row.cells))}" for row in rows),
        )
        self.env.invalidate_all(flush=False)

    def _make_choices(self, sheets, chosen):
        """Make what sheets and headings may be chosen from."""
        choices = self._make(
            "choice",
            [
                {
                    "column": SHEET,
                    "code": str(index),
                    "name": sheet.name or self.env._("Text file"),
                    "sequence": index,
                }
                for index, sheet in enumerate(sheets)
            ]
            + [
                {
                    "column": HEADING,
                    "code": name,
                    "name": self._get_target()._get_import_label(name),
                    "sequence": index,
                }
                for index, name in enumerate(self._get_target()._get_import_columns())
            ],
        )
        self._put({"sheet_id": choices[sheets.index(chosen)].id})

    # ------------------------------------------------------------
    # COLUMNS
    # ------------------------------------------------------------

    def _get_headings(self):
        """Return ``{heading: our column}``: what was matched before goes before what is usual."""
        target = self._get_target()
        return {
            **target._get_import_headings(),
            **self.env["buurtbemiddeling.import.memory"]._recall(
                self.company_id, self.kind, HEADING
            ),
        }

    def _make_columns(self, table, known):
        """Make the columns with a heading, or with anything in them, and propose what they are."""
        choices = {choice.code: choice for choice in self.choice_ids if choice.column == HEADING}
        target = self._get_target()
        # whose words and address they are is never guessed
        guesses = {text: c for text, c in known.items() if not target._is_of_person(c)}
        taken, values_list = set(), []
        for position, heading in enumerate(table.headings):
            cells = (row.cells[position] for row in table.rows if position < len(row.cells))
            examples = list(dict.fromkeys(filter(None, cells)))[:EXAMPLES]
            if not heading and not examples:
                continue
            code, is_guess = self._propose(heading, known, guesses)
            if code in taken:
                code, is_guess = "", False
            taken.add(code)
            values_list.append(
                {
                    "position": position,
                    "heading": heading or self.env._("No heading"),
                    "examples": " | ".join(example[:CUT] for example in examples),
                    "choice_id": choices[code].id if code in choices else False,
                    "is_guess": is_guess,
                }
            )
        self._make("column", values_list)

    @api.model
    def _propose(self, text, known, guesses):
        """Return ``(code, whether it is a guess)`` for a text; an empty code for none.

        :param known: ``{text: code}``, texts as ``plain_text`` makes them
        :param guesses: those of ``known`` that a text may be taken for when it is like them
        """
        text = plain_text(text).rstrip(":")
        if text in known:
            return known[text], False
        close = get_close_matches(text, guesses, 1, CLOSE)
        return (guesses[close[0]], True) if close else ("", False)

    def _check_columns(self):
        """Raise ``UserError`` when a column is matched twice, or one that is needed not at all."""
        target = self._get_target()
        columns = target._get_import_columns()
        matched = Counter(column.choice_id.code for column in self.column_ids if column.choice_id)
        for name, count in matched.items():
            if count > 1:
                headings = [c.heading for c in self.column_ids if c.choice_id.code == name]
                raise UserError(
                    self.env._(
                        "These columns both become “%(column)s”: %(headings)s. Choose one.",
                        column=target._get_import_label(name),
                        headings=", ".join(headings),
                    )
                )
        for name, column in columns.items():
            if column.is_needed and name not in matched:
                raise UserError(self._ask_for_column(name))

    def _ask_for_column(self, name):
        """Return the sentence that asks for a column that is needed."""
        label = self._get_target()._get_import_label(name)
        if name == "external_ref":
            return self.env._(
                "Choose which column is “%s”. By that number a row is known again, so that nothing"
                " comes in twice. If your sheet has none, add a column with 1, 2, 3 and so on.",
                label,
            )
        return self.env._("Choose which column is “%s”: no row can do without.", label)

    def _remember_columns(self):
        self.env["buurtbemiddeling.import.memory"]._remember(
            self.company_id,
            self.kind,
            HEADING,
            {plain_text(c.heading): c.choice_id.code or "" for c in self.column_ids},
        )

    def _get_positions(self):
        """Return ``{our column: place in a row}``."""
        return {c.choice_id.code: c.position for c in self.column_ids if c.choice_id}
