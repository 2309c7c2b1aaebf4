from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import date_utils, format_date

#: What only submitting, approving and replacing fill.
STEP_FIELDS = {"state", "submitted_on", "approved_on", "front"}
#: What still changes after approval; the parts of a plan guard themselves.
OPEN_FIELDS = {
    "user_id", "goal_ids", "activity_ids", "phase_ids", "evaluation_ids", "chapter_ids",
}  # fmt: skip


class BuurtbemiddelingPlan(models.Model):
    """A plan van aanpak: what a project wants to reach in a period, how, with whom, for how much.

    Goals, target groups, activities, phases and evaluation moments are its own records. Targets,
    agreements with partners and budget are kept where they are used, and read from there. The
    steering group approves it in a meeting: from then on the plan stays as it was printed, and a
    change is a new version. What becomes of activities and evaluations is still written down.
    """

    _name = "buurtbemiddeling.plan"
    _description = "Plan of Action"
    _inherit = [
        "buurtbemiddeling.plan.sections.mixin",
        "buurtbemiddeling.plan.progress.mixin",
        "buurtbemiddeling.plan.course.mixin",
    ]
    _order = "date_start desc, project_id, version desc, id desc"

    name = fields.Char(
        "Title", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self._get_default_project(),
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=lambda self: self.env["buurtbemiddeling.plan.activity"]._get_responsible_domain(),
        index=True,
    )
    date_start = fields.Date(
        "From",
        required=True,
        default=lambda self: self._get_next_year(),
    )
    date_end = fields.Date(
        "Until",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("replaced", "Replaced"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    version = fields.Integer(
        compute="_compute_version", store=True, precompute=True, aggregator=None
    )
    previous_id = fields.Many2one(
        "buurtbemiddeling.plan",
        "New version of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    target_group_ids = fields.Many2many(
        "buurtbemiddeling.plan.target.group",
        "buurtbemiddeling_plan_target_group_rel",
        "plan_id",
        "target_group_id",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Whom the plan is meant for.",
    )
    goal_ids = fields.One2many("buurtbemiddeling.plan.goal", "plan_id", "Goals", copy=True)
    activity_ids = fields.One2many("buurtbemiddeling.plan.activity", "plan_id", "Activities")
    phase_ids = fields.One2many("buurtbemiddeling.plan.phase", "plan_id", "Phases", copy=True)
    evaluation_ids = fields.One2many(
        "buurtbemiddeling.plan.evaluation", "plan_id", "Evaluation moments", copy=True
    )
    chapter_ids = fields.One2many("buurtbemiddeling.plan.chapter", "plan_id", "Chapters", copy=True)
    inherited_count = fields.Integer("Texts to look at again", compute="_compute_inherited_count")
    recognition_ambition = fields.Selection(
        [
            ("none", "No recognition"),
            ("recognition", "Recognition"),
            ("plus", "Recognition with plus certificate"),
        ],
        "CCV recognition",
        help="What the project wants to have at the end of the plan.",
    )
    recognition_date = fields.Date("Recognised by")
    recognition_id = fields.Many2one(
        "buurtbemiddeling.recognition", "Recognition now", compute="_compute_recognition_id"
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_end >= date_start)",
        "The plan ends before it starts. Correct one of the two dates.",
    )
    _next_uniq = models.UniqueIndex(
        "(previous_id) WHERE state IN ('draft', 'submitted')",
        "A new version of this plan was started already. Go on with that one.",
    )

    # ------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------

    @api.model
    def _get_default_project(self):
        """Return the only project of the user, or none."""
        projects = self.env["buurtbemiddeling.project"].search(
            [("company_id", "=", self.env.company.id), ("user_ids", "=", self.env.uid)], limit=2
        )
        return projects if len(projects) == 1 else projects[:0]

    @api.model
    def _get_next_year(self):
        """Return the first day of next year: a plan is made before the year begins."""
        today = fields.Date.context_today(self)
        return date_utils.start_of(today, "year") + relativedelta(years=1)

    @api.depends("date_start")
    def _compute_date_end(self):
        for plan in self:
            if plan.date_start and (not plan.date_end or plan.date_end < plan.date_start):
                plan.date_end = date_utils.end_of(plan.date_start, "year")

    @api.depends("previous_id")
    def _compute_version(self):
        for plan in self:
            plan.version = plan.previous_id.version + 1

    @api.depends("project_id", "date_start", "date_end")
    def _compute_name(self):
        for plan in self:
            years = sorted({day.year for day in (plan.date_start, plan.date_end) if day})
            plan.name = plan._in_language().env._(
                "Plan of action %(years)s, %(project)s",
                years="–".join(map(str, years)),
                project=plan.project_id.name or "",
            )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = (
                self.env._("%(plan)s (version %(version)s)", plan=plan.name, version=plan.version)
                if plan.version > 1
                else plan.name
            )

    @api.depends("chapter_ids.is_inherited", "chapter_ids.is_shown")
    def _compute_inherited_count(self):
        for plan in self:
            plan.inherited_count = len(
                plan.chapter_ids.filtered(lambda each: each.is_shown and each.is_inherited)
            )

    @api.depends("company_id")
    def _compute_recognition_id(self):
        current = {
            recognition.company_id: recognition
            for recognition in self.env["buurtbemiddeling.recognition"].search(
                [("company_id", "in", self.company_id.ids)]
            )
        }
        for plan in self:
            plan.recognition_id = current.get(plan.company_id)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("date_start", "date_end")
    def _check_parts_inside(self):
        """Phases and evaluation moments lie in the period of the plan."""
        for plan in self.filtered(lambda each: each.date_start <= each.date_end):
            period = plan._get_period_text()
            for moment in plan.evaluation_ids:
                if not plan.date_start <= moment.date <= plan.date_end:
                    raise ValidationError(
                        self.env._(
                            "The evaluation moment “%(name)s” on %(day)s is outside the period of"
                            " the plan, %(period)s. Choose another day, or another period.",
                            name=moment.name,
                            day=format_date(self.env, moment.date),
                            period=period,
                        )
                    )
            for phase in plan.phase_ids:
                if phase.date_start < plan.date_start or phase.date_end > plan.date_end:
                    raise ValidationError(
                        self.env._(
                            "The phase “%(name)s” is not wholly inside the period of the plan,"
                            " %(period)s. Correct its dates, or those of the plan.",
                            name=phase.name,
                            period=period,
                        )
                    )

    @api.constrains("state", "project_id", "date_start", "date_end")
    def _check_overlap(self):
        """On one day a project has one approved plan."""
        for plan in self.filtered(lambda each: each.state == "approved"):
            other = self.search(
                [
                    ("id", "!=", plan.id),
                    ("project_id", "=", plan.project_id.id),
                    ("state", "=", "approved"),
                    ("date_start", "<=", plan.date_end),
                    ("date_end", ">=", plan.date_start),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(project)s” has an approved plan for that time already: “%(other)s”,"
                        " %(period)s. Make a new version of that plan, or choose another period.",
                        project=plan.project_id.name,
                        other=other.display_name,
                        period=other._get_period_text(),
                    )
                )

    @api.constrains("previous_id", "project_id")
    def _check_previous(self):
        for plan in self:
            if plan.previous_id and plan.previous_id.project_id != plan.project_id:
                raise ValidationError(
                    self.env._(
                        "“%(previous)s” is a plan of another project: “%(plan)s” can not be a new"
                        " version of it.",
                        previous=plan.previous_id.display_name,
                        plan=plan.name,
                    )
                )

    def _get_period_text(self):
        self.ensure_one()
        return self.env._(
            "%(start)s to %(end)s",
            start=format_date(self.env, self.date_start),
            end=format_date(self.env, self.date_end),
        )

    # ------------------------------------------------------------
    # GUARD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A new plan is a draft, and has its chapters at once."""
        plans = super().create(vals_list)
        if any(p.state != "draft" or p.submitted_on or p.approved_on or p.front for p in plans):
            self._refuse_own_steps()
        for plan in plans.filtered(lambda each: not each.chapter_ids):
            plan._fill_chapters()
        return plans

    def write(self, vals):
        """Refuse any change of a plan that is no draft; its steps go past this."""
        if STEP_FIELDS & vals.keys():
            self._refuse_own_steps()
        changed = vals.keys() - OPEN_FIELDS
        if changed == {"meeting_id"}:  # chosen when the plan is approved
            self.filtered(lambda plan: plan._is_kept())._check_draft()
        elif changed:
            self._check_draft()
        return super().write(vals)

    def _write_step(self, vals):
        """Write what only a step of the plan writes: past the guard, and past no other."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _refuse_own_steps(self):
        raise UserError(
            self.env._(
                "A plan is submitted and approved by its buttons, in a meeting of the steering"
                " group."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._check_draft()

    def _is_kept(self):
        """Return whether the steering group approved this plan, so that it stays as it is."""
        self.ensure_one()
        return self.state in ("approved", "replaced")

    def _check_draft(self):
        """:raise UserError: when one of these plans is no draft"""
        for plan in self:
            if plan._is_kept():
                raise UserError(
                    self.env._(
                        "“%s” was approved by the steering group and does not change any more."
                        " Choose “New version” to change the plan.",
                        plan.display_name,
                    )
                )
            if plan.state == "submitted":
                raise UserError(
                    self.env._(
                        "“%s” was submitted to the steering group. Choose “Back to draft” to"
                        " change it.",
                        plan.display_name,
                    )
                )

    def copy(self, default=None):
        """Copy the activities as well, each with the goal of the copy."""
        copies = super().copy(default)
        for plan, new in zip(self, copies, strict=True):
            goals = dict(zip(plan.goal_ids.ids, new.goal_ids.ids, strict=True))
            self.env["buurtbemiddeling.plan.activity"].create(
                [
                    {**values, "plan_id": new.id, "goal_id": goals.get(values["goal_id"])}
                    for values in plan.activity_ids.copy_data()
                ]
            )
        return copies

    def _fill_chapters(self):
        """Start with chapters and texts of the last plan of the project, else of the list."""
        self.ensure_one()
        chapters = self.env["buurtbemiddeling.plan.chapter"]
        last = self.search(
            [("project_id", "=", self.project_id.id), ("id", "!=", self.id)], limit=1
        )
        if last:
            values_list = [chapter._prepare_for_next() for chapter in last.chapter_ids]
        else:
            templates = self._in_language().env["buurtbemiddeling.plan.template.chapter"].search([])
            values_list = [chapters._prepare_from_template(template) for template in templates]
        self.chapter_ids = [fields.Command.create(values) for values in values_list]

    def _in_language(self):
        """Return this plan in the language of its organisation, in which it is printed."""
        return self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
