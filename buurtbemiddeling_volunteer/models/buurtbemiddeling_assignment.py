from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging

from .buurtbemiddeling_assignment_ending_mixin import CASE_CLOSED, MERGED

LIVE_STATES = ("invited", "accepted")


class BuurtbemiddelingAssignment(models.Model):
    """A volunteer coupled to a case: invited, at work, or history.

    History rows stay: whoever left a case, or declined it, can be coupled to it again in a new row.
    At most one row of a volunteer in a case is live, and a closed case has no live rows.
    """

    _name = "buurtbemiddeling.assignment"
    _description = "Assignment"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.row.mixin",
        "buurtbemiddeling.recruitment.fact.mixin",
        "buurtbemiddeling.assignment.work.mixin",
        "buurtbemiddeling.assignment.invitation.mixin",
        "buurtbemiddeling.assignment.reminder.mixin",
        "buurtbemiddeling.assignment.ending.mixin",
        "buurtbemiddeling.assignment.independence.mixin",
        "buurtbemiddeling.assignment.requirement.mixin",
        "buurtbemiddeling.assignment.portal.work.mixin",
        "buurtbemiddeling.assignment.portal.mixin",
        "buurtbemiddeling.assignment.portal.answer.mixin",
        "buurtbemiddeling.assignment.next.step.mixin",
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(related="case_id.user_id", string="Coordinator")
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        "Mediator",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    partner_id = fields.Many2one(related="volunteer_id.partner_id", string="Contact")
    phone = fields.Char(related="volunteer_id.phone", readonly=True)
    state = fields.Selection(
        [
            ("invited", "Invited"),
            ("accepted", "Accepted"),
            # said no, gave no answer, or was asked no more: the reason tells which
            ("declined", "Not taking part"),
            ("ended", "Ended"),
        ],
        required=True,
        default="invited",
        index=True,
    )
    is_live = fields.Boolean(
        compute="_compute_is_live", export_string_translation=False, exportable=False
    )
    date_start = fields.Date("From", default=fields.Date.context_today)
    date_end = fields.Date("Until")
    case_stage_id = fields.Many2one(related="case_id.stage_id", string="Phase")
    case_is_closed = fields.Boolean(
        related="case_id.is_closed", export_string_translation=False, exportable=False
    )

    _live_uniq = models.UniqueIndex(
        "(case_id, volunteer_id) WHERE state IN ('invited', 'accepted')",
        "This volunteer is invited or at work in this case already.",
    )
    # all that a volunteer did, for pairs and figures, without the rows themselves: a country has
    # seventy a volunteer
    _work_index = models.Index("(volunteer_id) INCLUDE (case_id, state, date_start, date_end)")
    _dates_in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A mediator's work in a case ends on or after the day it begins."
        " Correct one of the two dates.",
    )
    _hours_positive = models.Constraint("CHECK(hours >= 0)", "The hours are 0 or more.")

    @api.depends("state")
    def _compute_is_live(self):
        for assignment in self:
            assignment.is_live = assignment.state in LIVE_STATES

    @api.depends("case_id.name", "volunteer_id.name")
    @api.depends_context("mediator_names")
    def _compute_display_name(self):
        """Under a case, where the number is known, the name of the mediator is enough."""
        for assignment in self:
            name = assignment.volunteer_id.name
            if self.env.context.get("mediator_names"):
                assignment.display_name = name
            else:
                assignment.display_name = f"{assignment.case_id.name}: {name}"

    @api.constrains("case_id", "volunteer_id")
    def _check_not_a_party(self):
        """Nobody mediates in a quarrel of their own."""
        for assignment in self:
            if assignment.volunteer_id.partner_id in assignment.case_id.party_ids.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(volunteer)s is one of the neighbours in case %(case)s."
                        " Choose another mediator.",
                        volunteer=assignment.volunteer_id.name,
                        case=assignment.case_id.name,
                    )
                )

    @api.onchange("volunteer_id", "state")
    def _onchange_volunteer_id(self):
        """Warn, not forbid: the coordinator knows what the volunteer can take."""
        volunteer = self.volunteer_id
        if not volunteer or not self.is_live:
            return None
        others = volunteer.active_case_count - (
            self._origin.is_live and self._origin.volunteer_id == volunteer._origin
        )
        if others < volunteer.max_cases:
            return None
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("That is one case more than %s wants", volunteer.name),
                "message": self.env._(
                    "%(volunteer)s has %(running)s running cases and wants at most %(maximum)s.",
                    volunteer=volunteer.name,
                    running=others,
                    maximum=volunteer.max_cases,
                ),
            }
        }

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # who was taken off the case a moment ago, may come back in the same save
        self.flush_model(["state"])
        assignments = super().create(vals_list)
        assignments._check_may_be_invited()
        assignments._settle_end()
        assignments._sync_talks(assignments.case_id)
        assignments._follow_pair()
        return assignments

    def write(self, vals):
        cases = self.case_id
        live = self.filtered("is_live")
        res = super().write(vals)
        if {"state", "volunteer_id", "case_id"} & vals.keys():
            replaced = "volunteer_id" in vals or "case_id" in vals
            (self if replaced else self - live)._check_may_be_invited()
            if "date_end" not in vals:
                (self - live).filtered("is_live").date_end = False
            self._settle_end()
            self._sync_talks(cases | self.case_id)
            self._follow_pair()
        return res

    def unlink(self):
        cases = self.case_id
        res = super().unlink()
        self._sync_talks(cases)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        """Who worked on a case, or was asked, stays known; who was chosen by mistake may go."""
        worked = self.filtered(
            lambda assignment: assignment.state in ("accepted", "ended") or assignment.invited_on
        )
        if worked and not self.env.user.has_group("buurtbemiddeling_case.group_manager"):
            raise UserError(
                self.env._(
                    "%(volunteer)s was asked for case %(case)s, or worked on it: that is part of"
                    " its history. End it instead of deleting it.",
                    volunteer=worked[0].volunteer_id.name,
                    case=worked[0].case_id.name,
                )
            )

    def _check_may_be_invited(self):
        """Refuse to invite someone who does not get cases, or not now.

        Not asked of imports and closed cases: history comes in with what is known. Nor of work that
        goes on when its case is merged with another.

        :raise UserError: names the volunteers and their phases
        """
        if self.env.context.get("import_file") or is_merging(self.env):
            return
        asked = self.filtered(lambda row: row.is_live and not row.case_id.is_closed)
        refused = asked.filtered(lambda row: not row.volunteer_id.stage_id.is_active)
        if refused:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s is in phase “%(stage)s” and can not get cases."
                        " Choose an active mediator for case %(case)s.",
                        volunteer=assignment.volunteer_id.name,
                        stage=assignment.volunteer_id.stage_id.name,
                        case=assignment.case_id.name,
                    )
                    for assignment in refused
                )
            )
        asked._check_requirements()

    def _end_doubles(self):
        """Of one mediator in one case, the oldest work goes on; the other live rows are history."""
        by_age = self.sorted(
            lambda row: (row.state != "accepted", row.date_start or date.max, row.id)
        )
        if by_age[1:]:
            by_age[1:]._end(MERGED)

    def _settle_end(self):
        """Rows of a closed case are history, and what has ended has a last day.

        That is the closing date of the case, or else today. A first day that was filled in later
        than the last one moves along.
        """
        today = fields.Date.context_today(self)
        batches = defaultdict(self.browse)
        for assignment in self:
            if assignment.is_live and not assignment.case_id.is_closed:
                continue
            if assignment.is_live or not assignment.date_end:
                date_end = assignment.date_end or assignment.case_id.close_date or today
                date_start = assignment.date_start and min(assignment.date_start, date_end)
                batches[assignment.is_live, date_start, date_end] |= assignment
        for (live, date_start, date_end), assignments in batches.items():
            values = {"date_start": date_start, "date_end": date_end}
            if live:
                assignments._end(CASE_CLOSED, **values)
            else:
                assignments.write(values)

    def _follow_pair(self):
        """When the pair of a case is complete, the case is assigned."""
        self.filtered(lambda row: row.state == "accepted").case_id._follow_pair()

    @api.model
    def _sync_talks(self, cases):
        """Let the calendar entries of planned talks follow who the mediators are now."""
        cases.meeting_ids._get_coming()._sync_calendar()
