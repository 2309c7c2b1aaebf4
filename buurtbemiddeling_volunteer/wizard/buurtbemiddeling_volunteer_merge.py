from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingVolunteerMerge(models.TransientModel):
    """Merge volunteers that are the same person, and their contacts."""

    _name = "buurtbemiddeling.volunteer.merge"
    _description = "Merge Volunteers"

    volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        string="Volunteers",
        required=True,
        help="These are the same person and become one.",
    )
    kept_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        "Keep name and address of",
        required=True,
        ondelete="cascade",
        compute="_compute_kept_id",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        domain="[('id', 'in', volunteer_ids)]",
    )

    @api.depends("volunteer_ids")
    def _compute_kept_id(self):
        """The one with most cases, and then the oldest, is proposed."""
        for wizard in self:
            wizard.kept_id = wizard.volunteer_ids._origin.sorted(
                lambda volunteer: (-volunteer.case_count, volunteer.id)
            )[:1]

    def action_merge(self):
        """Merge the volunteers and their contacts, and open the one that is kept.

        :raise UserError: they can not be merged; it says why
        """
        self.ensure_one()
        volunteers = self.volunteer_ids
        volunteers.check_access("write")
        contacts = volunteers.partner_id
        contacts.check_access("write")
        if len(volunteers) < 2 or self.kept_id not in volunteers:
            raise UserError(self.env._("Choose two or three volunteers who are the same person."))
        if len(volunteers.company_id) > 1:
            raise UserError(
                self.env._(
                    "These volunteers belong to different organisations. Each keeps its own."
                )
            )
        # sudo: coordinators do not merge contacts as such. Who may read and change all of these
        # may merge them, but for logins: nobody gets hold of a login by another's mail address.
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        logins = contacts.sudo().with_context(active_test=False).user_ids
        if len(logins) > 1:
            raise UserError(
                self.env._(
                    "They have two logins. Ask the administrator of Odoo to delete the one that is"
                    " not used, then merge them."
                )
            )
        if logins and len(set(contacts.mapped("email_normalized"))) > 1:
            raise UserError(
                self.env._(
                    "One of them logs in, and their e-mail addresses differ. Ask the administrator"
                    " of Odoo to merge the two contacts."
                )
            )
        wizard._merge(contacts.ids, self.kept_id.partner_id, extra_checks=False)
        return {
            "type": "ir.actions.act_window",
            "res_model": "buurtbemiddeling.volunteer",
            "res_id": self.kept_id.id,
            "view_mode": "form",
        }
