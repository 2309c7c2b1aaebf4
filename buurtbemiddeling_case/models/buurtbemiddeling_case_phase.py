from odoo import api, fields, models

from ..tools import split_days
from .buurtbemiddeling_case_phase_mixin import ENDING, WAITING_REASONS

AS_IT_WAS = ("norm_days", "deadline", "user_id", "waiting_reason", *ENDING)


class BuurtbemiddelingCasePhase(models.Model):
    """One stay of a case in a phase: the history of its clock.

    Written by the code alone, as the case moves. While the stay lasts it shows the case as it is;
    from the day it ends it keeps what was, whatever happens to norms, phases and coordinators. One
    stay begins on the day on which the one before it ended, so the days of the stays add up.
    """

    _name = "buurtbemiddeling.case.phase"
    _description = "Time of a Case in a Phase"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.row.mixin"]
    _order = "id"
    _rec_name = "stage_id"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    stage_id = fields.Many2one(
        "buurtbemiddeling.case.stage", "Phase", required=True, ondelete="restrict", index=True
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date(
        "Left on", help="The day on which the case left the phase; empty: not yet."
    )
    reason = fields.Char("Why")

    # as the case is while the stay lasts, and as it was when it ended
    norm_days = fields.Integer(
        "Norm (working days)", compute="_compute_as_it_was", store=True, precompute=True
    )
    deadline = fields.Date("Due on", compute="_compute_as_it_was", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users", "Coordinator", compute="_compute_as_it_was", store=True, precompute=True
    )
    waiting_reason = fields.Selection(
        WAITING_REASONS, "Waits for", compute="_compute_as_it_was", store=True, precompute=True
    )
    outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result at closing",
        compute="_compute_as_it_was",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    aftercare_date = fields.Date(
        "Aftercare on", compute="_compute_as_it_was", store=True, precompute=True
    )
    aftercare_outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result after aftercare",
        compute="_compute_as_it_was",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    feedback_date = fields.Date(
        "Feedback given on", compute="_compute_as_it_was", store=True, precompute=True
    )

    own_days = fields.Integer(
        compute="_compute_days",
        store=True,
        precompute=True,
        help="Days of the stay, once it has ended, without the days on which the case was paused.",
    )
    waiting_days = fields.Integer(
        compute="_compute_days",
        store=True,
        precompute=True,
        help="Days of the stay, once it has ended, on which the case was paused.",
    )
    own_days_so_far = fields.Integer(compute="_compute_days_so_far")
    waiting_days_so_far = fields.Integer(compute="_compute_days_so_far")

    @api.depends(
        "case_id.stage_deadline",
        "case_id.user_id",
        "case_id.waiting_reason",
        "case_id.outcome_id",
        "case_id.aftercare_date",
        "case_id.aftercare_outcome_id",
        "case_id.feedback_date",
    )
    def _compute_as_it_was(self):
        """Follow the case until the stay ends; the result belongs to the stay in a closed phase.

        The end of the stay is no dependency: then everything is to stay as it is.
        """
        for phase in self:
            if phase.date_to:
                for name in AS_IT_WAS:
                    phase[name] = phase[name]
                continue
            case = phase.case_id
            phase.norm_days = phase.stage_id.norm_days
            phase.deadline = case.stage_deadline
            phase.user_id = case.user_id
            phase.waiting_reason = case.waiting_reason
            for name in ENDING:
                phase[name] = phase.stage_id.is_closed and case[name]

    @api.depends("date_from", "date_to", "case_id.pause_ids.date_from", "case_id.pause_ids.date_to")
    def _compute_days(self):
        for phase in self:
            if not phase.date_to:
                phase.own_days = phase.waiting_days = 0
                continue
            phase.own_days, phase.waiting_days = split_days(
                phase.case_id.pause_ids._get_intervals(), phase.date_from, phase.date_to
            )

    @api.depends("own_days", "waiting_days")
    @api.depends_context("tz")
    def _compute_days_so_far(self):
        """Until today while the stay lasts; a closed case stands still."""
        today = fields.Date.context_today(self)
        for phase in self:
            phase.own_days_so_far = phase.own_days
            phase.waiting_days_so_far = phase.waiting_days
            if not phase.date_to and not phase.stage_id.is_closed:
                phase.own_days_so_far, phase.waiting_days_so_far = split_days(
                    phase.case_id.pause_ids._get_intervals(), phase.date_from, today
                )
