from calendar import monthrange

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import date_utils, format_date

HOURS_IN_A_DAY = 24


class BuurtbemiddelingStaffHours(models.Model):
    """Hours that a coordinator worked for a project, on a day or in a month.

    Everyone keeps their own, the administrator those of all. They cost what an hour costs in the
    budget of the year, else what the organisation reckons with when they are entered.
    """

    _name = "buurtbemiddeling.staff.hours"
    _description = "Hours of a Coordinator"
    _inherit = ["buurtbemiddeling.cost.entry.mixin"]
    _order = "date desc, id desc"
    _rec_name = "description"

    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    period = fields.Selection(
        [("day", "On this day"), ("month", "In this month")],
        required=True,
        default="day",
        help="Whether the hours are of one day or of a whole month.",
    )
    hours = fields.Float(required=True)
    kind = fields.Selection(
        [
            ("case", "Cases"),
            ("volunteer", "Volunteers"),
            ("network", "Network and PR"),
            ("office", "Registration and reports"),
            ("other", "Other"),
        ],
        "Spent on",
        required=True,
        default="case",
        help="The costs of a case are worked out with the hours spent on cases.",
    )
    description = fields.Char(help="Write no name or address of a resident here.")
    is_manager = fields.Boolean(
        compute="_compute_is_manager", export_string_translation=False, exportable=False
    )  # who notes the hours of others
    hourly_rate = fields.Monetary(
        "Cost of an hour", compute="_compute_hourly_rate", store=True, precompute=True
    )
    amount = fields.Monetary("Costs", compute="_compute_amount", store=True, precompute=True)

    _hours_positive = models.Constraint(
        "CHECK(hours > 0)", "Fill in how many hours it took: more than 0."
    )

    @api.depends("project_id.budget_ids.hourly_rate", "project_id.budget_ids.year", "date")
    def _compute_hourly_rate(self):
        """Of the budget, else what it was when the hours were entered: the past does not change."""
        for entry in self:
            budget = entry.project_id.budget_ids.filtered(
                lambda each, entry=entry: entry.date and each.year == entry.date.year
            )
            entry.hourly_rate = (
                budget.hourly_rate
                or entry.hourly_rate
                or entry.project_id.company_id.buurtbemiddeling_hourly_rate
            )

    def write(self, vals):
        """Hours that move to another year or project cost what an hour costs there."""
        before = {entry: (entry.project_id, entry.date.year) for entry in self}
        res = super().write(vals)
        moved = self.filtered(lambda each: before[each] != (each.project_id, each.date.year))
        if moved:
            moved.hourly_rate = 0
            moved._compute_hourly_rate()
        return res

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self.env.user.has_group("buurtbemiddeling_case.group_manager")

    @api.depends("hours", "hourly_rate")
    def _compute_amount(self):
        for entry in self:
            entry.amount = entry.hours * entry.hourly_rate

    @api.constrains("hours", "user_id", "date", "period")
    def _check_hours_of_a_day(self):
        """Nobody works more hours than there are, in all projects together."""
        self.flush_model()
        # sudo: of the same person in other projects and organisations, of which only the sum
        groups = self.sudo()._read_group(
            [
                ("user_id", "in", self.user_id.ids),
                ("date", "in", self.mapped("date")),
                ("period", "=", "day"),
            ],
            ["user_id", "date:day"],
            ["hours:sum"],
        )
        for user, moment, hours in groups:
            day = fields.Date.to_date(moment)
            if hours > HOURS_IN_A_DAY:
                raise ValidationError(
                    self.env._(
                        "%(user)s would have %(hours)g hours on %(date)s, and a day has 24. Correct"
                        " the hours, or choose “In this month”.",
                        user=user.name,
                        hours=hours,
                        date=format_date(self.env, day),
                    )
                )

    @api.constrains("hours", "user_id", "date", "period")
    def _check_hours_of_a_month(self):
        self.flush_model()
        starts = {date_utils.start_of(entry.date, "month") for entry in self}
        # sudo: of the same person in other projects and organisations, of which only the sum
        groups = self.sudo()._read_group(
            [
                ("user_id", "in", self.user_id.ids),
                ("date", ">=", min(starts)),
                ("date", "<=", date_utils.end_of(max(starts), "month")),
            ],
            ["user_id", "date:month"],
            ["hours:sum"],
        )
        for user, moment, hours in groups:
            month = fields.Date.to_date(moment)
            if hours > HOURS_IN_A_DAY * monthrange(month.year, month.month)[1]:
                raise ValidationError(
                    self.env._(
                        "%(user)s would have %(hours)g hours in %(month)s, more than there are."
                        " Correct the hours.",
                        user=user.name,
                        hours=hours,
                        month=format_date(self.env, month, date_format="MMMM y"),
                    )
                )

    @api.depends("user_id.name", "date", "period")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for entry in self:
            pattern = "MMMM y" if entry.period == "month" else None
            day = entry.date and format_date(self.env, entry.date, date_format=pattern)
            entry.display_name = f"{entry.user_id.name}, {day or ''}"
