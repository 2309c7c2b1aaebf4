from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import due_day

INTAKE = "intake"  # code of the phase whose norm counts for the intake

INTAKE_DECISIONS = [
    ("suitable", "Suitable"),
    ("advice", "Advice only"),
    ("refer", "Refer on"),
    ("unsuitable", "Not suitable"),
]


class BuurtbemiddelingCaseTriageMixin(models.AbstractModel):
    """The judgement at intake: is this a quarrel for mediators, and if not, what then?

    The coordinator goes through the contra-indications, decides, and gives the reason. What is
    ticked warns and does not decide: someone who can make and keep agreements is welcome (CCV).
    """

    _name = "buurtbemiddeling.case.triage.mixin"
    _description = "Triage of a Case"
    _inherit = ["buurtbemiddeling.screen.mixin"]

    intake_decision = fields.Selection(
        INTAKE_DECISIONS,
        tracking=True,
        copy=False,
        help="Whether the case goes on to mediation, or what happens instead.",
    )
    intake_reason_id = fields.Many2one(
        "buurtbemiddeling.intake.reason",
        "Reason",
        compute="_compute_intake_reason_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        copy=False,
    )
    intake_date = fields.Date(
        "Decided on",
        compute="_compute_intake_date",
        store=True,
        readonly=False,
        copy=False,
    )
    # facts of the figures: a norm that changes later moves no past
    intake_norm_days = fields.Integer(
        "Norm of the intake (working days)",
        compute="_compute_intake_norm_days",
        store=True,
        help="Working days from registration to decision, as the norm of the phase Intake was when"
        " the case was made.",
    )
    intake_deadline = fields.Date("Intake due on", compute="_compute_intake_deadline", store=True)
    contraindication_ids = fields.Many2many(
        "buurtbemiddeling.contraindication",
        "buurtbemiddeling_case_contraindication_rel",
        "case_id",
        "contraindication_id",
        string="Contra-indications",
        ondelete="restrict",
        help="Reasons to think twice before mediating. They warn; you decide.",
    )
    contraindication_hint = fields.Text(
        "Think of this first", compute="_compute_contraindication_hint"
    )
    complexity_ids = fields.Many2many(
        "buurtbemiddeling.complexity",
        "buurtbemiddeling_case_complexity_rel",
        "case_id",
        "complexity_id",
        ondelete="restrict",
        help="What makes this more than a quarrel between neighbours. One is enough for the case"
        " to count as complex.",
    )
    is_complex = fields.Boolean("Complex", compute="_compute_is_complex", store=True)
    onward_referral_ids = fields.One2many(
        "buurtbemiddeling.onward.referral", "case_id", "Referred on to"
    )
    extra_signal_ids = fields.One2many(
        "buurtbemiddeling.extra.signal",
        "case_id",
        "Buurtbemiddeling Extra",
        groups="buurtbemiddeling_case.group_extra",
    )

    @api.depends("complexity_ids", "extra_signal_ids")
    def _compute_is_complex(self):
        """A signal of Buurtbemiddeling Extra makes a case complex as well.

        Who may not see signals sees no more of them than this yes or no, which figures count.
        """
        # sudo: whether there are signals is known to all, see above; nothing else comes back
        for case in self.sudo():
            case.is_complex = bool(case.complexity_ids or case.extra_signal_ids)

    @api.depends("intake_decision", "contraindication_ids")
    def _compute_intake_reason_id(self):
        """A reason goes with its decision; a contra-indication is the reason for saying no."""
        contraindication = self.env["buurtbemiddeling.intake.reason"]
        for case in self:
            reason = case.intake_reason_id
            if reason.decision != case.intake_decision:
                reason = reason.browse()
            if not reason and case.intake_decision == "unsuitable" and case.contraindication_ids:
                contraindication = contraindication or contraindication.search(
                    [("needs_contraindication", "=", True)], limit=1
                )
                reason = contraindication
            case.intake_reason_id = reason

    @api.depends("contraindication_ids")
    @api.depends_context("lang")
    def _compute_contraindication_hint(self):
        for case in self:
            case.contraindication_hint = "\n".join(
                f"{entry.name}: {entry.hint}" for entry in case.contraindication_ids if entry.hint
            )

    @api.depends("intake_decision")
    def _compute_intake_date(self):
        for case in self:
            if case.intake_decision and not case.intake_date:
                case.intake_date = fields.Date.context_today(case)
            elif not case.intake_decision:
                case.intake_date = False

    @api.depends("company_id")
    def _compute_intake_norm_days(self):
        """The norm of the organisation's phase Intake on the day on which the case is made.

        The norm itself is no dependency: past intakes are measured by the norm of their time. By
        default it is five working days (domain.md 1.1, step 2).
        """
        stages = self.env["buurtbemiddeling.case.stage"]._get_of_companies(self.company_id)
        norms = {
            company: own.filtered(lambda stage: stage.code == INTAKE)[:1].norm_days
            for company, own in stages.items()
        }
        for case in self:
            case.intake_norm_days = norms[case.company_id]

    @api.depends(
        "registration_date", "intake_norm_days", "pause_ids.date_from", "pause_ids.date_to"
    )
    def _compute_intake_deadline(self):
        """The last working day on which the intake is within its norm, pauses not counted."""
        timed = self.filtered(lambda case: case.registration_date and case.intake_norm_days)
        (self - timed).intake_deadline = False
        for company, cases in timed.grouped("company_id").items():
            pauses = {case: case.pause_ids._get_intervals() for case in cases}
            ends = [last for intervals in pauses.values() for _first, last in intervals if last]
            days = self._get_working_days(
                company,
                min(cases.mapped("registration_date")),
                max([*cases.mapped("registration_date"), *ends]),
                max(cases.mapped("intake_norm_days")),
            )
            for case in cases:
                case.intake_deadline = due_day(
                    days, case.registration_date, case.intake_norm_days, pauses[case]
                )

    def write(self, vals):
        res = super().write(vals)
        if "user_id" in vals:  # who comes back on a referral is the case's coordinator
            self.onward_referral_ids.filtered("activity_id.active")._schedule_follow_up()
        return res

    def _check_screen(self, vals):
        """Who decides says why, and which contra-indication if that is why."""
        if vals.get("intake_decision") or vals.get("intake_reason_id"):
            names = ("intake_decision", "intake_reason_id", "contraindication_ids")
            judged = self.new({n: vals[n] for n in names if n in vals}, origin=self)
            reason = judged.intake_reason_id
            if judged.intake_decision and not reason:
                raise UserError(
                    self.env._("Say why you decide so: choose a reason on the page Intake.")
                )
            if reason.needs_contraindication and not judged.contraindication_ids:
                raise UserError(
                    self.env._(
                        "Tick on the page Intake which contra-indication there is, or choose"
                        " another reason."
                    )
                )
        return super()._check_screen(vals)

    def _has_records_apart(self):
        """Return whether others would learn of residents from referrals or signals of the cases."""
        # sudo: signals count without being seen; only yes or no comes back
        cases = self.sudo()
        return bool(cases.onward_referral_ids or cases.extra_signal_ids)

    def action_close(self):
        """Open the wizard with what the one reason of all these cases proposes filled in."""
        action = super().action_close()
        reason = self.intake_reason_id
        if len(reason) == 1 and all(case.intake_reason_id for case in self):
            action["context"].update(
                default_outcome_id=reason.outcome_id.id,
                default_intervention_id=reason.intervention_id.id,
            )
        return action
