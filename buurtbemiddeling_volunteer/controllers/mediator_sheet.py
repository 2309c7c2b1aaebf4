from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.buurtbemiddeling_case.controllers.door import no_store

from .mediator import HOME_URL, find_assignment

REPORT = "buurtbemiddeling_volunteer.report_visit_sheet"


class MediatorSheet(http.Controller):
    """The sheet of paper that a mediator takes along on a visit."""

    @http.route(
        f"{HOME_URL}/<int:assignment>/blad/<int:party>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def mediator_sheet(self, assignment, party, **_params):
        """Return the sheet for one party of one of the mediator's own cases, as PDF."""
        assignment = find_assignment(assignment)
        party = assignment._find_party(party)
        if not party:
            raise request.not_found()
        # sudo: volunteers have no rights on our records; this one is of their own live case, and
        # the report picks what goes on paper
        reports = request.env["ir.actions.report"].sudo().with_company(assignment.company_id)
        content, kind = reports._render_qweb_pdf(REPORT, party.ids)
        headers = [
            ("Content-Type", "application/pdf" if kind == "pdf" else "text/html"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"{party.case_id.name}.{kind}")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return no_store(request.make_response(content, headers))
