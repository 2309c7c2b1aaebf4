from odoo import api, models

from .buurtbemiddeling_indicator_measurement_mixin import Figure


class BuurtbemiddelingBenchmarkReaderMixin(models.AbstractModel):
    """What of a part of the organisation whoever may see figures only does not see.

    The figures of a municipality are a row of the breakdown by municipality of the whole
    organisation, whatever screen they stand on. So they are hidden when a version for outside would
    hide that row: when they are small, and when the others less from the total would tell a small
    one. A part is shown when it is the sum of rows that are shown.
    """

    _name = "buurtbemiddeling.benchmark.reader.mixin"
    _description = "What Readers of Figures See"

    @api.model
    def _sees_all(self):
        """Return whether the user may see small numbers: whoever may see the cases too."""
        user = self.env.user
        return user._is_superuser() or user.has_group("buurtbemiddeling_case.group_user")

    def action_compute(self):
        """Compute, and mark what only those inside see; see the class."""
        result = super().action_compute()
        for benchmark in self.filtered("area_ids"):
            hidden = benchmark._find_hidden()
            # sudo: only a mark is set, by a rule that asks the user nothing
            lines = benchmark.sudo().line_ids
            lines.filtered(lambda line, codes=hidden: line.indicator_code in codes).write(
                {"is_inside_only": True}
            )
        return result

    def _find_hidden(self, until=None):
        """Return the codes of the figures that who sees figures only does not see.

        :param until: date; later registrations do not count
        """
        self.ensure_one()
        if not self.area_ids:
            return set()
        return self._find_hidden_of_parts({self.area_ids: self.area_ids}, until)[self.area_ids]

    def _find_hidden_of_parts(self, parts, until=None):
        """Return ``{key: codes of hidden figures}`` of parts of the organisation.

        :param parts: ``{key: areas}``
        :param until: date; later registrations do not count
        """
        self.ensure_one()
        whole = self.new(
            {
                "year": self.year,
                "reference_date": self.reference_date,
                "is_to_date": self.is_to_date,
                "company_id": self.company_id.id,
            }
        )
        names = {key: _get_rows(areas) for key, areas in parts.items()}
        dimensions = [self.env.ref("buurtbemiddeling_report.dimension_municipality")]
        if any(name == "area_id" for rows in names.values() for name, _code in rows):
            dimensions.append(self.env.ref("buurtbemiddeling_report.dimension_area"))
        lines = whole._make_lines(dimensions, until)
        shown = _Shown(lines, lines - whole._find_small_lines(lines))
        return {
            key: {
                indicator.code
                for indicator in lines.indicator_id
                if not all(shown.has(indicator, *row) for row in rows)
            }
            for key, rows in names.items()
        }

    def _read_row(self, place):
        """Return ``{code: (Figure, is hidden)}`` of a municipality, nothing without that breakdown.

        A row without a line counts nothing.
        """
        # sudo: figures of an organisation of which the user may read the totals; the caller leaves
        # out what is hidden
        lines = self.sudo().line_ids.filtered(
            lambda line: (
                not line.dimension_id
                or line.dimension_id.field_name == "municipality_id"
                and not line.dimension_id.second_field_name
            )
        )
        if not lines.dimension_id:
            return {}
        shown = _Shown(lines, lines.filtered(lambda line: not line.is_small))
        sees_all = self._sees_all()
        found = {
            line.indicator_code: Figure(line.numerator, line.denominator, line.value)
            for line in lines
            if line.dimension_id and line.dimension_code == place.code
        }
        return {
            indicator.code: (
                found.get(indicator.code, Figure(0, 0, 0.0)),
                not sees_all and not shown.has(indicator, "municipality_id", place.code),
            )
            for indicator in lines.indicator_id
        }

    def _make_lines(self, dimensions, until):
        """Return the totals and the lines of some breakdowns, of which none is stored."""
        rows = self._measure_until(
            self.env["buurtbemiddeling.indicator"]._of_year(self.year),
            [(), *(dimension._get_field_names() for dimension in dimensions)],
            until,
        )
        values_list = [
            self._prepare_line(indicator, figure)
            for index, _first, _second, figures in rows
            if not index
            for indicator, figure in figures.items()
        ]
        for number, dimension in enumerate(dimensions, start=1):
            values_list += self._prepare_breakdown(
                dimension, [row[1:] for row in rows if row[0] == number]
            )
        lines = self.env["buurtbemiddeling.benchmark.line"]
        return lines.concat(
            *(lines.new({**values, "benchmark_id": False}) for values in values_list)
        )


def _get_rows(areas):
    """Return the rows that areas are: pairs of the fact of a breakdown and a code."""
    towns = areas.filtered(lambda area: area.kind == "municipality")
    rows = [("municipality_id", town.code) for town in towns]
    if areas - towns:
        # sudo: which areas lie in which, a list that everyone with figures may read
        inside = areas.sudo().with_context(active_test=False)
        inside = inside.search([("id", "child_of", (areas - towns).ids)])
        rows += [("area_id", area.code) for area in inside]
    return rows


class _Shown:
    """Which rows of breakdowns are shown, also where nothing counts and there is no line."""

    def __init__(self, lines, shown):
        self.is_shown = {
            (line.dimension_id.field_name, line.dimension_code, line.indicator_id): line in shown
            for line in lines
        }
        self.columns = {(line.dimension_id.field_name, line.indicator_id) for line in shown}
        self.rows = {(name, code) for name, code, _indicator in self.is_shown}
        self.rows_shown = {(line.dimension_id.field_name, line.dimension_code) for line in shown}
        self.nothing = {
            line.indicator_id
            for line in lines
            if not (line.dimension_id or line.numerator or line.denominator)
        }

    def has(self, indicator, name, code):
        """Say whether a figure is shown in a row."""
        if indicator in self.nothing:
            return True
        if (name, code, indicator) in self.is_shown:
            return self.is_shown[name, code, indicator]
        is_row = (name, code) in self.rows_shown or (name, code) not in self.rows
        return is_row and (name, indicator) in self.columns
