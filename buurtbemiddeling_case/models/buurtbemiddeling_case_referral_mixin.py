import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

_logger = logging.getLogger(__name__)

FIRST_PHASE = "new"
# what one referrer handed in: it goes along as a whole when cases are merged
REFERRAL_FIELDS = (
    "referral_partner_id",
    "referral_contact_id",
    "referrer_ref",
    "receipt_date",
    "is_split_off",
)


class BuurtbemiddelingCaseReferralMixin(models.AbstractModel):
    """What a referrer knows of a case: that it was received, and what was told since.

    Only that: nothing of the residents, the phase or who works on it. A case that has ended shows
    as such once the referrer was told, which takes the reporter's consent; what was told stays
    told, also when the case is opened again. Nor does the referrer learn that two cases were
    merged, or one split: a case keeps the number and the day of the referral for him.
    """

    _name = "buurtbemiddeling.case.referral.mixin"
    _description = "Case as the Referrer Knows It"

    # filled when the referral came with a case that was merged into this one
    referral_number = fields.Char(
        "Number that the referrer knows",
        readonly=True,
        copy=False,
        help="The referral came in under this number, which was merged into this case.",
    )
    referral_date = fields.Date("Day that the referrer knows", readonly=True, copy=False)
    is_split_off = fields.Boolean(
        "Split off",
        readonly=True,
        copy=False,
        help="Goes on with a part of another case. For the referrer that one is the referral.",
    )

    def _get_known_number(self):
        """Return the number under which the referrer knows this case."""
        self.ensure_one()
        return self.referral_number or self.name or ""

    def _get_known_date(self):
        """Return the day on which the referrer referred."""
        self.ensure_one()
        return self.referral_date or self.registration_date

    # ------------------------------------------------------------
    # THE REFERRER'S OWN
    # ------------------------------------------------------------

    @api.model
    def _get_my_referrals_domain(self):
        """Return the domain of the referrals of the user who acts, see ``portal_scope``."""
        domains = []
        for partner in self.env["buurtbemiddeling.referral.partner"]._get_mine():
            domain = Domain("referral_partner_id", "=", partner.id)
            if partner.portal_scope == "own":
                contact = partner._get_contact_of(self.env.user)
                domain &= Domain("referral_contact_id", "=", contact.id)
            domains.append(domain)
        return Domain.OR(domains) & Domain("is_split_off", "=", False)

    @api.model
    def _count_my_referrals(self):
        # sudo: only how many there are of the user's own
        return self.sudo().search_count(self._get_my_referrals_domain())

    @api.model
    def _find_my_referrals(self, case_id=None, offset=0, limit=None):
        """Return the referrals of the user who acts as values for a page, the last one first.

        :param case_id: of one referral; not found when it is another's
        :return: ``[{"id", "number", "date", "reference", "state", "label", "told"}]``, with
            ``told`` a list of ``{"date", "text"}``; all are texts but the id
        """
        domain = self._get_my_referrals_domain()
        if case_id is not None:
            domain &= Domain("id", "=", case_id)
        # sudo: only the user's own, and of these only what a referrer may know
        cases = self.sudo().search(domain, offset=offset, limit=limit)
        rows = cases.feedback_ids.sorted(lambda row: (row.date, row.id))
        rows = rows.filtered(lambda row: row.referral_partner_id == row.case_id.referral_partner_id)
        told = rows.grouped("case_id")
        return [case._get_referral_values(told.get(case, rows.browse())) for case in cases]

    def _get_referral_values(self, told):
        """Return what the referrer may know of this case, see ``_find_my_referrals``.

        :param told: the ``buurtbemiddeling.feedback`` rows of this referrer
        """
        self.ensure_one()
        labels = {
            "received": self.env._("Received"),
            "in_progress": self.env._("In progress"),
            "ended": self.env._("Ended"),
        }
        if "ended" in told.mapped("kind"):
            state = "ended"
        elif self.stage_id.code == FIRST_PHASE:
            state = "received"
        else:
            state = "in_progress"
        return {
            "id": self.id,
            "number": self._get_known_number(),
            "date": format_date(self.env, self._get_known_date()),
            "reference": self.referrer_ref or "",
            "state": state,
            "label": labels[state],
            "told": [{"date": format_date(self.env, row.date), "text": row.text} for row in told],
        }

    # ------------------------------------------------------------
    # A REFERRAL BY FORM
    # ------------------------------------------------------------

    def _note_of_referrer(self, text, referrer):
        """Keep what the referrer wrote as a note on the reporter's own thread.

        :param text: plain text of the referrer
        :param referrer: who wrote it, as text
        """
        self.ensure_one()
        heading = self.env._("Written by the referrer (%s), not by the resident:", referrer)
        lines = Markup("<br/>").join(text.split("\n"))
        self._get_first_party("a")._message_log(
            body=Markup("<p><em>%s</em></p><p>%s</p>") % (heading, lines)
        )
        # that it is there, for who looks at the case before calling
        self._message_log(
            body=self.env._(
                "The referrer wrote a note. Read it before you call: it is with the messages of the"
                " reporter, under Parties."
            )
        )

    def _confirm_referral(self):
        """Mail the referrer that it arrived, where that is possible; it came in all the same.

        In the name of who handles it. Then the coordinator has nothing left to confirm.
        """
        self.ensure_one()
        # sudo: nobody is logged in who may write it; in agreed words, to who has just sent it
        case = self.with_user(self.user_id or self.env.user).sudo()
        if case._get_feedback_obstacle("received", "mail"):
            return
        try:
            with self.env.cr.savepoint():
                case._tell_referrer("received", "mail")
        except UserError:  # a coordinator confirms it by hand: it stays on the list
            _logger.info("Receipt of case %s could not be confirmed by mail.", self.id)

    # ------------------------------------------------------------
    # MERGED AND SPLIT
    # ------------------------------------------------------------

    def _merge_values(self, others):
        """Keep one referral whole, of the oldest case that has one; with a person if possible.

        The referrer goes on knowing it by its own number and day: another would tell him that
        there was a case already, maybe of the neighbour.
        """
        values, different = super()._merge_values(others)
        referred = (self | others).filtered("referral_partner_id")
        partner = referred[:1].referral_partner_id
        same = referred.filtered(lambda case: case.referral_partner_id == partner)
        source = same.sorted(lambda case: (case.is_split_off, not case.referral_contact_id))[:1]
        if source:
            values.update(
                (name, self._fields[name].convert_to_write(source[name], self))
                for name in REFERRAL_FIELDS
            )
        if source and source != self:
            values["referral_number"] = source._get_known_number()
            values["referral_date"] = source._get_known_date()
        return values, different

    def _get_unmerged_fields(self):
        return super()._get_unmerged_fields() | {
            "referral_number",
            "referral_date",
            "is_split_off",
        }

    def _prepare_split_values(self):
        return {**super()._prepare_split_values(), "is_split_off": True}
