from odoo import api, models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees.event_id._check_talk_entries({"attendee_ids": True})
        return attendees

    def write(self, vals):
        """Saying yes or no is free; who attends a talk is decided in the case."""
        if {"partner_id", "event_id", "email"} & vals.keys():
            self.event_id._check_talk_entries({"attendee_ids": True})
        return super().write(vals)
