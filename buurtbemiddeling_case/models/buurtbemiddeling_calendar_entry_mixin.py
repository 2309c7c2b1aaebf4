from datetime import datetime

import pytz

from odoo import models
from odoo.exceptions import UserError


class BuurtbemiddelingCalendarEntryMixin(models.AbstractModel):
    """Something planned that Odoo's calendar shows: what is done to its entry is done to it.

    The model has ``event_id``, ``start`` and ``state``, and takes over a new time in
    ``_follow_calendar``; see ``calendar.event``, which asks all that its entries show.
    """

    _name = "buurtbemiddeling.calendar.entry.mixin"
    _description = "Shown in the Calendar"

    def _check_calendar_access(self, user):
        """Whoever changes the entry in the calendar changes what it shows: may the user do that?

        :raise UserError: says where to go; nothing of what is shown
        """
        # sudo: off, to ask what this user may do
        if self and not self.with_user(user).sudo(False).has_access("write"):
            raise UserError(
                self.env._(
                    "This appointment is kept by the coordinators of buurtbemiddeling. Ask one of"
                    " them to change it."
                )
            )

    def _cancel_planned(self):
        """Cancel what is planned, since it was taken off the calendar."""
        self.filtered(lambda record: record.state == "planned").state = "cancelled"

    def _get_tz(self):
        """Return the time zone in which people come to it, that of its coordinator."""
        # sudo: reads the time zone of a colleague
        return self.sudo()._get_coordinator().tz or self.env.user.tz or "Europe/Amsterdam"

    def _get_coordinator(self):
        """Return the user who plans it."""
        self.ensure_one()
        return self.user_id

    def _get_local(self, moment):
        """Return ``moment`` (naive datetime, UTC) as the clock on the wall shows it."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self._get_tz()))

    def _get_local_start(self):
        """Return the start (aware datetime) as the clock on the wall shows it."""
        return self._get_local(self.start)

    def _has_come(self):
        """Tell whether it is the day itself, or later; the hour may have been another."""
        start = self._get_local_start()
        return start.date() <= datetime.now(start.tzinfo).date()
