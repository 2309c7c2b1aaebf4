from odoo import fields, models


class BuurtbemiddelingRetentionLine(models.Model):
    _inherit = "buurtbemiddeling.retention.line"

    kind = fields.Selection(
        selection_add=[("applicant", "Applicant"), ("volunteer", "Volunteer who left")],
        ondelete={"applicant": "cascade", "volunteer": "cascade"},
    )
