from odoo import api, fields, models
from odoo.exceptions import UserError

from .buurtbemiddeling_case_aftercare_mixin import AFTERCARE_ACTIVITY
from .buurtbemiddeling_party_inform_mixin import INFORM_TYPE


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "buurtbemiddeling.pointer.mixin"]

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

    def _compute_res_name(self):
        """Stored, so never with the names that a view may ask for."""
        return super(MailActivity, self.with_context(party_names=False))._compute_res_name()

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

    def _action_done(self, feedback=False, attachment_ids=None):
        """Whoever ticks off that a party was informed, need not type the date as well."""
        inform_type = self.env.ref(INFORM_TYPE, raise_if_not_found=False)
        party_ids = self.filtered(
            lambda activity: inform_type and activity.activity_type_id == inform_type
        ).mapped("res_id")
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        parties = self.env["buurtbemiddeling.case.party"].browse(party_ids)
        parties.filtered(
            lambda party: not party.informed_date
        ).informed_date = fields.Date.context_today(self)
        return res

    def _check_assigned_within_buurtbemiddeling(self):
        """A to-do about a case is only for who may see that case.

        :raise UserError: names the colleague
        """
        of_cases = self.filtered(
            lambda activity: (
                activity.user_id and (activity.res_model or "").startswith("buurtbemiddeling.")
            )
        )
        for (model, user), activities in of_cases.grouped(
            lambda activity: (activity.res_model, activity.user_id)
        ).items():
            records = self.env[model].browse(activities.mapped("res_id")).with_user(user)
            if not records.has_access("read"):
                raise UserError(
                    self.env._(
                        "%s can not see this page. Give the activity to someone who works for"
                        " buurtbemiddeling.",
                        user.name,
                    )
                )
