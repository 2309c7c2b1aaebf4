from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "buurtbemiddeling.company.mail.mixin"]

    # The norm of the field is two to six weeks after the last talk (domain.md 1.1, step 7).
    buurtbemiddeling_aftercare_min_days = fields.Integer(
        "Days until aftercare may begin", default=14
    )
    buurtbemiddeling_aftercare_max_days = fields.Integer("Days until aftercare is over", default=42)

    # One organisation publishes its term: 2 years after closing (domain.md 5.1).
    buurtbemiddeling_retention_months = fields.Integer(
        "Keep personal data (months)",
        default=24,
        help="So many months after closing, what tells who the residents are has to be removed.",
    )

    # A talk, a text and a signature of each partner take about so long.
    buurtbemiddeling_covenant_months = fields.Integer(
        "Agreements expire soon (months)",
        default=3,
        help="So many months before the end, or before the last day on which notice can be given,"
        " an agreement with a partner shows up as expiring.",
    )

    buurtbemiddeling_request_user_id = fields.Many2one(
        "res.users",
        "Who handles requests from outside",
        ondelete="set null",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        help="Gets the requests of the web form, of referrers and by mail, with a to-do for each."
        " Without this, they are nobody's yet.",
    )

    _buurtbemiddeling_aftercare_term = models.Constraint(
        "CHECK(buurtbemiddeling_aftercare_min_days >= 0"
        " AND buurtbemiddeling_aftercare_max_days >= buurtbemiddeling_aftercare_min_days)",
        "Aftercare ends on or after the day it begins, both counted in days after the last talk."
        " Correct one of the two numbers.",
    )
    _buurtbemiddeling_retention_positive = models.Constraint(
        "CHECK(buurtbemiddeling_retention_months > 0)",
        "Personal data is kept for at least 1 month after closing.",
    )
    _buurtbemiddeling_covenant_months_positive = models.Constraint(
        "CHECK(buurtbemiddeling_covenant_months >= 0)",
        "The months before an agreement expires are 0 or more.",
    )

    def _get_request_handler(self):
        """Return who handles requests from outside, or none when that is no coordinator here."""
        self.ensure_one()
        user = self.buurtbemiddeling_request_user_id
        works_here = user.active and self in user.company_ids
        if works_here and user.has_group("buurtbemiddeling_case.group_user"):
            return user
        return user.browse()
