from odoo import api, fields, models
from odoo.tools import format_date

THANKS_MODES = [
    ("card", "Card"),
    ("letter", "Letter"),
    ("mail", "E-mail"),
    ("gift", "Gift"),
    ("spoken", "Spoken word"),
]


class BuurtbemiddelingThanks(models.Model):
    """That a volunteer was thanked: when, for what, how, by whom and in which words."""

    _name = "buurtbemiddeling.thanks"
    _description = "Thank-you Note"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    occasion_id = fields.Many2one(
        "buurtbemiddeling.thanks.occasion", required=True, ondelete="restrict"
    )
    mode = fields.Selection(THANKS_MODES, "How", required=True, default="card")
    text = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        "By",
        default=lambda self: self._default_user_id(),
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        ondelete="set null",
    )

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user if user.has_group("buurtbemiddeling_case.group_user") else user.browse()

    @api.depends("occasion_id.name", "volunteer_id.name")
    def _compute_display_name(self):
        for thanks in self:
            thanks.display_name = ", ".join(
                filter(None, [thanks.occasion_id.name, thanks.volunteer_id.name])
            )

    @api.onchange("volunteer_id", "occasion_id", "date")
    def _onchange_occasion_id(self):
        """Warn, not forbid: a second card may be meant."""
        earlier = self._get_earlier(self.volunteer_id._origin, self.occasion_id, self.date)
        earlier -= self._origin
        if not earlier:
            return None
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("Thanked already this year"),
                "message": "\n".join(earlier._describe()),
            }
        }

    @api.model
    def _get_earlier(self, volunteers, occasion, day):
        """Return the thanks of ``volunteers`` for ``occasion`` in the year of ``day`` (date)."""
        if not (volunteers and occasion and day):
            return self.browse()
        return self.search(
            [
                ("volunteer_id", "in", volunteers.ids),
                ("occasion_id", "=", occasion.id),
                ("date", ">=", day.replace(month=1, day=1)),
                ("date", "<=", day.replace(month=12, day=31)),
            ]
        )

    def _describe(self):
        """Return one line of text for each: who was thanked when."""
        return [
            self.env._(
                "%(volunteer)s was thanked on %(date)s.",
                volunteer=thanks.volunteer_id.name,
                date=format_date(self.env, thanks.date),
            )
            for thanks in self
        ]

    # ------------------------------------------------------------
    # MAIL AND PAPER
    # ------------------------------------------------------------

    def _send_mail(self, subject):
        """Mail each of these to its volunteer, who sees no other address."""
        for thanks in self:
            thanks.volunteer_id.message_notify(
                subject=subject,
                body=thanks._render_message(),
                partner_ids=thanks.volunteer_id.partner_id.ids,
                email_layout_xmlid="buurtbemiddeling_case.letter_mail_layout",
                email_add_signature=False,
            )

    def _render_message(self):
        """Return the message in the language of the volunteer, as safe HTML."""
        lang = self._get_lang()
        return (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render("buurtbemiddeling_volunteer.thanks_message", {"thanks": self}, lang=lang)
        )

    def action_print(self):
        """Print a letter for each of these, each on a page of its own."""
        return self.env.ref("buurtbemiddeling_volunteer.action_report_thanks").report_action(
            self, config=False
        )

    def _get_lang(self):
        """Return the language of the volunteer's contact, as a code of Odoo."""
        self.ensure_one()
        return self.volunteer_id.partner_id.lang or self.env.lang

    def _get_postal_lines(self):
        """Return the lines for the window of the envelope; only the name without an address."""
        self.ensure_one()
        contact = self.volunteer_id.partner_id
        town = "  ".join(filter(None, [contact.zip, contact.city]))
        return [line for line in (contact.name, contact.street, contact.street2, town) if line]
