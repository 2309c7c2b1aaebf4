from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    buurtbemiddeling_invitation_days = fields.Integer(
        "Days to answer an invitation",
        default=7,
        help="After this number of days without an answer, an invitation has expired.",
    )
    buurtbemiddeling_reminder_days = fields.Integer(
        "Days until a reminder",
        default=2,
        help="After this number of days without an answer, the volunteer is reminded once.",
    )
    buurtbemiddeling_first_cases = fields.Integer(
        "First cases",
        default=3,
        help="How many cases with an experienced colleague come before being active.",
    )

    buurtbemiddeling_rest_days = fields.Integer(
        "Days off that are a rest",
        default=7,
        help="Cases with fewer days off in between are cases in a row.",
    )
    buurtbemiddeling_load_percent = fields.Integer(
        "Much more or less, in percent",
        default=50,
        help="A volunteer stands out whose cases in a year differ from the median by more than"
        " this, and by more than one case.",
    )
    buurtbemiddeling_small_number = fields.Integer(
        "Smallest number in words",
        default=5,
        help="In texts that go to others, a smaller number of volunteers is “fewer than” this.",
    )

    _buurtbemiddeling_invitation_term = models.Constraint(
        "CHECK(buurtbemiddeling_reminder_days >= 0"
        " AND buurtbemiddeling_invitation_days > buurtbemiddeling_reminder_days)",
        "A volunteer is reminded before the invitation expires. Correct one of the two numbers.",
    )
    _buurtbemiddeling_first_cases_positive = models.Constraint(
        "CHECK(buurtbemiddeling_first_cases >= 0)", "The number of first cases is 0 or more."
    )
    _buurtbemiddeling_keeping_positive = models.Constraint(
        "CHECK(buurtbemiddeling_rest_days >= 0 AND buurtbemiddeling_load_percent >= 0"
        " AND buurtbemiddeling_small_number >= 0)",
        "Days off, percentage and smallest number are 0 or more.",
    )
