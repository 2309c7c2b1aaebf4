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
    is_experienced = fields.Boolean(
        "Experienced",
        help="Volunteers in this phase have their first cases behind them, and may be coupled"
        " with someone who is new.",
    )
    is_pause = fields.Boolean(
        "Takes a break", help="Nobody enters or leaves this phase without a person moving them."
    )
    is_left = fields.Boolean("Has left", help="Volunteers in this phase have stopped.")
    is_automatic = fields.Boolean(
        "Moves by itself",
        help="Who is in the phase before, comes here when all that this phase asks is there."
        " Otherwise only a person moves a volunteer here.",
    )
    condition_ids = fields.Many2many(
        "buurtbemiddeling.volunteer.condition",
        "buurtbemiddeling_volunteer_stage_condition_rel",
        "stage_id",
        "condition_id",
        string="Asks",
        help="What a volunteer needs before this phase, on top of what everyone who gets cases"
        " needs.",
    )

    def _get_next(self):
        """Return the phase that comes after this one on the way to being active, or none.

        From a break, and from having left, the way back is a person's choice.
        """
        self.ensure_one()
        way = self.search([("is_pause", "=", False), ("is_left", "=", False)])
        if self not in way:
            return self.browse()
        place = way.ids.index(self.id) + 1
        return way[place : place + 1]

    def _comes_before(self, other):
        """Return whether both phases are on the way to being active, this one before the other."""
        aside = self | other
        if any(stage.is_pause or stage.is_left for stage in aside):
            return False
        return (self.sequence, self.id) < (other.sequence, other.id)
