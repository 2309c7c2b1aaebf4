from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What happens to an action after the meeting in which it was agreed.
PROGRESS_FIELDS = {"state", "date_closed", "progress", "user_id"}


class BuurtbemiddelingSteeringDecision(models.Model):
    """What the steering group decided, or who promised to do what by when.

    Numbered per project and year: decision 2026-03, action A2026-03.
    """

    _name = "buurtbemiddeling.steering.decision"
    _description = "Decision or Action"
    _inherit = ["buurtbemiddeling.steering.part.mixin", "buurtbemiddeling.care.mixin"]
    _order = "year desc, kind, number desc, id desc"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    item_id = fields.Many2one(
        "buurtbemiddeling.steering.item",
        "Agenda item",
        ondelete="set null",
        index="btree_not_null",
        domain="[('meeting_id', '=', meeting_id)]",
    )
    kind = fields.Selection(
        [("decision", "Decision"), ("action", "Action")],
        required=True,
        default="action",
        help="An action has somebody who does it before a date; a decision stands.",
    )
    year = fields.Integer(readonly=True, copy=False, aggregator=None)
    number = fields.Integer(readonly=True, copy=False, aggregator=None)
    code = fields.Char("No.", compute="_compute_code", store=True)
    name = fields.Char(
        "What",
        required=True,
        help="Everyone in the steering group reads this: write no name of a resident here.",
    )
    owner_id = fields.Many2one(
        "res.partner",
        "Who",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("is_confidential", "=", False)],
    )
    date_due = fields.Date("By when", index="btree_not_null")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="A decision is done as soon as it is taken.",
    )
    date_closed = fields.Date(
        "Closed on", compute="_compute_date_closed", store=True, readonly=False, copy=False
    )
    progress = fields.Text("What came of it")
    is_overdue = fields.Boolean(compute="_compute_is_overdue")
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        help="Who sees to it that it is done.",
    )

    _number_uniq = models.UniqueIndex(
        "(project_id, kind, year, number)",
        "A colleague just used this number. Save again.",
    )
    _action_complete = models.Constraint(
        "CHECK(kind != 'action' OR (owner_id IS NOT NULL AND date_due IS NOT NULL))",
        "An action says who does it and by when. Fill in both.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("kind", "year", "number")
    def _compute_code(self):
        for decision in self:
            letter = "A" if decision.kind == "action" else ""
            decision.code = (
                f"{letter}{decision.year}-{decision.number:02}" if decision.number else False
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = " ".join(filter(None, (decision.code, decision.name)))

    @api.depends("kind")
    def _compute_state(self):
        for decision in self:
            decision.state = "done" if decision.kind == "decision" else "open"

    @api.depends("state")
    def _compute_date_closed(self):
        today = fields.Date.context_today(self)
        for decision in self:
            is_open = decision.state == "open" or decision.kind == "decision"
            decision.date_closed = not is_open and (decision.date_closed or today)

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for decision in self:
            decision.is_overdue = bool(
                decision.state == "open" and decision.date_due and decision.date_due < today
            )

    @api.depends("owner_id", "meeting_id.user_id")
    def _compute_user_id(self):
        """A coordinator's own action is theirs; others' are kept up by who holds the meeting."""
        for decision in self:
            # sudo: reads which contacts are coordinators; one user of this organisation comes back
            users = decision.owner_id.sudo().user_ids.filtered(
                lambda user: user.has_group("buurtbemiddeling_case.group_user")
            )
            decision.user_id = users[:1].id or decision.meeting_id.user_id.id

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("owner_id")
    def _check_no_resident(self):
        self.owner_id._check_not_confidential()

    @api.constrains("meeting_id", "kind")
    def _check_meeting_held(self):
        for decision in self:
            if decision.meeting_id.state not in ("held", "minuted"):
                raise ValidationError(
                    self.env._(
                        "“%(meeting)s” has not been held, so nothing was decided or agreed there."
                        " Choose “It was held” first.",
                        meeting=decision.meeting_id.display_name,
                    )
                )

    @api.constrains("item_id", "meeting_id")
    def _check_item(self):
        for decision in self.filtered("item_id"):
            if decision.item_id.meeting_id != decision.meeting_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is on the agenda of another meeting. Choose an item of this one.",
                        decision.item_id.name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Give each the next number of its project, kind and year; one query a batch."""
        decisions = super().create(vals_list)
        unnumbered = decisions.filtered(lambda decision: not decision.number)
        groups = self._read_group(
            [("project_id", "in", unnumbered.project_id.ids), ("number", ">", 0)],
            ["project_id", "kind", "year"],
            ["number:max"],
        )
        last = {(project, kind, year): number for project, kind, year, number in groups}
        for decision in unnumbered:
            year = decision.meeting_id._get_local_start().year
            key = (decision.project_id, decision.kind, year)
            last[key] = last.get(key, 0) + 1
            decision._write_number({"year": year, "number": last[key]})
        return decisions

    def write(self, vals):
        """Refuse another meeting, kind or number: a number that was given stays what it is.

        :raise UserError: names the decision
        """
        for name in {"meeting_id", "kind", "year", "number"} & vals.keys():
            field = self._fields[name]
            for decision in self:
                if field.convert_to_write(decision[name], decision) != vals[name]:
                    raise UserError(
                        self.env._(
                            "%s keeps its number, and with it its meeting and kind. Delete it and"
                            " add it anew.",
                            decision.display_name,
                        )
                    )
        return super().write(vals)

    def _write_number(self, vals):
        """Write what only numbering writes: past the guard, and past no other."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | PROGRESS_FIELDS

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_done(self):
        """Tick off: these actions were done."""
        self.state = "done"

    def action_drop(self):
        """These actions are not needed any more."""
        self.state = "dropped"

    def action_open_again(self):
        """These actions were ticked off by mistake."""
        self.state = "open"
