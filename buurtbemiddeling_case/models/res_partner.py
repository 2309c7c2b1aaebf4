from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # A record rule hides these contacts from everyone outside buurtbemiddeling, see
    # security/buurtbemiddeling_rules.xml. The field says nothing about why.
    is_confidential = fields.Boolean(
        "Confidential",
        index="btree_not_null",
        copy=False,
        groups="buurtbemiddeling_case.group_user",
        help="Only coordinators of buurtbemiddeling find and read this contact.",
    )
