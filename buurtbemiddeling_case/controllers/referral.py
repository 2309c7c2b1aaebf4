from odoo import SUPERUSER_ID, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.buurtbemiddeling_referral_form import TEXT_LIMITS
from .door import MAX_REQUEST, mail_later, no_store, read_answers, read_id

REFERRALS_URL = "/my/verwijzingen"
FORM_URL = f"{REFERRALS_URL}/nieuw"
PAGE_SIZE = 20


class ReferralFormMixin:
    """The form with which a resident is referred: on the portal, and behind a one-time link."""

    def _get_forms(self, company):
        # sudo: referrers have no access to any record of ours. They hand in a referral for a
        # partner that the caller has checked, and the model picks and checks its values. As
        # superuser, as a request from outside is made.
        return (
            request.env["buurtbemiddeling.referral.form"]
            .with_user(SUPERUSER_ID)
            .with_company(company)
        )

    def _take_in(self, company, partner, contact, answers, link=None):
        """Keep what was sent, once; return ``(errors, problem)`` when that can not be.

        :param company: for which the form was shown
        :param answers: as ``read_answers`` gives them
        """
        forms = self._get_forms(partner.company_id)
        key, _seconds = forms._read_token(answers.get("token") or "", company)
        if key and forms._is_known(key):
            return {}, None
        values, errors = forms._read_answers(answers, asks_referrer=bool(link and not contact))
        if errors:
            return errors, None
        if not key:
            answers.pop("token", None)
            return {}, request.env._(
                "This page was open for a long time. Look at your answers and send them again."
            )
        forms = mail_later(forms)
        partner, contact = partner.with_env(forms.env), contact.with_env(forms.env)
        try:
            forms._receive(partner, contact, values, key, link and link.with_env(forms.env))
        except UserError:  # what is in the way may be about others: it is not told
            return {}, request.env._(
                "We could not register this referral. Nothing was sent. Please call us."
            )
        return {}, None

    def _show_form(self, template, company, answers=None, errors=None, problem=None, **more):
        forms = self._get_forms(company)
        answers = answers or {}
        response = request.render(
            template,
            {
                "nuisances": forms._get_nuisances(),
                "feedback_answers": forms._get_feedback_answers(),
                "limits": TEXT_LIMITS,
                "answers": answers,
                "errors": errors or {},
                "problem": problem,
                "token": answers.get("token") or forms._make_token(company),
                "organisation": company.name,
                **more,
            },
        )
        if errors or problem:
            response.status_code = 422
        return no_store(response)


class ReferralPortal(ReferralFormMixin, CustomerPortal):
    """The portal of a referrer: refer a resident, and see what became known of it.

    Everybody else finds nothing here, as if the pages did not exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        cases = request.env["buurtbemiddeling.case"]
        if "referral_count" in counters:
            values["referral_count"] = cases._count_my_referrals()
        if not counters:
            values["is_referrer"] = bool(self._get_partners())
        return values

    @http.route(
        [REFERRALS_URL, f"{REFERRALS_URL}/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def referrals(self, page=1, done=None, **_params):
        """Show the user's own referrals, the last one first."""
        self._get_partners_or_404()
        cases = request.env["buurtbemiddeling.case"]
        pages = pager(REFERRALS_URL, cases._count_my_referrals(), page, PAGE_SIZE)
        rows = cases._find_my_referrals(offset=pages["offset"], limit=PAGE_SIZE)
        sent = request.env._("The referral has arrived. You find it at the top of the list.")
        return no_store(
            request.render(
                "buurtbemiddeling_case.referrals",
                {
                    "referrals": rows,
                    "pager": pages,
                    "form_url": FORM_URL,
                    "referrals_url": REFERRALS_URL,
                    "message": sent if done == "sent" else None,
                    "page_name": "referrals",
                },
            )
        )

    @http.route(
        f"{REFERRALS_URL}/<referral>", type="http", auth="user", methods=["GET"], website=True
    )
    def referral(self, referral, **_params):
        """Show one of the user's own referrals."""
        rows = request.env["buurtbemiddeling.case"]._find_my_referrals(read_id(referral))
        if not rows:
            raise request.not_found()
        return no_store(
            request.render(
                "buurtbemiddeling_case.referral",
                {"referral": rows[0], "referrals_url": REFERRALS_URL, "page_name": "referrals"},
            )
        )

    @http.route(FORM_URL, type="http", auth="user", methods=["GET"], website=True)
    def referral_form(self, **_params):
        """Show the empty form."""
        return self._show_my_form(self._get_partners_or_404())

    @http.route(
        FORM_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send_referral(self, **answers):
        """Keep the referral once, or show the form with what was typed and what is wrong."""
        partners = self._get_partners_or_404()
        answers = read_answers(answers, several=("nuisances",))
        partner = partners
        if len(partners) > 1:
            partner = partners.filtered(lambda row: row.id == read_id(answers.get("partner")))
        if not partner:
            errors = {"partner": request.env._("Choose for which organisation you refer.")}
            return self._show_my_form(partners, answers, errors)
        contact = partner._get_contact_of(request.env.user)
        errors, problem = self._take_in(partners[:1].company_id, partner, contact, answers)
        if errors or problem:
            return self._show_my_form(partners, answers, errors, problem)
        return request.redirect(f"{REFERRALS_URL}?done=sent", code=303)

    def _get_partners(self):
        return request.env["buurtbemiddeling.referral.partner"]._get_mine()

    def _get_partners_or_404(self):
        if partners := self._get_partners():
            return partners
        raise request.not_found()

    def _show_my_form(self, partners, answers=None, errors=None, problem=None):
        several = [
            (partner.id, f"{partner.name} → {partner.company_id.name}") for partner in partners
        ]
        return self._show_form(
            "buurtbemiddeling_case.referral_form",
            partners[:1].company_id,
            answers,
            errors,
            problem,
            partners=several if len(several) > 1 else None,
            referrals_url=REFERRALS_URL,
            page_name="referrals",
        )
