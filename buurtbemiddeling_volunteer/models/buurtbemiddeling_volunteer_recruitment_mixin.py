from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging

SOURCES = [
    ("web_form", "Web form"),
    ("volunteer", "Another volunteer"),
    ("event", "Meeting or market"),
    ("press", "Newspaper or social media"),
    ("agency", "Volunteer centre"),
    ("other", "Other"),
]


class BuurtbemiddelingVolunteerRecruitmentMixin(models.AbstractModel):
    """The way of a volunteer through the phases, from first interest to being active.

    A phase asks for what it needs, as data (``buurtbemiddeling.volunteer.stage``). As soon as that
    is there, the volunteer moves by itself, forward only; and keeps the first day by itself.
    """

    _name = "buurtbemiddeling.volunteer.recruitment.mixin"
    _description = "Recruitment of a Volunteer"
    _inherit = ["buurtbemiddeling.screen.mixin"]

    stage_id = fields.Many2one(
        "buurtbemiddeling.volunteer.stage",
        "Phase",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        index=True,
        ondelete="restrict",
        tracking=True,
        group_expand="_read_group_stage_ids",
    )
    is_active_stage = fields.Boolean(related="stage_id.is_active", string="Gets cases")
    is_experienced = fields.Boolean(
        related="stage_id.is_experienced",
        store=True,
        help="Has the first cases behind them, and may be coupled with someone who is new.",
    )
    is_held = fields.Boolean(
        "Stays in this phase",
        copy=False,
        help="Does not move to the next phase by itself. Someone moved this volunteer back.",
    )
    next_stage_id = fields.Many2one(
        "buurtbemiddeling.volunteer.stage", "Next phase", compute="_compute_next_stage"
    )
    next_stage_name = fields.Char(
        compute="_compute_next_stage", export_string_translation=False, exportable=False
    )
    next_stage_needs = fields.Char(
        "Needed for the next phase",
        compute="_compute_next_stage",
        help="Empty when all that the next phase asks is there.",
    )
    has_first_cases = fields.Boolean(
        "First cases done",
        compute="_compute_has_first_cases",
        search="_search_has_first_cases",
        help="As many cases have ended as the organisation asks before being active.",
    )
    source = fields.Selection(
        SOURCES, "Came by", help="How this volunteer came to buurtbemiddeling."
    )
    application_ids = fields.One2many(
        "buurtbemiddeling.volunteer.application", "volunteer_id", "Applications", readonly=True
    )
    date_start = fields.Date("Volunteer since", copy=False)
    date_end = fields.Date("Left on", copy=False)

    _dates_in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A volunteer leaves on or after the first day. Correct one of the two dates.",
    )

    @api.depends("company_id")
    def _compute_stage_id(self):
        first = self.env["buurtbemiddeling.volunteer.stage"].search([], limit=1)
        for volunteer in self:
            volunteer.stage_id = volunteer.stage_id or first

    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    @api.depends(
        "stage_id",
        "missing_requirements",
        "basic_training_date",
        "has_first_cases",
        "intake_result",
        "evaluation_result",
        "enrolment_ids.state",
        "enrolment_ids.session_id.kind",
    )
    @api.depends_context("lang")
    def _compute_next_stage(self):
        """The fields above are those of the usual conditions; others show when read anew."""
        for stage, volunteers in self.grouped("stage_id").items():
            following = stage._get_next() if stage else stage
            lacking = volunteers._get_lacking(following)
            for volunteer in volunteers:
                volunteer.next_stage_id = following
                volunteer.next_stage_name = following.name
                volunteer.next_stage_needs = ", ".join(lacking[volunteer])

    @api.depends("assignment_ids.state", "assignment_ids.case_id")
    def _compute_has_first_cases(self):
        # sudo: work in projects that are closed to the user counts as well; numbers only
        ended = dict(
            self.env["buurtbemiddeling.assignment"]
            .sudo()
            ._read_group(
                [("volunteer_id", "in", self.ids), ("state", "=", "ended")],
                ["volunteer_id"],
                ["case_id:count_distinct"],
            )
        )
        for volunteer in self:
            asked = volunteer.company_id.buurtbemiddeling_first_cases
            volunteer.has_first_cases = ended.get(volunteer._origin, 0) >= asked

    def _search_has_first_cases(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=partial(self._first_cases_to_sql, True in value))

    @api.model
    def _first_cases_to_sql(self, wanted, model, alias, query):
        """Whether a volunteer has (``wanted``) or has not done the first cases.

        Of each volunteer that is left when the other conditions are applied: the ended work of a
        whole country is much more.
        """
        # sudo: as above
        assignments = self.env["buurtbemiddeling.assignment"].sudo()
        ended = assignments._search([("state", "=", "ended")])
        volunteer_id, case_id = (
            SQL.identifier(ended.table, name, to_flush=assignments._fields[name])
            for name in ("volunteer_id", "case_id")
        )
        ended.add_where(SQL("%s = %s", volunteer_id, SQL.identifier(alias, "id")))
        company = self.env["res.company"]
        return SQL(
            "%s %s COALESCE((SELECT %s FROM res_company WHERE id = %s), 0)",
            ended.subselect(SQL("COUNT(DISTINCT %s)", case_id)),
            SQL(">=") if wanted else SQL("<"),
            company._field_to_sql("res_company", "buurtbemiddeling_first_cases"),
            model._field_to_sql(alias, "company_id", query),
        )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """An empty stage, as in an import, is the first stage."""
        return super().create(
            [
                {name: value for name, value in vals.items() if name != "stage_id" or value}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        before = {}
        if "stage_id" in vals:
            before = {v: v.stage_id for v in self if v.stage_id.id != vals["stage_id"]}
        res = super().write(vals)
        if before:
            moved = self.browse().union(*before)
            moved._check_stage_requirements()
            moved._date_membership(vals)
            if "is_held" not in vals:
                moved._settle_hold(before)
        return res

    def _check_screen(self, vals):
        """Whoever is added by hand begins at the beginning: nobody gets cases untrained.

        :raise UserError: when a new volunteer would start in a phase with cases, or gone already
        """
        stage_id = vals.get("stage_id") or self.env.context.get("default_stage_id")
        if not self and stage_id:
            stage = self.env["buurtbemiddeling.volunteer.stage"].browse(stage_id)
            if stage.is_active or stage.is_left:
                raise UserError(
                    self.env._(
                        "A new volunteer can not start in phase “%s”. Add the volunteer in an"
                        " earlier phase, fill in training and documents, and move the card then.",
                        stage.name,
                    )
                )
        return super()._check_screen(vals)

    def _check_stage_requirements(self):
        """Refuse a phase for which a volunteer is not ready.

        Not asked of new, imported or merged volunteers: history comes in with what is known.

        :raise UserError: names the volunteers and what is missing
        """
        if self.env.context.get("import_file") or is_merging(self.env):
            return
        unready = self.filtered(lambda v: v.stage_id.is_active and v.missing_requirements)
        if unready:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s can not get cases yet. Still missing: %(missing)s.",
                        volunteer=volunteer.name,
                        missing=volunteer.missing_requirements,
                    )
                    for volunteer in unready
                )
            )

    def _date_membership(self, vals):
        """The first day is that of the first active phase."""
        starting = self.filtered(lambda v: v.stage_id.is_active and not v.date_start)
        if starting and "date_start" not in vals:
            starting.date_start = fields.Date.context_today(self)

    def _settle_hold(self, before):
        """Who was moved back by a person, is not moved forward again by itself.

        :param before: ``{volunteer: the phase before}``
        """
        back = self.filtered(lambda v: v.stage_id._comes_before(before[v]))
        back.filtered(lambda v: not v.is_held).is_held = True
        (self - back).filtered("is_held").is_held = False

    def action_next_stage(self):
        """Move the volunteer to the next phase.

        :raise UserError: as ``_check_stage_requirements``
        """
        self.ensure_one()
        if self.next_stage_id:
            self.stage_id = self.next_stage_id

    # ------------------------------------------------------------
    # MOVING BY ITSELF
    # ------------------------------------------------------------

    def _get_lacking(self, stage):
        """Return ``{volunteer: [what a phase asks and is not there, in words]}``."""
        lacking = {volunteer: [] for volunteer in self}
        for condition in stage.condition_ids:
            for volunteer in self - self.filtered_domain(condition._get_domain()):
                lacking[volunteer].append(condition.name)
        if stage.is_active:
            for volunteer in self.filtered("missing_requirements"):
                lacking[volunteer].append(volunteer.missing_requirements)
        return lacking

    def _move_when_ready(self):
        """Move the volunteers to the next phase when all that it asks is there, and then further.

        Nobody is moved who takes a break, has left, or was moved back by hand. Not done while
        importing: history comes in with what is known.
        """
        if self.env.context.get("import_file"):
            return
        waiting = self.filtered(lambda v: v.active and not v.is_held)
        while waiting:
            moved = self.browse()
            for stage, volunteers in waiting.grouped("stage_id").items():
                following = stage._get_next()
                if not following.is_automatic:
                    continue
                lacking = volunteers._get_lacking(following)
                ready = volunteers.filtered(lambda v, lacking=lacking: not lacking[v])
                if ready:
                    ready.stage_id = following
                    ready._track_set_log_message(
                        self.env._(
                            "Moved by itself to “%s”: all that this phase asks is there.",
                            following.name,
                        )
                    )
                    moved |= ready
            waiting = moved

    @api.model
    def _cron_move_when_ready(self):
        """Move who became ready without anything being saved, as on the day a paper gets valid."""
        self.search(
            [
                ("is_held", "=", False),
                ("stage_id.is_pause", "=", False),
                ("stage_id.is_left", "=", False),
                ("is_experienced", "=", False),
            ]
        )._move_when_ready()
