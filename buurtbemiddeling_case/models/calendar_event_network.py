from odoo import models

MOVING = {"start", "stop", "duration", "allday", "start_date", "stop_date"}


class CalendarEvent(models.Model):
    """Entries that show a network activity; those of talks are in ``calendar_event.py``."""

    _inherit = "calendar.event"

    def write(self, vals):
        """An activity that is dragged in the calendar moves in the log as well.

        Nobody is mailed. Archiving a planned one cancels it.
        """
        self.check_access("write")
        activities = self._get_network_activities()
        activities._check_calendar_access(self.env.user)
        if not activities or not (MOVING | {"active"}) & vals.keys():
            return super().write(vals)
        entries = self.browse(activities.event_id.ids)
        if vals.get("active") is False:
            activities._cancel_planned()
        super(CalendarEvent, entries._without_attendee_mail()).write(dict(vals))
        if self - entries:
            super(CalendarEvent, self - entries).write(vals)
        if MOVING & vals.keys():
            activities._follow_calendar()
        return True

    def unlink(self):
        """Whoever takes a planned activity off the calendar cancels it; it stays in the log."""
        self.check_access("unlink")
        activities = self._get_network_activities()
        activities._check_calendar_access(self.env.user)
        res = super().unlink()
        activities.exists()._cancel_planned()
        return res

    def _get_network_activities(self):
        """Return the activities that these entries show and that follow them, as superuser.

        None where our own code writes the entries.
        """
        # sudo: finds out what the entries show; whether the user may change that is asked apart
        activities = self.env["buurtbemiddeling.network.activity"].sudo()
        if self.env.su and self.env.context.get("talk_in_charge"):
            return activities
        return activities.search([("event_id", "in", self.ids)])
