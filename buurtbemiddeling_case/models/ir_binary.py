from odoo import fields, models


class IrBinary(models.AbstractModel):
    """Whoever opens a file of a case, a party or a volunteer, opens that record."""

    _inherit = "ir.binary"

    def _get_stream_from(self, record, field_name="raw", *args, **kwargs):
        stream = super()._get_stream_from(record, field_name, *args, **kwargs)
        self.env["buurtbemiddeling.trace"]._add("open", self._get_owner(record, field_name))
        return stream

    def _get_owner(self, record, field_name):
        """Return the record whose use is traced, if any; a portrait in a list is no use of it."""
        if isinstance(record._fields[field_name], fields.Image):
            return record.browse()
        if record._name == "ir.attachment" and record.res_model in self.env and record.res_id:
            record = self.env[record.res_model].browse(record.res_id)
        # sudo: whoever got the file was let in already
        return record.sudo()._get_traced()
