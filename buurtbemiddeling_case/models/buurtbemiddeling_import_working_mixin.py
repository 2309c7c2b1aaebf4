import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import plain_text
from .buurtbemiddeling_import_code_mixin import split_texts
from .buurtbemiddeling_import_target_mixin import Problem

_logger = logging.getLogger(__name__)

# Rows a transaction: enough to cost few queries each, and little to do again when it is stopped.
BATCH_SIZE = 500
TRIES = 5


class BuurtbemiddelingImportWorkingMixin(models.AbstractModel):
    """Trying and importing the rows, a batch a transaction."""

    _name = "buurtbemiddeling.import.working.mixin"
    _description = "Work of an Import"

    @api.model
    def _cron_import(self):
        """Go on with all imports that are under way: whatever stops this, the next time goes on."""
        cron = self.env["ir.cron"]
        records = self.search(
            [("state", "in", ("checking", "running")), ("stopped_why", "=", False)]
        )
        cron._commit_progress(remaining=sum(records.mapped("waiting_count")))
        for record in records:
            if not record._as_starter()._work_on(cron._commit_progress):
                return

    def _as_starter(self):
        """Return this import as whoever started it, who may have fewer rights by now."""
        user = self.user_id
        return (
            self.with_user(user)
            .with_company(self.company_id)
            .with_context(lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids)
        )

    def _work_on(self, commit):
        """Handle batches until none is left; return whether there is time for more.

        :param commit: is called with the number of rows after each batch, see ``_commit_progress``
        """
        tries = 0
        while True:
            try:
                if self.state not in ("checking", "running"):
                    return True
                handled = self._work_batch()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # someone changed a record meanwhile: the batch is done again
                self.env.cr.rollback()
                tries += 1
                if tries == TRIES:
                    return True  # the next time of the cron goes on; others have their turn now
                continue
            except Exception as error:
                self.env.cr.rollback()
                self._say_why_it_stopped(error)
                commit(0)
                return True
            if not commit(handled):
                return False
            if not handled and self.state in ("checking", "running"):
                return True  # another transaction is busy with the last rows

    def _say_why_it_stopped(self, error):
        """One import that can not go on does not keep the others waiting."""
        if isinstance(error, UserError):
            why = str(error)
        else:
            # the text of an error may hold a name, so only its kind is kept
            _logger.error("Import %s stopped: %s", self.id, type(error))
            why = self.env._("An error: the log of the server says which.")
        # sudo: who started it may have lost the right to write this; somebody else reads why
        self.sudo()._put({"stopped_why": why})

    def _work_through(self):
        """Handle all rows now, in the transaction of the user: of a small file."""
        while self.state in ("checking", "running"):
            self._work_batch()

    def _work_batch(self):
        """Try or import the next rows, and end with the last ones; return how many were handled.

        Rows that another transaction is busy with are left to that one.

        :raise AccessError: when who started it may not import any more
        """
        self.ensure_one()
        self.check_access("write")
        is_trial = self.state == "checking"
        domain = [
            ("import_id", "=", self.id),
            ("state", "=", "waiting" if is_trial else "ready"),
        ]
        # sudo: rows are changed by these steps alone, of an import that the user may change
        rows = self.env["buurtbemiddeling.import.row"].sudo()
        batch = rows.search(domain, order="number", limit=BATCH_SIZE).try_lock_for_update()
        if batch:
            self._handle(batch, is_trial)
            self.env.flush_all()
            self.env.invalidate_all()
        if not rows.search_count(domain, limit=1):
            self._end()
        return len(batch)

    def _handle(self, rows, is_trial):
        """Try or import these rows, and keep what came of it."""
        target = self._get_target().with_company(self.company_id)
        read, problems = self._read_cells(rows, target)
        self._find_doubles(rows, problems)
        # all that is wrong is told at once, also where something is wrong already
        entries = {}
        for row in problems:
            problems[row] += target._get_row_problems(read[row], self.company_id, entries)
        going = [row for row in rows if row not in problems]
        there = target._find_known([read[row] for row in going], self.company_id)
        results = self._import_read([read[row] for row in going], target, is_trial)
        states = {state: rows.browse() for state in ("ready", "made", "there")}
        for row, result in zip(going, results, strict=True):
            if not isinstance(result, int):
                problems[row] = result
            elif target._get_row_reference(read[row]) in there:
                states["there"] |= row
            else:
                states["ready" if is_trial else "made"] |= row
        for state, handled in states.items():
            # what is in needs no second copy of it
            is_in = state in ("made", "there") and not is_trial
            handled.write({"state": state, **({"cells": False} if is_in else {})})
        wrong = rows.browse([row.id for row in problems])
        wrong.write({"state": "wrong"})
        self._note_problems(problems, target)

    def _import_read(self, values_list, target, is_trial):
        """Return the results of ``_import_rows``; of a trial nothing is left but these."""
        if not is_trial:
            return target._import_rows(values_list, self.company_id)
        with self.env.cr.savepoint() as savepoint:
            results = target._import_rows(values_list, self.company_id, is_trial=True)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return results

    def _read_cells(self, rows, target):
        """Return ``({row: {our column: text}}, {row: problems})`` of what was matched."""
        columns, codes = target._get_import_columns(), self._get_codes()
        # a training that was a column may have gone since
        positions = {n: place for n, place in self._get_positions().items() if n in columns}
        lists = {name: target._is_list(columns[name]) for name in positions}
        listed = {name for name in positions if target._is_listed(columns[name])}
        known = {name: {text: "" for column, text in codes if column == name} for name in listed}
        read, problems = {}, {}
        for row in rows:
            values, cells = {}, row.cells or []
            for name, position in positions.items():
                text = cells[position] if position < len(cells) else ""
                if not text:
                    continue
                if name not in listed:
                    values[name] = text
                    continue
                found = []
                for part in split_texts(text, lists[name], known[name]):
                    code = codes.get((name, plain_text(part)), "?")
                    if code == "?":
                        problems.setdefault(row, []).append(
                            Problem(name, self._say_unmatched(part, name, target))
                        )
                    elif code:
                        found.append(code)
                if found:
                    values[name] = ",".join(found)
            read[row] = values
        return read, problems

    def _say_unmatched(self, text, name, target):
        return self.env._(
            "“%(text)s” was not matched with anything in “%(column)s”. Choose what it is in the"
            " list of codes.",
            text=text,
            column=target._get_import_label(name),
        )

    def _find_doubles(self, rows, problems):
        """Refuse rows with the number of a row above them: which of the two is right?"""
        found = self.env.execute_query(
            SQL(
                """
                SELECT double.id, min(first.number)
                  FROM buurtbemiddeling_import_row AS double
                  JOIN buurtbemiddeling_import_row AS first
                    ON first.import_id = double.import_id
                   AND first.reference = double.reference
                   AND first.number < double.number
                 WHERE double.id = ANY(%s)
              GROUP BY double.id
                """,
                list(rows.ids),
            )
        )
        for id_, number in found:
            row = rows.browse(id_)
            sentence = self.env._(
                "Row %(number)s has the same number, %(reference)s. Keep one of the two.",
                number=number,
                reference=row.reference,
            )
            problems.setdefault(row, []).append(Problem("external_ref", sentence))

    def _note_problems(self, problems, target):
        headings = {c.choice_id.code: c.heading for c in self.column_ids if c.choice_id}
        # sudo: as of the rows
        self.env["buurtbemiddeling.import.problem"].sudo().create(
            [
                {
                    "import_id": self.id,
                    "company_id": self.company_id.id,
                    "number": row.number,
                    "heading": problem.column
                    and (headings.get(problem.column) or target._get_import_label(problem.column)),
                    "sentence": problem.sentence,
                }
                for row, found in problems.items()
                for problem in found
            ]
        )

    def _reset_rows(self):
        """Let all rows that are not in be tried anew."""
        self._delete_of(self.env["buurtbemiddeling.import.problem"])
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_import_row SET state = 'waiting'"
                " WHERE import_id = %s AND state IN ('ready', 'there', 'wrong')",
                self.id,
            )
        )
        self.env.invalidate_all(flush=False)

    def _end(self):
        """All rows were handled; of what is in, neither file nor rows are needed any more."""
        now = fields.Datetime.now()
        if self.state == "checking":
            self._put({"state": "checked", "end_date": now})
            return
        self._forget_cells(("there",))
        self._put({"state": "done", "end_date": now, "file": False})

    def _forget_cells(self, states):
        """Forget what rows in these states hold, and what was matched; how many stays known."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_import_row SET cells = NULL, reference = NULL"
                " WHERE import_id = %s AND state = ANY(%s)",
                self.id,
                list(states),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_import_column SET examples = NULL WHERE import_id = %s",
                self.id,
            )
        )
        self._delete_of(self.env["buurtbemiddeling.import.code"])
        self.env.cr.execute(
            SQL(
                "DELETE FROM buurtbemiddeling_import_choice"
                " WHERE import_id = %s AND \"column\" NOT IN ('heading', 'sheet')",
                self.id,
            )
        )
        self.env.invalidate_all(flush=False)
