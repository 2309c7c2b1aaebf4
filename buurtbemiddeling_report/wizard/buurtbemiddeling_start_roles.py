from odoo import api, fields, models


class BuurtbemiddelingStartRoles(models.TransientModel):
    _inherit = "buurtbemiddeling.start.roles"

    figures_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_start_roles_figures_rel",
        string="Figures only",
        domain=[("share", "=", False)],
        help="See the figures of the organisation, and no case: a director, the steering group.",
    )

    @api.model
    def _get_roles(self):
        return {**super()._get_roles(), "figures_ids": "buurtbemiddeling_report.group_reporting"}

    def _set_first_screen(self, people):
        """Let who sees figures only begin on the key figures."""
        result = super()._set_first_screen(people)
        key_figures = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_dashboard_action")
        people.filtered(
            lambda user: (
                not user.action_id and user.has_group("buurtbemiddeling_report.group_reporting")
            )
        ).action_id = key_figures.id
        return result
