from odoo import fields, models


class BuurtbemiddelingStartMark(models.Model):
    """What an organisation said of a step of the guided start: done, or not for us.

    Who said so and when is kept by Odoo itself. A step that can be seen to be done needs no mark.
    """

    _name = "buurtbemiddeling.start.mark"
    _description = "Mark on a Step of the Guided Start"
    _rec_name = "step_id"

    step_id = fields.Many2one(
        "buurtbemiddeling.start.step", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [("done", "Done"), ("skipped", "Not for us")], required=True, default="done"
    )

    _step_uniq = models.Constraint(
        "UNIQUE(step_id, company_id)",
        "A colleague marked this step a moment ago. Look at the list again.",
    )
