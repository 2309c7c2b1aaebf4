from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class BuurtbemiddelingThreadMixin(models.AbstractModel):
    """A message thread that reaches the coordinators of its organisation, and at most one party.

    Residents never follow, so no reply of one is passed on to another. Who is not addressable is
    refused when a person names them, and left out where Odoo would add them by itself.
    """

    _name = "buurtbemiddeling.thread.mixin"
    _description = "Thread within the Party Wall"
    _inherit = ["mail.thread"]

    def _get_addressable_residents(self):
        """Return the residents to whom this thread may be sent: nobody, unless overridden."""
        return self.env["res.partner"]

    def _get_correspondents(self):
        return self._get_addressable_residents()

    def _get_addressable_ids(self, partner_ids):
        """Return those of ``partner_ids`` (ids) whom this thread may reach."""
        self.ensure_one()
        residents = set(self._get_addressable_residents().ids)
        return {id_ for id_ in partner_ids if id_ in residents} | self._get_staff_ids(partner_ids)

    def _get_staff_ids(self, partner_ids):
        """Return those of ``partner_ids`` (ids) who are coordinators of this organisation."""
        # sudo: reads who has which role; only ids of the given contacts come back
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        bot = self.env.ref("base.partner_root")
        companies = self.sudo().company_id
        return {
            partner.id
            for partner in partners
            if partner == bot
            or any(
                user.has_group("buurtbemiddeling_case.group_user")
                and companies <= user.company_ids
                and self._is_open_to(user)
                for user in partner.user_ids
            )
        }

    def _is_open_to(self, user):
        """Whether no record of these is in a project that is closed to ``user``."""
        if not user.buurtbemiddeling_closed_project_ids:
            return True
        mine = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return mine.has_access("read")

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        staff = self._get_staff_ids(partner_ids or [])
        return super()._message_subscribe(
            [id_ for id_ in partner_ids or [] if id_ in staff], subtype_ids, customer_ids
        )

    def _partner_find_from_emails(
        self,
        records_emails,
        avoid_alias=True,
        ban_emails=None,
        filter_found=None,
        additional_values=None,
        no_create=False,
    ):
        """Whoever is written to for the first time from here becomes a confidential contact."""
        # sudo: reads which organisation the record is of; the contact made here belongs to it
        values = {key: dict(given) for key, given in (additional_values or {}).items()}
        for record, emails in records_emails.items():
            for email in emails:
                key = email_normalize(email, strict=False) or email
                values.setdefault(key, {}).update(
                    is_confidential=True, company_id=record.sudo().company_id.id
                )
        return super()._partner_find_from_emails(
            records_emails,
            avoid_alias=avoid_alias,
            ban_emails=ban_emails,
            filter_found=filter_found,
            additional_values=values,
            no_create=no_create,
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        allowed = self._get_addressable_ids([data["id"] for data in recipients if data["id"]])
        return [data for data in recipients if data["id"] in allowed]

    def message_post(self, *, partner_ids=None, outgoing_email_to=False, **kwargs):
        """Post, refusing whom this thread may not reach.

        :raise UserError: when someone is named who is not a coordinator or this very party, when a
            loose mail address or another phone number is given, or when a file of another party is
            attached
        """
        self._check_text_message(partner_ids, **kwargs)
        partner_ids = list(partner_ids or [])
        allowed = self._get_addressable_ids(partner_ids)
        if kwargs.get("message_type") == "email":  # comes in by mail: nobody to tell
            partner_ids = [id_ for id_ in partner_ids if id_ in allowed]
            outgoing_email_to = False
        self._check_recipients(set(partner_ids) - allowed, outgoing_email_to)
        self._check_attachments(kwargs.get("attachment_ids") or [])
        # names that a view may ask for are in no subject and no reply address
        neutral = self.with_context(party_names=False)
        return super(BuurtbemiddelingThreadMixin, neutral).message_post(
            partner_ids=partner_ids, outgoing_email_to=outgoing_email_to, **kwargs
        )

    def _message_compute_subject(self):
        return super(
            BuurtbemiddelingThreadMixin, self.with_context(party_names=False)
        )._message_compute_subject()

    def _message_get_suggested_recipients_batch(
        self,
        reply_discussion=False,
        reply_message=None,
        no_create=True,
        primary_email=False,
        additional_partners=None,
    ):
        """A thread that reaches no resident suggests nobody: colleagues follow, or are mentioned.

        Odoo would read all messages and find out about everybody in them, on each page.
        """
        given = reply_message or primary_email or additional_partners
        if not given and not any(record._get_addressable_residents() for record in self):
            return {record.id: [] for record in self}
        return super()._message_get_suggested_recipients_batch(
            reply_discussion=reply_discussion,
            reply_message=reply_message,
            no_create=no_create,
            primary_email=primary_email,
            additional_partners=additional_partners,
        )

    def _check_recipients(self, refused, loose_addresses=False):
        """Raise ``UserError`` when there is someone whom this thread may not reach."""
        if refused:
            names = self.env["res.partner"].browse(refused).mapped("name")
            raise UserError(
                self.env._(
                    "%(names)s can not get a message from %(record)s. A message to a resident is"
                    " written on that resident's own page in the case, and goes to nobody else.",
                    names=", ".join(names),
                    record=self.display_name,
                )
            )
        if loose_addresses:
            raise UserError(
                self.env._(
                    "Send a message to contacts, not to loose mail addresses: only then is it sure"
                    " that it reaches the right party."
                )
            )

    # ------------------------------------------------------------
    # TEXT MESSAGES: Odoo's SMS app, where it is there, passes numbers beside the recipients
    # ------------------------------------------------------------

    def _get_addressable_numbers(self):
        """Return the mobile numbers that this thread may reach: none, unless overridden."""
        return set()

    def _check_text_message(
        self, partner_ids, *, message_type="notification", sms_numbers=None,
        sms_pid_to_number=None, **_kwargs,
    ):  # fmt: skip
        """Refuse a text message to a number that this thread may not reach."""
        numbers = {*(sms_numbers or ()), *(sms_pid_to_number or {}).values()}
        if numbers or message_type == "sms":
            unknown = numbers - self._get_addressable_numbers()
            # to contacts: Odoo would look their numbers up by itself
            self._check_numbers(unknown or not numbers or partner_ids)

    def _check_numbers(self, refused):
        """Raise ``UserError`` when there is a number that this thread may not reach."""
        if refused:
            raise UserError(
                self.env._(
                    "From here no text messages are sent. A message to a resident is written on"
                    " that resident's own page in the case."
                )
            )

    def _sms_get_recipients_info(self, force_field=False, partner_fallback=True):
        """Whatever text message Odoo makes by itself has no other number either."""
        info = {}
        for record in self:
            number = next(iter(record._get_addressable_numbers()), False)
            info[record.id] = {
                "partner": self.env["res.partner"],
                "sanitized": number,
                "number": number,
                "partner_store": False,
                "field_store": force_field or "phone",
            }
        return info

    def _check_attachments(self, attachment_ids):
        """Raise ``UserError`` when a file belongs to another record than this one."""
        # sudo: reads to which record a file belongs
        for attachment in self.env["ir.attachment"].sudo().browse(attachment_ids).exists():
            model, res_id = attachment.res_model or "", attachment.res_id
            own = {(self._name, self.id)}
            own |= {("res.partner", resident.id) for resident in self._get_addressable_residents()}
            of_someone = model.startswith("buurtbemiddeling.") or model == "res.partner"
            if of_someone and (model, res_id) not in own:
                raise UserError(
                    self.env._(
                        "The file %(file)s belongs to another page. Attach a file of %(record)s,"
                        " or upload it again if this party may have it.",
                        file=attachment.name,
                        record=self.display_name,
                    )
                )
