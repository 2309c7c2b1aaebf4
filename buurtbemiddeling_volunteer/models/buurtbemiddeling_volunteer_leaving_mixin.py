import logging

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_date


class BuurtbemiddelingVolunteerLeavingMixin(models.AbstractModel):
    """How a volunteer stops: with a reason and a last day, and no case left alone."""

    _name = "buurtbemiddeling.volunteer.leaving.mixin"
    _description = "Leaving of a Volunteer"
    _inherit = ["buurtbemiddeling.volunteer.recruitment.mixin"]

    is_left_stage = fields.Boolean(related="stage_id.is_left", string="Has left")
    leave_reason_id = fields.Many2one(
        "buurtbemiddeling.leave.reason",
        "Reason of leaving",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    def _check_screen(self, vals):
        """Ask why a volunteer leaves, and until when.

        :raise RedirectWarning: leads to the screen that asks for it
        """
        stage = self.env["buurtbemiddeling.volunteer.stage"].browse(vals.get("stage_id"))
        leaving = self.filtered(lambda volunteer: not volunteer.stage_id.is_left)
        if stage.is_left and leaving and not vals.get("leave_reason_id"):
            leaving._check_may_leave()
            question = RedirectWarning(
                self.env._("Say why %s leaves.", leaving[0].name),
                leaving[0].action_leave(),
                self.env._("Give the reason"),
            )
            question.loglevel = logging.INFO  # a question to the user is no error in the log
            raise question
        return super()._check_screen(vals)

    def _check_stage_requirements(self):
        """Refuse, as the phases before do, and leaving while cases run as well.

        :raise UserError: names the volunteers and their cases
        """
        if not self.env.context.get("import_file"):
            self.filtered(lambda volunteer: volunteer.stage_id.is_left)._check_may_leave()
        return super()._check_stage_requirements()

    def _check_may_leave(self):
        leaving = self.filtered("active_case_count")
        if leaving:
            live = leaving.assignment_ids.filtered("is_live").grouped("volunteer_id")
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s still mediates in %(cases)s. End that first, so that"
                        " another mediator can take over.",
                        volunteer=volunteer.name,
                        cases=", ".join(assignments.case_id.mapped("name")),
                    )
                    for volunteer, assignments in live.items()
                )
            )

    def _date_membership(self, vals):
        """The last day is that of leaving. Of who comes back, it is kept in the thread."""
        gone = self.filtered(lambda v: v.stage_id.is_left and not v.date_end)
        if gone and "date_end" not in vals:
            gone.date_end = fields.Date.context_today(self)
        back = self.filtered(lambda v: not v.stage_id.is_left and (v.date_end or v.leave_reason_id))
        if back and "date_end" not in vals:
            back._log_coming_back()
            back.write({"date_end": False, "leave_reason_id": False})
        return super()._date_membership(vals)

    def _log_coming_back(self):
        self._message_log_batch(
            {
                volunteer.id: self.env._(
                    "Came back. Had left on %(date)s; reason: %(reason)s.",
                    date=format_date(self.env, volunteer.date_end) or "-",
                    reason=volunteer.leave_reason_id.name or "-",
                )
                for volunteer in self
            }
        )

    def action_leave(self):
        """Open the screen that asks why and until when a volunteer leaves."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Volunteer leaves"),
            "res_model": "buurtbemiddeling.volunteer.leave",
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
            "context": {"default_volunteer_id": self.id},
        }
