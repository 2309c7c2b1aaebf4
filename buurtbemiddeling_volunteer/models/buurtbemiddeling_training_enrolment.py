from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from .buurtbemiddeling_training_session import SEAT_STATES


class BuurtbemiddelingTrainingEnrolment(models.Model):
    """A volunteer in a training session: invited, on the waiting list, enrolled, there, passed.

    Rows that were cancelled or declined stay, and the same volunteer can enrol again.
    """

    _name = "buurtbemiddeling.training.enrolment"
    _description = "Enrolment"
    _inherit = [
        "buurtbemiddeling.training.certificate.mixin",
        "buurtbemiddeling.training.enrolment.merge.mixin",
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.recruitment.fact.mixin",
    ]
    _order = "session_id, id"
    _check_company_auto = True

    session_id = fields.Many2one(
        "buurtbemiddeling.training.session", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, index=True, precompute=True
    )
    training_id = fields.Many2one(related="session_id.training_id", string="Training")
    kind = fields.Selection(related="session_id.kind", store=True)
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    phone = fields.Char(related="volunteer_id.phone", readonly=True)
    date_end = fields.Datetime(
        related="session_id.date_end", store=True, string="Session ended on", index=True
    )
    state = fields.Selection(
        [
            ("invited", "Invited"),
            ("declined", "Declined"),
            ("waiting", "Waiting list"),
            ("enrolled", "Enrolled"),
            ("attended", "Present"),
            ("absent", "Absent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="enrolled",
    )
    invited_date = fields.Date("Invited on", readonly=True, copy=False)
    waiting_since = fields.Datetime(
        compute="_compute_waiting_since",
        store=True,
        readonly=False,
        copy=False,
        help="Who waits longest gets the next free seat.",
    )
    attendance_ids = fields.One2many("buurtbemiddeling.training.attendance", "enrolment_id")
    is_attendance_noted = fields.Boolean(
        compute="_compute_is_attendance_noted", export_string_translation=False, exportable=False
    )
    attended_hours = fields.Float(
        "Hours present",
        compute="_compute_attended_hours",
        store=True,
        readonly=False,
        help="The sum of the half-days, once attendance was noted; otherwise as filled in.",
    )
    learning_hours = fields.Float(
        compute="_compute_learning_hours",
        store=True,
        help="Hours present, except at an information meeting.",
    )
    result = fields.Selection(
        [("none", "No result yet"), ("passed", "Passed"), ("failed", "Not passed")],
        required=True,
        default="none",
        help="Who passes gets the competences and the certificate of the training.",
    )
    result_date = fields.Date(
        "Result on", compute="_compute_result_date", store=True, readonly=False
    )
    certificate_number = fields.Char(readonly=True, copy=False)
    certificate_date = fields.Date("Certificate given on", readonly=True, copy=False)
    # what the volunteer did not have from elsewhere: taken back when the result is corrected
    given_competence_ids = fields.Many2many(
        "buurtbemiddeling.competence",
        "buurtbemiddeling_training_enrolment_competence_rel",
        "enrolment_id",
        "competence_id",
        string="Competences given",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )

    _live_uniq = models.UniqueIndex(
        "(session_id, volunteer_id) WHERE state NOT IN ('cancelled', 'declined')",
        "This volunteer is enrolled in this session already.",
    )
    _certificate_uniq = models.UniqueIndex(
        "(company_id, certificate_number) WHERE certificate_number IS NOT NULL",
        "This certificate number is in use already in this organisation.",
    )

    @api.depends("state")
    def _compute_waiting_since(self):
        now = fields.Datetime.now()
        for enrolment in self:
            waits = enrolment.state == "waiting"
            enrolment.waiting_since = waits and (enrolment.waiting_since or now)

    @api.depends("attendance_ids.state")
    def _compute_is_attendance_noted(self):
        for enrolment in self:
            enrolment.is_attendance_noted = any(enrolment.attendance_ids.mapped("state"))

    @api.depends("attendance_ids.state", "attendance_ids.hours")
    def _compute_attended_hours(self):
        """By half-day where that was noted; history comes in as a number of hours."""
        for enrolment in self:
            noted = enrolment.attendance_ids.filtered("state")
            hours = sum(noted.mapped("hours")) if noted else enrolment.attended_hours
            enrolment.attended_hours = hours

    @api.depends("attended_hours", "kind")
    def _compute_learning_hours(self):
        for enrolment in self:
            counts = enrolment.kind != "information"
            enrolment.learning_hours = enrolment.attended_hours if counts else 0

    @api.depends("result", "session_id.date_end")
    def _compute_result_date(self):
        """Without a date of its own, a result is of the last day of the session."""
        for enrolment in self:
            if enrolment.result == "none":
                enrolment.result_date = False
            elif not enrolment.result_date:
                last = enrolment.session_id.date_end
                enrolment.result_date = (
                    fields.Datetime.context_timestamp(
                        enrolment.with_context(tz=enrolment.company_id._get_tz()), last
                    ).date()
                    if last
                    else fields.Date.context_today(enrolment)
                )

    @api.depends("session_id.display_name", "volunteer_id.name")
    def _compute_display_name(self):
        for enrolment in self:
            enrolment.display_name = (
                f"{enrolment.volunteer_id.name}: {enrolment.session_id.display_name}"
            )

    @api.constrains("state", "attended_hours", "result", "certificate_number")
    def _check_attendance(self):
        """Hours, a result and a certificate are for those who were there."""
        for enrolment in self:
            name, hours = enrolment.volunteer_id.name, enrolment.session_id._get_max_hours()
            if enrolment.is_attendance_noted and float_compare(
                enrolment.attended_hours,
                sum(enrolment.attendance_ids.mapped("hours")),
                precision_digits=2,
            ):
                raise ValidationError(
                    self.env._(
                        "Attendance was noted for %s, and the hours follow from it. Change them in"
                        " the attendance of the half-day.",
                        name,
                    )
                )
            if not 0 <= enrolment.attended_hours <= hours:
                raise ValidationError(
                    self.env._(
                        "The training takes %(hours)s hours. Fill in between 0 and %(hours)s hours"
                        " for %(volunteer)s.",
                        hours=f"{hours:g}",
                        volunteer=name,
                    )
                )
            if enrolment.state in ("enrolled", "attended"):
                continue
            if enrolment.attended_hours or enrolment.result == "passed":
                raise ValidationError(
                    self.env._(
                        "%s was not there, so there are no hours to count and nothing to pass."
                        " Set the enrolment to “Present” or remove hours and result.",
                        name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(self._seat_or_wait(vals_list))
        enrolments._mark_present()
        enrolments.filtered(lambda enrolment: enrolment.result == "passed")._give_competences()
        return enrolments

    def write(self, vals):
        self._check_certificate_stays(vals)
        seated = self.filtered(lambda enrolment: enrolment.state in SEAT_STATES)
        left = self.session_id if "session_id" in vals else self.session_id.browse()
        if left:
            self.attendance_ids.filtered(lambda row: not row.state).unlink()
        res = super().write(vals)
        if "session_id" in vals:
            self.filtered(lambda enrolment: enrolment.state in SEAT_STATES)._check_seats()
        elif vals.get("state") == "enrolled":
            (self - seated)._check_seats()
        if "attended_hours" in vals or "state" in vals:
            self._mark_present()
        if "result" in vals:
            passed = self.filtered(lambda enrolment: enrolment.result == "passed")
            passed._give_competences()
            (self - passed)._take_back_competences()
        released = seated.filtered(lambda enrolment: enrolment.state not in SEAT_STATES)
        if released or left:
            (released.session_id | left)._fill_from_waiting_list()
        return res

    def unlink(self):
        sessions = self.session_id
        self._take_back_competences()
        res = super().unlink()
        sessions.exists()._fill_from_waiting_list()
        return res

    def _seat_or_wait(self, vals_list):
        """Return the values of new enrolments: who comes after the last seat is taken, waits."""
        sessions = self.env["buurtbemiddeling.training.session"].browse(
            {vals["session_id"] for vals in vals_list if vals.get("session_id")}
        )
        free = {
            session.id: session.seats_free
            for session in sessions
            if session.capacity and session.state == "planned"
        }
        result = []
        for vals in vals_list:
            session_id, state = vals.get("session_id"), vals.get("state", "enrolled")
            if session_id in free and state in SEAT_STATES:
                if state == "enrolled" and free[session_id] <= 0:
                    vals = dict(vals, state="waiting")
                free[session_id] -= 1
            result.append(vals)
        return result

    def _check_seats(self):
        """Refuse a seat in a full session, raising ``UserError``."""
        for session in self.session_id:
            if session.capacity and session.seats_taken > session.capacity:
                raise UserError(
                    self.env._(
                        "%(session)s is full: all %(seats)s seats are taken. Add seats, or leave"
                        " the volunteer on the waiting list.",
                        session=session.display_name,
                        seats=session.capacity,
                    )
                )

    def _mark_present(self):
        """Whoever has hours was there."""
        there = self.filtered(lambda e: e.attended_hours > 0 and e.state == "enrolled")
        if there:
            there.write({"state": "attended"})

    def _follow_attendance(self):
        """Who was at a half-day was there; who missed each of them was absent."""
        states = defaultdict(self.browse)
        for enrolment in self.filtered("is_attendance_noted"):
            noted = enrolment.attendance_ids.filtered("state")
            if "present" in noted.mapped("state"):
                states["attended"] |= enrolment
            elif enrolment.state in SEAT_STATES:
                missed_all = noted.event_id >= enrolment.session_id.event_ids
                states["absent" if missed_all else "enrolled"] |= enrolment
        for state, enrolments in states.items():
            enrolments.filtered(lambda e, state=state: e.state != state).write({"state": state})

    def _forget_attendance(self):
        """Attendance that was noted by mistake is gone: as if it had never been noted."""
        self.filtered(lambda enrolment: enrolment.state in SEAT_STATES).write(
            {"state": "enrolled", "attended_hours": 0}
        )

    def _give_competences(self):
        """Whoever passed a training has the competences that it gives."""
        gives = defaultdict(self.browse)
        for enrolment in self:
            volunteer = enrolment.volunteer_id
            elsewhere = volunteer.competence_ids - volunteer.enrolment_ids.given_competence_ids
            gives[enrolment.training_id.competence_ids - elsewhere] |= enrolment
        for competences, enrolments in gives.items():
            if competences or enrolments.given_competence_ids:
                enrolments.given_competence_ids = competences
            if competences:
                enrolments.volunteer_id.competence_ids = [
                    fields.Command.link(competence.id) for competence in competences
                ]

    def _take_back_competences(self):
        """A result was corrected: what only this training gave, the volunteer does not have.

        What the volunteer had already, or has from another passed training as well, stays.
        """
        for enrolment in self.filtered("given_competence_ids"):
            volunteer, given = enrolment.volunteer_id, enrolment.given_competence_ids
            enrolment.given_competence_ids = False
            volunteer.competence_ids -= given - volunteer.enrolment_ids.given_competence_ids

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_enrol(self):
        """Who was invited comes: to a seat, or to the waiting list when the session is full."""
        coming = self.filtered(lambda enrolment: enrolment.state in ("invited", "declined"))
        for session, enrolments in coming.grouped("session_id").items():
            limited = session.capacity and session.state == "planned"
            free = session.seats_free if limited else len(enrolments)
            enrolments[:free].write({"state": "enrolled"})
            enrolments[free:].write({"state": "waiting"})

    def action_decline(self):
        """Who was invited does not come."""
        self.filtered(lambda enrolment: enrolment.state == "invited").write({"state": "declined"})
