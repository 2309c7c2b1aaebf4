import logging
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class BuurtbemiddelingMeetingReminderMixin(models.AbstractModel):
    """Residents who were invited to a talk are reminded of it, once, some days before.

    Whoever was told of the day so late that the reminder was due already, needs none: the
    invitation, or the letter that the talk was moved, was the reminder.
    """

    _name = "buurtbemiddeling.meeting.reminder.mixin"
    _description = "Reminder of a Talk"

    told_date = fields.Date("Told on", readonly=True, copy=False)
    reminded_date = fields.Date("Reminded on", readonly=True, copy=False)

    def _tell_residents(self, kind, parties):
        """Whoever hears of another day or place is reminded anew."""
        res = super()._tell_residents(kind, parties)
        if kind == "talk_moved" or (kind == "talk_invite" and not self.invited_date):
            self.write({"told_date": fields.Date.context_today(self), "reminded_date": False})
        return res

    def _is_reminder_due(self):
        """Tell whether it is the day of the reminder, or later, and residents wait for it."""
        self.ensure_one()
        start = self._get_local_start()
        day = start.date() - timedelta(days=self.company_id.buurtbemiddeling_talk_reminder_days)
        today = datetime.now(start.tzinfo).date()
        return day <= today and not (self.told_date and self.told_date >= day)

    def _remind(self):
        """Remind each resident apart; one letter that fails keeps back no other."""
        self.ensure_one()
        self.reminded_date = fields.Date.context_today(self)
        for party in self.invited_party_ids:
            try:
                with self.env.cr.savepoint():
                    self._tell_residents("talk_reminder", party)
            except Exception:
                _logger.exception("Talk %s: reminder of party %s failed", self.id, party.id)

    @api.model
    def _cron_remind(self):
        """Remind the residents who come to a talk soon; a talk that was cancelled has nobody."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search(
            [("buurtbemiddeling_talk_reminder_days", ">", 0)]
        )
        soon = Domain.OR(
            Domain("company_id", "=", company.id)
            # a day more: the day there may begin earlier than in UTC
            & Domain(
                "start",
                "<",
                now + timedelta(days=company.buurtbemiddeling_talk_reminder_days + 2),
            )
            for company in companies
        )
        talks = self.search(
            soon
            & Domain("state", "=", "planned")
            & Domain("start", ">", now)
            & Domain("reminded_date", "=", False)
            & Domain("invited_party_ids", "!=", False)
            & Domain("case_id.active", "=", True),
            order="start, id",
        ).filtered(lambda talk: talk._is_reminder_due())
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(talks))
        for talk in talks:
            talk._remind()
            if not cron._commit_progress(1):
                break
