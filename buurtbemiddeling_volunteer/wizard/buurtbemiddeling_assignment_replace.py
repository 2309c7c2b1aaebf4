from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.buurtbemiddeling_assignment import LIVE_STATES


class BuurtbemiddelingAssignmentReplace(models.TransientModel):
    """A mediator stops with a case: why, since when, and who takes over.

    Also for who has left already, so that a substitute can still be linked.
    """

    _name = "buurtbemiddeling.assignment.replace"
    _description = "End or Replace a Mediator"

    assignment_id = fields.Many2one(
        "buurtbemiddeling.assignment", required=True, ondelete="cascade"
    )
    # with the user's own rights: rows of other organisations stay out of reach
    volunteer_id = fields.Many2one(
        related="assignment_id.volunteer_id", related_sudo=False, string="Who stops"
    )
    company_id = fields.Many2one(related="assignment_id.company_id", related_sudo=False)
    is_live = fields.Boolean(
        related="assignment_id.is_live",
        related_sudo=False,
        export_string_translation=False,
        exportable=False,
    )
    reason_id = fields.Many2one(
        "buurtbemiddeling.assignment.reason",
        ondelete="cascade",
        domain=[
            ("applies_to", "in", ("ended", "both")),
            ("is_automatic", "=", False),
        ],
    )
    note = fields.Char(help="No names, and nothing that a resident told.")
    date_end = fields.Date("Last day", default=fields.Date.context_today)
    busy_volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        compute="_compute_busy_volunteer_ids",
        export_string_translation=False, exportable=False,
    )
    substitute_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        ondelete="cascade",
        domain="[('is_active_stage', '=', True), ('company_id', '=', company_id),"
        " ('id', 'not in', busy_volunteer_ids)]",
        help="Who is asked to take over.",
    )

    @api.depends("assignment_id")
    def _compute_busy_volunteer_ids(self):
        """Who is in the case now can not take over, nor can who stops."""
        for wizard in self:
            rows = wizard.assignment_id.case_id.assignment_ids
            live = rows.filtered(lambda row: row.state in LIVE_STATES)
            wizard.busy_volunteer_ids = (live | wizard.assignment_id).volunteer_id

    def action_end(self):
        """End the work without looking for a substitute.

        :raise UserError: the reason is missing, or the last day is still to come
        """
        self.ensure_one()
        self._end()
        return {"type": "ir.actions.act_window_close"}

    def action_replace(self):
        """End the work, and ask the substitute or open the proposals for one.

        :raise UserError: as ``action_end``
        """
        self.ensure_one()
        row = self.assignment_id
        if self.substitute_id:
            self._end()
            row.with_context(replaced_assignment_id=row.id)._invite(row.case_id, self.substitute_id)
            return {"type": "ir.actions.act_window_close"}
        self._end()
        return row.action_find_substitute()

    def _end(self):
        row = self.assignment_id
        if not row.is_live:
            return
        if not self.reason_id:
            raise UserError(self.env._("Fill in why this mediator stops."))
        if self.date_end and self.date_end > fields.Date.context_today(self):
            raise UserError(
                self.env._("A mediator has stopped once the last day is here. Choose today.")
            )
        row.write(
            {
                "state": "ended",
                "reason_id": self.reason_id.id,
                "reason_note": self.note,
                "date_end": self.date_end,
            }
        )
