from odoo import http
from odoo.http import content_disposition, request

from .door import no_store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportFile(http.Controller):
    """The files of an import: an empty one to fill in, and one with what was not imported."""

    @http.route(
        "/buurtbemiddeling/import/<int:import_id>/template.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def template(self, import_id):
        """Give a file with our headings, an example and our codes."""
        found = self._find(import_id)
        return self._respond(found._render_template(), found._get_template_name())

    @http.route(
        "/buurtbemiddeling/import/<int:import_id>/wrong.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,  # it leaves a trace
    )
    def wrong(self, import_id):
        """Give the rows that were not imported."""
        found = self._find(import_id)
        return self._respond(found._render_wrong(), found._get_wrong_name())

    def _find(self, import_id):
        """Return an import; nothing says whether there is one that the user may not read."""
        found = request.env["buurtbemiddeling.import"].browse(import_id)
        if not found.has_access("read") or not found.exists():
            raise request.not_found()
        return found

    def _respond(self, content, name):
        return no_store(
            request.make_response(
                content,
                headers=[
                    ("Content-Type", XLSX),
                    ("Content-Disposition", content_disposition(name)),
                ],
            )
        )
