from odoo import api, models
from odoo.exceptions import UserError


class ReportCaseCards(models.AbstractModel):
    _name = "report.buurtbemiddeling_volunteer.report_case_cards"
    _description = "Case Cards"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Print the debriefs that are a case card.

        :raise UserError: when none of them is
        :raise ValidationError: when a card names someone who became known after it was typed
        """
        cards = self.env["buurtbemiddeling.debrief"].browse(docids).filtered("is_case_card")
        if not cards:
            raise UserError(
                self.env._(
                    "None of these debriefs is a case card. Open one, tick “Case card” and type"
                    " what happened without names."
                )
            )
        cards._check_card_is_anonymous()
        return {"doc_ids": cards.ids, "doc_model": cards._name, "docs": cards}
