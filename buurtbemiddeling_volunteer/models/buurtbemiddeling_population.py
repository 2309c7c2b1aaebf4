from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_party import AGE_BANDS

POPULATION_DIMENSIONS = [
    ("age_band", "Age"),
    ("language", "Language"),
    ("area", "Area"),
]


class BuurtbemiddelingPopulation(models.Model):
    """How many inhabitants have an age, speak a language or live in an area: counts of others.

    Entered by hand or imported, from Statistics Netherlands or the municipality. Of a year that has
    no figures of a dimension, those of the last year that has count.
    """

    _name = "buurtbemiddeling.population"
    _description = "Population Figure"
    _order = "year desc, dimension, age_band, id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    dimension = fields.Selection(POPULATION_DIMENSIONS, "About", required=True, default="age_band")
    age_band = fields.Selection(
        [(code, label) for code, label in AGE_BANDS if code != "unknown"], "Age"
    )
    language_id = fields.Many2one("buurtbemiddeling.language", ondelete="restrict")
    area_id = fields.Many2one("buurtbemiddeling.area", ondelete="restrict")
    count = fields.Integer(
        "People",
        required=True,
        compute="_compute_count",
        store=True,
        readonly=False,
        precompute=True,
        help="Of an area, the inhabitants that are known of it are filled in.",
    )
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        aggregator=None,
    )
    source = fields.Char(help="Such as: CBS, population on 1 January.")

    _one_value = models.Constraint(
        "CHECK((age_band IS NOT NULL) = (dimension = 'age_band')"
        " AND (language_id IS NOT NULL) = (dimension = 'language')"
        " AND (area_id IS NOT NULL) = (dimension = 'area'))",
        "A population figure is about one age, one language or one area. Fill in the one that goes"
        " with “About”, and leave the others empty.",
    )
    _count_positive = models.Constraint("CHECK(count >= 0)", "The number of people is 0 or more.")
    _year_full = models.Constraint(
        "CHECK(year BETWEEN 1900 AND 2999)", "Fill in a year of four digits, such as 2026."
    )
    _age_uniq = models.UniqueIndex(
        "(company_id, year, age_band) WHERE age_band IS NOT NULL",
        "There is a figure of this age in this year already. Change that one.",
    )
    _language_uniq = models.UniqueIndex(
        "(company_id, year, language_id) WHERE language_id IS NOT NULL",
        "There is a figure of this language in this year already. Change that one.",
    )
    _area_uniq = models.UniqueIndex(
        "(company_id, year, area_id) WHERE area_id IS NOT NULL",
        "There is a figure of this area in this year already. Change that one.",
    )

    @api.depends("area_id")
    def _compute_count(self):
        for figure in self:
            figure.count = figure.count or figure.area_id.inhabitants

    @api.depends("dimension", "age_band", "language_id.name", "area_id.name", "year")
    @api.depends_context("lang")
    def _compute_display_name(self):
        ages = dict(self._fields["age_band"]._description_selection(self.env))
        for figure in self:
            value = ages.get(figure.age_band) or figure.language_id.name or figure.area_id.name
            figure.display_name = f"{value or ''} ({figure.year})"

    @api.model
    def action_take_inhabitants(self):
        """Make figures of this year of the areas that the organisation serves, or refresh them.

        Those are the areas of its projects that have not ended, or else the municipalities of its volunteers.

        :raise UserError: when no number of inhabitants is known of any of them
        """
        company = self.env.company
        own = Domain("company_id", "=", company.id)
        today = fields.Date.context_today(self)
        goes_on = Domain("date_end", "=", False) | Domain("date_end", ">=", today)
        areas = self.env["buurtbemiddeling.project"].search(own & goes_on).area_ids
        areas = areas or self.env["buurtbemiddeling.volunteer"].search(own).area_id.municipality_id
        known = areas.filtered("inhabitants")
        if not known:
            raise UserError(
                self.env._(
                    "Of none of the areas of your projects is it known how many people live there."
                    " Fill in the inhabitants of an area first, or add the figure by hand."
                )
            )
        year, source = fields.Date.context_today(self).year, self.env._("List of areas")
        figures = self.search(own & Domain("year", "=", year) & Domain("area_id", "in", known.ids))
        for figure in figures:
            figure.write({"count": figure.area_id.inhabitants, "source": source})
        self.create(
            [
                {
                    "company_id": company.id,
                    "dimension": "area",
                    "area_id": area.id,
                    "count": area.inhabitants,
                    "year": year,
                    "source": source,
                }
                for area in known - figures.area_id
            ]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
