from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BuurtbemiddelingDuty(models.Model):
    """One turn of the year circle of a project: what is to be done, by when and by whom.

    Turns are made by themselves for a year ahead; ``date_planned`` is the day that the kind gave
    and says which turn it is; ``date_due`` is the day that the coordinator agreed.
    """

    _name = "buurtbemiddeling.duty"
    _description = "Recurring Duty"
    _inherit = ["buurtbemiddeling.care.mixin"]
    _order = "date_due, id"
    _rec_name = "kind_id"
    _check_company_auto = True

    kind_id = fields.Many2one(
        "buurtbemiddeling.duty.kind", "Duty", required=True, ondelete="restrict", index=True
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        index="btree_not_null",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    description = fields.Text(related="kind_id.description")
    date_planned = fields.Date(
        readonly=True, copy=False, export_string_translation=False, exportable=False
    )
    date_due = fields.Date("Due on", required=True, index=True, default=fields.Date.context_today)
    date_remind = fields.Date(
        "Shows up on", compute="_compute_date_remind", store=True, precompute=True
    )
    state = fields.Selection(
        [("open", "To do"), ("done", "Done"), ("skipped", "Not this time")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    date_done = fields.Date("Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late")
    note = fields.Text(help="What was agreed, or why it was left out this time.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Documents",
        bypass_search_access=True,
        copy=False,
        help="What was made or sent for this duty.",
    )

    _planned_uniq = models.UniqueIndex(
        "(project_id, kind_id, date_planned) WHERE date_planned IS NOT NULL",
        "This turn of the year circle is there already.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("date_due", "kind_id.lead_days")
    def _compute_date_remind(self):
        for duty in self:
            duty.date_remind = duty.date_due and duty.date_due - timedelta(
                days=duty.kind_id.lead_days
            )

    @api.depends("state", "date_due")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for duty in self:
            duty.is_late = duty.state == "open" and bool(duty.date_due) and duty.date_due < today

    def _move_along(self, day):
        """Move a turn to the day that its kind gives now, unless it is done, late or was moved.

        :param day: date; ``self`` are the records of one turn, mostly a single one
        """
        if day in self.mapped("date_planned"):
            return
        today = fields.Date.context_today(self)
        untouched = self.filtered(
            lambda duty: duty.state == "open" and duty.date_due == duty.date_planned >= today
        )
        untouched[:1].write({"date_planned": day, "date_due": day})

    # ------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        duties = super().create(vals_list)
        duties._own_documents()
        return duties

    def write(self, vals):
        res = super().write(vals)
        if "attachment_ids" in vals:
            self._own_documents()
        return res

    def _own_documents(self):
        """What was uploaded before the duty was saved belongs to it, so that colleagues see it."""
        for duty in self.filtered("attachment_ids"):
            loose = duty.attachment_ids.filtered(
                lambda file: file.res_model == self._name and not file.res_id
            )
            loose.res_id = duty.id

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_screen(self):
        """Open the screen on which the duty is done, for its project where that can be chosen.

        :raise UserError: when the kind has no screen
        """
        self.ensure_one()
        # sudo: which screen belongs to a kind; opening it asks for the user's own rights
        action = self.kind_id.sudo().action_id
        if not action:
            raise UserError(
                self.env._(
                    "For “%s” no screen was chosen. Ask your administrator to choose one under"
                    " Configuration, Recurring Duties.",
                    self.kind_id.name,
                )
            )
        values = self.env[action.type].sudo().browse(action.id)._get_action_dict()
        if action.type == "ir.actions.act_window":
            values["context"] = {
                "default_project_id": self.project_id.id,
                "search_default_project_id": self.project_id.id,
            }
        return values

    def action_done(self):
        """Note that it was done today, by this user."""
        self.write(
            {
                "state": "done",
                "date_done": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
            }
        )

    def action_skip(self):
        """Leave it out this time.

        :raise UserError: when it does not say why
        """
        for duty in self:
            if not (duty.note or "").strip():
                raise UserError(
                    self.env._(
                        "Write in the note of “%(duty)s” (%(day)s) why it is left out this time."
                        " Then whoever reads the year circle later knows, too.",
                        duty=duty.kind_id.name,
                        day=format_date(self.env, duty.date_due),
                    )
                )
        self.write({"state": "skipped", "date_done": False, "done_by_id": False})

    def action_reopen(self):
        """It is to be done after all."""
        self.write({"state": "open", "date_done": False, "done_by_id": False})
