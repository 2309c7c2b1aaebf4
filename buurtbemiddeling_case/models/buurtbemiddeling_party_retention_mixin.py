from odoo import api, models
from odoo.tools import SQL


class BuurtbemiddelingPartyRetentionMixin(models.AbstractModel):
    """The data of one resident can be removed before the term, without those of the neighbour."""

    _name = "buurtbemiddeling.party.retention.mixin"
    _description = "Removal of a Resident"
    # no thread among its parents: it would come before the to-dos, which add followers
    _inherit = ["buurtbemiddeling.anonymized.mixin"]
    _anonymized_about = ("party", "sender")

    def message_post(self, **kwargs):
        self._refuse_anonymized()
        return super().message_post(**kwargs)

    def write(self, vals):
        before = self.partner_id if "partner_id" in vals else self.env["res.partner"]
        res = super().write(vals)
        self._note_untied(before - self.partner_id)
        return res

    def unlink(self):
        contacts = self.partner_id
        res = super().unlink()
        self._note_untied(contacts)
        return res

    @api.model
    def _note_untied(self, contacts):
        """Let the term of a contact that may have lost its last case begin now, not at its last
        change: see ``_remove_loose_contacts``.
        """
        if contacts:
            contacts.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET write_date = now() AT TIME ZONE 'UTC'"
                    " WHERE id = ANY(%s)",
                    contacts.ids,
                )
            )
            contacts.invalidate_recordset(["write_date"])
