from functools import cache
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.disclosure import protect
from ..tools.disclosure_columns import TOTAL, Columns


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
        compute="_compute_release_count", export_string_translation=False, exportable=False
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
        self._get_others_of_year()._mark_small_numbers()
        return self._get_public_lines()

    def _get_others_of_year(self):
        """Return the other benchmarks that a version of this one tells of: of the same year.

        Who sees figures only reads those on screen, and what has left now may tell more of them.
        """
        # sudo: their small numbers are marked anew, also where the user may not read them
        return self.sudo().search(
            [
                ("id", "not in", self.ids),
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year),
                ("computed_on", "!=", False),
            ]
        )

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
        columns = Columns(indicators, [line for line in counted if not line.dimension_id])
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
