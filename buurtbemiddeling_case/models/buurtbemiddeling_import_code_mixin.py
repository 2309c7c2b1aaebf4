from collections import Counter

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import plain_text
from .buurtbemiddeling_import_reading_mixin import HEADING, SHEET

NEW = "+"
MOST_CODES = 500  # different texts of a column: of more, it holds no codes


def split_texts(text, is_list, known):
    """Return the parts of a cell: one, or those between commas and the like in a list.

    A part that is known as a whole is not split: the name of an entry may have a comma in it.

    >>> split_texts("Geluid, honden; stank", True, {})
    ['Geluid', 'honden', 'stank']
    >>> split_texts("Rommel, afval", True, {"rommel afval": "R"}), split_texts("a, b", False, {})
    (['Rommel, afval'], ['a, b'])
    """
    if not is_list or plain_text(text) in known:
        return [text]
    for separator in ";\n+|":
        text = text.replace(separator, ",")
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


class BuurtbemiddelingImportCodeMixin(models.AbstractModel):
    """What the words in a sheet become: the codes of our lists."""

    _name = "buurtbemiddeling.import.code.mixin"
    _description = "Codes in a Sheet"

    def _make_codes(self):
        """Find what stands in the columns of lists, and propose what each is with us."""
        target = self._get_target()
        columns, positions = target._get_import_columns(), self._get_positions()
        listed = [name for name in positions if target._is_listed(columns[name])]
        self._delete_of(self.env["buurtbemiddeling.import.code"])
        # sudo: parts of an import that the user may change
        self.choice_ids.filtered(lambda c: c.column not in (HEADING, SHEET)).sudo().unlink()
        self._note_references(target, positions)
        found = self._count_texts({name: positions[name] for name in listed})
        for name in listed:
            self._make_codes_of(target, name, found[name])

    def _note_references(self, target, positions):
        """Keep by what each row is known again: who has the same as another row is found by it."""
        places = {n: positions[n] for n in target._get_reference_columns() if n in positions}
        rows = self.env.execute_query(
            SQL("SELECT id, cells FROM buurtbemiddeling_import_row WHERE import_id = %s", self.id)
        )
        found = {
            id_: target._get_row_reference(
                {name: cells[p] if p < len(cells) else "" for name, p in places.items()}
            )
            for id_, cells in rows
            if cells is not None  # is in already
        }
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_import_row AS row SET reference = found.reference"
                " FROM unnest(%s::int[], %s::text[]) AS found (id, reference)"
                " WHERE row.id = found.id",
                list(found),
                list(found.values()),
            )
        )
        self.env["buurtbemiddeling.import.row"].invalidate_model(["reference"])

    def _count_texts(self, positions):
        """Return ``{column: Counter of the texts in it}``."""
        result = {}
        for name, position in positions.items():
            rows = self.env.execute_query(
                SQL(
                    "SELECT cells->>%s, count(*) FROM buurtbemiddeling_import_row"
                    " WHERE import_id = %s AND cells->>%s != '' GROUP BY 1",
                    position,
                    self.id,
                    position,
                )
            )
            result[name] = Counter(dict(rows))
        return result

    def _make_codes_of(self, target, name, texts):
        column = target._get_import_columns()[name]
        entries = target._get_import_choices(name, self.company_id)
        known = self._get_known_codes(target, name, entries)
        choices = self._make_choices_of(name, entries)
        counts, shown = Counter(), {}
        for text, count in texts.items():
            for part in split_texts(text, target._is_list(column), known):
                # of what differs in capitals or spaces only, one is shown
                counts[plain_text(part)] += count
                shown.setdefault(plain_text(part), part)
        if len(counts) > MOST_CODES:
            raise UserError(
                self.env._(
                    "There are %(count)s different texts in the column of “%(column)s”: these are"
                    " no codes. Choose something else for that column, or leave it out.",
                    count=len(counts),
                    column=target._get_import_label(name),
                )
            )
        # who is meant is never guessed
        guesses = {} if name in target._get_import_people() else known
        values_list = []
        for key, count in counts.items():
            code, is_guess = self._propose(key, known, guesses)
            found = choices.get(code) if code or key in known else None
            values_list.append(
                {
                    "column": name,
                    "text": shown[key],
                    "row_count": count,
                    "choice_id": found.id if found else False,
                    "is_guess": is_guess,
                }
            )
        self._make("code", values_list)

    def _get_known_codes(self, target, name, entries):
        """Return ``{text: code}`` of what stands in a column, texts as ``plain_text``."""
        labels = Counter(plain_text(label) for _code, label in entries)
        # a name that two have, says nothing
        known = {plain_text(n): code for code, n in entries if labels[plain_text(n)] == 1}
        if target._get_import_columns()[name].key != "id":  # a number is nobody
            for code, _label in entries:
                known.setdefault(plain_text(code), code)
        memory = self.env["buurtbemiddeling.import.memory"]
        return known | memory._recall(self.company_id, self.kind, name)

    def _make_choices_of(self, name, entries):
        """Return ``{code: choice}`` of one column."""
        values_list = [
            {"column": name, "code": code, "name": label, "sequence": index}
            for index, (code, label) in enumerate(entries, start=2)
        ]
        values_list.append(
            {"column": name, "code": "", "name": self.env._("(leave empty)"), "sequence": 0}
        )
        if name in self._get_target()._get_import_new():
            values_list.append(
                {"column": name, "code": NEW, "name": self.env._("(make a new one)"), "sequence": 1}
            )
        choices = self._make("choice", values_list)
        return {choice.code or "": choice for choice in choices}

    def _remember_codes(self):
        """Keep what was matched, but for what is made anew and for what names a person."""
        target = self._get_target()
        for name, codes in self.code_ids.grouped("column").items():
            if name in target._get_import_people():
                continue
            matched = {
                plain_text(code.text): code.choice_id.code or ""
                for code in codes
                if code.choice_id and not code.is_new
            }
            self.env["buurtbemiddeling.import.memory"]._remember(
                self.company_id, self.kind, name, matched
            )

    def _make_new_entries(self):
        """Make what is not in our lists yet, and was chosen to be made.

        :raise UserError: when something that it needs was not filled in
        """
        for code in self.code_ids.filtered("is_new"):
            made = self._get_target()._make_import_entry(code, self.company_id)
            values = {"column": code.column, "code": made, "name": code.text}
            code.choice_id = self._make("choice", [values])

    def _get_codes(self):
        """Return ``{(column, text): code}`` of what was matched; ``None`` is made later."""
        return {
            (code.column, plain_text(code.text)): None if code.is_new else code.choice_id.code or ""
            for code in self.code_ids
            if code.choice_id
        }
