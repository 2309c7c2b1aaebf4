from odoo import models


class BuurtbemiddelingCaseRetentionMixin(models.AbstractModel):
    """A case is kept for a term, with its residents."""

    _name = "buurtbemiddeling.case.retention.mixin"
    _description = "Term of a Case"
    _inherit = ["buurtbemiddeling.retention.mixin"]
    _anonymized_about = ("case", "party", "sender")

    def _get_anonymized_subjects(self):
        # sudo: all residents go, whoever may read them
        cases = self.sudo().with_context(active_test=False)
        return [*super()._get_anonymized_subjects(), cases.party_ids]
