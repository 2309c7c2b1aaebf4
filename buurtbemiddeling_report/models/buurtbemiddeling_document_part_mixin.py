from odoo import api, models


class BuurtbemiddelingDocumentPartMixin(models.AbstractModel):
    """A part of a document (report, plan) that stops changing together with it, for everyone."""

    _name = "buurtbemiddeling.document.part.mixin"
    _description = "Part of a Document"
    #: The field that names the document, a model with ``_check_draft``.
    _document = ""
    #: Fields that say what became of it: these still change when the document does not any more.
    _later_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts[self._document]._check_draft()
        return parts

    def write(self, vals):
        if vals.keys() - self._later_fields:
            self[self._document]._check_draft()
        done = super().write(vals)
        if self._document in vals:  # nor is a part moved into a document that is final
            self[self._document]._check_draft()
        return done

    def _write_kept(self, vals):
        """Write what making the document final keeps: past the guard, and past no other."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self[self._document]._check_draft()
