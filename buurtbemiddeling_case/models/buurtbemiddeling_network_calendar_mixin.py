from datetime import datetime, time

from odoo import api, fields, models


class BuurtbemiddelingNetworkCalendarMixin(models.AbstractModel):
    """How a network activity is shown in Odoo's calendar, and follows what is moved there.

    The activity is the truth. Its entry is seen by colleagues only; coordinators are in it, and
    nobody else is: the calendar would mail every attendee's address to all others.
    """

    _name = "buurtbemiddeling.network.calendar.mixin"
    _description = "Network Activity in the Calendar"
    _inherit = ["buurtbemiddeling.calendar.entry.mixin"]

    event_id = fields.Many2one(
        "calendar.event",
        "Calendar entry",
        ondelete="set null",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._sync_calendar()
        return activities

    def write(self, vals):
        res = super().write(vals)
        shown = {"name", "date", "start", "stop", "room_id", "location", "user_ids", "state"}
        if shown & vals.keys() and not self.env.context.get("meeting_from_calendar"):
            self._sync_calendar()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_calendar_entry(self):
        # sudo: as in _sync_calendar
        self.sudo().event_id._without_attendee_mail().unlink()

    def _prepare_calendar_values(self):
        """Return what the calendar entry shows; without hours it is there the whole day."""
        self.ensure_one()
        room = self.room_id
        values = {
            "name": self.name,
            "allday": not self.start,
            "start": self.start or datetime.combine(self.date, time(8)),
            "stop": self.stop or datetime.combine(self.date, time(18)),
            "location": ", ".join(filter(None, [room.name, room.address])) or self.location,
            "privacy": "private" if self.project_id.is_members_only else "confidential",
            "show_as": "busy" if self.start else "free",
            "description": False,
            "user_id": self.user_ids[:1].id or self.env.uid,
            "partner_ids": [fields.Command.set(self.user_ids.partner_id.ids)],
            "active": self.state != "cancelled",
        }
        if not self.start:
            values.update(start_date=self.date, stop_date=self.date)
        return values

    def _sync_calendar(self):
        """Make, move or archive the calendar entries so that they follow the activities.

        What is noted afterwards, and was never planned, gets none.
        """
        # sudo: any coordinator of the organisation may plan and move activities, as the rules on
        # these say, also when the entry is a colleague's
        activities = self.sudo()
        missing = activities.filtered(lambda each: not each.event_id and each.state == "planned")
        for activity in activities.filtered("event_id"):
            event = activity.event_id._without_attendee_mail()
            event.write(activity._prepare_calendar_values())
        events = activities.event_id._without_attendee_mail()
        for activity, event in zip(
            missing,
            events.create([activity._prepare_calendar_values() for activity in missing]),
            strict=True,
        ):
            activity.with_context(meeting_from_calendar=True).event_id = event

    def _follow_calendar(self):
        """Take over day and hours of the calendar entries, which were moved."""
        for activity in self.with_context(meeting_from_calendar=True):
            event = activity.event_id
            if event.allday:
                activity.write({"start": False, "stop": False, "date": event.start_date})
            elif (activity.start, activity.stop) != (event.start, event.stop):
                activity.write({"start": event.start, "stop": event.stop})
