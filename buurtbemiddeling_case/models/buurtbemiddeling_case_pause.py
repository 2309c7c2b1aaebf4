from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class BuurtbemiddelingCasePause(models.Model):
    """Days on which a case waits for something outside the organisation.

    The clock of the case stops: these days count as waiting days, not as own days. Pauses are rows,
    so that nothing is lost when a norm, phase or coordinator changes.
    """

    _name = "buurtbemiddeling.case.pause"
    _description = "Case Pause"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.row.mixin"]
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
        help="As long as the case waits for this, its clock stands still.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A pause ends on or after the day it begins. Correct one of the two dates.",
    )

    @api.constrains("case_id", "date_to")
    def _check_one_lasts(self):
        """A case waits for one thing at a time, so that it is clear when the clock runs again."""
        groups = self._read_group(
            [("case_id", "in", self.case_id.ids), ("date_to", "=", False)],
            ["case_id"],
            having=[("__count", ">", 1)],
        )
        if groups:
            raise ValidationError(
                self.env._(
                    "Case %s is paused already. Fill in until when that pause lasted before you"
                    " begin another.",
                    ", ".join(case.name for (case,) in groups),
                )
            )

    @api.constrains("case_id", "date_from")
    def _check_after_registration(self):
        for pause in self:
            registered = pause.case_id.registration_date
            if pause.date_from < registered:
                raise ValidationError(
                    self.env._(
                        "Case %(case)s was registered on %(date)s. Let the pause begin on that day"
                        " or later.",
                        case=pause.case_id.name,
                        date=format_date(self.env, registered),
                    )
                )

    def _get_intervals(self):
        """Return the pauses as pairs of dates ``(first day, last day or None)``."""
        return [(pause.date_from, pause.date_to) for pause in self if pause.date_from]

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
