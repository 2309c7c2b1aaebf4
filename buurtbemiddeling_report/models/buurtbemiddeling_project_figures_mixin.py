from odoo import api, fields, models


class BuurtbemiddelingProjectFiguresMixin(models.AbstractModel):
    """Figures that may be about one project: then they are for who may see that project's figures.

    Record rules see to reading; here is the sentence for whoever would make such figures.
    """

    _name = "buurtbemiddeling.project.figures.mixin"
    _description = "Figures of a Project"

    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        "Only this project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_projects_open(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_projects_open([vals])
        return super().write(vals)

    @api.model
    def _check_projects_open(self, vals_list):
        projects = self.env["buurtbemiddeling.project"]
        projects = projects.browse(
            {vals["project_id"] for vals in vals_list if vals.get("project_id")}
        )
        projects._check_figures_open()
