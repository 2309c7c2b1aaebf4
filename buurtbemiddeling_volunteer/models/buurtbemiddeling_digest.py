from odoo import api, models

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_digest import NAMED


class BuurtbemiddelingDigest(models.AbstractModel):
    _inherit = "buurtbemiddeling.digest"

    @api.model
    def _get_lines(self, records):
        """Volunteers are named, assignments by case and mediator, expenses by volunteer."""
        if records._name == "buurtbemiddeling.volunteer":
            return [(volunteer, volunteer.stage_id.name) for volunteer in records[:NAMED]]
        if records._name == "buurtbemiddeling.assignment":
            return [
                (assignment.case_id, assignment.volunteer_id.name)
                for assignment in records.sorted("date_start")[:NAMED]
            ]
        if records._name == "buurtbemiddeling.expense":
            return [
                (expense, expense.volunteer_id.name) for expense in records.sorted("date")[:NAMED]
            ]
        return super()._get_lines(records)
