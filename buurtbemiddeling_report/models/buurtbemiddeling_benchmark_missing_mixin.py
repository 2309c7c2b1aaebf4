from collections import namedtuple

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from .buurtbemiddeling_needed_fact import UNKNOWN

#: Of how many cases (``base``) a needed fact will show as "Not recorded" or as "Unknown".
MissingShare = namedtuple("MissingShare", "needed not_recorded unknown base")
#: When a fact is needed, and the figure whose cases have to have it.
BASES = {"registration": "cases_registered", "closing": "cases_closed"}


class BuurtbemiddelingBenchmarkMissingMixin(models.AbstractModel):
    """What the benchmark needs of its cases and lacks: looked at first, but it blocks nothing."""

    _name = "buurtbemiddeling.benchmark.missing.mixin"
    _description = "Missing Facts of a Benchmark"

    missing_count = fields.Integer(
        "Missing", compute="_compute_missing", groups="buurtbemiddeling_case.group_user"
    )
    missing_html = fields.Html(
        "What will show as not recorded or unknown",
        compute="_compute_missing",
        sanitize=False,
        groups="buurtbemiddeling_case.group_user",
    )

    @api.depends("year", "reference_date", "company_id", "area_ids", "project_id")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_missing(self):
        for benchmark in self:
            if not (benchmark.id and benchmark.reference_date):
                benchmark.missing_count, benchmark.missing_html = 0, False
                continue
            benchmark.missing_count = benchmark._get_missing_facts().search_count(
                benchmark._get_scope()
            )
            benchmark.missing_html = self.env["ir.qweb"]._render(
                "buurtbemiddeling_report.missing_facts",
                {
                    "shares": benchmark._get_missing_shares(),
                    "count": lambda number: formatLang(self.env, number, digits=0),
                    "percent": lambda share: f"{formatLang(self.env, share * 100, digits=1)} %",
                },
            )

    def _get_missing_facts(self):
        """Return the model of missing facts, seen in the year and on the reference date."""
        self.ensure_one()
        return self._get_facts().env["buurtbemiddeling.missing.fact"]

    def _get_missing_shares(self):
        """Return a ``MissingShare`` for each needed fact, counted as the lines of a breakdown are.

        These are the numbers of the lines "Not recorded" and "Unknown": of cases registered in the
        year, or of cases closed in the year for what is needed at closing.
        """
        self.ensure_one()
        needed = self.env["buurtbemiddeling.needed.fact"].search([("dimension_id", "!=", False)])
        indicators = (
            self.env["buurtbemiddeling.indicator"]
            .with_context(active_test=False)
            .search([("code", "in", list(BASES.values()))])
        )
        by_code = {indicator.code: indicator for indicator in indicators}
        breakdowns = [(), *((one.dimension_id.field_name,) for one in needed)]
        counts = {
            (index, value, indicator): figure.numerator
            # sudo: only counts leave the facts, the same as in the lines
            for index, value, _second, figures in indicators._measure(
                self._get_facts().sudo(), self._get_scope(), breakdowns
            )
            for indicator, figure in figures.items()
        }
        return [
            MissingShare(
                one,
                counts.get((index, None, by_code[BASES[one.needed_at]]), 0),
                counts.get((index, UNKNOWN, by_code[BASES[one.needed_at]]), 0),
                counts[0, None, by_code[BASES[one.needed_at]]],
            )
            for index, one in enumerate(needed, start=1)
        ]

    def action_open_missing(self):
        """Open what is missing in the cases that this benchmark is about, grouped by fact.

        :raise AccessError: for whoever may not see cases
        """
        self.ensure_one()
        self.env["buurtbemiddeling.missing.fact"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_missing_fact_action"
        )
        period = self._get_facts().env.context
        return {
            **action,
            "display_name": self.env._("Missing in %s", self.name),
            "domain": list(self._get_scope()),
            "context": {
                "period_start": period["period_start"],
                "period_end": period["period_end"],
                "reference_date": period["reference_date"],
            },
        }
