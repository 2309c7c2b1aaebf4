from odoo import api, fields, models


class BuurtbemiddelingVolunteerProjectMixin(models.AbstractModel):
    """Under which project a volunteer falls, for its figures and its costs."""

    _name = "buurtbemiddeling.volunteer.project.mixin"
    _description = "Project of a Volunteer"

    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The project where the volunteer lives, or else that of the coordinator. Change it"
        " when the volunteer works for another project.",
    )

    @api.depends("area_id", "coordinator_id", "company_id")
    def _compute_project_id(self):
        """Where the volunteer lives; else the only project of the coordinator.

        A project that was filled in stays as long as it is of the same organisation.
        """
        projects = self.env["buurtbemiddeling.project"]
        empty = self.filtered(
            lambda each: not each.project_id or each.project_id.company_id != each.company_id
        )
        places = {
            volunteer: (volunteer.company_id.id, volunteer.area_id, False)
            for volunteer in empty
            if volunteer.area_id
        }
        found = projects._get_of_places(set(places.values()))
        only = projects._get_only(empty.coordinator_id, empty.company_id)
        for volunteer in self - empty:
            volunteer.project_id = volunteer.project_id
        for volunteer in empty:
            volunteer.project_id = found.get(places.get(volunteer)) or only.get(
                (volunteer.company_id, volunteer.coordinator_id)
            )
