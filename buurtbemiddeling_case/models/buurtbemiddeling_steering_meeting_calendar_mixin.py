from odoo import fields, models


class BuurtbemiddelingSteeringMeetingCalendarMixin(models.AbstractModel):
    """The entry of a steering group meeting in Odoo's calendar, which follows the meeting.

    Dragging the entry moves the meeting. Calendar mails nobody: the invitation goes out with the
    agenda, when the coordinator sends it.
    """

    _name = "buurtbemiddeling.steering.meeting.calendar.mixin"
    _description = "Calendar Entry of a Steering Group Meeting"
    _inherit = ["buurtbemiddeling.calendar.entry.mixin"]

    event_id = fields.Many2one(
        "calendar.event",
        "Calendar entry",
        ondelete="set null",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="buurtbemiddeling_case.group_user",
    )

    def _prepare_calendar_values(self):
        """Return what the entry shows: the title says which group meets, and nothing of a case."""
        self.ensure_one()
        coordinators = self.project_id.user_ids | self.user_id
        return {
            "name": self.name,
            "start": self.start,
            "stop": self.stop,
            "location": self.location,
            "privacy": "private",
            "show_as": "busy",
            "description": False,
            "user_id": self.user_id.id,
            "partner_ids": [
                fields.Command.set((self.attendance_ids.partner_id | coordinators.partner_id).ids)
            ],
            "active": self.state != "cancelled",
        }

    def _sync_calendar(self):
        """Make, move or archive the calendar entries so that they follow the meetings."""
        # sudo: any coordinator of the organisation may plan and move its meetings, as the rules
        # on meetings say, also when a colleague made the calendar entry
        meetings = self.sudo().with_context(meeting_from_calendar=True)
        events = meetings.event_id._without_attendee_mail()
        for meeting in meetings:
            values = meeting._prepare_calendar_values()
            if meeting.event_id:
                meeting.event_id._without_attendee_mail().write(values)
            elif meeting.state == "planned":
                meeting.event_id = events.create(values)

    def _follow_calendar(self):
        """Take over the time of the calendar entries, which were moved.

        :raise UserError: when the minutes of one of these are shared
        """
        for meeting in self.with_context(meeting_from_calendar=True):
            event = meeting.event_id
            if (meeting.start, meeting.stop) != (event.start, event.stop):
                meeting.write({"start": event.start, "stop": event.stop})

    def _remove_from_calendar(self):
        # sudo: as in _sync_calendar
        self.sudo().event_id._without_attendee_mail().unlink()
