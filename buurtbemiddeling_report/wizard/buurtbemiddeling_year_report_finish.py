from odoo import api, fields, models


class BuurtbemiddelingYearReportFinish(models.TransientModel):
    """What to look at before a report becomes final. It stores nothing that it finds."""

    _name = "buurtbemiddeling.year.report.finish"
    _description = "Make a Report Final"
    _rec_name = "report_id"

    report_id = fields.Many2one("buurtbemiddeling.year.report", required=True, ondelete="cascade")
    basis = fields.Char("Rests on", compute="_compute_findings", compute_sudo=False)
    is_frozen = fields.Boolean(compute="_compute_findings", compute_sudo=False)
    is_freezing = fields.Boolean(
        "Freeze the benchmark as well",
        compute="_compute_is_freezing",
        store=True,
        readonly=False,
        compute_sudo=False,
        help="Then the benchmark keeps these figures too, and later years are compared with them.",
    )
    is_internal = fields.Boolean(related="report_id.is_internal", related_sudo=False)
    names = fields.Char("Looks like a resident", compute="_compute_findings", compute_sudo=False)
    inherited = fields.Char(
        "Still from the previous report", compute="_compute_findings", compute_sudo=False
    )

    @api.depends("report_id")
    def _compute_findings(self):
        for finish in self:
            report = finish.report_id
            finish.basis = report and report._get_basis()
            finish.is_frozen = report.benchmark_id.state == "frozen"
            finish.names = ", ".join(report._find_names()) if report else False
            finish.inherited = ", ".join(report._get_inherited().mapped("name"))

    @api.depends("report_id")
    def _compute_is_freezing(self):
        for finish in self:
            benchmark = finish.report_id.benchmark_id
            finish.is_freezing = benchmark.state == "draft" and not benchmark.is_early

    def action_finish(self):
        """Make the report final, and freeze its benchmark if that was asked.

        :raise UserError: when there are no figures, or they can not be frozen
        """
        self.ensure_one()
        self.report_id._finalize(freeze=self.is_freezing)
        return {"type": "ir.actions.act_window_close"}
