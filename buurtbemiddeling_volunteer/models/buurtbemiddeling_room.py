from odoo import models
from odoo.fields import Domain


class BuurtbemiddelingRoom(models.Model):
    _inherit = "buurtbemiddeling.room"

    def _get_bookings(self, start, stop):
        """Half-days of trainings take a room as well."""
        bookings = super()._get_bookings(start, stop)
        # sudo: whoever plans, all half-days count; of what is found only the title is told
        half_days = (
            self.env["calendar.event"]
            .sudo()
            .search(
                Domain("training_session_id.room_id", "in", self.ids)
                & Domain("training_session_id.state", "!=", "cancelled")
                & Domain("start", "<", stop)
                & Domain("stop", ">", start)
            )
        )
        for half_day in half_days:
            room = half_day.training_session_id.room_id
            bookings.setdefault(room.with_env(self.env), []).append(half_day)
        return bookings

    def _get_booking_text(self, booking):
        if booking._name == "calendar.event":
            return self.env._("the training “%s”", booking.name)
        return super()._get_booking_text(booking)
