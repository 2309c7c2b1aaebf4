import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models import buurtbemiddeling_import
from ..models import buurtbemiddeling_import_working_mixin as working
from .common_import import HEADINGS, ImportCommon
from .test_sheets import make_book


@tagged("post_install", "-at_install")
class TestImportGoingOn(ImportCommon):
    """An import that is under way: batches, who may, and what is forgotten."""

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
        self.assertEqual(found, {"Zaaknr": "external_ref", "Datum aanmelding": "registration_date"})

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
