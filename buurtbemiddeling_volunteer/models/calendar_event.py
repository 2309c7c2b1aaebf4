from odoo import api, fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    training_session_id = fields.Many2one(
        "buurtbemiddeling.training.session",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,  # or nobody outside the groups could duplicate an event
        groups="buurtbemiddeling_case.group_user",
    )

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
        return self.browse(
            next(created[bool(vals.get("training_session_id"))]).id for vals in vals_list
        )

    def write(self, vals):
        """Moving a half-day of a training mails nobody: the coordinator tells the participants."""
        # sudo: who is outside buurtbemiddeling may move the entry, but does not read its session;
        # no other field is fetched, so that what is private stays so
        alone = self.sudo().with_context(prefetch_fields=False)
        half_days = self.browse(alone.filtered("training_session_id").ids)
        if not half_days:
            return super().write(vals)
        super(CalendarEvent, half_days._without_attendee_mail()).write(dict(vals))
        if self - half_days:
            super(CalendarEvent, self - half_days).write(vals)
        return True
