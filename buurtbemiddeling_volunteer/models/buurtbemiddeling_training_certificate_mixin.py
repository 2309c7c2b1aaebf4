from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .buurtbemiddeling_training import BASIC_TRAINING_HOURS


class BuurtbemiddelingTrainingCertificateMixin(models.AbstractModel):
    """The certificate of who passed a training: it is given once, and stays true."""

    _name = "buurtbemiddeling.training.certificate.mixin"
    _description = "Certificate of a Training"

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

    def _check_certificate_stays(self, vals):
        """Refuse another number, date, volunteer or session for a certificate.

        :raise UserError: says what to do
        """
        if self.env.su:  # numbers are given, and volunteers merged, by our own code
            return
        if "certificate_number" in vals or "certificate_date" in vals:
            raise UserError(
                self.env._(
                    "A certificate gets its number when it is printed for the first time, and"
                    " keeps it. Nobody types or changes it."
                )
            )
        if "volunteer_id" in vals or "session_id" in vals:
            self._unlink_except_certificate()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_print_certificate(self):
        """Print the certificates in one PDF; a new one gets its number, an old one keeps it.

        :raise UserError: names who has not earned it
        """
        self.filtered(lambda e: not e.certificate_number).action_give_certificate()
        return self.env.ref("buurtbemiddeling_volunteer.action_report_certificate").report_action(
            self, config=False
        )

    def action_give_certificate(self):
        """Give a numbered certificate to those who passed and were there long enough.

        :raise UserError: names who has not earned it
        """
        if "information" in self.mapped("kind"):
            raise UserError(
                self.env._("An information meeting gives no certificate: nothing is trained there.")
            )
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
            enrolments.check_access("write")
            for enrolment, number in zip(enrolments, numbers, strict=True):
                # sudo: who may write the enrolment gives the number, and types it nowhere
                enrolment.sudo().write({"certificate_number": number, "certificate_date": today})

    def _is_certificate_earned(self):
        self.ensure_one()
        return (
            self.kind != "information"
            and self.result == "passed"
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
