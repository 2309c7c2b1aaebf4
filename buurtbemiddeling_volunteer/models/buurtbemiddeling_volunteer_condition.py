from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class BuurtbemiddelingVolunteerCondition(models.Model):
    """Something that a phase may ask of a volunteer, as data: a domain on volunteers.

    The name is read in a sentence: "Still needed for Basic training: a positive intake talk".
    """

    _name = "buurtbemiddeling.volunteer.condition"
    _description = "Condition of a Volunteer Phase"
    _inherit = ["buurtbemiddeling.code.mixin"]

    domain = fields.Char("Which volunteers", required=True, default="[]")
    stage_ids = fields.Many2many(
        "buurtbemiddeling.volunteer.stage",
        "buurtbemiddeling_volunteer_stage_condition_rel",
        "condition_id",
        "stage_id",
        string="Asked by",
    )

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse what can not be searched for, before the board stumbles over it."""
        for condition in self:
            try:
                self.env["buurtbemiddeling.volunteer"]._search(condition._get_domain())
            except (ValueError, SyntaxError, TypeError, UserError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(condition)s” can not be searched for: %(domain)s is not a condition"
                        " on volunteers (%(error)s).",
                        condition=condition.name,
                        domain=condition.domain,
                        error=error,
                    )
                ) from error

    def _get_domain(self):
        self.ensure_one()
        return Domain(literal_eval(self.domain))
