from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, read_answers

from ..models.buurtbemiddeling_volunteer_portal_availability_mixin import NOTE_LIMITS
from . import mediator_own as own

AVAILABILITY_URL = "/my/beschikbaar"
ABSENCE_URL = f"{AVAILABILITY_URL}/afwezig"


class MediatorAvailability(http.Controller):
    """When a volunteer can, and when not."""

    @http.route(AVAILABILITY_URL, type="http", auth="user", methods=["GET"], website=True)
    def availability(self, organisation=None, done=None, **_params):
        """Show when the volunteer can, how many cases at once, and the absences to come."""
        volunteer = own.find_volunteer(organisation)
        messages = {
            "saved": request.env._("Your availability is saved."),
            "absence": request.env._("Your absence is saved."),
            "removed": request.env._("Your absence is removed."),
        }
        return self._show_availability(volunteer, {"message": messages.get(done)})

    @http.route(
        AVAILABILITY_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def save_availability(self, organisation=None, **answers):
        """Keep what was chosen, or show it again with what is wrong."""
        volunteer = own.find_volunteer(organisation)
        answers = read_answers(answers, several=("dayparts",))
        errors, problem = own.attempt(volunteer._save_portal_availability, answers)
        if errors or problem:
            values = {"answers": answers, "errors": errors or {}, "problem": problem}
            return self._show_availability(volunteer, values, 422)
        return own.go(AVAILABILITY_URL, volunteer, "saved")

    @http.route(ABSENCE_URL, type="http", auth="user", methods=["GET"], website=True)
    def new_absence(self, organisation=None, **_params):
        """Show the form for a new absence."""
        return self._show_absence(own.find_volunteer(organisation), None, {})

    @http.route(
        ABSENCE_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def add_absence(self, organisation=None, **answers):
        """Add an absence, once."""
        return self._save_absence(own.find_volunteer(organisation), None, answers)

    @http.route(
        f"{ABSENCE_URL}/<int:absence>", type="http", auth="user", methods=["GET"], website=True
    )
    def absence(self, absence, **_params):
        """Show an absence that is not over."""
        absence = self._find_absence(absence)
        answers = {
            "date_from": absence.date_from.isoformat(),
            "date_to": absence.date_to and absence.date_to.isoformat() or "",
            "note": absence.note or "",
        }
        return self._show_absence(own.act_for(absence.volunteer_id), absence, answers)

    @http.route(
        f"{ABSENCE_URL}/<int:absence>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def change_absence(self, absence, **answers):
        """Change an absence that is not over, or remove it."""
        absence = self._find_absence(absence)
        volunteer = own.act_for(absence.volunteer_id)
        if answers.get("remove"):
            _result, problem = own.attempt(volunteer._remove_portal_absence, absence)
            if not problem:
                return own.go(AVAILABILITY_URL, volunteer, "removed")
        return self._save_absence(volunteer, absence, answers)

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _find_absence(self, absence_id):
        absence = own.find_volunteers()._find_my_absence(absence_id)
        if not absence:
            raise request.not_found()
        return absence

    def _save_absence(self, volunteer, absence, answers):
        answers = read_answers(answers)
        errors, problem = own.attempt(volunteer._save_portal_absence, answers, absence)
        if errors or problem:
            values = {"errors": errors or {}, "problem": problem}
            return self._show_absence(volunteer, absence, answers, values, 422)
        return own.go(AVAILABILITY_URL, volunteer, "absence")

    def _show_availability(self, volunteer, values, status=200):
        values = {**volunteer._get_portal_availability_values(), **values}
        return own.show("mediator_availability", AVAILABILITY_URL, volunteer, values, status)

    def _show_absence(self, volunteer, absence, answers, values=None, status=200):
        values = {
            "answers": answers,
            "is_known": bool(absence),
            "has_begun": bool(absence) and absence in volunteer._get_begun_absences(),
            "limits": NOTE_LIMITS,
            **(values or {}),
        }
        return own.show("mediator_absence", ABSENCE_URL, volunteer, values, status)
