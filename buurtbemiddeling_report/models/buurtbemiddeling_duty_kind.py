from odoo import models


class BuurtbemiddelingDutyKind(models.Model):
    _inherit = "buurtbemiddeling.duty.kind"

    def _get_days(self, projects, first, last):
        """A recognition is renewed when it ends, which its folder knows."""
        days = super()._get_days(projects, first, last)
        if self.code == "RECOGNITION":
            folders = self.env["buurtbemiddeling.recognition"].search(
                [("company_id", "in", projects.company_id.ids), ("valid_until", "!=", False)]
            )
            ends = {folder.company_id: folder.valid_until for folder in folders}
            for project in projects.filtered(lambda each: each.company_id in ends):
                end = ends[project.company_id]
                days[project] = [end] if first <= end <= last else []
        return days

    def _get_turn(self, project, day):
        """Each end of a recognition is a turn of its own, however long it was valid."""
        return day if self.code == "RECOGNITION" else super()._get_turn(project, day)
