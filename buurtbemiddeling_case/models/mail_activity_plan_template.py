from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    responsible_type = fields.Selection(
        selection_add=[("coordinator", "Coordinator")], ondelete={"coordinator": "cascade"}
    )

    @api.constrains("plan_id", "responsible_type")
    def _check_responsible_coordinator(self):
        """Only a case has a coordinator."""
        for template in self:
            if (
                template.responsible_type == "coordinator"
                and template.res_model != "buurtbemiddeling.case"
            ):
                raise ValidationError(
                    self.env._(
                        "Only plans for cases can be for the coordinator. Choose another"
                        " assignment for “%s”.",
                        template.summary or template.activity_type_id.name,
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        if self.responsible_type != "coordinator":
            return super()._determine_responsible(on_demand_responsible, applied_on_record)
        error = False
        if not applied_on_record.user_id:
            error = self.env._(
                "Case %s has no coordinator. Choose one on the case, and then plan the steps.",
                applied_on_record.name,
            )
        return {"responsible": applied_on_record.user_id, "error": error, "warning": False}
