from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize_all
from odoo.tools.misc import get_lang


class BuurtbemiddelingPartyMailMixin(models.AbstractModel):
    """Whether a party may be mailed: the one question that everything that mails residents asks.

    Who may not is written to on paper, or phoned.
    """

    _name = "buurtbemiddeling.party.mail.mixin"
    _description = "Mailing a Party"

    no_mail = fields.Boolean(
        "Do not mail",
        compute="_compute_no_mail",
        store=True,
        readonly=False,
        precompute=True,
        help="This resident wants no e-mail: send letters by post, or phone. Nothing is mailed to"
        " this party any more.",
    )

    @api.depends("partner_id")
    def _compute_no_mail(self):
        """Who wanted no mail in an earlier case, wants none in the next, until that is changed."""
        parties = self.env["buurtbemiddeling.case.party"]
        wish = [("partner_id", "in", self.partner_id.ids), ("no_mail", "=", True)]
        asked = parties.search(wish).partner_id if self.partner_id.ids else self.partner_id
        for party in self:
            party.no_mail = party.no_mail or party.partner_id in asked

    def _may_be_mailed(self):
        """Tell whether a mail may go to this one party, and reaches nobody else."""
        return not self._get_mail_obstacle()

    def _filtered_mailable(self):
        """Return those of these parties who may be mailed."""
        blacklisted = self._get_blacklisted()
        return self.filtered(lambda party: not party._get_mail_obstacle(blacklisted))

    def _is_mail_refused(self):
        """Tell whether mail to this party is wrong, also as soon as there is an address."""
        self.ensure_one()
        return self.no_mail or self._shares_mailbox() or self in self._get_blacklisted()

    def _get_mail_obstacle(self, blacklisted=None):
        """Return in a sentence why this party can not be mailed, or ``None``.

        :param blacklisted: the answer of ``_get_blacklisted``, when it was asked for more parties
        """
        self.ensure_one()
        if self.no_mail:
            return self.env._(
                "This resident does not want to be mailed. Print the letter, or phone."
            )
        if not self.email:
            return self.env._(
                "There is no e-mail address to send this to. Fill in the address of this"
                " party first, or print the letter."
            )
        if self._shares_mailbox():
            return self.env._(
                "This e-mail address also belongs to the other side in case %s. Use"
                " another address, or print the letter.",
                self.case_id.name,
            )
        if self in (self._get_blacklisted() if blacklisted is None else blacklisted):
            return self.env._(
                "This e-mail address is on the list of those who want no mail. Print the letter,"
                " or phone."
            )
        return None

    def _plan_undelivered(self):
        """Give the coordinators a to-do, once: a letter that went out by itself did not arrive.

        Whatever is in the way of that does not hold up the other mails.
        """
        for party in self:
            user = party.case_id.user_id
            if not (user and user.has_group("buurtbemiddeling_case.group_user")):
                user = party.company_id._get_request_handler()
            if not user:
                continue
            party = party.with_context(lang=get_lang(self.env, user.lang).code)
            summary = party.env._("A letter did not arrive: phone, or send it again")
            if summary not in party.activity_ids.mapped("summary"):
                party.activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, user_id=user.id
                )

    def _get_blacklisted(self):
        """Return the parties of which an address is on Odoo's list of who want no mail."""
        refused = self.partner_id._filtered_blacklisted()
        return self.filtered(lambda party: party.partner_id in refused)

    def _shares_mailbox(self):
        """Tell whether the other side of this case reads the same e-mail address."""
        self.ensure_one()
        own = set(email_normalize_all(self.email or ""))
        return any(
            own & set(email_normalize_all(other.email or ""))
            for other in self.case_id.party_ids
            if other.side != self.side
        )

    def _check_may_be_mailed(self):
        """Refuse to mail nobody, the other side, or who does not want it.

        :raise UserError: says what to do
        """
        for party in self:
            if obstacle := party._get_mail_obstacle():
                raise UserError(obstacle)
