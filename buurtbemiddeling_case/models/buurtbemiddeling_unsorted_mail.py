from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime, parse_contact_from_email
from odoo.tools.mail import decode_message_header, email_normalize_all

from ..incoming_mail import get_sender, make_storable
from .buurtbemiddeling_door_mixin import clean_text
from .buurtbemiddeling_party_mail_in_mixin import NAME_LIMIT

TEXT_LIMIT = 500
REASONS = [
    ("sender", "It is not clear who sent it"),
    ("forged", "The sender may be forged"),
    ("other", "From another address than was written to"),
    ("place", "An answer where none was asked"),
    ("automatic", "Automatic mail"),
    ("empty", "Empty mail"),
]


class BuurtbemiddelingUnsortedMail(models.Model):
    """A mail that was not let in by itself: a coordinator decides where it belongs.

    The mail itself, with its files, is the one message on the thread of this record, and moves to
    the party that a person chooses. It is kept until then; what was handled is gone from here.
    """

    _name = "buurtbemiddeling.unsorted.mail"
    _description = "Mail without a Place"
    _inherit = [
        "buurtbemiddeling.care.mixin",
        "buurtbemiddeling.thread.mixin",
        "buurtbemiddeling.unsorted.mail.retention.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _primary_email = "email_from"  # by which Odoo finds a loop of mails

    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", "Coordinator", index="btree_not_null")
    email_from = fields.Char("Sender", readonly=True)
    subject = fields.Char(readonly=True)
    date = fields.Datetime("Received on", required=True, default=fields.Datetime.now, readonly=True)
    reason = fields.Selection(REASONS, "Why it is here", required=True, readonly=True)
    party_id = fields.Many2one(
        "buurtbemiddeling.case.party",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="Whose mail it is. Filled in already when the mail answers a letter to this party:"
        " check that it is really from them, and not from the neighbour.",
    )
    case_id = fields.Many2one(
        "buurtbemiddeling.case",
        compute="_compute_case_id",
        store=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        compute="_compute_project_id",
        store=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    body = fields.Html("Text", compute="_compute_mail")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", compute="_compute_mail")

    @api.depends("party_id.case_id")
    def _compute_case_id(self):
        for mail in self:
            mail.case_id = mail.party_id.case_id or mail.case_id

    @api.depends("case_id.project_id")
    def _compute_project_id(self):
        """Whoever may not see the project, may not see what was mailed about it."""
        for mail in self:
            mail.project_id = mail.case_id.project_id or mail.project_id

    @api.depends("message_ids")
    def _compute_mail(self):
        for mail in self:
            message = mail.message_ids.filtered(lambda message: message.message_type == "email")
            mail.body = message[:1].body
            mail.attachment_ids = message[:1].attachment_ids

    @api.depends("date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Without sender or subject: Odoo copies it to where others read it."""
        for mail in self:
            mail.display_name = self.env._("Mail of %s", format_datetime(self.env, mail.date))

    # ------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------

    @api.model
    def _prepare_from_mail(self, thread, message, values, reason):
        """Return the values of a mail that does not come in at ``thread``.

        :param thread: the record that it would have come on, or an empty one
        :param message: an ``email.message.EmailMessage``
        :param values: what the alias would have given a new record
        """
        # sudo: reads of which organisation, case and project the thread is
        thread = thread.sudo()
        company = self.env["res.company"].browse(values.get("company_id") or ()).sudo()
        case = self.env["buurtbemiddeling.case"].sudo()
        place = {}
        if thread:
            thread = thread._get_guarded_record()[:1]
            company = thread._mail_get_companies(default=self.env.company)[thread.id]
            if thread._name == "buurtbemiddeling.case.party":
                place["party_id"] = self._guess_party(thread, get_sender(message)).id
            if "case_id" in thread._fields:
                case = thread.case_id
            elif thread._name == case._name:
                case = thread
            if "project_id" in thread._fields:
                place["project_id"] = thread.project_id.id
        company = company or self.env.company.sudo()
        return {
            **place,
            "case_id": case.id,
            "company_id": company.id,
            "user_id": (case.user_id or company._get_request_handler()).id,
            "email_from": _clean(decode_message_header(message, "From", separator=", ")),
            "reason": reason,
        }

    @api.model
    def _guess_party(self, party, sender):
        """Return whose mail it may be: of the neighbour, when it has that address.

        :param party: to whom was written
        :param sender: the normalised address that it comes from, or ``None``
        """
        theirs = party.case_id.party_ids.filtered(
            lambda other: sender and sender in email_normalize_all(other.email or "")
        )
        return party if party in theirs else theirs[:1] or party

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Keep a mail that was refused elsewhere."""
        values = dict(custom_values or {}, subject=_clean(msg_dict.get("subject") or ""))
        if msg_dict.get("date"):
            values["date"] = msg_dict["date"]
        return self.create(values)

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Nobody is told by mail: an absent colleague's mailbox would answer, and so on."""
        return True

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_add_to_party(self):
        """Put the mail on the thread of the party that was chosen.

        :raise UserError: when none was chosen
        """
        self.ensure_one()
        if not self.party_id:
            raise UserError(self.env._("Choose first whose mail it is."))
        return self._move_to(self.party_id)

    def action_make_request(self):
        """Make a new case of the mail, of whoever decides so."""
        self.ensure_one()
        name, email = parse_contact_from_email(self.email_from)
        values = {"party_ids": [fields.Command.create({"side": "a"})]}
        if email_normalize(self.email_from):
            values = {"reporter_name": clean_text(name)[:NAME_LIMIT], "reporter_email": email}
        case = self.env["buurtbemiddeling.case"].create(
            {
                "company_id": self.company_id.id,
                "channel": "email",
                "user_id": self.env.uid,
                **values,
            }
        )
        return self._move_to(case._get_first_party("a"))

    def action_delete(self):
        """Delete the mail, and go back to the list."""
        self.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_unsorted_mail_action"
        )

    def _move_to(self, party):
        """Move the mail and its files to ``party``, and open that; who sent it is not vouched for.

        :raise AccessError: when the user may not change the party
        """
        self.ensure_one()
        self.check_access("unlink")
        party.check_access("write")
        sender, reason = self.email_from, self.reason
        # sudo: Odoo lets nobody move messages and files; both records may be changed by the user
        messages = self.sudo().message_ids
        messages.attachment_ids.write({"res_model": party._name, "res_id": party.id})
        messages.write(
            {
                "model": party._name,
                "res_id": party.id,
                "parent_id": False,
                "subtype_id": self.env.ref("mail.mt_note").id,
            }
        )
        party.message_post(
            body=self.env._("The mail of %s was put here by hand.", sender or self.env._("unknown"))
        )
        if reason != "automatic":
            party.case_id._note_contact(fields.Date.context_today(self))
        self.unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": party._name,
            "res_id": party.id,
            "view_mode": "form",
        }


def _clean(text):
    """Return a header of anyone as one line that can be stored."""
    return clean_text(make_storable(text))[:TEXT_LIMIT]
