from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class BuurtbemiddelingCaseProjectMixin(models.AbstractModel):
    """A case follows who may see its project, see ``buurtbemiddeling.project.rights.mixin``."""

    _name = "buurtbemiddeling.case.project.mixin"
    _description = "Project of a Case"

    closed_project_text = fields.Char(
        compute="_compute_closed_project_text", export_string_translation=False, exportable=False
    )

    @api.depends("project_id")
    @api.depends_context("uid", "lang")
    def _compute_closed_project_text(self):
        """While the call still goes on: this one is for others, and who they are."""
        for case in self:
            is_closed = case.project_id._origin._is_closed_to(self.env.user)
            case.closed_project_text = is_closed and case._get_closed_project_text()

    def _get_closed_project_text(self):
        """Return whom to ask about a case in a project that is closed to the user."""
        # sudo: the name of the project, which coordinators may read, of a case that the user has
        # in hands
        project = self.sudo().project_id._origin.with_env(self.env)
        return self.env._(
            "“%(project)s” is only for its own coordinators, and this case falls under it. Ask them"
            " to register it or to take it over: %(who)s.",
            project=project.name,
            who=project._get_members_text(),
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_project_open(vals_list)
        return super().create(vals_list)

    @api.model
    def _check_project_open(self, vals_list):
        """Say who does register a case in a project that is closed to the user.

        The record rule refuses it as well, but not in these words.

        :raise AccessError: names the project and its coordinators
        """
        # sudo: reads what the record rules read of the user
        if self.env.su or not self.env.user.sudo().buurtbemiddeling_closed_project_ids:
            return
        names = ("company_id", "area_id", "registration_date", "project_id")
        defaults = self.default_get(names)
        cases = self.concat(
            *(
                self.new({**defaults, **{name: vals[name] for name in names if name in vals}})
                for vals in vals_list
            )
        )
        cases._refuse_closed()

    def _refuse_closed(self):
        for case in self:
            # sudo: the user has these cases in hands
            if case.sudo().project_id._origin._is_closed_to(self.env.user):
                raise AccessError(case._get_closed_project_text())

    def _check_stays_within_reach(self, vals):
        """Nobody loses sight of a case by moving it: then nobody would know that it is there.

        :raise AccessError: says who may take it over
        """
        if not self.env.su:
            self._refuse_closed()
        return super()._check_stays_within_reach(vals)

    @api.constrains("user_id", "project_id")
    def _check_coordinator_is_member(self):
        """Whoever is in charge of a running case may see it."""
        # sudo: reads who may see the project
        for case in self.sudo().filtered(lambda case: not case.is_closed):
            if case.project_id._is_closed_to(case.user_id):
                count = len(
                    self.filtered(
                        lambda other, case=case: (
                            (other.user_id, other.project_id) == (case.user_id, case.project_id)
                        )
                    )
                )
                raise ValidationError(
                    self.env._(
                        "“%(project)s” is only for its own coordinators, and %(user)s is in charge"
                        " of running cases in it (%(count)s). Make %(user)s one of its"
                        " coordinators, or choose another coordinator for these cases.",
                        project=case.project_id.name,
                        user=case.user_id.name,
                        count=count,
                    )
                )

    def _check_one_circle(self):
        """Refuse to bring cases together that are not for the same people.

        :raise UserError: says what to do
        """
        closed = self.project_id.filtered("is_members_only")
        if closed and (len(closed) > 1 or self.filtered(lambda case: case.project_id != closed)):
            raise UserError(
                self.env._(
                    "“%s” is only for its own coordinators, and not all of these cases fall under"
                    " it. Give them the same project first, so that nobody sees more than before.",
                    closed[0].name,
                )
            )
