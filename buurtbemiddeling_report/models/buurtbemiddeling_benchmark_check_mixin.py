from collections import Counter, namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

from ..tools.changes import Changes, Seen
from .buurtbemiddeling_benchmark_snapshot_mixin import FOLLOWS, LISTS, SCOPE_FACTS
from .buurtbemiddeling_indicator_measurement_mixin import SOURCES

#: ``differences``: values of buurtbemiddeling.benchmark.difference; ``moved``: ids of the cases
#: (by source) that count elsewhere than they did
Comparison = namedtuple("Comparison", "differences moved")
#: How a figure is read: per source the ``keys`` of its conditions with what is measured there, and
#: the ``facts`` by which it is defined; ``versions`` is None when it is still defined as it was
Reading = namedtuple("Reading", "keys facts versions")
_SCOPE = "/scope"  # key of the condition that a case belongs to the benchmark; no code has a slash
_TOLERANCE = 1e-9  # of values, which are counts, fractions, hours and days


class BuurtbemiddelingBenchmarkCheckMixin(models.AbstractModel):
    """What would differ if the benchmark were computed today, and why. Touches no line."""

    _name = "buurtbemiddeling.benchmark.check.mixin"
    _description = "Comparison of a Benchmark with Today"

    checked_on = fields.Datetime("Compared on", readonly=True, copy=False)
    checked_by_id = fields.Many2one("res.users", "Compared by", readonly=True, copy=False)
    difference_ids = fields.One2many(
        "buurtbemiddeling.benchmark.difference",
        "benchmark_id",
        groups="buurtbemiddeling_case.group_user",
    )
    difference_count = fields.Integer("Differences", readonly=True, copy=False)
    check_text = fields.Char("Result of comparing", compute="_compute_check_text")

    def _get_step_fields(self):
        return super()._get_step_fields() | {
            "checked_on",
            "checked_by_id",
            "difference_ids",
            "difference_count",
        }

    def _forget_snapshot(self):
        # sudo: differences go with the lines of a concept that the user may change
        self.sudo().difference_ids.unlink()
        self._write_step({"checked_on": False, "checked_by_id": False, "difference_count": 0})
        return super()._forget_snapshot()

    @api.depends("checked_on", "checked_by_id", "difference_count", "state")
    @api.depends_context("lang", "tz")
    def _compute_check_text(self):
        for benchmark in self:
            values = {
                "figures": benchmark._say_figures(benchmark.difference_count),
                "date": format_datetime(self.env, benchmark.checked_on, dt_format="short"),
                # sudo: the name of the colleague who compared, also when archived or elsewhere
                "user": benchmark.sudo().checked_by_id.name,
            }
            if not benchmark.checked_on:
                benchmark.check_text = False
            elif not benchmark.difference_count:
                benchmark.check_text = self.env._(
                    "No differences: all figures are as they were. Compared on %(date)s by"
                    " %(user)s.",
                    **values,
                )
            elif benchmark.state == "frozen":
                benchmark.check_text = self.env._(
                    "Since freezing: %(figures)s. Compared on %(date)s by %(user)s.",
                    **values,
                )
            else:
                benchmark.check_text = self.env._(
                    "Since computing: %(figures)s. Compared on %(date)s by %(user)s.",
                    **values,
                )

    @api.model
    def _say_figures(self, count):
        """Return how many figures would differ, in words."""
        if count == 1:
            return self.env._("1 figure would differ")
        return self.env._("%s figures would differ", formatLang(self.env, count, digits=0))

    @api.model
    def _say_moved(self, moved):
        """Return how many cases and others count elsewhere, in words."""
        counts = Counter(source for source, _key in moved)
        say_count = self.env["buurtbemiddeling.indicator"]._say_count
        return ", ".join(say_count(*each) for each in (counts or {"case": 0}).items())

    def action_check(self):
        """Recompute from the facts of today, beside the lines, and keep what differs and why.

        For coordinators, on computed figures, frozen or not. The lines stay as they are. Raises
        ``UserError`` when there are no figures yet.
        """
        self.check_access("write")
        # sudo: differences are made here and nowhere else; nobody may write them
        differences = self.env["buurtbemiddeling.benchmark.difference"].sudo()
        for benchmark in self:
            if not benchmark.computed_on:
                raise UserError(self.env._("There are no figures yet. Compute them first."))
            benchmark.sudo().difference_ids.unlink()
            found = benchmark._compare_with_now().differences
            differences.create(found)
            benchmark._write_step(
                {
                    "checked_on": fields.Datetime.now(),
                    "checked_by_id": self.env.uid,
                    "difference_count": len(found),
                }
            )
        return True

    def action_open_differences(self):
        """Open what would differ, grouped by breakdown."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_difference_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id)]
        return action

    # ------------------------------------------------------------
    # COMPARING
    # ------------------------------------------------------------

    def _compare_with_now(self):
        """Return the ``Comparison`` of the lines with what they would be today.

        The figures and breakdowns are those of the benchmark, as they are defined today; what
        was added later is no difference. Rows are matched by what they are about, so that a new
        name or code of a list is none either.
        """
        self.ensure_one()
        # sudo: also the rows of projects that are closed to the user, or these would seem gone
        lines = self.sudo().line_ids
        indicators = lines.indicator_id.sudo(False).sorted(lambda i: (i.sequence, i.id))
        breakdowns = self.breakdowns or {}
        dimensions = self.env["buurtbemiddeling.dimension"].browse(map(int, breakdowns)).exists()
        dimensions = dimensions.sorted(lambda d: (d.sequence, d.id))
        changes = {
            source: self._get_changes(source, indicators, dimensions)
            for source in self._get_fact_sources()
        }
        return Comparison(
            self._find_differences(lines, indicators, dimensions, changes),
            [
                (source, key)
                for source, found in changes.items()
                for key in found.get_moved(self._get_groups(indicators, breakdowns.values()))
            ],
        )

    def _find_differences(self, lines, indicators, dimensions, changes):
        """Return the values of the differences between these lines and those of today."""
        then = {
            (line.indicator_id.id, line.dimension_id.id, tuple(line.dimension_values or ())): line
            for line in lines
        }
        now = {
            (
                values["indicator_id"],
                values.get("dimension_id", False),
                tuple(values.get("dimension_values", ())),
            ): values
            for values in self._prepare_lines(indicators, dimensions)
        }
        readings = self._get_readings(indicators)
        differences = []
        for key in {**then, **now}:
            numbers = self._get_numbers(then.get(key), now.get(key))
            if numbers:
                indicator_id, dimension_id, values = key
                cause = self._explain(
                    changes,
                    readings[indicator_id],
                    dimensions.browse(dimension_id),
                    self.breakdowns[str(dimension_id)]["facts"] if dimension_id else [],
                    values,
                )
                line = self._describe_line(then.get(key) or now[key], dimension_id)
                differences.append(
                    {
                        "indicator_id": indicator_id,
                        "dimension_id": dimension_id,
                        **line,
                        **numbers,
                        **cause,
                    }
                )
        return differences

    def _describe_line(self, line, dimension_id):
        """Return the values that say which line of this benchmark a difference is of."""
        names = ("dimension", "dimension_code", "dimension_label")
        return {
            "benchmark_id": self.id,
            "indicator_code": line["indicator_code"],
            **{name: dimension_id and line[name] for name in names},
        }

    @staticmethod
    def _get_groups(indicators, breakdowns):
        """Return pairs ``(keys, facts)``: which figures are broken down by which facts."""
        keys = {i: list(i._get_conditions()) for i in indicators}
        groups = [(sum(keys.values(), []), [])]
        for breakdown in breakdowns:
            members = [i for i in indicators if breakdown["basis"] in (False, i.basis)]
            groups.append((sum((keys[i] for i in members), []), breakdown["facts"]))
        return groups

    def _get_numbers(self, then, now):
        """Return the numbers of a line then and now, nothing when they are the same.

        Where there is no line nothing counts.
        """
        parts = ("numerator", "denominator", "value")
        numbers = {f"{part}_then": then[part] if then else 0 for part in parts}
        numbers |= {f"{part}_now": now[part] if now else 0 for part in parts}
        is_same = all(
            abs(numbers[f"{part}_then"] - numbers[f"{part}_now"]) <= _TOLERANCE for part in parts
        )
        return {} if is_same else numbers

    def _get_changes(self, source, indicators, dimensions):
        """Return the ``Changes`` of what is counted of one source, since the lines were made."""
        # sudo: facts of cases that have left the organisation since, or are in a project that is
        # closed to the user, are looked at as well: it is told how many there are, and why
        facts, scope = self.sudo()._get_fact_sources()[source]
        then = {
            row.res_id: Seen(row.facts or {}, set(row.met or ()))
            for row in self.sudo().fact_ids.filtered(lambda row: row.source == source)
        }
        conditions, names = self._get_what_to_keep(facts, source, indicators, dimensions)
        rows = self.env.execute_query(
            self.env["buurtbemiddeling.benchmark.fact"]._select_facts(
                facts,
                scope | Domain(facts._rec_name, "in", list(then)),
                {**conditions, _SCOPE: scope},
                names,
            )
        )
        # an area may be served by several organisations: the row of this one comes last and counts
        now = {
            res_id: Seen(found, set(met) - {_SCOPE} if _SCOPE in met else set())
            for res_id, found, met in sorted(rows, key=lambda row: _SCOPE in row[2])
        }
        added, gone = now.keys() - then.keys(), then.keys() - now.keys()
        # sudo: only whether they are there, and were entered since; see above
        records = self.env[facts._get_records()._name].sudo().with_context(active_test=False)
        entered = records.search(
            [("id", "in", list(added)), ("create_date", ">", self.computed_on)]
        )
        fates = {
            **dict.fromkeys(added, "moved_in"),
            **dict.fromkeys(entered.ids, "added"),
            **dict.fromkeys(gone, "gone"),
            **dict.fromkeys(records.browse(gone).exists().ids, "moved_out"),
            **{
                res_id: "company"
                for res_id, seen in now.items()
                if seen.facts.get("company_id", self.company_id.id) != self.company_id.id
            },
        }
        return Changes(then, now, fates, FOLLOWS, LISTS, SCOPE_FACTS)

    def _get_readings(self, indicators):
        """Return ``{id: Reading}``: how each figure was defined, and whether it still is."""
        definitions = self.definitions or {}
        readings = {}
        for indicator in indicators:
            definition = definitions[indicator.code]
            kept = indicator._from_definition(definition)
            keys, facts = {}, {}
            used = kept._get_sources() | indicator._get_sources()
            for source in (source for source, _label in SOURCES if source in used):
                keys[source] = {**indicator._get_measures(source), **kept._get_measures(source)}
                facts[source] = kept._get_fact_names(source)
            readings[indicator.id] = Reading(
                keys,
                facts,
                None
                if indicator._is_counted_as(definition)
                else {
                    "then": definition.get("version"),
                    "now": indicator._get_definition().get("version"),
                },
            )
        return readings

    def _explain(self, changes, reading, dimension, names_then, values):
        """Return the causes and the records of one difference, of each source that it counts."""
        names_now = list(dimension._get_field_names()) if dimension else []
        told, other, records = [], {}, {}
        for source, keys in reading.keys.items():
            causes = changes[source].explain(
                keys, names_then, names_now, values, reading.facts[source]
            )
            records[source] = sorted(key for ids in causes.values() for key in ids)
            other[source] = causes.pop(("other", ()), [])
            told += [
                {"kind": kind, "facts": list(facts), "count": len(ids), "source": source}
                for (kind, facts), ids in causes.items()
            ]
        if names_then != names_now:
            told.append({"kind": "breakdown"})
        if reading.versions:
            told.append({"kind": "definition", **reading.versions})
        if names_then == names_now and not reading.versions:
            told += [
                {"kind": "other", "count": len(ids), "source": source}
                for source, ids in other.items()
                if ids
            ]
        return {
            "causes": told or [{"kind": "other"}],
            "record_ids": {source: ids for source, ids in records.items() if ids},
        }
