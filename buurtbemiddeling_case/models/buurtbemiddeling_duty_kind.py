from calendar import monthrange
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

LEAP_YEAR = 2000  # the longest February: 29 February is a day to choose
#: what comes back is counted from this year on for a project without a start: the same turns
#: whenever they are made
FIRST_YEAR = 2000


class BuurtbemiddelingDutyKind(models.Model):
    """A duty that comes back: benchmark, annual report, steering group, partner talks, ...

    It says when it comes back and which screen it is done on. The days are a start to plan with; an
    organisation changes them to what it agreed. Other modules add kinds for their own screens.
    """

    _name = "buurtbemiddeling.duty.kind"
    _description = "Kind of Recurring Duty"
    _inherit = ["buurtbemiddeling.code.mixin"]

    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all organisations."
    )
    description = fields.Text(translate=True, help="What it takes, and where it is written.")
    month = fields.Selection(
        lambda self: [
            (str(month), format_date(self.env, date(LEAP_YEAR, month, 1), date_format="LLLL"))
            for month in range(1, 13)
        ],
        required=True,
        default="1",
        help="When it is due for the first time in a year.",
    )
    day = fields.Integer(
        required=True, default=31, aggregator=None, help="31: the last day of the month."
    )
    interval_months = fields.Integer(
        "Every … months",
        required=True,
        default=12,
        aggregator=None,
        help="3: every quarter. 12: every year. 24: every two years, counted from the start.",
    )
    lead_days = fields.Integer(
        "Shows up … days before",
        required=True,
        default=30,
        aggregator=None,
        help="So many days before it is due, it shows up on My day.",
    )
    action_id = fields.Many2one(
        "ir.actions.actions",
        "Screen",
        ondelete="set null",
        help="Where the work is done; it opens with one click.",
    )

    _day_range = models.Constraint(
        "CHECK(day BETWEEN 1 AND 31)", "A day of the month lies between 1 and 31."
    )
    _interval_positive = models.Constraint(
        "CHECK(interval_months BETWEEN 1 AND 120)",
        "A duty comes back after 1 to 120 months. Fill in 12 for every year.",
    )
    _lead_positive = models.Constraint(
        "CHECK(lead_days >= 0)", "The number of days before is 0 or more."
    )

    def _get_days(self, projects, first, last):
        """Return ``{project: days}`` on which this duty is due, each in order.

        :param first: the first day (date) that is looked at
        :param last: the last one
        """
        return {project: self._get_days_by_interval(project, first, last) for project in projects}

    def _get_days_by_interval(self, project, first, last):
        """Return the days that the interval gives.

        It is counted from the year in which the project began, so that what comes back every two
        years does so from that year on.
        """
        self.ensure_one()
        begin = date(self._get_first_year(project), int(self.month), 1)
        first = max(first, project.date_start or first)
        last = min(last, project.date_end or last)
        days, step = [], 0
        while True:
            month = begin + relativedelta(months=step * self.interval_months)
            if month > last:
                return days
            day = month.replace(day=min(self.day, monthrange(month.year, month.month)[1]))
            if first <= day <= last:
                days.append(day)
            step += 1

    def _get_turn(self, project, day):
        """Return which turn a day is: the same one when this duty falls on another day of it.

        That is a number: how many intervals passed since January of the year to count from.
        """
        self.ensure_one()
        months = (day.year - self._get_first_year(project)) * 12 + day.month - 1
        return months // self.interval_months

    @api.model
    def _get_first_year(self, project):
        return project.date_start.year if project.date_start else FIRST_YEAR
