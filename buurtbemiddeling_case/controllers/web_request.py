from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import get_lang

from ..models.buurtbemiddeling_web_request import REQUEST_URL, TEXT_LIMITS
from ..replica import from_replica
from .door import (
    MAX_REQUEST,
    find_company,
    mail_later,
    no_store,
    open_forms,
    read_answers,
    read_key,
)


class WebRequest(http.Controller):
    """The public page on which a resident asks for help.

    Open to everybody, so it tells nothing: who or which address is known gets the same answers.
    """

    @http.route(
        REQUEST_URL,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=from_replica,
    )
    def form(self, organisation=None, **_params):
        """Show the empty form; ``organisation`` is the id of a company that has it switched on."""
        return self._show_form(self._get_company(organisation))

    @http.route(
        REQUEST_URL,
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send(self, organisation=None, **answers):
        """Make a case of it once, or show the form with what was typed and what is wrong."""
        company = self._get_company(organisation)
        answers = read_answers(answers, several=("nuisance_types",))
        if answers.get("homepage"):  # people do not see this field
            return self._thank(company)
        requests = self._get_requests(company)
        values, errors = requests._read_answers(company, answers)
        if errors:
            return self._show_form(company, answers, errors, status=422)
        key, problem = read_key(requests, company, answers)
        if problem:
            return self._show_form(company, answers, problem=problem, status=422)
        received = requests._find_received(company, key)
        if received:
            return self._thank(company, received)
        address = request.httprequest.remote_addr
        if requests._is_too_busy(company, address):
            problem = request.env._(
                "We get many requests at this moment. Send yours again in an hour, or call us."
            )
            return self._show_form(company, answers, problem=problem, status=429)
        try:
            received = mail_later(requests)._receive(company, values, key, address)
        except UserError:  # its sentence is for colleagues: it may name what others must not know
            problem = request.env._(
                "We can not take this in as it is. Look at your answers and send them again, or"
                " call us."
            )
            return self._show_form(company, answers, problem=problem, status=422)
        return self._thank(company, received)

    @http.route(
        f"{REQUEST_URL}/bedankt",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=from_replica,
    )
    def thanks(self, organisation=None, receipt="", **_params):
        """Say that the request has arrived, with its number for who just sent it."""
        company = self._get_company(organisation)
        return no_store(
            request.render(
                "buurtbemiddeling_case.request_thanks",
                {
                    **self._get_organisation_values(company),
                    "number": self._get_requests(company)._read_receipt(company, receipt),
                },
            )
        )

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _get_company(self, organisation):
        return find_company(organisation, "buurtbemiddeling_request_form")

    def _get_requests(self, company):
        return open_forms("buurtbemiddeling.web.request", company)

    def _get_organisation_values(self, company):
        return {
            "organisation": company.name,
            "organisation_phone": company.phone,
            "organisation_email": company.email,
            "res_company": company,
            "draft": f"buurtbemiddeling_request_{company.id}",
        }

    def _show_form(self, company, answers=None, errors=None, problem=None, status=200):
        requests = self._get_requests(company)
        is_new = answers is None
        if is_new:
            answers = {"language": get_lang(request.env).code[:2]}
        response = request.render(
            "buurtbemiddeling_case.request_form",
            {
                **self._get_organisation_values(company),
                "url": f"{REQUEST_URL}?organisation={company.id}",
                "choices": requests._get_options(company),
                "demands": requests._get_demands(),
                "limits": TEXT_LIMITS,
                "retention": company._get_retention_text(requests.env.lang),
                "consent_text": requests._get_consent_text(company),
                "answers": answers,
                "is_new": is_new,
                "errors": errors or {},
                "problem": problem,
                "token": answers.get("token") or requests._make_token(company),
            },
        )
        response.status_code = status
        return no_store(response)

    def _thank(self, company, received=None):
        """Go to the page that says thank you; the number is in it only when signed."""
        receipt = f"&receipt={received._make_receipt()}" if received else ""
        return request.redirect(
            f"{REQUEST_URL}/bedankt?organisation={company.id}{receipt}", code=303
        )
