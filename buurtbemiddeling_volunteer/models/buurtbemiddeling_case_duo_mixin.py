from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models

# mediators always work in pairs (domain: step 3, selection of mediators); a group may have more
DUO = 2
GAP_ACTIVITY = "buurtbemiddeling_volunteer.mail_activity_type_mediator"


class BuurtbemiddelingCaseDuoMixin(models.AbstractModel):
    """Whether a case has its two mediators, and what to do when it has not."""

    _name = "buurtbemiddeling.case.duo.mixin"
    _description = "Mediators of a Case"

    duo_state = fields.Selection(
        [
            ("none", "Without mediators"),
            ("incomplete", "A mediator is missing"),
            ("asked", "Waiting for an answer"),
            ("complete", "Complete"),
        ],
        "Pair",
        compute="_compute_duo_state",
        store=True,
        precompute=True,
        help="Complete when two mediators have accepted.",
    )
    duo_text = fields.Char("Answers", compute="_compute_duo_text")
    has_unasked = fields.Boolean(
        compute="_compute_duo_text", export_string_translation=False, exportable=False
    )
    can_be_assigned = fields.Boolean(
        compute="_compute_can_be_assigned", export_string_translation=False, exportable=False
    )
    objection_ids = fields.One2many(
        "buurtbemiddeling.assignment.objection", "case_id", "Objections"
    )

    @api.depends("assignment_ids.state")
    def _compute_duo_state(self):
        for case in self:
            live = case.assignment_ids.filtered("is_live")
            accepted = live.filtered(lambda row: row.state == "accepted")
            if len(accepted) >= DUO:
                case.duo_state = "complete"
            elif len(live) >= DUO:
                case.duo_state = "asked"
            else:
                case.duo_state = "incomplete" if live else "none"

    @api.depends("assignment_ids.state", "assignment_ids.invited_on")
    @api.depends_context("lang")
    def _compute_duo_text(self):
        for case in self:
            live = case.assignment_ids.filtered("is_live")
            accepted = live.filtered(lambda row: row.state == "accepted")
            asked = (live - accepted).filtered("invited_on")
            unasked = live - accepted - asked
            case.has_unasked = bool(unasked)
            case.duo_text = ", ".join(
                text
                for rows, text in (
                    (unasked, self.env._("%s not asked yet", len(unasked))),
                    (asked, self.env._("%s invited", len(asked))),
                    (accepted, self.env._("%s accepted", len(accepted))),
                )
                if rows
            )

    @api.depends("duo_state", "stage_id")
    def _compute_can_be_assigned(self):
        """A case with two mediators that did not come to them by itself: the coordinator moves it.

        It waits on the waiting list, say, or came back from them.
        """
        assigned = self._get_assigned_phases()
        for case in self:
            phase = assigned[case.company_id]
            case.can_be_assigned = bool(
                case.duo_state == "complete" and phase and case.stage_id._comes_before(phase)
            )

    def _follow_pair(self):
        """Move the cases of which the pair is complete along to their mediators."""
        self.filtered(lambda case: case.duo_state == "complete")._follow_fact(
            self.env._("The pair is complete."), "assigned"
        )

    def _get_assigned_phases(self):
        """Return ``{company: phase of assigned cases}``, empty where there is none."""
        phases = self.env["buurtbemiddeling.case.stage"]._get_of_companies(self.company_id)
        return {
            company: own.filtered(lambda phase: phase.code == "assigned")[:1]
            for company, own in phases.items()
        }

    # ------------------------------------------------------------
    # A MEDIATOR IS MISSING
    # ------------------------------------------------------------

    def _open_gap(self, texts):
        """Let the coordinator know, once, that a mediator has to be found for this open case.

        :param texts: who left and why, of volunteers only
        """
        self.ensure_one()
        if self.is_closed or self.duo_state in ("asked", "complete"):
            return
        note = Markup("<br/>").join(texts)
        todo = self.activity_search([GAP_ACTIVITY])[:1]
        if todo:
            todo.note = Markup("<br/>").join(filter(None, [todo.note, note]))
        else:
            self._plan_todo(GAP_ACTIVITY, note=note)

    def _settle_gap(self):
        """Whoever was missing is found, or is not needed any more: take away the to-do."""
        settled = self.filtered(
            lambda case: case.is_closed or case.duo_state in ("asked", "complete")
        )
        if settled:
            settled.activity_search([GAP_ACTIVITY]).unlink()

    def _plan_todo(self, activity_type, **values):
        """Plan a to-do for the coordinator of this case, or for whoever takes it up."""
        self.ensure_one()
        user = self.user_id.filtered(
            lambda user: user.active and user.has_group("buurtbemiddeling_case.group_user")
        )
        case = self
        if not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            # sudo: a mediator on the portal may not name a case in a message; that there is
            # something to do, and for whom, is said by our own code
            case = self.with_user(SUPERUSER_ID)
        case.activity_schedule(activity_type, user_id=user.id, **values)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_ask_mediators(self):
        """Send the invitation to all who were chosen and not asked yet, at once."""
        self.assignment_ids._ask()

    def action_move_to_assigned(self):
        """Move the case to the phase in which its mediators begin.

        :raise UserError: when that phase asks for something that is not filled in
        """
        self.ensure_one()
        if self.can_be_assigned:
            self._move_to_phase(self._get_assigned_phases()[self.company_id])
