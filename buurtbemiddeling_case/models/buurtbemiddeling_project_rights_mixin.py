from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from .. import caches

#: what decides who sees a project
RIGHTS = {"is_members_only", "user_ids", "reader_ids"}


class BuurtbemiddelingProjectRightsMixin(models.AbstractModel):
    """A project that is only for its own coordinators.

    Its cases, and all that belongs to them, are there for its coordinators and for the
    administrators of buurtbemiddeling, who can repair what went wrong; its figures are there for
    its readers too. Archiving the project opens nothing. Names and dates of the project itself are
    for every coordinator of the organisation: whoever takes a call must know whom to ask. So are
    volunteers, trainings and contacts, who are shared, and counts of the whole organisation.

    Record rules do it, by ``res.users.buurtbemiddeling_closed_project_ids`` for cases and
    ``buurtbemiddeling_closed_figures_project_ids`` for figures. Their outcome is cached until a
    project changes, so that they cost no query.
    """

    _name = "buurtbemiddeling.project.rights.mixin"
    _description = "Who Sees a Project"

    is_members_only = fields.Boolean(
        "Only for its own coordinators",
        help="Other coordinators see none of its cases and figures. Administrators of"
        " buurtbemiddeling see everything, so that someone can repair what went wrong.",
    )
    reader_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_project_reader_rel",
        "project_id",
        "user_id",
        string="Readers of figures",
        domain=[("share", "=", False)],
        help="They read its figures as far as their role goes, and none of its cases by this.",
    )

    is_closed_to_user = fields.Boolean(
        compute="_compute_is_closed_to_user", export_string_translation=False, exportable=False
    )

    @api.depends("is_members_only", "user_ids")
    @api.depends_context("uid")
    def _compute_is_closed_to_user(self):
        for project in self:
            project.is_closed_to_user = project._origin._is_closed_to(self.env.user)

    @api.model
    @tools.ormcache()
    def _get_members_only(self):
        """Return ``{project id: (ids of its coordinators, ids of its readers)}`` of closed ones."""
        # sudo: the record rules rest on this; only ids, and they are given to nobody
        projects = self.sudo().with_context(active_test=False)
        return {
            project.id: (frozenset(project.user_ids._ids), frozenset(project.reader_ids._ids))
            for project in projects.search([("is_members_only", "=", True)])
        }

    def _forget_members_only(self):
        """Let the record rules look at the projects anew."""
        caches.forget(self.env)
        self.env.invalidate_all()  # what was read by the rights of before

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        if any(vals.get("is_members_only") for vals in vals_list):
            projects._forget_members_only()
            projects._check_coordinators_stay()
        return projects

    def write(self, vals):
        res = super().write(vals)
        if RIGHTS & vals.keys():
            self._forget_members_only()
            self._check_coordinators_stay()
        if "is_members_only" in vals:  # what the calendar shows to colleagues
            self.network_activity_ids._sync_calendar()
        return res

    def unlink(self):
        res = super().unlink()
        self._forget_members_only()
        return res

    def _check_coordinators_stay(self):
        """Nobody keeps a running case that is closed to him: nobody else would look after it.

        :raise ValidationError: names who is in charge
        """
        # sudo: whoever may change the project is told how many running cases colleagues have in it
        closed = self.sudo().filtered("is_members_only")
        cases = closed.env["buurtbemiddeling.case"].search(
            [("project_id", "in", closed.ids), ("is_closed", "=", False), ("user_id", "!=", False)]
        )
        cases._check_coordinator_is_member()

    @api.model
    def _get_thread_paths(self):
        """Return ``{model with messages or to-dos: path to the project that closes it}``."""
        return {
            "buurtbemiddeling.case": "project_id",
            "buurtbemiddeling.case.party": "case_id.project_id",
            "buurtbemiddeling.covenant": "project_id",
            "buurtbemiddeling.key.contact": "project_id",
            "buurtbemiddeling.network.activity": "project_id",
            "buurtbemiddeling.steering.meeting": "project_id",
            "buurtbemiddeling.unsorted.mail": "project_id",
        }

    # ------------------------------------------------------------
    # WHO MAY
    # ------------------------------------------------------------

    def _is_closed_to(self, user):
        """Whether the cases of this project are closed to ``user``; none is never closed."""
        # sudo: asked of colleagues as well, and yes or no is all that is told
        return bool(self & user.sudo().buurtbemiddeling_closed_project_ids)

    @api.model
    def _are_closed_in(self, company):
        """Whether some project of an organisation is closed to the user."""
        # sudo: reads what the record rules read of the user
        closed = self.env.user.sudo().buurtbemiddeling_closed_project_ids
        return not self.env.su and company in closed.company_id

    @api.model
    def _get_shared_models(self):
        """Return the models of which records of closed projects are not closed themselves, or that
        say in their own words what is closed.
        """
        return {"buurtbemiddeling.case"}

    @api.model
    def _get_figure_models(self):
        """Return the models that readers of a project's figures may read."""
        return set()

    def _check_linked_by(self, model):
        """Refuse to make anything for a project that is closed to the user, or to look what it
        would be: a form works out figures before it is saved.

        :param model: name of the model of which a record is to point to these projects
        :raise AccessError: says whom to ask
        """
        if model in self._get_figure_models():
            self._check_figures_open()
            return
        # sudo: reads what the record rules read of the user
        closed = self & self.env.user.sudo().buurtbemiddeling_closed_project_ids
        if closed and model not in self._get_shared_models():
            raise AccessError(
                self.env._(
                    "“%(project)s” is only for its own coordinators. Ask %(who)s.",
                    project=closed[0].name,
                    who=closed[0]._get_members_text(),
                )
            )

    def _check_figures_open(self):
        """Refuse the figures of a project that is closed to the user; empty is fine.

        :raise AccessError: says whom to ask
        """
        # sudo: reads what the record rules read of the user
        closed = self & self.env.user.sudo().buurtbemiddeling_closed_figures_project_ids
        if closed and not self.env.su:
            raise AccessError(
                self.env._(
                    "The figures of “%(project)s” are only for its own coordinators and readers."
                    " Ask %(who)s.",
                    project=closed[0].name,
                    who=closed[0]._get_members_text(),
                )
            )

    def _get_members_text(self):
        """Return whom to ask about a project that is only for its own coordinators, by name."""
        self.ensure_one()
        # sudo: names of colleagues, and their phone at work; coordinators know one another
        users = self.sudo().user_ids.filtered("active")
        names = [
            f"{user.name} ({user.partner_id.phone})" if user.partner_id.phone else user.name
            for user in users.sorted("name")
        ]
        return ", ".join(names) or self.env._("an administrator of buurtbemiddeling")
