from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, no_store

from . import mediator_own as own

TRAININGS_URL = "/my/trainingen"
REPORT = "buurtbemiddeling_volunteer.report_certificate"
ANSWERS = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"}


class MediatorTraining(http.Controller):
    """Trainings of a volunteer: answer an invitation, choose, withdraw, print a certificate."""

    @http.route(TRAININGS_URL, type="http", auth="user", methods=["GET"], website=True)
    def trainings(self, organisation=None, done=None, **_params):
        """Show the trainings of the volunteer who is logged in, and those to choose from."""
        return self._show_trainings(own.find_volunteer(organisation), done)

    @http.route(
        f"{TRAININGS_URL}/sessie/<int:session>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def enrol(self, session, **_answers):
        """Enrol in a session that is open to the volunteer, or wait for a seat when it is full."""
        for volunteer in own.find_volunteers():
            enrolment, problem = own.attempt(own.act_for(volunteer)._enrol_on_portal, session)
            if problem:
                return self._show_trainings(volunteer, problem=problem)
            if enrolment:
                return self._go(enrolment, "enrolled")
        raise request.not_found()

    @http.route(
        f"{TRAININGS_URL}/<int:enrolment>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def answer(self, enrolment, answer=None, **_answers):
        """Accept or decline an invitation, or withdraw."""
        enrolment = self._find_enrolment(enrolment)
        if answer not in ANSWERS:
            raise request.not_found()
        volunteer = own.act_for(enrolment.volunteer_id)
        _result, problem = own.attempt(volunteer._answer_on_portal, enrolment, answer)
        if problem:
            return self._show_trainings(volunteer, problem=problem)
        return self._go(enrolment, ANSWERS[answer])

    @http.route(
        f"{TRAININGS_URL}/<int:enrolment>/certificaat",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def certificate(self, enrolment, **_params):
        """Return a certificate that was given to this volunteer, as PDF."""
        enrolment = self._find_enrolment(enrolment)
        number = enrolment.certificate_number
        if not number:
            raise request.not_found()
        # sudo: volunteers have no rights on our records; this certificate is their own
        reports = request.env["ir.actions.report"].sudo().with_company(enrolment.company_id)
        content, kind = reports._render_qweb_pdf(REPORT, enrolment.ids)
        headers = [
            ("Content-Type", "application/pdf" if kind == "pdf" else "text/html"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"{number}.{kind}")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return no_store(request.make_response(content, headers))

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _find_enrolment(self, enrolment_id):
        enrolment = own.find_volunteers()._find_my_enrolment(enrolment_id)
        if not enrolment:
            raise request.not_found()
        return enrolment

    def _go(self, enrolment, done):
        if done in ("enrolled", "accepted") and enrolment.state == "waiting":
            done = "waiting"
        return own.go(TRAININGS_URL, enrolment.volunteer_id, done)

    def _show_trainings(self, volunteer, done=None, problem=None):
        env = request.env
        messages = {
            "enrolled": env._("You are enrolled. See you at the training!"),
            "accepted": env._("You are enrolled. See you at the training!"),
            "waiting": env._(
                "The training is full. You are on the waiting list. When a seat comes free, it is"
                " for who waits longest."
            ),
            "declined": env._("Thank you for your answer. We do not count on you."),
            "withdrawn": env._("You have withdrawn. Your seat goes to someone else."),
        }
        values = {
            **volunteer._get_portal_training_values(),
            "message": messages.get(done),
            "problem": problem,
        }
        status = 422 if problem else 200
        return own.show("mediator_trainings", TRAININGS_URL, volunteer, values, status)
