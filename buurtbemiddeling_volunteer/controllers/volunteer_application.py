from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import (
    MAX_REQUEST,
    find_company,
    mail_later,
    open_forms,
    read_answers,
    read_key,
)
from odoo.addons.buurtbemiddeling_case.replica import from_replica

from ..models.buurtbemiddeling_volunteer_application import APPLICATION_URL, TEXT_LIMITS


class VolunteerApplication(http.Controller):
    """The public page on which someone applies as a volunteer.

    Open to everybody, so it tells nothing: who is known already gets the same answers.
    """

    @http.route(
        APPLICATION_URL,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=from_replica,
    )
    def form(self, organisation=None, **_params):
        """Show the empty form; ``organisation`` is the id of a company that has it switched on."""
        return self._show_form(self._get_company(organisation))

    @http.route(
        APPLICATION_URL,
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send(self, organisation=None, **answers):
        """Keep the application once, or show the form with what was typed and what is wrong."""
        company = self._get_company(organisation)
        answers = read_answers(answers, several=("languages",))
        applications = self._get_applications(company)
        if answers.get("homepage"):  # people do not see this field
            return self._thank(company)
        values, errors = applications._read_answers(answers)
        if errors:
            return self._show_form(company, answers, errors, status=422)
        key, problem = read_key(applications, company, answers)
        if problem:
            return self._show_form(company, answers, problem=problem, status=422)
        if applications._is_known(key):
            return self._thank(company)
        if applications._is_too_busy(company, request.httprequest.remote_addr):
            problem = request.env._(
                "We get many applications at this moment. Send yours again in an hour, or call us."
            )
            return self._show_form(company, answers, problem=problem, status=429)
        address = request.httprequest.remote_addr
        mail_later(applications)._receive(company, values, key, address)
        return self._thank(company)

    @http.route(
        f"{APPLICATION_URL}/bedankt",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=from_replica,
    )
    def thanks(self, organisation=None, **_params):
        """Say that the application has arrived."""
        company = self._get_company(organisation)
        return request.render(
            "buurtbemiddeling_volunteer.application_thanks",
            {"organisation": company.name, "res_company": company},
        )

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _get_company(self, organisation):
        return find_company(organisation, "buurtbemiddeling_application_form")

    def _get_applications(self, company):
        return open_forms("buurtbemiddeling.volunteer.application", company)

    def _show_form(self, company, answers=None, errors=None, problem=None, status=200):
        applications = self._get_applications(company)
        answers = answers or {}
        response = request.render(
            "buurtbemiddeling_volunteer.application_form",
            {
                "organisation": company.name,
                "res_company": company,
                "languages": applications._get_languages(),
                "limits": TEXT_LIMITS,
                "answers": answers,
                "errors": errors or {},
                "problem": problem,
                "token": answers.get("token") or applications._make_token(company),
            },
        )
        response.status_code = status
        return response

    def _thank(self, company):
        return request.redirect(f"{APPLICATION_URL}/bedankt?organisation={company.id}", code=303)
