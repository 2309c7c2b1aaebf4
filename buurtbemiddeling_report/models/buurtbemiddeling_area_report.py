from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class BuurtbemiddelingAreaReport(models.Model):
    """One row per area that an organisation works in, with its inhabitants.

    Those are the areas that the figures are about; or else the areas of the projects that ran in
    the period; or else the municipalities where its cases of the period are. Of one project they
    are its own areas, also after these merged (see ``_served_area_sql``). An area inside another
    one of these is left out, so that nobody is counted twice. The inhabitants are those that are
    known now.
    """

    _name = "buurtbemiddeling.area.report"
    _description = "Facts of Areas"
    _inherit = ["buurtbemiddeling.facts.mixin"]
    _auto = False
    _rec_name = "served_area_id"
    _order = "id"
    _depends = {
        "buurtbemiddeling.area": [
            "parent_path", "municipality_id", "inhabitants", "merged_into_id", "merged_on",
        ],
        "buurtbemiddeling.project": ["company_id", "area_ids", "date_start", "date_end"],
        "buurtbemiddeling.case": ["company_id", "registration_date", "municipality_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    # not area_id: a case lies in the smallest area that is known, and this is a larger one
    served_area_id = fields.Many2one("buurtbemiddeling.area", "Area served", readonly=True)
    municipality_id = fields.Many2one("buurtbemiddeling.area", readonly=True)
    inhabitants = fields.Integer(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH named AS (SELECT * FROM %(served)s served),
            place AS (
                SELECT area_of.company_id, area_of.area_id, area.inhabitants, area.parent_path,
                       COALESCE(merger.now_id, area.municipality_id) AS municipality_id
                  FROM (
                        SELECT company_id, area_id FROM named
                     UNION
                        SELECT company.id, COALESCE(merger.now_id, registered.municipality_id)
                          FROM res_company company
                    CROSS JOIN %(period)s period
                    CROSS JOIN LATERAL (
                                   SELECT DISTINCT named_case.municipality_id
                                     FROM buurtbemiddeling_case named_case
                                    WHERE named_case.company_id = company.id
                                      AND named_case.registration_date BETWEEN period.start
                                          AND period.stop
                               ) registered
                     LEFT JOIN %(merger)s merger ON merger.area_id = registered.municipality_id
                         WHERE company.id NOT IN (SELECT company_id FROM named)
                           AND %(goes_by_cases)s
                       ) area_of
                  JOIN buurtbemiddeling_area area ON area.id = area_of.area_id
             LEFT JOIN %(merger)s merger ON merger.area_id = area.municipality_id
            )
            SELECT ROW_NUMBER() OVER (ORDER BY place.company_id, place.area_id) AS id,
                   place.company_id, place.area_id AS served_area_id, place.municipality_id,
                   place.inhabitants
              FROM place
             WHERE NOT EXISTS (
                       SELECT FROM place wider
                        WHERE wider.company_id = place.company_id
                          AND wider.area_id != place.area_id
                          AND (
                              place.parent_path LIKE wider.parent_path || '%%'
                              OR wider.area_id = place.municipality_id
                          )
                   )
            """,
            served=self._served_area_sql(),
            period=self._period_sql(),
            merger=self._merger_sql(),
            goes_by_cases=not self.env.context.get("facts_project_id"),
        )

    @api.model
    def _get_scope(self, company, areas=None, project=None):
        """The areas, or those of the project, decide already which rows there are."""
        return Domain("company_id", "in", company.ids)

    def _get_records(self):
        return self.served_area_id
