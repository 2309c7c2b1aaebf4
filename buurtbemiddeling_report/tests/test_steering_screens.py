"""The screens of the steering group say what they are about, and what they leave out."""

from datetime import date

from odoo.tests import tagged

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestSteeringScreens(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.make_users("screens", "reporting", "coordinator")
        cls.make_cases(10, registered=date(2017, 2, 1))
        cls.make_cases(16)
        cls.benchmark = cls.compute(2018)
        cls.lines = cls.env["buurtbemiddeling.benchmark.line"].with_user(cls.users["reporting"])

    def test_years_of_part_of_a_year_say_until_which_day(self):
        self.assertEqual(self.lines.action_open_years()["name"], "Over the Years")
        half = self.compute(2018, reference_date=date(2018, 6, 30), is_to_date=True)
        line = self.line(half, "cases_registered").with_user(self.users["reporting"])
        name = line.action_open_years()["name"]
        self.assertEqual(name, "Over the Years, each until 30 June")

    def test_a_screen_says_whether_figures_are_too_small_or_not_there(self):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "area_ids": [(6, 0, self.make_area("North").ids)],
                "date_start": date(2010, 1, 1),
            }
        )
        action = self.lines.action_open_projects()
        self.assertEqual(action["name"], "Per Project")
        self.assertIn("once a coordinator has computed", action["help"])
        self.make_cases(2, project_id=project.id)
        self.compute(2018, project_id=project.id)
        action = self.lines.action_open_projects()
        self.assertEqual(action["name"], "Per Project, without what is too small to show")
        self.assertIn("Too small to show", action["help"])
        theirs = self.lines.with_user(self.users["coordinator"]).action_open_projects()
        self.assertEqual(theirs["name"], "Per Project")

    def test_graphs_write_figures_without_decimals_that_are_nought(self):
        """The formatter is in static/src/figures; whole numbers are counts of cases."""
        for name in ("years", "rows", "projects"):
            prefix = "buurtbemiddeling_report.buurtbemiddeling_dashboard_view_graph_"
            view = self.env.ref(prefix + name)
            (measure,) = view._get_combined_arch().xpath("//field[@type='measure']")
            self.assertEqual(measure.get("widget"), "buurtbemiddeling_figure")

    def test_who_gets_figures_only_begins_on_the_key_figures(self):
        begins = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_dashboard_action")
        reader, coordinator = self.users["reporting"], self.users["coordinator"]
        self.env["buurtbemiddeling.start.roles"].create(
            {
                "company_id": self.company.id,
                "figures_ids": [(6, 0, reader.ids)],
                "user_ids": [(6, 0, coordinator.ids)],
            }
        ).action_give()
        self.assertEqual(reader.action_id.id, begins.id)
        self.assertNotEqual(coordinator.action_id.id, begins.id)
