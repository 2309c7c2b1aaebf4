from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .buurtbemiddeling_training_session import SEAT_STATES


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    training_session_id = fields.Many2one(
        "buurtbemiddeling.training.session",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,  # or nobody outside the groups could duplicate an event
        groups="buurtbemiddeling_case.group_user",
    )

    @api.constrains("start", "stop", "active")
    def _check_training_room_is_free(self):
        # sudo: finds the session of a half-day, which checks its room
        self._get_half_days().sudo().training_session_id._check_room_is_free()

    @api.model_create_multi
    def create(self, vals_list):
        """A half-day of a training takes title, place and attendees from its session, unmailed."""
        if not any(vals.get("training_session_id") for vals in vals_list):
            return super().create(vals_list)
        sessions = self.env["buurtbemiddeling.training.session"].browse(
            {vals["training_session_id"] for vals in vals_list if vals.get("training_session_id")}
        )
        shown = {session.id: session._prepare_calendar_values() for session in sessions}
        half_days = [
            {**vals, **shown[vals["training_session_id"]]}
            for vals in vals_list
            if vals.get("training_session_id")
        ]
        others = [vals for vals in vals_list if not vals.get("training_session_id")]
        created = {
            True: iter(super(CalendarEvent, self._without_attendee_mail()).create(half_days)),
            False: iter(super().create(others)),
        }
        sessions.enrolment_ids._follow_attendance()
        return self.browse(
            next(created[bool(vals.get("training_session_id"))]).id for vals in vals_list
        )

    def write(self, vals):
        """Moving a half-day of a training mails nobody: the coordinator tells the participants."""
        half_days = self._get_half_days()
        if not half_days:
            return super().write(vals)
        present = half_days._get_attendance().filtered(lambda row: row.state == "present")
        whole = present.filtered(lambda row: row.hours == row.event_id.duration)
        super(CalendarEvent, half_days._without_attendee_mail()).write(dict(vals))
        half_days._follow_duration(present, whole)
        if self - half_days:
            super(CalendarEvent, self - half_days).write(vals)
        return True

    def _follow_duration(self, present, whole):
        """Let the hours that were noted follow how long half-days take now.

        :param present: attendance on these half-days, of who was there
        :param whole: those of ``present`` who were there from begin to end
        :raise UserError: when someone outside buurtbemiddeling would change hours by it
        """
        changed = present.filtered(
            lambda row: (
                row.hours > row.event_id.duration
                or (row in whole and row.hours != row.event_id.duration)
            )
        )
        if changed and not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            raise UserError(
                self.env._(
                    "It was noted who was at this half-day, so only a coordinator of"
                    " buurtbemiddeling changes how long it took."
                )
            )
        for row in changed:
            row.hours = row.event_id.duration

    def unlink(self):
        """Who missed all other half-days was absent, once this one is gone."""
        # sudo: attendance follows its half-day, whoever removes that; nothing of it is told
        sessions = self._get_half_days().sudo().training_session_id
        res = super().unlink()
        sessions.exists().enrolment_ids._follow_attendance()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_attended(self):
        """Hours that people were there do not disappear with an entry in a calendar.

        :raise UserError: names the training and the day
        """
        attendance = self._get_half_days()._get_attendance()
        attended = attendance.filtered(lambda row: row.state == "present").event_id[:1]
        if attended:
            raise UserError(
                self.env._(
                    "People were present at “%(training)s” on %(day)s, so this half-day stays."
                    " Clear its attendance first, if that was noted by mistake.",
                    training=attended.name,
                    day=format_date(self.env, attended.start),
                )
            )
        attendance.unlink()

    def _get_half_days(self):
        """Return those of these entries that are half-days of a training."""
        # sudo: who is outside buurtbemiddeling may move the entry, but does not read its session;
        # no other field is fetched, so that what is private stays so
        alone = self.sudo().with_context(prefetch_fields=False)
        return self.browse(alone.filtered("training_session_id").ids)

    def _get_attendance(self):
        # sudo: what was noted follows its half-day, whoever moves that; nothing of it is told
        attendance = self.env["buurtbemiddeling.training.attendance"].sudo()
        return attendance.search([("event_id", "in", self.ids)])

    def action_open_training_attendance(self):
        """Open the list of this half-day, on which a tap tells that someone is there."""
        self.ensure_one()
        session = self.training_session_id
        self.env["buurtbemiddeling.training.attendance"]._prepare_rows(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_volunteer.buurtbemiddeling_training_attendance_action"
        )
        day = format_date(self.env, session._get_local(self.start))
        return {
            **action,
            "name": f"{session.training_id.name}, {day}",
            "display_name": f"{session.training_id.name}, {day}",
            "domain": [("event_id", "=", self.id), ("enrolment_id.state", "in", SEAT_STATES)],
            "context": {"attendance_event_id": self.id},
        }

    def _check_half_day_is_here(self):
        """Nobody was at a half-day of a later day than today.

        :raise UserError: names the day
        """
        today = fields.Date.context_today(self)
        for event in self:
            day = fields.Datetime.context_timestamp(event, event.start).date()
            if day > today:
                raise UserError(
                    self.env._(
                        "The half-day of %s is still to come. Note who was there on the day itself"
                        " or later.",
                        format_date(self.env, day),
                    )
                )
