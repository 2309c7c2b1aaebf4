from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    buurtbemiddeling_hourly_rate = fields.Monetary(
        "Cost of an hour of a coordinator",
        currency_field="currency_id",
        help="What new budgets start with, and what hours cost without a budget. Ask the financial"
        " administration: wages with all that comes on top.",
    )

    _buurtbemiddeling_hourly_rate_positive = models.Constraint(
        "CHECK(buurtbemiddeling_hourly_rate >= 0)", "What an hour costs is 0 or more."
    )
