from functools import partial
from html import unescape

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize_all, html2plaintext, plaintext2html

from ..anonymity import mask_identifying

TEXTS = ("char", "text", "html")
# texts of Odoo that hang on a record: {model: (field of the model's name, names of texts)}
HANGING_TEXTS = {
    "mail.message": ("model", ("subject", "body")),
    "mail.scheduled.message": ("model", ("subject", "body")),
    "mail.activity": ("res_model", ("summary", "note")),
    "ir.attachment": ("res_model", ("name", "description", "index_content")),
}


class BuurtbemiddelingPrivacyErasureMixin(models.AbstractModel):
    """Removing one person before the term is over (AVG, article 17).

    What is this person's goes, as it does after the term. What neighbours told stays theirs, and so
    do the facts that figures count: there the name, the address, the phone number and the mail
    address of this person are blotted out.
    """

    _name = "buurtbemiddeling.privacy.erasure.mixin"
    _description = "Erasure of One Person"
    _inherit = ["buurtbemiddeling.privacy.person.mixin"]

    erasure_text = fields.Html(compute="_compute_erasure_text", sanitize=False)
    can_erase = fields.Boolean(
        compute="_compute_erasure_text", export_string_translation=False, exportable=False
    )

    @api.depends("partner_id", "party_id", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_erasure_text(self):
        is_manager = self.env.user.has_group("buurtbemiddeling_case.group_manager")
        for request in self:
            obstacles = request._get_obstacles()
            request.can_erase = is_manager and not obstacles
            parts = []
            if obstacles:
                parts.append((self.env._("Not yet:"), obstacles))
            parts.append((self.env._("What goes:"), request._get_going()))
            parts.append((self.env._("What stays:"), request._get_staying()))
            request.erasure_text = Markup().join(
                Markup("<p><strong>%s</strong></p><ul>%s</ul>")
                % (title, Markup().join(Markup("<li>%s</li>") % line for line in lines))
                for title, lines in parts
            )

    # ------------------------------------------------------------
    # WHAT IS SAID BEFORE
    # ------------------------------------------------------------

    def _get_obstacles(self):
        """Return sentences that say why the data can not go yet; of a hold only who may see it."""
        obstacles = []
        for case in self._get_parties().case_id:
            if not case.is_closed:
                obstacles.append(self.env._("Case %s is still running. Close it first.", case.name))
            if hold := self._get_hold(case):
                obstacles.append(
                    self.env._(
                        "Case %(case)s has to be kept: %(reason)s.",
                        case=case.name,
                        reason=hold,
                    )
                )
        return obstacles

    @api.model
    def _get_hold(self, record):
        """Return why a record is on hold today, or nothing."""
        until = record.retention_hold_until
        if until and until < fields.Date.context_today(self):
            return ""
        return (record.retention_hold_reason or "").rstrip(". ")

    def _get_going(self):
        going = []
        if parties := self._get_parties():
            going.append(
                self.env._(
                    "Of %s: name, address, phone, mail, what was told and noted, with all messages,"
                    " files, to-dos and reports about this person.",
                    ", ".join(parties.mapped("display_name")),
                )
            )
            if alone := self._get_cases_alone():
                going.append(
                    self.env._(
                        "All texts of case %s, as nobody else is in it.",
                        ", ".join(alone.mapped("name")),
                    )
                )
        if self._get_referral_partner():
            going.append(
                self.env._("The contact person, and the name in messages that were sent to it.")
            )
        return going or [self.env._("Nothing: we have nothing of this person.")]

    def _get_staying(self):
        staying = [
            self.env._("Dates, codes and numbers that figures count. No figure changes."),
        ]
        if self._get_parties().case_id - self._get_cases_alone():
            staying.append(
                self.env._(
                    "What the neighbour told, and notes about the case as a whole. Where these name"
                    " this person, the name, street, phone and mail address are blotted out."
                )
            )
            staying.append(
                self.env._(
                    "A nickname in these, or an earlier address or number that we do not have any"
                    " more: read them first, and take it out where it was typed."
                )
            )
            if files := self._count_files():
                staying.append(
                    self.env._(
                        "%s files of the neighbour or of the case. We can not look into these: open"
                        " them first, and remove those in which this person is named.",
                        files,
                    )
                )
        if self.partner_id and not self.partner_id.is_confidential:
            staying.append(
                self.env._(
                    "The contact itself, as long as others in the organisation work with it."
                )
            )
        return staying

    def _get_cases_alone(self):
        """Return the cases in which there is nobody else with data of his own."""
        parties = self._get_parties()
        return parties.case_id.filtered(
            lambda case: all(other.anonymized_date for other in case.party_ids - parties)
        )

    def _get_threads(self):
        """Return recordsets: the cases of this person, and the others in these."""
        parties = self._get_parties()
        return [parties.case_id, parties.case_id.party_ids - parties]

    def _count_files(self):
        return self.env["ir.attachment"].search_count(
            Domain.OR(
                Domain("res_model", "=", records._name) & Domain("res_id", "in", records.ids)
                for records in self._get_threads()
            )
        )

    # ------------------------------------------------------------
    # REMOVING
    # ------------------------------------------------------------

    def action_erase(self):
        """Remove the data of this person now; it can not be undone.

        :raise AccessError: for who is no administrator
        :raise UserError: while a case runs or has to be kept
        """
        self.ensure_one()
        if not self.env.user.has_group("buurtbemiddeling_case.group_manager"):
            raise AccessError(
                self.env._("Only an administrator removes data. Ask an administrator.")
            )
        self._check_open_for("erasure")
        if obstacles := self._get_obstacles():
            raise UserError("\n".join(obstacles))
        self._check_recipients_told()
        # sudo: an administrator removes all of a person, also what few may read
        subject_text = self.sudo()._get_subject_text()
        self.sudo().with_context(active_test=False)._erase()
        self._finish("done", subject_text)

    def _erase(self):
        """Remove all that is this person's, and blot it out of what is others'."""
        self.env.flush_all()
        self._get_loose_mails().unlink()
        partner, organisation = self.partner_id, self._get_referral_partner()
        parties, alone = self._get_parties(), self._get_cases_alone()
        self._blot_out()
        # how a case came in is its first reporter's, see _get_case_sections
        own = {"buurtbemiddeling.case": self._get_cases_as_first()}
        engine = self.env["buurtbemiddeling.anonymizer"]
        for name, path, ids, lines in engine._find_rows(own, ("party",)):
            engine._empty_columns(name, path, ids, lines)
        alone._anonymize()
        parties._anonymize()
        self.env.invalidate_all()
        if organisation and partner.exists():
            partner._anonymize()

    def _get_cases_as_first(self):
        parties = self._get_parties()
        return parties.case_id.filtered(lambda case: case._get_first_party("a") in parties)

    def _get_loose_mails(self):
        """Return mail of this person that belongs to no case."""
        self.ensure_one()
        mails = self.env["buurtbemiddeling.unsorted.mail"]
        addresses = set(email_normalize_all(self.partner_id.email or ""))
        found = mails.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain.OR(Domain("email_from", "ilike", address) for address in addresses)
        )
        return found.filtered(
            lambda mail: addresses & set(email_normalize_all(mail.email_from or ""))
        )

    # ------------------------------------------------------------
    # BLOTTING OUT
    # ------------------------------------------------------------

    def _blot_out(self):
        """Take this person out of what others told, and of what is about a case as a whole."""
        company = self.company_id
        mask = partial(
            mask_identifying,
            identity=self._get_own_identity(),
            mask=self.with_context(lang=company.partner_id.lang or self.env.lang).env._(
                "[removed]"
            ),
            own_places=self._get_others_places(),
        )
        subjects = {records._name: records for records in self._get_threads() if records}
        engine = self.env["buurtbemiddeling.anonymizer"]
        rows = {name: set(records.ids) for name, records in subjects.items()}
        for name, _path, ids, lines in engine._find_rows(subjects, ("case", "party")):
            rows.setdefault(name, set()).update(ids)
            names = [
                field.name
                for field in engine._get_stored_fields(name, lines, "blank")
                if field.type in TEXTS
            ]
            self._mask_columns(name, ids, names, mask)
        for name, (column, names) in HANGING_TEXTS.items():
            domain = Domain.OR(
                Domain(column, "=", model) & Domain("res_id", "in", list(ids))
                for model, ids in rows.items()
            )
            if name == "ir.attachment":
                domain &= Domain("res_field", "=", False)
            ids = list(self.env[name]._search(domain))
            self._mask_columns(name, ids, names, mask)
            if name == "mail.message":
                mails = list(self.env["mail.mail"]._search([("mail_message_id", "in", ids)]))
                self._mask_columns("mail.mail", mails, ("body_html",), mask)
        self.env.invalidate_all()

    def _get_others_places(self):
        parties = self._get_parties()
        others = parties.case_id.party_ids - parties
        return self._get_identity(others.partner_id, others).places

    @api.model
    def _mask_columns(self, name, ids, names, mask):
        """Blot out in columns; in SQL, as nothing of it is tracked, mailed or dated."""
        model = self.env[name]
        for column in names if ids else ():
            is_html = model._fields[column].type == "html"
            self.env.cr.execute(
                SQL(
                    "SELECT id, %(column)s FROM %(table)s"
                    " WHERE id = ANY(%(ids)s) AND %(column)s IS NOT NULL AND %(column)s != ''",
                    column=SQL.identifier(column),
                    table=SQL.identifier(model._table),
                    ids=list(ids),
                )
            )
            for id_, text in self.env.cr.fetchall():
                plain = html2plaintext(text) if is_html else text
                masked = mask(plain)
                # also what stands in the markup, such as the name of a picture, and is not shown
                if masked != plain or (is_html and mask(unescape(text)) != unescape(text)):
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s WHERE id = %s",
                            SQL.identifier(model._table),
                            SQL.identifier(column),
                            plaintext2html(masked) if is_html else masked,
                            id_,
                        )
                    )
