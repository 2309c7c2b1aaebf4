from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, read_answers, read_id

from .mediator import HOME_URL, find_assignment
from .mediator_form import (
    back_to_case,
    do_once,
    find_mine,
    get_case_url,
    is_sent,
    show_form,
    show_gone,
)

WRITE_URL = f"{HOME_URL}/<int:assignment>/verslag"
REPORT_URL = f"{WRITE_URL}/<int:report>"
MAX_REPORT = 3 * MAX_REQUEST  # a text for each neighbour of a talk


class MediatorReport(http.Controller):
    """A mediator writes visit reports, reads those of the pair, and adds hours."""

    @http.route(WRITE_URL, type="http", auth="user", methods=["GET"], website=True)
    def write_report(self, assignment, talk=None, party=None, **_params):
        """Show the form for a report after ``talk``, or about ``party`` without a planned talk."""
        assignment = find_assignment(assignment)
        talk, parties = assignment._get_portal_report_scope(read_id(talk), read_id(party))
        if not parties:
            raise request.not_found()
        return self._show_write(assignment, talk, parties)

    @http.route(
        WRITE_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REPORT,
    )
    def send_report(self, assignment, **answers):
        """Keep a report of each party that something was written about."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        if not assignment:
            return show_gone(answers)
        if is_sent(assignment.company_id, answers):
            return back_to_case(assignment, "report")
        talk, parties = assignment._get_portal_report_scope(
            read_id(answers.get("talk")), read_id(answers.get("party"))
        )
        if not parties:
            return show_gone(answers)
        values, errors = assignment._read_portal_report(answers, talk, parties)
        problem = None
        if not errors:
            problem = do_once(
                assignment.company_id,
                answers,
                lambda: assignment._write_portal_reports(talk, values),
            )
            if not problem:
                return back_to_case(assignment, "report")
        return self._show_write(assignment, talk, parties, answers, errors, problem)

    def _show_write(self, assignment, talk, parties, *result):
        values = {
            **assignment._get_portal_report_form(talk, parties),
            "case_url": get_case_url(assignment),
        }
        return show_form("mediator_report_write", values, assignment.company_id, *result)

    @http.route(REPORT_URL, type="http", auth="user", methods=["GET"], website=True)
    def report(self, assignment, report, **_params):
        """Show a report that the mediator may read, to correct it or to add hours."""
        assignment = find_assignment(assignment)
        report = assignment._find_portal_report(report)
        if not report:
            raise request.not_found()
        return self._show_report(assignment, report)

    @http.route(
        REPORT_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REPORT,
    )
    def change_report(self, assignment, report, **answers):
        """Correct one's own report, or note one's hours in that of a colleague."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        report = assignment and assignment._find_portal_report(report)
        if not report:
            return show_gone(answers)
        values, hours, errors = assignment._read_portal_correction(answers, report)
        problem = None
        if not errors:
            problem = do_once(
                assignment.company_id,
                answers,
                lambda: assignment._correct_portal_report(report, values, hours),
            )
            if not problem:
                return back_to_case(assignment, "correction")
        return self._show_report(assignment, report, answers, errors, problem)

    def _show_report(self, assignment, report, *result):
        values = {
            **assignment._get_portal_correction_form(report),
            "case_url": get_case_url(assignment),
        }
        return show_form("mediator_report", values, assignment.company_id, *result)
