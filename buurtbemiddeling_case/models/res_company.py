from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # The norm of the field is two to six weeks after the last talk (domain.md 1.1, step 7).
    buurtbemiddeling_aftercare_min_days = fields.Integer(
        "Aftercare from", default=14, help="Days after the last talk on which aftercare may begin."
    )
    buurtbemiddeling_aftercare_max_days = fields.Integer(
        "Aftercare until", default=42, help="Days after the last talk within which it is done."
    )

    _buurtbemiddeling_aftercare_term = models.Constraint(
        "CHECK(buurtbemiddeling_aftercare_min_days >= 0"
        " AND buurtbemiddeling_aftercare_max_days >= buurtbemiddeling_aftercare_min_days)",
        "Aftercare ends on or after the day it begins, both counted in days after the last talk."
        " Correct one of the two numbers.",
    )
