from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.buurtbemiddeling_volunteer.tools.forecast import Month, read_history

from ..tools import outlook

#: How many earlier years a forecast looks back on.
SEASON_YEARS = 3
#: Facts of a case that are still to come when it is registered: a count of them runs behind.
LATER_FACTS = {
    "close_date", "close_month", "feedback_state", "intervention_id", "is_closed",
    "is_closed_in_period", "is_handled", "is_positive", "is_running", "is_suitable",
    "outcome_id", "own_days", "waiting_days",
}  # fmt: skip


class BuurtbemiddelingTargetForecastMixin(models.AbstractModel):
    """Which part of a year is in on a day, read from the seasons of earlier years."""

    _name = "buurtbemiddeling.target.forecast.mixin"
    _description = "Forecast of Targets"

    def _get_parts(self, company, day, due):
        """Return ``{indicator: (part of the year that is in, what that was read from)}``.

        The seasons are those of the whole organisation: a municipality alone has too few cases.
        """
        indicators = self.indicator_id
        if not indicators:
            return {}
        by_days = (outlook.part_by_days(day, due), "days")
        parts = dict.fromkeys(indicators, by_days)
        registered = self.env["buurtbemiddeling.indicator"].search(
            [("code", "=", "cases_registered")]
        )
        at_once = indicators.filtered(lambda indicator: not self._comes_later(indicator))
        histories = self._read_seasons(registered | at_once, company, day.year)
        for indicator in at_once:
            part = outlook.part_by_season(histories[indicator], day, due)
            if part is not None:
                parts[indicator] = (part, "season")
        first = min(histories[registered], default=(day.year, 1))
        years = [
            year
            for year in range(day.year - SEASON_YEARS, day.year)
            if (year, 1) >= first  # a year that the organisation began in is no whole year
        ]
        later = indicators - at_once
        for indicator, pairs in self._read_pairs(later, company, years, day, due).items():
            part = outlook.part_by_years(pairs)
            if part is not None:
                parts[indicator] = (part, "years")
        return parts

    def _get_spans(self, year, due):
        """Return ``{target: (first day, last day)}`` where a project runs a part of the year only.

        Its pace is that of these days, and earlier years of the organisation say nothing about it.
        What came in before the first project of an area falls under that one, so it may have begun
        earlier than it says.
        """
        begin, spans = date(year, 1, 1), {}
        # sudo: from when until when a project runs, of which the user may read the figures
        projects = {target: target.project_id.sudo() for target in self}
        late = self.project_id.sudo().filtered(
            lambda project: project.date_start and project.date_start > begin
        )
        # sudo: of a case no more than its day, and only how long the count goes on comes of it
        firsts = dict(
            self.env["buurtbemiddeling.case"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("project_id", "in", late.ids), ("registration_date", ">=", begin)],
                ["project_id"],
                ["registration_date:min"],
            )
            if late
            else ()
        )
        for target, project in projects.items():
            start = project.date_start or begin
            span = (
                max(min(start, firsts.get(project, start)), begin),
                min(project.date_end or due, due),
            )
            if span != (begin, due):
                spans[target] = span
        return spans

    @api.model
    def _comes_later(self, indicator):
        """Whether it is only known some time after registration that a case counts."""
        conditions = indicator._get_domain("numerator").iter_conditions()
        facts = {condition.field_expr.partition(".")[0] for condition in conditions}
        return (
            indicator.source != "case"
            or indicator.kind != "count"
            or indicator.basis != "registration"
            or bool(facts & LATER_FACTS)
        )

    def _read_seasons(self, indicators, company, year):
        """Return ``{indicator: {(year, month): number}}`` of the registrations of earlier years."""
        end = date(year - 1, 12, 31)
        rows = self._new_scope(company, year - 1, end)._measure_until(
            indicators,
            [("registration_year", "registration_month")],
            end,
            since=date(year - SEASON_YEARS, 1, 1),
        )
        return {
            indicator: read_history(
                [
                    Month(int(first), int(second), figures[indicator].numerator, 0, 0, 0, 0)
                    for _index, first, second, figures in rows
                    if first and second
                ],
                (year - SEASON_YEARS, 1),
                (year, 1),
            )
            for indicator in indicators
        }

    def _read_pairs(self, indicators, company, years, day, due):
        """Return ``{indicator: [(value by the day, value by the end), ...]}`` of earlier years."""
        pairs = {indicator: [] for indicator in indicators}
        for year in years if indicators else ():
            by_day, by_end = (
                self._new_scope(company, year, moment)._measure_until(indicators, [()], moment)[0][
                    3
                ]
                for moment in (
                    day + relativedelta(years=year - day.year),
                    due + relativedelta(years=year - due.year),
                )
            )
            for indicator in indicators:
                count = self._get_count_of
                pairs[indicator].append(
                    (count(indicator, by_day[indicator]), count(indicator, by_end[indicator]))
                )
        return pairs
