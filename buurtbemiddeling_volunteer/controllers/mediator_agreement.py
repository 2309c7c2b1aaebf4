from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, read_answers

from .mediator import HOME_URL, find_assignment
from .mediator_form import back_to_case, do_once, find_mine, get_case_url, show_form, show_gone

ADD_URL = f"{HOME_URL}/<int:assignment>/afspraak"
AGREEMENT_URL = f"{ADD_URL}/<int:agreement>"
APPROACH_URL = f"{HOME_URL}/<int:assignment>/aan-de-deur"


class MediatorAgreement(http.Controller):
    """A mediator notes what neighbours agreed, and attempts to reach the other party."""

    @http.route([ADD_URL, AGREEMENT_URL], type="http", auth="user", methods=["GET"], website=True)
    def agreement(self, assignment, agreement=None, **_params):
        """Show the form for a new agreement, or for the one to correct."""
        assignment = find_assignment(assignment)
        found = assignment._find_portal_agreement(agreement)
        if agreement is not None and not found:
            raise request.not_found()
        return self._show_agreement(assignment, found)

    @http.route(
        [ADD_URL, AGREEMENT_URL],
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send_agreement(self, assignment, agreement=None, **answers):
        """Add an agreement, or correct one."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        found = assignment and assignment._find_portal_agreement(agreement)
        if not assignment or (agreement is not None and not found):
            return show_gone(answers)
        values, errors = assignment._read_portal_agreement(answers)
        problem = None
        if not errors:
            problem = do_once(
                assignment.company_id,
                answers,
                lambda: assignment._write_portal_agreement(found, values, answers.get("seen")),
            )
            if not problem:
                return back_to_case(assignment, "agreement")
            answers.pop("seen", None)  # the page says how it is now
        return self._show_agreement(assignment, found, answers, errors, problem)

    def _show_agreement(self, assignment, agreement, *result):
        values = {
            **assignment._get_portal_agreement_form(agreement),
            "is_new": not agreement,
            "case_url": get_case_url(assignment),
        }
        return show_form("mediator_agreement", values, assignment.company_id, *result)

    @http.route(APPROACH_URL, type="http", auth="user", methods=["GET"], website=True)
    def approach(self, assignment, **_params):
        """Show the form for an attempt to reach the other party."""
        return self._show_approach(find_assignment(assignment))

    @http.route(
        APPROACH_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send_approach(self, assignment, **answers):
        """Note an attempt to reach the other party."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        if not assignment:
            return show_gone(answers)
        values, errors = assignment._read_portal_approach(answers)
        problem = None
        if not errors:
            problem = do_once(
                assignment.company_id,
                answers,
                lambda: assignment._write_portal_approach(values),
            )
            if not problem:
                return back_to_case(assignment, "approach")
        return self._show_approach(assignment, answers, errors, problem)

    def _show_approach(self, assignment, *result):
        values = {
            **assignment._get_portal_approach_form(),
            "case_url": get_case_url(assignment),
        }
        return show_form("mediator_approach", values, assignment.company_id, *result)
