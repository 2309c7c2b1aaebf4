import base64

from odoo.tests import HttpCase, tagged

from .common_import import ImportCommon


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
