from odoo import fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCaseAgreementPrint(models.TransientModel):
    """Print the agreements of a case, on a paper that both neighbours get: nothing else is on it.

    Names only when somebody chooses so, and never of who is known by an address alone. The paper
    is printed from here and not from the case, so that it never comes out without that choice and
    the note that it was printed.
    """

    _name = "buurtbemiddeling.case.agreement.print"
    _description = "Print Agreements"

    case_id = fields.Many2one("buurtbemiddeling.case", required=True, ondelete="cascade")
    date = fields.Date(required=True, default=fields.Date.context_today)
    with_names = fields.Boolean(
        "Print the names of the neighbours",
        help="Without this the paper says reporter and other party.",
    )

    def _get_traced(self):
        return self.case_id

    def action_print(self):
        """Return the report, and note on the case that it was printed.

        :raise UserError: when there are no agreements
        """
        self.ensure_one()
        if not self.case_id.agreement_ids:
            raise UserError(
                self.env._("There are no agreements to print. Write them down on the case first.")
            )
        self.case_id._message_log(
            body=self.env._("Agreements printed, with the names of the neighbours.")
            if self.with_names
            else self.env._("Agreements printed, without names.")
        )
        report = self.env.ref("buurtbemiddeling_case.action_report_agreements")
        return {**report.report_action(self, config=False), "close_on_report_download": True}

    def _get_names(self, side):
        """Return the names of who speaks for ``side``, ``""`` when they stay off the paper."""
        if not self.with_names:
            return ""
        parties = self.case_id.party_ids.filtered(
            lambda party: party.side == side and party.partner_id
        )
        speaking = parties.filtered("is_spokesperson") or parties
        return ", ".join(speaking.partner_id.mapped("name"))
