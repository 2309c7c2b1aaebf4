from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingVolunteerAbsence(models.Model):
    """Days on which a volunteer is away. Nobody is coupled then, and planned talks warn of it."""

    _name = "buurtbemiddeling.volunteer.absence"
    _description = "Absence of a Volunteer"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date_from desc, id desc"

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day away; empty while it is not known.")
    note = fields.Char(help="Such as: holiday. Write nothing about health here.")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "An absence ends on or after the day it begins. Correct one of the two dates.",
    )

    @api.depends("volunteer_id.name", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = f"{absence.volunteer_id.name}: {absence._get_days()}"

    def _get_days(self):
        """Return the days as text: from when until when."""
        self.ensure_one()
        if not self.date_to:
            return self.env._(
                "from %s, until further notice", format_date(self.env, self.date_from)
            )
        return self.env._(
            "from %(first)s until %(last)s",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )

    @api.model
    def _domain_between(self, first, last):
        """Return the domain of absences on any of the days from ``first`` to ``last`` (dates)."""
        return Domain("date_from", "<=", last) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", first)
        )
