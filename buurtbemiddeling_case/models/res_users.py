from odoo import api, fields, models
from odoo.fields import NO_ACCESS


class ResUsers(models.Model):
    _inherit = "res.users"

    buurtbemiddeling_digest = fields.Boolean(
        "Monday digest of buurtbemiddeling",
        default=True,
        help="A mail on Monday with the numbers of what asks attention. For coordinators.",
    )
    buurtbemiddeling_digest_date = fields.Date(
        "Last Monday digest on", readonly=True, copy=False, groups="base.group_system"
    )

    # What the record rules ask. Only code with all rights reads them: nobody's membership shows.
    buurtbemiddeling_closed_project_ids = fields.Many2many(
        "buurtbemiddeling.project",
        string="Projects of which the cases are closed to the user",
        compute="_compute_buurtbemiddeling_closed_projects",
        context={"active_test": False},
        groups=NO_ACCESS,
        export_string_translation=False, exportable=False,
    )
    buurtbemiddeling_closed_figures_project_ids = fields.Many2many(
        "buurtbemiddeling.project",
        string="Projects of which the figures are closed to the user",
        compute="_compute_buurtbemiddeling_closed_projects",
        context={"active_test": False},
        groups=NO_ACCESS,
        export_string_translation=False, exportable=False,
    )

    @api.depends("all_group_ids")
    def _compute_buurtbemiddeling_closed_projects(self):
        """Without a query; see ``buurtbemiddeling.project.rights.mixin``."""
        members_only = self.env["buurtbemiddeling.project"]._get_members_only()
        for user in self:
            closed, closed_figures = [], []
            if members_only and not user.has_group("buurtbemiddeling_case.group_manager"):
                for project_id, (member_ids, reader_ids) in members_only.items():
                    if user.id not in member_ids:
                        closed.append(project_id)
                        if user.id not in reader_ids:
                            closed_figures.append(project_id)
            user.buurtbemiddeling_closed_project_ids = closed
            user.buurtbemiddeling_closed_figures_project_ids = closed_figures

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["buurtbemiddeling_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["buurtbemiddeling_digest"]
