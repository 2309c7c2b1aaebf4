from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .buurtbemiddeling_assignment import LIVE_STATES


class BuurtbemiddelingVolunteerLoadMixin(models.AbstractModel):
    """How many cases a volunteer has, and whether there is room for another."""

    _name = "buurtbemiddeling.volunteer.load.mixin"
    _description = "Cases of a Volunteer"

    max_cases = fields.Integer(
        "Cases at once",
        default=2,
        aggregator=None,
        help="The most cases that this volunteer wants to have at the same time.",
    )
    assignment_ids = fields.One2many("buurtbemiddeling.assignment", "volunteer_id", "Cases")
    active_case_count = fields.Integer("Running cases", compute="_compute_case_count")
    case_count = fields.Integer(
        "All cases",
        compute="_compute_case_count",
        help="Cases in which this volunteer is or was a mediator, each counted once.",
    )
    is_available = fields.Boolean(
        "Room for a case",
        compute="_compute_is_available",
        search="_search_is_available",
        help="Gets cases, and has fewer running cases than the volunteer's own maximum.",
    )

    _max_cases_positive = models.Constraint(
        "CHECK(max_cases >= 0)", "The number of cases at the same time is 0 or more."
    )

    @api.depends("assignment_ids.state", "assignment_ids.case_id")
    def _compute_case_count(self):
        # sudo: how busy a volunteer is, also in projects that are closed to the user; numbers only
        groups = self.env["buurtbemiddeling.assignment"].sudo()
        groups = groups._read_group(
            [("volunteer_id", "in", self.ids), ("state", "!=", "declined")],
            ["volunteer_id", "state"],
            ["case_id:array_agg_distinct"],
        )
        running, ever = defaultdict(set), defaultdict(set)
        for volunteer, state, case_ids in groups:
            ever[volunteer.id].update(case_ids)
            if state in LIVE_STATES:
                running[volunteer.id].update(case_ids)
        for volunteer in self:
            volunteer.active_case_count = len(running[volunteer._origin.id])
            volunteer.case_count = len(ever[volunteer._origin.id])

    @api.depends("active_case_count", "max_cases", "stage_id")
    def _compute_is_available(self):
        for volunteer in self:
            volunteer.is_available = (
                volunteer.stage_id.is_active and volunteer.active_case_count < volunteer.max_cases
            )

    def _search_is_available(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as above
        groups = self.env["buurtbemiddeling.assignment"].sudo()
        groups = groups._read_group(
            [("state", "in", LIVE_STATES)], ["volunteer_id"], ["case_id:count_distinct"]
        )
        full = [volunteer.id for volunteer, count in groups if count >= volunteer.max_cases]
        return (
            Domain("stage_id.is_active", "=", True)
            & Domain("max_cases", ">", 0)
            & Domain("id", "not in", full)
        )

    def action_open_cases(self):
        """Open the cases in which this volunteer is or was a mediator."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_case_action"
        )
        action["domain"] = [
            (
                "assignment_ids",
                "any",
                [("volunteer_id", "=", self.id), ("state", "!=", "declined")],
            )
        ]
        action["context"] = {}
        return action
