from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..tools.euros import say_euros
from .buurtbemiddeling_indicator_check_mixin import DEFINITION
from .buurtbemiddeling_indicator_measurement_mixin import SOURCES

MEASURES = [
    ("own_days", "Own days"),
    ("waiting_days", "Waiting days"),
    ("party_count", "Residents who are a party"),
    ("trained_hours", "Hours of training"),
    ("case_count", "Cases of a volunteer"),
    ("assignment_count", "Cases that a volunteer began"),
    ("inhabitants", "Inhabitants"),
    ("amount", "Costs"),
]
#: of a measure that is not here: cases
UNIT_OF_MEASURE = {
    "own_days": "days",
    "waiting_days": "days",
    "party_count": "persons",
    "trained_hours": "hours",
    "inhabitants": "persons",
    "amount": "euros",
}


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
        "buurtbemiddeling.indicator.check.mixin",
        "buurtbemiddeling.indicator.measurement.mixin",
        "buurtbemiddeling.code.mixin",
        "buurtbemiddeling.indicator.target.mixin",
    ]
    _is_one_per_code = False

    explanation = fields.Text(required=True, translate=True)
    source = fields.Selection(
        SOURCES,
        "Counts",
        required=True,
        default="case",
        help="What the figure counts.",
    )
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
        help="Other cases do not count, whatever the conditions say. It also decides which month a"
        " case counts under, if any.",
    )
    numerator_domain = fields.Char(
        required=True, default="[]", help="What is counted, as a domain on the facts."
    )
    denominator_source = fields.Selection(
        SOURCES,
        "Divided by",
        help="What the count is divided by, for a share or an average.",
    )
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
            ("euros", "Euros"),
        ],
        compute="_compute_unit",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="How the figure is written, and how it is rounded.",
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
    facts_model = fields.Char(
        compute="_compute_facts_model", export_string_translation=False, exportable=False
    )
    base_facts_model = fields.Char(
        compute="_compute_facts_model", export_string_translation=False, exportable=False
    )
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
    _code_spelling = models.Constraint(
        "CHECK(code ~ '^[a-z0-9_]+$')",
        "A code has only small letters a to z, digits and underscores, such as police_share.",
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
        by_source = {"case": "cases", "volunteer": "persons", "area": "persons", "cost": "euros"}
        for indicator in self:
            if indicator.kind in ("percentile", "total") or indicator._is_price():
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

    @api.depends(*DEFINITION)
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        """Count as a benchmark of this year would, with the rights of whoever looks.

        Without access to the facts there is nothing to see: a definition can be made so narrow
        that it tells of one case. So whoever a project is closed to sees nothing either.
        """
        self.preview = False
        facts = self.env["buurtbemiddeling.case.report"]
        if not facts.has_access("read"):
            return
        if self.env["buurtbemiddeling.project"]._are_closed_in(self.env.company):
            self.preview = self._get_preview_refusal()
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

    @api.model
    def _get_preview_refusal(self):
        return self.env._(
            "Not counted here: some cases of this organisation are in a project that is only for"
            " its own coordinators."
        )

    def _format_figure(self, figure):
        """Return a figure with what it is made of: 93, 58.1 % (93 of 160) or 45.0 days (of 12)."""
        text = self._format_value(figure.value, figure.denominator)
        if self.kind == "count" or self.kind == "total" and self.unit == "euros":
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

    def _get_units(self):
        """Return the units that fit: of what is measured, that is the unit of the measure."""
        self.ensure_one()
        if self._is_price():
            return ("euros",)
        return {
            "count": ("cases", "persons"),
            "share": ("percent",),
            "ratio": ("ratio", "per_10000"),
        }.get(self.kind, (UNIT_OF_MEASURE.get(self.measure, "cases"),))

    def _is_price(self):
        """Return whether this is what something costs: costs divided by something else."""
        return self.kind == "ratio" and self.measure == "amount"

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

        :param base: the denominator, where it is known; of nothing there is no share: –. Nor is
            what nobody entered the costs of free of costs.
        """
        if base == 0 and self.kind != "count" or self.unit == "euros" and not value:
            return "–"
        if self.unit == "percent":
            return f"{formatLang(self.env, value * 100, digits=1)} %"
        if self.unit == "days":
            return self.env._("%s days", formatLang(self.env, value, digits=1))
        if self.unit == "hours":
            return self.env._("%s hours", formatLang(self.env, value, digits=1))
        if self.unit == "per_10000":
            return self.env._("%s per 10,000", formatLang(self.env, value * 10000, digits=1))
        if self.unit == "euros":
            return say_euros(self.env, value)
        return formatLang(self.env, value, digits=1 if self.unit == "ratio" else 0)

    @api.model
    def _say_count(self, source, count):
        """Return how many facts of a source in words: 1 case, 3 volunteers."""
        if count == 1:
            return {
                "case": self.env._("1 case"),
                "volunteer": self.env._("1 volunteer"),
                "area": self.env._("1 area"),
                "cost": self.env._("1 cost"),
            }[source]
        number = formatLang(self.env, count, digits=0)
        return {
            "case": self.env._("%s cases", number),
            "volunteer": self.env._("%s volunteers", number),
            "area": self.env._("%s areas", number),
            "cost": self.env._("%s costs", number),
        }[source]

    @api.model
    def _get_source_label(self, source):
        return dict(self._fields["source"]._description_selection(self.env))[source].lower()
