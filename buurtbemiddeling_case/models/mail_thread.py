from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_normalize_all, unfold_references

from ..incoming_mail import (
    get_sender,
    is_automatic,
    is_forged,
    make_readable,
    make_storable,
)

MAX_REFERENCES = 32  # as many as Odoo looks at


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post(self, *, partner_ids=None, **kwargs):
        """A resident in a quarrel is written to from the case only: here others would see who.

        :raise UserError: when a confidential contact is named on any other page
        """
        own_page = self._name == "res.partner" and set(partner_ids or []) <= set(self.ids)
        if partner_ids and own_page:
            self._check_wants_mail()
        elif partner_ids and not self._name.startswith("buurtbemiddeling."):
            if self._get_confidential_ids(partner_ids):
                raise UserError(
                    self.env._(
                        "A confidential contact can not get a message from this page: others would"
                        " see the name. Write to the resident from the case."
                    )
                )
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        """A resident in a quarrel is never told beside the case: nobody would see to whom.

        :raise UserError: when a confidential contact is named
        """
        if partner_ids and self._get_confidential_ids(partner_ids):
            raise UserError(
                self.env._(
                    "A confidential contact can not get a message from this page: others would"
                    " see the name. Write to the resident from the case."
                )
            )
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def _get_confidential_ids(self, partner_ids):
        """Return those of ``partner_ids`` (ids) that are confidential contacts."""
        # sudo: finds out who is confidential; only ids that were given come back
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        return set(
            contacts.search([("id", "in", list(partner_ids)), ("is_confidential", "=", True)]).ids
        )

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """A resident in a quarrel follows nothing: followers and their names show everywhere."""
        if partner_ids:
            hidden = self._get_confidential_ids(partner_ids)
            partner_ids = [id_ for id_ in partner_ids if id_ not in hidden]
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def _partner_find_from_emails(
        self,
        records_emails,
        avoid_alias=True,
        ban_emails=None,
        filter_found=None,
        additional_values=None,
        no_create=False,
    ):
        """A resident who mails another app is a stranger there: the name that we know is not shown.

        Nor is it told to who types an address on a page whether we know it.
        """
        if not self._name.startswith("buurtbemiddeling."):
            own = set(self.ids) if self._name == "res.partner" else set()
            given = filter_found

            def filter_found(partner):
                # sudo: the flag is not for everyone to read; who is hidden is not found
                hidden = partner.sudo().is_confidential and partner.id not in own
                return not hidden and (not given or given(partner))

        return super()._partner_find_from_emails(
            records_emails,
            avoid_alias=avoid_alias,
            ban_emails=ban_emails,
            filter_found=filter_found,
            additional_values=additional_values,
            no_create=no_create,
        )

    # ------------------------------------------------------------
    # MAIL THAT COMES IN
    # ------------------------------------------------------------

    def _guards_mail(self):
        """Tell whether a mail reaches this thread only from who was written to from it."""
        return self._name.startswith("buurtbemiddeling.")

    def _get_correspondents(self):
        """Return the contacts who are written to from this thread, and may answer on it."""
        return self._mail_get_partners()[self.id]

    def _get_guarded_record(self):
        """Return the record of ours that this thread is about."""
        return self

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """A mail with a zero byte, which PostgreSQL can not keep, comes in without it."""
        raw = getattr(message, "data", message)  # of an xmlrpc.client.Binary
        zero = "\0" if isinstance(raw, str) else b"\0"
        return super().message_process(model, raw.replace(zero, zero[:0]), *args, **kwargs)

    @api.model
    def message_parse(self, message, save_original=False):
        """Whatever alphabet a mail is in, it can be read and kept."""
        make_readable(message)
        values = super().message_parse(message, save_original=save_original)
        for name, value in values.items():
            if isinstance(value, str):
                text = make_storable(value)
                # markup stays markup: Odoo made it of the mail, and only odd characters went
                values[name] = Markup(text) if isinstance(value, Markup) else text  # nosec B704
        return values

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Nothing reaches a thread of ours that is not surely from who was written to from it.

        Odoo goes by the references in a mail, which everyone has who ever got one, or had one
        forwarded. What is refused becomes mail without a place: a person decides.
        """
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        return [self._guard_mail_route(message, message_dict, route) for route in routes]

    @api.model
    def _guard_mail_route(self, message, message_dict, route):
        """Return the route of a mail: as it was, or to the mails without a place."""
        model, thread_id, values, _user_id, alias = route
        thread = self.env[model].browse(thread_id or ())
        if not self._is_guarded(thread):
            return route
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            # anyone may call the method that a mail server calls, and type any sender
            raise AccessError(self.env._("Mail comes in by the mail server only."))
        # whom Odoo finds by the sender's address is not the author before that was checked
        message_dict.update(author_id=False, is_internal=False)
        reason = thread._get_mail_refusal(message, message_dict, values or {})
        if reason:
            unsorted = self.env["buurtbemiddeling.unsorted.mail"]
            values = unsorted._prepare_from_mail(thread, message, values or {}, reason)
            return (unsorted._name, 0, values, SUPERUSER_ID, None)
        if thread:
            replied = thread._get_replied_messages(message_dict)
            author = thread._get_mail_author(get_sender(message))
            message_dict.update(author_id=author.id, parent_id=max(replied.ids))
        return (model, thread_id or 0, values, SUPERUSER_ID, alias)

    @api.model
    def _is_guarded(self, thread):
        return isinstance(thread, self.pool["mail.thread"]) and thread._guards_mail()

    def _get_mail_refusal(self, message, message_dict, values):
        """Return why this mail does not come in here (a reason of the unsorted mail), or ``None``.

        :param self: the thread that it would come on, or an empty one where it would make a record
        :param values: the values for a new record
        """
        sender = get_sender(message)
        if not sender or sender != email_normalize(message_dict["email_from"]):
            return "sender"
        if is_automatic(message) or self._is_own_address(sender):
            return "automatic"
        if is_forged(message):
            return "forged"
        has_text = html2plaintext(message_dict["body"] or "").strip()
        if not has_text and not message_dict["attachments"]:
            return "empty"
        if not self:
            return None if self._takes_new_mail(values) else "place"
        if not self._get_mail_author(sender):
            return "other"
        people = self._get_correspondents()
        replied = self._get_replied_messages(message_dict)
        return None if (replied.partner_ids | replied.author_id) & people else "place"

    @api.model
    def _takes_new_mail(self, values):
        """Tell whether a mail to an alias makes a record here."""
        return False

    @api.model
    def _is_own_address(self, email):
        """Tell whether mail to this address comes back here."""
        # sudo: reads the addresses of this system, also when mail comes in as another user
        return bool(self.env["mail.alias.domain"].sudo()._find_aliases([email]))

    def _get_mail_author(self, sender):
        """Return who of the correspondents has this e-mail address, or an empty record."""
        return self._get_correspondents().filtered(
            lambda contact: sender in email_normalize_all(contact.email or "")
        )[:1]

    def _get_replied_messages(self, message_dict):
        """Return the messages on this thread that a mail answers."""
        references = f"{message_dict['references'] or ''} {message_dict['in_reply_to'] or ''}"
        references = [ref.strip() for ref in unfold_references(references)]
        # sudo: only whether the mail answers something that was sent is found out
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("message_id", "in", references[-MAX_REFERENCES:]),
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                ]
            )
        )

    def _message_parse_post_process(self, message, message_dict, routes):
        """Whoever else got the mail is not named on our threads: naming lets people read it."""
        values = super()._message_parse_post_process(message, message_dict, routes)
        if any(self._is_guarded(self.env[route[0]].browse(route[1] or ())) for route in routes):
            values.update(
                author_id=message_dict.get("author_id"),
                partner_ids=[],
                cc_filtered=False,
                to_filtered=False,
            )
        return values

    @api.model
    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """A machine gets no answer (RFC 3834), and neither does whose address was forged."""
        if is_automatic(message) or is_forged(message):
            return None
        return super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)
