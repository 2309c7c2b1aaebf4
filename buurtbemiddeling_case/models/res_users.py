from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    buurtbemiddeling_digest = fields.Boolean(
        "Monday digest of buurtbemiddeling",
        default=True,
        help="A mail on Monday with the numbers of what asks attention. For coordinators.",
    )
    buurtbemiddeling_digest_date = fields.Date(
        "Last Monday digest on", readonly=True, copy=False, groups="base.group_system"
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["buurtbemiddeling_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["buurtbemiddeling_digest"]
