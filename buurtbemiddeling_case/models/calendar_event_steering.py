from odoo import models


class CalendarEvent(models.Model):
    """The entries of meetings of the steering group: moving one moves the meeting."""

    _inherit = "calendar.event"

    def write(self, vals):
        """A meeting that is dragged moves as well, and is cancelled with its entry; unmailed."""
        self.check_access("write")
        meetings = self._get_steering_meetings()
        if not meetings:
            return super().write(vals)
        entries = self.browse(meetings.event_id.ids)
        super(CalendarEvent, entries._without_attendee_mail()).write(dict(vals))
        if self - entries:
            super(CalendarEvent, self - entries).write(vals)
        if vals.get("active") is False:
            meetings.filtered(lambda meeting: meeting.state == "planned").state = "cancelled"
        elif {"start", "stop", "duration"} & vals.keys():
            meetings._follow_calendar()
        return True

    def unlink(self):
        """Whoever takes a planned meeting off the calendar cancels it; the meeting stays."""
        meetings = self._get_steering_meetings()
        res = super().unlink()
        meetings.filtered(lambda meeting: meeting.state == "planned").state = "cancelled"
        return res

    def _get_steering_meetings(self):
        """Return the meetings to take along when these entries are changed by hand."""
        # sudo: whoever may move the calendar entry may move the meeting that it shows; only the
        # time is taken over, and nothing of the meeting is given back
        meetings = self.env["buurtbemiddeling.steering.meeting"].sudo()
        if self.env.su and self.env.context.get("talk_in_charge"):
            return meetings  # the meeting itself is at it
        return meetings.with_context(meeting_from_calendar=True).search(
            [("event_id", "in", self.ids)]
        )
