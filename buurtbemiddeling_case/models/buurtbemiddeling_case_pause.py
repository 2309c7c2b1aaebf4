from odoo import api, fields, models


class BuurtbemiddelingCasePause(models.Model):
    """Days on which a case waits for something outside the organisation.

    The clock of the case stops: these days count as waiting days, not as own days. Pauses are rows,
    so that nothing is lost when a norm, phase or coordinator changes.
    """

    _name = "buurtbemiddeling.case.pause"
    _description = "Case Pause"
    _order = "date_from desc, id desc"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day of the pause; empty while it lasts.")
    reason = fields.Selection(
        [
            ("party_a", "Waiting for the reporter"),
            ("party_b", "Waiting for the other party"),
            ("holiday", "Holiday"),
            ("interpreter", "Looking for an interpreter"),
            ("other", "Other"),
        ],
        required=True,
        default="party_b",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A pause ends on or after the day it begins. Correct one of the two dates.",
    )

    def _covers(self, day):
        """Return whether the case is paused on ``day``."""
        self.ensure_one()
        return bool(
            self.date_from and self.date_from <= day and (not self.date_to or self.date_to >= day)
        )

    @api.depends("reason", "date_from")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for pause in self:
            pause.display_name = reasons.get(pause.reason)
