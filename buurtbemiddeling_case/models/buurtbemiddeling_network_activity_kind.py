from odoo import fields, models


class BuurtbemiddelingNetworkActivityKind(models.Model):
    """What an organisation does to be known: an information evening, an article, a visit, ..."""

    _name = "buurtbemiddeling.network.activity.kind"
    _description = "Kind of Network Activity"
    _inherit = ["buurtbemiddeling.code.mixin"]

    has_attendance = fields.Boolean(
        "People come", default=True, help="People are present, so they can be counted."
    )
    counts_results = fields.Boolean(
        default=True,
        help="Meant for residents, referrers or new volunteers: how many registered in the weeks"
        " after is shown. Not for a meeting among colleagues.",
    )
    result_weeks = fields.Integer(
        "Weeks to look at",
        default=4,
        help="Over how many weeks after the activity, and as many before, registrations are"
        " counted. There is no norm for it. Four weeks is what we start with: long enough for"
        " people to get in touch, short enough that other things do not weigh more.",
    )

    _result_weeks_range = models.Constraint(
        "CHECK(result_weeks BETWEEN 1 AND 26)", "Look at 1 to 26 weeks."
    )
