from datetime import date

from .common import FiguresCase

REPORT = "buurtbemiddeling_report.report_year_report"


class YearReportCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.users = cls.make_users("year", "reporting", "coordinator")
        cls.reports = cls.env["buurtbemiddeling.year.report"].with_user(cls.users["coordinator"])

    @classmethod
    def make_report(cls, kind="annual", year=2018, **values):
        values = {"kind": kind, "year": year, "company_id": cls.company.id, **values}
        return cls.reports.create(values)

    def chapter(self, report, code):
        return report.chapter_ids.filtered(lambda chapter: chapter.code == code)

    def blocks(self, report, code):
        chapter = self.chapter(report, code)
        return report._get_blocks(chapter)[chapter.id]

    def rows(self, report, code, block=0):
        """Return ``{name of a row: its other cells}`` of one table of a chapter."""
        return {row[0]: row[1:] for row in self.blocks(report, code)[block]["rows"]}

    def finalize(self, report, **values):
        self.env["buurtbemiddeling.year.report.finish"].with_user(report.env.user).create(
            {"report_id": report.id, **values}
        ).action_finish()
        return report


class YearReportFiguresCase(YearReportCase):
    """A report with its referrers, drawn."""

    def make_referrers(self, registered=date(2018, 5, 1), outcome=None, closed=None, **counts):
        for code, count in counts.items():
            referrer = self.code("referrer.type", code)
            self.make_cases(count, registered, outcome, closed, referrer_type_id=referrer.id)

    def render(self, report):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.users["coordinator"])
            ._render_qweb_html(REPORT, report.ids)
        )
        return html.decode()
