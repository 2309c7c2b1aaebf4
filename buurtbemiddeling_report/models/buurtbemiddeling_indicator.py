from ast import literal_eval
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from .buurtbemiddeling_case_report import PERSONAL_FACTS

#: What an indicator came to: ``numerator`` and ``denominator`` are counts (the base is 0 for a
#: count), ``value`` is the count, numerator / denominator as a fraction, or days.
Figure = namedtuple("Figure", "numerator denominator value")


class BuurtbemiddelingIndicator(models.Model):
    """A figure as data: which cases it counts, against which base, in plain words.

    Numerator and denominator are domains on the facts of cases; nothing else computes a figure.
    """

    _name = "buurtbemiddeling.indicator"
    _description = "Indicator"
    _inherit = ["buurtbemiddeling.indicator.definition.mixin", "buurtbemiddeling.code.mixin"]

    explanation = fields.Text(required=True, translate=True)
    kind = fields.Selection(
        [
            ("count", "Number of cases"),
            ("share", "Share"),
            ("percentile", "Percentile of days"),
        ],
        required=True,
        default="count",
    )
    basis = fields.Selection(
        [
            ("registration", "Cases registered in the year"),
            ("closing", "Cases closed in the year"),
            ("stock", "Cases on the reference date"),
        ],
        required=True,
        default="registration",
        help="Decides which month a case counts under, if any.",
    )
    numerator_domain = fields.Char(
        required=True, default="[]", help="Which cases are counted, as a domain on their facts."
    )
    denominator_domain = fields.Char(help="The base of a share, as a domain on the facts of cases.")
    measure = fields.Selection(
        [("own_days", "Own days"), ("waiting_days", "Waiting days")],
        help="What a percentile is taken of.",
    )
    fraction = fields.Float(default=0.5, help="0.5 is the median, 0.9 the 90th percentile.")

    _fraction_range = models.Constraint(
        "CHECK(fraction > 0 AND fraction < 1)", "A percentile lies between 0 and 1."
    )
    _share_has_base = models.Constraint(
        "CHECK(kind != 'share' OR denominator_domain IS NOT NULL)",
        "A share needs a base. Fill in the denominator.",
    )
    _percentile_has_measure = models.Constraint(
        "CHECK(kind != 'percentile' OR measure IS NOT NULL)",
        "A percentile needs something to measure. Choose own days or waiting days.",
    )

    @api.constrains("numerator_domain", "denominator_domain")
    def _check_domains(self):
        """Refuse a definition that can not be computed, in words."""
        facts = self.env["buurtbemiddeling.case.report"]
        for indicator in self:
            for domain in (indicator.numerator_domain, indicator.denominator_domain):
                if not domain:
                    continue
                try:
                    parsed = Domain(literal_eval(domain))
                    parsed.validate(facts)
                    for condition in parsed.iter_conditions():
                        self._check_fact(facts, condition.field_expr)
                except (ValueError, SyntaxError, TypeError) as error:
                    raise ValidationError(
                        self.env._(
                            "The definition of %(indicator)s is not right: %(domain)s can not be"
                            " applied to the facts of cases (%(error)s).",
                            indicator=indicator.name,
                            domain=domain,
                            error=error,
                        )
                    ) from error

    @api.model
    def _check_fact(self, facts, path):
        """Only facts themselves, or the code of one: nothing that leads to a person or a case."""
        name, _dot, rest = path.partition(".")
        if name in ("id", "display_name", *PERSONAL_FACTS) or rest not in ("", "code"):
            raise ValueError(path)
        if rest and "code" not in self.env[facts._fields[name].comodel_name]._fields:
            raise ValueError(path)

    def _format_value(self, value):
        """Return a value of this figure as people read it: 93, 75.3 % or 45.0 days."""
        if self.kind == "share":
            return f"{formatLang(self.env, value * 100, digits=1)} %"
        if self.kind == "percentile":
            return self.env._("%s days", formatLang(self.env, value, digits=1))
        return formatLang(self.env, value, digits=0)

    def _get_domain(self, part):
        """Return the numerator or denominator (``part``) as a ``Domain``."""
        self.ensure_one()
        return Domain(literal_eval(self[f"{part}_domain"] or "[]"))

    def _measure(self, facts, domain, breakdowns):
        """Compute these figures in one pass over the cases: the one place where that is done.

        :param facts: the model of facts, seen in a period and on a reference date
        :param domain: which cases
        :param breakdowns: list of tuples of one or two facts; ``()`` is the total
        :return: rows ``(index of the breakdown, value, second value, {indicator: Figure})``, see
            ``_aggregate``; the total is there also when it counts nothing
        """
        conditions, percentiles, recipes = [], [], []

        def condition_index(condition):
            if condition not in conditions:
                conditions.append(condition)
            return conditions.index(condition)

        for indicator in self:
            top = condition_index(indicator._get_domain("numerator"))
            base = measure = None
            if indicator.kind == "share":
                base = condition_index(indicator._get_domain("denominator"))
            elif indicator.kind == "percentile":
                measure = len(percentiles)
                percentiles.append((indicator.measure, indicator.fraction, top))
            recipes.append((indicator, top, base, measure))

        rows = facts._aggregate(domain, conditions, percentiles, breakdowns)
        found = {row[0] for row in rows}
        rows += [
            (index, None, None, (0,) * len(conditions), (None,) * len(percentiles))
            for index, names in enumerate(breakdowns)
            if not names and index not in found
        ]
        return [
            (
                index,
                first,
                second,
                {
                    indicator: indicator._get_figure(
                        counts[top],
                        counts[base] if base is not None else 0,
                        measured[measure] if measure is not None else None,
                    )
                    for indicator, top, base, measure in recipes
                },
            )
            for index, first, second, counts, measured in rows
        ]

    def _get_figure(self, numerator, denominator, measured):
        """Return the ``Figure``: numerator and base are counts, the value follows from them."""
        if self.kind == "share":
            value = numerator / denominator if denominator else 0.0
        elif self.kind == "percentile":
            denominator = numerator
            value = measured or 0.0
        else:
            value = numerator
        return Figure(numerator, denominator, value)
