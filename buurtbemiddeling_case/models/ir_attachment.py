import os
import uuid
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """A file is opened in the browser (see ``ir.binary``), or read by a program."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment", "buurtbemiddeling.trace.mixin"]

    def _get_traced(self):
        return self._get_traced_of_ours("res_model")

    @api.model
    def _file_write(self, bin_value, checksum):
        """A file of personal data is on disk as a whole or not at all.

        Odoo would leave the part of it that fitted on a full disk, or that was there when the
        server was killed: nothing sweeps it, and the same file is refused for ever after.

        :raise UserError: when it can not be written
        """
        fname, full_path = self._get_path(bin_value, checksum)
        if not os.path.exists(full_path):
            part = f"{fname}part{uuid.uuid4().hex}"
            try:
                # listed first: whatever happens now, Odoo sweeps what no record points at
                self._mark_for_gc(part)
                self._mark_for_gc(fname)
                with open(self._full_path(part), "wb") as file:
                    file.write(bin_value)
                    file.flush()
                    os.fsync(file.fileno())  # before its name is: also when the power goes
                os.replace(self._full_path(part), full_path)
                self._mark_for_gc(fname)  # Odoo may have swept between the two
            except OSError as error:
                raise UserError(
                    self.env._(
                        "The file could not be kept: the disk of the server is full, or out of"
                        " order. Nothing was saved. Tell the administrator, and try again later."
                    )
                ) from error
            finally:
                for left in (part, f"checklist/{part}"):
                    with suppress(OSError):
                        os.unlink(self._full_path(left))
        return super()._file_write(bin_value, checksum)
