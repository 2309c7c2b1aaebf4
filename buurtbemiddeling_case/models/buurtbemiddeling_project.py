from odoo import api, fields, models


class BuurtbemiddelingProject(models.Model):
    """The unit that a steering group commissions: areas served, coordinators, a start."""

    _name = "buurtbemiddeling.project"
    _description = "Neighbour Mediation Project"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    area_ids = fields.Many2many(
        "buurtbemiddeling.area",
        "buurtbemiddeling_project_area_rel",
        "project_id",
        "area_id",
        string="Areas served",
        ondelete="restrict",
        help="Cases in these areas, and in the areas inside them, fall under the project.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_project_user_rel",
        "project_id",
        "user_id",
        string="Coordinators",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids)
        ],
    )
    date_start = fields.Date("Start", default=fields.Date.context_today)

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        projects._adopt_cases()
        return projects

    def write(self, vals):
        res = super().write(vals)
        if {"area_ids", "company_id", "active"} & vals.keys():
            self._adopt_cases()
        return res

    def _adopt_cases(self):
        """Cases in the areas served that have no project yet fall under this one."""
        cases = self.env["buurtbemiddeling.case"].with_context(active_test=False)
        for project in self.filtered("area_ids"):
            cases |= cases.search(
                [
                    ("company_id", "=", project.company_id.id),
                    ("project_id", "=", False),
                    ("area_id", "child_of", project.area_ids.ids),
                ]
            )
        cases._compute_project_id()

    def _get_by_area(self, areas, companies):
        """Return ``{(company id, area id): project}`` for those areas that a project serves.

        The project that serves the smallest area around a place wins. One query, whatever the
        number of areas.
        """
        projects = self.search([("company_id", "in", companies.ids)])
        by_served_area = {}
        for project in projects:
            for area in project.area_ids:
                by_served_area.setdefault((project.company_id.id, area.id), project)
        result = {}
        for area in areas:
            around = [int(part) for part in (area.parent_path or "").split("/") if part]
            for company in companies:
                for area_id in reversed(around):
                    if (company.id, area_id) in by_served_area:
                        result[company.id, area.id] = by_served_area[company.id, area_id]
                        break
        return result
