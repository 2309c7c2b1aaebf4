from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, read_answers

from ..models.buurtbemiddeling_volunteer_portal_profile_mixin import REQUEST_LIMITS
from . import mediator_own as own

PROFILE_URL = "/my/profiel"
EMAIL_URL = f"{PROFILE_URL}/email"
LEAVE_URL = f"{PROFILE_URL}/stoppen"


class MediatorProfile(http.Controller):
    """What a volunteer tells of themselves, sees that is kept, and asks the coordinator."""

    @http.route(PROFILE_URL, type="http", auth="user", methods=["GET"], website=True)
    def mediator_profile(self, organisation=None, done=None, **_params):
        """Show the volunteer's own profile."""
        volunteer = own.find_volunteer(organisation)
        messages = {
            "saved": request.env._("Your profile is saved."),
            "asked": request.env._("Your coordinator has your question and will contact you."),
        }
        return self._show_profile(volunteer, {"message": messages.get(done)})

    @http.route(
        PROFILE_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def mediator_save_profile(self, organisation=None, **answers):
        """Keep what was typed, or show it again with what is wrong."""
        volunteer = own.find_volunteer(organisation)
        answers = read_answers(answers, several=("languages", "affinities"))
        errors, problem = own.attempt(volunteer._save_portal_profile, answers)
        if errors or problem:
            values = {"answers": answers, "errors": errors or {}, "problem": problem}
            return self._show_profile(volunteer, values, 422)
        return own.go(PROFILE_URL, volunteer, "saved")

    @http.route(EMAIL_URL, type="http", auth="user", methods=["GET"], website=True)
    def mediator_email(self, organisation=None, **_params):
        """Show the form that asks for another e-mail address."""
        return self._show_question(own.find_volunteer(organisation), EMAIL_URL, {})

    @http.route(
        EMAIL_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def mediator_ask_email(self, organisation=None, **answers):
        """Ask the coordinator for another e-mail address."""
        volunteer = own.find_volunteer(organisation)
        return self._ask(volunteer, EMAIL_URL, volunteer._ask_for_email, answers)

    @http.route(LEAVE_URL, type="http", auth="user", methods=["GET"], website=True)
    def mediator_leave(self, organisation=None, **_params):
        """Show the form with which a volunteer stops or takes a break."""
        return self._show_question(own.find_volunteer(organisation), LEAVE_URL, {})

    @http.route(
        LEAVE_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def mediator_ask_to_leave(self, organisation=None, **answers):
        """Tell the coordinator that the volunteer wants to stop or take a break."""
        volunteer = own.find_volunteer(organisation)
        return self._ask(volunteer, LEAVE_URL, volunteer._ask_to_leave, answers)

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _show_profile(self, volunteer, values, status=200):
        values = {**volunteer._get_portal_profile_values(), **values}
        return own.show("mediator_profile", PROFILE_URL, volunteer, values, status)

    def _ask(self, volunteer, url, action, answers):
        answers = read_answers(answers)
        errors, problem = own.attempt(action, answers)
        if errors or problem:
            values = {"answers": answers, "errors": errors or {}, "problem": problem}
            return self._show_question(volunteer, url, values, 422)
        return own.go(PROFILE_URL, volunteer, "asked")

    def _show_question(self, volunteer, url, values, status=200):
        template = "mediator_email" if url == EMAIL_URL else "mediator_leave"
        values = {"limits": REQUEST_LIMITS, "email": volunteer.email or "", **values}
        return own.show(template, url, volunteer, values, status)
