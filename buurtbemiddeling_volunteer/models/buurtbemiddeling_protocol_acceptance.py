from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

MODES = [("paper", "On paper"), ("portal", "On the portal"), ("mail", "By mail")]


class BuurtbemiddelingProtocolAcceptance(models.Model):
    """That a volunteer has read a version of the protocol and accepted it."""

    _name = "buurtbemiddeling.protocol.acceptance"
    _description = "Accepted Protocol"
    _inherit = ["buurtbemiddeling.recruitment.fact.mixin"]
    _order = "volunteer_id, date desc, id desc"
    _check_company_auto = True

    protocol_id = fields.Many2one(
        "buurtbemiddeling.protocol",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("state", "=", "current")],
    )
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date("Accepted on", required=True, default=fields.Date.context_today)
    mode = fields.Selection(MODES, "How", required=True, default="paper")
    user_id = fields.Many2one(
        "res.users", "Noted by", default=lambda self: self.env.user, readonly=True
    )

    _once = models.Constraint(
        "UNIQUE(protocol_id, volunteer_id)", "This volunteer has accepted this version already."
    )

    @api.depends("protocol_id.display_name", "volunteer_id.name")
    def _compute_display_name(self):
        for acceptance in self:
            acceptance.display_name = (
                f"{acceptance.protocol_id.display_name}: {acceptance.volunteer_id.name}"
            )

    @api.constrains("protocol_id", "date")
    def _check_accepted(self):
        """What has not been published, or is still to come, was accepted by nobody."""
        today = fields.Date.context_today(self)
        for acceptance in self:
            protocol = acceptance.protocol_id
            if protocol.state == "draft":
                raise ValidationError(
                    self.env._(
                        "%s is a draft. Publish it first, then volunteers can accept it.",
                        protocol.display_name,
                    )
                )
            if not protocol.date_from <= acceptance.date <= today:
                raise ValidationError(
                    self.env._(
                        "%(protocol)s counts from %(date)s. It is accepted on that day or later,"
                        " and not in the future.",
                        protocol=protocol.display_name,
                        date=format_date(self.env, protocol.date_from),
                    )
                )
