from odoo import api, models
from odoo.fields import Domain

#: Models, or what their names begin with, of which rows may be about residents.
GUARDED = ("buurtbemiddeling.", "res.partner", "mail.", "sms.", "calendar.", "ir.attachment")


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """In debug mode, which is open to everybody, Odoo names what it refuses: not residents."""
        if records._name.startswith(GUARDED) and self.env.user.has_group("base.group_no_one"):
            records.invalidate_recordset()
            records = records.browse()
        return super()._make_access_error(operation, records)

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Text messages to residents are hidden too, where Odoo's SMS app is installed.

        It may not be, so no rule in a data file can be about them.
        """
        domain = super()._compute_domain(model_name, mode)
        if model_name == "sms.sms" and not self.env.user.has_group(
            "buurtbemiddeling_case.group_user"
        ):
            domain = Domain(domain or Domain.TRUE) & (
                Domain("partner_id", "not any", [("is_confidential", "=", True)])
                & ~Domain("mail_message_id.model", "=like", "buurtbemiddeling.%")
            )
        return domain
