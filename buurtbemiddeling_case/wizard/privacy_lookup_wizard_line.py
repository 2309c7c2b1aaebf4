from odoo import api, models
from odoo.exceptions import UserError

from ..models.ir_rule import GUARDED

# of ours, what may be deleted here: nothing hangs on it
LOOSE = ("buurtbemiddeling.unsorted.mail",)


class PrivacyLookupWizardLine(models.TransientModel):
    """A line shows the name of any record and deletes it, whoever asks; not of what is hidden."""

    _inherit = "privacy.lookup.wizard.line"

    def _check_named_records(self, vals_list):
        """What is hidden is taken off after it was found, not refused before."""

    def _filtered_open(self, operation="read"):
        """Return the lines that are not about residents, or about what the user has a right to."""
        hidden = self.browse()
        own = self.env(su=False)  # names are worked out with all rights
        for model, lines in self._group_by_model().items():
            if model.startswith(GUARDED) and model in self.env:
                records = own[model].browse(lines.mapped("res_id"))
                allowed = set(records.exists()._filtered_access(operation)._ids)
                hidden += lines.filtered(lambda line, ids=allowed: line.res_id not in ids)
        return self - hidden

    def _group_by_model(self):
        """Return ``{name of the model: lines}``."""
        # sudo: not everyone who may look people up reads Odoo's list of models
        return self.grouped(lambda line: line.sudo().res_model_id.model or "")

    def _check_open(self, operation):
        """Raise ``AccessError`` when a line is about something that is hidden from the user."""
        for model, lines in (self - self._filtered_open(operation))._group_by_model().items():
            self.env[model].browse(lines.mapped("res_id")).check_access(operation)

    def _check_not_ours(self):
        """A case is not broken by deleting a piece of it: data go by a request for erasure.

        :raise UserError: says what to do instead
        """
        for model, lines in self._group_by_model().items():
            ours = model.startswith("buurtbemiddeling.") and model not in LOOSE
            if model in ("res.partner", "mail.message"):
                # sudo: only whether the contact, or what a message is about, is a resident's
                records = self.env[model].sudo().browse(lines.mapped("res_id")).exists()
                ours = any(
                    record.is_confidential
                    if model == "res.partner"
                    else (record.model or "").startswith("buurtbemiddeling.")
                    for record in records
                )
            if ours:
                raise UserError(
                    self.env._(
                        "This belongs to buurtbemiddeling, and is not archived or deleted here: a"
                        " case would be broken. Register a privacy request for erasure instead."
                    )
                )

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        shown = self._filtered_open()
        (self - shown).res_name = False
        return super(PrivacyLookupWizardLine, shown)._compute_res_name()

    @api.onchange("is_active")
    def _onchange_is_active(self):
        self._check_open("write")
        self._check_not_ours()
        # sudo: Odoo reads the name of the model; the rights on the record were checked
        return super(PrivacyLookupWizardLine, self.sudo())._onchange_is_active()

    def action_unlink(self):
        self._check_open("read")
        self._check_not_ours()
        self._check_open("unlink")
        # sudo: Odoo reads the name of the model; the rights on the record were checked
        return super(PrivacyLookupWizardLine, self.sudo()).action_unlink()
