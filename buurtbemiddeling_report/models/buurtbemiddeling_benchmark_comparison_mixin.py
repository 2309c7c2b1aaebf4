from collections import namedtuple

from odoo import models

Comparison = namedtuple("Comparison", "previous national size_class target national_reference")


class BuurtbemiddelingBenchmarkComparisonMixin(models.AbstractModel):
    """Stub: totals next to last year, the country and the targets."""

    _name = "buurtbemiddeling.benchmark.comparison.mixin"
    _description = "Comparison of a Benchmark"

    def _get_comparison(self):
        """Return ``{indicator_code: Comparison(previous, national, size_class, target)}``."""
        self.ensure_one()
        references = self.env["buurtbemiddeling.benchmark.reference"].search(
            [("year", "=", self.year)]
        )
        national = {each.indicator_code: each for each in references}
        targets = self.env["buurtbemiddeling.target"].search(
            [
                ("year", "=", self.year),
                ("company_id", "=", self.company_id.id),
                ("municipality_id", "in", self.area_ids.ids or [False]),
            ]
        )
        wanted = {each.indicator_id.code: each.value for each in targets}
        codes = self.line_ids.indicator_id.mapped("code")
        return {
            code: Comparison(
                None,
                national[code].value if code in national else None,
                None,
                wanted.get(code),
                national.get(code),
            )
            for code in codes
        }
