from odoo import fields, models
from odoo.exceptions import UserError

from ..models.buurtbemiddeling_protocol_acceptance import MODES


class BuurtbemiddelingProtocolAccept(models.TransientModel):
    """Note that the selected volunteers accepted the current protocol, on paper for example.

    Whoever had accepted it already keeps the first date, so nothing happens when it is done twice.
    """

    _name = "buurtbemiddeling.protocol.accept"
    _description = "Protocol Accepted"

    volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        string="Volunteers",
        required=True,
        help="Who accepted the protocol.",
    )
    date = fields.Date("Accepted on", required=True, default=fields.Date.context_today)
    mode = fields.Selection(MODES, "How", required=True, default="paper")

    def action_accept(self):
        """Note the acceptance of those who have not accepted it yet.

        :raise UserError: an organisation has no current protocol
        """
        self.ensure_one()
        volunteers = self.volunteer_ids
        protocols = self.env["buurtbemiddeling.protocol"]._get_current(volunteers.company_id)
        for company in volunteers.company_id:
            if company not in protocols:
                raise UserError(
                    self.env._(
                        "%s has no current protocol. Publish one first, under Volunteers, Working"
                        " Protocol.",
                        company.name,
                    )
                )
        new = volunteers.filtered("protocol_to_accept_id")
        self.env["buurtbemiddeling.protocol.acceptance"].create(
            [
                {
                    "protocol_id": volunteer.protocol_to_accept_id.id,
                    "volunteer_id": volunteer.id,
                    "date": self.date,
                    "mode": self.mode,
                }
                for volunteer in new
            ]
        )
        return self.env["buurtbemiddeling.protocol"]._notify(
            self.env._("Noted: %s", len(new)),
            self.env._("Had accepted it already: %s", len(volunteers - new))
            if volunteers - new
            else "",
        )
