from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize, parse_contact_from_email
from odoo.tools.misc import get_lang

from .buurtbemiddeling_door_mixin import clean_text

NAME_LIMIT = 100
AUTOMATIC = "buurtbemiddeling_automatic_mail"


class BuurtbemiddelingPartyMailInMixin(models.AbstractModel):
    """Mail to the organisation's own address is a request; answers to letters come to the party.

    Whoever mails for the first time is a new contact, also when we know that address: anyone can
    type anyone's. Which mails get this far, is for ``mail.thread._get_mail_refusal``.
    """

    _name = "buurtbemiddeling.party.mail.in.mixin"
    _description = "Mail of a Party"
    _inherit = ["buurtbemiddeling.thread.mixin"]

    @api.model
    def _takes_new_mail(self, values):
        return bool(values.get("company_id"))

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Return the party of a new request: the resident, or nobody yet when a referrer mails.

        :param custom_values: of the alias: ``company_id``
        :raise AccessError: when it does not come from the mail server
        """
        if not self.env.su:
            raise AccessError(self.env._("Mail comes in by the mail server only."))
        company = self.env["res.company"].browse(custom_values["company_id"])
        name, email = parse_contact_from_email(msg_dict["email_from"])
        known = self._get_values_of_colleague(company, email)
        by_himself = self.env.ref(
            "buurtbemiddeling_case.referrer_type_zelf", raise_if_not_found=False
        )
        values = known or {
            "referrer_type_id": by_himself and by_himself.id,
            "reporter_name": clean_text(name)[:NAME_LIMIT],
            "reporter_email": email,
        }
        case = self.env["buurtbemiddeling.case"]._register_from_outside(
            company, {"channel": "email", **values}
        )
        party = case._get_first_party("a")
        if not known:
            party._confirm_request()
        return party

    @api.model
    def _get_values_of_colleague(self, company, email):
        """Return the values of a case that a coordinator or referrer mails, else nothing.

        The resident is not known yet, so the party is there without a contact.
        """
        unknown = {"party_ids": [Command.create({"side": "a"})]}
        coordinator = self.env["res.users"].search(
            [
                ("partner_id.email_normalized", "=", email),
                ("company_ids", "in", company.id),
                ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").id),
            ],
            limit=1,
        )
        if coordinator:
            return {"user_id": coordinator.id, **unknown}
        contacts = self.env["res.partner"].search(
            [("email_normalized", "=", email), ("is_confidential", "=", False)]
        )
        referrer = self.env["buurtbemiddeling.referral.partner"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", (contacts | contacts.parent_id).ids),
            ],
            limit=1,
        )
        if not referrer:
            return {}
        person = contacts.filtered(lambda contact: contact.parent_id == referrer.partner_id)[:1]
        return {
            "referral_partner_id": referrer.id,
            "referral_contact_id": person.id,
            **unknown,
        }

    def _confirm_request(self):
        """Mail that the request came in: once a day, as the address may be someone else's."""
        self.ensure_one()
        day_ago = fields.Datetime.now() - timedelta(days=1)
        earlier = self.search_count(
            [
                ("id", "!=", self.id),
                ("partner_id.email_normalized", "=", self.partner_id.email_normalized),
                ("case_id.channel", "=", "email"),
                ("create_date", ">", day_ago),
            ],
            limit=1,
        )
        if earlier:
            return
        sender = self.case_id.user_id or self.env.user
        # sudo: nobody is logged in; in the name of who handles requests, on this party's own thread
        party = self.with_user(sender).sudo()
        party = party.with_context(**{AUTOMATIC: True, "mail_post_autofollow_author_skip": True})
        try:
            with self.env.cr.savepoint():
                party._mail_letter("registered")
        except UserError:
            # there is no such letter: the request counts, and its to-do says to call
            return

    def message_update(self, msg_dict, update_vals=None):
        """Someone is to read the answer; the mail server has no language, they have."""
        reader = self.case_id.user_id
        party = self.with_context(lang=get_lang(self.env, reader.lang).code)
        party.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=party.env._("Answer by mail: read it"),
            user_id=reader.id,
        )
        return super().message_update(msg_dict, update_vals)

    def message_post(self, *, body="", author_id=None, email_from=None, **kwargs):
        """What comes in by mail is from this party, or from who asks for a party not known yet."""
        if author_id is False and kwargs.get("message_type") == "email":
            if not self.partner_id:
                body = Markup("<p><strong>%s</strong></p>%s") % (self._get_mail_heading(), body)
                kwargs.pop("subtype_id", None)
                kwargs["subtype_xmlid"] = "mail.mt_note"
            elif email_normalize(email_from) == self.partner_id.email_normalized:
                author_id = self.partner_id.id
        return super().message_post(body=body, author_id=author_id, email_from=email_from, **kwargs)

    def _get_mail_heading(self):
        """Return what stands above a mail that is not of the resident."""
        if referrer := self.case_id.referral_partner_id:
            return self.env._("Mail of the referrer, %s", referrer.name)
        return self.env._("Mail that was forwarded")

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Who mails makes a new contact each time, or is a referrer or colleague of a case."""
        return [
            (
                "message_ids",
                "any",
                [("message_type", "=", "email"), ("email_from", "ilike", email_from_normalized)],
            )
        ]

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Answers come to the organisation's own address, when it has one."""
        reply_to = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        # sudo: reads the address of the organisation
        for party in self.sudo():
            if address := party.company_id.buurtbemiddeling_mail_address:
                reply_to[party.id] = party._notify_get_reply_to_formatted_email(
                    address, author_id=(author_ids or {}).get(party.id)
                )
        return reply_to

    def _notify_by_email_get_headers(self, headers=None):
        """An automatic letter says so, and then machines do not answer it (RFC 3834)."""
        headers = super()._notify_by_email_get_headers(headers)
        if self.env.context.get(AUTOMATIC):
            headers["Auto-Submitted"] = "auto-replied"
        return headers
