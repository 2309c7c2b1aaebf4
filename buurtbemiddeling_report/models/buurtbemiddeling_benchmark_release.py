from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingBenchmarkRelease(models.Model):
    """A version of a benchmark that left the organisation: the log of what others know.

    Later versions are compared with it, so that nothing hidden in the one can be found by
    subtracting the other. It is made by ``benchmark._release()`` and stays as it is. That the
    anonymous case file was taken is noted here too, without any figure.
    """

    _name = "buurtbemiddeling.benchmark.release"
    _description = "Version that Left the Organisation"
    _order = "date desc, id desc"

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="benchmark_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [("figures", "Figures"), ("cases", "Anonymous case file")],
        "What",
        required=True,
        readonly=True,
        default="figures",
    )
    date = fields.Datetime("Left on", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
    )
    layout_name = fields.Char("Form", readonly=True)
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    reference_date = fields.Date(required=True, readonly=True)
    area_ids = fields.Many2many("buurtbemiddeling.area", string="Only these areas", readonly=True)
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        "Only this project",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    threshold = fields.Integer(
        "Smallest number", readonly=True, aggregator=None, help="Smaller numbers were left out."
    )
    line_count = fields.Integer("Figures shown", readonly=True, aggregator=None)
    # {breakdown's id: {code of the row: {code of the figure: [numerator, denominator, shown]}}};
    # the total under the key ""
    counts = fields.Json(
        required=True, readonly=True, export_string_translation=False, exportable=False
    )

    _company_year_idx = models.Index("(company_id, year)")

    def write(self, vals):
        """Refuse: what others know can not be changed afterwards."""
        if self:
            raise UserError(
                self.env._(
                    "What has left the organisation can not be changed: others have it already."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What has left the organisation can not be deleted: later versions are compared"
                " with it."
            )
        )
