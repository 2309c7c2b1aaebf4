from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging

WORKED_STATES = ("accepted", "ended")


class BuurtbemiddelingVisitReport(models.Model):
    """What the duo tells the coordinator after a visit: a short report about one party.

    A talk with both parties gets a report of each, so that nothing of one is ever with the other.
    There is no message thread, so that nothing of it is in a message, a mail or a tracked value;
    its name is that of the case and the day. A report goes where its party goes, when cases are
    merged or split.
    """

    _name = "buurtbemiddeling.visit.report"
    _description = "Visit Report"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.case.record.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    party_id = fields.Many2one(
        string="About", required=True, ondelete="cascade", index=True, check_company=True
    )
    case_id = fields.Many2one(
        compute="_compute_case_id", store=True, readonly=False, precompute=True
    )
    meeting_id = fields.Many2one(
        "buurtbemiddeling.meeting",
        "Talk",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    assignment_id = fields.Many2one(
        "buurtbemiddeling.assignment",
        "Written by",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    volunteer_id = fields.Many2one(related="assignment_id.volunteer_id", string="Mediator")
    date = fields.Date(
        compute="_compute_date", store=True, readonly=False, precompute=True, required=True
    )
    text = fields.Text(
        "What was told and agreed",
        help="Short, and only what the work needs. The other party never sees it.",
    )
    next_step = fields.Selection(
        [
            ("other_party", "Go on to the other party"),
            ("follow_up", "Another talk with this party"),
            ("joint", "Talk with both parties"),
            ("aftercare", "Ready: aftercare"),
            ("stop", "Stop"),
            ("refer", "Refer on"),
            ("coordinator", "First talk with the coordinator"),
        ],
        help="What the mediators think should happen now.",
    )
    hours_ids = fields.One2many(
        "buurtbemiddeling.visit.hours",
        "report_id",
        "Hours of the mediators",
        default=lambda self: self._default_hours_ids(),
    )
    hours = fields.Float("Hours together", compute="_compute_hours")
    for_successors = fields.Boolean(
        "Next mediators may read it",
        help="A mediator who takes over the case later sees this report only when this is on.",
    )

    @api.model
    def _default_hours_ids(self):
        """A line for each mediator at work, so that only the hours are typed."""
        case = self.env["buurtbemiddeling.case"].browse(self.env.context.get("default_case_id"))
        working = case.assignment_ids.filtered(lambda row: row.state == "accepted")
        return [Command.create({"assignment_id": assignment.id}) for assignment in working]

    @api.depends("party_id")
    def _compute_case_id(self):
        for report in self:
            report.case_id = report.party_id.case_id or report.case_id

    @api.depends("meeting_id")
    def _compute_date(self):
        today = fields.Date.context_today(self)
        for report in self:
            start = report.meeting_id.start
            if start:
                report.date = fields.Datetime.context_timestamp(report, start).date()
            else:
                report.date = report.date or today

    @api.depends("hours_ids.hours")
    def _compute_hours(self):
        for report in self:
            report.hours = sum(report.hours_ids.mapped("hours"))

    @api.depends("case_id.name", "date")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.case_id.name}: {report.date}"

    @api.constrains("date")
    def _check_date(self):
        """What is reported has happened, in this case."""
        today = fields.Date.context_today(self)
        for report in self:
            if report.date > today:
                raise ValidationError(
                    self.env._("A visit is reported once it was made. Choose today or earlier.")
                )
            if report.date < report.case_id.registration_date:
                raise ValidationError(
                    self.env._(
                        "A visit can not be before case %s was registered. Correct the date of the"
                        " visit, or that of the registration.",
                        report.case_id.name,
                    )
                )

    @api.constrains("meeting_id", "party_id")
    def _check_meeting(self):
        """A report about one party is not hung under a talk with the other.

        Who is on which side may change in a merge, and a talk may go to another case in a split:
        that moves reports as they are.
        """
        if is_merging(self.env):
            return
        for report in self.filtered("meeting_id"):
            if report.meeting_id.case_id != report.case_id:
                raise ValidationError(
                    self.env._(
                        "This talk belongs to another case. Choose one of the talks of case %s.",
                        report.case_id.name,
                    )
                )
            if report.party_id not in report.meeting_id.party_ids:
                raise ValidationError(
                    self.env._(
                        "This talk was not with the party that the report is about. Choose another"
                        " talk, or another party."
                    )
                )

    @api.constrains("assignment_id")
    def _check_assignment(self):
        self.filtered("assignment_id")._check_mediators(self.assignment_id)

    def _check_mediators(self, assignments):
        """Refuse hours or a report of who did not work in the case.

        Rows of a case that is merged, or of a party that went to another case, stay as they are.

        :raise ValidationError: names the volunteer and the case
        """
        if is_merging(self.env):
            return
        for assignment in assignments:
            if assignment.case_id not in self.case_id or assignment.state not in WORKED_STATES:
                raise ValidationError(
                    self.env._(
                        "%(volunteer)s does not mediate in case %(case)s. Choose one of the"
                        " mediators who accepted this case.",
                        volunteer=assignment.volunteer_id.name,
                        case=", ".join(self.case_id.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._note_on_case()
        return reports

    def write(self, vals):
        res = super().write(vals)
        if not vals.keys().isdisjoint(("date", "meeting_id")):
            self._note_on_case()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_hours(self):
        """Not left to the database, which would not add up what remains."""
        self.hours_ids.unlink()

    def _note_on_case(self):
        for day, reports in self.grouped("date").items():
            reports.case_id._note_contact(day)
