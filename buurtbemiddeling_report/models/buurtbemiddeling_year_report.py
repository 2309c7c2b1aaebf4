from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import date_utils, format_date

#: What only making a report final fills.
STEP_FIELDS = {"state", "basis", "finalized_on", "finalized_by_id"}


class BuurtbemiddelingYearReport(models.Model):
    """An annual report (jaarverslag), or a progress report (voortgangsrapportage) of a quarter.

    It is about an organisation, or one of its municipalities or projects. The figures are the lines
    of a benchmark; while the report is a draft they follow it, and when it becomes final they are
    kept as they are. The text is the coordinator's own and belongs to this report alone.
    """

    _name = "buurtbemiddeling.year.report"
    _description = "Annual or Progress Report"
    _inherit = [
        "buurtbemiddeling.year.report.making.mixin",
        "buurtbemiddeling.year.report.content.mixin",
        "buurtbemiddeling.project.figures.mixin",
    ]
    _order = "reference_date desc, kind, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Title", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    kind = fields.Selection(
        [("annual", "Annual report"), ("progress", "Progress report")],
        required=True,
        default="progress",
        help="A progress report counts until its date, an annual report the whole year.",
    )
    year = fields.Integer(
        required=True, aggregator=None, default=lambda self: self._get_last_quarter().year
    )
    reference_date = fields.Date(
        compute="_compute_reference_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The figures are those known on this day.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    municipality_id = fields.Many2one(
        "buurtbemiddeling.area",
        domain=[("kind", "=", "municipality")],
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the whole organisation.",
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="For the steering group of a project. Empty: the whole organisation.",
    )
    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark",
        ondelete="restrict",
        index=True,
        copy=False,
        help="The figures of this report.",
    )
    computed_on = fields.Datetime(related="benchmark_id.computed_on", string="Figures computed on")
    state = fields.Selection(
        [("draft", "Draft"), ("final", "Final")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    is_internal = fields.Boolean(
        "For internal use",
        help="Also show numbers that are too small to leave the organisation. The front page says"
        " so, and the steering group does not see the report.",
    )
    basis = fields.Char("Rests on", readonly=True, copy=False)
    finalized_on = fields.Datetime("Final since", readonly=True, copy=False)
    finalized_by_id = fields.Many2one("res.users", "Made final by", readonly=True, copy=False)
    previous_id = fields.Many2one(
        "buurtbemiddeling.year.report",
        "Started from",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    chapter_ids = fields.One2many("buurtbemiddeling.year.report.chapter", "report_id", "Chapters")
    inherited_count = fields.Integer("Texts to look at again", compute="_compute_inherited_count")
    missing_years = fields.Char("Years without a benchmark", compute="_compute_missing_years")

    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2200)", "Give the year in four digits, for instance 2026."
    )
    _draft_uniq = models.UniqueIndex(
        "(company_id, kind, reference_date, COALESCE(municipality_id, 0), COALESCE(project_id, 0))"
        " WHERE state = 'draft'",
        "There is a draft of this report already.",
    )
    _one_part = models.Constraint(
        "CHECK(municipality_id IS NULL OR project_id IS NULL)",
        "A report is about a project or a municipality, not both. Empty one of the two.",
    )

    # ------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------

    @api.model
    def _get_last_quarter(self):
        """Return the last day of the last quarter that is over."""
        return date_utils.start_of(fields.Date.context_today(self), "quarter") - relativedelta(
            days=1
        )

    @api.depends("kind", "year")
    def _compute_reference_date(self):
        last_quarter = self._get_last_quarter()
        for report in self:
            if report.kind == "progress" and report.year == last_quarter.year:
                report.reference_date = last_quarter
            elif 1 <= report.year <= 9999:
                report.reference_date = date(report.year, 12, 31)
            else:  # the constraint on the year says what is wrong
                report.reference_date = fields.Date.context_today(report)

    @api.depends("kind", "year", "reference_date", "municipality_id", "project_id", "company_id")
    def _compute_name(self):
        for report in self:
            part = report.project_id or report.municipality_id
            where = part.name or report.company_id.name
            spoken = report._in_language()
            if report.kind == "annual":
                report.name = spoken.env._(
                    "Annual report %(year)s, %(where)s", year=report.year, where=where
                )
            elif report.reference_date:
                report.name = spoken.env._(
                    "Progress report until %(date)s, %(where)s",
                    date=format_date(spoken.env, report.reference_date),
                    where=where,
                )

    @api.depends("chapter_ids.is_inherited", "chapter_ids.is_shown")
    def _compute_inherited_count(self):
        for report in self:
            report.inherited_count = len(report._get_inherited())

    @api.depends("benchmark_id", "chapter_ids.years_back", "chapter_ids.has_comparison")
    def _compute_missing_years(self):
        # whoever only reads figures has no benchmarks to make, and sees no facts to count
        may_make = self.env["buurtbemiddeling.case.report"].has_access("read")
        for report in self:
            years = report._get_missing_years() if may_make and report.benchmark_id else []
            report.missing_years = ", ".join(map(str, years))

    def _get_inherited(self):
        return self.chapter_ids.filtered(lambda chapter: chapter.is_shown and chapter.is_inherited)

    @api.constrains(
        "benchmark_id", "year", "reference_date", "municipality_id", "project_id", "company_id"
    )
    def _check_benchmark(self):
        """The figures are of the same year, day, and place or project as the report."""
        for report in self.filtered("benchmark_id"):
            if report._get_scope(report) != report._get_scope(report.benchmark_id):
                raise ValidationError(
                    self.env._(
                        "%(report)s can not show the figures of %(benchmark)s: that is another"
                        " year, reference date, place or project, or it also counts cases that"
                        " came in after the reference date. Choose another benchmark, or make"
                        " another report.",
                        report=report.name,
                        benchmark=report.benchmark_id.name,
                    )
                )

    @api.model
    def _get_scope(self, record):
        """Return what makes a report and a benchmark belong together."""
        is_report = record._name == self._name
        areas = record.municipality_id if is_report else record.area_ids
        is_part = record._is_part() and (is_report or record.is_to_date)
        return (
            record.company_id,
            record.year,
            record.reference_date,
            areas,
            record.project_id,
            is_part,
        )

    def _is_part(self):
        """Return whether the year is not over on the reference date: then later cases wait."""
        return self.reference_date < date(self.year, 12, 31)

    def _in_language(self):
        """Return this report in the language of its organisation, in which it is printed."""
        return self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)

    # ------------------------------------------------------------
    # MAKE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A new report is a draft, and has its figures and its chapters at once."""
        reports = super().create(vals_list)
        if any(
            r.state != "draft" or r.basis or r.finalized_on or r.finalized_by_id for r in reports
        ):
            self._refuse_own_steps()
        for report in reports:
            if not report.benchmark_id:
                report.benchmark_id = report._find_benchmark() or report._make_benchmark()
            if not report.chapter_ids:
                report._fill_chapters()
        return reports

    def write(self, vals):
        """Refuse any change of a final report; making it final goes past this."""
        self._check_draft()
        if STEP_FIELDS & vals.keys():
            self._refuse_own_steps()
        return super().write(vals)

    def _write_step(self, vals):
        """Write what only making it final writes: past the guard, and past no other."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _refuse_own_steps(self):
        raise UserError(
            self.env._("A report becomes final by the button Make final, with its figures.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self._check_draft()

    def _check_draft(self):
        """:raise UserError: when one of these reports is final"""
        final = self.filtered(lambda report: report.state == "final")
        if final:
            raise UserError(
                self.env._(
                    "%s is final and does not change any more. Open it and choose “Make a"
                    " correction” to start a new draft from it.",
                    final[0].name,
                )
            )

    def _check_over(self):
        """:raise UserError: when the reference date of one of these reports is still to come"""
        for report in self:
            if report.reference_date > fields.Date.context_today(report):
                raise UserError(
                    self.env._(
                        "“%(report)s” can not be made final yet: its reference date, %(day)s, is"
                        " still to come. Make it final after that day.",
                        report=report.name,
                        day=format_date(self.env, report.reference_date),
                    )
                )

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_compute(self):
        """Compute the figures anew; the text stays. A frozen benchmark does not change."""
        self._check_draft()
        for report in self:
            if report.benchmark_id.state == "frozen":
                raise UserError(
                    self.env._(
                        "%s is frozen: its figures do not change. Make a new version of it first.",
                        report.benchmark_id.name,
                    )
                )
            report._in_language().benchmark_id.action_compute()
        return True

    def action_finish(self):
        """Open what has to be looked at before the report becomes final."""
        self.ensure_one()
        self._check_draft()
        self._check_over()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make final"),
            "res_model": "buurtbemiddeling.year.report.finish",
            "view_mode": "form",
            "target": "new",
            "context": {"default_report_id": self.id},
        }

    def action_correct(self):
        """Start a new draft from a final report, which itself stays as it is."""
        self.ensure_one()
        draft = self.search(
            [
                ("kind", "=", self.kind),
                ("company_id", "=", self.company_id.id),
                ("municipality_id", "=", self.municipality_id.id),
                ("project_id", "=", self.project_id.id),
                ("reference_date", "=", self.reference_date),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        return self._open(
            draft
            or self.create(
                {
                    "name": self.name,
                    "kind": self.kind,
                    "year": self.year,
                    "reference_date": self.reference_date,
                    "company_id": self.company_id.id,
                    "municipality_id": self.municipality_id.id,
                    "project_id": self.project_id.id,
                    "is_internal": self.is_internal,
                    "previous_id": self.id,
                    "chapter_ids": [
                        fields.Command.create(
                            {**chapter._prepare_for_next(), "is_inherited": False}
                        )
                        for chapter in self.chapter_ids
                    ],
                }
            )
        )

    def action_preview(self):
        """Show the report on the screen, as it will be printed."""
        report = self.env.ref("buurtbemiddeling_report.action_report_year_report")
        action = report.report_action(self, config=False)
        return {**action, "report_type": "qweb-html", "name": self.name}

    def action_print(self):
        """Print the report."""
        self.check_access("read")
        report = self.env.ref("buurtbemiddeling_report.action_report_year_report")
        return report.report_action(self, config=False)

    def _finalize(self, freeze=False):
        """Make these reports final: the figures are kept as they are now.

        :param freeze: freeze the benchmark as well, where it is not frozen yet
        :raise UserError: without computed figures, before the reference date, and when the
            benchmark can not be frozen
        """
        self._check_draft()
        self._check_over()
        for report in self:
            if not report.benchmark_id.computed_on:
                raise UserError(
                    self.env._(
                        "%s has no figures yet. Compute them first, or choose a frozen benchmark.",
                        report.name,
                    )
                )
            if freeze and report.benchmark_id.state != "frozen":
                report.benchmark_id.action_freeze()
            if not report.is_internal:
                # noted first, for that may hide more: what others left outside counts as well
                for source in report._get_sources():
                    source.benchmark._release(report)
            blocks = report._get_blocks(report.chapter_ids)
            for chapter in report.chapter_ids:
                chapter.content = blocks[chapter.id]
            report._write_step(
                {
                    "basis": report._get_basis(),
                    "state": "final",
                    "finalized_on": fields.Datetime.now(),
                    "finalized_by_id": self.env.user.id,
                }
            )
