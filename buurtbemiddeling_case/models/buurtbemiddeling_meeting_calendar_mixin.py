from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingMeetingCalendarMixin(models.AbstractModel):
    """The calendar entry of a talk, which shows when and where and follows the talk."""

    _name = "buurtbemiddeling.meeting.calendar.mixin"
    _description = "Talk in the Calendar"
    _inherit = ["buurtbemiddeling.calendar.entry.mixin"]

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("start", "stop", "kind", "state", "case_id")
    def _compute_warning(self):
        """A warning, no more: the talk may still be held, or be noted afterwards.

        Its time has passed, or who holds it has something else then.
        """
        self.warning = False
        planned = self.filtered(lambda t: t.state == "planned" and t.start and t.case_id)
        passed = planned - planned._get_coming()
        passed.warning = self.env._(
            "This time has passed, so nobody can be invited. Was the talk held? Choose “Held…”. Is"
            " it still to come? Correct the time."
        )
        planned -= passed
        for talk, busy in planned._get_busy_holders().items():
            if names := busy.mapped("name"):
                talk.warning = self.env._(
                    "Has another appointment at this time: %s.", ", ".join(names)
                )

    def _get_busy_holders(self):
        """Return who of those who hold these talks has something else in the calendar then.

        :return: ``{talk: contacts}``
        """
        if not self:
            return {}
        partners = {talk: talk._get_attendee_partners() for talk in self}
        # sudo: colleagues' appointments are private; only that someone is busy then is told
        busy = (
            self.env["calendar.event"]
            .sudo()
            .search(
                Domain("partner_ids", "in", [p.id for ps in partners.values() for p in ps])
                & Domain("show_as", "=", "busy")
                & Domain("start", "<", max(self.mapped("stop")))
                & Domain("stop", ">", min(self.mapped("start")))
            )
        )
        found = {}
        for talk, holders in partners.items():
            others = busy.filtered(
                lambda event, talk=talk: (
                    event.start < talk.stop
                    and event.stop > talk.start
                    and event != talk.sudo().event_id._origin
                )
            )
            coming = others.attendee_ids.filtered(lambda a: a.state != "declined").partner_id
            found[talk] = holders & coming
        return found

    # ------------------------------------------------------------
    # CALENDAR
    # ------------------------------------------------------------

    def _get_attendee_partners(self):
        """Return the staff who hold the talk: residents are never among them."""
        self.ensure_one()
        return self.case_id.user_id.partner_id

    def _prepare_calendar_values(self):
        """Return the values of the calendar entry: when and where, and no name of a resident.

        Where is told of a neutral room only: what was typed by hand may be someone's home.
        """
        self.ensure_one()
        room = self.room_id
        return {
            "name": self.env._("Talk %s", self.case_id.name),
            "start": self.start,
            "stop": self.stop,
            "privacy": "private",
            "show_as": "busy",
            "description": False,
            "location": ", ".join(filter(None, [room.name, room.address])),
            "user_id": self.case_id.user_id.id or self.env.uid,
            "partner_ids": [fields.Command.set(self._get_attendee_partners().ids)],
            "active": self.state != "cancelled",
        }

    def _get_coming(self):
        """Return the planned talks that are still to come."""
        now = fields.Datetime.now()
        return self.filtered(
            lambda talk: talk.state == "planned" and talk.start and talk.start >= now
        )

    def _sync_calendar(self):
        """Make, move or archive the calendar entries so that they follow the talks."""
        # sudo: a private calendar entry can be changed by those who are in it only, while any
        # coordinator of the organisation may plan and move talks, as the rules on talks say
        talks = self.sudo()
        missing = talks.filtered(lambda talk: not talk.event_id and talk.state == "planned")
        for talk in talks.filtered("event_id"):
            talk.event_id._without_attendee_mail().write(talk._prepare_calendar_values())
        events = talks.event_id._without_attendee_mail()
        for talk, event in zip(
            missing,
            events.create([talk._prepare_calendar_values() for talk in missing]),
            strict=True,
        ):
            talk.with_context(meeting_from_calendar=True).event_id = event

    def _check_calendar_access(self, user):
        """Whoever may move the entry of a talk may move the talk: an entry is private."""

    def _follow_calendar(self):
        """Take over the time of the calendar entries, which were moved."""
        for talk in self.with_context(meeting_from_calendar=True):
            event = talk.event_id
            if (talk.start, talk.stop) != (event.start, event.stop):
                hours = (event.stop - event.start).total_seconds() / 3600
                talk.write({"start": event.start, "duration": hours})
