from odoo import api, fields, models

from ..models.buurtbemiddeling_volunteer_application import APPLICATION_URL


class BuurtbemiddelingSettings(models.TransientModel):
    _inherit = "buurtbemiddeling.settings"

    buurtbemiddeling_reminder_days = fields.Integer(
        related="company_id.buurtbemiddeling_reminder_days", readonly=False
    )
    buurtbemiddeling_invitation_days = fields.Integer(
        related="company_id.buurtbemiddeling_invitation_days", readonly=False
    )
    buurtbemiddeling_first_cases = fields.Integer(
        related="company_id.buurtbemiddeling_first_cases", readonly=False
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    buurtbemiddeling_case_expense = fields.Monetary(
        related="company_id.buurtbemiddeling_case_expense", readonly=False
    )
    buurtbemiddeling_km_rate = fields.Monetary(
        related="company_id.buurtbemiddeling_km_rate", readonly=False
    )
    buurtbemiddeling_min_meetings = fields.Integer(
        related="company_id.buurtbemiddeling_min_meetings", readonly=False
    )
    buurtbemiddeling_rest_days = fields.Integer(
        related="company_id.buurtbemiddeling_rest_days", readonly=False
    )
    buurtbemiddeling_load_percent = fields.Integer(
        related="company_id.buurtbemiddeling_load_percent", readonly=False
    )
    buurtbemiddeling_small_number = fields.Integer(
        related="company_id.buurtbemiddeling_small_number", readonly=False
    )
    buurtbemiddeling_application_form = fields.Boolean(
        related="company_id.buurtbemiddeling_application_form", readonly=False
    )
    buurtbemiddeling_application_user_id = fields.Many2one(
        related="company_id.buurtbemiddeling_application_user_id",
        readonly=False,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    buurtbemiddeling_application_per_sender = fields.Integer(
        related="company_id.buurtbemiddeling_application_per_sender", readonly=False
    )
    buurtbemiddeling_application_per_hour = fields.Integer(
        related="company_id.buurtbemiddeling_application_per_hour", readonly=False
    )
    buurtbemiddeling_retention_applicant_months = fields.Integer(
        related="company_id.buurtbemiddeling_retention_applicant_months", readonly=False
    )
    buurtbemiddeling_retention_applicant_open_months = fields.Integer(
        related="company_id.buurtbemiddeling_retention_applicant_open_months", readonly=False
    )
    buurtbemiddeling_retention_volunteer_months = fields.Integer(
        related="company_id.buurtbemiddeling_retention_volunteer_months", readonly=False
    )
    buurtbemiddeling_expense_export_years = fields.Integer(
        related="company_id.buurtbemiddeling_expense_export_years", readonly=False
    )
    application_url = fields.Char("Address of the web form", compute="_compute_application_url")

    @api.depends("company_id")
    def _compute_application_url(self):
        for settings in self:
            settings.application_url = (
                f"{settings.get_base_url()}{APPLICATION_URL}?organisation={settings.company_id.id}"
            )
