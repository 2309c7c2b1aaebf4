from odoo import fields, models


class BuurtbemiddelingVolunteerTalk(models.Model):
    """A talk with a volunteer about the volunteer: before the start, on the way, and at the end."""

    _name = "buurtbemiddeling.volunteer.talk"
    _description = "Talk with a Volunteer"
    _order = "date desc, id desc"

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("intake", "Intake talk"),
            ("evaluation", "Evaluation talk"),
            ("yearly", "Yearly talk"),
            ("exit", "Exit talk"),
        ],
        required=True,
        default="intake",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
