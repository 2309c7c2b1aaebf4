from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _serve_fallback(cls):
        """No file has an address with a zero byte, and the database can not be asked for it."""
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()
