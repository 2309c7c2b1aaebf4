from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

ROLES = {
    "coordinator": "buurtbemiddeling_case.group_user",
    "manager": "buurtbemiddeling_case.group_manager",
    "figures": "buurtbemiddeling_report.group_reporting",
}


@tagged("post_install", "-at_install")
class TestMenus(HttpCase):
    """Every menu that a role sees opens, with all that its first view shows."""

    def get_actions(self, role):
        """Return a user in this role, and the actions of the menus that it finds."""
        user = mail_new_test_user(self.env, login=f"menu_{role}", groups=ROLES[role])
        root = self.env.ref("buurtbemiddeling_case.menu_root")
        menus = self.env["ir.ui.menu"].with_user(user).search([("id", "child_of", root.id)])
        visible = menus._filter_visible_menus()
        reachable = visible.filtered(
            lambda menu: all(
                int(id_) in visible.ids
                for id_ in menu.sudo().parent_path.split("/")
                if id_ and int(id_) != root.id
            )
        )
        actions = [menu.sudo().action for menu in reachable if menu.sudo().action]
        return user, [self.open_action(action, user) for action in actions]

    def open_action(self, action, user):
        """Return the name, model and views that a menu opens, also when it computes them first."""
        if action._name == "ir.actions.server":
            opened = action.with_user(user).run()
            modes = opened.get("view_mode") or ",".join(mode for _id, mode in opened["views"])
            return action.name, opened["res_model"], modes.split(",")
        return action.name, action.res_model, action.view_mode.split(",")

    def test_every_menu_opens_for_every_role(self):
        for role in ROLES:
            user, actions = self.get_actions(role)
            self.assertGreater(len(actions), 2, role)
            for name, res_model, modes in actions:
                model = self.env[res_model].with_user(user)
                for mode in modes:
                    with self.subTest(role=role, action=name, view=mode):
                        view = model.get_views([(False, mode)])
                        if mode not in ("list", "kanban", "form"):
                            continue
                        names = {
                            name: {"fields": {"display_name": {}}} if "relation" in field else {}
                            for name, field in view["models"][res_model]["fields"].items()
                        }
                        model.web_search_read([], names, limit=50)
                        if model.has_access("create") and model.has_access("write"):
                            model.new().onchange({}, [], names)

    def test_figures_only_finds_figures_and_nothing_else(self):
        _user, actions = self.get_actions("figures")
        self.assertEqual(
            {res_model for _name, res_model, _modes in actions},
            {
                "buurtbemiddeling.benchmark",
                "buurtbemiddeling.benchmark.line",
                "buurtbemiddeling.benchmark.reference",
                "buurtbemiddeling.budget",
                "buurtbemiddeling.plan",
                "buurtbemiddeling.recognition",
                "buurtbemiddeling.steering.decision",
                "buurtbemiddeling.steering.meeting",
                "buurtbemiddeling.target",
                "buurtbemiddeling.year.report",
            },
        )
