import logging
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)
NO_ANSWER = "GEEN_ANTWOORD"


class BuurtbemiddelingAssignmentReminderMixin(models.AbstractModel):
    """Who does not answer an invitation gets one reminder, and then it expires."""

    _name = "buurtbemiddeling.assignment.reminder.mixin"
    _description = "Invitation without an Answer"

    def _expire(self):
        """Who did not answer in time is not asked any more, and the place is free again."""
        self._withdraw(NO_ANSWER)

    def _remind(self):
        self.reminded_on = fields.Datetime.now()
        self._mail_invitation("reminder")

    @api.model
    def _cron_remind(self):
        """Remind, once, who has not answered within the days that the organisation allows."""
        today = fields.Date.context_today(self)
        due = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "invited_on",
                "<",
                # asked on Monday with two days to go: reminded on Wednesday, whatever the hour
                datetime.combine(
                    today - timedelta(days=company.buurtbemiddeling_reminder_days - 1), time.min
                ),
            )
            for company in self.env["res.company"].search([])
        )
        rows = self.search(
            due
            & Domain("state", "=", "invited")
            & Domain("reminded_on", "=", False)
            & Domain("expires_on", ">=", today)
        )
        self._follow_each(rows.filtered(lambda row: row._can_be_mailed()), "_remind")

    @api.model
    def _cron_expire(self):
        """Close the invitations that were not answered in time."""
        self._follow_each(self.search([("is_expired", "=", True)]), "_expire")

    @api.model
    def _follow_each(self, rows, method):
        """Call ``method`` on each row, committed by itself: one that fails keeps back no other."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(rows))
        for row in rows:
            try:
                with self.env.cr.savepoint():
                    getattr(row, method)()
            except Exception:
                _logger.exception("Assignment %s: %s failed", row.id, method)
            if not cron._commit_progress(1):
                break
