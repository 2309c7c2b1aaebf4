from odoo import models

CERTIFICATE_SEQUENCE = "buurtbemiddeling.certificate"


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _buurtbemiddeling_certificate(self, company_id):
        """Return one company's sequence of certificate numbers, made when it is first needed."""
        sequence = self.search(
            [("code", "=", CERTIFICATE_SEQUENCE), ("company_id", "=", company_id)], limit=1
        )
        return sequence or self.create(
            {
                "name": "Buurtbemiddeling certificate",
                "code": CERTIFICATE_SEQUENCE,
                "company_id": company_id,
                "prefix": "CERT-%(range_year)s-",
                "padding": 4,
                "use_date_range": True,
            }
        )
