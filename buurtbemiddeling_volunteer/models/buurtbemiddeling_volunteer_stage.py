from odoo import fields, models


class BuurtbemiddelingVolunteerStage(models.Model):
    """A phase in the life of a volunteer, from first interest to goodbye."""

    _name = "buurtbemiddeling.volunteer.stage"
    _description = "Volunteer Phase"
    _inherit = ["buurtbemiddeling.code.mixin"]

    fold = fields.Boolean("Folded in the board")
    is_active = fields.Boolean(
        "Gets cases",
        help="Volunteers in this phase count as active and may get cases. They need the basic"
        " training, a signed agreement and a confidentiality statement.",
    )
    is_left = fields.Boolean("Has left", help="Volunteers in this phase have stopped.")
