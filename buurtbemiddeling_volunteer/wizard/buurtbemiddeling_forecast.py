from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from odoo.addons.buurtbemiddeling_case.tools import covered_days

from ..tools import forecast

HISTORY_YEARS = 3
PAIR = 2


class BuurtbemiddelingForecast(models.TransientModel):
    """How many pairs of mediators are needed in each of the coming twelve months, and are there.

    Need: the registrations of an average month (own history of at most three years, whole months
    only) × the part that came to mediators × how long a pair was busy. Supply: what the volunteers
    who get cases want at most, less known absences, in pairs. The arithmetic is in
    ``tools/forecast.py``; nothing of it is kept.
    """

    _name = "buurtbemiddeling.forecast"
    _description = "Expected Need of Mediators"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    volunteer_count = fields.Integer("Volunteers", readonly=True)
    place_count = fields.Integer("Cases at once", readonly=True)
    basis_text = fields.Text("Based on", readonly=True)
    conclusion = fields.Text(readonly=True)
    line_ids = fields.One2many("buurtbemiddeling.forecast.line", "forecast_id", "Months")

    @api.depends("company_id")
    def _compute_display_name(self):
        for expected in self:
            expected.display_name = self.env._("Expected need")

    @api.model
    def action_open(self):
        """Compute what is expected as of today, and show it."""
        expected = self.create([{}])
        expected._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Expected Need"),
            "res_model": self._name,
            "res_id": expected.id,
            "view_mode": "form",
        }

    def action_open_graph(self):
        """Show the months as a graph."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "domain": [("forecast_id", "=", self.id)],
            "name": self.env._("Pairs over or short"),
            "res_model": "buurtbemiddeling.forecast.line",
            "view_mode": "graph,pivot,list",
        }

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _fill(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        this_month = (today.year, today.month)
        rows = self._read_months(today.replace(day=1))
        history = forecast.read_history(
            rows, forecast.add_months(this_month, -12 * HISTORY_YEARS), this_month
        )
        basis = forecast.read_basis(rows, history)
        expected = forecast.expect_registrations(history)
        volunteers = self._get_volunteers()
        away = volunteers._get_away(
            today.replace(day=1), today.replace(day=1) + relativedelta(years=1, days=-1)
        )
        lines = []
        for month, new_count, needed in forecast.expect_pairs(expected, basis, this_month):
            first = date(*month, 1)
            available = self._count_places(volunteers, away, first) / PAIR
            lines.append(
                {
                    "month": first,
                    "registered": expected[month[1]],
                    "new_count": new_count,
                    "needed": needed,
                    "available": available,
                    "gap": forecast.compare(needed, available),
                }
            )
        self.write(
            {
                "volunteer_count": len(volunteers),
                "place_count": sum(volunteers.mapped("max_cases")),
                "basis_text": self._describe_basis(basis),
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        self.conclusion = self._describe_gaps(basis)

    def _read_months(self, until):
        """Return a :class:`forecast.Month` of every month in which cases came in, in one query.

        :param until: the first day (date) that does not count
        """
        # read past the record rules, of the one organisation that is asked for: counts only
        self.check_access("read")
        self.company_id.check_access("read")
        self.env["buurtbemiddeling.case"].flush_model(
            ["company_id", "registration_date", "close_date"]
        )
        self.env["buurtbemiddeling.assignment"].flush_model(
            ["case_id", "state", "date_start", "date_end"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_part('year', c.registration_date)::int,
                       date_part('month', c.registration_date)::int,
                       COUNT(*),
                       COUNT(*) FILTER (WHERE c.close_date IS NOT NULL),
                       COUNT(pair.case_id) FILTER (WHERE c.close_date IS NOT NULL),
                       COALESCE(SUM(pair.days) FILTER (WHERE c.close_date IS NOT NULL), 0)::int,
                       COUNT(pair.days) FILTER (WHERE c.close_date IS NOT NULL)
                  FROM buurtbemiddeling_case c
             LEFT JOIN (
                           SELECT a.case_id, MAX(a.date_end) - MIN(a.date_start) + 1 AS days
                             FROM buurtbemiddeling_assignment a
                            WHERE a.company_id = %(company)s AND a.state = 'ended'
                         GROUP BY a.case_id
                       ) pair ON pair.case_id = c.id
                 WHERE c.company_id = %(company)s
                   AND c.registration_date >= %(since)s AND c.registration_date < %(until)s
              GROUP BY 1, 2
                """,
                company=self.company_id.id,
                since=until - relativedelta(years=HISTORY_YEARS),
                until=until,
            )
        )
        return [forecast.Month(*row) for row in rows]

    def _get_volunteers(self):
        """Return the volunteers who may get cases."""
        return self.env["buurtbemiddeling.volunteer"].search(
            Domain("company_id", "=", self.company_id.id) & Domain("may_get_cases", "=", True)
        )

    @api.model
    def _count_places(self, volunteers, away, first):
        """Return how many cases these volunteers can have at once, on average, in a month.

        :param away: when they are not there, as ``_get_away`` of the volunteers says
        :param first: first day of the month (date)
        """
        after = first + relativedelta(months=1)
        length = (after - first).days
        return sum(
            volunteer.max_cases
            * (1 - covered_days(away.get(volunteer.id, ()), first, after) / length)
            for volunteer in volunteers
        )

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _describe_basis(self, basis):
        """Say what the expectation rests on, and how little that is in a first year."""
        if not basis.registered:
            return self.env._(
                "There is no whole month with registrations yet, so nothing can be expected."
            )
        texts = [
            self.env._(
                "%(cases)s registrations in %(months)s months of your own.",
                cases=basis.registered,
                months=basis.months,
            )
        ]
        if basis.months < 12:
            texts.append(
                self.env._(
                    "That is less than a year: months that are not known yet get the average of"
                    " those that are."
                )
            )
        if basis.share is None:
            texts.append(
                self.env._(
                    "No case is closed yet, so it is not known which part comes to mediators."
                )
            )
        else:
            texts.append(
                self.env._(
                    "%s%% of the closed cases came to mediators.",
                    formatLang(self.env, basis.share * 100, digits=0),
                )
            )
        if basis.share and basis.days is None:
            texts.append(self.env._("How long a pair is busy with a case is not known yet."))
        elif basis.days is not None:
            texts.append(
                self.env._("A pair was busy with a case for %s days on average.", round(basis.days))
            )
        return "\n".join(texts)

    def _describe_gaps(self, basis):
        """Say in which months there are too few pairs."""
        if not (basis.share and basis.days):
            return self.env._("It is too early to say how many pairs are needed.")
        lacking = self.line_ids.filtered(lambda line: line.gap < 0)
        if not lacking:
            return self.env._("In the coming twelve months there are pairs enough.")
        return "\n".join(lacking.mapped("sentence"))
