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
    buurtbemiddeling_case_expense = fields.Monetary(
        "Fixed amount per case",
        currency_field="currency_id",
        help="What each mediator gets when a case closes, for all costs together. 0: there is no"
        " fixed amount, mediators claim what they paid.",
    )
    buurtbemiddeling_km_rate = fields.Monetary(
        "Amount per kilometre",
        currency_field="currency_id",
        help="For travel by car. 0: type the amount of each trip.",
    )
    buurtbemiddeling_application_form = fields.Boolean(
        "Web form for new volunteers",
        help="Opens the page /buurtbemiddeling/vrijwilliger, on which people apply.",
    )
    buurtbemiddeling_application_user_id = fields.Many2one(
        "res.users",
        "Who handles applications",
        ondelete="set null",
        help="Gets a to-do for each application. Without this, it is a to-do of nobody yet.",
    )
    buurtbemiddeling_application_per_sender = fields.Integer(
        "Applications per hour from one connection",
        default=5,
        help="More are refused for the moment: a person applies once. Choose a higher number for an"
        " evening on which many people share one connection.",
    )
    buurtbemiddeling_application_per_hour = fields.Integer(
        "Applications per hour in all",
        default=30,
        help="More are refused for the moment, so that a machine can not fill your board.",
    )
    buurtbemiddeling_min_meetings = fields.Integer(
        "Meetings a year",
        default=5,
        help="How many meetings a volunteer comes to in a year, peer review among them.",
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
        help="In texts that go to others, a smaller number of volunteers is “fewer than” this."
        " Figures that leave the organisation hide smaller numbers of cases.",
    )
    # see buurtbemiddeling.volunteer.retention.mixin for where the terms come from
    buurtbemiddeling_retention_applicant_months = fields.Integer(
        "Keep applicants (months)",
        default=1,
        help="So many months after someone was turned down or withdrew, what tells who it was has"
        " to be removed. For who agreed to be kept longer, fill in “Keep until”.",
    )
    buurtbemiddeling_retention_applicant_open_months = fields.Integer(
        "Keep applicants without a decision (months)",
        default=12,
        help="So many months after the last sign of someone who never began, and was not turned"
        " down either, what tells who it was has to be removed.",
    )
    buurtbemiddeling_retention_volunteer_months = fields.Integer(
        "Keep volunteers who left (months)",
        default=24,
        help="So many months after the last day of a volunteer, what tells who it was has to be"
        " removed.",
    )
    buurtbemiddeling_expense_export_years = fields.Integer(
        "Keep exports of expenses (years)",
        default=7,
        help="The law on taxes asks to keep the books for 7 years. After the end of the year in"
        " which the workbook was made and so many more, it is removed by itself.",
    )

    _buurtbemiddeling_retention_volunteers_positive = models.Constraint(
        "CHECK(buurtbemiddeling_retention_applicant_months > 0"
        " AND buurtbemiddeling_retention_applicant_open_months > 0"
        " AND buurtbemiddeling_retention_volunteer_months > 0"
        " AND buurtbemiddeling_expense_export_years > 0)",
        "A term is at least 1 month or year.",
    )
    _buurtbemiddeling_invitation_term = models.Constraint(
        "CHECK(buurtbemiddeling_reminder_days >= 0"
        " AND buurtbemiddeling_invitation_days > buurtbemiddeling_reminder_days)",
        "A volunteer is reminded before the invitation expires. Correct one of the two numbers.",
    )
    _buurtbemiddeling_application_limits = models.Constraint(
        "CHECK(buurtbemiddeling_application_per_sender > 0"
        " AND buurtbemiddeling_application_per_hour > 0)",
        "At least 1 application per hour gets through. To get none, switch the web form off.",
    )
    _buurtbemiddeling_expenses_positive = models.Constraint(
        "CHECK(buurtbemiddeling_case_expense >= 0 AND buurtbemiddeling_km_rate >= 0)",
        "What volunteers get is 0 or more.",
    )
    _buurtbemiddeling_min_meetings_positive = models.Constraint(
        "CHECK(buurtbemiddeling_min_meetings >= 0)", "The number of meetings is 0 or more."
    )
    _buurtbemiddeling_first_cases_positive = models.Constraint(
        "CHECK(buurtbemiddeling_first_cases >= 0)", "The number of first cases is 0 or more."
    )
    _buurtbemiddeling_keeping_positive = models.Constraint(
        "CHECK(buurtbemiddeling_rest_days >= 0 AND buurtbemiddeling_load_percent >= 0)",
        "Days off and percentage are 0 or more.",
    )
    _buurtbemiddeling_small_number_large_enough = models.Constraint(
        "CHECK(buurtbemiddeling_small_number >= 3)",
        "The smallest number is 3 or more: with a lower one people can be recognised.",
    )
