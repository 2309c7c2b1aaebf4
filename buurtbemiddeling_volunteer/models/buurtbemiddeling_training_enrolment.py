from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .buurtbemiddeling_training import BASIC_TRAINING_HOURS
from .buurtbemiddeling_training_session import SEAT_STATES


class BuurtbemiddelingTrainingEnrolment(models.Model):
    """A volunteer in a training session: on the waiting list, enrolled, there, passed.

    Rows that were cancelled stay, and the same volunteer can enrol again.
    """

    _name = "buurtbemiddeling.training.enrolment"
    _description = "Enrolment"
    _order = "session_id, id"
    _check_company_auto = True

    session_id = fields.Many2one(
        "buurtbemiddeling.training.session", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, index=True, precompute=True
    )
    training_id = fields.Many2one(related="session_id.training_id", string="Training")
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
            ("waiting", "Waiting list"),
            ("enrolled", "Enrolled"),
            ("attended", "Present"),
            ("absent", "Absent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="enrolled",
    )
    attended_hours = fields.Float("Hours present")
    result = fields.Selection(
        [("none", "No result yet"), ("passed", "Passed"), ("failed", "Not passed")],
        required=True,
        default="none",
    )
    result_date = fields.Date(
        "Result on", compute="_compute_result_date", store=True, readonly=False
    )
    certificate_number = fields.Char(readonly=True, copy=False)
    certificate_date = fields.Date("Certificate given on", readonly=True, copy=False)

    _live_uniq = models.UniqueIndex(
        "(session_id, volunteer_id) WHERE state != 'cancelled'",
        "This volunteer is enrolled in this session already.",
    )
    _certificate_uniq = models.UniqueIndex(
        "(company_id, certificate_number) WHERE certificate_number IS NOT NULL",
        "This certificate number is in use already in this organisation.",
    )

    @api.depends("result", "session_id.date_end")
    def _compute_result_date(self):
        """Without a date of its own, a result is of the last day of the session."""
        for enrolment in self:
            if enrolment.result == "none":
                enrolment.result_date = False
            elif not enrolment.result_date:
                last = enrolment.session_id.date_end
                enrolment.result_date = (
                    fields.Datetime.context_timestamp(enrolment, last).date()
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
            name, hours = enrolment.volunteer_id.name, enrolment.session_id.hours
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

    @api.constrains("result", "attended_hours", "certificate_number")
    def _check_certificate(self):
        """A certificate that was given stays true."""
        for enrolment in self:
            if enrolment.certificate_number and not enrolment._is_certificate_earned():
                raise ValidationError(
                    self.env._(
                        "%(volunteer)s has certificate %(number)s. It asks for the result “Passed”"
                        " and at least %(hours)s hours present.",
                        volunteer=enrolment.volunteer_id.name,
                        number=enrolment.certificate_number,
                        hours=f"{enrolment.training_id.min_hours:g}",
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(self._seat_or_wait(vals_list))
        enrolments._mark_present()
        enrolments._give_competences()
        return enrolments

    def write(self, vals):
        seated = self.filtered(lambda enrolment: enrolment.state in SEAT_STATES)
        left = self.session_id if "session_id" in vals else self.session_id.browse()
        res = super().write(vals)
        if "session_id" in vals:
            self.filtered(lambda enrolment: enrolment.state in SEAT_STATES)._check_seats()
        elif vals.get("state") == "enrolled":
            (self - seated)._check_seats()
        if "attended_hours" in vals or "state" in vals:
            self._mark_present()
        if "result" in vals:
            self._give_competences()
        released = seated.filtered(lambda enrolment: enrolment.state not in SEAT_STATES)
        if released or left:
            (released.session_id | left)._fill_from_waiting_list()
        return res

    def unlink(self):
        sessions = self.session_id
        res = super().unlink()
        sessions.exists()._fill_from_waiting_list()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_certificate(self):
        """A certificate is proof for years to come."""
        certified = self.filtered("certificate_number")[:1]
        if certified:
            raise UserError(
                self.env._(
                    "%(volunteer)s has certificate %(number)s from this session, so the enrolment"
                    " stays.",
                    volunteer=certified.volunteer_id.name,
                    number=certified.certificate_number,
                )
            )

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

    def _give_competences(self):
        """Whoever passed a training has the competences that it gives."""
        passed = self.filtered(lambda enrolment: enrolment.result == "passed")
        for training, enrolments in passed.grouped("training_id").items():
            if training.competence_ids:
                enrolments.volunteer_id.competence_ids = [
                    fields.Command.link(competence.id) for competence in training.competence_ids
                ]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_give_certificate(self):
        """Give a numbered certificate to those who passed and were there long enough.

        :raise UserError: names who has not earned it
        """
        unearned = self.filtered(lambda enrolment: not enrolment._is_certificate_earned())
        if unearned:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s has not earned a certificate: that takes the result"
                        " “Passed” and at least %(hours)s hours present.",
                        volunteer=enrolment.volunteer_id.name,
                        hours=f"{enrolment.training_id.min_hours:g}",
                    )
                    for enrolment in unearned
                )
            )
        today = fields.Date.context_today(self)
        batches = defaultdict(self.browse)
        for enrolment in self.filtered(lambda e: not e.certificate_number):
            batches[enrolment.company_id] |= enrolment
        for company, enrolments in batches.items():
            # sudo: coordinators do not manage sequences; only numbers come back
            sequence = self.env["ir.sequence"].sudo()._buurtbemiddeling_certificate(company.id)
            numbers = sequence._next_numbers_of_year(today.year, len(enrolments))
            for enrolment, number in zip(enrolments, numbers, strict=True):
                enrolment.write({"certificate_number": number, "certificate_date": today})

    def _is_certificate_earned(self):
        self.ensure_one()
        return (
            self.result == "passed"
            and self.state in ("enrolled", "attended")
            and self.attended_hours >= self.training_id.min_hours
        )

    def _is_basic_training_passed(self):
        """Tell whether this enrolment makes a mediator, by the standard of the CCV."""
        self.ensure_one()
        return (
            self.training_id.kind == "basic"
            and self.result == "passed"
            and self.attended_hours >= BASIC_TRAINING_HOURS
        )

    # ------------------------------------------------------------
    # MERGING
    # ------------------------------------------------------------

    def _get_merge_rank(self):
        """Return a key by which the enrolment that proves most comes first."""
        self.ensure_one()
        states = ("attended", "enrolled", "waiting", "absent")
        return (
            not self.certificate_number,
            self.result != "passed",
            -self.attended_hours,
            states.index(self.state) if self.state in states else len(states),
            self.id,
        )

    def _describe_for_merge(self):
        """Return as text what a double enrolment says, before it becomes history."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("state", "result")
        }
        return self.env._(
            "%(session)s: %(state)s, %(hours)s hours, %(result)s",
            session=self.session_id.display_name,
            hours=f"{self.attended_hours:g}",
            **labels,
        )
