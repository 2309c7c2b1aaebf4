from odoo import api, models
from odoo.exceptions import UserError


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
        return res

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
