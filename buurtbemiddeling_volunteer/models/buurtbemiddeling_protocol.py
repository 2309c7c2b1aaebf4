from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

# what volunteers have accepted, which never changes once it was published
ACCEPTED_FIELDS = ("name", "version", "content", "file", "file_name", "company_id", "date_from")


class BuurtbemiddelingProtocol(models.Model):
    """A version of the working protocol that each volunteer of an organisation reads and accepts.

    Exactly one version is current. A published version is not changed, only followed by a new one;
    the acceptance of the version before it counts until the term of the new one.
    """

    _name = "buurtbemiddeling.protocol"
    _description = "Working Protocol"
    _order = "company_id, date_from desc, id desc"

    name = fields.Char(required=True, default=lambda self: self.env._("Working protocol"))
    version = fields.Char(required=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("draft", "Draft"), ("current", "Current"), ("past", "Past")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    date_from = fields.Date(
        "Counts from", required=True, default=fields.Date.context_today, copy=False
    )
    date_grace = fields.Date(
        "Accept before the end of",
        copy=False,
        help="Until this day the acceptance of the version before it counts as well. Empty: whoever"
        " has not accepted this version gets no new cases from the first day.",
    )
    content = fields.Html("Text")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    acceptance_ids = fields.One2many(
        "buurtbemiddeling.protocol.acceptance", "protocol_id", "Accepted by"
    )
    acceptance_count = fields.Integer("Accepted", compute="_compute_counts")
    missing_count = fields.Integer("Not accepted yet", compute="_compute_counts")

    _version_uniq = models.Constraint(
        "UNIQUE(company_id, version)", "There is a version with this number. Use the next one."
    )
    _current_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'current'",
        "There is one current protocol. Publish the new version, then the old one is past.",
    )
    _term_in_order = models.Constraint(
        "CHECK(date_grace IS NULL OR date_grace >= date_from)",
        "The term to accept a protocol ends on or after the day from which it counts."
        " Correct one of the two dates.",
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for protocol in self:
            protocol.display_name = " ".join(filter(None, (protocol.name, protocol.version)))

    @api.depends("acceptance_ids", "state")
    def _compute_counts(self):
        """Who gets cases and has not accepted it, is counted as missing for the current one."""
        accepted = dict(
            self.env["buurtbemiddeling.protocol.acceptance"]._read_group(
                [("protocol_id", "in", self.ids)], ["protocol_id"], ["__count"]
            )
        )
        asked = dict(
            self.env["buurtbemiddeling.volunteer"]._read_group(
                self._get_asked_domain(), ["company_id"], ["__count"]
            )
        )
        for protocol in self:
            protocol.acceptance_count = accepted.get(protocol._origin, 0)
            protocol.missing_count = (
                asked.get(protocol.company_id, 0) if protocol.state == "current" else 0
            )

    @api.model
    def _get_current(self, companies):
        """Return ``{company: its current protocol}``, without the companies that have none."""
        protocols = self.search([("company_id", "in", companies.ids), ("state", "=", "current")])
        return {protocol.company_id: protocol for protocol in protocols}

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_state_is_not_typed(vals)
        protocols = super().create(vals_list)
        self.env["buurtbemiddeling.volunteer"]._forget_requirement_states()
        return protocols

    def write(self, vals):
        """Refuse to change what was published, raising ``UserError``."""
        self._check_state_is_not_typed(vals)
        published = self.filtered(lambda protocol: protocol.state != "draft")
        if published and any(name in vals for name in ACCEPTED_FIELDS):
            raise UserError(
                self.env._(
                    "%s has been published, and volunteers accepted it as it is. Make a new"
                    " version.",
                    published[0].display_name,
                )
            )
        res = super().write(vals)
        self.env["buurtbemiddeling.volunteer"]._forget_requirement_states()
        return res

    def _check_state_is_not_typed(self, vals):
        """Refuse to make a published version a draft again, or to publish one without its checks.

        :raise UserError: says what to do
        """
        if self.env.su or "state" not in vals:
            return
        if self or vals["state"] != "draft":
            raise UserError(self.env._("Use the button “Publish” to make a version current."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if published := self.filtered(lambda protocol: protocol.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "%s has been published and stays, so that it is known what was accepted.",
                    published.display_name,
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_publish(self):
        """Make this draft the current version, and the one before it past.

        :raise UserError: it is no draft, or counts from a day that can not be
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.state != "draft":
            raise UserError(self.env._("%s has been published already.", self.display_name))
        previous = self._get_current(self.company_id).get(self.company_id, self.browse())
        if self.date_from > today:
            raise UserError(
                self.env._(
                    "A protocol is published on the day from which it counts, or later. Let it"
                    " count from today and give volunteers a term, or publish it on %s.",
                    format_date(self.env, self.date_from),
                )
            )
        if previous and previous.date_from > self.date_from:
            raise UserError(
                self.env._(
                    "A new version counts from the same day as the one before it or later."
                    " %(previous)s counts from %(date)s.",
                    previous=previous.display_name,
                    date=format_date(self.env, previous.date_from),
                )
            )
        (self | previous).check_access("write")
        # sudo: a version becomes current or past only here, as nobody may type it
        previous.sudo().state = "past"
        previous.flush_recordset(["state"])  # there is never more than one current version
        self.sudo().state = "current"

    def action_new_version(self):
        """Open a draft with the text of this version."""
        self.ensure_one()
        draft = self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "draft")], limit=1
        )
        if not draft:
            draft = self.copy({"version": self._get_next_version()})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_mail(self):
        """Mail each active volunteer who has not accepted this version, one mail each.

        :raise UserError: it is not the current version
        """
        self.ensure_one()
        if self.state != "current":
            raise UserError(self.env._("Only the current version is sent to volunteers."))
        volunteers = self.env["buurtbemiddeling.volunteer"].search(self._get_asked_domain())
        mailable = volunteers.partner_id._filtered_mailable()
        reached = volunteers.filtered(lambda volunteer: volunteer.partner_id in mailable)
        template = self.env.ref("buurtbemiddeling_volunteer.mail_template_protocol")
        template.send_mail_batch(
            reached.ids, email_values={"attachment_ids": self._make_attachment().ids}
        )
        return self._notify(
            self.env._("Mails sent: %s", len(reached)),
            self.env._("Without e-mail: %s.", ", ".join((volunteers - reached).mapped("name")))
            if volunteers - reached
            else "",
        )

    def action_open_missing(self):
        """Open the volunteers who get cases and have not accepted this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_action_protocol"
        )
        action["domain"] = list(self._get_asked_domain())
        return action

    def _get_asked_domain(self):
        """Return who gets cases and has not accepted one of these, which are current."""
        return Domain("protocol_to_accept_id", "in", self.ids) & Domain(
            "stage_id.is_active", "=", True
        )

    def _make_attachment(self):
        """Return the file as an attachment of the mails, empty when there is no file."""
        attachments = self.env["ir.attachment"]
        if not self.file:
            return attachments
        return attachments.create(
            {
                "name": self.file_name or self.display_name,
                "datas": self.file,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    @api.model
    def _notify(self, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_next_version(self):
        """Return the number of versions of the organisation and one more, as text."""
        versions = self.search([("company_id", "=", self.company_id.id)]).mapped("version")
        number = len(versions) + 1
        while str(number) in versions:
            number += 1
        return str(number)
