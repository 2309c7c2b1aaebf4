from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_party import AGE_BANDS

from .buurtbemiddeling_population import POPULATION_DIMENSIONS

# an age band is named after its ages: 25_39, 75_plus
FIRST_AGES = sorted(
    ((int(code.split("_")[0]), code) for code, _label in AGE_BANDS if code != "unknown"),
    reverse=True,
)


class BuurtbemiddelingPoolMirror(models.Model):
    """The volunteers who get cases compared with the population: counts only, never a person.

    A team that looks like its neighbourhood can make a pair that fits every case. Ages, languages
    and areas are what a volunteer chose to state; origin, belief and health are not stored. The
    last year with figures of a dimension counts.

    Coordinators, who know each volunteer, see the counts. The sentence is what goes to others, such
    as a steering group: in it a count below a threshold (a setting) is "fewer than 5", without a
    share.
    """

    _name = "buurtbemiddeling.pool.mirror"
    _description = "Team and Population"
    _auto = False
    _order = "dimension, sort_key, id"
    _depends = {
        "buurtbemiddeling.volunteer": [
            "active", "company_id", "stage_id", "birthday", "age_band", "area_id", "language_ids",
        ],
        "buurtbemiddeling.volunteer.stage": ["is_active"],
        "buurtbemiddeling.population": [
            "company_id", "dimension", "age_band", "language_id", "area_id", "count", "year",
        ],
        "buurtbemiddeling.area": ["parent_path"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    dimension = fields.Selection(POPULATION_DIMENSIONS, "Compared by", readonly=True)
    age_band = fields.Selection(AGE_BANDS, "Age", readonly=True)
    language_id = fields.Many2one("buurtbemiddeling.language", readonly=True)
    area_id = fields.Many2one("buurtbemiddeling.area", readonly=True)
    sort_key = fields.Char(readonly=True, export_string_translation=False, exportable=False)
    name = fields.Char("Who", compute="_compute_name")
    pool_count = fields.Integer("Volunteers", readonly=True, aggregator=None)
    pool_known = fields.Integer("Volunteers of whom it is known", readonly=True, aggregator=None)
    pool_share = fields.Float("Share of the team", readonly=True, aggregator=None)
    population_count = fields.Integer("Inhabitants", readonly=True, aggregator=None)
    population_share = fields.Float("Share of the population", readonly=True, aggregator=None)
    difference = fields.Float(
        readonly=True,
        aggregator=None,
        help="Share of the team less share of the population.",
    )
    year = fields.Integer("Year of the figures", readonly=True, aggregator=None)
    sentence = fields.Char("In words", compute="_compute_sentence")

    @property
    def _table_query(self):
        ages = SQL(" ").join(
            SQL(
                "WHEN date_part('year', age(%s::date, v.birthday)) >= %s THEN %s",
                fields.Date.context_today(self),
                first,
                code,
            )
            for first, code in FIRST_AGES
        )
        return SQL(
            """
            WITH pool AS (
                SELECT v.id, v.company_id, home.parent_path,
                       CASE WHEN v.birthday IS NULL THEN NULLIF(v.age_band, 'unknown')
                            %(ages)s
                       END AS age_band
                  FROM buurtbemiddeling_volunteer v
                  JOIN buurtbemiddeling_volunteer_stage stage
                    ON stage.id = v.stage_id AND stage.is_active
             LEFT JOIN buurtbemiddeling_area home ON home.id = v.area_id
                 WHERE v.active
            ),
            people AS (
                SELECT p.company_id, p.dimension, p.count, p.year, area.parent_path,
                       COALESCE(p.age_band, p.language_id::text, p.area_id::text) AS value
                  FROM buurtbemiddeling_population p
             LEFT JOIN buurtbemiddeling_area area ON area.id = p.area_id
                 WHERE p.year = (
                           SELECT MAX(latest.year)
                             FROM buurtbemiddeling_population latest
                            WHERE latest.company_id = p.company_id
                              AND latest.dimension = p.dimension
                       )
            ),
            -- all people: of an area that lies in another one of the list, they are in that one
            everyone AS (
                SELECT p.company_id, p.dimension, SUM(p.count) AS total
                  FROM people p
                 WHERE NOT EXISTS (
                           SELECT 1
                             FROM people wider
                            WHERE wider.company_id = p.company_id
                              AND wider.dimension = 'area' AND p.dimension = 'area'
                              AND wider.value != p.value
                              AND p.parent_path LIKE wider.parent_path || '%%'
                       )
              GROUP BY p.company_id, p.dimension
            ),
            -- one row per volunteer and value; without a value when it is not known
            stated AS (
                SELECT pool.id, pool.company_id, 'age_band' AS dimension, pool.age_band AS value
                  FROM pool
             UNION ALL
                SELECT pool.id, pool.company_id, 'language', spoken.language_id::text
                  FROM pool
             LEFT JOIN buurtbemiddeling_volunteer_language_rel spoken
                    ON spoken.volunteer_id = pool.id
             UNION ALL
                SELECT pool.id, pool.company_id, 'area', people.value
                  FROM pool
             LEFT JOIN people
                    ON people.company_id = pool.company_id AND people.dimension = 'area'
                   AND pool.parent_path LIKE people.parent_path || '%%'
            ),
            counted AS (
                SELECT company_id, dimension, COALESCE(value, '') AS value, COUNT(*) AS pool_count
                  FROM stated
              GROUP BY company_id, dimension, value
            ),
            known AS (
                SELECT company_id, dimension, COUNT(DISTINCT id) FILTER (WHERE value IS NOT NULL)
                       AS pool_known
                  FROM stated
              GROUP BY company_id, dimension
            ),
            compared AS (
                SELECT company_id, dimension, value, people.count AS population_count, people.year,
                       COALESCE(counted.pool_count, 0) AS pool_count
                  FROM counted
             FULL JOIN people USING (company_id, dimension, value)
            ),
            shares AS (
                SELECT compared.*, COALESCE(known.pool_known, 0) AS pool_known,
                       CASE WHEN compared.value != ''
                            THEN compared.pool_count::float / NULLIF(known.pool_known, 0)
                       END AS pool_share,
                       compared.population_count::float / NULLIF(everyone.total, 0)
                           AS population_share
                  FROM compared
             LEFT JOIN known USING (company_id, dimension)
             LEFT JOIN everyone USING (company_id, dimension)
            )
            SELECT row_number() OVER (ORDER BY company_id, dimension, value) AS id,
                   company_id, dimension, pool_count, pool_known, pool_share,
                   population_count, population_share, year,
                   pool_share - population_share AS difference,
                   CASE WHEN value = '' THEN 'zz' ELSE value END AS sort_key,
                   CASE WHEN dimension = 'age_band' THEN NULLIF(value, '') END AS age_band,
                   CASE WHEN dimension = 'language' THEN NULLIF(value, '')::int END AS language_id,
                   CASE WHEN dimension = 'area' THEN NULLIF(value, '')::int END AS area_id
              FROM shares
            """,
            ages=ages,
        )

    @api.depends("dimension", "age_band", "language_id", "area_id")
    @api.depends_context("lang")
    def _compute_name(self):
        ages = dict(self._fields["age_band"]._description_selection(self.env))
        unknown = {
            "age_band": self.env._("Not stated"),
            "language": self.env._("Not stated"),
            "area": self.env._("Elsewhere or not known"),
        }
        for row in self:
            row.name = (
                ages.get(row.age_band)
                or row.language_id.name
                or row.area_id.display_name
                or unknown[row.dimension]
            )

    @api.depends("pool_count", "pool_share", "population_count", "population_share")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for row in self:
            row.sentence = row._describe()

    def _describe(self):
        """Return the comparison in words that may go to others than coordinators."""
        self.ensure_one()
        if not (self.age_band or self.language_id or self.area_id):
            return self.env._("Not compared.")
        if not self.pool_known:
            return self.env._("Of no volunteer is this known.")
        smallest = self.company_id.buurtbemiddeling_small_number
        is_small = self.pool_count < smallest
        team = (
            self.env._("Fewer than %s volunteers", smallest)
            if is_small
            else self.env._(
                "%(count)s of %(known)s volunteers (%(share)s%%)",
                count=self.pool_count,
                known=self.pool_known,
                share=self._format_share(self.pool_share),
            )
        )
        if not self.population_share:
            return self.env._("%s; no figure of the population.", team)
        # how many volunteers a team would have that looks like the population
        fair = round(self.population_share * self.pool_known)
        missing = fair - self.pool_count
        if is_small:  # one person more or less of so few says nothing
            judgement = self._judge(missing if abs(missing) > 1 else 0)
        elif missing > 0:
            judgement = self.env._("%s more would be its share.", missing)
        elif missing < 0:
            judgement = self.env._("%s more than its share.", -missing)
        else:
            judgement = self._judge(0)
        return self.env._(
            "%(team)s; of the population %(share)s%%. %(judgement)s",
            team=team,
            share=self._format_share(self.population_share),
            judgement=judgement,
        )

    def _judge(self, missing):
        if missing > 0:
            return self.env._("The team has too few.")
        if missing < 0:
            return self.env._("More than its share.")
        return self.env._("That is its share.")

    def _format_share(self, share):
        return formatLang(self.env, share * 100, digits=0)
