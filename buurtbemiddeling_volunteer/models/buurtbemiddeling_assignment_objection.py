from odoo import fields, models
from odoo.exceptions import UserError

from .buurtbemiddeling_assignment_ending_mixin import OBJECTION


class BuurtbemiddelingAssignmentObjection(models.Model):
    """A neighbour does not want this mediator; the coordinator decides.

    What is told belongs to that neighbour: it is not on the case, the mediator's row or any page
    that the other party's mediators or messages come from.
    """

    _name = "buurtbemiddeling.assignment.objection"
    _description = "Objection to a Mediator"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.case.record.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    party_id = fields.Many2one(string="Who objects", required=True, ondelete="cascade", index=True)
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        "Mediator",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    date = fields.Date("Told on", required=True, default=fields.Date.context_today)
    ground = fields.Selection(
        [
            ("knows", "They know each other"),
            ("partial", "Fears that the mediator takes sides"),
            ("contact", "They do not get on"),
            ("understanding", "They do not understand each other"),
            ("other", "Other"),
        ],
        required=True,
        help="Why a party does not want this mediator.",
    )
    note = fields.Text(help="In the words of this party. Only buurtbemiddeling reads this.")
    decision = fields.Selection(
        [("honoured", "Honoured"), ("rejected", "Not honoured")], readonly=True, copy=False
    )
    decision_date = fields.Date("Decided on", readonly=True, copy=False)
    decision_note = fields.Char("Why this decision", copy=False)

    def _compute_display_name(self):
        for objection in self:
            objection.display_name = self.env._("Objection %s", objection.case_id.name)

    def _decide(self, decision):
        for objection in self:
            if objection.decision:
                raise UserError(
                    self.env._("This objection was decided on already. Note a new one instead.")
                )
        self.write({"decision": decision, "decision_date": fields.Date.context_today(self)})

    def action_honour(self):
        """End the work of the mediator in this case, and propose who takes over.

        :raise UserError: when the objection was decided on already
        """
        self.ensure_one()
        self._decide("honoured")
        row = self.case_id.assignment_ids.filtered(
            lambda row: row.is_live and row.volunteer_id == self.volunteer_id
        )
        if not row:
            return {"type": "ir.actions.act_window_close"}
        row._end(OBJECTION)
        return row.action_find_substitute()

    def action_reject(self):
        """Let the mediator go on.

        :raise UserError: when no reason is given, or the objection was decided on already
        """
        self.ensure_one()
        if not self.decision_note:
            raise UserError(
                self.env._("Say why this objection is not honoured: the party may ask for it.")
            )
        self._decide("rejected")
        return {"type": "ir.actions.act_window_close"}
