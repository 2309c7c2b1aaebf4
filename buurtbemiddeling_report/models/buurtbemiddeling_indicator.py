from ast import literal_eval
from collections import defaultdict, namedtuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from .buurtbemiddeling_facts_mixin import Term

#: What an indicator came to: ``numerator`` and ``denominator`` are counts (the base is 0 for a
#: count), ``value`` is the count, numerator / denominator as a fraction, or days or hours. Of a
#: percentile and a total both counts say of how many facts it was taken.
Figure = namedtuple("Figure", "numerator denominator value")

SOURCES = [("case", "Cases"), ("volunteer", "Volunteers"), ("area", "Areas served")]
MEASURES = [
    ("own_days", "Own days"),
    ("waiting_days", "Waiting days"),
    ("party_count", "Residents who are a party"),
    ("trained_hours", "Hours of training"),
    ("case_count", "Cases of a volunteer"),
    ("assignment_count", "Cases that a volunteer began"),
    ("inhabitants", "Inhabitants"),
]
UNIT_OF_MEASURE = {
    "own_days": "days",
    "waiting_days": "days",
    "party_count": "persons",
    "trained_hours": "hours",
    "inhabitants": "persons",
}
NOT_UNDERSTOOD = (psycopg2.DataError, psycopg2.ProgrammingError)  # by the database
#: A change of one of these makes it another figure.
DEFINITION = {
    "source", "kind", "basis", "numerator_domain", "measure", "fraction",
    "denominator_source", "denominator_domain", "denominator_measure", "unit",
}  # fmt: skip


class BuurtbemiddelingIndicator(models.Model):
    """A figure as data: which facts it counts, against which base, in plain words.

    Numerator and denominator are domains on facts; nothing else computes a figure. There are facts
    of cases, of volunteers and of areas, see the three models ``….report``. A code may be there
    twice with years that do not overlap: then the definition changed from one year to the next.
    """

    _name = "buurtbemiddeling.indicator"
    _description = "Indicator"
    _inherit = [
        "buurtbemiddeling.indicator.definition.mixin",
        "buurtbemiddeling.code.mixin",
        "buurtbemiddeling.indicator.target.mixin",
    ]

    explanation = fields.Text(required=True, translate=True)
    source = fields.Selection(SOURCES, "Counts", required=True, default="case")
    kind = fields.Selection(
        [
            ("count", "Number"),
            ("share", "Share"),
            ("percentile", "Percentile"),
            ("total", "Total"),
            ("ratio", "Ratio"),
        ],
        required=True,
        default="count",
        help="A share is a part of its base. A ratio divides by something else, such as cases by"
        " volunteers.",
    )
    basis = fields.Selection(
        [
            ("registration", "Cases registered in the year"),
            ("closing", "Cases closed in the year"),
            ("stock", "As it is on the reference date"),
        ],
        required=True,
        default="registration",
        help="Decides which month a case counts under, if any.",
    )
    numerator_domain = fields.Char(
        required=True, default="[]", help="What is counted, as a domain on the facts."
    )
    denominator_source = fields.Selection(SOURCES, "Divided by")
    denominator_domain = fields.Char(
        help="The base of a share or a ratio, as a domain on the facts."
    )
    measure = fields.Selection(
        MEASURES,
        help="What a total or a percentile is taken of. A ratio without a measure counts.",
    )
    denominator_measure = fields.Selection(
        MEASURES, "Measure of the base", help="Empty: the base of a ratio is a number of facts."
    )
    fraction = fields.Float(default=0.5, help="0.5 is the median, 0.9 the 90th percentile.")
    unit = fields.Selection(
        [
            ("cases", "Cases"),
            ("persons", "People"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("percent", "Percent"),
            ("ratio", "Ratio"),
            ("per_10000", "Per 10,000"),
        ],
        compute="_compute_unit",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    valid_from = fields.Integer(
        "From year", aggregator=None, required=True, default=0, help="0: from the beginning."
    )
    valid_to = fields.Integer(
        "Up to and including year", aggregator=None, required=True, default=0, help="0: until now."
    )
    version = fields.Integer(
        readonly=True,
        copy=False,
        default=1,
        required=True,
        aggregator=None,
        help="Goes up by itself when a part of the definition changes.",
    )
    facts_model = fields.Char(compute="_compute_facts_model", export_string_translation=False)
    base_facts_model = fields.Char(compute="_compute_facts_model", export_string_translation=False)
    preview = fields.Char(
        "This year so far",
        compute="_compute_preview",
        help="What the figure comes to for your organisation, counted now.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code, valid_from)",
        "There is a figure with this code from that year on already. Use another code, or fill in"
        " until which year the other one holds and from which year this one does.",
    )
    _fraction_range = models.Constraint(
        "CHECK(fraction > 0 AND fraction < 1)", "A percentile lies between 0 and 1."
    )
    _years_in_order = models.Constraint(
        "CHECK(valid_from = 0 OR valid_from BETWEEN 1990 AND 2200)",
        "Give the first year in four digits, or 0 for from the beginning.",
    )
    _last_year = models.Constraint(
        "CHECK(valid_to = 0 OR valid_to BETWEEN GREATEST(valid_from, 1990) AND 2200)",
        "The last year comes before the first one. Correct one of the two, or fill in 0 for until"
        " now.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("kind", "source", "measure")
    def _compute_unit(self):
        by_kind = {"share": "percent", "ratio": "ratio"}
        by_source = {"case": "cases", "volunteer": "persons", "area": "persons"}
        for indicator in self:
            if indicator.kind in ("percentile", "total"):
                indicator.unit = UNIT_OF_MEASURE.get(indicator.measure, "cases")
            else:
                indicator.unit = by_kind.get(indicator.kind) or by_source.get(indicator.source)

    @api.depends("source", "kind", "denominator_source")
    def _compute_facts_model(self):
        """Of which facts the domains are."""
        for indicator in self:
            source = indicator.source or "case"
            base = indicator.denominator_source if indicator.kind == "ratio" else source
            indicator.facts_model = self._get_facts(source)._name
            indicator.base_facts_model = self._get_facts(base or "case")._name

    @api.depends(*DEFINITION - {"basis"})
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        """Count as a benchmark of this year would, with the rights of whoever looks.

        Without access to the facts there is nothing to see: a definition can be made so narrow
        that it tells of one case.
        """
        self.preview = False
        facts = self.env["buurtbemiddeling.case.report"]
        if not facts.has_access("read"):
            return
        today = fields.Date.context_today(self)
        measured = self.browse()
        for indicator in self:
            try:
                indicator._check_definition()
            except ValidationError as error:
                indicator.preview = error.args[0]
            else:
                measured += indicator
        for indicator, figure in measured._measure_total(
            self.env.company, today.year, today
        ).items():
            indicator.preview = indicator._format_figure(figure)

    def _format_figure(self, figure):
        """Return a figure with what it is made of: 93, 58.1 % (93 of 160) or 45.0 days (of 12)."""
        text = self._format_value(figure.value, figure.denominator)
        if self.kind == "count":
            return text
        numerator, denominator = (formatLang(self.env, n, digits=0) for n in figure[:2])
        if self.kind in ("share", "ratio"):
            return self.env._(
                "%(numerator)s of %(denominator)s (%(value)s)",
                numerator=numerator,
                denominator=denominator,
                value=text,
            )
        return self.env._("%(value)s (of %(base)s)", value=text, base=denominator)

    # ------------------------------------------------------------
    # WHAT IS A RIGHT DEFINITION
    # ------------------------------------------------------------

    @api.constrains(*DEFINITION)
    def _check_definitions(self):
        for indicator in self:
            indicator._check_definition()

    def _check_definition(self):
        """Refuse a definition that can not be computed, in words.

        :raise ValidationError: says what is wrong
        """
        self.ensure_one()
        self._check_base()
        for source, domain, measure in self._get_parts():
            self._check_domain(source, domain)
            if measure and measure not in self._get_facts(source)._fields:
                raise ValidationError(
                    self.env._(
                        "The facts of %(facts)s have no “%(measure)s”, which %(indicator)s"
                        " measures. Choose another measure, or count something else.",
                        facts=self._get_source_label(source),
                        measure=dict(self._fields["measure"]._description_selection(self.env))[
                            measure
                        ],
                        indicator=self.name,
                    )
                )

    def _check_base(self):
        """What a kind of figure needs; a share is a part of its base, in the same facts."""
        if self.kind in ("percentile", "total") and not self.measure:
            raise ValidationError(
                self.env._(
                    "%s needs something to measure. Choose a measure, such as own days.", self.name
                )
            )
        if self.kind in ("share", "ratio") and not self.denominator_domain:
            raise ValidationError(
                self.env._("%s needs a base. Fill in what it is divided by.", self.name)
            )
        if self.kind == "ratio" and not self.denominator_source:
            raise ValidationError(
                self.env._("Say what %s is divided by: cases, volunteers or areas.", self.name)
            )
        if self.kind == "share" and self.denominator_source not in (False, self.source):
            raise ValidationError(
                self.env._(
                    "%(indicator)s is a share of %(facts)s, so its base is a number of those as"
                    " well. Choose Ratio to divide by something else.",
                    indicator=self.name,
                    facts=self._get_source_label(self.source),
                )
            )

    def _check_domain(self, source, domain):
        facts = self._get_facts(source)
        try:
            parsed = Domain(literal_eval(domain or "[]"))
            for condition in parsed.iter_conditions():
                self._check_fact(facts, condition)
            parsed.validate(facts)
            # sudo: whether the database understands it, no row comes back
            query = facts.sudo()._search(parsed, limit=0)
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query.select(), log_exceptions=False)
        except (ValueError, SyntaxError, TypeError, *NOT_UNDERSTOOD) as error:
            raise ValidationError(
                self.env._(
                    "The definition of %(indicator)s is not right: %(domain)s can not be"
                    " applied to the facts of %(facts)s (%(error)s).",
                    indicator=self.name,
                    domain=domain,
                    facts=self._get_source_label(source),
                    error=str(error).splitlines()[0],
                )
            ) from error

    @api.model
    def _check_fact(self, facts, condition):
        """Only facts themselves, or the code of one: nothing that leads to a person or a case."""
        name, _dot, rest = condition.field_expr.partition(".")
        if name in ("id", "display_name", *facts._personal_facts) or rest not in ("", "code"):
            raise ValueError(condition.field_expr)
        if "any" in condition.operator or name not in facts._fields:
            raise ValueError(condition.field_expr)
        if rest and "code" not in self.env[facts._fields[name].comodel_name]._fields:
            raise ValueError(condition.field_expr)

    @api.constrains("code", "valid_from", "valid_to")
    def _check_one_definition_a_year(self):
        """Archived ones count too: they may come back."""
        same = self.with_context(active_test=False).search([("code", "in", self.mapped("code"))])
        for members in same.grouped("code").values():
            by_year = members.sorted("valid_from")
            for indicator, following in zip(by_year, by_year[1:], strict=False):
                if not indicator.valid_to or indicator.valid_to >= following.valid_from:
                    raise ValidationError(
                        self.env._(
                            "In %(year)s there would be two figures with the code %(code)s. Let the"
                            " years of one end before those of the other begin, or use another"
                            " code.",
                            year=following.valid_from,
                            code=indicator.code,
                        )
                    )

    def write(self, vals):
        """A changed definition is a new version; saving the same one again is not."""
        names = DEFINITION & vals.keys()
        before = {indicator: [indicator[name] for name in names] for indicator in self}
        res = super().write(vals)
        for indicator, values in before.items():
            if values != [indicator[name] for name in names]:
                super(BuurtbemiddelingIndicator, indicator).write(
                    {"version": indicator.version + 1}
                )
        return res

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _of_year(self, year):
        """Return the figures as they are defined in a year, in order."""
        return self.search(
            Domain("valid_from", "<=", year)
            & (Domain("valid_to", "=", 0) | Domain("valid_to", ">=", year))
        )

    def _format_value(self, value, base=None):
        """Return a value of this figure as people read it: 93, 75.3 %, 45.0 days or 9.6.

        :param base: the denominator, where it is known; of nothing there is no share: –
        """
        if base == 0 and self.kind != "count":
            return "–"
        if self.unit == "percent":
            return f"{formatLang(self.env, value * 100, digits=1)} %"
        if self.unit == "days":
            return self.env._("%s days", formatLang(self.env, value, digits=1))
        if self.unit == "hours":
            return self.env._("%s hours", formatLang(self.env, value, digits=1))
        if self.unit == "per_10000":
            return self.env._("%s per 10,000", formatLang(self.env, value * 10000, digits=1))
        return formatLang(self.env, value, digits=1 if self.unit == "ratio" else 0)

    @api.model
    def _get_source_label(self, source):
        return dict(self._fields["source"]._description_selection(self.env))[source].lower()

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

    def _get_domain(self, part):
        """Return the numerator or denominator (``part``) as a ``Domain``."""
        self.ensure_one()
        return Domain(literal_eval(self[f"{part}_domain"] or "[]"))

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
        recipes = {
            indicator: indicator._get_terms()
            for indicator in self
            if indicator._get_sources() <= scopes.keys()
        }
        numbers = defaultdict(dict)  # {place: {(source, position of a term): number}}
        numbers.update({(i, None, None): {} for i, names in enumerate(breakdowns) if not names})
        knows, positions = {}, {}
        for source, scope in scopes.items():
            terms = []
            for indicator, recipe in recipes.items():
                for part, (of_source, term) in enumerate(recipe):
                    if of_source == source:
                        if term not in terms:
                            terms.append(term)
                        positions[indicator, part] = (source, terms.index(term))
            model = self._get_facts(source).with_env(facts.env)
            knows[source] = [
                index
                for index, names in enumerate(breakdowns)
                if all(name in model._fields for name in names)
            ]
            if not terms:
                continue
            for index, first, second, values in model._aggregate(
                scope, terms, [breakdowns[index] for index in knows[source]]
            ):
                place = numbers[knows[source][index], first, second]
                place.update({(source, position): n for position, n in enumerate(values)})
        return [
            (
                index,
                first,
                second,
                {
                    indicator: indicator._get_figure(
                        *(found.get(positions[indicator, part]) or 0 for part in range(len(recipe)))
                    )
                    for indicator, recipe in recipes.items()
                    if all(index in knows[source] for source, _term in recipe)
                },
            )
            for (index, first, second), found in numbers.items()
        ]

    def _measure_total(self, company, year, reference_date, areas=None):
        """Return ``{indicator: Figure}`` of an organisation in a year, without a benchmark.

        The facts are read with the rights of the user.

        :param areas: records, when the figures are about some areas only
        """
        facts = self.env["buurtbemiddeling.case.report"]._of_year(year, reference_date, areas)
        rows = self._measure(facts, self._get_scopes(company, areas), [()])
        return rows[0][3]

    @api.model
    def _get_scopes(self, company, areas=None):
        """Return ``{source: domain}`` of what the figures of an organisation in a year are about.

        :param areas: records, when the figures are about some areas only
        """
        scopes = {
            source: self._get_facts(source)._get_scope(company, areas) for source, _label in SOURCES
        }
        scopes["case"] &= (
            Domain("is_registered", "=", True)
            | Domain("is_closed_in_period", "=", True)
            | Domain("is_running", "=", True)
        )
        return scopes

    def _get_figure(self, first, second=0):
        """Return the ``Figure`` that the numbers of ``_get_terms`` make."""
        if self.kind == "count":
            return Figure(first, 0, first)
        if self.kind in ("percentile", "total"):
            return Figure(first, first, second)
        return Figure(round(first), round(second), first / second if second else 0.0)
