from odoo import fields, models
from odoo.exceptions import UserError

PERSONAL = ("affinity_ids", "gender")


class BuurtbemiddelingVolunteerOfferMixin(models.AbstractModel):
    """What a volunteer chooses to tell, so that a pair can be found that fits a case.

    Origin, belief and health are never asked and never stored.
    """

    _name = "buurtbemiddeling.volunteer.offer.mixin"
    _description = "What a Volunteer Chooses to State"
    _inherit = ["buurtbemiddeling.screen.mixin"]

    affinity_ids = fields.Many2many(
        "buurtbemiddeling.affinity",
        "buurtbemiddeling_volunteer_affinity_rel",
        "volunteer_id",
        "affinity_id",
        string="Affinities",
        ondelete="restrict",
        help="What this volunteer has a feeling for, and likes to be asked for.",
    )
    gender = fields.Selection(
        [("woman", "Woman"), ("man", "Man"), ("other", "Other")],
        help="Only if the volunteer wants to state it. For a mixed pair, where that is wished.",
    )
    offer_consent_date = fields.Date(
        "Agreed on",
        copy=False,
        help="When the volunteer agreed that affinities and gender are used to find a pair.",
    )
    declaration_ids = fields.One2many(
        "buurtbemiddeling.volunteer.declaration", "volunteer_id", "Declarations"
    )

    def _check_screen(self, vals):
        """What a volunteer chooses to state is kept with consent only.

        :raise UserError: when it is typed and nobody says that the volunteer agreed
        """
        if {*PERSONAL, "offer_consent_date"} & vals.keys():
            after = self.new(vals, origin=self)
            if not after.offer_consent_date and any(after[name] for name in PERSONAL):
                raise UserError(
                    self.env._(
                        "Affinities and gender are kept only when the volunteer agrees. Fill in on"
                        " which day that was, under “Agreed on”, or empty them."
                    )
                )
        return super()._check_screen(vals)
