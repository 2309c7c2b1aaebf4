from ast import literal_eval
from collections import defaultdict, namedtuple
from functools import cache

from odoo import api, models
from odoo.fields import Domain

from .buurtbemiddeling_facts_mixin import Term

#: What an indicator came to: ``numerator`` and ``denominator`` are counts (the base is 0 for a
#: count), ``value`` is the count, numerator / denominator as a fraction, or days, hours or euros.
#: Of a percentile and a total both counts say of how many facts it was taken; of costs, how many
#: euros it is: how many invoices there were tells nothing.
Figure = namedtuple("Figure", "numerator denominator value")

#: The fact that says whether a case is one of those that a figure is about.
BASIS_FACTS = {
    "registration": "is_registered",
    "closing": "is_closed_in_period",
    "stock": "is_running",
}
SOURCES = [
    ("case", "Cases"),
    ("volunteer", "Volunteers"),
    ("area", "Areas served"),
    ("cost", "Costs"),
]


class BuurtbemiddelingIndicatorMeasurementMixin(models.AbstractModel):
    """How a figure comes from the facts: the one place where that is done."""

    _name = "buurtbemiddeling.indicator.measurement.mixin"
    _description = "Measurement of an Indicator"

    @api.model
    def _get_facts(self, source):
        """Return the model of facts of a source."""
        return self.env[f"buurtbemiddeling.{source}.report"]

    def _get_parts(self):
        """Return what is counted and what it is divided by: ``(source, domain text, measure)``."""
        self.ensure_one()
        measured = self.kind in ("percentile", "total", "ratio")
        parts = [(self.source, self.numerator_domain, measured and self.measure)]
        if self.kind == "share":
            parts.append((self.source, self.denominator_domain, False))
        elif self.kind == "ratio":
            parts.append(
                (self.denominator_source, self.denominator_domain, self.denominator_measure)
            )
        return parts

    def _get_sources(self):
        """Return the sources that the figures are made of, as a set of codes."""
        return {
            source for indicator in self for source, _domain, _measure in indicator._get_parts()
        }

    def _is_divided_by(self, name):
        """Return whether all that the figure counts has a fact, so that it can be divided by it."""
        return all(name in self._get_facts(source)._fields for source in self._get_sources())

    def _get_domain(self, part):
        """Return the numerator or denominator (``part``) as a ``Domain``.

        Cases are only those that the figure is about (``basis``), and a share counts only what lies
        in its base, also when the condition as it was typed does not say so.
        """
        self.ensure_one()
        is_numerator = part == "numerator"
        source = self.source if is_numerator or self.kind == "share" else self.denominator_source
        domain = Domain(literal_eval(self[f"{part}_domain"] or "[]"))
        if source == "case":
            domain &= Domain(BASIS_FACTS[self.basis], "=", True)
        if is_numerator and self.kind == "share":
            domain &= self._get_domain("denominator")
        return domain

    # ------------------------------------------------------------
    # MEASURING
    # ------------------------------------------------------------

    def _get_terms(self):
        """Return the numbers that make this figure: one or two pairs ``(source, Term)``."""
        self.ensure_one()
        top = self._get_domain("numerator")
        counted = (self.source, Term(top))
        if self.kind == "count":
            return [counted]
        if self.kind == "share":
            return [counted, (self.source, Term(self._get_domain("denominator")))]
        if self.kind == "ratio":
            base = Term(self._get_domain("denominator"), self.denominator_measure or None)
            return [(self.source, Term(top, self.measure or None)), (self.denominator_source, base)]
        fraction = self.fraction if self.kind == "percentile" else None
        return [counted, (self.source, Term(top, self.measure, fraction))]

    def _measure(self, facts, domain, breakdowns):
        """Compute these figures in one pass over each source: the one place where that is done.

        :param facts: the model of facts of cases, seen in a period and on a reference date; the
            other sources are seen likewise
        :param domain: which cases; or ``{source: domain}``. A figure of which a source is not
            there can not be measured, and is left out.
        :param breakdowns: list of tuples of one or two facts; ``()`` is the total. A figure is
            broken down by facts that all its sources have.
        :return: rows ``(index of the breakdown, value, second value, {indicator: Figure})``, see
            ``_aggregate``; the total is there also when it counts nothing
        """
        scopes = domain if isinstance(domain, dict) else {"case": domain}
        return self._measure_apart(None, facts, scopes, breakdowns, [None])[None]

    def _measure_apart(self, fact, facts, scopes, breakdowns, values):
        """Compute these figures for each value of a fact apart, in the same pass.

        :param fact: the name of a many2one that all sources have; ``None`` to measure all together
        :param values: its values to tell of; ``[None]`` when all is measured together
        :return: ``{value: rows}``, see ``_measure``
        """
        recipes = {
            indicator: indicator._get_terms()
            for indicator in self
            if indicator._get_sources() <= scopes.keys()
        }
        totals = [index for index, names in enumerate(breakdowns) if not names]
        # {value: {place: {source: numbers of its terms}}}
        counted = {value: {(index, None, None): {} for index in totals} for value in values}
        counts, knows, positions = {}, {}, defaultdict(list)
        for source, scope in scopes.items():
            terms = _get_terms_of(source, recipes, positions)
            counts[source] = len(terms)
            model = self._get_facts(source).with_env(facts.env)
            knows[source] = [
                index
                for index, names in enumerate(breakdowns)
                if all(name in model._fields for name in names)
            ]
            if not terms:
                continue
            for value, index, first, second, numbers in model._aggregate_apart(
                fact, scope, terms, [breakdowns[index] for index in knows[source]]
            ):
                place = (knows[source][index], first, second)
                counted[value].setdefault(place, {})[source] = numbers
        makers = [
            [
                (indicator, indicator._get_maker(), sorted(positions[indicator]))
                for indicator, recipe in recipes.items()
                if all(index in knows[source] for source, _term in recipe)
            ]
            for index in range(len(breakdowns))
        ]
        return {
            value: [
                (*place, _make_figures(makers[place[0]], found, counts))
                for place, found in places.items()
            ]
            for value, places in counted.items()
        }

    def _measure_total(self, company, year, reference_date, areas=None, project=None):
        """Return ``{indicator: Figure}`` of an organisation in a year, without a benchmark.

        All facts of the organisation count, also of projects that are closed to the user: a figure
        is never less than it is.

        :param areas: records, when the figures are about some areas only
        :param project: record, when they are about one project only
        :raise AccessError: for whoever may not read facts, or not those of this organisation
        """
        facts = self.env["buurtbemiddeling.case.report"]._of_year(
            year, reference_date, areas, project
        )
        facts.check_access("read")
        company.check_access("read")
        # sudo: only counts leave the facts
        rows = self._measure(facts.sudo(), self._get_scopes(company, areas, project), [()])
        return rows[0][3]

    @api.model
    def _get_scopes(self, company, areas=None, project=None):
        """Return ``{source: domain}`` of what the figures of an organisation in a year are about.

        What has no place can not be told for some areas: that source is not there then.

        :param areas: records, when the figures are about some areas only
        :param project: record, when they are about one project only
        """
        models = {source: self._get_facts(source) for source, _label in SOURCES}
        scopes = {
            source: facts._get_scope(company, areas, project)
            for source, facts in models.items()
            if facts._has_places or not areas
        }
        scopes["case"] &= (
            Domain("is_registered", "=", True)
            | Domain("is_closed_in_period", "=", True)
            | Domain("is_running", "=", True)
        )
        return scopes

    def _get_maker(self):
        """Return what makes a ``Figure`` of the numbers of ``_get_terms``: a plain function."""
        self.ensure_one()
        if self.kind == "count":
            return cache(lambda count: Figure(count, 0, count))
        if self.kind == "total" and self.unit == "euros":  # their number tells nothing
            return lambda _count, total: Figure(round(total), round(total), total)
        if self.kind in ("percentile", "total"):
            return lambda count, value: Figure(count, count, value)
        # most rows of a breakdown have the same few numbers, or none
        return cache(lambda top, base: Figure(round(top), round(base), top / base if base else 0.0))


def _get_terms_of(source, recipes, positions):
    """Return the terms that figures take from a source, each once.

    :param positions: ``{indicator: [(part of the figure, source, place among its terms)]}``, to
        which those of this source are added
    """
    terms = []
    for indicator, recipe in recipes.items():
        for part, (of_source, term) in enumerate(recipe):
            if of_source == source:
                if term not in terms:
                    terms.append(term)
                positions[indicator].append((part, source, terms.index(term)))
    return terms


def _make_figures(makers, found, counts):
    """Return ``{indicator: Figure}`` of one place.

    :param makers: ``(indicator, function of its terms, where those stand)``
    :param found: ``{source: numbers of its terms}``, without the sources that have nothing there
    :param counts: ``{source: how many terms}``
    """
    numbers = {source: found.get(source) or [0] * count for source, count in counts.items()}
    return {
        indicator: make(*[numbers[source][place] or 0 for _part, source, place in parts])
        for indicator, make, parts in makers
    }
