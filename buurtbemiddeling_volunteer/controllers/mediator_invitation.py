from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import (
    MAX_REQUEST,
    mail_later,
    no_store,
    read_answers,
    read_id,
)

from ..models.buurtbemiddeling_assignment_portal_answer_mixin import INVITATION_URL
from .mediator import HOME_URL

TEXT_LIMITS = {"note": 200}  # characters


class MediatorInvitation(http.Controller):
    """The page on which a volunteer says yes or no to a case of which little is told yet."""

    @http.route(
        f"{INVITATION_URL}/<int:assignment>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def invitation(self, assignment, **_params):
        """Show what is asked; to who said yes before, the case itself."""
        row = self._find(assignment)
        if row.state == "accepted":
            return request.redirect(f"{HOME_URL}/{row.id}", code=303)
        return self._show(row)

    @http.route(
        f"{INVITATION_URL}/<int:assignment>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def answer(self, assignment, **answers):
        """Note yes or no, once. What is not open any more says so."""
        row = mail_later(self._find(assignment))
        if not row._is_open_invitation():
            return request.redirect(f"{INVITATION_URL}/{row.id}", code=303)
        answers = read_answers(answers)
        if answers.get("answer") == "yes":
            if row._accept_on_portal():
                return request.redirect(f"{HOME_URL}/{row.id}?done=yes", code=303)
            problem = request.env._(
                "You can not say yes here now. The coordinator knows that you want to, and will"
                " contact you."
            )
            return self._show(row, problem=problem, status=422)
        values, errors = request.env["buurtbemiddeling.door.mixin"]._read_texts(
            answers, TEXT_LIMITS
        )
        # sudo: volunteers may not read lists of ours; it is one of those that the page shows
        reasons = request.env["buurtbemiddeling.assignment.reason"].sudo()._get_to_decline()
        reason = reasons.filtered(lambda r: r.id == read_id(answers.get("reason")))
        if not reason:
            errors["reason"] = request.env._("Choose why you say no.")
        if errors:
            return self._show(row, answers, errors, status=422)
        row._decline_on_portal(reason, values["note"])
        return request.redirect(f"{HOME_URL}?done=no", code=303)

    def _find(self, assignment_id):
        """Return the user's own invitation.

        :raise NotFound: there is none. The same for what never was, or is someone else's.
        """
        row = request.env["buurtbemiddeling.assignment"]._find_asked(assignment_id)
        if not row:
            raise request.not_found()
        return row.with_company(row.company_id)

    def _show(self, row, answers=None, errors=None, problem=None, status=200):
        values = {
            **row._get_portal_invitation_values(),
            "answers": answers or {},
            "errors": errors or {},
            "limits": TEXT_LIMITS,
            "problem": problem,
        }
        response = request.render("buurtbemiddeling_volunteer.mediator_invitation", values)
        response.status_code = status
        return no_store(response)
