from odoo import api, models
from odoo.exceptions import UserError

from .buurtbemiddeling_case_aftercare_mixin import AFTERCARE_ACTIVITY


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_assigned_within_buurtbemiddeling()
        return activities

    def write(self, vals):
        res = super().write(vals)
        if "user_id" in vals:
            self._check_assigned_within_buurtbemiddeling()
        if vals.get("date_deadline"):
            self._move_aftercare()
        return res

    def _move_aftercare(self):
        """Whoever puts the to-do of aftercare off, plans aftercare itself on that day."""
        activity_type = self.env.ref(AFTERCARE_ACTIVITY, raise_if_not_found=False)
        todos = self.filtered(
            lambda todo: todo.automated and todo.activity_type_id == activity_type
        )
        for day, moved in todos.grouped("date_deadline").items():
            cases = self.env["buurtbemiddeling.case"].browse(moved.mapped("res_id"))
            cases.filtered(
                lambda case, day=day: case.aftercare_planned_date != day
            ).aftercare_planned_date = day

    def _check_assigned_within_buurtbemiddeling(self):
        """A to-do about a case is only for who may see that case.

        :raise UserError: names the colleague
        """
        for activity in self:
            model = activity.res_model or ""
            if not model.startswith("buurtbemiddeling.") or not activity.user_id:
                continue
            record = self.env[model].browse(activity.res_id).with_user(activity.user_id)
            if not record.has_access("read"):
                raise UserError(
                    self.env._(
                        "%s can not see this page. Give the activity to someone who works for"
                        " buurtbemiddeling.",
                        activity.user_id.name,
                    )
                )
