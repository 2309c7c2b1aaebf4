from odoo import api, models

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_digest import NAMED


class BuurtbemiddelingDigest(models.AbstractModel):
    _inherit = "buurtbemiddeling.digest"

    @api.model
    def _get_lines(self, records):
        """Volunteers are named, assignments by their case and mediator."""
        if records._name == "buurtbemiddeling.volunteer":
            return [(volunteer, volunteer.stage_id.name) for volunteer in records[:NAMED]]
        if records._name == "buurtbemiddeling.assignment":
            return [
                (assignment.case_id, assignment.volunteer_id.name)
                for assignment in records.sorted("date_start")[:NAMED]
            ]
        return super()._get_lines(records)
