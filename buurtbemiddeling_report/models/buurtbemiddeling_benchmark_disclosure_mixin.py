from ast import literal_eval
from functools import cache
from itertools import permutations
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.disclosure import File, Reference, Table, protect
from .buurtbemiddeling_benchmark_known_mixin import TOTAL
from .buurtbemiddeling_case_report import NOT_RECORDED

#: Cases running last year = running now + closed - registered.
BALANCE = ("cases_running", "cases_registered", "cases_closed")
#: Closed, suitable and not handled, when no case came from last year.
NOT_HANDLED = {"cases_suitable": 1, "cases_handled": -1, "cases_running": -1}
#: Facts of which the one holds nearly the same numbers as the other.
TWINS = {"nuisance_type_ids": "main_nuisance_type_id"}
#: Facts of which the rows add up, or nearly so, to those of another: the method says to which.
ABOVE = {
    "area_id": ("municipality_id", "_get_municipalities"),
    "referral_partner_id": ("referrer_type_id", "_get_referrer_types"),
    "nuisance_type_ids": ("nuisance_heading_ids", "_get_headings"),
    "main_nuisance_type_id": ("nuisance_heading_ids", "_get_headings"),
}


class Counted(NamedTuple):
    """What the rules look at of a line: ids of the figure and the breakdown, and the counts."""

    indicator_id: int
    dimension_id: int | bool  # False on a total
    dimension_code: str | bool
    numerator: int
    denominator: int


class BuurtbemiddelingBenchmarkDisclosureMixin(models.AbstractModel):
    """Which lines of a benchmark are too small to leave the organisation, and what has left it.

    The rules are those of ``tools/disclosure.py``; here the lines become its file, and what left
    before comes from ``buurtbemiddeling.benchmark.known.mixin``.
    """

    _name = "buurtbemiddeling.benchmark.disclosure.mixin"
    _description = "Small Numbers of a Benchmark"

    release_ids = fields.One2many("buurtbemiddeling.benchmark.release", "benchmark_id")
    release_count = fields.Integer(
        compute="_compute_release_count", export_string_translation=False
    )

    def _compute_release_count(self):
        counts = dict(
            self.env["buurtbemiddeling.benchmark.release"]._read_group(
                [("benchmark_id", "in", self.ids)], ["benchmark_id"], ["__count"]
            )
        )
        for benchmark in self:
            benchmark.release_count = counts.get(benchmark, 0)

    @api.readonly
    def action_open_public_lines(self):
        """Open the lines as a version for outside shows them, with a star for what is too small."""
        action = self.action_open_lines()
        view = self.env.ref(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_line_view_list_public"
        )
        return {
            **action,
            "name": self.env._("Version for outside"),
            "views": [(view.id, "list")],
            "context": {},
        }

    @api.readonly
    def action_open_releases(self):
        """Open the versions of this benchmark that left the organisation."""
        self.ensure_one()
        self.check_access("read")
        self.env["buurtbemiddeling.benchmark.release"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_release_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id)]
        return action

    # ------------------------------------------------------------
    # WHAT MAY BE SHOWN
    # ------------------------------------------------------------

    def _get_public_lines(self):
        """Return the lines that a version for outside may show.

        A breakdown without any such line is left out of it as a whole, with its rows: which rows
        there are is told by no one.
        """
        return self.line_ids.filtered(lambda line: not line.is_small)

    def _release(self, layout=None):
        """Note that a version leaves the organisation, and return the lines that it may show.

        Later versions hide what would give these away, so this comes before anything is sent.

        :param layout: record with a ``name``: the form in which it leaves
        :raise UserError: when nothing was computed yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.computed_on:
            raise UserError(
                self.env._("%s has no figures yet. Compute it first.", self.display_name)
            )
        self._mark_small_numbers()  # others may have left since it was computed
        # sudo: nobody may make, change or delete what is noted; this is the one way in, and it
        # holds the lines of a benchmark that the user may read
        self.env["buurtbemiddeling.benchmark.release"].sudo().create(self._prepare_release(layout))
        return self._get_public_lines()

    def _prepare_release(self, layout):
        """Return the values of the note: all counts as they are now, and which are shown."""
        counts = {}
        # sudo: what is hidden from the user is noted too, for it must stay hidden
        for line in self.sudo().line_ids:
            rows = counts.setdefault(str(line.dimension_id.id or TOTAL), {})
            rows.setdefault(line.dimension_code or TOTAL, {})[line.indicator_code] = [
                line.numerator,
                line.denominator,
                not line.is_small,
            ]
        return {
            "benchmark_id": self.id,
            "name": self.name,
            "layout_name": layout.name if layout else False,
            "year": self.year,
            "reference_date": self.reference_date,
            "area_ids": [fields.Command.set(self.area_ids.ids)],
            "project_id": self.project_id.id,
            "threshold": self._get_small_number(),
            "counts": counts,
            "line_count": len(self.sudo().line_ids.filtered(lambda line: not line.is_small)),
        }

    def _get_small_number(self):
        # sudo: a setting of the organisation, the same for whoever looks
        return self.company_id.sudo().buurtbemiddeling_small_number

    def _mark_small_numbers(self):
        """Set ``is_small`` on the lines that a version for outside does not show."""
        for benchmark in self:
            # sudo: only which lines are small is set, by a rule that asks the user nothing
            lines = benchmark.sudo().line_ids
            small = benchmark._find_small_lines(lines)
            (small - small.filtered("is_small")).is_small = True
            (lines - small).filtered("is_small").is_small = False

    def _mark_small_values(self, values_list):
        """Set ``is_small`` in the values of all lines, before they are stored."""
        counted = [
            Counted(
                values["indicator_id"],
                values.get("dimension_id", False),
                values.get("dimension_code", False),
                values["numerator"],
                values["denominator"],
            )
            for values in values_list
        ]
        # sudo: only which lines are small comes of it, by a rule that asks the user nothing
        for values, is_small in zip(values_list, self.sudo()._judge(counted), strict=True):
            values["is_small"] = is_small

    def _find_small_lines(self, lines, also=()):
        """Return the lines that give a small number away, by themselves or together.

        :param also: breakdowns that are judged too, although versions for outside never hold them
        """
        counted = [
            Counted(
                line.indicator_id.id,
                line.dimension_id.id,
                line.dimension_code,
                line.numerator,
                line.denominator,
            )
            for line in lines
        ]
        return lines.filtered(dict(zip(lines, self._judge(counted, also), strict=True)).get)

    def _judge(self, counted, also=()):
        """Tell of each of the lines whether it is too small to show.

        :param counted: list of ``Counted``: all lines of a benchmark
        :param also: see ``_find_small_lines``
        :return: list of booleans
        """
        self.ensure_one()
        indicators = self.env["buurtbemiddeling.indicator"].browse(
            dict.fromkeys(line.indicator_id for line in counted)
        )
        columns = _Columns(indicators, [line for line in counted if not line.dimension_id])
        shown = protect(
            self._prepare_file(counted, indicators, columns, also),
            self._get_small_number(),
            self._get_references(columns, skipped=also),
        )
        needed = {indicator.id: columns.of_figure[indicator] for indicator in indicators}

        @cache
        def get_rows(indicator_id, dimension_id):
            """Return the rows in which a breakdown shows a figure."""
            view = shown.tables.get(str(dimension_id))
            return view.rows if view and needed[indicator_id] <= view.columns else frozenset()

        return [
            line.dimension_code not in get_rows(line.indicator_id, line.dimension_id)
            if line.dimension_id
            else not needed[line.indicator_id] <= shown.totals
            for line in counted
        ]

    # ------------------------------------------------------------
    # THE LINES AS A FILE
    # ------------------------------------------------------------

    def _prepare_file(self, counted, indicators, columns, also=()):
        """Return the lines as the ``File`` that the rules are about."""
        by_id = {indicator.id: indicator for indicator in indicators}
        dimensions = self.env["buurtbemiddeling.dimension"].browse(
            dict.fromkeys(line.dimension_id for line in counted if line.dimension_id)
        )
        judged = {
            (dimension.id, indicator.id): columns.sides[indicator]
            for dimension in dimensions
            for indicator in indicators
            if dimension in also or self._is_shown_by(dimension, indicator)
        }
        totals = dict.fromkeys(columns.order, 0)
        found = {dimension.id: {} for dimension in dimensions}
        present = {dimension.id: set() for dimension in dimensions}
        for indicator_id, dimension_id, code, numerator, denominator in counted:
            if not dimension_id:
                part, base = columns.sides[by_id[indicator_id]]
                row = totals
            elif (dimension_id, indicator_id) in judged:
                part, base = judged[dimension_id, indicator_id]
                row = found[dimension_id].setdefault(code, {})
                present[dimension_id].add((part, base))
            else:
                continue
            row[part] = numerator
            if base:
                row[base] = denominator
        for dimension_id, table in found.items():
            nothing = {c: 0 for both in present[dimension_id] for c in both if c}
            for code, counts in table.items():
                table[code] = nothing | counts
        rows = {dimension: found[dimension.id] for dimension in dimensions}
        relations = self._get_relations(rows)
        balance = tuple(columns.count.get(code) for code in BALANCE)
        rest = {columns.count.get(code): factor for code, factor in NOT_HANDLED.items()}
        return File(
            totals,
            {
                str(dimension.id): Table(found, *relations[dimension])
                for dimension, found in rows.items()
            },
            tuple(columns.of_figure.values()),
            tuple(columns.shares),
            balance if all(balance) else None,
            frozenset(
                columns.count[indicator.code]
                for indicator in columns.of_figure
                if indicator.basis == "stock" and indicator.code in columns.count
            ),
            (rest,) if all(rest) else (),
            tuple(columns.get_nested([row for found in rows.values() for row in found.values()])),
            self._get_told_rows(rows),
        )

    def _is_shown_by(self, dimension, indicator):
        """Say whether a breakdown holds a figure in versions for outside at all.

        Cases closed by year of registration are not there: with those registered they would tell
        how many are running.
        """
        by_year = "registration_year" in dimension._get_field_names()
        return dimension.is_public and (not by_year or indicator.basis == "registration")

    def _get_relations(self, rows):
        """Return ``{dimension: (parents, twin)}``: what the rows of a breakdown add up to."""
        single = {
            dimension.field_name: dimension
            for dimension in rows
            if not dimension.second_field_name and not dimension.basis
        }
        twins = {**TWINS, **{other: name for name, other in TWINS.items()}}
        result = {}
        for dimension, found in rows.items():
            names = dimension._get_field_names()
            parents = []
            if len(names) > 1:
                for position, name in enumerate(names):
                    parent = single.get(name)
                    above = {code: code.split("|")[position] for code in found}
                    parents.append((str(parent.id) if parent else None, above))
            elif names[0] in ABOVE and ABOVE[names[0]][0] in single:
                name, method = ABOVE[names[0]]
                parents.append((str(single[name].id), getattr(self, method)(found)))
            twin = single.get(twins.get(names[0])) if len(names) == 1 else None
            result[dimension] = (tuple(parents), twin and str(twin.id))
        return result

    def _get_municipalities(self, codes):
        """Return ``{code of an area: code of its municipality}``."""
        # sudo: codes of areas, a list that everyone with figures may read
        areas = self.env["buurtbemiddeling.area"].sudo().with_context(active_test=False)
        found = areas.search_fetch([("code", "in", list(codes))], ["code", "municipality_id"])
        above = {area.code: area.municipality_id.code for area in found}
        return {code: above.get(code) or code for code in codes}

    def _get_referrer_types(self, codes):
        """Return ``{code of a referral partner: code of its type}``; without one they came
        themselves."""
        # sudo: types of partners, whose names stand in the breakdown
        partners = self.env["buurtbemiddeling.referral.partner"].sudo()
        found = partners.browse(int(code) for code in codes if code.isdecimal()).exists()
        above = {str(partner.id): partner.referrer_type_id.code for partner in found}
        return {code: above.get(code) or "ZELF" for code in codes}

    def _get_headings(self, codes):
        """Return ``{code of a nuisance type: code of its heading in the year}``."""
        # sudo: code lists that everyone with figures may read
        crosswalk = self.env["buurtbemiddeling.heading.crosswalk"].sudo()
        above = {
            nuisance.code: heading.code
            for nuisance, heading in crosswalk._get_headings(self.year).items()
        }
        return {code: above.get(code) or NOT_RECORDED for code in codes}


def _get_leaves(column):
    """Return the conditions of a column that all have to be met; of a choice, the whole of it.

    >>> _get_leaves(("[('a', '=', True), ('b', 'in', [1, 2])]", 3))
    [('a', '=', True), ('b', 'in', [1, 2])]
    >>> _get_leaves(("['|', ('a', '=', True), ('b', '=', 1)]", 3))
    ["['|', ('a', '=', True), ('b', '=', 1)]"]
    """
    domain = literal_eval(column[0])
    if {"|", "!"} & {leaf for leaf in domain if isinstance(leaf, str)}:
        return [column[0]]
    return [leaf for leaf in domain if leaf != "&"]


def _is_part(leaves, others):
    """Say whether all that meets the one conditions meets the others too.

    >>> _is_part([("a", "=", 1), ("b", "=", 2)], [("a", "in", [1, 3])])
    True
    >>> _is_part([("a", "=", 2)], [("a", "in", [1, 3])]), _is_part([("a", "=", 2)], [])
    (False, False)
    """

    def values(leaf):
        return leaf[2] if leaf[1] == "in" else [leaf[2]]

    def implies(leaf, other):
        if leaf == other:
            return True
        if isinstance(leaf, str) or isinstance(other, str) or leaf[0] != other[0]:
            return False
        if {leaf[1], other[1]} - {"=", "in"}:
            return False
        return all(value in values(other) for value in values(leaf))

    return bool(others) and all(any(implies(leaf, other) for leaf in leaves) for other in others)


class _Columns:
    """The counts that lines show, each once: a number of cases may be the base of many shares."""

    def __init__(self, indicators, totals):
        """Take the figures, and the ``Counted`` of their totals."""
        self.order = []
        self.of_figure = {}  # {indicator: columns that its lines show}
        self.count = {}  # {code of an indicator that counts: its column}
        self.shares = set()  # pairs (base, part)
        self.members = {}  # {column: pairs (code of an indicator, 0 numerator or 1 denominator)}
        self.basis = {}  # {column: which cases it counts, see the indicator}
        self.sides = {}  # {indicator: column of the numerator, column of the denominator}
        totals = {line.indicator_id: line for line in totals}
        for indicator in indicators.sorted(lambda each: (each.sequence, each.id)):
            line = totals[indicator.id]
            base = None
            if indicator.kind not in ("count", "percentile", "total"):
                base = self._add(indicator, 1, indicator.denominator_domain, line.denominator)
            part = self._add(indicator, 0, indicator.numerator_domain, line.numerator)
            self.sides[indicator] = (part, base)
            self.of_figure[indicator] = frozenset(filter(None, (part, base)))
            if indicator.kind == "count":
                self.count[indicator.code] = part
            elif indicator.kind == "share" and base != part:
                self.shares.add((base, part))
        for indicator, (part, _base) in self.sides.items():
            if indicator.kind == "ratio":
                self._add_rest(part)

    def _add(self, indicator, side, domain, count):
        """Return the column of a count: that of the same condition if it is there already."""
        column = (repr(literal_eval(domain or "[]")), count)
        if column not in self.members:
            self.order.append(column)
            self.basis[column] = indicator.source == "case" and indicator.basis
        self.members.setdefault(column, []).append((indicator.code, side))
        return column

    def _add_rest(self, part):
        """A ratio counts part of the cases of a figure: less than that, it tells the others.

        Such as the cases in areas of which the inhabitants are known, among all registered.
        """
        for base in self.count.values():
            if base != part and _is_part(_get_leaves(part), _get_leaves(base)):
                self.shares.add((base, part))

    def get_nested(self, rows):
        """Yield the pairs ``(base, part)`` of columns of which the one counts part of the other:
        by its definition, or among figures on the same cases in every row there is.
        """
        for base, part in permutations(self.order, 2):
            if (base, part) not in self.shares and (
                _is_part(_get_leaves(part), _get_leaves(base))
                or (
                    self.basis[base] == self.basis[part] == "registration"
                    and all(row.get(part, 0) <= row.get(base, 0) for row in rows)
                )
            ):
                yield base, part

    def read_release(self, release):
        """Return what a version tells of these columns."""
        counts = dict(release.counts)
        totals = self._read_rows({TOTAL: counts.pop(TOTAL, {}).get(TOTAL, {})})
        return _Known(totals, {name: self._read_rows(rows) for name, rows in counts.items()})

    def _read_rows(self, rows):
        """Return ``({row: {column: count}}, rows shown, columns shown)`` of what was noted."""
        shown_figures = {
            code for figures in rows.values() for code, noted in figures.items() if noted[2]
        }
        found = {row: {} for row in rows}
        columns = set()
        for column, members in self.members.items():
            for code, side in members:
                if any(code in figures for figures in rows.values()):
                    for row, figures in rows.items():
                        found[row][column] = figures[code][side] if code in figures else 0
                    if code in shown_figures:
                        columns.add(column)
                        break
        shown = {row for row, figures in rows.items() if any(n[2] for n in figures.values())}
        return found, frozenset(shown), frozenset(columns)


class _Known:
    """The totals and tables of a version, of a row of one, or of several together."""

    def __init__(self, totals, tables):
        self.totals = totals
        self.tables = tables

    def get(self, is_same_scope):
        found, _rows, columns = self.totals
        totals = {c: count for c, count in found[TOTAL].items() if c in columns}
        return Reference(totals, self.tables, is_same_scope)

    def without(self, names):
        """Return the same less some tables."""
        names = set(names)
        return _Known(self.totals, {n: each for n, each in self.tables.items() if n not in names})

    def get_row(self, counts, columns):
        """Return what one row of a table tells."""
        return _Known(({TOTAL: counts}, frozenset([TOTAL]), frozenset(columns)), {})

    def get_places(self):
        """Yield pairs (table, column) of what is shown; the totals are the table ``TOTAL``."""
        for name, (_rows, _shown, columns) in (*self.tables.items(), (TOTAL, self.totals)):
            yield from ((name, column) for column in columns)

    def combine(self, other, sign):
        """Return this with ``sign`` times another one added."""
        return _Known(
            self._combine(self.totals, other.totals, sign),
            {
                name: self._combine(table, other.tables[name], sign)
                for name, table in self.tables.items()
                if name in other.tables
            },
        )

    @staticmethod
    def _combine(table, other, sign):
        rows = {
            row: {
                column: table[0].get(row, {}).get(column, 0)
                + sign * other[0].get(row, {}).get(column, 0)
                for column in table[2] & other[2]
            }
            for row in {*table[0], *other[0]}
        }
        hidden = (table[0].keys() - table[1]) | (other[0].keys() - other[1])
        return rows, frozenset(rows.keys() - hidden), table[2] & other[2]
