from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, read_answers

from .mediator import HOME_URL, find_assignment
from .mediator_form import back_to_case, do_once, find_mine, get_case_url, show_form, show_gone

PLAN_URL = f"{HOME_URL}/<int:assignment>/gesprek"
TALK_URL = f"{PLAN_URL}/<int:talk>"
# what a mediator does with a talk, and the question that a sentence about it belongs to
ACTIONS = {"move": "move_reason", "cancel": "cancel_reason", "hold": "outcome", "invite": None}


class MediatorTalk(http.Controller):
    """A mediator plans the talks of a case, moves them, and notes how they ended."""

    @http.route(PLAN_URL, type="http", auth="user", methods=["GET"], website=True)
    def plan(self, assignment, kind=None, **_params):
        """Show the form for a new talk; ``kind`` fills in what kind, and where it mostly is."""
        assignment = find_assignment(assignment)
        form = assignment._get_portal_talk_form()
        if kind in dict(form["kinds"]):
            form["answers"] |= assignment._get_portal_talk_defaults(kind)
        return self._show_plan(assignment, form)

    @http.route(
        PLAN_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send_plan(self, assignment, **answers):
        """Plan a talk and, if ticked, invite people to it."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        if not assignment:
            return show_gone(answers)
        values, errors = assignment._read_portal_talk(answers)
        problem = None
        if not errors:
            problem = do_once(
                assignment.company_id,
                answers,
                lambda: assignment._plan_portal_talk(values, bool(answers.get("invite"))),
            )
            if not problem:
                done = "talk_invited" if answers.get("invite") else "talk"
                return back_to_case(assignment, done)
        form = assignment._get_portal_talk_form()
        return self._show_plan(assignment, form, answers, errors, problem)

    def _show_plan(self, assignment, form, *result):
        values = {**form, "case_url": get_case_url(assignment)}
        return show_form("mediator_talk_plan", values, assignment.company_id, *result)

    @http.route(TALK_URL, type="http", auth="user", methods=["GET"], website=True)
    def talk(self, assignment, talk, **_params):
        """Show a talk and what one can do with it."""
        assignment = find_assignment(assignment)
        talk = assignment._find_portal_talk(talk)
        if not talk:
            raise request.not_found()
        return self._show_talk(assignment, talk)

    @http.route(
        TALK_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def change(self, assignment, talk, **answers):
        """Move, cancel or end a talk, or invite people to it, as ``action`` says."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        talk = assignment and assignment._find_portal_talk(talk)
        if not talk:
            return show_gone(answers)
        action = answers.get("action")
        if action not in ACTIONS:
            raise request.not_found()
        do, errors = self._read_action(assignment, talk, action, answers)
        problem = None
        if not errors:
            problem = do_once(assignment.company_id, answers, do, action)
            if not problem:
                return back_to_case(assignment, f"talk_{action}")
        return self._show_talk(assignment, talk, answers, errors, problem)

    def _read_action(self, assignment, talk, action, answers):
        """Return ``(what is to be done, {name of the question: sentence})``."""
        if action == "invite":
            return talk.action_invite, {}
        if action == "move":
            values, errors = assignment._read_portal_talk(answers, talk)
            return lambda: assignment._move_portal_talk(talk, values), errors
        choices = assignment._get_portal_talk_form(talk)
        question = ACTIONS[action]
        chosen = answers.get(question)
        errors = {}
        if action == "cancel":
            if chosen not in dict(choices["cancel_reasons"]):
                errors[question] = request.env._("Choose why the talk is cancelled.")
            return lambda: assignment._cancel_portal_talk(talk, chosen), errors
        if chosen not in dict(choices["outcomes"]):
            errors[question] = request.env._("Choose how the talk ended.")
        return lambda: assignment._hold_portal_talk(talk, chosen), errors

    def _show_talk(self, assignment, talk, answers=None, *result):
        form = assignment._get_portal_talk_form(talk)
        if answers is not None:  # the other forms of the page keep what is there
            answers = {**form["answers"], **answers}
        values = {
            **form,
            "case_url": get_case_url(assignment),
            "talk": assignment._get_portal_talk_values(talk)[0],
            "open_form": (answers or {}).get("action"),
        }
        return show_form("mediator_talk", values, assignment.company_id, answers, *result)
