from datetime import date, timedelta
from urllib.parse import urlparse

from odoo.tests import tagged

from .common_mediator_talk import MediatorCommon
from .test_mediator_talk import ODD, SCRIPT


@tagged("post_install", "-at_install")
class TestMediatorExpense(MediatorCommon):
    """Volunteers claim their own expenses, and see what became of them."""

    def setUp(self):
        super().setUp()
        self.yesterday = date.today() - timedelta(days=1)
        self.company.write({"buurtbemiddeling_km_rate": 0.25, "buurtbemiddeling_case_expense": 0})

    def claim(self, url=None, **answers):
        return self.send(
            url or self.url("/kosten"),
            **{
                "kind": "parking",
                "amount": "4,50",
                "date": self.yesterday.isoformat(),
                **answers,
            },
        )

    def make_expense(self, volunteer=None, **values):
        return self.env["buurtbemiddeling.expense"].create(
            {
                "volunteer_id": (volunteer or self.vera).id,
                "kind": "other",
                "amount": 7,
                "state": "submitted",
                **values,
            }
        )

    def get_expenses(self):
        self.env.invalidate_all()
        return self.vera.expense_ids

    def assertClaimed(self, response, path, done="claimed"):  # noqa: N802
        self.assertEqual(response.status_code, 303, response.text)
        address = urlparse(response.headers["Location"])
        self.assertEqual(address.path, path)
        self.assertIn(f"done={done}", address.query)
        page = self.get(f"{address.path}?{address.query}")
        self.assertIn('role="status"', page.text)
        return page

    # ------------------------------------------------------------
    # CLAIMING
    # ------------------------------------------------------------

    def test_costs_in_a_case_wait_for_approval(self):
        page = self.assertClaimed(self.claim(description="Parkeren"), self.url("/kosten"))
        self.assertRecordValues(
            self.get_expenses(),
            [
                {
                    "assignment_id": self.of_vera.id,
                    "case_id": self.case.id,
                    "kind": "parking",
                    "amount": 4.5,
                    "date": self.yesterday,
                    "state": "submitted",
                    "description": "Parkeren",
                    "create_uid": self.vera.user_id.id,
                }
            ],
        )
        self.assertIn("With your coordinator", page.text)

    def test_travel_is_paid_by_the_kilometre_or_by_what_was_paid(self):
        url = self.url("/kosten")
        self.assertClaimed(self.claim(kind="travel", distance="10,4", amount=""), url)
        self.assertClaimed(self.claim(kind="travel", distance="", amount="3"), url)
        self.assertEqual(sorted(self.get_expenses().mapped("amount")), [2.6, 3])
        self.assertRefused(self.claim(kind="travel", distance="10"), "not both")
        self.company.buurtbemiddeling_km_rate = 0
        self.assertNotIn('name="distance"', self.get(url).text)
        self.assertRefused(
            self.claim(kind="travel", distance="10", amount=""), "Fill in the amount"
        )

    def test_costs_outside_a_case(self):
        page = self.assertClaimed(self.claim("/my/kosten", kind="travel"), "/my/kosten")
        self.assertRecordValues(
            self.get_expenses(),
            [{"assignment_id": False, "case_id": False, "volunteer_id": self.vera.id}],
        )
        self.assertNotIn("4.50", self.get(self.url("/kosten")).text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_the_number_of_the_case_stands_with_its_costs_while_one_works_in_it(self):
        self.make_expense(assignment_id=self.of_vera.id)
        self.env.flush_all()
        self.assertIn(f"Case {self.case.name}", self.get("/my/kosten").text)
        self.of_vera.state = "ended"
        self.env.flush_all()
        page = self.get("/my/kosten").text
        self.assertNotIn(self.case.name, page)
        self.assertIn("for a case", page)

    def test_the_fixed_amount_is_explained_and_can_not_be_claimed(self):
        self.assertNotIn("fixed amount", self.get(self.url("/kosten")).text)
        self.company.buurtbemiddeling_case_expense = 30
        self.assertIn("30.00", self.get(self.url("/kosten")).text)
        self.assertRefused(self.claim(kind="fixed"), "Choose what kind of costs they are.")

    def test_a_volunteer_of_two_organisations_claims_at_each(self):
        there = self.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": self.vera.partner_id.id,
                "company_id": self.other_company.id,
                "user_id": self.vera.user_id.id,
            }
        )
        self.assertIn(self.other_company.name, self.get("/my/kosten").text)
        token = self.env["buurtbemiddeling.door.key"]._make_token(self.other_company)
        self.assertClaimed(
            self.claim("/my/kosten", organisation=str(self.other_company.id), token=token),
            "/my/kosten",
        )
        self.assertEqual(there.expense_ids.company_id, self.other_company)
        for number in (self.env.ref("base.main_company").id, 0, "x"):
            self.assertGone(self.claim("/my/kosten", organisation=str(number)))

    def test_bad_answers_are_refused_with_a_sentence(self):
        to_come = (date.today() + timedelta(days=2)).isoformat()  # it may be tomorrow here by now
        for answers, sentence in (
            ({"amount": "-4"}, "Fill in the amount"),
            ({"amount": "0"}, "Fill in the amount"),
            ({"amount": "0,00"}, "Fill in the amount"),
            ({"amount": "999999999999"}, "Fill in the amount"),
            ({"amount": "NaN"}, "Fill in the amount"),
            ({"amount": "1e309"}, "Fill in the amount"),
            ({"amount": "inf"}, "Fill in the amount"),
            ({"amount": ODD}, "Fill in the amount"),
            ({"kind": "travel", "amount": "", "distance": "-3"}, "number of kilometres"),
            ({"kind": "travel", "amount": "", "distance": "1e309"}, "number of kilometres"),
            ({"kind": "approved"}, "Choose what kind of costs they are."),
            ({"date": "0001-01-01"}, "too long ago"),
            ({"date": "9999-99-99"}, "Fill in the day of the costs."),
            ({"date": to_come}, "once they were made"),
            ({"date": "2026-03-01"}, "too long ago"),
            ({"description": "x" * 151}, "This is too long."),
        ):
            with self.subTest(answers=answers):
                self.assertRefused(self.claim(**answers), sentence)
        self.assertFalse(self.get_expenses())

    def test_only_what_the_form_asks_is_written(self):
        self.claim(
            state="approved",
            approved_by_id=str(self.coordinator.id),
            volunteer_id=str(self.wim.id),
            assignment_id=str(self.of_wim_elsewhere.id),
            case_id=str(self.other_case.id),
            export_id="1",
            refusal_reason="x",
        )
        self.assertRecordValues(
            self.get_expenses(),
            [
                {
                    "state": "submitted",
                    "approved_by_id": False,
                    "case_id": self.case.id,
                    "export_id": False,
                    "refusal_reason": False,
                }
            ],
        )
        self.assertFalse(self.wim.expense_ids)

    def test_a_form_that_is_sent_twice_is_one_expense(self):
        for url in (self.url("/kosten"), "/my/kosten"):
            token = self.make_token()
            for _time in range(2):
                self.assertClaimed(self.claim(url, token=token), url)
        self.assertEqual(len(self.get_expenses()), 2)

    def test_what_is_typed_is_text_and_stays_text(self):
        page = self.assertClaimed(self.claim(description=SCRIPT), self.url("/kosten"))
        self.assertNotIn(SCRIPT, page.text)
        self.assertIn("&lt;script&gt;", page.text)
        self.assertEqual(self.get_expenses().description, SCRIPT)

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    def test_a_volunteer_sees_why_an_expense_was_refused(self):
        expense = self.make_expense(assignment_id=self.of_vera.id)
        expense.write({"refusal_reason": "Bonnetje vergeten", "state": "refused"})
        for url in (self.url("/kosten"), "/my/kosten"):
            self.assertIn("Bonnetje vergeten", self.get(url).text)

    def test_what_is_not_decided_is_corrected_and_asked_anew(self):
        expense = self.make_expense(state="draft")
        self.assertIn("7.00", self.get(f"/my/kosten/{expense.id}").text)
        self.assertClaimed(
            self.claim(f"/my/kosten/{expense.id}", amount="8", state="approved"),
            "/my/kosten",
            "changed",
        )
        self.assertEqual((expense.amount, expense.state), (8, "submitted"))

    def test_what_is_not_decided_is_withdrawn_once(self):
        expense, token = self.make_expense(), self.make_token()
        for _time in range(2):
            self.assertClaimed(
                self.send(f"/my/kosten/{expense.id}", action="withdraw", token=token),
                "/my/kosten",
                "changed",
            )
        self.assertFalse(expense.exists())

    def test_numbers_are_written_as_in_the_language(self):
        self.env.ref("base.lang_en").decimal_point = ","
        expense = self.make_expense(assignment_id=self.of_vera.id, amount=4.5)
        self.assertIn('value="4,50"', self.get(f"/my/kosten/{expense.id}").text)

    def test_what_is_decided_stays_as_it_is(self):
        for state in ("approved", "refused"):
            expense = self.make_expense(assignment_id=self.of_vera.id, refusal_reason="Nee")
            expense.state = state
            self.assertEqual(self.get(f"/my/kosten/{expense.id}").status_code, 404)
            for answers in ({"amount": "99"}, {"action": "withdraw"}):
                self.assertRefused(
                    self.claim(f"/my/kosten/{expense.id}", **answers), "in the meantime"
                )
            self.assertEqual((expense.amount, expense.state), (7, state))

    def test_after_the_case_the_money_stays_in_sight_and_the_case_does_not(self):
        self.make_expense(assignment_id=self.of_vera.id, description="Parkeren")
        self.of_vera.state = "ended"
        page = self.get("/my/kosten").text
        self.assertIn("Parkeren", page)
        self.assertNotIn(self.case.name, page)
        self.assertGone(self.get(self.url("/kosten")))
        self.assertGone(self.claim(description="Tram"), "Tram")

    # ------------------------------------------------------------
    # ONLY ONE'S OWN
    # ------------------------------------------------------------

    def test_expenses_of_a_colleague_are_not_there(self):
        expense = self.make_expense(
            self.wim, assignment_id=self.of_wim.id, description="Taxi van Wim"
        )
        for url in (self.url("/kosten"), "/my/kosten"):
            self.assertNotIn("Taxi van Wim", self.get(url).text)
        for number in (expense.id, 0, 10**9, 10**40):
            self.assertGone(self.get(f"/my/kosten/{number}"))
            for answers in ({"amount": "1"}, {"action": "withdraw"}):
                self.assertGone(self.claim(f"/my/kosten/{number}", **answers))
        self.assertEqual(expense.amount, 7)

    def test_who_is_no_volunteer_has_no_expenses(self):
        self.vera.active = False
        self.assertGone(self.get("/my/kosten"))
        self.assertGone(self.claim("/my/kosten"))
        self.assertFalse(self.vera.expense_ids)

    def test_expenses_of_a_case_are_reached_by_ones_own_live_assignment_only(self):
        answers = {"kind": "other", "amount": "1", "date": self.yesterday.isoformat()}
        self.assertOnlyMine(["/kosten"], answers)

    def test_expenses_are_shut_for_who_is_not_logged_in(self):
        expense = self.make_expense()
        for url in (self.url("/kosten"), "/my/kosten", f"/my/kosten/{expense.id}"):
            self.assertShut(url, {"kind": "other", "amount": "1"})

    def test_more_expenses_take_no_more_queries(self):
        mine = self.vera.with_user(self.vera.user_id).sudo()
        self.make_expense()
        few = self.count_queries(mine._get_portal_expenses)
        for _number in range(5):
            self.make_expense()
        self.assertLessEqual(self.count_queries(mine._get_portal_expenses), few)
