from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingVolunteerLearningMixin(models.AbstractModel):
    """What a volunteer learned: trainings, hours, and the basic training that opens the door."""

    _name = "buurtbemiddeling.volunteer.learning.mixin"
    _description = "Learning of a Volunteer"

    enrolment_ids = fields.One2many(
        "buurtbemiddeling.training.enrolment", "volunteer_id", "Trainings"
    )
    basic_training_date = fields.Date(
        "Basic training passed on",
        compute="_compute_basic_training_date",
        store=True,
        help="The basic training was passed with at least 15 hours attended.",
    )
    last_peer_date = fields.Date(
        "Last peer review",
        compute="_compute_last_peer_date",
        store=True,
        help="Last time present at peer review.",
    )
    meeting_count = fields.Integer(
        "Meetings in a year",
        compute="_compute_meeting_count",
        help="Half-days of peer review and advanced training at which the volunteer was present,"
        " in the past twelve months.",
    )
    min_meetings = fields.Integer("Meetings asked", compute="_compute_meeting_count")
    learning_goal_ids = fields.One2many(
        "buurtbemiddeling.learning.goal", "volunteer_id", "Learning goals"
    )
    learning_hours = fields.Float(compute="_compute_learning_hours")
    learning_hours_year = fields.Float(
        "Learning hours this year", compute="_compute_learning_hours"
    )

    @api.depends(
        "enrolment_ids.result",
        "enrolment_ids.attended_hours",
        "enrolment_ids.result_date",
        "enrolment_ids.session_id.training_id.kind",
    )
    def _compute_basic_training_date(self):
        for volunteer in self:
            passed = volunteer.enrolment_ids.filtered(lambda e: e._is_basic_training_passed())
            dates = filter(None, passed.mapped("result_date"))
            volunteer.basic_training_date = min(dates, default=False)

    @api.depends(
        "enrolment_ids.state",
        "enrolment_ids.kind",
        "enrolment_ids.date_end",
        "enrolment_ids.attendance_ids.state",
        "enrolment_ids.attendance_ids.date_start",
    )
    def _compute_last_peer_date(self):
        """The last evening that was noted; without attendance by half-day, that of the session."""
        for volunteer in self:
            days = []
            for enrolment in volunteer.enrolment_ids:
                if enrolment.kind == "peer" and enrolment.state == "attended":
                    rows = enrolment.attendance_ids.filtered(lambda row: row.state == "present")
                    moment = max(rows.mapped("date_start"), default=enrolment.date_end)
                    if moment:
                        days.append(enrolment.session_id._get_local(moment).date())
            volunteer.last_peer_date = max(days, default=False)

    @api.depends("enrolment_ids.state", "enrolment_ids.attendance_ids.state", "company_id")
    def _compute_meeting_count(self):
        year_ago = fields.Datetime.now() - relativedelta(years=1)
        kinds = ("advanced", "peer")
        noted = self.env["buurtbemiddeling.training.attendance"]._read_group(
            Domain("volunteer_id", "in", self.ids)
            & Domain("state", "=", "present")
            & Domain("date_start", ">=", year_ago)
            & Domain("enrolment_id.kind", "in", kinds),
            ["volunteer_id"],
            ["__count"],
        )
        others = self.env["buurtbemiddeling.training.enrolment"]._read_group(
            Domain("volunteer_id", "in", self.ids)
            & Domain("state", "=", "attended")
            & Domain("date_end", ">=", year_ago)
            & Domain("kind", "in", kinds)
            & Domain("attendance_ids", "not any", [("state", "!=", False)]),
            ["volunteer_id"],
            ["__count"],
        )
        counts = defaultdict(int)
        for volunteer, count in noted + others:
            counts[volunteer.id] += count
        for volunteer in self:
            volunteer.meeting_count = counts[volunteer._origin.id]
            volunteer.min_meetings = volunteer.company_id.buurtbemiddeling_min_meetings

    @api.depends("enrolment_ids.learning_hours", "enrolment_ids.date_end")
    def _compute_learning_hours(self):
        year = fields.Date.context_today(self).year
        groups = self.env["buurtbemiddeling.training.enrolment"]._read_group(
            [("volunteer_id", "in", self.ids), ("learning_hours", ">", 0)],
            ["volunteer_id", "date_end:year"],
            ["learning_hours:sum"],
        )
        total, this_year = defaultdict(float), defaultdict(float)
        for volunteer, start_of_year, hours in groups:
            total[volunteer.id] += hours
            if start_of_year and start_of_year.year == year:
                this_year[volunteer.id] += hours
        for volunteer in self:
            volunteer.learning_hours = total[volunteer._origin.id]
            volunteer.learning_hours_year = this_year[volunteer._origin.id]
