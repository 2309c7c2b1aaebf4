from odoo import fields, models


class BuurtbemiddelingSteeringAgenda(models.Model):
    """A standard agenda of a steering group meeting, shared or an organisation's own."""

    _name = "buurtbemiddeling.steering.agenda"
    _description = "Standard Agenda"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", "Organisation", index=True, help="Empty: for all organisations."
    )
    item_ids = fields.One2many(
        "buurtbemiddeling.steering.agenda.item", "agenda_id", "Items", copy=True
    )
