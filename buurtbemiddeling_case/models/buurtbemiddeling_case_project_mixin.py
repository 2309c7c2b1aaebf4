import functools

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class BuurtbemiddelingCaseProjectMixin(models.AbstractModel):
    """A case follows who may see its project, see ``buurtbemiddeling.project.rights.mixin``."""

    _name = "buurtbemiddeling.case.project.mixin"
    _description = "Project of a Case"

    closed_project_text = fields.Char(compute="_compute_closed_project_text")

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
        project = self.sudo().project_id[:1].with_env(self.env)
        return self.env._(
            "“%(project)s” is only for its own coordinators, and this case falls under it. Ask them"
            " to register it or to take it over: %(who)s.",
            project=project.name,
            who=project._get_members_text(),
        )

    def _check_access(self, operation):
        """Say who does register a case in a project that is closed to the user.

        Only to who made it just now: of other cases nothing is told.
        """
        result = super()._check_access(operation)
        if result and operation == "create":
            # sudo: reads why it was refused
            mine = result[0].sudo().filtered(
                lambda case: (
                    case.create_uid == self.env.user
                    and case.project_id._is_closed_to(self.env.user)
                )
            )
            if mine:
                text = mine[0].with_env(self.env)._get_closed_project_text()
                return result[0], functools.partial(AccessError, text)
        return result

    def _check_stays_within_reach(self, vals):
        """Nobody loses sight of a case by moving it: then nobody would know that it is there.

        :raise AccessError: says who may take it over
        """
        if not self.env.su:
            for case in self:
                if case.sudo().project_id._is_closed_to(self.env.user):  # sudo: as above
                    raise AccessError(case._get_closed_project_text())
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
