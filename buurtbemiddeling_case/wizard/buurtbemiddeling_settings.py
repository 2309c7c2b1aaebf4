from odoo import api, fields, models

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
    buurtbemiddeling_covenant_months = fields.Integer(
        related="company_id.buurtbemiddeling_covenant_months", readonly=False
    )
    buurtbemiddeling_request_user_id = fields.Many2one(
        related="company_id.buurtbemiddeling_request_user_id", readonly=False
    )
    buurtbemiddeling_mail_name = fields.Char(
        related="company_id.buurtbemiddeling_mail_name", readonly=False
    )
    buurtbemiddeling_mail_address = fields.Char(related="company_id.buurtbemiddeling_mail_address")

    @api.depends_context("company")
    def _compute_company_id(self):
        self.company_id = self.env.company

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
