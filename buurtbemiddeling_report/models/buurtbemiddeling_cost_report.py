from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .buurtbemiddeling_budget_post import FLOWS

ACCOUNT_LINE = "account.analytic.line"
ORIGINS = [("actual", "Entered or imported"), *FLOWS, ("account", "Accounts")]
#: A row has the id of its record times this, and the place of its origin: so it keeps its id.
STEP = 8


class BuurtbemiddelingCostReport(models.Model):
    """One row a cost, whatever way it came in, without who it is about. What counts:

    - what was entered or imported, on its date;
    - hours of coordinators, at the rate that was stored with them;
    - trainings that are not cancelled, on the day that they end; without half-days on the last
      day of the year in which they were entered, so that their cost is planned at least;
    - expenses of volunteers that were approved, or went to the salary office, for the project that
      is stored with them;
    - network activities that are not cancelled, where that log is in use;
    - lines of the analytic account that a line of a budget is tied to, where accounting is in use:
      of both signs, as a credit note lowers the costs. Income belongs on another account; nothing
      in a line tells the one from the other.

    As registrations do, costs of the whole period count that are known today, also those after the
    reference date: so a cost per case divides what belongs together. A benchmark that is
    ``is_to_date`` leaves out both. A day that is still to come costs nothing yet, unless the
    context has ``facts_planned``: then what is planned with a date up to the reference date is
    there too.

    A post in a year of a project takes its costs in one way (``way`` of the budget line, else as
    the post says); what comes in another way does not count, so that nothing counts twice.
    """

    _name = "buurtbemiddeling.cost.report"
    _description = "Costs"
    _inherit = ["buurtbemiddeling.facts.mixin"]
    _auto = False
    _rec_name = "id"
    _order = "date desc, id desc"
    _has_places = False  # a project may serve several areas
    _depends = {
        "buurtbemiddeling.budget.actual": ["company_id", "project_id", "date", "post_id", "amount"],
        "buurtbemiddeling.budget.line": ["project_id", "year", "post_id", "way", "account_id"],
        "buurtbemiddeling.budget.post": ["flow"],
        "buurtbemiddeling.staff.hours": ["company_id", "project_id", "date", "amount"],
        "buurtbemiddeling.training.session": [
            "company_id", "project_id", "state", "date_end", "cost",
        ],
        "buurtbemiddeling.expense": ["company_id", "project_id", "date", "state", "amount"],
        "buurtbemiddeling.network.activity": [
            "company_id", "project_id", "date", "state", "cost",
        ],
        "resource.calendar": ["tz"],
        "res.company": ["resource_calendar_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    project_id = fields.Many2one("buurtbemiddeling.project", readonly=True)
    post_id = fields.Many2one("buurtbemiddeling.budget.post", readonly=True)
    origin = fields.Selection(ORIGINS, "Where it comes from", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    create_date = fields.Datetime("Entered on", readonly=True)

    @api.model
    def _get_scope(self, company, areas=None, project=None):
        """Costs are of projects and have no area."""
        scope = Domain("company_id", "in", company.ids)
        return scope & Domain("project_id", "=", project.id) if project else scope

    @api.model
    def _get_breakdown_facts(self):
        return [name for name in super()._get_breakdown_facts() if name != "currency_id"]

    def _get_records(self):
        """A cost opens as a row of its own: the hours behind it are of one person."""
        return self

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT cost.record_id * %(step)s + cost.place AS id,
                   cost.company_id, cost.project_id, post.id AS post_id, cost.origin, cost.date,
                   cost.amount, cost.create_date
              FROM (%(costs)s) AS cost (
                       record_id, place, origin, company_id, project_id, post_id, date, amount,
                       create_date
                   )
        CROSS JOIN %(period)s period
              JOIN buurtbemiddeling_budget_post post
                ON post.id = cost.post_id OR cost.post_id IS NULL AND post.flow = cost.origin
         LEFT JOIN buurtbemiddeling_budget_line line
                ON line.project_id = cost.project_id
               AND line.post_id = post.id
               AND line.year = EXTRACT(YEAR FROM cost.date)
             WHERE cost.date BETWEEN period.start AND %(last)s
               AND cost.amount != 0
               AND COALESCE(
                       line.way, CASE WHEN post.flow IS NULL THEN 'entered' ELSE 'flow' END
                   ) = CASE cost.origin WHEN 'actual' THEN 'entered'
                                        WHEN 'account' THEN 'account'
                                        ELSE 'flow'
                        END
            """,
            step=STEP,
            costs=SQL(" UNION ALL ").join(
                SQL("(%s)", query)
                for query in (
                    self._actual_sql(),
                    self._hours_sql(),
                    self._training_sql(),
                    self._expense_sql(),
                    self._activity_sql(),
                    *([self._account_sql()] if ACCOUNT_LINE in self.env else []),
                )
            ),
            period=self._period_sql(),
            last=SQL("period.last")
            if self.env.context.get("facts_planned")
            else SQL("LEAST(period.stop, %s::date)", fields.Date.context_today(self)),
        )

    def _actual_sql(self):
        return SQL(
            "SELECT id, 0, 'actual', company_id, project_id, post_id, date, amount, create_date"
            "  FROM buurtbemiddeling_budget_actual"
        )

    def _hours_sql(self):
        return SQL(
            "SELECT id, 1, 'hours', company_id, project_id, NULL::int, date, amount, create_date"
            "  FROM buurtbemiddeling_staff_hours"
        )

    def _training_sql(self):
        return SQL(
            """
            SELECT session.id, 2, 'training', session.company_id, session.project_id, NULL::int,
                   COALESCE(
                       (
                           session.date_end AT TIME ZONE 'UTC'
                           AT TIME ZONE COALESCE(calendar.tz, 'Europe/Amsterdam')
                       )::date,
                       make_date(EXTRACT(YEAR FROM session.create_date)::int, 12, 31)
                   ),
                   session.cost, session.create_date
              FROM buurtbemiddeling_training_session session
              JOIN res_company company ON company.id = session.company_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
             WHERE session.state != 'cancelled'
            """
        )

    def _expense_sql(self):
        return SQL(
            """
            SELECT id, 3, 'expense', company_id, project_id, NULL::int, date, amount, create_date
              FROM buurtbemiddeling_expense
             WHERE state IN ('approved', 'exported')
            """
        )

    def _activity_sql(self):
        return SQL(
            """
            SELECT id, 4, 'activity', company_id, project_id, NULL::int, date, cost, create_date
              FROM buurtbemiddeling_network_activity
             WHERE state != 'cancelled'
            """
        )

    def _account_sql(self):
        """What was booked on an account in its year: costs are negative there.

        An account stands in the column of its plan, see ``analytic.plan.fields.mixin``. What was
        booked on accounts of several plans counts once, for the first line that is tied to one.
        """
        booked = self.env[ACCOUNT_LINE]
        booked.flush_model()
        # sudo: names of columns, no account
        names = booked.sudo()._get_plan_fnames()
        return SQL(
            """
            SELECT DISTINCT ON (booked.id)
                   booked.id, 5, 'account', line.company_id, line.project_id, line.post_id,
                   booked.date, -booked.amount, booked.create_date
              FROM account_analytic_line booked
              JOIN buurtbemiddeling_budget_line line
                ON line.way = 'account'
               AND line.account_id IN (%(accounts)s)
               AND line.year = EXTRACT(YEAR FROM booked.date)
               AND line.company_id = booked.company_id
          ORDER BY booked.id, line.id
            """,
            accounts=SQL(", ").join(SQL.identifier("booked", name) for name in names),
        )
