from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging

CASE_CLOSED = "ZAAK_GESLOTEN"
MERGED = "SAMENGEVOEGD"
OBJECTION = "BEZWAAR"
STEPPED_BACK = "TERUGGETREDEN"


class BuurtbemiddelingAssignmentEndingMixin(models.AbstractModel):
    """How a volunteer leaves a case, and who takes over.

    The row stays as it was, with its dates and hours: a substitute gets a row of their own.
    """

    _name = "buurtbemiddeling.assignment.ending.mixin"
    _description = "End of an Assignment"

    reason_id = fields.Many2one(
        "buurtbemiddeling.assignment.reason",
        ondelete="restrict",
        copy=False,
        help="Why the volunteer said no, or stopped.",
    )
    reason_note = fields.Char(
        "Note", copy=False, help="No names, and nothing that a resident told."
    )
    replaced_by_id = fields.Many2one(
        "buurtbemiddeling.assignment",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    @api.constrains("state", "reason_id")
    def _check_reason_applies(self):
        """Who never began does not stop, and who stops did not decline."""
        for row in self:
            reason = row.reason_id
            if reason and not row.is_live and reason.applies_to not in (row.state, "both"):
                raise ValidationError(
                    self.env._(
                        "“%(reason)s” is no reason for “%(state)s”. Choose another reason.",
                        reason=reason.name,
                        state=dict(self._fields["state"]._description_selection(self.env))[
                            row.state
                        ],
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_no_objection()
        rows.case_id._settle_gap()
        return rows

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        live = self.filtered("is_live")
        if vals["state"] in ("invited", "accepted"):
            vals = {"reason_id": False, "reason_note": False, **vals}
        res = super().write(vals)
        back = self.filtered("is_live") - live
        back._check_no_objection()
        left = live - self.filtered("is_live")
        left._tell_gap()
        left._settle_tie()
        self.case_id._settle_gap()
        return res

    def _check_no_objection(self):
        """Who had to leave a case because of a neighbour's objection is not asked for it again.

        The sentence does not say whose objection it was. Not asked of imports, nor of merging.

        :raise UserError: names the volunteer
        """
        live = self.filtered("is_live")
        if not live or self.env.context.get("import_file") or is_merging(self.env):
            return
        objections = self.env["buurtbemiddeling.assignment.objection"].search(
            [
                ("case_id", "in", live.case_id.ids),
                ("volunteer_id", "in", live.volunteer_id.ids),
                ("decision", "=", "honoured"),
            ]
        )
        refused = {(objection.case_id, objection.volunteer_id) for objection in objections}
        for row in live:
            if (row.case_id, row.volunteer_id) in refused:
                raise UserError(
                    self.env._(
                        "There was an objection to %(volunteer)s in case %(case)s, and it was"
                        " honoured. Choose another mediator.",
                        volunteer=row.volunteer_id.name,
                        case=row.case_id.name,
                    )
                )

    def _tell_gap(self):
        """Put on the coordinator's list that a mediator is missing, and why.

        Not when a case ends or merges: then nobody has to be found.
        """
        for case, rows in self.grouped("case_id").items():
            left = rows.filtered(lambda row: row.reason_id.code not in (CASE_CLOSED, MERGED))
            if left:
                case._open_gap(
                    [
                        f"{row.volunteer_id.name}: {row.reason_id.name or row._get_state_name()}"
                        for row in left
                    ]
                )

    def _get_state_name(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _end(self, code, **values):
        """End these rows for the reason with ``code``; keywords are values of the rows."""
        reason = self.env["buurtbemiddeling.assignment.reason"]._get_by_code(code)
        self.write({"state": "ended", "reason_id": reason.id, **values})

    def _withdraw(self, code):
        """Nobody is asked any more, for the reason with ``code``: these volunteers never began."""
        if self:
            reason = self.env["buurtbemiddeling.assignment.reason"]._get_by_code(code)
            self.write({"state": "declined", "reason_id": reason.id, "answered_on": False})

    def _step_back(self, note=False):
        """The volunteer stops by their own wish: the coordinator is told that one is missing."""
        self._end(STEPPED_BACK, reason_note=note)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_replace(self):
        """Ask why this mediator stops, and who takes over."""
        return self._open_dialog(
            "buurtbemiddeling.assignment.replace", self.env._("End or replace a mediator")
        )

    def action_find_substitute(self):
        """Open what proposes mediators for the case; who is asked there is linked to this row."""
        self.ensure_one()
        action = self.case_id.action_couple()
        context = {**action.get("context", {}), "replaced_assignment_id": self.id}
        return {**action, "context": context}

    def action_object(self):
        """Note that a neighbour objects to this mediator."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Objection to a mediator"),
            "res_model": "buurtbemiddeling.assignment.objection",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_case_id": self.case_id.id,
                "default_volunteer_id": self.volunteer_id.id,
            },
        }
