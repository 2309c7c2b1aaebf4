from odoo import api, fields, models


class BuurtbemiddelingProject(models.Model):
    _name = "buurtbemiddeling.project"
    _inherit = [
        "buurtbemiddeling.project",
        "buurtbemiddeling.project.budget.mixin",
        "buurtbemiddeling.project.plan.mixin",
    ]

    # figures and targets
    benchmark_count = fields.Integer("Number of benchmarks", compute="_compute_figure_counts")
    target_count = fields.Integer("Number of targets", compute="_compute_figure_counts")

    def _compute_figure_counts(self):
        for model, name in (("benchmark", "benchmark_count"), ("target", "target_count")):
            groups = self.env[f"buurtbemiddeling.{model}"]._read_group(
                [("project_id", "in", self.ids)], ["project_id"], ["__count"]
            )
            counts = {project.id: count for project, count in groups}
            for project in self:
                project[name] = counts.get(project.id, 0)

    @api.model
    def _get_figure_models(self):
        return super()._get_figure_models() | {
            "buurtbemiddeling.benchmark",
            "buurtbemiddeling.target",
            "buurtbemiddeling.year.report",
        }

    def action_open_benchmarks(self):
        """Open the figures of this project; new ones are about it."""
        return self._open_own("benchmark", {})

    def action_open_targets(self):
        """Open the board of the targets of this project; new ones are about it."""
        return self._open_own("target", {"search_default_this_year": 1})

    def action_open_year_reports(self):
        """Open the reports of this project; new ones are about it."""
        return self._open_own("year_report", {})

    def action_open_key_figures(self):
        """Open the newest figures of this project as the tiles of the steering group."""
        self.ensure_one()
        return self.env["buurtbemiddeling.benchmark.line"]._open_tiles(self)

    def _open_own(self, name, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"buurtbemiddeling_report.buurtbemiddeling_{name}_action"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("project_id", "=", self.id)],
            "context": {
                **context,
                "default_project_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
