from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# what the calendar holds, but is no talk in which neighbours are helped
NO_TALK_KINDS = ("intake", "aftercare", "coaching")
AFTERCARE_ACTIVITY = "buurtbemiddeling_case.mail_activity_type_aftercare"
PLANNING_FIELDS = {
    "stage_id", "outcome_id", "close_date", "user_id", "aftercare_date", "aftercare_planned_date",
}  # fmt: skip


class BuurtbemiddelingCaseAftercareMixin(models.AbstractModel):
    """Aftercare (nazorg): weeks after the last talk each party is asked apart whether it held.

    A case that ended after help, which is in the phase *Aftercare* or closed with a result that
    counts as handled, gets a term for it: by the norm two to six weeks after the last talk
    (domain.md 1.1, step 7), or after closing when there was no talk. Cases that were unsuitable or
    withdrawn get none. Within the term a day is planned, with a to-do for the coordinator that
    follows it. A closed case whose term has passed already is history, which asks nothing of
    anybody, unless a person closes it now: better late than never.

    The term is worked out when a case ends. A norm or a list that changes later moves no past.
    """

    _name = "buurtbemiddeling.case.aftercare.mixin"
    _description = "Aftercare of a Case"
    _inherit = ["buurtbemiddeling.screen.mixin"]

    last_talk_date = fields.Date(
        "Last talk on",
        compute="_compute_last_talk_date",
        store=True,
        help="The last talk that was held, without intake, coaching and aftercare itself.",
    )
    aftercare_from = fields.Date("Aftercare from", compute="_compute_aftercare_term", store=True)
    aftercare_until = fields.Date("Aftercare until", compute="_compute_aftercare_term", store=True)
    aftercare_planned_date = fields.Date(
        "Aftercare planned on",
        compute="_compute_aftercare_planned_date",
        store=True,
        readonly=False,
        copy=False,
        help="Empty it when this case needs no aftercare.",
    )
    aftercare_date = fields.Date("Aftercare on", copy=False)
    aftercare_outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result after aftercare",
        ondelete="restrict",
        tracking=True,
        copy=False,
    )
    # Whether it is due depends on today, so that is asked of aftercare_planned_date.
    aftercare_state = fields.Selection(
        [("none", "Not planned"), ("planned", "Planned"), ("done", "Done")],
        "Aftercare",
        compute="_compute_aftercare_state",
        store=True,
    )

    _aftercare_after_registered = models.Constraint(
        "CHECK(aftercare_date IS NULL OR aftercare_date >= registration_date)",
        "Aftercare comes after registration. Correct one of the two dates.",
    )
    _aftercare_planned_index = models.Index(
        "(company_id, aftercare_planned_date) WHERE aftercare_state = 'planned'"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("meeting_ids.state", "meeting_ids.kind", "meeting_ids.start")
    def _compute_last_talk_date(self):
        for case in self:
            held = case.meeting_ids.filtered(
                lambda talk: talk.state == "done" and talk.start and talk.kind not in NO_TALK_KINDS
            )
            days = [talk._get_local_start().date() for talk in held]
            case.last_talk_date = max(days, default=False)

    @api.depends("stage_id", "stage_date", "outcome_id", "close_date", "last_talk_date")
    def _compute_aftercare_term(self):
        for case in self:
            first = last = False
            if case._ended_after_help():
                first, last = case._get_aftercare_term(
                    case.last_talk_date or case.close_date or case.stage_date
                )
            case.aftercare_from, case.aftercare_until = first, last

    @api.depends("aftercare_from", "aftercare_until")
    def _compute_aftercare_planned_date(self):
        today = fields.Date.context_today(self)
        for case in self:
            first, last = case.aftercare_from, case.aftercare_until
            if not first:
                case.aftercare_planned_date = False
            elif case.is_closed and last < today:
                case.aftercare_planned_date = case.aftercare_planned_date
            else:
                case.aftercare_planned_date = case._choose_aftercare_date(first, last)

    def _choose_aftercare_date(self, first, last):
        """Return a day from ``first`` to ``last``: as planned before if that fits, or half-way."""
        planned = self.aftercare_planned_date
        if planned and first <= planned <= last:
            return planned
        return first + (last - first) / 2

    @api.depends("aftercare_date", "aftercare_planned_date")
    def _compute_aftercare_state(self):
        for case in self:
            if case.aftercare_date:
                case.aftercare_state = "done"
            else:
                case.aftercare_state = "planned" if case.aftercare_planned_date else "none"

    def _get_aftercare_term(self, start):
        """Return ``(first day, last day)`` on which aftercare fits, counted from date ``start``."""
        company = self.company_id
        return (
            start and start + timedelta(days=company.buurtbemiddeling_aftercare_min_days),
            start and start + timedelta(days=company.buurtbemiddeling_aftercare_max_days),
        )

    def _check_screen(self, vals):
        """What a person plans lies after the last talk; history comes in with what is known."""
        if "aftercare_planned_date" in vals and self._has_ended():
            self._check_aftercare_can_be_planned(
                fields.Date.to_date(vals["aftercare_planned_date"]),
                self.last_talk_date or self.close_date or self.stage_date,
            )
        return super()._check_screen(vals)

    def _check_aftercare_can_be_planned(self, day, last_talk):
        """Refuse to plan aftercare on ``day`` when it does not come after the last talk.

        :param last_talk: date of the last talk, or of closing when there was none
        :raise UserError: says from when it can be planned
        """
        if day and last_talk and day <= last_talk:
            raise UserError(
                self.env._(
                    "Aftercare comes weeks after the last talk or the closing, which was on %s."
                    " Plan it on a later day, or empty the day when no aftercare is needed.",
                    format_date(self.env, last_talk),
                )
            )

    def _has_ended(self):
        """Return whether the talks are over: the case is closed, or waits for aftercare."""
        return self.is_closed or self.stage_id.code == "aftercare"

    def _ended_after_help(self):
        """Return whether there is something to ask about at aftercare."""
        if self.is_closed:
            return self.outcome_id.counts_handled
        return self.stage_id.code == "aftercare"

    @api.constrains("aftercare_date", "last_talk_date")
    def _check_aftercare_after_last_talk(self):
        for case in self:
            asked, talked = case.aftercare_date, case.last_talk_date
            if asked and talked and asked < talked:
                raise ValidationError(
                    self.env._(
                        "Aftercare of case %(number)s was on %(asked)s, before its last talk on"
                        " %(talked)s. Correct one of the two dates. Did you talk with the"
                        " neighbours again after aftercare? Then open the case again first, by"
                        " choosing an earlier phase.",
                        number=case.name,
                        asked=format_date(self.env, asked),
                        talked=format_date(self.env, talked),
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # what comes with the case does not plan: its followers are not in place yet
        cases = super(
            BuurtbemiddelingCaseAftercareMixin, self.with_context(aftercare_waits=True)
        ).create(vals_list)
        cases = cases.with_env(self.env)
        cases.filtered(lambda case: case._has_ended())._sync_aftercare_activity()
        return cases

    def write(self, vals):
        if not self or PLANNING_FIELDS.isdisjoint(vals):
            return super().write(vals)
        had_ended = self.filtered(lambda case: case._has_ended())
        res = super().write(vals)
        had_ended.filtered(lambda case: not case._has_ended())._begin_new_round()
        if "aftercare_planned_date" not in vals:
            (self - had_ended)._plan_late_aftercare()
        self._sync_aftercare_activity(hand_over="user_id" in vals)
        return res

    # ------------------------------------------------------------
    # PLANNING
    # ------------------------------------------------------------

    def _is_history(self):
        """Return whether the cases come from an import, of which nobody is asked anything."""
        return bool(self.env.context.get("import_file") or self.env.context.get("tracking_disable"))

    def _plan_late_aftercare(self):
        """Whoever ends a case after its term has passed still asks how it went: today."""
        if not self._is_history():
            self.filtered(
                lambda case: (
                    case.aftercare_from
                    and not case.aftercare_planned_date
                    and not case.aftercare_date
                )
            ).aftercare_planned_date = fields.Date.context_today(self)

    def _follow_last_talk(self):
        """Move the to-do after the last talk of the case was another one.

        Also when a mediator notes a talk, who has no to-dos of cases.
        """
        cases = self.filtered("aftercare_from")
        if cases and self.env.user.share:
            cases = cases.with_user(SUPERUSER_ID)
        cases._sync_aftercare_activity()

    def _sync_aftercare_activity(self, hand_over=False):
        """Plan, move or end the to-do of aftercare, so that it says what the case says.

        :param hand_over: give it to the coordinator of the case
        """
        waits = {"aftercare_waits", "mail_activity_automation_skip"} & self.env.context.keys()
        if not self or waits or self._is_history():
            return
        activities = self.activity_search([AFTERCARE_ACTIVITY])
        by_state = activities.grouped(lambda todo: self.browse(todo.res_id).aftercare_state)
        if done := by_state.get("done"):
            done.action_feedback()
        if dropped := by_state.get("none"):
            dropped.unlink()
        planned = by_state.get("planned", activities.browse())
        for day, moved in planned.grouped(
            lambda todo: self.browse(todo.res_id).aftercare_planned_date
        ).items():
            moved.filtered(lambda todo, day=day: todo.date_deadline != day).date_deadline = day
        if hand_over:
            for user, handed in planned.grouped(
                lambda todo: self.browse(todo.res_id).user_id
            ).items():
                handed.user_id = user
        lacking = self.filtered(lambda case: case.aftercare_state == "planned")
        (lacking - self.browse(planned.mapped("res_id")))._create_aftercare_activity()

    def _create_aftercare_activity(self):
        activity_type = self.env.ref(AFTERCARE_ACTIVITY, raise_if_not_found=False)
        if not (self and activity_type):  # an administrator took the type away
            return
        model_id = self.env["ir.model"]._get_id(self._name)
        # weeks ahead: in the coordinator's list in time, without a mail now
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "automated": True,
                    "summary": activity_type.summary,
                    "date_deadline": case.aftercare_planned_date,
                    "res_model_id": model_id,
                    "res_id": case.id,
                    "user_id": case.user_id.id,
                }
                for case in self
            ]
        )

    # ------------------------------------------------------------
    # OPENING AGAIN
    # ------------------------------------------------------------

    def _begin_new_round(self):
        """A case that was opened again is asked anew: keep the answers of this round in a note.

        Otherwise they would count for how the case ends the next time. What each party said
        stays with the party, with its day, until it is asked again.
        """
        asked = self.filtered("aftercare_date")
        if not asked:
            return
        asked._message_log_batch(
            {
                case.id: self.env._(
                    "Opened again after aftercare on %(date)s (%(result)s).",
                    date=format_date(self.env, case.aftercare_date),
                    result=case.aftercare_outcome_id.name or self.env._("no result noted"),
                )
                for case in asked
            }
        )
        asked.write({"aftercare_date": False, "aftercare_outcome_id": False})

    def _reopen(self, stage, reason):
        """Take cases up again in ``stage``, and note why.

        :param stage: a phase in which cases are open
        :param reason: a neutral sentence; it stays on the thread of the case
        :raise UserError: when the phase closes cases
        """
        if stage.is_closed:
            raise UserError(
                self.env._("Choose a phase in which the case is open, to open it again.")
            )
        self._move_to_phase(stage, reason)

    def action_aftercare(self):
        """Open the wizard that asks how it is now, of each party apart."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Aftercare"),
            "res_model": "buurtbemiddeling.case.aftercare",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }
