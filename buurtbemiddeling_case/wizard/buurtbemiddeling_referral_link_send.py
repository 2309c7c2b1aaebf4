from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

LINK = "{link}"  # where the address comes in the text of the mail


class BuurtbemiddelingReferralLinkSend(models.TransientModel):
    """Make a one-time link for a referrer without a login: mail it, or copy it, shown once."""

    _name = "buurtbemiddeling.referral.link.send"
    _description = "Send a One-time Link"

    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="referral_partner_id.company_id", related_sudo=False)
    organisation_id = fields.Many2one(
        related="referral_partner_id.partner_id",
        related_sudo=False,
        export_string_translation=False, exportable=False,
    )
    contact_id = fields.Many2one(
        "res.partner",
        "For",
        domain="[('parent_id', '=', organisation_id), ('is_company', '=', False),"
        " ('is_confidential', '=', False)]",
        ondelete="cascade",
        help="The contact person who refers; empty: someone of the organisation.",
    )
    subject = fields.Char(compute="_compute_mail", compute_sudo=False, store=True, readonly=False)
    body = fields.Text(
        "Text",
        compute="_compute_mail",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="{link} becomes the link itself.",
    )
    # only in the dialog that shows it, never in the database
    url = fields.Char("Link", store=False)

    @api.depends("referral_partner_id", "contact_id")
    def _compute_mail(self):
        for wizard in self:
            recipient = wizard._get_recipient()
            wizard = wizard.with_context(lang=recipient.lang or wizard.env.lang)
            company = wizard.company_id.name or ""
            wizard.subject = wizard.env._("Refer a resident to %s", company)
            wizard.body = wizard.env._(
                "Dear %(name)s,\n\n"
                "With this link you refer one resident to neighbour mediation. Ask the resident"
                " first: refer only who agrees.\n\n"
                "%(link)s\n\n"
                "The link works once, and until it expires %(days)s days from now. It is meant for"
                " you: do not pass it on.\n\n"
                "Kind regards,\n%(user)s\n%(company)s",
                name=recipient.name or "",
                link=LINK,
                days=wizard.company_id.buurtbemiddeling_referral_link_days,
                user=wizard.env.user.name,
                company=company,
            )

    def _get_recipient(self):
        return self.contact_id or self.organisation_id

    def action_mail(self):
        """Make a link and mail it; the text of the mail goes when it was sent.

        :raise UserError: without an address, or without a place for the link in the text
        """
        self.ensure_one()
        recipient = self._get_recipient()
        if not recipient.email:
            raise UserError(
                self.env._("%s has no e-mail address. Copy the link instead.", recipient.name)
            )
        if LINK not in (self.body or ""):
            raise UserError(self.env._("Put %s back in the text: there the link will stand.", LINK))
        url = self._make_link(self.env._("mailed"))
        anchor = Markup('<a href="%s">%s</a>') % (url, url)
        lines = Markup("<br/>").join(self.body.split("\n"))
        # sudo: nobody but Odoo makes mails. It hangs on no record and is removed when sent, so
        # that the link is kept nowhere.
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.subject,
                "body_html": Markup("<p>%s</p>") % lines.replace(escape(LINK), anchor),
                "email_from": self.env.user.email_formatted,
                "author_id": self.env.user.partner_id.id,
                "recipient_ids": [fields.Command.set(recipient.ids)],
                "auto_delete": True,
            }
        ).send_after_commit()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_copy(self):
        """Make a link and show it, this once."""
        self.ensure_one()
        url = self._make_link(self.env._("copied"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("One-time link"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_url": url,
                "default_referral_partner_id": self.referral_partner_id.id,
                "default_contact_id": self.contact_id.id,
            },
        }

    def _make_link(self, how):
        """Return the address of a new link, of which the partner's thread says that it was made."""
        partner = self.referral_partner_id
        link, url = self.env["buurtbemiddeling.referral.link"]._make(partner, self.contact_id)
        partner._message_log(
            body=self.env._(
                "One-time link for %(name)s made (%(how)s). It works until %(date)s.",
                name=self._get_recipient().name,
                how=how,
                date=format_date(self.env, link.expires_on),
            )
        )
        return url
