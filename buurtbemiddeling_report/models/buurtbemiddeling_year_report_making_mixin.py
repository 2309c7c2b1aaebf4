from datetime import date

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty


class BuurtbemiddelingYearReportMakingMixin(models.AbstractModel):
    """How a report begins: with the figures of its scope, and the chapters of the previous one."""

    _name = "buurtbemiddeling.year.report.making.mixin"
    _description = "Making of a Report"

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

        Called on a report it is about the same place or project, else about the whole
        organisation.
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
            "project_id": self[:1].project_id.id,
            "reference_date": reference_date,
        }
        domain = [(name, "=", value) for name, value in scope.items()]
        found = self.search(domain, limit=1, order="id desc")
        return found or self.create({**scope, "year": reference_date.year})

    def action_make_earlier(self):
        """Make and compute the benchmarks of earlier years that the chapters ask for."""
        self.ensure_one()
        for year in self._get_missing_years():
            self._make_benchmark(self.year - year)
        return True

    # ------------------------------------------------------------
    # FIGURES AND CHAPTERS
    # ------------------------------------------------------------

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
        """Return a new benchmark of this place or project and part of the year, computed."""
        spoken = self._in_language()  # the names of its rows are printed
        benchmark = spoken.env["buurtbemiddeling.benchmark"].create(
            {
                "year": self.year - years_ago,
                "reference_date": self.reference_date - relativedelta(years=years_ago),
                "is_to_date": self._is_part(),
                "company_id": self.company_id.id,
                "area_ids": [fields.Command.set(self.municipality_id.ids)],
                "project_id": self.project_id.id,
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

        A report starts from the previous one of its kind and place or project. Without one, an
        annual report takes the texts of the progress reports of its year, and a progress report
        those of the last annual report.
        """
        earlier = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("municipality_id", "=", self.municipality_id.id),
                ("project_id", "=", self.project_id.id),
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
            else Markup().join(Markup("<h4>%s</h4>%s") % (name, text) for name, text in found)
            for code, found in texts.items()
        }
