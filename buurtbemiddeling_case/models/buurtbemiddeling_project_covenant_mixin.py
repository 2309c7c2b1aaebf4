from odoo import api, fields, models


class BuurtbemiddelingProjectCovenantMixin(models.AbstractModel):
    """The agreements with the network that hold for a project."""

    _name = "buurtbemiddeling.project.covenant.mixin"
    _description = "Agreements of a Project"

    covenant_ids = fields.Many2many(
        "buurtbemiddeling.covenant",
        string="Agreements with the network",
        compute="_compute_covenant_ids",
        help="Those of this project, and those of the whole organisation.",
        groups="buurtbemiddeling_case.group_user",
    )
    covenant_count = fields.Integer(
        "Agreements", compute="_compute_covenant_ids", groups="buurtbemiddeling_case.group_user"
    )

    @api.depends("company_id")
    def _compute_covenant_ids(self):
        covenants = self.env["buurtbemiddeling.covenant"].search(self._get_covenant_domain())
        for project in self:
            project.covenant_ids = covenants.filtered(
                lambda it, project=project: (
                    it.company_id == project.company_id and it.project_id <= project._origin
                )
            )
            project.covenant_count = len(project.covenant_ids)

    def _get_covenant_domain(self):
        """Return the domain of the agreements of these projects that are not replaced."""
        return [
            ("company_id", "in", self.company_id.ids),
            ("project_id", "in", [*self._origin.ids, False]),
            ("state", "!=", "replaced"),
        ]

    def action_open_covenants(self):
        """Open the agreements of this project and of the whole organisation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_covenant_action"
        )
        return {
            **action,
            "domain": self._get_covenant_domain(),
            "context": {
                "default_project_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
