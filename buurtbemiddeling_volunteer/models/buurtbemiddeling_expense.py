from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging

from .buurtbemiddeling_visit_report import WORKED_STATES

KINDS = [
    ("fixed", "Fixed amount per case"),
    ("travel", "Travel"),
    ("parking", "Parking"),
    ("phone", "Phone"),
    ("other", "Other"),
]
DECIDED = ("approved", "refused")
# what an approval is about; a change needs a new one
CLAIMED = ("volunteer_id", "assignment_id", "case_id", "kind", "date", "distance", "amount")
# what is noted by itself of an approval and an export
NOTED = ("approved_by_id", "approved_on", "export_id")


class BuurtbemiddelingExpense(models.Model):
    """What a volunteer gets back: a fixed amount for a case, or what was really paid.

    A coordinator approves it, never one's own, and the salary office gets it in an export: from
    then on nothing of it changes.
    """

    _name = "buurtbemiddeling.expense"
    _description = "Expense of a Volunteer"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    assignment_id = fields.Many2one(
        "buurtbemiddeling.assignment",
        "For the work in case",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="Empty for costs outside a case, such as travel to a training.",
    )
    case_id = fields.Many2one(
        "buurtbemiddeling.case",
        compute="_compute_from_assignment",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        compute="_compute_from_assignment",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        # the organisation follows from the volunteer, so it can not narrow the choice
        domain="[('company_id', 'in', allowed_company_ids)]",
    )
    coordinator_id = fields.Many2one(related="volunteer_id.coordinator_id")
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        compute="_compute_project_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        help="That of the case, else that of the volunteer when the expense was entered.",
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="travel",
        help="What the money was spent on; travel is worked out from kilometres.",
    )
    description = fields.Char("What for", help="Write no name or address of a resident here.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    distance = fields.Float(
        "Kilometres",
        help="There and back, in kilometres.",
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "To approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("exported", "Exported"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_on = fields.Date(readonly=True, copy=False)
    refusal_reason = fields.Char("Why refused", copy=False)
    export_id = fields.Many2one(
        "buurtbemiddeling.expense.export",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "An expense is more than 0. Type the amount that was paid."
    )
    _distance_positive = models.Constraint(
        "CHECK(distance IS NULL OR distance >= 0)", "The number of kilometres is 0 or more."
    )
    _exported_in_a_batch = models.Constraint(
        "CHECK((state = 'exported') = (export_id IS NOT NULL))",
        "An expense goes to the salary office in an export. Use the button “Export”.",
    )
    _fixed_once = models.UniqueIndex(
        "(assignment_id) WHERE kind = 'fixed'",
        "This volunteer has the fixed amount for this case already.",
    )

    @api.depends("assignment_id")
    def _compute_from_assignment(self):
        for expense in self:
            assignment = expense.assignment_id
            expense.case_id = assignment.case_id or expense.case_id
            expense.volunteer_id = assignment.volunteer_id or expense.volunteer_id

    @api.depends("case_id.project_id", "volunteer_id")
    def _compute_project_id(self):
        """That of the case, else of the volunteer: who moves later takes no past costs along."""
        for expense in self:
            expense.project_id = expense.case_id.project_id or expense.volunteer_id.project_id

    @api.depends("kind", "distance")
    def _compute_amount(self):
        """By the kilometre, or the fixed amount; of all else the amount is typed.

        A rate that changes later leaves what was claimed as it is.
        """
        for expense in self:
            company = expense.company_id
            if expense.kind == "travel" and expense.distance and company.buurtbemiddeling_km_rate:
                expense.amount = expense.distance * company.buurtbemiddeling_km_rate
            elif expense.kind == "fixed" and not expense.amount:
                expense.amount = company.buurtbemiddeling_case_expense
            else:
                expense.amount = expense.amount

    @api.depends("kind", "volunteer_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for expense in self:
            expense.display_name = f"{expense.volunteer_id.name}: {kinds.get(expense.kind)}"

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @api.constrains("assignment_id", "volunteer_id", "case_id")
    def _check_assignment(self):
        """Costs of a case are of who works in it, or did."""
        if is_merging(self.env):
            return
        for expense in self.filtered("assignment_id"):
            assignment = expense.assignment_id
            if (
                assignment.volunteer_id != expense.volunteer_id
                or assignment.case_id != expense.case_id
                or assignment.state not in WORKED_STATES
            ):
                raise ValidationError(
                    self.env._(
                        "%(volunteer)s does not mediate in case %(case)s. Choose one of the"
                        " mediators who accepted this case.",
                        volunteer=expense.volunteer_id.name,
                        case=expense.case_id.name,
                    )
                )

    @api.constrains("kind", "assignment_id")
    def _check_fixed_for_a_case(self):
        if any(expense.kind == "fixed" and not expense.assignment_id for expense in self):
            raise ValidationError(
                self.env._("The fixed amount is for the work in a case. Choose which case.")
            )

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(expense.date > today for expense in self):
            raise ValidationError(
                self.env._("Costs are claimed once they were made. Choose today or earlier.")
            )

    @api.constrains("state", "refusal_reason")
    def _check_refusal(self):
        for expense in self:
            if expense.state == "refused" and not (expense.refusal_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say why the expense of %s is refused: the volunteer gets to read it.",
                        expense.volunteer_id.name,
                    )
                )

    def _check_approver(self):
        """Refuse who decides on money for himself.

        :raise UserError: asks for a colleague
        """
        # sudo: coordinators may not read every login; only whose it is, is compared
        for volunteer in self.volunteer_id.sudo():
            if self.env.user in (volunteer.user_id, *volunteer.partner_id.user_ids):
                raise UserError(
                    self.env._(
                        "These are your own expenses. Ask a colleague to approve or refuse them."
                    )
                )

    def _check_changeable(self, vals):
        """Refuse to change what the salary office has, or behind the back of who approved it.

        :raise UserError: says what to do
        """
        if vals.get("state") == "exported" and set(self.mapped("state")) != {"approved"}:
            raise UserError(
                self.env._(
                    "Only approved expenses go to the salary office. Approve or refuse them first."
                )
            )
        for expense in self:
            if expense.state == "exported":
                raise UserError(
                    self.env._(
                        "The expense of %(volunteer)s of %(date)s went to the salary office and"
                        " stays as it is. Settle a difference with the salary office.",
                        volunteer=expense.volunteer_id.name,
                        date=format_date(self.env, expense.date),
                    )
                )
            if expense.state == "approved" and not vals.keys().isdisjoint(CLAIMED):
                raise UserError(
                    self.env._(
                        "The expense of %(volunteer)s of %(date)s is approved. Set it back to draft"
                        " before you change it.",
                        volunteer=expense.volunteer_id.name,
                        date=format_date(self.env, expense.date),
                    )
                )

    def _check_not_noted(self, vals):
        """Refuse to type who approved an expense, or in which export it went.

        :raise UserError: says what to do
        """
        if not self.env.su and not vals.keys().isdisjoint(NOTED):
            raise UserError(
                self.env._(
                    "Who approved an expense, and in which export it went, is noted by itself."
                    " Use the buttons “Approve” and “Export”."
                )
            )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_noted(vals)
        if not self.env.context.get("import_file"):  # decided on before
            vals_list = [
                {**vals, **self._prepare_decision(vals.get("state"))} for vals in vals_list
            ]
        expenses = super().create(vals_list)
        expenses.filtered(lambda expense: expense.state in DECIDED)._check_approver()
        return expenses

    def write(self, vals):
        """Whoever sets an expense to approved or refused has decided on it, today."""
        if is_merging(self.env):  # the case goes on under another number
            with self.env.protecting([self._fields["project_id"]], self):  # its costs stay there
                return super().write(vals)
        self._check_changeable(vals)
        self._check_not_noted(vals)
        is_decided = vals.get("state") in DECIDED
        if is_decided:
            self._check_approver()
        res = super().write({**vals, **self._prepare_decision(vals.get("state"))})
        if is_decided:
            self._check_approver()  # also when it became one's own in the same save
        return res

    def _prepare_decision(self, state):
        """Return who approved it and when, ``{}`` when ``state`` does not change that."""
        if state in (None, "exported"):
            return {}
        approved = state == "approved"
        return {
            "approved_by_id": self.env.uid if approved else False,
            "approved_on": fields.Date.context_today(self) if approved else False,
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        kept = self.filtered(lambda expense: expense.state in ("approved", "exported"))
        if kept:
            raise UserError(
                self.env._(
                    "The expense of %(volunteer)s of %(date)s is approved or exported, and stays."
                    " What is only approved can be set back to draft.",
                    volunteer=kept[0].volunteer_id.name,
                    date=format_date(self.env, kept[0].date),
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit(self):
        """Ask for approval; what was decided already stays as it is."""
        self.filtered(lambda expense: expense.state == "draft").state = "submitted"

    def action_approve(self):
        """Approve what is not decided yet, also a draft that a coordinator typed."""
        self.filtered(lambda expense: expense.state in ("draft", "submitted")).state = "approved"

    def action_refuse(self):
        """Refuse what is not decided yet, with the reason that was typed."""
        self.filtered(lambda expense: expense.state in ("draft", "submitted")).state = "refused"

    def action_draft(self):
        """Take a decision back, so that the expense can be corrected."""
        self.filtered(lambda expense: expense.state in ("approved", "refused")).state = "draft"
