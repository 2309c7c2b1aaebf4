from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingOnwardReferral(models.Model):
    """A resident was referred on to another organisation, and we ask how it went.

    Warm means handed over: with the resident's consent we tell the other organisation who comes,
    so that nobody falls between two stools. The story of the resident is never in it.
    """

    _name = "buurtbemiddeling.onward.referral"
    _description = "Onward Referral"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.case.record.mixin",
        "buurtbemiddeling.follow.up.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    user_id = fields.Many2one(related="case_id.user_id")
    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner",
        "Partner",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Empty for an organisation that does not refer to us itself.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Organisation",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("is_company", "=", True), ("is_confidential", "=", False)],
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact person",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('parent_id', '=', partner_id), ('is_company', '=', False),"
        " ('is_confidential', '=', False)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    is_warm = fields.Boolean(
        "Warm handover",
        default=True,
        help="We told them who comes. Otherwise the resident gets in touch with them himself.",
    )
    is_emergency = fields.Boolean(
        "Acute danger", help="Passed on without consent, because someone was in danger."
    )
    consent_date = fields.Date(
        "Resident agreed on",
        help="When the resident agreed that we pass on name, phone number and question.",
    )
    return_date = fields.Date(
        "Ask how it went on", help="The coordinator of the case gets a to-do for this day."
    )
    state = fields.Selection(
        [
            ("sent", "Referred"),
            ("taken_up", "Taken up"),
            ("returned", "Came back to us"),
            ("declined", "Not taken up"),
        ],
        "How it went",
        required=True,
        default="sent",
    )

    _return_after_referral = models.Constraint(
        "CHECK(return_date IS NULL OR return_date >= date)",
        "You ask how it went on or after the day of the referral. Correct one of the two dates.",
    )
    _consent_before_referral = models.Constraint(
        "CHECK(consent_date IS NULL OR consent_date <= date)",
        "The resident agrees before anything is passed on. Correct one of the two dates.",
    )

    @api.depends("referral_partner_id")
    def _compute_partner_id(self):
        for referral in self:
            referral.partner_id = referral.referral_partner_id.partner_id or referral.partner_id

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for referral in self:
            if referral.contact_id.parent_id == referral.partner_id:
                referral.contact_id = referral.contact_id
            else:
                referral.contact_id = False

    @api.depends("case_id.name", "date")
    def _compute_display_name(self):
        """Neutral: to which organisation someone was referred says something of him."""
        for referral in self:
            referral.display_name = f"{referral.case_id.name}: {referral.date}"

    @api.constrains("partner_id", "contact_id")
    def _check_not_to_a_resident(self):
        """A resident in a quarrel is not an organisation to which others are referred."""
        # sudo: the flag is not for everyone to read; no name is told
        contacts = self.sudo().partner_id | self.sudo().contact_id
        if any(contacts.mapped("is_confidential")):
            raise ValidationError(
                self.env._(
                    "This is the contact of a resident. Choose an organisation, or someone who"
                    " works there."
                )
            )

    def _prepare_follow_up_values(self):
        self.ensure_one()
        if self.state != "sent" or not self.return_date:
            return {}
        return {
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "summary": self.env._("Ask how the onward referral went"),
            "user_id": self.case_id.user_id.id,
            "date_deadline": self.return_date,
        }

    def _is_settled(self):
        return self.state != "sent"
