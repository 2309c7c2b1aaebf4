from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.fields import Domain


class BuurtbemiddelingUnsortedMailRetentionMixin(models.AbstractModel):
    """Mail that nobody gave a place is not kept for ever: it goes as a whole."""

    _name = "buurtbemiddeling.unsorted.mail.retention.mixin"
    _description = "Term of a Mail without a Place"
    _inherit = ["buurtbemiddeling.retention.base.mixin"]

    def _anonymize(self):
        """Remove these mails."""
        self.env["buurtbemiddeling.anonymizer"]._anonymize([self], ("sender",))

    @api.model
    def _get_due_domain(self, company, kind, day):
        if kind != "request":
            return super()._get_due_domain(company, kind, day)
        limit = company._get_retention_limit(kind, day) + timedelta(days=1)
        came_in = Domain("date", "<", datetime.combine(limit, time.min))
        return came_in & Domain("company_id", "=", company.id)

    def _get_retention_starts(self, kind):
        return {mail: mail.date.date() for mail in self}

    def _prepare_retention_values(self):
        values = super()._prepare_retention_values()
        messages, files = self._count_hanging({self._name: self.ids})
        for mail in self:
            values[mail].update(
                name=mail.display_name,
                user_id=mail.user_id.id,
                project_id=mail.project_id.id,
                message_count=messages.get((self._name, mail.id), 0),
                file_count=files.get((self._name, mail.id), 0),
            )
        return values
