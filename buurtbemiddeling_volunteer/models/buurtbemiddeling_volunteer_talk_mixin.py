from odoo import fields, models


class BuurtbemiddelingVolunteerTalkMixin(models.AbstractModel):
    """What came out of the talks with a volunteer, and when the next one is."""

    _name = "buurtbemiddeling.volunteer.talk.mixin"
    _description = "Talks with a Volunteer in Short"

    talk_ids = fields.One2many("buurtbemiddeling.volunteer.talk", "volunteer_id", "Talks")
