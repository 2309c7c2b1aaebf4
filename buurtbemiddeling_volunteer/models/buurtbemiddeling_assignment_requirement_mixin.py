from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LAPSE_DECISIONS = [("goes_on", "Goes on"), ("replaced", "Is replaced")]


class BuurtbemiddelingAssignmentRequirementMixin(models.AbstractModel):
    """Only who has everything in order is asked for a new case; running work waits for a decision.

    When something required of a mediator lapses, the coordinator decides for each running case
    whether the mediator goes on. Of what lapses after that day, it is asked again.
    """

    _name = "buurtbemiddeling.assignment.requirement.mixin"
    _description = "Requirements of a Mediator at Work"

    missing_requirements = fields.Char("Missing or lapsed", compute="_compute_missing_requirements")
    asks_lapse_decision = fields.Boolean(
        "Decision needed",
        compute="_compute_asks_lapse_decision",
        search="_search_asks_lapse_decision",
        help="Something required of this mediator has lapsed: does the mediator go on?",
    )
    lapse_decision = fields.Selection(LAPSE_DECISIONS, "Decided", readonly=True, copy=False)
    lapse_reason = fields.Char("Why", readonly=True, copy=False)
    lapse_user_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    lapse_date = fields.Date("Decided on", readonly=True, copy=False)

    @api.depends("volunteer_id.missing_requirements")
    def _compute_missing_requirements(self):
        for assignment in self:
            assignment.missing_requirements = assignment.volunteer_id.missing_requirements

    @api.depends("state", "lapse_date", "volunteer_id.requirement_state", "case_id.close_date")
    @api.depends_context("tz")
    def _compute_asks_lapse_decision(self):
        lapsed = dict(
            self.env["buurtbemiddeling.volunteer.requirement"]._read_group(
                Domain("volunteer_id", "in", self.volunteer_id.ids) & self._get_lapsed_domain(),
                ["volunteer_id"],
                ["valid_until:max"],
            )
        )
        for assignment in self:
            last_day = lapsed.get(assignment.volunteer_id._origin)
            assignment.asks_lapse_decision = bool(
                last_day
                and assignment.is_live
                and not (assignment.lapse_date and last_day < assignment.lapse_date)
            )

    @api.model
    def _search_asks_lapse_decision(self, operator, value):
        if operator != "in":
            return NotImplemented
        # who it is first: a subquery may be worked out again for each volunteer
        volunteers = self.env["buurtbemiddeling.volunteer"]
        states = volunteers._get_requirement_states()
        lapsed = Domain("id", "in", [id_ for id_, kept in states.items() if "lapsed" in kept])
        volunteers = volunteers.with_context(active_test=False).search(lapsed)
        found = self.search(
            Domain("state", "in", ("invited", "accepted"))
            & Domain("volunteer_id", "in", volunteers.ids)
        )
        return Domain("id", "in", found.filtered("asks_lapse_decision").ids)

    @api.model
    def _get_lapsed_domain(self):
        return Domain("is_required", "=", True) & Domain("state", "=", "lapsed")

    def _check_requirements(self):
        """Refuse to ask mediators of whom something required is missing or has lapsed.

        :raise UserError: names the volunteers and what it is
        """
        refused = self.volunteer_id.filtered("missing_requirements")
        if refused:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s can not get new cases. Missing or lapsed: %(missing)s.",
                        volunteer=volunteer.name,
                        missing=volunteer.missing_requirements,
                    )
                    for volunteer in refused
                )
            )

    def _decide_on_lapse(self, decision, reason):
        """Keep the decision on these running assignments, and tell it on the page of their case.

        :param decision: ``goes_on``, or ``replaced``, which ends the work
        """
        told = {
            "goes_on": self.env._("%(volunteer)s goes on, although this has lapsed: %(what)s."),
            "replaced": self.env._("%(volunteer)s is replaced, as this has lapsed: %(what)s."),
        }
        for assignment in self:
            sentence = told[decision] % {
                "volunteer": assignment.volunteer_id.name,
                "what": assignment.missing_requirements,
            }
            assignment.case_id.message_post(body=Markup("<p>%s<br/>%s</p>") % (sentence, reason))
        self.write(
            {
                "lapse_decision": decision,
                "lapse_reason": reason,
                "lapse_user_id": self.env.uid,
                "lapse_date": fields.Date.context_today(self),
            }
        )
        if decision == "replaced":
            self.write({"state": "ended"})

    def action_decide_on_lapse(self):
        """Open the dialog that asks whether these mediators go on."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Does the mediator go on?"),
            "res_model": "buurtbemiddeling.lapse.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_assignment_ids": [fields.Command.set(self.ids)]},
        }
