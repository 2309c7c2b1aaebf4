from odoo import models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        """A talk that is dragged in the calendar moves in its case as well."""
        res = super().write(vals)
        if {"start", "stop", "duration"} & vals.keys():
            # sudo: whoever may move the calendar entry may move the talk that it shows; only the
            # time is taken over, and nothing of the case is given back
            meetings = self.env["buurtbemiddeling.meeting"].sudo()
            meetings = meetings.with_context(meeting_from_calendar=True)
            for meeting in meetings.search([("event_id", "in", self.ids)]):
                event = meeting.event_id
                if (meeting.start, meeting.stop) != (event.start, event.stop):
                    hours = (event.stop - event.start).total_seconds() / 3600
                    meeting.write({"start": event.start, "duration": hours})
        return res
