from odoo import api, fields, models


class BuurtbemiddelingVisitHours(models.Model):
    """The hours of one mediator for one visit, with travel and writing the report.

    Of a talk with both parties the hours stand in one of the two reports. They count where the
    work was done: also when the report goes to another case with its party.
    """

    _name = "buurtbemiddeling.visit.hours"
    _description = "Hours of a Visit"
    _order = "report_id, id"
    _rec_name = "assignment_id"

    report_id = fields.Many2one(
        "buurtbemiddeling.visit.report", required=True, ondelete="cascade", index=True
    )
    assignment_id = fields.Many2one(
        "buurtbemiddeling.assignment", "Mediator", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, index=True, precompute=True
    )
    hours = fields.Float()

    _mediator_uniq = models.UniqueIndex(
        "(report_id, assignment_id)",
        "A mediator stands once in a report. Add the hours up in one line.",
    )
    _hours_positive = models.Constraint(
        "CHECK(hours >= 0 AND hours <= 24)", "The hours of one visit are 0 up to 24."
    )

    @api.constrains("assignment_id", "report_id")
    def _check_assignment(self):
        for report, rows in self.grouped("report_id").items():
            report._check_mediators(rows.assignment_id)
