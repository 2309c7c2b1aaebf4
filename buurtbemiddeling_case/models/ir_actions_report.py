from odoo import api, models


class IrActionsReport(models.Model):
    """What is printed of cases, and of what else holds personal data, leaves a trace."""

    _inherit = "ir.actions.report"

    @api.model
    def _render_template(self, template, values=None):
        """All kinds of report come by here, once for all records of a print."""
        content = super()._render_template(template, values)
        values = values or {}
        if values.get("doc_model") in self.env:
            printed = self.env[values["doc_model"]].browse(values.get("doc_ids") or ())
            self.env["buurtbemiddeling.trace"]._add("print", printed._get_traced())
        return content
