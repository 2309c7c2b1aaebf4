from itertools import chain

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.line_reader import LineReader
from ..tools.workbook import Page, Sheet, render
from .buurtbemiddeling_case_report import NOT_RECORDED

#: Codes of the answer "unknown", which is not the same as not recorded.
UNKNOWN = ("unknown", "ONBEKEND")


class BuurtbemiddelingBenchmarkWorkbookMixin(models.AbstractModel):
    """The lines of a benchmark as an Excel workbook, laid out by a ``buurtbemiddeling.layout``.

    It shows the lines as they were computed; nothing is computed a second time.
    """

    _name = "buurtbemiddeling.benchmark.workbook.mixin"
    _description = "Workbook of a Benchmark"

    def action_download_xlsx(self):
        """Download the full workbook, computing the figures first when there are none yet."""
        self.ensure_one()
        if not self.computed_on:
            self.action_compute()
        return {
            "type": "ir.actions.act_url",
            "url": f"/buurtbemiddeling/benchmark/{self.id}/xlsx",
            "target": "download",
        }

    @api.readonly
    def action_open_download(self):
        """Open the dialog to choose a form and a format."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Download"),
            "res_model": "buurtbemiddeling.download",
            "view_mode": "form",
            "target": "new",
            "context": {"default_benchmark_id": self.id},
        }

    def _render_xlsx(self, layout=None, public=False):
        """Return the bytes of the workbook.

        :param layout: ``buurtbemiddeling.layout``; without it the full workbook
        :param public: for outside the organisation, as a public layout always is: small numbers
            and what would give them away stand as ``*``, and that it went out is noted
        :raise UserError: when the layout has no sheet
        """
        benchmark, layout, public = self._prepare_output(layout, public)
        reader = benchmark._get_output_reader(layout, public)
        sheets, contents = [], []
        for record in layout.sheet_ids:
            if record.kind == "contents":
                contents.append(len(sheets))
            prepare = getattr(benchmark, f"_prepare_{record.kind}_sheets")
            sheets += prepare(record, reader, public)
        for position in contents:
            sheets[position] = benchmark._fill_contents(sheets, position)
        notes = benchmark._get_output_notes(reader, public)
        sheets = [
            sheet._replace(heading=(title, *notes, *(("", *intro) if intro else ())))
            for sheet in sheets
            for title, *intro in [sheet.heading]
        ]
        return render(sheets, benchmark._get_output_page(layout, public))

    def _prepare_output(self, layout, public):
        """Return ``(benchmark, layout, public)`` for an output, in the language of the form."""
        self.ensure_one()
        layout = layout or self.env["buurtbemiddeling.layout"]._get_full()
        benchmark = self.with_context(lang=layout.lang) if layout.lang else self
        layout = layout.with_env(benchmark.env)
        if not layout.sheet_ids:
            raise UserError(
                self.env._("Form “%s” has no sheet yet. Add one and try again.", layout.name)
            )
        return benchmark, layout, public or layout.is_public

    def _get_output_reader(self, layout, public):
        """Return the lines, with the numbers that may be shown in this output."""
        self.check_access("read")
        mine = [("benchmark_id", "=", self.id)]
        lines = self.env["buurtbemiddeling.benchmark.line"]
        # sudo: a line that the user may not read counts as hidden and not as zero; only its place
        # is taken from it, and only in a benchmark that the user may read
        everything = lines.sudo()
        released = self._release(layout).ids if public else None
        plain = everything._read_plain(mine)
        shown = {line.id for line in plain}
        if lines.search_count(mine) < len(shown):
            shown = set(lines._search(mine))
        if public:
            shown &= set(released)
        return LineReader(everything.env, plain, shown, self._get_kept_indicators())

    def _make_reader(self, lines, shown):
        """Return the ``LineReader`` of records.

        :param lines: lines of this benchmark that the user may read
        :param shown: those of which the numbers may be shown
        """
        plain = lines._read_plain([("id", "in", lines.ids)])
        return LineReader(self.env, plain, set(shown.ids), self._get_kept_indicators())

    def _get_breakdown_name(self, dimension):
        """Return the name of a breakdown, of frozen figures the one that it had."""
        kept = (self.breakdowns or {}).get(str(dimension.id))
        if self.state != "frozen" or not kept:
            return dimension.name
        return kept["name"].get(self.env.lang or "en_US") or next(iter(kept["name"].values()))

    def _get_output_dimensions(self, reader):
        """Return the breakdowns that the figures were counted by, also those that count nothing."""
        dimensions = self.env["buurtbemiddeling.dimension"].with_context(active_test=False)
        if self.breakdowns:
            found = dimensions.browse(map(int, self.breakdowns)).exists()
        else:
            found = dimensions.search([("active", "=", True)])
        return (found | reader.dimensions).sorted(
            lambda dimension: (dimension.sequence, dimension.id)
        )

    # ------------------------------------------------------------
    # WHAT IS ON EVERY SHEET
    # ------------------------------------------------------------

    def _get_state_text(self):
        """Return whether the figures are final, and which version they are."""
        if self.state == "frozen":
            return self.env._(
                "Final, version %(version)s of %(day)s",
                version=self.version,
                day=format_date(self.env, self.frozen_on),
            )
        return self.env._("Concept, version %s", self.version)

    def _get_public_notice(self):
        """Return the sentence that says what is hidden."""
        return self.env._(
            "Version for outside the organisation: numbers under %s, and what would give them"
            " away, stand as *.",
            # sudo: the setting that the sentence is about, of the organisation of this benchmark
            self.company_id.sudo().buurtbemiddeling_small_number,
        )

    def _get_output_notes(self, reader, public):
        """Return the lines above each sheet: whose figures, of which year, known when."""
        where = self._get_scope_name()
        notes = [
            self.env._(
                "%(organisation)s, year %(year)s, reference date %(date)s",
                organisation=" – ".join(filter(None, (self.company_id.name, where))),
                year=self.year,
                date=format_date(self.env, self.reference_date),
            ),
            self._get_state_text()
            if not self.computed_on
            else self.env._(
                "%(state)s, computed on %(day)s",
                state=self._get_state_text(),
                day=format_date(self.env, self.computed_on),
            ),
        ]
        if public:
            notes.append(self._get_public_notice())
        elif reader.is_partial:
            notes.append(self.env._("Figures that you may not see stand as *."))
        return notes

    def _get_output_page(self, layout, public):
        """Return what is printed above and below each page."""
        period = self.env._(
            "%(year)s, reference date %(date)s",
            year=self.year,
            date=format_date(self.env, self.reference_date),
        )
        return Page(
            title=f"{layout.name} {self.year}",
            author=self.company_id.name,
            header_left=self.company_id.name,
            header_right=period,
            footer=f"{layout.name} · {self._get_state_text()}",
            notice=self._get_public_notice() if public else "",
        )

    def _get_empty_text(self):
        return self.env._("Nothing was counted here over this year.")

    def _make_sheet(self, record, **values):
        """Return a sheet with the title and the introduction of its record."""
        intro = (record.intro or "").splitlines()
        return Sheet(
            **{
                "name": record.name,
                "heading": (record.name, *intro),
                "empty": self._get_empty_text(),
                **values,
            }
        )

    # ------------------------------------------------------------
    # TOTALS
    # ------------------------------------------------------------

    def _get_unit_text(self, unit):
        """Return the name of a unit, for the axis of a chart."""
        units = self.env["buurtbemiddeling.indicator"]._fields["unit"]
        return dict(units._description_selection(self.env)).get(unit, "")

    # ------------------------------------------------------------
    # EXPLANATIONS
    # ------------------------------------------------------------

    def _prepare_definitions_sheets(self, record, reader, public):
        rows = [
            (
                definition["name"],
                definition["explanation"],
                definition["unit_text"],
                str(definition["version"]),
                definition["code"],
            )
            for definition in self._get_output_definitions(
                self._get_layout_figures(record.layout_id, reader), reader
            )
        ]
        columns = (
            self.env._("Figure"),
            self.env._("What it counts"),
            self.env._("Unit"),
            self.env._("Version"),
            self.env._("Code"),
        )
        return [self._make_sheet(record, columns=columns, rows=rows)]

    def _get_output_definitions(self, figures, reader):
        """Return figures in words, as they were counted: a list of dicts.

        :param figures: see ``_get_layout_figures``
        """
        definitions = self.definitions or {}
        return [
            {
                "code": indicator.code,
                "name": indicator.name,
                "explanation": indicator.explanation,
                "unit": indicator.unit,
                "unit_text": self._get_unit_text(indicator.unit),
                "version": definitions.get(indicator.code, {}).get("version") or 0,
            }
            for indicator in reader.get_figures(chain(*figures.values()))
        ]

    def _prepare_missing_sheets(self, record, reader, public):
        """What was not recorded and what was answered "unknown", as the breakdowns show it."""
        by_basis = {"registration": "cases_registered", "closing": "cases_closed"}
        dimensions = self._get_layout_dimensions(record.layout_id, reader)
        dimensions = dimensions.filtered(lambda each: not each.second_field_name)
        rows = []
        for dimension in dimensions:
            code = by_basis[dimension.basis or "registration"]
            indicator = reader.indicators.filtered(lambda each, code=code: each.code == code)
            if not indicator:
                continue
            unknown = [c for c in UNKNOWN if reader.find(indicator, dimension, c)]
            rows.append(
                (
                    self._get_breakdown_name(dimension),
                    reader.as_counted(indicator).name,
                    reader.cell(indicator),
                    reader.cell(indicator, "value", dimension, NOT_RECORDED),
                    reader.cell(indicator, "value", dimension, [*unknown, *UNKNOWN][0]),
                )
            )
        columns = (
            self.env._("Breakdown"),
            self.env._("Of"),
            self.env._("Total"),
            self.env._("Not recorded"),
            self.env._("Answered “unknown”"),
        )
        return [self._make_sheet(record, columns=columns, rows=rows)]

    # ------------------------------------------------------------
    # AROUND THE FIGURES
    # ------------------------------------------------------------

    def _prepare_contents_sheets(self, record, reader, public):
        """Return the sheet that lists the others; see ``_fill_contents``."""
        return [self._make_sheet(record, columns=(self.env._("Sheet"), ""), rows=[])]

    def _fill_contents(self, sheets, position):
        """Return the contents with a link to every other sheet, and what is not on it."""
        others = [index for index in range(len(sheets)) if index != position]
        return sheets[position]._replace(
            rows=[
                (sheets[index].name, "" if sheets[index].rows else sheets[index].empty)
                for index in others
            ],
            links=tuple(others),
        )

    def _prepare_text_sheets(self, record, reader, public):
        return [self._make_sheet(record, columns=(), rows=[], empty="")]
