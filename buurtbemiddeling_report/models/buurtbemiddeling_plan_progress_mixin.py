from odoo import api, fields, models
from odoo.tools import format_date


class BuurtbemiddelingPlanProgressMixin(models.AbstractModel):
    """How an approved plan goes today: what is overdue, and what is looked at next."""

    _name = "buurtbemiddeling.plan.progress.mixin"
    _description = "Progress of a Plan"

    late_activity_count = fields.Integer("Overdue activities", compute="_compute_progress")
    done_text = fields.Char("Activities done", compute="_compute_progress")
    next_evaluation_text = fields.Char("Next evaluation", compute="_compute_progress")

    @api.depends(
        "activity_ids.state",
        "activity_ids.date_end",
        "evaluation_ids.is_done",
        "evaluation_ids.date",
        "evaluation_ids.name",
    )
    @api.depends_context("lang", "tz")
    def _compute_progress(self):
        for plan in self:
            counted = plan.activity_ids.filtered(lambda each: each.state != "dropped")
            done = counted.filtered(lambda each: each.state == "done")
            moment = plan.evaluation_ids.filtered(lambda each: not each.is_done)[:1]
            plan.late_activity_count = len(counted.filtered("is_late"))
            plan.done_text = self.env._("%(done)s of %(all)s", done=len(done), all=len(counted))
            plan.next_evaluation_text = moment and self.env._(
                "%(day)s: %(what)s",
                day=format_date(self.env, moment.date) if moment.date else "",
                what=moment.name,
            )

    def action_open_activities(self):
        """Open the activities of these plans."""
        return self._open_parts("buurtbemiddeling_report.buurtbemiddeling_plan_activity_action")

    def action_open_late(self):
        """Open the activities of these plans that are overdue."""
        action = self.action_open_activities()
        return {**action, "domain": [*action["domain"], ("is_late", "=", True)]}

    def action_open_evaluations(self):
        """Open the evaluation moments of these plans."""
        return self._open_parts("buurtbemiddeling_report.buurtbemiddeling_plan_evaluation_action")

    def _open_parts(self, xml_id):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {}}
