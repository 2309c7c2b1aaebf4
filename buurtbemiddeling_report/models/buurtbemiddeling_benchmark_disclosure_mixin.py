from odoo import models


class BuurtbemiddelingBenchmarkDisclosureMixin(models.AbstractModel):
    """Which lines of a benchmark are too small to leave the organisation."""

    _name = "buurtbemiddeling.benchmark.disclosure.mixin"
    _description = "Small Numbers of a Benchmark"

    def _mark_small_numbers(self):
        """Set ``is_small`` on the lines that a version for outside does not show."""
