from odoo import fields, models


class CalendarEvent(models.Model):
    """The entries of meetings of the steering group: moving one moves the meeting."""

    _inherit = "calendar.event"

    buurtbemiddeling_steering_ids = fields.One2many(
        "buurtbemiddeling.steering.meeting",
        "event_id",
        "Meetings of a steering group",
        copy=False,
        groups="buurtbemiddeling_case.group_user",
    )

    def write(self, vals):
        """A meeting that is dragged moves as well, and is cancelled with its entry; unmailed."""
        self.check_access("write")
        meetings = self._get_steering_meetings()
        if not meetings:
            return super().write(vals)
        meetings._check_calendar_access(self.env.user)
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
        self.check_access("unlink")
        meetings = self._get_steering_meetings()
        meetings._check_calendar_access(self.env.user)
        res = super().unlink()
        meetings.filtered(lambda meeting: meeting.state == "planned").state = "cancelled"
        return res

    def _get_steering_meetings(self):
        """Return the meetings to take along when these entries are changed by hand."""
        # sudo: finds out what the entries show; whether the user may change that is asked apart
        meetings = self.env["buurtbemiddeling.steering.meeting"].sudo()
        if self.env.su and self.env.context.get("talk_in_charge"):
            return meetings  # the meeting itself is at it
        return meetings.with_context(meeting_from_calendar=True).search(
            [("event_id", "in", self.ids)]
        )
