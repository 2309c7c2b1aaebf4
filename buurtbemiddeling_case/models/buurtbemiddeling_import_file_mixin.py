import io
from pathlib import PurePath

import xlsxwriter

from odoo import models

WIDTH = 18  # characters
CODES_BELOW = 400  # as many of our codes are listed in a template


class BuurtbemiddelingImportFileMixin(models.AbstractModel):
    """The files that an import gives: a template, and what was not imported."""

    _name = "buurtbemiddeling.import.file.mixin"
    _description = "Files of an Import"

    def _render_template(self):
        """Return a workbook with our headings and an example, and our codes on a second sheet."""
        target = self._get_target()
        columns, example = target._get_import_columns(), target._get_import_example()
        names = list(columns)
        with _Book() as book:
            sheet = book.add_sheet(self.env._("To fill in"))
            labels = [target._get_import_label(name) for name in names]
            book.put_row(sheet, 0, labels, is_heading=True)
            lists = {
                name: target._get_import_choices(name, self.company_id)
                for name in names
                if target._is_listed(columns[name])
            }
            shown = [
                dict(lists.get(name, ())).get(example.get(name), example.get(name) or "")
                for name in names
            ]
            book.put_row(sheet, 1, shown)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(names) - 1, WIDTH)
            codes = book.add_sheet(self.env._("What may be filled in"))
            for place, (name, choices) in enumerate(lists.items()):
                heading = target._get_import_label(name)
                entries = [label for _code, label in choices[:CODES_BELOW]]
                for row, text in enumerate([heading, *entries]):
                    book.put(codes, row, place, text, is_heading=not row)
            codes.set_column(0, len(lists), 2 * WIDTH)
            codes.freeze_panes(1, 0)
        return book.content

    def _get_template_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._("Import %s.xlsx", kinds[self.kind].lower())

    def _render_wrong(self):
        """Return a workbook with the rows that were not imported as they were, and the reason.

        That is an export of personal data: it leaves a trace.
        """
        self.ensure_one()
        self.env["buurtbemiddeling.trace"]._add(
            "export", self, self.env._("What could not be imported, to mend it")
        )
        sentences = {}
        for problem in self.problem_ids:
            text = problem.sentence
            if problem.heading:
                text = f"{problem.heading}: {text}"
            sentences.setdefault(problem.number, []).append(text)
        rows = self.env["buurtbemiddeling.import.row"].search(
            [("import_id", "=", self.id), ("state", "=", "wrong")]
        )
        columns = self.column_ids.sorted("position")
        with _Book() as book:
            sheet = book.add_sheet(self.env._("Not imported"))
            reason = self.env._("Why it was not imported")
            book.put_row(sheet, 0, [*columns.mapped("heading"), reason], is_heading=True)
            for index, row in enumerate(rows, start=1):
                cells = row.cells or []
                texts = [cells[c.position] if c.position < len(cells) else "" for c in columns]
                book.put_row(sheet, index, [*texts, "\n".join(sentences.get(row.number, []))])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns) - 1, WIDTH)
            sheet.set_column(len(columns), len(columns), 4 * WIDTH)
        return book.content

    def _get_wrong_name(self):
        stem = PurePath(self.filename or self.env._("Import")).stem
        return self.env._("%s - not imported.xlsx", stem)


class _Book:
    """A workbook in which everything is text: no cell of a file becomes a formula."""

    def __enter__(self):
        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self._heading = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._plain = self._book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        return self

    def __exit__(self, *error):
        self._book.close()
        self.content = self._file.getvalue()

    def add_sheet(self, name):
        """Add a sheet."""
        return self._book.add_worksheet(name)

    def put(self, sheet, row, column, text, is_heading=False):
        """Write a text in a cell."""
        if text:
            sheet.write_string(row, column, text, self._heading if is_heading else self._plain)

    def put_row(self, sheet, row, texts, is_heading=False):
        """Write texts beside each other."""
        for column, text in enumerate(texts):
            self.put(sheet, row, column, text, is_heading)
