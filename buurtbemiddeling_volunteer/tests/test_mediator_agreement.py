import re
from datetime import date, timedelta

from odoo.tests import tagged

from .common_mediator_talk import MediatorCommon
from .test_mediator_talk import ODD, SCRIPT


@tagged("post_install", "-at_install")
class TestMediatorAgreement(MediatorCommon):
    """Mediators note what neighbours agreed, and attempts to reach the other party."""

    def agree(self, path="/afspraak", seen=None, **answers):
        """Send the form, by default as it is on the page right now."""
        answers = {"name": "Muziek uit na tienen", "who": "b", **answers}
        return self.send(self.url(path), seen=seen or self.see(path), **answers)

    def see(self, path):
        """Open the form, and return what it holds on how the agreement is now."""
        (seen,) = re.findall(r'name="seen" value="(\w*)"', self.get(self.url(path)).text) or [""]
        return seen

    def make_agreement(self, case=None, **values):
        return self.env["buurtbemiddeling.case.agreement"].create(
            {"case_id": (case or self.case).id, "name": "Groeten", **values}
        )

    def get_agreements(self):
        self.env.invalidate_all()
        return self.case.agreement_ids

    # ------------------------------------------------------------
    # AGREEMENTS
    # ------------------------------------------------------------

    def test_a_mediator_adds_and_corrects_an_agreement(self):
        self.assertIn("Both neighbours get this text.", self.get(self.url("/afspraak")).text)
        due = (date.today() + timedelta(days=30)).isoformat()
        page = self.assertDone(self.agree(date_due=due), self.url(), "agreement")
        self.assertIn("Muziek uit na tienen", page.text)
        agreement = self.get_agreements()
        self.assertRecordValues(
            agreement,
            [
                {
                    "name": "Muziek uit na tienen",
                    "who": "b",
                    "date_due": date.fromisoformat(due),
                    "create_uid": self.vera.user_id.id,
                }
            ],
        )
        path = f"/afspraak/{agreement.id}"
        self.assertIn("Muziek uit na tienen", self.get(self.url(path)).text)
        self.assertDone(self.agree(path, name="Anders", who="both"), self.url(), "agreement")
        self.assertRecordValues(
            self.get_agreements(), [{"name": "Anders", "who": "both", "date_due": False}]
        )

    def test_what_the_other_mediator_corrected_meanwhile_is_not_lost(self):
        agreement = self.make_agreement()
        path = f"/afspraak/{agreement.id}"
        seen = self.see(path)
        agreement.name = "Groeten op de trap"
        page = self.agree(path, seen=seen, name="Elkaar groeten")
        self.assertRefused(page, "Somebody else corrected this agreement")
        self.assertIn("Groeten op de trap", page.text)
        self.assertIn("Elkaar groeten", page.text)
        self.assertEqual(self.get_agreements().name, "Groeten op de trap")
        (seen,) = re.findall(r'name="seen" value="(\w+)"', page.text)
        # who has seen it may well want something else
        self.assertDone(
            self.agree(path, seen=seen, name="Elkaar groeten"), self.url(), "agreement"
        )
        self.assertEqual(self.get_agreements().name, "Elkaar groeten")

    def test_a_page_with_a_mistake_keeps_what_was_seen_before(self):
        agreement = self.make_agreement()
        path = f"/afspraak/{agreement.id}"
        seen = self.see(path)
        agreement.name = "Groeten op de trap"
        page = self.agree(path, seen=seen, name="  ")
        self.assertRefused(page, "Write what the neighbours agreed.")
        self.assertEqual(re.findall(r'name="seen" value="(\w+)"', page.text), [seen])

    def test_what_was_asked_at_aftercare_stays_as_it_was(self):
        agreement = self.make_agreement(kept="yes")
        self.assertRefused(self.agree(f"/afspraak/{agreement.id}"), "asked already")
        self.assertEqual(agreement.name, "Groeten")

    def test_bad_answers_are_refused_with_a_sentence(self):
        for answers, sentence in (
            ({"name": "  "}, "Write what the neighbours agreed."),
            ({"name": "x" * 301}, "This is too long."),
            ({"who": "c"}, "Choose who does it."),
            ({"date_due": "0001-01-01"}, "Is the year right?"),
            ({"date_due": "9999-99-99"}, "Is the year right?"),
            ({"date_due": "9999-12-31"}, "Is the year right?"),
        ):
            with self.subTest(answers=answers):
                self.assertRefused(self.agree(**answers), sentence)
        self.assertFalse(self.get_agreements())

    def test_only_what_the_form_asks_is_written_once_and_as_text(self):
        token = self.make_token()
        for _time in range(2):
            page = self.assertDone(
                self.agree(token=token, name=SCRIPT, kept="yes", case_id=str(self.other_case.id)),
                self.url(),
                "agreement",
            )
        self.assertNotIn(SCRIPT, page.text)
        self.assertRecordValues(self.get_agreements(), [{"name": SCRIPT, "kept": False}])
        self.assertFalse(self.other_case.agreement_ids)

    def test_an_agreement_of_another_case_is_not_there(self):
        agreement = self.make_agreement(self.other_case)
        for number in (agreement.id, 0, 10**9, 10**40):
            path = f"/afspraak/{number}"
            self.assertGone(self.get(self.url(path)))
            self.assertGone(self.agree(path, name="Getypt"), "Getypt")
        self.assertEqual(agreement.name, "Groeten")
        self.assertFalse(self.get_agreements())

    # ------------------------------------------------------------
    # AT THE DOOR
    # ------------------------------------------------------------

    def knock(self, **answers):
        return self.send(
            self.url("/aan-de-deur"),
            **{
                "party": str(self.bert.id),
                "date": date.today().isoformat(),
                "mode": "visit",
                "outcome": "nobody",
                **answers,
            },
        )

    def get_approaches(self):
        self.env.invalidate_all()
        return self.case.approach_ids

    def test_an_attempt_at_the_door_counts_as_contact_and_says_who_is_willing(self):
        token = self.make_token()
        for _time in range(2):
            self.assertDone(
                self.knock(token=token, user_id=str(self.coordinator.id)), self.url(), "approach"
            )
        self.assertRecordValues(
            self.get_approaches(),
            [
                {
                    "party_id": self.bert.id,
                    "mode": "visit",
                    "outcome": "nobody",
                    "user_id": self.vera.user_id.id,
                }
            ],
        )
        self.assertEqual(self.case.last_contact_date, date.today())
        self.assertEqual(self.bert.willing, "unknown")
        self.assertDone(self.knock(outcome="willing"), self.url(), "approach")
        self.assertEqual(self.bert.willing, "yes")

    def test_only_the_other_party_of_this_case_is_approached(self):
        stranger = self.other_case.party_ids.filtered(lambda party: party.side == "b")
        for party in (stranger.id, self.anna.id, 0, "x", "9" * 40, ODD):
            self.assertRefused(self.knock(party=str(party)), "Choose whom you wanted to reach.")
        for answers, sentence in (
            ({"date": "9999-99-99"}, "Fill in the day"),
            ({"date": (date.today() + timedelta(days=2)).isoformat()}, "Fill in the day"),
            ({"date": "0001-01-01"}, "Fill in the day"),
            ({"mode": "x"}, "Choose how you tried."),
            ({"outcome": "yes"}, "Choose what came of it."),
        ):
            self.assertRefused(self.knock(**answers), sentence)
        self.assertFalse(self.get_approaches())

    def test_while_the_other_party_is_unknown_there_is_nobody_to_approach(self):
        self.bert.unlink()
        self.assertIn("not known yet", self.get(self.url("/aan-de-deur")).text)
        self.assertRefused(self.knock(), "Choose whom you wanted to reach.")

    # ------------------------------------------------------------
    # ONLY ONE'S OWN
    # ------------------------------------------------------------

    def test_all_is_reached_by_ones_own_live_assignment_only(self):
        agreement = self.make_agreement()
        self.assertOnlyMine(
            ["/afspraak", f"/afspraak/{agreement.id}", "/aan-de-deur"],
            {"name": "x", "who": "b", "outcome": "nobody"},
        )

    def test_all_is_shut_for_who_is_not_logged_in(self):
        agreement = self.make_agreement()
        for path in ("/afspraak", f"/afspraak/{agreement.id}", "/aan-de-deur"):
            self.assertShut(self.url(path), {"name": "x", "who": "b"})
