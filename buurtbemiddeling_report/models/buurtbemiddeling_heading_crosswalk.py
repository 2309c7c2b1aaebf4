from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingHeadingCrosswalk(models.Model):
    """Under which heading of the national benchmark a nuisance was counted, in some years.

    The headings changed over the years (domain.md 2.1). In a year without a row, the heading on the
    nuisance type counts.
    """

    _name = "buurtbemiddeling.heading.crosswalk"
    _description = "Heading in Earlier Years"
    _order = "nuisance_type_id, year_from, id"
    _rec_name = "nuisance_type_id"

    nuisance_type_id = fields.Many2one(
        "buurtbemiddeling.nuisance.type", required=True, ondelete="cascade", index=True
    )
    heading_id = fields.Many2one(
        "buurtbemiddeling.benchmark.heading", "National heading", required=True, ondelete="restrict"
    )
    year_from = fields.Integer("From year", required=True, aggregator=None)
    year_to = fields.Integer("Up to and including year", aggregator=None, help="0: until now.")
    source = fields.Char(help="Where the heading of those years was published.")

    _years_in_order = models.Constraint(
        "CHECK(year_from BETWEEN 1990 AND 2200 AND (year_to = 0 OR year_to >= year_from))",
        "Give years in four digits, the first one before the last one; 0 is until now.",
    )

    @api.constrains("nuisance_type_id", "year_from", "year_to")
    def _check_one_heading_a_year(self):
        rows = self.search([("nuisance_type_id", "in", self.nuisance_type_id.ids)])
        for nuisance, members in rows.grouped("nuisance_type_id").items():
            by_year = members.sorted("year_from")
            for row, following in zip(by_year, by_year[1:], strict=False):
                if not row.year_to or row.year_to >= following.year_from:
                    raise ValidationError(
                        self.env._(
                            "“%(nuisance)s” has two headings in %(year)s. Let the years of one end"
                            " before those of the other begin.",
                            nuisance=nuisance.name,
                            year=following.year_from,
                        )
                    )

    @api.model
    def _get_headings(self, year):
        """Return ``{nuisance type: heading in that year}``, of archived types too."""
        rows = self.search(
            [("year_from", "<=", year), "|", ("year_to", "=", 0), ("year_to", ">=", year)]
        )
        of_year = {row.nuisance_type_id: row.heading_id for row in rows}
        types = self.env["buurtbemiddeling.nuisance.type"].with_context(active_test=False)
        return {
            nuisance: of_year.get(nuisance, nuisance.benchmark_heading_id)
            for nuisance in types.search([])
        }
