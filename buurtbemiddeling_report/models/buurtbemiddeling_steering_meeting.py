from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .buurtbemiddeling_year_report_content_mixin import Source

#: What only freezing the figures fills.
STEP_FIELDS = {"benchmark_id", "figures"}


class BuurtbemiddelingSteeringMeeting(models.Model):
    """The figures of that moment, frozen with the meeting.

    They are those of a frozen benchmark of the project on the day of the meeting. Minutes leave
    the organisation, so only totals are shown, and of those what a version for outside may show.
    The table is kept as text: targets that change later do not change old minutes.
    """

    _inherit = "buurtbemiddeling.steering.meeting"

    figures_year = fields.Integer(
        "Figures of the year",
        compute="_compute_figures_year",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
        help="In January the group may want to look at the year before, as it is known on the day"
        " of the meeting.",
    )
    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark",
        "Frozen figures",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    figures = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False, exportable=False,
        help="The tables of key figures and targets, as they were when they were frozen.",
    )
    figures_html = fields.Html(
        "Key figures and targets",
        compute="_compute_figures_html",
        sanitize=False,
        export_string_translation=False, exportable=False,
    )

    @api.depends("start")
    def _compute_figures_year(self):
        for meeting in self:
            if meeting.start and not meeting.benchmark_id:
                meeting.figures_year = meeting._get_local_start().year

    @api.depends("figures")
    def _compute_figures_html(self):
        for meeting in self:
            meeting.figures_html = bool(meeting.figures) and self.env["ir.qweb"]._render(
                "buurtbemiddeling_report.year_report_blocks", {"blocks": meeting.figures}
            )

    @api.constrains("start", "figures_year", "project_id", "benchmark_id")
    def _check_figures(self):
        """Frozen figures are those of the day and the project of the meeting."""
        for meeting in self.filtered("benchmark_id"):
            benchmark = meeting.benchmark_id
            if (benchmark.project_id, benchmark.reference_date, benchmark.year) != (
                meeting.project_id,
                meeting._get_local_start().date(),
                meeting.figures_year,
            ):
                raise ValidationError(
                    self.env._(
                        "The figures of %(date)s are frozen with this meeting, so its day, project"
                        " and the year of the figures stay as they are.",
                        date=format_date(self.env, benchmark.reference_date),
                    )
                )

    # ------------------------------------------------------------
    # FREEZE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse figures that were not frozen by the button."""
        meetings = super().create(vals_list)
        if any(meeting.benchmark_id or meeting.figures for meeting in meetings):
            self._refuse_own_figures()
        return meetings

    def write(self, vals):
        """Refuse figures that were not frozen by the button."""
        if STEP_FIELDS & vals.keys():
            self._refuse_own_figures()
        return super().write(vals)

    def _refuse_own_figures(self):
        raise UserError(
            self.env._("The figures of a meeting come from the button Freeze the figures.")
        )

    def action_freeze_figures(self):
        """Freeze the figures of this project on the day of the meeting, and keep them with it.

        :raise UserError: when it is still to come or cancelled, when its minutes are shared, or
            when its figures are frozen already
        """
        self._check_not_minuted()
        for meeting in self:
            meeting._check_can_freeze_figures()
            benchmark = meeting._find_frozen() or meeting._make_frozen()
            shown = benchmark._release(meeting)  # noted first: minutes leave the organisation
            meeting._write_step(
                {
                    "benchmark_id": benchmark.id,
                    "figures": meeting._prepare_figures(benchmark, shown),
                }
            )
            # sudo: constraints read what the user just froze
            meeting.sudo()._check_figures()

    def _check_can_freeze_figures(self):
        if self.benchmark_id:
            raise UserError(
                self.env._(
                    "The figures of “%(meeting)s” are frozen already, on %(date)s. What the"
                    " steering group saw does not change.",
                    meeting=self.display_name,
                    date=format_date(self.env, self.benchmark_id.frozen_on),
                )
            )
        if self.state == "cancelled":
            raise UserError(
                self.env._("“%s” is cancelled, and needs no figures.", self.display_name)
            )
        if not self._has_come():
            raise UserError(
                self.env._(
                    "“%s” is still to come. Freeze the figures on the day itself or later, so that"
                    " they are those of that moment.",
                    self.display_name,
                )
            )

    def _prepare_benchmark(self):
        """Return the values of the benchmark: this project, on the day of the meeting."""
        day = self._get_local_start().date()
        return {
            "company_id": self.company_id.id,
            "project_id": self.project_id.id,
            "year": self.figures_year,
            "reference_date": day,
            "is_to_date": day < date(self.figures_year, 12, 31),
        }

    def _find_frozen(self):
        """Return the frozen benchmark of the same project, year and day: its last version."""
        domain = [(name, "=", value) for name, value in self._prepare_benchmark().items()]
        return self.env["buurtbemiddeling.benchmark"].search(
            [*domain, ("area_ids", "=", False), ("state", "=", "frozen")],
            order="version desc",
            limit=1,
        )

    def _make_frozen(self):
        spoken = self._in_language()  # the names of its rows are printed
        benchmark = spoken.env["buurtbemiddeling.benchmark"].create(self._prepare_benchmark())
        benchmark.action_compute()
        benchmark.action_freeze()
        return benchmark

    def _prepare_figures(self, benchmark, shown):
        """Return the tables to keep: totals next to their target, as the reports show them.

        :param shown: the lines that may leave the organisation
        """
        benchmark = benchmark.with_env(self._in_language().env)
        lines = benchmark._get_total_lines()
        reader = benchmark._make_reader(lines, lines & shown)
        label = str(benchmark.year)
        if benchmark._is_part():
            label = benchmark.env._(
                "%(year)s until %(date)s",
                year=benchmark.year,
                date=format_date(benchmark.env, benchmark.reference_date, date_format="d MMM"),
            )
        chapters = benchmark.env["buurtbemiddeling.year.report.template.chapter"].search(
            [("in_steering", "=", True)]
        )
        wanted = benchmark._get_targets().indicator_id | chapters.indicator_ids
        counted = set(lines.mapped("indicator_code"))
        chapter = benchmark.env["buurtbemiddeling.year.report.chapter"].new(
            {
                "indicator_ids": wanted.filtered(lambda each: each.code in counted).sorted().ids,
                "has_comparison": True,
            }
        )
        source = Source(benchmark.year, label, benchmark, reader)
        return chapter._prepare_blocks([source], chapter.indicator_ids)
