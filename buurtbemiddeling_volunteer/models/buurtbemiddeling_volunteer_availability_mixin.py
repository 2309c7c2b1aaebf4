from odoo import fields, models


class BuurtbemiddelingVolunteerAvailabilityMixin(models.AbstractModel):
    """When a volunteer can, and when not. It steers proposals and warns; it forbids nothing."""

    _name = "buurtbemiddeling.volunteer.availability.mixin"
    _description = "Availability of a Volunteer"

    daypart_ids = fields.Many2many(
        "buurtbemiddeling.daypart",
        "buurtbemiddeling_volunteer_daypart_rel",
        "volunteer_id",
        "daypart_id",
        string="Can on",
        ondelete="restrict",
        help="The parts of the week on which this volunteer mostly can. Empty: not stated.",
    )
    absence_ids = fields.One2many("buurtbemiddeling.volunteer.absence", "volunteer_id", "Absences")
    pause_until = fields.Date(
        copy=False,
        help="Last day of a pause: until then no case is proposed, in any phase.",
    )

    def write(self, vals):
        """Who gets cases again is no longer on pause."""
        res = super().write(vals)
        if "stage_id" in vals and "pause_until" not in vals:
            back = self.filtered(lambda v: v.stage_id.is_active and v.pause_until)
            if back:
                back.pause_until = False
        return res

    def _get_resting(self, day):
        """Return those of these volunteers who are on pause or away on a day (date)."""
        absences = self.env["buurtbemiddeling.volunteer.absence"]
        away = absences.search(
            absences._domain_between(day, day) & fields.Domain("volunteer_id", "in", self.ids)
        )
        return away.volunteer_id | self.filtered(lambda v: v.pause_until and v.pause_until >= day)
