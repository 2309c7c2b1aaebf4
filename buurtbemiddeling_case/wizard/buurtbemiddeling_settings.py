from odoo import api, fields, models

from ..models.buurtbemiddeling_web_request import REQUEST_URL

SETTING_PREFIX = "buurtbemiddeling_"


class BuurtbemiddelingSettings(models.TransientModel):
    """What the administrator of buurtbemiddeling sets for the organisation.

    Odoo's own settings are for the administrator of the whole system, who has nothing to do with
    buurtbemiddeling. A setting is a field of the company whose name begins with
    ``buurtbemiddeling_``, and one line here that relates to it.
    """

    _name = "buurtbemiddeling.settings"
    _description = "Settings of Buurtbemiddeling"

    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    buurtbemiddeling_aftercare_min_days = fields.Integer(
        related="company_id.buurtbemiddeling_aftercare_min_days", readonly=False
    )
    buurtbemiddeling_aftercare_max_days = fields.Integer(
        related="company_id.buurtbemiddeling_aftercare_max_days", readonly=False
    )
    buurtbemiddeling_retention_months = fields.Integer(
        related="company_id.buurtbemiddeling_retention_months", readonly=False
    )
    buurtbemiddeling_answer_days = fields.Integer(
        related="company_id.buurtbemiddeling_answer_days", readonly=False
    )
    buurtbemiddeling_check_backup_days = fields.Integer(
        related="company_id.buurtbemiddeling_check_backup_days", readonly=False
    )
    buurtbemiddeling_check_login_days = fields.Integer(
        related="company_id.buurtbemiddeling_check_login_days", readonly=False
    )
    buurtbemiddeling_check_session_hours = fields.Integer(
        related="company_id.buurtbemiddeling_check_session_hours", readonly=False
    )
    buurtbemiddeling_check_password_length = fields.Integer(
        related="company_id.buurtbemiddeling_check_password_length", readonly=False
    )
    buurtbemiddeling_check_extra_users = fields.Integer(
        related="company_id.buurtbemiddeling_check_extra_users", readonly=False
    )
    buurtbemiddeling_check_term_months = fields.Integer(
        related="company_id.buurtbemiddeling_check_term_months", readonly=False
    )
    buurtbemiddeling_retention_request_months = fields.Integer(
        related="company_id.buurtbemiddeling_retention_request_months", readonly=False
    )
    buurtbemiddeling_retention_referrer_months = fields.Integer(
        related="company_id.buurtbemiddeling_retention_referrer_months", readonly=False
    )
    buurtbemiddeling_retention_automatic = fields.Boolean(
        related="company_id.buurtbemiddeling_retention_automatic", readonly=False
    )
    buurtbemiddeling_retention_warning_days = fields.Integer(
        related="company_id.buurtbemiddeling_retention_warning_days", readonly=False
    )
    buurtbemiddeling_trace_months = fields.Integer(
        related="company_id.buurtbemiddeling_trace_months", readonly=False
    )
    buurtbemiddeling_covenant_months = fields.Integer(
        related="company_id.buurtbemiddeling_covenant_months", readonly=False
    )
    buurtbemiddeling_talk_reminder_days = fields.Integer(
        related="company_id.buurtbemiddeling_talk_reminder_days", readonly=False
    )
    buurtbemiddeling_talk_reminder_phone = fields.Boolean(
        related="company_id.buurtbemiddeling_talk_reminder_phone", readonly=False
    )
    buurtbemiddeling_sms = fields.Boolean(related="company_id.buurtbemiddeling_sms", readonly=False)
    has_sms_app = fields.Boolean(
        compute="_compute_has_sms_app", export_string_translation=False, exportable=False
    )
    buurtbemiddeling_request_user_id = fields.Many2one(
        related="company_id.buurtbemiddeling_request_user_id", readonly=False
    )
    buurtbemiddeling_request_form = fields.Boolean(
        related="company_id.buurtbemiddeling_request_form", readonly=False
    )
    buurtbemiddeling_request_per_sender = fields.Integer(
        related="company_id.buurtbemiddeling_request_per_sender", readonly=False
    )
    buurtbemiddeling_request_per_hour = fields.Integer(
        related="company_id.buurtbemiddeling_request_per_hour", readonly=False
    )
    request_url = fields.Char("Address of the form for residents", compute="_compute_request_url")
    buurtbemiddeling_referral_link_days = fields.Integer(
        related="company_id.buurtbemiddeling_referral_link_days", readonly=False
    )
    buurtbemiddeling_mail_name = fields.Char(
        related="company_id.buurtbemiddeling_mail_name", readonly=False
    )
    buurtbemiddeling_mail_address = fields.Char(related="company_id.buurtbemiddeling_mail_address")

    @api.depends_context("company")
    def _compute_company_id(self):
        self.company_id = self.env.company

    def _compute_has_sms_app(self):
        self.has_sms_app = "sms.sms" in self.env

    @api.depends("company_id")
    def _compute_request_url(self):
        for settings in self:
            settings.request_url = (
                f"{settings.get_base_url()}{REQUEST_URL}?organisation={settings.company_id.id}"
            )

    @api.depends("company_id")
    def _compute_display_name(self):
        self.display_name = self.env.company.name

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._set_on_company(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._set_on_company(vals))

    @api.model
    def _set_on_company(self, vals):
        """Write the settings among ``vals`` on the company; return the other values."""
        settings = {
            name: vals[name]
            for name in vals
            if name in self._fields and name.startswith(SETTING_PREFIX)
        }
        self.check_access("write")
        # sudo: companies are changed by the administrator of Odoo only. Whoever may use this form
        # changes nothing but its settings, of the organisation that they work in now.
        self.env.company.sudo().write(settings)
        return {name: value for name, value in vals.items() if name not in settings}

    def action_save(self):
        """Everything was saved with the form; close it."""
        return {"type": "ir.actions.act_window_close"}
