from odoo import fields, models


class BuurtbemiddelingVolunteerTalkScore(models.Model):
    """How a volunteer does on one criterion, as seen in one talk: 1 to 5, 0 is not scored."""

    _name = "buurtbemiddeling.volunteer.talk.score"
    _description = "Score in a Talk"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "criterion_sequence, id"
    _rec_name = "criterion_id"

    talk_id = fields.Many2one(
        "buurtbemiddeling.volunteer.talk", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="talk_id.company_id", store=True, index=True, precompute=True
    )
    criterion_id = fields.Many2one(
        "buurtbemiddeling.selection.criterion", required=True, ondelete="restrict"
    )
    criterion_sequence = fields.Integer(
        related="criterion_id.sequence",
        store=True,
        export_string_translation=False,
        exportable=False,
    )
    description = fields.Char(related="criterion_id.description")
    score = fields.Selection(
        [
            ("0", "Not scored"),
            ("1", "Weak"),
            ("2", "Fair"),
            ("3", "Sufficient"),
            ("4", "Good"),
            ("5", "Very good"),
        ],
        required=True,
        default="0",
        help="What you think of the volunteer on this criterion.",
    )
    note = fields.Char()

    _criterion_uniq = models.Constraint(
        "UNIQUE(talk_id, criterion_id)", "This criterion is in the talk already."
    )
