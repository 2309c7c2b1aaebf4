from odoo import fields, models
from odoo.tools import SQL


class BuurtbemiddelingVolunteerReport(models.Model):
    """One row of facts per volunteer, without names. The definitions:

    - a volunteer has begun on the first day; where that was not recorded, on the first day of the
      first case, or when the volunteer was entered in a phase that gets cases;
    - active is who has begun and not left on the reference date. Who takes a break is active; who
      leaves on the reference date has left;
    - hours are those of trainings that ended in the period, without information meetings;
    - a volunteer applied on the day of coming forward first; where that is not known, on none;
    - a case counts in every period in which the volunteer worked on it, invitations do not;
    - a volunteer counts under one project, also with cases of another.

    All up to the reference date. Archived volunteers count: archiving changes no figure.
    """

    _name = "buurtbemiddeling.volunteer.report"
    _description = "Facts of Volunteers"
    _inherit = ["buurtbemiddeling.facts.mixin"]
    _auto = False
    _rec_name = "id"
    _order = "id"
    _depends = {
        "buurtbemiddeling.volunteer": [
            "company_id", "area_id", "project_id", "stage_id", "application_date", "date_start",
            "date_end",
        ],
        "buurtbemiddeling.volunteer.stage": ["is_active", "is_pause"],
        "buurtbemiddeling.assignment": [
            "volunteer_id", "case_id", "state", "date_start", "date_end",
        ],
        "buurtbemiddeling.training.enrolment": [
            "volunteer_id", "state", "learning_hours", "date_end",
        ],
        "buurtbemiddeling.area": ["municipality_id", "merged_into_id", "merged_on"],
        "resource.calendar": ["tz"],
        "res.company": ["resource_calendar_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    area_id = fields.Many2one("buurtbemiddeling.area", "Neighbourhood", readonly=True)
    municipality_id = fields.Many2one("buurtbemiddeling.area", readonly=True)
    project_id = fields.Many2one("buurtbemiddeling.project", readonly=True)
    application_date = fields.Date("Applied on", readonly=True)
    is_active = fields.Boolean("Active on the reference date", readonly=True)
    is_new = fields.Boolean("Began in the period", readonly=True)
    is_left = fields.Boolean("Left in the period", readonly=True)
    trained_hours = fields.Float("Hours of training in the period", readonly=True)
    case_count = fields.Integer("Cases in the period", readonly=True)
    assignment_count = fields.Integer("Cases begun in the period", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT v.id, v.company_id, v.project_id, v.application_date,
                   COALESCE(place.now_id, v.area_id) AS area_id,
                   COALESCE(town.now_id, area.municipality_id) AS municipality_id,
                   COALESCE(
                       begun.day <= period.reference
                       AND COALESCE(v.date_end > period.reference, TRUE),
                       FALSE
                   ) AS is_active,
                   COALESCE(v.date_start BETWEEN period.start AND period.last, FALSE) AS is_new,
                   begun.day IS NOT NULL
                       AND COALESCE(v.date_end BETWEEN period.start AND period.last, FALSE)
                       AS is_left,
                   COALESCE(training.hours, 0) AS trained_hours,
                   work.case_count, work.assignment_count
              FROM buurtbemiddeling_volunteer v
              JOIN buurtbemiddeling_volunteer_stage stage ON stage.id = v.stage_id
              JOIN res_company company ON company.id = v.company_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
         LEFT JOIN buurtbemiddeling_area area ON area.id = v.area_id
         LEFT JOIN %(merger)s place ON place.area_id = v.area_id
         LEFT JOIN %(merger)s town ON town.area_id = area.municipality_id
        CROSS JOIN %(period)s period
        CROSS JOIN LATERAL (
                       SELECT MIN(a.date_start) AS first_day,
                              COUNT(DISTINCT a.case_id) FILTER (
                                  WHERE COALESCE(a.date_start, a.date_end) <= period.last
                                    AND COALESCE(a.date_end >= period.start, TRUE)
                              ) AS case_count,
                              COUNT(*) FILTER (
                                  WHERE a.date_start BETWEEN period.start AND period.last
                              ) AS assignment_count
                         FROM buurtbemiddeling_assignment a
                        WHERE a.volunteer_id = v.id AND a.state IN ('accepted', 'ended')
                   ) work
        CROSS JOIN LATERAL (
                       SELECT COALESCE(
                                  v.date_start,
                                  work.first_day,
                                  CASE WHEN stage.is_active OR stage.is_pause
                                       THEN (
                                           v.create_date AT TIME ZONE 'UTC'
                                           AT TIME ZONE COALESCE(calendar.tz, 'Europe/Amsterdam')
                                       )::date
                                   END
                              ) AS day
                   ) begun
        CROSS JOIN LATERAL (
                       SELECT SUM(e.learning_hours) AS hours
                         FROM buurtbemiddeling_training_enrolment e
                        WHERE e.volunteer_id = v.id AND e.state = 'attended'
                          AND (
                              e.date_end AT TIME ZONE 'UTC'
                              AT TIME ZONE COALESCE(calendar.tz, 'Europe/Amsterdam')
                          )::date BETWEEN period.start AND period.last
                   ) training
            """,
            merger=self._merger_sql(),
            period=self._period_sql(),
        )
