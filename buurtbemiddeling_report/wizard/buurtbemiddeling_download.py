from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingDownload(models.TransientModel):
    """Which form of a benchmark to download, and as what."""

    _name = "buurtbemiddeling.download"
    _description = "Download of a Benchmark"
    _rec_name = "benchmark_id"

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="benchmark_id.company_id", related_sudo=False)
    file_format = fields.Selection(
        "_selection_file_format",
        "As",
        required=True,
        default="xlsx",
        help="Which program the file is for.",
    )
    sees_all = fields.Boolean(compute="_compute_sees_all", compute_sudo=False)
    layout_id = fields.Many2one(
        "buurtbemiddeling.layout",
        "Form",
        domain="[('company_id', 'in', (False, company_id))]",
        default=lambda self: self.env["buurtbemiddeling.layout"]._get_full(),
        ondelete="cascade",
    )
    first_year = fields.Integer(
        "From year",
        compute="_compute_first_year",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The file begins with the cases of this year, and ends with the year of the figures.",
    )
    note = fields.Text(related="layout_id.note", related_sudo=False)
    is_public = fields.Boolean(
        "For outside the organisation",
        compute="_compute_is_public",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Small numbers, and what would give them away, stand as *. That it went out is noted.",
    )
    is_always_public = fields.Boolean(
        "Form is for outside", related="layout_id.is_public", related_sudo=False
    )

    @api.model
    def _selection_file_format(self):
        """The case file is offered only to who may have it: see ``_check_case_file``."""
        formats = [
            ("xlsx", self.env._("Excel workbook")),
            ("csv", self.env._("CSV: every figure a row")),
            ("json", self.env._("JSON: for another program")),
        ]
        if self._may_have_cases():
            formats += [
                ("cases", self.env._("CSV: every case a row, anonymous")),
                ("cases_xlsx", self.env._("Excel workbook: every case a row, anonymous")),
            ]
        return formats

    @api.model
    def _may_have_cases(self):
        user = self.env.user
        return user.has_group("buurtbemiddeling_case.group_user") and user.has_group(
            "base.group_allow_export"
        )

    @api.depends("benchmark_id")
    @api.depends_context("uid")
    def _compute_sees_all(self):
        self.sees_all = self.env["buurtbemiddeling.benchmark"]._sees_all()

    @api.depends("layout_id")
    def _compute_is_public(self):
        for download in self:
            download.is_public = download.layout_id.is_public

    @api.depends("benchmark_id")
    def _compute_first_year(self):
        for download in self:
            download.first_year = download.benchmark_id.year

    def action_download(self):
        """Download the file, computing the figures first when there are none yet.

        :raise UserError: with a sentence, when the file can not be made
        """
        self.ensure_one()
        benchmark, file_format = self.benchmark_id, self.file_format
        url = f"/buurtbemiddeling/benchmark/{benchmark.id}/{file_format}"
        if file_format in ("cases", "cases_xlsx"):
            benchmark._check_case_file(self.first_year)
            url = f"/buurtbemiddeling/benchmark/{benchmark.id}/cases?since={self.first_year}"
            if file_format == "cases_xlsx":
                url += "&as=xlsx"
        elif not self.layout_id:
            raise UserError(self.env._("Choose a form to download."))
        else:
            url += f"?layout={self.layout_id.id}"
            if self.is_public:
                url += "&public=1"
            if not benchmark.computed_on:
                benchmark.action_compute()
        return {"type": "ir.actions.act_url", "url": url, "target": "download", "close": True}
