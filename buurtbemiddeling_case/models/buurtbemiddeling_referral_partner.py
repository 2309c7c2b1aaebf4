from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingReferralPartner(models.Model):
    """An organisation that refers residents: a housing corporation, the police, ...

    Name, address and contact persons (its child contacts: wijkagent, woonconsulent, ...) live in
    Contacts; what was agreed about referring and feedback lives here. Its thread reaches the
    coordinators of the organisation and, when named, this partner's own people; these never follow,
    so that nobody gets the feedback that was meant for a colleague.
    """

    _name = "buurtbemiddeling.referral.partner"
    _description = "Referral Partner"
    _inherit = [
        "buurtbemiddeling.care.mixin",
        "buurtbemiddeling.referral.partner.covenant.mixin",
        "buurtbemiddeling.referral.partner.pace.mixin",
        "buurtbemiddeling.referral.partner.portal.mixin",
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
        "buurtbemiddeling.referral.partner.merge.mixin",
    ]
    _order = "name, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Organisation",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_company", "=", True)],
        check_company=True,
    )
    name = fields.Char(related="partner_id.name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    referrer_type_id = fields.Many2one(
        "buurtbemiddeling.referrer.type", "Type", required=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        index="btree_not_null",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        help="Who keeps in touch with this partner. Empty: it is on everyone's My day.",
    )
    agreement_date = fields.Date("Agreement since")
    agreement_review_date = fields.Date("Review the agreement on")
    feedback_wording = fields.Selection(
        [
            ("ended", "Only that the case has ended"),
            ("result", "Ended, and whether it was solved"),
        ],
        required=True,
        default="ended",
        help="What this partner may be told when a case has ended.",
    )
    contact_ids = fields.One2many(
        related="partner_id.child_ids", string="Contact persons", readonly=False
    )
    agreement_ids = fields.One2many(
        "buurtbemiddeling.referral.agreement", "referral_partner_id", "Agreed apart from these"
    )
    link_ids = fields.One2many(
        "buurtbemiddeling.referral.link", "referral_partner_id", "One-time links"
    )
    case_ids = fields.One2many("buurtbemiddeling.case", "referral_partner_id", "Cases")
    case_count = fields.Integer(compute="_compute_case_count")
    feedback_owed_count = fields.Integer(compute="_compute_case_count")

    _partner_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id)", "This organisation is a referral partner already."
    )

    def _compute_case_count(self):
        groups = self.env["buurtbemiddeling.case"]._read_group(
            [("referral_partner_id", "in", self.ids)],
            ["referral_partner_id", "feedback_state"],
            ["__count"],
        )
        total, owed = {}, {}
        for partner, state, count in groups:
            total[partner.id] = total.get(partner.id, 0) + count
            if state == "owed":
                owed[partner.id] = count
        for partner in self:
            partner.case_count = total.get(partner.id, 0)
            partner.feedback_owed_count = owed.get(partner.id, 0)

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        for partner in self:
            partner.display_name = partner.partner_id.display_name

    def _get_addressable_residents(self):
        """This organisation and its contact persons, who are no residents of any case."""
        people = self.partner_id | self.contact_ids
        # sudo: the flag is not for everyone to read; it only decides who may be written to
        return people.filtered(lambda contact: not contact.sudo().is_confidential)

    def _check_recipients(self, refused, loose_addresses=False):
        """Raise ``UserError`` when there is someone outside this partner and buurtbemiddeling."""
        if refused:
            raise UserError(
                self.env._(
                    "From this page you can only write to %s, its contact persons and colleagues"
                    " of buurtbemiddeling. Add a contact person first.",
                    self.name,
                )
            )
        return super()._check_recipients(refused, loose_addresses)

    def action_open_feedback_owed(self):
        """Open the cases whose end this partner has not heard of yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_case_action_feedback_owed"
        )
        action["domain"] = [("referral_partner_id", "=", self.id), ("feedback_state", "=", "owed")]
        action["context"] = {}
        return action

    def action_open_cases(self):
        """Open the cases that this partner referred."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_case_action"
        )
        modes = action["view_mode"].split(",")
        modes.sort(key=lambda mode: mode != "list")  # most are closed, at the end of the board
        return {
            **action,
            "domain": [("referral_partner_id", "=", self.id)],
            "context": {},
            "view_mode": ",".join(modes),
            "views": [(False, mode) for mode in modes],
        }
