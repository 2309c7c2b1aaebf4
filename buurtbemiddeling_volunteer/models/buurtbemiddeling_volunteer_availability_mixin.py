from collections import defaultdict

from odoo import api, fields, models


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

    @api.model
    def _get_away(self, first, last):
        """Return when volunteers are on pause or away between two days (dates, both included).

        :return: ``{id of the volunteer: [(first day, last day or None), ...]}``, of whoever the
            user may see; who is not away at all is not in it
        """
        absences = self.env["buurtbemiddeling.volunteer.absence"]
        away = defaultdict(list)
        for absence in absences.search(absences._domain_between(first, last)):
            away[absence.volunteer_id.id].append((absence.date_from, absence.date_to or None))
        for volunteer in self.search([("pause_until", ">=", first)]):
            away[volunteer.id].append((first, volunteer.pause_until))
        return dict(away)
