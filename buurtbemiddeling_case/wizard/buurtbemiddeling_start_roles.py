from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class BuurtbemiddelingStartRoles(models.TransientModel):
    """The first screen after installing: who gets which role, and what is on letters.

    Installing gives nobody access, so this is for the administrator of Odoo's users. It only adds
    roles, to those who were chosen, and may be used as often as one likes.
    """

    _name = "buurtbemiddeling.start.roles"
    _description = "Roles in Buurtbemiddeling"

    company_id = fields.Many2one(
        "res.company",
        "Organisation",
        required=True,
        default=lambda self: self.env.company,
        help="The organisation that residents get letters from.",
    )
    name = fields.Char(
        related="company_id.name",
        readonly=False,
        related_sudo=False,
        required=True,
        help="Stands on every letter.",
    )
    street = fields.Char(related="company_id.street", readonly=False, related_sudo=False)
    zip = fields.Char(related="company_id.zip", readonly=False, related_sudo=False)
    city = fields.Char(related="company_id.city", readonly=False, related_sudo=False)
    phone = fields.Char(
        related="company_id.phone",
        readonly=False,
        related_sudo=False,
        help="Residents and referrers phone this.",
    )
    email = fields.Char(
        related="company_id.email",
        readonly=False,
        related_sudo=False,
        help="Letters by mail come from this address.",
    )
    manager_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_start_roles_manager_rel",
        string="Administrators",
        domain=[("share", "=", False)],
        help="Do what coordinators do, and keep the lists, terms, privacy and settings. One or two"
        " people.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_start_roles_user_rel",
        string="Coordinators",
        domain=[("share", "=", False)],
        help="See and handle all cases of the organisation, with names and stories.",
    )
    extra_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_start_roles_extra_rel",
        string="Sees signals",
        domain=[("share", "=", False)],
        help="Coordinators who also read what is known of danger, health and addiction. As few as"
        " possible.",
    )
    opens_my_day = fields.Boolean(
        "They begin on My day",
        default=True,
        help="Whoever has no first screen of their own yet sees My day after logging in.",
    )
    held_text = fields.Text("Who has a role now", compute="_compute_held_text")

    @api.model
    def _get_roles(self):
        """Return ``{field of the people: xml id of the group that they get}``."""
        return {
            "manager_ids": "buurtbemiddeling_case.group_manager",
            "user_ids": "buurtbemiddeling_case.group_user",
            "extra_ids": "buurtbemiddeling_case.group_extra",
        }

    @api.depends("company_id")
    def _compute_held_text(self):
        """Say who has which role; who has a higher role is named there only."""
        lines = []
        for name, xml_id in self._get_roles().items():
            users = self.env["res.users"].search([("group_ids", "in", self.env.ref(xml_id).ids)])
            if users:
                label = self._fields[name]._description_string(self.env)
                lines.append(f"{label}: {', '.join(users.mapped('name'))}")
        self.held_text = "\n".join(lines) or self.env._("Nobody yet.")

    def action_give(self):
        """Give the roles, and go on to the guided start if the user got there.

        :raise AccessError: for whoever does not administer Odoo's users
        :raise UserError: when nobody was chosen
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_erp_manager"):
            raise AccessError(self.env._("Roles are given by the administrator of Odoo."))
        chosen = {self.env.ref(xml_id): self[name] for name, xml_id in self._get_roles().items()}
        people = self.env["res.users"].union(*chosen.values())
        if not people:
            raise UserError(self.env._("Choose at least one person, and which role they get."))
        for group, users in chosen.items():
            users.write({"group_ids": [Command.link(group.id)]})
        people.write({"company_ids": [Command.link(self.company_id.id)]})
        if self.opens_my_day:
            self._set_first_screen(people)
        return self._get_next_action(people)

    def _set_first_screen(self, people):
        """Let who is in Buurtbemiddeling, and has no first screen, begin on My day."""
        my_day = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_my_day_action")
        people.filtered(
            lambda user: not user.action_id and user.has_group("buurtbemiddeling_case.group_user")
        ).action_id = my_day.id

    def _get_next_action(self, people):
        """Return the guided start for an administrator of ours, else a word of what was done."""
        if self.env.user.has_group("buurtbemiddeling_case.group_manager"):
            start = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_start_step_action")
            menu = self.env.ref("buurtbemiddeling_case.menu_root")
            # the menus are new as well
            return {
                "type": "ir.actions.client",
                "tag": "reload",
                "params": {"action_id": start.id, "menu_id": menu.id},
            }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "message": self.env._(
                    "Done: %(people)s. They find Buurtbemiddeling after loading the page anew. An"
                    " administrator goes on under Configuration, Getting Started.",
                    people=", ".join(people.mapped("name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
