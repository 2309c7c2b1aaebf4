from odoo import api, models
from odoo.exceptions import UserError


class BuurtbemiddelingCertificateReport(models.AbstractModel):
    """Certificates, one a page. Nothing is printed that was not given."""

    _name = "report.buurtbemiddeling_volunteer.report_certificate"
    _description = "Certificate"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the enrolments with a certificate.

        :raise UserError: names who has none
        """
        enrolments = self.env["buurtbemiddeling.training.enrolment"].browse(docids)
        without = enrolments.filtered(lambda enrolment: not enrolment.certificate_number)
        if without:
            raise UserError(
                self.env._(
                    "No certificate was given to %s, so there is none to print.",
                    ", ".join(without.volunteer_id.mapped("name")),
                )
            )
        return {"doc_ids": docids, "doc_model": enrolments._name, "docs": enrolments}
