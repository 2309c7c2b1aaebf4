from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import CaseCommon

# what says that we remove by ourselves, on a day
PROMISES = ("wissen ze", "wissen uw", "delete them", "delete your", "Usuwamy", "usuniemy")


@tagged("post_install", "-at_install")
class TestLetterPromise(CaseCommon):
    """Whether data go by themselves is a switch: a letter names the term, and promises no more."""

    def test_letters_name_the_term_of_the_settings_and_promise_no_removal(self):
        self.company.buurtbemiddeling_retention_months = 36
        party = self.make_quarrel().party_ids[1]
        named = 0
        for letter in self.env["buurtbemiddeling.letter"].search([("language_id", "!=", False)]):
            text = html2plaintext(letter._render_letter(party)[1])
            for promise in PROMISES:
                self.assertNotIn(promise, text, letter.display_name)
            if "retention_text" in letter.body_html:
                named += 1
                self.assertIn("3 ", text, letter.display_name)
        self.assertGreaterEqual(named, 12, "four kinds in three languages")
