from collections import namedtuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date, is_html_empty

from odoo.addons.buurtbemiddeling_case.anonymity import find_identifying

from .buurtbemiddeling_budget import ADOPTED

#: The figures of one year: a benchmark and a ``LineReader`` of its lines.
Source = namedtuple("Source", "year label benchmark reader")


class BuurtbemiddelingYearReportContentMixin(models.AbstractModel):
    """What a report shows: the figures of its years, as tables and as chapters to print."""

    _name = "buurtbemiddeling.year.report.content.mixin"
    _description = "Content of a Report"

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
        if self.project_id:
            domain &= Domain("project_id", "=", self.project_id.id)
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
            reader = benchmark._make_reader(lines, shown)
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

    def _get_budgets(self):
        """Return the budgets that this report is about; of a municipality those of its own
        projects only, as the costs of a project are not divided over municipalities.
        """
        self.ensure_one()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("year", "=", self.year)
            & Domain("state", "in", ADOPTED)
        )
        if self.project_id:
            domain &= Domain("project_id", "=", self.project_id.id)
        budgets = self.env["buurtbemiddeling.budget"].search(domain)
        town = self.municipality_id
        if town:
            budgets = budgets.filtered(
                lambda budget: budget.project_id.area_ids.municipality_id == town
            )
        return budgets

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
