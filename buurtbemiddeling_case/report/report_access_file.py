from odoo import api, models


class ReportAccessFile(models.AbstractModel):
    """The file of one person on paper; made anew each time, and kept nowhere."""

    _name = "report.buurtbemiddeling_case.report_access_file"
    _description = "File of One Person on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the page shows.

        :raise UserError: see ``_hand_over``
        """
        request = self.env["buurtbemiddeling.privacy.request"].browse(docids)
        return {"doc": request, **request._get_render_values(request._hand_over())}
