from odoo import api, fields, models
from odoo.tools import format_date


class BuurtbemiddelingCoachNote(models.Model):
    """What a coordinator and one volunteer agreed about the volunteer's own growth.

    For the coordinators of the organisation and that volunteer only, who sees day and text on the
    portal, and has no right to the record. Not on a message thread: that would reach whoever
    follows the volunteer, and its name tells nothing.
    """

    _name = "buurtbemiddeling.coach.note"
    _description = "Coach Note"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    case_id = fields.Many2one(
        "buurtbemiddeling.case",
        "About the work in case",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('assignment_ids', 'any', [('volunteer_id', '=', volunteer_id)])]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user, readonly=True)
    note = fields.Text(
        required=True,
        help="About the work of the volunteer, who may read it. Write no name of a resident here.",
    )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for note in self:
            note.display_name = self.env._("Coach note %s", format_date(self.env, note.date))
