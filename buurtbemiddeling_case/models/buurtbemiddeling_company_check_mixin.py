from odoo import fields, models


class BuurtbemiddelingCompanyCheckMixin(models.AbstractModel):
    """From which number on the security check asks attention. What is safe differs by place."""

    _name = "buurtbemiddeling.company.check.mixin"
    _description = "Limits of the Security Check"

    buurtbemiddeling_check_backup_days = fields.Integer(
        "Days since the last backup",
        default=2,
        help="The security check asks attention when the last known backup is older than this.",
    )
    buurtbemiddeling_check_login_days = fields.Integer(
        "Days without logging in",
        default=90,
        help="The security check asks attention for colleagues with a role who did not log in for"
        " so long.",
    )
    buurtbemiddeling_check_session_hours = fields.Integer(
        "Hours until one logs in again",
        default=24,
        help="The security check asks attention when someone who does nothing stays logged in for"
        " longer.",
    )
    # The Dutch National Cyber Security Centre and Odoo's own guide both ask for long passwords
    # rather than for odd characters.
    buurtbemiddeling_check_password_length = fields.Integer(
        "Characters in a password",
        default=12,
        help="The security check asks attention when shorter passwords are accepted.",
    )
    buurtbemiddeling_check_extra_users = fields.Integer(
        "Colleagues who read signals",
        default=3,
        help="The security check asks attention when more colleagues have the role Buurtbemiddeling"
        " Extra.",
    )
    buurtbemiddeling_check_term_months = fields.Integer(
        "Longest term (months)",
        default=24,
        help="The security check asks attention for a term of personal data that is longer.",
    )

    buurtbemiddeling_check_is_passed = fields.Boolean(
        "Nothing wrong at the last security check", readonly=True
    )

    _buurtbemiddeling_check_positive = models.Constraint(
        "CHECK(buurtbemiddeling_check_backup_days > 0 AND buurtbemiddeling_check_login_days > 0"
        " AND buurtbemiddeling_check_session_hours > 0"
        " AND buurtbemiddeling_check_password_length > 0"
        " AND buurtbemiddeling_check_extra_users >= 0"
        " AND buurtbemiddeling_check_term_months > 0)",
        "The numbers of the security check are 1 or more.",
    )
