from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import CaseCommon
from .common_random import AT_WEB, TEXT

NAMES = (
    "external_ref", "registration_date", "channel", "referrer_type", "area", "nuisance", "stage",
    "outcome", "close_date", "aftercare_date", "aftercare_outcome", "a_name", "a_email", "a_phone",
    "a_street", "a_zip", "a_city", "a_tenure", "b_name", "b_street", "b_zip",
)  # fmt: skip
COUNTED = ("buurtbemiddeling.case", "buurtbemiddeling.case.party", "res.partner")
KNOWN = ["closed", "new", "OPG_BEM", "GM0014", "DIEREN", "owner", "2-3-2020", "1-1-2021", "phone"]
CELL = st.one_of(TEXT, st.sampled_from(KNOWN), st.none(), st.dates().map(str))
ROWS = st.lists(st.dictionaries(st.sampled_from(NAMES), CELL, max_size=3), min_size=1, max_size=12)


@tagged("post_install", "-at_install")
class TestRandomImport(CaseCommon):
    """Whatever is in a row of an old sheet: it is imported whole and once, or refused in words."""

    def test_any_row_is_imported_once_or_refused(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        seen = {"imported": 0, "refused": 0}

        @settings(AT_WEB, max_examples=25)
        @given(ROWS)
        def import_rows(changed):
            rows = [
                {
                    "external_ref": f"OUD-{number}",
                    "registration_date": "2-3-2020",
                    "a_name": f"Anna {number}",
                    "a_street": f"Oudestraat {number}",
                    **change,
                }
                for number, change in enumerate(changed)
            ]
            savepoint = self.env.cr.savepoint()
            try:
                self.move_in(cases, rows, seen)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

        import_rows()
        self.assertGreater(seen["imported"], 50)
        self.assertGreater(seen["refused"], 50)

    def count(self):
        return [self.env[model].sudo().search_count([]) for model in COUNTED]

    def move_in(self, cases, rows, seen):
        """Import rows twice, and look at what became of them."""
        before = self.count()
        results = cases._import_rows(iter(rows))
        self.assertEqual(len(results), len(rows))
        made = [result for result in results if isinstance(result, int)]
        for result in results:
            if not isinstance(result, int):
                self.assertTrue(all(problem.sentence.strip() for problem in result))
        after = self.count()
        self.assertEqual(after[0], before[0] + len(set(made)))
        self.assertLessEqual(after[2], before[2] + 2 * len(made))
        imported = cases.browse(made)
        self.assertTrue(all(imported.mapped("registration_date")))
        self.assertLessEqual(imported.company_id, self.company)
        self.assertEqual(cases._import_rows(iter(rows)), results)
        self.assertEqual(self.count(), after, "a second time changes nothing")
        seen["imported"] += len(made)
        seen["refused"] += len(rows) - len(made)
