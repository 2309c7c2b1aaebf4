from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from .buurtbemiddeling_assignment import LIVE_STATES


class BuurtbemiddelingVolunteerLoad(models.Model):
    """One row per volunteer who gets cases: how busy, compared with the others of the pool.

    Fair is not equal. So it only shows who stands out: whose cases of the past twelve months differ
    from the median of the organisation by more than a percentage (a setting), and by more than one
    case. Who began less than twelve months ago is never said to have few.
    """

    _name = "buurtbemiddeling.volunteer.load"
    _description = "Load of Volunteers"
    _auto = False
    _rec_name = "volunteer_id"
    _order = "difference desc, id"
    _depends = {
        "buurtbemiddeling.volunteer": [
            "active", "company_id", "coordinator_id", "stage_id", "date_start", "max_cases",
        ],
        "buurtbemiddeling.volunteer.stage": ["is_active"],
        "buurtbemiddeling.assignment": [
            "volunteer_id", "case_id", "state", "date_start", "date_end", "hours",
        ],
        "buurtbemiddeling.training.enrolment": ["volunteer_id", "learning_hours", "date_end"],
        "res.company": ["buurtbemiddeling_load_percent"],
    }  # fmt: skip

    volunteer_id = fields.Many2one("buurtbemiddeling.volunteer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    coordinator_id = fields.Many2one("res.users", readonly=True)
    stage_id = fields.Many2one("buurtbemiddeling.volunteer.stage", "Phase", readonly=True)
    date_start = fields.Date("Volunteer since", readonly=True)
    max_cases = fields.Integer("Cases at once", readonly=True, aggregator="sum")
    running_count = fields.Integer("Running cases", readonly=True)
    room = fields.Integer("Room for cases", readonly=True)
    year_count = fields.Integer(
        "Cases in 12 months",
        readonly=True,
        help="Cases that began for this volunteer in the past twelve months.",
    )
    median = fields.Float(
        "Median of the pool",
        readonly=True,
        aggregator="avg",
        digits=(6, 1),
        help="Half of the volunteers had more cases in the past twelve months, half had fewer.",
    )
    difference = fields.Float(
        "More than the median", readonly=True, aggregator="avg", digits=(6, 1)
    )
    fairness = fields.Selection(
        [("less", "Much less"), ("usual", "As usual"), ("more", "Much more")],
        "Compared with others",
        readonly=True,
    )
    last_start = fields.Date("Last case began", readonly=True)
    last_end = fields.Date("Last case ended", readonly=True)
    hours = fields.Float(
        "Hours in cases",
        readonly=True,
        help="Hours in the cases that ended this year or still run.",
    )
    learning_hours = fields.Float("Learning hours this year", readonly=True)

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            WITH pool AS (
                SELECT v.id, v.company_id, v.coordinator_id, v.stage_id, v.date_start, v.max_cases,
                       COALESCE(work.running_count, 0) AS running_count,
                       COALESCE(work.year_count, 0) AS year_count,
                       work.last_start, work.last_end,
                       COALESCE(work.hours, 0) AS hours,
                       COALESCE(learning.hours, 0) AS learning_hours
                  FROM buurtbemiddeling_volunteer v
                  JOIN buurtbemiddeling_volunteer_stage stage
                    ON stage.id = v.stage_id AND stage.is_active
             LEFT JOIN (
                           SELECT a.volunteer_id,
                                  COUNT(DISTINCT a.case_id) FILTER (WHERE a.state IN %(live)s)
                                      AS running_count,
                                  COUNT(DISTINCT a.case_id) FILTER (
                                      WHERE a.state != 'invited' AND a.date_start > %(year_ago)s
                                  ) AS year_count,
                                  MAX(a.date_start) FILTER (WHERE a.state != 'invited')
                                      AS last_start,
                                  MAX(a.date_end) FILTER (WHERE a.state = 'ended') AS last_end,
                                  SUM(a.hours) FILTER (
                                      WHERE a.date_end IS NULL OR a.date_end >= %(new_year)s
                                  ) AS hours
                             FROM buurtbemiddeling_assignment a
                            WHERE a.state != 'declined'
                         GROUP BY a.volunteer_id
                       ) work ON work.volunteer_id = v.id
             LEFT JOIN (
                           SELECT e.volunteer_id, SUM(e.learning_hours) AS hours
                             FROM buurtbemiddeling_training_enrolment e
                            WHERE e.date_end AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s >= %(new_year)s
                              AND e.date_end AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s < %(next_year)s
                         GROUP BY e.volunteer_id
                       ) learning ON learning.volunteer_id = v.id
                 WHERE v.active
            ),
            middle AS (
                SELECT pool.company_id,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY pool.year_count) AS median
                  FROM pool
              GROUP BY pool.company_id
            )
            SELECT pool.*, pool.id AS volunteer_id,
                   pool.max_cases - pool.running_count AS room,
                   middle.median,
                   pool.year_count - middle.median AS difference,
                   CASE WHEN pool.year_count - middle.median > limits.allowed THEN 'more'
                        WHEN middle.median - pool.year_count > limits.allowed
                             AND COALESCE(pool.date_start <= %(year_ago)s, TRUE) THEN 'less'
                        ELSE 'usual'
                   END AS fairness
              FROM pool
              JOIN middle ON middle.company_id = pool.company_id
              JOIN res_company company ON company.id = pool.company_id
        CROSS JOIN LATERAL (
                       SELECT GREATEST(
                           1, middle.median * company.buurtbemiddeling_load_percent / 100.0
                       ) AS allowed
                   ) limits
            """,
            live=LIVE_STATES,
            year_ago=today - relativedelta(years=1),
            new_year=today.replace(month=1, day=1),
            next_year=today.replace(month=1, day=1) + relativedelta(years=1),
            tz=str(self.env.tz),
        )

    def action_open_volunteer(self):
        """Open the page of the volunteer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "buurtbemiddeling.volunteer",
            "res_id": self.volunteer_id.id,
            "view_mode": "form",
        }

    def action_thank(self):
        """Open the dialog in which these volunteers are thanked."""
        return self.volunteer_id.action_thank()
