from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import covered_days

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
        help="Last day of this phase by its norm, in working days of the organisation's calendar.",
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

    @api.depends("stage_id", "stage_id.norm_days", "stage_date", "company_id")
    def _compute_stage_deadline(self):
        """Due at the end of the norm's last working day; the day of entering does not count."""
        for (company, stage, since), cases in self.grouped(
            lambda case: (case.company_id, case.stage_id, case.stage_date)
        ).items():
            cases.stage_deadline = (
                since
                and stage.norm_days
                and self._add_working_days(company, since, stage.norm_days)
            )

    @api.depends("stage_date", "stage_deadline", "pause_ids.date_from", "pause_ids.date_to")
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
            if not case.close_date:
                case.waiting_days = case.own_days = 0
                continue
            case.waiting_days = covered_days(
                [(pause.date_from, pause.date_to) for pause in case.pause_ids if pause.date_from],
                case.registration_date,
                case.close_date,
            )
            case.own_days = (case.close_date - case.registration_date).days - case.waiting_days

    @api.model
    def _add_working_days(self, company, date, days):
        """Return the date that lies ``days`` working days of the company after ``date``."""
        calendar = company.resource_calendar_id
        if not calendar:
            return _add_weekdays(date, days)
        tz = pytz.timezone(calendar.tz or "Europe/Amsterdam")
        start = tz.localize(datetime.combine(date + timedelta(days=1), time.min))
        end = calendar.plan_days(days, start, compute_leaves=True)
        return end.date() if end else date + timedelta(days=days)


def _add_weekdays(date, days):
    """Return the date that lies ``days`` weekdays after ``date``."""
    while days:
        date += timedelta(days=1)
        days -= date.weekday() < 5
    return date
