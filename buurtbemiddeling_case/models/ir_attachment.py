from odoo import models


class IrAttachment(models.Model):
    """A file is opened in the browser (see ``ir.binary``), or read by a program."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment", "buurtbemiddeling.trace.mixin"]

    def _get_traced(self):
        return self._get_traced_of_ours("res_model")
