from odoo import api, models


class BuurtbemiddelingRecruitmentFactMixin(models.AbstractModel):
    """A row about a volunteer that may be just what the next phase was waiting for."""

    _name = "buurtbemiddeling.recruitment.fact.mixin"
    _description = "Fact for the Recruitment of a Volunteer"

    @api.model_create_multi
    def create(self, vals_list):
        facts = super().create(vals_list)
        facts.volunteer_id._move_when_ready()
        return facts

    def write(self, vals):
        res = super().write(vals)
        self.volunteer_id._move_when_ready()
        return res
