import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.json import json_default

FORMAT = "buurtbemiddeling.access.file"
VERSION = 1
DATES = ("date", "datetime")


class BuurtbemiddelingPrivacyAccessMixin(models.AbstractModel):
    """The file of one person (AVG, articles 15 and 20), without a word of or about another.

    It is made anew each time and stored nowhere. One structure is shown on the screen, printed and
    sent as data, so that what was looked at is what is handed over::

        {"format": "buurtbemiddeling.access.file", "version": 1,
         "made_on": day, "organisation": {"name", "email", "phone"},
         "sections": [{"code", "title",
                       "records": [{"title", "values": [{"field", "label", "value"}]}]}],
         "information": [{"title", "text"}]}

    Days are ISO 8601; moments too, as the clock on the wall showed them. Which text of which field
    is whose, the inventory says (``buurtbemiddeling.personal.data``): a text without a line there
    is not told. Case-wide notes stay out, as each party could recognise the other in them
    (AVG, article 15(4); UAVG, article 41(1)(i)).
    """

    _name = "buurtbemiddeling.privacy.access.mixin"
    _description = "File of One Person"
    _inherit = ["buurtbemiddeling.privacy.person.mixin"]

    preview = fields.Html(compute="_compute_preview", sanitize=False)
    checked_digest = fields.Char(
        copy=False, readonly=True, export_string_translation=False, exportable=False
    )

    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for request in self:
            request.preview = request._may_handle() and self.env["ir.qweb"]._render(
                "buurtbemiddeling_case.access_file_content", request._get_render_values()
            )

    def _get_render_values(self, file=None):
        return {
            "file": file or self._get_access_file(),
            "show": self._get_file_env()._show_value,
            "lang": self._get_file_lang(),
        }

    # ------------------------------------------------------------
    # HANDING OVER
    # ------------------------------------------------------------

    def _get_digest(self, file):
        """Return a fingerprint of the file, to see that it is still the one that was looked at."""
        content = {key: value for key, value in file.items() if key != "made_on"}
        data = json.dumps(content, default=json_default, sort_keys=True)
        return hashlib.sha256(data.encode()).hexdigest()

    def _hand_over(self):
        """Return the file for whoever may have it, and leave a trace of that.

        :raise AccessError: see ``_check_may_handle``
        :raise UserError: when nobody has looked at exactly this file
        """
        self.ensure_one()
        file = self._get_access_file()
        if self.kind != "access" or self.state != "checked":
            raise UserError(
                self.env._("Look at the file first, and say that it may be handed over.")
            )
        # sudo: a fingerprint, for nobody to see
        if self.sudo().checked_digest != self._get_digest(file):
            raise UserError(
                self.env._(
                    "Something has changed since the file was looked at. Look at it again first."
                )
            )
        self._leave_trace("export")
        return file

    def _leave_trace(self, action):
        """Keep that the user saw or took all data of this person."""
        reason = self.env._("Request of the person")
        # sudo: which records a person is in; only their ids are kept
        for records in self.sudo()._get_subjects() or [self]:
            self.env["buurtbemiddeling.trace"]._add(
                action, records.with_env(self.env), reason=reason
            )

    # ------------------------------------------------------------
    # THE FILE
    # ------------------------------------------------------------

    def _get_file_lang(self):
        """Return the language of the person, else that of the organisation."""
        # sudo: reads the languages only
        request = self.sudo()
        return request.partner_id.lang or request.company_id.partner_id.lang or self.env.lang

    def _get_file_env(self):
        # sudo: who may handle the request, see _check_may_handle, gets all of this person; what
        # else the sections read is masked or left out here, and not by record rules
        return self.sudo().with_context(
            lang=self._get_file_lang(),
            active_test=False,
            party_names=False,
            allowed_company_ids=self.company_id.ids,
        )

    def _get_access_file(self):
        """Return the file of this person, see the class.

        :raise AccessError: see ``_check_may_handle``
        """
        self.ensure_one()
        self._check_may_handle()
        request = self._get_file_env()
        company = request.company_id
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_on": fields.Date.context_today(self),
            "organisation": {name: company[name] or "" for name in ("name", "email", "phone")},
            "sections": [section for section in request._get_sections() if section["records"]],
            "information": [
                {"title": title, "text": text} for title, text in request._get_information()
            ],
        }

    def _get_sections(self):
        """Return the sections of the file, also empty ones."""
        mask = self._get_mask()
        parties = self._get_parties()
        sections = [self._get_contact_section()]
        for party in parties:
            sections += self._get_case_sections(party, mask)
        sections += self._get_row_sections(parties, {"party"}, mask)
        sections += self._get_thread_sections(parties, mask)
        if self.partner_id.is_confidential:  # else it is the whole organisation's
            sections += self._get_thread_sections(self.partner_id, mask)
        return sections + self._get_referrer_sections(mask)

    def _get_contact_section(self):
        contact = self.partner_id
        names = ("name", "street", "street2", "zip", "city", "phone", "email")
        values = [self._get_value(contact, name, contact[name]) for name in names if contact[name]]
        return self._section("contact", self.env._("Contact"), [("", values)])

    # ------------------------------------------------------------
    # ROWS THAT BELONG TO WHAT THE PERSON IS
    # ------------------------------------------------------------

    @api.model
    def _get_row_models(self, model, about):
        """Return ``{(model, path)}`` of the rows under a record that are about one person only.

        :param model: of what a person is
        :param about: words of the inventory
        """
        engine = self.env["buurtbemiddeling.anonymizer"]
        rows = {
            (name, path)
            for name, path in engine._get_lines(tuple(about))
            if path != "." and engine._get_target(name, path) == model
        }
        if not self.env.user.has_group("buurtbemiddeling_case.group_extra"):
            rows -= {row for row in rows if row[0] == "buurtbemiddeling.extra.signal"}
        return sorted(rows)

    def _get_row_sections(self, subjects, about, mask):
        """Return the rows under records that this person is, a section for each kind."""
        if not subjects:
            return []
        sections = []
        for name, path in self._get_row_models(subjects._name, about):
            rows = self.env[name].search(Domain(path, "in", subjects.ids))
            sections.append(
                self._section(
                    name.removeprefix("buurtbemiddeling."),
                    self.env["ir.model"]._get(name).name,
                    [("", self._get_values(row, about, mask)) for row in rows],
                )
            )
        return sections

    # ------------------------------------------------------------
    # WHO WORKS FOR A REFERRER, OR SITS IN A STEERING GROUP
    # ------------------------------------------------------------

    def _get_referrer_sections(self, mask):
        """Return when this person did something for others: of those nothing is told."""
        sections = []
        if not self.partner_id:
            return sections
        fields_of = {}
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            if line.about in ("referrer", "colleague") and line.model in self.env:
                field = self.env[line.model]._fields.get(line.field)
                if field is not None and field.comodel_name == "res.partner":
                    fields_of.setdefault(line.model, set()).add(line.field)
        for name, names in fields_of.items():
            model = self.env[name]
            domain = Domain.OR(Domain(field, "in", self.partner_id.ids) for field in names)
            if "company_id" in model._fields:
                domain &= Domain("company_id", "=", self.company_id.id)
            rows = [
                ("", values)
                for row in model.search(domain)
                if (values := self._get_values(row, {"referrer"}, mask, types=DATES))
            ]
            title = self.env["ir.model"]._get(name).name
            sections.append(self._section(name.removeprefix("buurtbemiddeling."), title, rows))
        return sections

    # ------------------------------------------------------------
    # MESSAGES, FILES, TO-DOS
    # ------------------------------------------------------------

    def _get_thread_sections(self, records, mask):
        """Return the messages, files and to-dos on these records' own pages."""
        if not records:
            return []
        return [
            self._get_message_section(records, mask),
            self._get_document_section(records, mask),
            self._get_todo_section(records, mask),
        ]

    def _get_message_section(self, records, mask):
        messages = self.env["mail.message"].search(
            [("model", "=", records._name), ("res_id", "in", records.ids)], order="date, id"
        )
        rows = [
            ("", self._get_message_values(message, mask))
            for message in messages
            if html2plaintext(message.body or "").strip()
        ]
        return self._section("messages", self.env._("Messages and notes"), rows)

    def _get_document_section(self, records, mask):
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("res_field", "=", False),
            ],
            order="create_date, id",
        )
        rows = []
        for file in files:
            values = self._get_values(file, set(), mask, only=["create_date"])
            values.append(self._value("name", self.env._("Name"), mask(file.name)))
            rows.append(("", values))
        return self._section("documents", self.env._("Documents: ask for a copy"), rows)

    def _get_todo_section(self, records, mask):
        todos = self.env["mail.activity"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        rows = []
        for todo in todos:
            values = self._get_values(todo, set(), mask, only=["date_deadline"])
            text = f"{todo.summary or ''}\n{html2plaintext(todo.note or '')}"
            values.append(self._value("summary", self.env._("What"), mask(text)))
            rows.append(("", values))
        return self._section("activities", self.env._("To-dos about you"), rows)

    def _get_message_values(self, message, mask):
        mine = message.author_id and message.author_id == self.partner_id
        sender = self.env._("You") if mine else self.company_id.name
        values = [
            *self._get_values(message, set(), mask, only=["date"]),
            self._value("author", self.env._("From"), sender),
        ]
        if message.subject:
            values.append(self._value("subject", self.env._("Subject"), mask(message.subject)))
        body = mask(html2plaintext(message.body))
        return [*values, self._value("body", self.env._("Text"), body)]

    # ------------------------------------------------------------
    # WHAT THE LAW WANTS TOLD AS WELL
    # ------------------------------------------------------------

    def _get_information(self):
        """Return ``[(title, text)]`` of what is told with the data (AVG, article 15(1) and (2))."""
        company = self.company_id
        return [
            (
                self.env._("What we use the data for"),
                self.env._(
                    "To help neighbours solve a quarrel, to guide the volunteers who do that, and"
                    " to count how often we could help. Nobody is judged or sorted by a computer."
                ),
            ),
            (
                self.env._("Who gets the data"),
                self.env._(
                    "The coordinators of %s, and the volunteers who help in your case as far as"
                    " they need it. Who referred you hears whether we could help, never what you"
                    " told. Whom we told something is in this file.",
                    company.name,
                ),
            ),
            (
                self.env._("How long we keep the data"),
                self.env._(
                    "%s months after the case is closed. Then we remove all that tells who you"
                    " are.",
                    company.buurtbemiddeling_retention_months,
                ),
            ),
            (
                self.env._("What is not in this file"),
                self.env._(
                    "What others told us, and notes about the case as a whole in which others can"
                    " be recognised. Their names and addresses were taken out of your own data."
                ),
            ),
            *self._get_rights_information(),
        ]

    def _get_rights_information(self):
        """Return what one may ask, and to whom one may complain."""
        company = self.company_id
        contact = ", ".join(filter(None, [company.name, company.email, company.phone]))
        return [
            (
                self.env._("Your rights"),
                self.env._(
                    "You can have data corrected or removed, have their use limited, object, and"
                    " take the data along. Ask us: %s.",
                    contact,
                ),
            ),
            (
                self.env._("Complaints"),
                self.env._(
                    "Are you not satisfied? Tell us. You can also complain to the Autoriteit"
                    " Persoonsgegevens: www.autoriteitpersoonsgegevens.nl."
                ),
            ),
        ]
