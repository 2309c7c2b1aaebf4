from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.buurtbemiddeling_case_phase_mixin import WAITING_LIST, WAITING_REASONS


class BuurtbemiddelingCaseMove(models.TransientModel):
    """Move cases to another phase: back, open again or to the waiting list, with the reason."""

    _name = "buurtbemiddeling.case.move"
    _description = "Move Case to Another Phase"

    case_ids = fields.Many2many("buurtbemiddeling.case", required=True)
    selectable_stage_ids = fields.Many2many(
        "buurtbemiddeling.case.stage",
        compute="_compute_selectable_stage_ids",
        export_string_translation=False, exportable=False,
    )
    stage_id = fields.Many2one("buurtbemiddeling.case.stage", "Phase", required=True)
    reason = fields.Char(
        "Why", help="Stays in the history of the case. No names, and nothing that a resident told."
    )
    waiting_reason = fields.Selection(
        WAITING_REASONS,
        "Why on the waiting list",
        help="Counted per reason, and the clock shows these days as waiting.",
    )
    asks_reason = fields.Boolean(compute="_compute_asks")
    asks_waiting_reason = fields.Boolean(compute="_compute_asks")

    @api.depends("case_ids")
    def _compute_selectable_stage_ids(self):
        """Every phase of the organisation but the closed ones: closing asks for the result."""
        stages = self.env["buurtbemiddeling.case.stage"]._get_of_companies(self.case_ids.company_id)
        for wizard in self:
            own = stages.get(wizard.case_ids.company_id, self.env["buurtbemiddeling.case.stage"])
            wizard.selectable_stage_ids = own.filtered(lambda stage: not stage.is_closed)

    @api.depends("case_ids", "stage_id")
    def _compute_asks(self):
        for wizard in self:
            wizard.asks_waiting_reason = wizard.stage_id.code == WAITING_LIST
            wizard.asks_reason = any(
                case.is_closed or wizard.stage_id._comes_before(case.stage_id)
                for case in wizard.case_ids
                if wizard.stage_id and case.stage_id != wizard.stage_id
            )

    def action_move(self):
        """Move the cases, note why, and show them as they are now.

        :raise UserError: the cases are of several organisations, or a reason is missing
        """
        self.ensure_one()
        if len(self.case_ids.company_id) > 1:
            raise UserError(
                self.env._(
                    "These cases are of several organisations, each with its own phases. Move the"
                    " cases of one organisation at a time."
                )
            )
        if self.asks_reason and not self.reason:
            raise UserError(self.env._("Fill in why the case goes back or is opened again."))
        if self.asks_waiting_reason and not self.waiting_reason:
            raise UserError(self.env._("Fill in why the case is on the waiting list."))
        self.case_ids._move_to_phase(self.stage_id, self.reason, self.waiting_reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
