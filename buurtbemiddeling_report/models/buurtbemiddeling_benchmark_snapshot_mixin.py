from odoo import fields, models


class BuurtbemiddelingBenchmarkSnapshotMixin(models.AbstractModel):
    """Stub: whether a benchmark is frozen."""

    _name = "buurtbemiddeling.benchmark.snapshot.mixin"
    _description = "Snapshot of a Benchmark"

    state = fields.Selection(
        [("draft", "Concept"), ("frozen", "Frozen")], default="draft", required=True
    )
    frozen_on = fields.Datetime(readonly=True)
