from odoo import models


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
