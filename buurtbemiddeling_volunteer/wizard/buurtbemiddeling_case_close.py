from odoo import api, fields, models


class BuurtbemiddelingCaseClose(models.TransientModel):
    """Who is still asked as a mediator, is asked no more once the case is closed: that is said."""

    _inherit = "buurtbemiddeling.case.close"

    invited_names = fields.Char(
        compute="_compute_loose_ends", export_string_translation=False, exportable=False
    )

    @api.depends("case_ids.assignment_ids.state")
    def _compute_loose_ends(self):
        res = super()._compute_loose_ends()
        for wizard in self:
            rows = wizard.case_ids._origin.assignment_ids.filtered(
                lambda row: row.state == "invited"
            )
            wizard.invited_names = ", ".join(rows.volunteer_id.mapped("name"))
            wizard.has_loose_ends = wizard.has_loose_ends or bool(rows)
        return res
