from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging


class BuurtbemiddelingVolunteer(models.Model):
    """Someone who mediates, or wants to, in free time.

    Name, phone and e-mail live in Contacts, where every colleague may see them; what
    buurtbemiddeling knows about the volunteer lives here.
    """

    _name = "buurtbemiddeling.volunteer"
    _description = "Volunteer"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "buurtbemiddeling.care.mixin",
        "buurtbemiddeling.volunteer.leaving.mixin",
        "buurtbemiddeling.volunteer.offer.mixin",
        "buurtbemiddeling.volunteer.recruitment.mixin",
        "buurtbemiddeling.volunteer.application.mixin",
        "buurtbemiddeling.volunteer.talk.mixin",
        "buurtbemiddeling.volunteer.requirement.mixin",
        "buurtbemiddeling.volunteer.learning.mixin",
        "buurtbemiddeling.volunteer.load.mixin",
        "buurtbemiddeling.volunteer.work.mixin",
        "buurtbemiddeling.volunteer.availability.mixin",
        "buurtbemiddeling.volunteer.pool.mixin",
        "buurtbemiddeling.volunteer.project.mixin",
        "buurtbemiddeling.volunteer.celebration.mixin",
        "buurtbemiddeling.volunteer.keeping.mixin",
        "buurtbemiddeling.volunteer.feed.mixin",
        "buurtbemiddeling.volunteer.merge.mixin",
        "buurtbemiddeling.volunteer.portal.expense.mixin",
        "buurtbemiddeling.volunteer.portal.own.mixin",
        "buurtbemiddeling.volunteer.portal.mixin",
        "buurtbemiddeling.volunteer.login.mixin",
        "buurtbemiddeling.volunteer.retention.mixin",
        "buurtbemiddeling.volunteer.import.mixin",
        "buurtbemiddeling.screen.mixin",  # last: the others check what is typed
    ]
    _order = "name, id"
    _rec_names_search = ["name"]
    _check_company_auto = True
    _care_user = "coordinator_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("is_company", "=", False)],
    )
    name = fields.Char(related="partner_id.name", store=True, precompute=True, index="trigram")
    phone = fields.Char(related="partner_id.phone", readonly=False)
    email = fields.Char(related="partner_id.email", readonly=False)
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    coordinator_id = fields.Many2one(
        "res.users",
        default=lambda self: self._default_coordinator_id(),
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        index="btree_not_null",
        ondelete="set null",
        help="Who guides this volunteer.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Login",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
        help="The login with which this volunteer sees their own cases on the portal.",
    )
    active = fields.Boolean(default=True)

    # what the volunteer offers
    language_ids = fields.Many2many(
        "buurtbemiddeling.language",
        "buurtbemiddeling_volunteer_language_rel",
        "volunteer_id",
        "language_id",
        string="Languages",
        ondelete="restrict",
        help="Languages in which the volunteer can lead a talk.",
    )
    competence_ids = fields.Many2many(
        "buurtbemiddeling.competence",
        "buurtbemiddeling_volunteer_competence_rel",
        "volunteer_id",
        "competence_id",
        string="Competences",
        ondelete="restrict",
        help="What the volunteer is good at; some follow from trainings that were passed.",
    )
    area_id = fields.Many2one(
        "buurtbemiddeling.area", "Lives in", ondelete="restrict", index="btree_not_null"
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id)", "This person is a volunteer already."
    )
    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL AND external_ref != ''",
        "Another volunteer in this organisation has this number of the old system already.",
    )
    _board_index = models.Index("(company_id, stage_id, name, id)")

    @api.model
    def _default_coordinator_id(self):
        """Whoever adds a volunteer guides them, if that is a coordinator."""
        user = self.env.user
        return user if user.has_group("buurtbemiddeling_case.group_user") else user.browse()

    @api.depends("name", "max_cases")
    @api.depends_context("formatted_display_name", "lang")
    def _compute_display_name(self):
        """In a list to choose from, the name comes with how busy the volunteer is."""
        for volunteer in self:
            volunteer.display_name = volunteer.name
            if self.env.context.get("formatted_display_name") and volunteer.id:
                load = self.env._(
                    "%(running)s of %(maximum)s cases",
                    running=volunteer.active_case_count,
                    maximum=volunteer.max_cases,
                )
                volunteer.display_name = f"{volunteer.name}\t--{load}--"

    @api.constrains("user_id", "partner_id")
    def _check_user(self):
        """The portal shows a volunteer's cases to this login, so it must be the same person's."""
        if is_merging(self.env):  # the contact of the login is merged right after
            return
        for volunteer in self:
            # sudo: coordinators may not read every login; only whose it is, is compared
            user = volunteer.user_id.sudo()
            if user and user.partner_id != volunteer.partner_id:
                raise ValidationError(
                    self.env._(
                        "The login %(login)s belongs to someone else. Choose the login of"
                        " %(volunteer)s.",
                        login=user.login,
                        volunteer=volunteer.name,
                    )
                )
