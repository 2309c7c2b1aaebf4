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
