from collections import namedtuple
from datetime import date

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import date_utils, format_date, is_html_empty

from odoo.addons.buurtbemiddeling_volunteer.tools.anonymity import find_identifying

from ..tools.line_reader import LineReader

#: The figures of one year: a benchmark and a ``LineReader`` of its lines.
Source = namedtuple("Source", "year label benchmark reader")
#: What only making a report final fills.
STEP_FIELDS = {"state", "basis", "finalized_on", "finalized_by_id"}


class BuurtbemiddelingYearReport(models.Model):
    """An annual report (jaarverslag), or a progress report (voortgangsrapportage) of a quarter.

    It is about an organisation or one of its municipalities. The figures are the lines of a
    benchmark; while the report is a draft they follow it, and when it becomes final they are kept
    as they are. The text is the coordinator's own and belongs to this report alone.
    """

    _name = "buurtbemiddeling.year.report"
    _description = "Annual or Progress Report"
    _inherit = ["buurtbemiddeling.project.figures.mixin"]
    _order = "reference_date desc, kind, id desc"

    name = fields.Char(
        "Title", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    kind = fields.Selection(
        [("annual", "Annual report"), ("progress", "Progress report")],
        required=True,
        default="progress",
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
        "(company_id, kind, reference_date, COALESCE(municipality_id, 0)) WHERE state = 'draft'",
        "There is a draft of this report already.",
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

    @api.depends("kind", "year", "reference_date", "municipality_id", "company_id")
    def _compute_name(self):
        for report in self:
            where = report.municipality_id.name or report.company_id.name
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

    @api.constrains("benchmark_id", "year", "reference_date", "municipality_id", "company_id")
    def _check_benchmark(self):
        """The figures are of the same year, day and place as the report."""
        for report in self.filtered("benchmark_id"):
            if report._get_scope(report) != report._get_scope(report.benchmark_id):
                raise ValidationError(
                    self.env._(
                        "%(report)s can not show the figures of %(benchmark)s: that is another"
                        " year, reference date or place, or it also counts cases that came in after"
                        " the reference date. Choose another benchmark, or make another report.",
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
        return record.company_id, record.year, record.reference_date, areas, is_part

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

    def _find_benchmark(self):
        """Return the computed benchmark of this scope: a frozen one first, then the newest."""
        found = self.env["buurtbemiddeling.benchmark"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year),
                ("reference_date", "=", self.reference_date),
                ("computed_on", "!=", False),
            ],
            order="state desc, id desc",
        )
        return found.filtered(lambda each: self._get_scope(each) == self._get_scope(self))[:1]

    def _make_benchmark(self, years_ago=0):
        """Return a new benchmark of this place and part of the year, computed."""
        spoken = self._in_language()  # the names of its rows are printed
        benchmark = spoken.env["buurtbemiddeling.benchmark"].create(
            {
                "year": self.year - years_ago,
                "reference_date": self.reference_date - relativedelta(years=years_ago),
                "is_to_date": self._is_part(),
                "company_id": self.company_id.id,
                "area_ids": [fields.Command.set(self.municipality_id.ids)],
            }
        )
        benchmark.action_compute()
        return benchmark

    def _fill_chapters(self):
        """Start with the chapters and texts of the previous report, else with those of the list."""
        self.ensure_one()
        spoken = self._in_language()
        chapters = self.env["buurtbemiddeling.year.report.chapter"]
        same, others = self._find_previous()
        if same:
            values_list = [chapter._prepare_for_next() for chapter in same.chapter_ids]
        else:
            templates = spoken.env["buurtbemiddeling.year.report.template.chapter"].search(
                [(f"in_{self.kind}", "=", True)]
            )
            texts = others._get_texts()
            values_list = [
                chapters._prepare_from_template(template, texts.get(template.code, False))
                for template in templates
            ]
        self.write(
            {
                "previous_id": (same or others[-1:]).id,
                "chapter_ids": [fields.Command.create(values) for values in values_list],
            }
        )

    def _find_previous(self):
        """Return the report to start from, and else those whose texts help, oldest first.

        A report starts from the previous one of its kind and place. Without one, an annual report
        takes the texts of the progress reports of its year, and a progress report those of the
        last annual report.
        """
        earlier = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("municipality_id", "=", self.municipality_id.id),
                ("reference_date", "<=", self.reference_date),
            ],
            order="reference_date desc, id desc",
        )
        same = earlier.filtered(
            lambda other: other.kind == self.kind and other.reference_date < self.reference_date
        )[:1]
        others = earlier.filtered(lambda other: other.kind != self.kind)
        if self.kind == "annual":
            # of a quarter that was corrected, the correction counts
            quarters = others.filtered(lambda other: other.year == self.year)
            others = self.browse(
                found[0].id for found in quarters.grouped("reference_date").values()
            ).sorted("reference_date")
        else:
            others = others[:1]
        return same, others

    def _get_texts(self):
        """Return ``{code of a chapter: text}``; texts of several reports get their title."""
        texts = {}
        for report in self:
            for chapter in report.chapter_ids:
                if chapter.code and not is_html_empty(chapter.text):
                    texts.setdefault(chapter.code, []).append((report.name, chapter.text))
        return {
            code: found[0][1]
            if len(found) == 1
            else Markup().join(
                Markup("<h4>%s</h4>%s") % (name, Markup(text)) for name, text in found
            )
            for code, found in texts.items()
        }

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    @api.model
    def _open(self, report):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": report.id,
            "view_mode": "form",
            "name": report.name,
        }

    def action_new_progress(self):
        """Open the progress report of the last quarter that is over; make it when it is not there.

        Called on a report it is about the same place, else about the whole organisation.
        """
        last_quarter = self._get_last_quarter()
        return self._open(self._find_or_make("progress", last_quarter))

    def action_new_annual(self):
        """Open the annual report of the last year that is over; make it when it is not there."""
        last_year = fields.Date.context_today(self).year - 1
        return self._open(self._find_or_make("annual", date(last_year, 12, 31)))

    def _find_or_make(self, kind, reference_date):
        """Return the newest report of a kind, day and place; a second click finds the first."""
        scope = {
            "kind": kind,
            "company_id": (self[:1].company_id or self.env.company).id,
            "municipality_id": self[:1].municipality_id.id,
            "reference_date": reference_date,
        }
        domain = [(name, "=", value) for name, value in scope.items()]
        found = self.search(domain, limit=1, order="id desc")
        return found or self.create({**scope, "year": reference_date.year})

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

    def action_make_earlier(self):
        """Make and compute the benchmarks of earlier years that the chapters ask for."""
        self.ensure_one()
        for year in self._get_missing_years():
            self._make_benchmark(self.year - year)
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

    # ------------------------------------------------------------
    # CONTENT
    # ------------------------------------------------------------

    def _get_basis(self):
        """Say in words on which benchmark the figures rest, and whether it is frozen."""
        self.ensure_one()
        if self.basis:
            return self.basis
        spoken = self._in_language()
        benchmark = spoken.benchmark_id
        if not benchmark.computed_on:
            return spoken.env._("No figures were computed yet.")
        if benchmark.state == "frozen":
            return spoken.env._(
                "Benchmark %(name)s, frozen on %(date)s.",
                name=benchmark.name,
                date=format_date(spoken.env, benchmark.frozen_on),
            )
        return spoken.env._(
            "Benchmark %(name)s, not frozen, computed on %(date)s: a later report may show other"
            " figures of the same year.",
            name=benchmark.name,
            date=format_date(spoken.env, benchmark.computed_on),
        )

    def _get_wanted_years(self):
        """Return the earlier years that the chapters show, the last one first."""
        shown = self.chapter_ids.filtered("is_shown")
        back = max((c.years_back or int(c.has_comparison) for c in shown), default=0)
        return [self.year - number for number in range(1, back + 1)]

    def _get_missing_years(self):
        """Return the earlier years with cases, but without a benchmark of this place."""
        self.ensure_one()
        missing = set(self._get_wanted_years()) - set(
            self.benchmark_id._get_of_years(self._get_wanted_years())
        )
        if not missing:
            return []
        facts = self.env["buurtbemiddeling.case.report"]
        domain = Domain("company_id", "=", self.company_id.id)
        if self.municipality_id:
            domain &= Domain("area_id", "child_of", self.municipality_id.ids)
        years = facts._read_group(
            domain & Domain("registration_year", "in", [str(year) for year in missing]),
            ["registration_year"],
        )
        return sorted(int(year) for (year,) in years)

    def _get_sources(self):
        """Return the ``Source`` of this report and of the earlier years it shows."""
        self.ensure_one()
        earlier = self.benchmark_id._get_of_years(self._get_wanted_years())
        sources = []
        for benchmark in (self.benchmark_id, *earlier.values()):
            lines = benchmark.line_ids
            shown = lines if self.is_internal else benchmark._get_public_lines()
            label = str(benchmark.year)
            if benchmark._is_part():
                label = self.env._(
                    "%(year)s until %(date)s",
                    year=benchmark.year,
                    date=format_date(self.env, benchmark.reference_date, date_format="d MMM"),
                )
            reader = LineReader(lines, shown, benchmark._get_kept_indicators())
            sources.append(Source(benchmark.year, label, benchmark, reader))
        return sources

    def _get_blocks(self, chapters):
        """Return ``{chapter's id: tables}``: those that were kept of a final report, else of now.

        See ``_prepare_blocks`` of the chapters for what a table is.
        """
        self.ensure_one()
        if self.state == "final":
            return {chapter.id: chapter.content or [] for chapter in chapters}
        if not self.benchmark_id.computed_on:
            return {chapter.id: [] for chapter in chapters}
        spoken = self._in_language()
        sources = spoken._get_sources()
        shown = spoken.chapter_ids.filtered("is_shown")
        indicators = shown.indicator_ids
        for chapter in shown.filtered("dimension_ids"):
            indicators |= chapter._get_columns()
        return {
            chapter.id: chapter._prepare_blocks(sources, indicators)
            for chapter in chapters.with_env(spoken.env)
        }

    def _get_print_chapters(self):
        """Return the chapters to print as ``{"number", "name", "text", "blocks"}``, in order.

        Those that are empty are left out.
        """
        self.ensure_one()
        shown = self.chapter_ids.filtered("is_shown")
        blocks = self._get_blocks(shown)
        return [
            {
                "number": number,
                "name": chapter.name,
                "text": False if is_html_empty(chapter.text) else chapter.text,
                "blocks": blocks[chapter.id],
            }
            for number, chapter in enumerate(
                shown.filtered(lambda each: blocks[each.id] or not is_html_empty(each.text)),
                start=1,
            )
        ]

    # ------------------------------------------------------------
    # NAMES
    # ------------------------------------------------------------

    def _find_names(self):
        """Return what in the text looks like a resident of a case of that period.

        :return: pieces of the text as they were typed; nothing else of the residents
        :raise AccessError: when there are cases among them that are closed to the user, who would
            not hear of their residents
        """
        self.ensure_one()
        benchmark = self.benchmark_id
        benchmark._check_sees_all_cases()
        cases = benchmark._get_facts().search(benchmark._get_scope()).case_id
        contacts = cases.party_ids.partner_id
        contacts |= contacts.child_ids
        return find_identifying(
            self.chapter_ids._get_plain_text(),
            names=contacts.mapped("name"),
            numbers=contacts.mapped("phone"),
            emails=contacts.mapped("email"),
        )
