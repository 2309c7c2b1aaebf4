from odoo import api, fields, models


class BuurtbemiddelingProject(models.Model):
    _inherit = "buurtbemiddeling.project"

    volunteer_ids = fields.One2many(
        "buurtbemiddeling.volunteer",
        "project_id",
        "Volunteers",
        groups="buurtbemiddeling_case.group_user",
    )
    volunteer_count = fields.Integer(
        "Number of volunteers",
        compute="_compute_volunteer_count",
        groups="buurtbemiddeling_case.group_user",
    )

    def _compute_volunteer_count(self):
        """Those who work for it: who left or only applied is not counted."""
        groups = self.env["buurtbemiddeling.volunteer"]._read_group(
            [("project_id", "in", self.ids), ("stage_id.is_active", "=", True)],
            ["project_id"],
            ["__count"],
        )
        counts = {project.id: count for project, count in groups}
        for project in self:
            project.volunteer_count = counts.get(project.id, 0)

    def _adopt(self):
        """Volunteers, expenses and trainings without a project may fall under this one, too."""
        res = super()._adopt()
        without = [("company_id", "in", self.company_id.ids), ("project_id", "=", False)]
        for name in ("buurtbemiddeling.volunteer", "buurtbemiddeling.training.session"):
            records = self.env[name].with_context(active_test=False).search(without)
            records._compute_project_id()
        # recomputed and not written: what went to the salary office may not be written
        expenses = self.env["buurtbemiddeling.expense"].search(without)
        self.env.add_to_compute(expenses._fields["project_id"], expenses)
        return res

    @api.model
    def _get_shared_models(self):
        """Volunteers and trainings are lent out to other projects."""
        lent_out = {"buurtbemiddeling.volunteer", "buurtbemiddeling.training.session"}
        return super()._get_shared_models() | lent_out

    def action_open_volunteers(self):
        """Open the volunteers of this project."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_action"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("project_id", "=", self.id)],
            "context": {"default_project_id": self.id},
        }
