from odoo import http
from odoo.http import request

from ..models.buurtbemiddeling_referral_link import LINK_URL
from .door import MAX_REQUEST, no_store, read_answers
from .referral import ReferralFormMixin


class ReferralLink(ReferralFormMixin, http.Controller):
    """The page behind a one-time link, for a referrer without a login.

    A link that was used, withdrawn, is too old or never existed gets one and the same answer.
    """

    @http.route(f"{LINK_URL}/<secret>", type="http", auth="public", methods=["GET"], website=True)
    def form(self, secret, **_params):
        """Show the empty form, as long as the link works."""
        link = self._find(secret)
        return self._show_link_form(link) if link._is_open() else self._gone()

    @http.route(
        f"{LINK_URL}/<secret>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send(self, secret, **answers):
        """Keep the referral once, or show the form with what was typed and what is wrong."""
        answers = read_answers(answers, several=("nuisances",))
        link = self._find(secret)
        if not link._is_open():
            return self._thank() if self._was_sent(link, answers) else self._gone()
        errors, problem = self._take_in(
            link.company_id, link.referral_partner_id, link.contact_id, answers, link=link
        )
        if errors or problem:
            return self._show_link_form(link, answers, errors, problem)
        return self._thank()

    @http.route(f"{LINK_URL}/bedankt", type="http", auth="public", methods=["GET"], website=True)
    def thanks(self, **_params):
        """Say that the referral has arrived."""
        return request.render("buurtbemiddeling_case.referral_link_thanks")

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _find(self, secret):
        return request.env["buurtbemiddeling.referral.link"]._find(secret)

    def _was_sent(self, link, answers):
        """Return whether this very form used the link up: sent twice, by a double tap."""
        company = link.company_id
        forms = self._get_forms(company)
        key, _seconds = forms._read_token(answers.get("token") or "", company)
        return bool(key and link.used_on and forms._is_known(key))

    def _show_link_form(self, link, answers=None, errors=None, problem=None):
        response = self._show_form(
            "buurtbemiddeling_case.referral_link_form",
            link.company_id,
            answers,
            errors,
            problem,
            res_company=link.company_id,
            asks_referrer=not link.contact_id,
        )
        return self._keep_secret(response)

    def _thank(self):
        return self._keep_secret(request.redirect(f"{LINK_URL}/bedankt", code=303))

    def _gone(self):
        response = request.render("buurtbemiddeling_case.referral_link_gone")
        response.status_code = 410
        return self._keep_secret(no_store(response))

    def _keep_secret(self, response):
        """The address of the page is the key: no other site and no search engine hears of it."""
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
