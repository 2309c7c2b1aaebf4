from odoo import fields, models

ITEM_KINDS = [
    ("topic", "Topic"),
    ("minutes", "Minutes of the previous meeting"),
    ("actions", "Action list"),
    ("figures", "Figures and targets"),
]


class BuurtbemiddelingSteeringAgendaItem(models.Model):
    """An item of a standard agenda; a meeting gets a copy of its own."""

    _name = "buurtbemiddeling.steering.agenda.item"
    _description = "Item of a Standard Agenda"
    _order = "agenda_id, sequence, id"

    agenda_id = fields.Many2one(
        "buurtbemiddeling.steering.agenda", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="agenda_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Item", required=True, translate=True)
    kind = fields.Selection(
        ITEM_KINDS,
        required=True,
        default="topic",
        help="Below the item the agenda shows what belongs to it: the open actions, for instance.",
    )
    description = fields.Text("Explanation", translate=True)
