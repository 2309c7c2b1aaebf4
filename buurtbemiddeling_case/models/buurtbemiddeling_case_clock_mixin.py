from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import due_day, split_days

DUE_SOON_DAYS = 1


class BuurtbemiddelingCaseClockMixin(models.AbstractModel):
    """The clock of a case: how long in its phase, until when by the norm, and how long in all.

    Norms are in working days of the company's calendar. Pauses stop the clock: own days and
    waiting days are counted apart, and stored when the case is closed.
    """

    _name = "buurtbemiddeling.case.clock.mixin"
    _description = "Clock of a Case"

    stage_date = fields.Date("In this phase since", readonly=True, copy=False)
    stage_deadline = fields.Date(
        "Phase due on",
        compute="_compute_stage_deadline",
        store=True,
        index="btree_not_null",
        help="Last day of this phase by its norm, in working days of the organisation's calendar."
        " Days on which the case was paused do not count.",
    )
    days_in_stage = fields.Integer("Days in this phase", compute="_compute_days_in_stage")
    stage_status = fields.Selection(
        [("on_time", "On time"), ("due", "Due soon"), ("late", "Late"), ("paused", "Paused")],
        compute="_compute_days_in_stage",
        search="_search_stage_status",
    )
    waiting_days = fields.Integer(
        compute="_compute_duration_days",
        store=True,
        help="Days between registration and closing on which the case was paused.",
    )
    own_days = fields.Integer(
        compute="_compute_duration_days",
        store=True,
        help="Days between registration and closing, without the days on which it was paused.",
    )
    waiting_days_so_far = fields.Integer(
        compute="_compute_days_so_far",
        help="Days since registration on which the case was paused, until today or until closing.",
    )
    own_days_so_far = fields.Integer(
        compute="_compute_days_so_far",
        help="Days since registration on which the case was not paused, until today or until"
        " closing.",
    )

    @api.depends(
        "stage_id",
        "stage_id.norm_days",
        "stage_date",
        "company_id",
        "pause_ids.date_from",
        "pause_ids.date_to",
    )
    def _compute_stage_deadline(self):
        """Due at the end of the norm's last working day; the day of entering does not count.

        Days of a pause do not count either, so a pause without end leaves no deadline. A closed
        case has none: what was due when is in its history.
        """
        timed = self.filtered(
            lambda case: case.stage_date and case.stage_id.norm_days and not case.is_closed
        )
        (self - timed).stage_deadline = False
        for company, cases in timed.grouped("company_id").items():
            pauses = {case: case.pause_ids._get_intervals() for case in cases}
            ends = [last for intervals in pauses.values() for _first, last in intervals if last]
            days = self._get_working_days(
                company,
                min(cases.mapped("stage_date")),
                max([*cases.mapped("stage_date"), *ends]),
                max(cases.stage_id.mapped("norm_days")),
            )
            for case in cases:
                case.stage_deadline = due_day(
                    days, case.stage_date, case.stage_id.norm_days, pauses[case]
                )

    @api.depends(
        "is_closed", "stage_date", "stage_deadline", "pause_ids.date_from", "pause_ids.date_to"
    )
    @api.depends_context("tz")
    def _compute_days_in_stage(self):
        today = fields.Date.context_today(self)
        for case in self:
            case.days_in_stage = (
                (today - case.stage_date).days if case.stage_date and not case.is_closed else 0
            )
            if case.is_closed:
                case.stage_status = False
            elif any(pause._covers(today) for pause in case.pause_ids):
                case.stage_status = "paused"
            elif not case.stage_deadline:
                case.stage_status = False
            elif case.stage_deadline < today:
                case.stage_status = "late"
            elif case.stage_deadline <= today + timedelta(days=DUE_SOON_DAYS):
                case.stage_status = "due"
            else:
                case.stage_status = "on_time"

    @api.model
    def _search_stage_status(self, operator, value):
        """Find cases by the same rule by which _compute_days_in_stage says it of one case."""
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = today + timedelta(days=DUE_SOON_DAYS)
        is_open = Domain("is_closed", "=", False)
        paused = Domain(
            "pause_ids",
            "any",
            Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today)),
        )
        deadline_in = {
            "late": Domain("stage_deadline", "<", today),
            "due": Domain("stage_deadline", ">=", today) & Domain("stage_deadline", "<=", soon),
            "on_time": Domain("stage_deadline", ">", soon),
            False: Domain("stage_deadline", "=", False),
        }
        found = {status: is_open & ~paused & domain for status, domain in deadline_in.items()}
        found["paused"] = is_open & paused
        found[False] |= ~is_open
        return Domain.OR(found[status] for status in value if status in found)

    @api.depends("registration_date", "close_date", "pause_ids.date_from", "pause_ids.date_to")
    def _compute_duration_days(self):
        for case in self:
            case.own_days = case.waiting_days = 0
            if case.close_date:
                case.own_days, case.waiting_days = split_days(
                    case.pause_ids._get_intervals(), case.registration_date, case.close_date
                )

    @api.depends("registration_date", "close_date", "pause_ids.date_from", "pause_ids.date_to")
    @api.depends_context("tz")
    def _compute_days_so_far(self):
        today = fields.Date.context_today(self)
        for case in self:
            case.own_days_so_far = case.waiting_days_so_far = 0
            if case.registration_date:
                case.own_days_so_far, case.waiting_days_so_far = split_days(
                    case.pause_ids._get_intervals(),
                    case.registration_date,
                    case.close_date or today,
                )

    def write(self, vals):
        """Closing a case ends its pause: nobody waits for anything any more."""
        res = super().write(vals)
        if vals.get("close_date"):
            for pause in self.pause_ids.filtered(lambda pause: not pause.date_to):
                pause.date_to = max(pause.date_from, pause.case_id.close_date)
        return res

    @api.model
    def _add_working_days(self, company, date, days):
        """Return the date that lies ``days`` working days of the company after ``date``."""
        return due_day(self._get_working_days(company, date, date, days), date, days)

    @api.model
    def _get_working_days(self, company, start, end, more=0):
        """Return the working days of a company from ``start`` to ``end``, in order.

        :param more: so many working days after ``end`` as well
        :return: dates; Monday to Friday when the company has no working calendar
        """
        # a week may have one working day only, and an organisation may be shut for the summer
        end += timedelta(days=7 * more + 60 if more else 0)
        calendar = company.resource_calendar_id
        if not calendar:
            days = (start + timedelta(days=n) for n in range((end - start).days + 1))
            return [day for day in days if day.weekday() < 5]
        tz = pytz.timezone(company._get_tz())
        intervals = calendar._work_intervals_batch(
            tz.localize(datetime.combine(start, time.min)),
            tz.localize(datetime.combine(end, time.max)),
        )[False]
        return sorted({interval[0].date() for interval in intervals})
