from odoo import models


class BuurtbemiddelingBenchmarkReleaseMixin(models.AbstractModel):
    """Stub: what may leave the organisation."""

    _name = "buurtbemiddeling.benchmark.release.mixin"
    _description = "Release of a Benchmark"

    def _get_public_lines(self):
        """Return the lines that may be shown outside."""
        return self.line_ids.filtered(lambda line: not line.is_small)

    def _release(self, layout=None):
        """Note that the public lines left the organisation."""
