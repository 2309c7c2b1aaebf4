from collections import defaultdict

from odoo import api, fields, models


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

    @api.depends("enrolment_ids.attended_hours", "enrolment_ids.date_end")
    def _compute_learning_hours(self):
        year = fields.Date.context_today(self).year
        groups = self.env["buurtbemiddeling.training.enrolment"]._read_group(
            [("volunteer_id", "in", self.ids), ("attended_hours", ">", 0)],
            ["volunteer_id", "date_end:year"],
            ["attended_hours:sum"],
        )
        total, this_year = defaultdict(float), defaultdict(float)
        for volunteer, start_of_year, hours in groups:
            total[volunteer.id] += hours
            if start_of_year and start_of_year.year == year:
                this_year[volunteer.id] += hours
        for volunteer in self:
            volunteer.learning_hours = total[volunteer._origin.id]
            volunteer.learning_hours_year = this_year[volunteer._origin.id]
