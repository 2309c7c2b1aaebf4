from odoo import api, models

from ..tools.disclosure_counts import is_small
from .buurtbemiddeling_indicator_measurement_mixin import Figure

#: Figures of which the one is told by the other and the total of both.
TOGETHER = {"referred_cases": "self_referral_share", "self_referral_share": "referred_cases"}


class BuurtbemiddelingBenchmarkReaderMixin(models.AbstractModel):
    """What whoever may see figures only does not see: what a version for outside does not show.

    They are people of the municipality, the housing association and the police. What is stored they
    read by a record rule; what is measured while they look is judged here, by the same rules.

    The figures of a municipality are a row of the breakdown by municipality of the whole
    organisation, whatever screen they stand on, and those of a project one of that by project. So
    they are hidden when a version for outside would hide that row: when they are small, and when
    the others less from the total would tell a small one. A part is shown when it is the sum of
    rows that are shown. What a project has nearly as many of as its areas is hidden too: the
    difference would tell of the few cases in the one and not in the other.
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
        for benchmark in self.filtered(lambda benchmark: benchmark._get_part()):
            hidden = benchmark._find_hidden()
            # sudo: only a mark is set, by a rule that asks the user nothing
            lines = benchmark.sudo().line_ids
            lines.filtered(lambda line, codes=hidden: line.indicator_code in codes).write(
                {"is_inside_only": True}
            )
        return result

    def _get_part(self):
        """Return the project or the areas that the figures are about, empty for everything."""
        return self.project_id or self.area_ids

    def _find_hidden(self, until=None):
        """Return the codes of the figures that who sees figures only does not see.

        :param until: date; later registrations do not count
        """
        self.ensure_one()
        part = self._get_part()
        return self._find_hidden_of_parts({part: part}, until)[part]

    def _find_hidden_of_parts(self, parts, until=None):
        """Return ``{key: codes of hidden figures}`` of parts of the organisation.

        :param parts: ``{key: areas, or a project}``; an empty record is the whole organisation
        :param until: date; later registrations do not count
        """
        self.ensure_one()
        whole = self._new_of(None)
        rows = {key: (_get_rows(part), _get_rows_near(part)) for key, part in parts.items()}
        names = {name for both in rows.values() for each in both for name, _code in each}
        dimensions = self.env["buurtbemiddeling.dimension"].union(
            *map(whole._get_place_dimension, names)
        )
        if not all(parts.values()):
            dimensions |= dimensions._get_telling()
        lines = whole._make_lines(dimensions, until)
        by_project = lines.dimension_id.filtered(lambda each: each.field_name == "project_id")
        shown = _Shown(lines, lines - whole._find_small_lines(lines, also=by_project))
        threshold = self._get_small_number()
        hidden = {
            key: {
                indicator.code
                for indicator in lines.indicator_id
                if not all(shown.has(indicator, *row) for row in own)
                or shown.is_near(indicator, own, near, threshold)
            }
            if parts[key]
            else shown.get_hidden_totals()
            for key, (own, near) in rows.items()
        }
        for key in filter(parts.get, hidden):
            hidden[key] |= _get_complements(hidden[key])
        undivided = shown.get_undivided("project_id")
        for key, part in parts.items() if undivided else ():
            if part._name == "buurtbemiddeling.project":
                hidden[key] -= set(undivided.mapped("code"))
                hidden[key] |= whole._find_hidden_undivided(part, undivided, hidden[key], until)
        return hidden

    def _find_hidden_undivided(self, project, indicators, hidden, until):
        """Return the codes of the hidden ones of figures that no breakdown by project holds.

        As those per inhabitant: they count part of the cases registered, and tell of the others.

        :param hidden: codes of the other figures of the project that are hidden
        """
        if "cases_registered" in hidden:
            return set(indicators.filtered(lambda each: each.source == "case").mapped("code"))
        registered = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        figures = self._new_of(project)._measure_until(indicators | registered, [()], until)[0][3]
        count, threshold = figures[registered].numerator, self._get_small_number()
        return {
            indicator.code
            for indicator in indicators
            if indicator.source == "case"
            and any(
                is_small(number, threshold)
                for number in (figures[indicator].numerator, count - figures[indicator].numerator)
            )
        }

    def _new_of(self, project):
        """Return the same year and day of the whole organisation or a project, not stored."""
        return self.new(
            {
                "year": self.year,
                "reference_date": self.reference_date,
                "is_to_date": self.is_to_date,
                "company_id": self.company_id.id,
                "project_id": project and project.id,
            }
        )

    def _get_place_dimension(self, name):
        """Return the breakdown of which the rows are parts of the organisation."""
        return self.env.ref(
            {
                "municipality_id": "buurtbemiddeling_report.dimension_municipality",
                "area_id": "buurtbemiddeling_report.dimension_area",
                "project_id": "buurtbemiddeling_report.dimension_project",
            }[name]
        )

    def _read_row(self, part):
        """Return ``{code: (Figure, is hidden)}`` of a municipality or a project.

        Nothing without that breakdown, nor of figures that it does not hold; a row without a line
        counts nothing.
        """
        [(name, code)] = rows = _get_rows(part)
        names = {name, *(near for near, _code in _get_rows_near(part))}
        # sudo: figures of an organisation of which the user may read the totals; the caller leaves
        # out what is hidden
        lines = self.sudo().line_ids.filtered(
            lambda line: (
                not line.dimension_id
                or line.dimension_id.field_name in names
                and not line.dimension_id.second_field_name
            )
        )
        by_part = lines.dimension_id.filtered(lambda dimension: dimension.field_name == name)
        if not by_part:
            return {}
        sees_all = self._sees_all()
        if part._name == "buurtbemiddeling.project" and not sees_all:
            small = self.sudo()._find_small_lines(lines, also=by_part)
        else:
            small = lines.filtered("is_small")
        shown, threshold = _Shown(lines, lines - small), self._get_small_number()
        indicators = lines.indicator_id - shown.get_undivided(name)
        hidden = {
            indicator.code
            for indicator in indicators
            if not sees_all
            if not shown.has(indicator, name, code)
            or shown.is_near(indicator, rows, _get_rows_near(part), threshold)
        }
        hidden |= _get_complements(hidden)
        return {
            each.code: (shown.get_figure(each, name, code), each.code in hidden)
            for each in indicators
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


def _get_complements(codes):
    """Return the codes of figures that would tell hidden ones: the rest of the same cases.

    Who was not referred, reported it: each is what is left of the registered cases by the other.
    """
    return {TOGETHER[code] for code in TOGETHER.keys() & codes}


def _get_rows(areas):
    """Return the rows that areas or a project are: pairs of the fact of a breakdown and a code."""
    if areas._name == "buurtbemiddeling.project":
        return [("project_id", str(areas.id))]
    towns = areas.filtered(lambda area: area.kind == "municipality")
    rows = [("municipality_id", town.code) for town in towns]
    if areas - towns:
        # sudo: which areas lie in which, a list that everyone with figures may read
        inside = areas.sudo().with_context(active_test=False)
        inside = inside.search([("id", "child_of", (areas - towns).ids)])
        rows += [("area_id", area.code) for area in inside]
    return rows


def _get_rows_near(part):
    """Return the rows of the areas of a project; of areas none."""
    if part._name != "buurtbemiddeling.project":
        return []
    # sudo: which areas a project serves, to compare; nothing of it is shown
    return _get_rows(part.sudo().area_ids)


class _Shown:
    """Which rows of breakdowns are shown, also where nothing counts and there is no line."""

    def __init__(self, lines, shown):
        self.indicators = lines.indicator_id
        self.is_shown = {
            (line.dimension_id.field_name, line.dimension_code, line.indicator_id): line in shown
            for line in lines
        }
        self.columns = {(line.dimension_id.field_name, line.indicator_id) for line in shown}
        self.breakdowns = {(name, indicator) for name, _code, indicator in self.is_shown}
        self.rows = {(name, code) for name, code, _indicator in self.is_shown}
        self.rows_shown = {(line.dimension_id.field_name, line.dimension_code) for line in shown}
        self.figures = {
            (
                line.dimension_id.field_name,
                line.dimension_code,
                line.indicator_id,
            ): Figure(line.numerator, line.denominator, line.value)
            for line in lines
        }
        self.nothing = {
            line.indicator_id
            for line in lines
            if not (line.dimension_id or line.numerator or line.denominator)
        }

    def get_hidden_totals(self):
        """Return the codes of the figures of which the total is hidden, nought or not."""
        return {
            indicator.code
            for (name, _code, indicator), is_shown in self.is_shown.items()
            if not (name or is_shown)
        }

    def get_figure(self, indicator, name, code):
        """Return the figure of a row; without a line it counts nothing."""
        return self.figures.get((name, code, indicator), Figure(0, 0, 0.0))

    def get_undivided(self, name):
        """Return the figures that count something, but are in no row of a breakdown."""
        totals = [each for fact, _code, each in self.is_shown if not fact]
        return self.indicators.filtered(
            lambda each: (
                each in totals and each not in self.nothing and (name, each) not in self.breakdowns
            )
        )

    def is_near(self, indicator, rows, others, threshold):
        """Say whether some rows have nearly as many cases as others, but not quite."""
        if indicator.source != "case" or (
            not {(name, indicator) for name, _code in (*rows, *others)} <= self.breakdowns
        ):
            return False
        own, near = ([self.get_figure(indicator, *row) for row in each] for each in (rows, others))
        return bool(others) and any(
            is_small(sum(f[side] for f in own) - sum(f[side] for f in near), threshold)
            for side in ((0, 1) if indicator.kind == "share" else (0,))
        )

    def has(self, indicator, name, code):
        """Say whether a figure is shown in a row."""
        if indicator in self.nothing:
            return True
        if (name, code, indicator) in self.is_shown:
            return self.is_shown[name, code, indicator]
        is_row = (name, code) in self.rows_shown or (name, code) not in self.rows
        return is_row and (name, indicator) in self.columns
