from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCaseParty(models.Model):
    _inherit = "buurtbemiddeling.case.party"

    mediator_note = fields.Text(
        "For the mediators",
        help="What the mediators of this case read on the portal, for as long as they work on it."
        " Only what the work needs; nothing that the other party told.",
    )
    visit_report_ids = fields.One2many("buurtbemiddeling.visit.report", "party_id", "Visit reports")

    @api.ondelete(at_uninstall=False)
    def _unlink_visit_reports(self):
        """Not left to the database, which would not add up the hours that remain."""
        self.visit_report_ids.unlink()

    def _print_visit_sheets(self):
        if not self:
            raise UserError(self.env._("There is nobody to visit yet. Note first who it is about."))
        report = self.env.ref("buurtbemiddeling_volunteer.action_report_visit_sheet")
        return report.report_action(self, config=False)
