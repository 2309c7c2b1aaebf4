from odoo import api, fields, models
from odoo.tools import formatLang

from .buurtbemiddeling_amount_mixin import SCALES


class BuurtbemiddelingBenchmarkReference(models.Model):
    """A published national figure of one year, with its source.

    Several sources of one year stand side by side; the preferred one is compared with. A figure of
    a size class is about a municipality of that size, not about the country. Codes without an
    indicator are figures that only the country has, or of which the base was not published:
    ``success`` is a share of solved cases of which the source does not say of which cases.
    """

    _name = "buurtbemiddeling.benchmark.reference"
    _description = "National Figure"
    _inherit = ["buurtbemiddeling.amount.mixin"]
    _order = "year desc, indicator_code, is_preferred desc, id"
    _rec_name = "indicator_code"

    year = fields.Integer(required=True, index=True, aggregator=None)
    indicator_code = fields.Char("Figure code", required=True)
    unit = fields.Selection(
        "_selection_unit",
        compute="_compute_unit",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Of the figure with this code.",
    )
    label = fields.Char(
        "What it counts", translate=True, help="For a code that is no figure of your own."
    )
    name = fields.Char("Figure", compute="_compute_name")
    size_class_id = fields.Many2one(
        "buurtbemiddeling.size.class",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the whole country.",
    )
    approximate = fields.Boolean(help="Published as “about”, “more than” or a round number.")
    is_preferred = fields.Boolean(
        "Compare with this one", default=True, help="Of several sources of one year, one is used."
    )
    is_own_calculation = fields.Boolean(
        "Own calculation", help="Not published like this, but calculated from published numbers."
    )
    source = fields.Char(required=True, help="Where it was published.")
    note = fields.Char(translate=True)

    _year_indicator_source_uniq = models.Constraint(
        "UNIQUE(year, indicator_code, source, value)",
        "This source has this figure for this year already.",
    )
    _preferred_uniq = models.UniqueIndex(
        "(year, indicator_code, COALESCE(size_class_id, 0)) WHERE is_preferred",
        "There is another source for this year that is compared with. Untick that one first.",
    )
    _value_range = models.Constraint(
        "CHECK(value >= 0 AND (unit != 'percent' OR value <= 1))",
        "A figure is 0 or more, and a share is 100 percent at most.",
    )

    @api.model
    def _selection_unit(self):
        return (
            self.env["buurtbemiddeling.indicator"]._fields["unit"]._description_selection(self.env)
        )

    @api.depends("indicator_code")
    def _compute_unit(self):
        indicators = self.env["buurtbemiddeling.indicator"].search_fetch(
            [("code", "in", self.mapped("indicator_code"))], ["code", "unit"]
        )
        units = {indicator.code: indicator.unit for indicator in indicators}
        for reference in self:
            reference.unit = units.get(reference.indicator_code) or reference.unit or "cases"

    @api.depends("indicator_code", "label")
    @api.depends_context("lang")
    def _compute_name(self):
        indicators = self.env["buurtbemiddeling.indicator"].search_fetch(
            [("code", "in", self.mapped("indicator_code"))], ["code", "name"]
        )
        names = {indicator.code: indicator.name for indicator in indicators}
        for reference in self:
            reference.name = (
                names.get(reference.indicator_code) or reference.label or reference.indicator_code
            )

    def _format_amount(self, value):
        """Return the value in words: 21,000 or 70 %."""
        digits = 1 if self.unit in ("ratio", "per_10000") else 0
        text = formatLang(self.env, value * SCALES.get(self.unit, 1), digits=digits)
        if self.unit == "percent":
            text = f"{text} %"
        if self.unit == "euros":
            text = f"€\N{NO-BREAK SPACE}{text}"
        return self.env._("about %s", text) if self.approximate else text

    @api.model
    def _get_latest(self, codes, year, size_class=None):
        """Return ``{code: reference}`` to compare a year with: the latest one that is not later.

        Of the same base only: a share of the handled cases says nothing about one of the closed
        cases. A code without any is left out; :meth:`_get_other_base` says why.

        :param codes: codes of indicators
        :param size_class: of municipalities; the whole country without
        """
        found = {}
        for reference in self._find_published(year, size_class):  # latest first
            found.setdefault(reference.indicator_code, reference)
        return {code: found[code] for code in codes if code in found}

    @api.model
    def _get_other_base(self, codes, year):
        """Return ``{code: reference}``: the latest of the country that has another base.

        For shares of which there is none of the same base: it is named, and not compared with.
        """
        published = self._find_published(year)
        there = set(published.mapped("indicator_code"))
        kin = {}
        for reference in published.filtered(lambda one: one.unit == "percent"):
            kin.setdefault(self._get_family(reference.indicator_code), reference)
        return {
            code: reference
            for code in codes
            if code not in there and (reference := kin.get(self._get_family(code)))
        }

    @api.model
    def _find_published(self, year, size_class=None):
        """Return what was published until a year and is compared with, the latest first."""
        return self.search(
            [
                ("year", "<=", year),
                ("size_class_id", "=", size_class.id if size_class else False),
                ("is_preferred", "=", True),
            ]
        )

    @api.model
    def _get_family(self, code):
        """Return what a share has in common with shares of another base."""
        return code.partition("_of_")[0]

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    @api.model
    def _say(self, reference):
        """Return a published figure with its year; nothing when there is none."""
        return bool(reference) and self.env._(
            "%(value)s (%(year)s)", value=reference.value_text, year=reference.year
        )

    @api.model
    def _say_national(self, indicator, reference, rate=None):
        """Return what the country has, with its year.

        The total of the country next to a count of one place says nothing: what compares comes
        first, and the total is called what it is.

        :param rate: reference of the same per 10,000 inhabitants, if there is one
        """
        if indicator.kind not in ("count", "total"):
            return self._say(reference)
        texts = []
        if rate:
            texts.append(
                self.env._(
                    "%(value)s per 10,000 inhabitants (%(year)s)",
                    value=rate.value_text,
                    year=rate.year,
                )
            )
        if reference:
            texts.append(
                self.env._(
                    "whole country: %(value)s (%(year)s)",
                    value=reference.value_text,
                    year=reference.year,
                )
            )
        return "; ".join(texts) or False
