from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .buurtbemiddeling_training_session import SEAT_STATES


class BuurtbemiddelingTrainingAttendance(models.Model):
    """A participant on one half-day of a training: there, and for how long, or not.

    Rows are made when the list of the half-day is opened; one without a state was not noted yet,
    and counts for nothing.
    """

    _name = "buurtbemiddeling.training.attendance"
    _description = "Attendance"
    _order = "date_start, volunteer_id, id"

    enrolment_id = fields.Many2one(
        "buurtbemiddeling.training.enrolment", required=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(
        "calendar.event", "Half-day", required=True, ondelete="cascade", index=True
    )
    session_id = fields.Many2one(
        related="enrolment_id.session_id",
        store=True,
        index=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        related="enrolment_id.company_id", store=True, index=True, precompute=True
    )
    volunteer_id = fields.Many2one(
        related="enrolment_id.volunteer_id", store=True, index=True, precompute=True
    )
    phone = fields.Char(related="volunteer_id.phone", readonly=True)
    date_start = fields.Datetime(
        related="event_id.start", string="Begins", store=True, help="Begin of the half-day."
    )
    state = fields.Selection(
        [("present", "Present"), ("excused", "Excused"), ("absent", "Absent")], "Attendance"
    )
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="How long someone was there: the whole half-day, unless filled in otherwise.",
    )

    _once = models.Constraint(
        "UNIQUE(enrolment_id, event_id)",
        "Attendance is noted once a half-day for each participant. Change the row that is there.",
    )

    @api.depends("state")
    def _compute_hours(self):
        for row in self:
            there = row.state == "present"
            row.hours = (row.hours or row.event_id.duration) if there else 0

    @api.depends("volunteer_id.name", "date_start")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.volunteer_id.name

    @api.constrains("state", "hours")
    def _check_hours(self):
        """Who was there, was there for a while, and not longer than it took."""
        for row in self:
            longest = row.event_id.duration
            if row.state == "present" and not 0 < row.hours <= longest:
                raise ValidationError(
                    self.env._(
                        "The half-day takes %(hours)s hours. Fill in how long %(volunteer)s was"
                        " there, or choose “Absent”.",
                        hours=f"{longest:g}",
                        volunteer=row.volunteer_id.name,
                    )
                )
            if row.state != "present" and row.hours:
                raise ValidationError(
                    self.env._(
                        "%s was not there on this half-day, so there are no hours to count.",
                        row.volunteer_id.name,
                    )
                )

    @api.constrains("enrolment_id", "event_id", "session_id")
    def _check_session(self):
        for row in self:
            if row.event_id.training_session_id != row.enrolment_id.session_id:
                raise ValidationError(
                    self.env._(
                        "Attendance of %(volunteer)s was noted on half-days of another session."
                        " Clear that first.",
                        volunteer=row.volunteer_id.name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered("state").enrolment_id._follow_attendance()
        return rows

    def write(self, vals):
        noted = self.filtered("state").enrolment_id
        res = super().write(vals)
        if "state" in vals:
            self.enrolment_id._follow_attendance()
            noted.filtered(lambda e: not e.is_attendance_noted)._forget_attendance()
        return res

    def unlink(self):
        noted = self.filtered("state").enrolment_id
        res = super().unlink()
        noted._follow_attendance()
        noted.filtered(lambda e: not e.is_attendance_noted)._forget_attendance()
        return res

    # ------------------------------------------------------------
    # THE LIST OF THE EVENING
    # ------------------------------------------------------------

    @api.model
    def _prepare_rows(self, event):
        """Make the rows of a half-day that are missing: one for everyone with a seat."""
        seated = event.training_session_id.enrolment_ids.filtered(
            lambda enrolment: enrolment.state in SEAT_STATES
        )
        listed = self.search([("event_id", "=", event.id)]).enrolment_id
        return self.create(
            [{"enrolment_id": enrolment.id, "event_id": event.id} for enrolment in seated - listed]
        )

    def action_tap(self):
        """One tap: present. One more, by mistake or not: absent.

        :raise UserError: the half-day is still to come
        """
        self.event_id._check_half_day_is_here()
        for row in self:
            row.state = "absent" if row.state == "present" else "present"

    def action_excused(self):
        """Not there, and said so beforehand."""
        self.write({"state": "excused"})

    def action_all_present(self):
        """Everyone is there who was not noted yet, on the half-day that is on the screen.

        :raise UserError: the half-day is still to come
        """
        rows = self._get_on_screen()
        rows.event_id._check_half_day_is_here()
        rows.filtered(lambda row: not row.state).write({"state": "present"})

    def action_clear(self):
        """Start over with the half-day that is on the screen."""
        self._get_on_screen().write({"state": False})

    @api.model
    def _get_on_screen(self):
        """Return all rows of the half-day of which the list is open."""
        return self.search(
            [
                ("event_id", "=", self.env.context.get("attendance_event_id")),
                ("enrolment_id.state", "in", SEAT_STATES),
            ]
        )

    # ------------------------------------------------------------
    # MERGING
    # ------------------------------------------------------------

    def _describe_for_merge(self):
        """Return as text what was noted of a half-day, such as "03/08/2027 Present 3"."""
        self.ensure_one()
        label = dict(self._fields["state"]._description_selection(self.env))[self.state]
        day = format_date(self.env, self.date_start)
        return f"{day} {label} {self.hours:g}" if self.hours else f"{day} {label}"
