from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingPartyThanksMixin(models.AbstractModel):
    """A line of a wizard about one party, in which a thank-you letter can be chosen.

    Never by itself, and never to who did not want to talk: for them it would be one more letter
    about something that they wanted nothing to do with.
    """

    _name = "buurtbemiddeling.party.thanks.mixin"
    _description = "Thanking a Party"

    party_id = fields.Many2one("buurtbemiddeling.case.party", required=True, ondelete="cascade")
    may_be_thanked = fields.Boolean(
        compute="_compute_may_be_thanked",
        compute_sudo=False,
        export_string_translation=False,
        exportable=False,
    )
    send_thanks = fields.Boolean(
        "Thank",
        help="Sends the thank-you letter by mail. Who can not be mailed: a to-do to print it.",
    )

    @api.depends("party_id")
    def _compute_may_be_thanked(self):
        for line in self:
            party = line.party_id
            line.may_be_thanked = party.willing != "no" and party.case_id.last_talk_date

    def _thank(self):
        """Send the thank-you letter to each party for which it was chosen.

        :raise UserError: when it was chosen for someone with whom there was no talk
        """
        lines = self.filtered("send_thanks")
        if refused := lines.filtered(lambda line: not line.may_be_thanked):
            raise UserError(
                self.env._(
                    "With %s there was no talk, so there is nothing to thank for. Untick it.",
                    ", ".join(refused.party_id.mapped("name")),
                )
            )
        for party in lines.party_id._mail_letter("thanks"):
            party.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Print and post: thank-you letter"),
                user_id=(party.case_id.user_id or self.env.user).id,
            )
