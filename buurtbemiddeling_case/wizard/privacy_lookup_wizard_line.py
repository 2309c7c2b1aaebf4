from odoo import api, models

from ..models.ir_rule import GUARDED


class PrivacyLookupWizardLine(models.TransientModel):
    """A line shows the name of any record and deletes it, whoever asks; not of what is hidden."""

    _inherit = "privacy.lookup.wizard.line"

    def _check_named_records(self, vals_list):
        """What is hidden is taken off after it was found, not refused before."""

    def _filtered_open(self, operation="read"):
        """Return the lines that are not about residents, or about what the user has a right to."""
        hidden = self.browse()
        own = self.env(su=False)  # names are worked out with all rights
        for model, lines in self.grouped(lambda line: line.res_model_id.model or "").items():
            if model.startswith(GUARDED) and model in self.env:
                records = own[model].browse(lines.mapped("res_id"))
                allowed = set(records.exists()._filtered_access(operation)._ids)
                hidden += lines.filtered(lambda line, ids=allowed: line.res_id not in ids)
        return self - hidden

    def _check_open(self, operation):
        """Raise ``AccessError`` when a line is about something that is hidden from the user."""
        for line in self - self._filtered_open(operation):
            line.env[line.res_model_id.model].browse(line.res_id).check_access(operation)

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        shown = self._filtered_open()
        (self - shown).res_name = False
        return super(PrivacyLookupWizardLine, shown)._compute_res_name()

    @api.onchange("is_active")
    def _onchange_is_active(self):
        self._check_open("write")
        return super()._onchange_is_active()

    def action_unlink(self):
        self._check_open("unlink")
        return super().action_unlink()
