from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingKeyContact(models.Model):
    """Someone who knows a neighbourhood and its people (sleutelfiguur): a caretaker, an imam, ...

    Name, phone and e-mail live in Contacts. A key contact hears nothing of cases: coordinators look
    up whom they may phone, and no data goes the other way.
    """

    _name = "buurtbemiddeling.key.contact"
    _description = "Key Contact"
    _inherit = [
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
        "buurtbemiddeling.network.mixin",
    ]
    _order = "name, id"
    _rec_names_search = ["name"]

    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("is_company", "=", False), ("is_confidential", "=", False)],
    )
    name = fields.Char(related="partner_id.name", store=True, precompute=True)
    function = fields.Char(related="partner_id.function", readonly=False)
    organisation_id = fields.Many2one(related="partner_id.parent_id", string="Organisation")
    phone = fields.Char(related="partner_id.phone", readonly=False)
    email = fields.Char(related="partner_id.email", readonly=False)
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    area_ids = fields.Many2many(
        "buurtbemiddeling.area",
        "buurtbemiddeling_key_contact_area_rel",
        "key_contact_id",
        "area_id",
        string="Areas",
        help="Where this person knows the people.",
    )
    role = fields.Selection(
        [
            ("resident", "Active resident"),
            ("caretaker", "Caretaker or concierge"),
            ("community", "Community worker"),
            ("police", "Community police officer"),
            ("faith", "Church or mosque"),
            ("school", "School"),
            ("care", "Care or social team"),
            ("association", "Association or shopkeepers"),
            ("other", "Other"),
        ],
        required=True,
        default="resident",
        help="What this person is in the neighbourhood.",
    )
    strengths = fields.Char(
        "Good for", help="Knows the Turkish families, opens the community room, ... No resident."
    )
    last_contact_date = fields.Date("Last contact on", copy=False)
    note = fields.Html("Notes")
    active = fields.Boolean(default=True)

    @api.depends("partner_id.name", "role")
    @api.depends_context("lang")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for contact in self:
            contact.display_name = f"{contact.partner_id.name}, {roles.get(contact.role)}"

    @api.constrains("partner_id")
    def _check_partner(self):
        self._check_ordinary_contacts(self.partner_id)

    @api.constrains("last_contact_date")
    def _check_contact_was(self):
        today = fields.Date.context_today(self)
        if any(each.last_contact_date and each.last_contact_date > today for each in self):
            raise ValidationError(
                self.env._(
                    "The last contact was today or earlier. Plan an activity for what is to come."
                )
            )

    def _get_addressable_residents(self):
        """This person, who is no resident of any case."""
        # sudo: the flag is not for everyone to read; it only decides who may be written to
        return self.partner_id.filtered(lambda contact: not contact.sudo().is_confidential)

    def action_note_contact(self):
        """There was contact today."""
        self.last_contact_date = fields.Date.context_today(self)
