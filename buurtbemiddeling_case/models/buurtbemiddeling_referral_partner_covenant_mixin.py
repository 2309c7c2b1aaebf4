from odoo import api, fields, models
from odoo.fields import Command, Domain

from .buurtbemiddeling_covenant import RUNNING


class BuurtbemiddelingReferralPartnerCovenantMixin(models.AbstractModel):
    """What was agreed with a referral partner: the covenants it is in, and the rest.

    Dates that were noted on the partner itself (``agreement_date``, ``agreement_review_date``)
    come from before there were covenants. What is shown and searched are ``cooperation_date`` and
    ``next_review_date``, in which a covenant that is in force goes before them.
    """

    _name = "buurtbemiddeling.referral.partner.covenant.mixin"
    _description = "Agreements with a Referral Partner"

    covenant_party_ids = fields.Many2many(
        "buurtbemiddeling.covenant.party", string="In agreements", compute="_compute_covenants"
    )
    has_covenant = fields.Boolean("Has an agreement in force", compute="_compute_covenants")
    cooperation_date = fields.Date(
        "Works with us since",
        compute="_compute_covenants",
        search="_search_cooperation_date",
        help="The first agreement that was signed, or the day that you noted.",
    )
    next_review_date = fields.Date(
        "Next review",
        compute="_compute_covenants",
        search="_search_next_review_date",
        help="The first review of the agreements in force; without these the day that you noted.",
    )

    @api.depends("partner_id", "company_id", "agreement_date", "agreement_review_date")
    @api.depends_context("tz")
    def _compute_covenants(self):
        """One query for the parties and one for their covenants, whatever the number of partners.

        Those that are replaced or archived are history: they only say since when.
        """
        parties = self.env["buurtbemiddeling.covenant.party"]
        parties = parties.search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        found = parties.grouped(lambda party: (party.company_id, party.partner_id))
        for partner in self:
            mine = found.get((partner.company_id, partner.partner_id), parties.browse())
            current = mine.filtered(
                lambda party: party.covenant_id.active and party.state != "replaced"
            )
            running = current.filtered(lambda party: party.state in RUNNING)
            signed = mine.covenant_id.filtered(lambda it: it.signed_on and it.state != "signed")
            partner.covenant_party_ids = current
            partner.has_covenant = bool(running)
            partner.cooperation_date = _first(
                [partner.agreement_date, *signed.mapped("date_start")]
            )
            partner.next_review_date = (
                _first(running.mapped("review_date")) if running else partner.agreement_review_date
            )

    def _get_parties_in_force(self):
        """Return its rows in the agreements that are in force today, for the yearly talk."""
        self.ensure_one()
        return self.covenant_party_ids.filtered(lambda party: party.state in RUNNING)

    @api.model
    def _search_cooperation_date(self, operator, value):
        return self._search_among_all("cooperation_date", operator, value)

    @api.model
    def _search_next_review_date(self, operator, value):
        return self._search_among_all("next_review_date", operator, value)

    @api.model
    def _search_among_all(self, name, operator, value):
        """Look at all partners: an organisation has some tens, and each field takes few queries."""
        partners = self.with_context(active_test=False).search([])
        partners.invalidate_recordset([name])  # cases and covenants change without telling partners
        return Domain("id", "in", partners.filtered_domain([(name, operator, value)]).ids)

    def action_make_covenant(self):
        """Open a new working agreement with this partner; what was agreed apart goes into it."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        review = self.agreement_review_date
        covenant = self.env["buurtbemiddeling.covenant"].create(
            {
                "name": self.env._("Working agreement with %s", self.name),
                "kind": "working",
                "company_id": self.company_id.id,
                "date_start": today,
                "review_date": review if review and review >= today else False,
                "party_ids": [Command.create({"partner_id": self.partner_id.id})],
            }
        )
        self.agreement_ids.write({"party_id": covenant.party_ids.id, "referral_partner_id": False})
        return covenant._open(covenant)


def _first(days):
    """Return the first of these days, leaving out what is empty."""
    return min(filter(None, days), default=False)
