from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import MoneyCase


@tagged("post_install", "-at_install")
class TestMoneyImport(MoneyCase):
    def load(self, model, columns, rows):
        """Import as Odoo's own import does, and return its messages."""
        # as the screen of an import does
        records = self.env[f"buurtbemiddeling.{model}"].with_context(import_file=True)
        result = records.load(columns, rows)
        return " ".join(message["message"] for message in result["messages"])

    def load_actuals(self, *rows):
        columns = ["date", "project_id", "post_id", "amount", "description", "external_ref"]
        return self.load(
            "budget.actual", columns, [[row[0], "Town project", *row[1:]] for row in rows]
        )

    def test_costs_are_imported_once(self):
        first = ("2024-02-01", "overhead", "100.50", "Rent", "INK-1")
        second = ("2024-03-01", "Overhead and housing", "100.50", "Rent", "INK-2")
        self.assertFalse(self.load_actuals(first))
        self.assertIn("INK-1", self.load_actuals(second, first))
        self.assertEqual(self.costs(), 100.5, "nothing of the second file was booked")
        self.assertFalse(self.load_actuals(second))
        self.assertIn("INK-3", self.load_actuals(*[("2024-03-01", "other", "1", "", "INK-3")] * 2))

    def test_costs_without_a_number_are_imported_once_as_well(self):
        rent = ("2024-02-01", "overhead", "100.50", "Rent", "")
        self.assertFalse(self.load_actuals(rent))
        self.assertIn("“Rent” of 02/01/2024 is there already", self.load_actuals(rent))
        self.assertFalse(self.load_actuals(("2024-02-01", "overhead", "100.51", "Rent", "")))
        twice = ("2024-04-01", "overhead", "7", "Coffee", "")
        self.assertIn("twice in this file", self.load_actuals(twice, twice))
        self.spend(7, day=date(2024, 4, 1), description="Coffee")
        self.spend(7, day=date(2024, 4, 1), description="Coffee")  # by hand: who types knows

    def test_costs_of_two_organisations_may_have_the_same_number(self):
        self.spend(5, external_ref="INK-1")
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        project = self.project.copy(
            {"name": "Elsewhere", "company_id": other.id, "area_ids": False}
        )
        self.env["buurtbemiddeling.budget.actual"].with_context(
            allowed_company_ids=other.ids
        ).create(
            {
                "project_id": project.id,
                "post_id": self.post("overhead").id,
                "amount": 5,
                "external_ref": "INK-1",
            }
        )

    def test_an_amount_needs_a_post(self):
        self.assertTrue(self.load_actuals(("2024-02-01", "", "100", "Rent", "")))
        with self.assertRefused("Choose a post for “Rent”"):
            self.env["buurtbemiddeling.budget.actual"].create(
                {"project_id": self.project.id, "amount": 5, "description": "Rent"}
            )
        self.assertEqual(self.costs(), 0)

    def test_a_budget_is_imported_once(self):
        columns = ["project_id", "year", "line_ids/post_id", "line_ids/amount"]
        rows = [["Town project", "2024", "overhead", "1000"], ["", "", "other", "200"]]
        self.assertFalse(self.load("budget", columns, rows))
        with mute_logger("odoo.sql_db"):
            self.assertIn("has a budget for that year", self.load("budget", columns, rows))
        budget = self.env["buurtbemiddeling.budget"].search([("project_id", "=", self.project.id)])
        self.assertEqual((budget.year, budget.budgeted), (2024, 1200))
        with mute_logger("odoo.sql_db"):
            self.assertIn(
                "in the budget already",
                self.load(
                    "budget.line",
                    ["budget_id", "post_id", "amount"],
                    [[budget.name, "material", "5"], [budget.name, "other", "5"]],
                ),
            )
        self.assertEqual(budget.budgeted, 1200, "nothing of it was added")
