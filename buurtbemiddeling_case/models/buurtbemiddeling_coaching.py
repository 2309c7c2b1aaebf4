from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingCoaching(models.Model):
    """A few talks with one resident, alone: when a talk with the neighbour can not be (yet).

    It hangs under its case, also under a closed one, and leaves phase, dates, result and figures
    of the case as they are. Of the other party nothing is in it.
    """

    _name = "buurtbemiddeling.coaching"
    _description = "Coaching"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.case.record.mixin"]
    _order = "date_start desc, id desc"

    party_id = fields.Many2one(
        string="Who is coached", required=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        default=lambda self: self.env["buurtbemiddeling.case"]._default_user_id(),
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    goal = fields.Selection(
        [
            ("prepare", "Getting ready for a talk"),
            ("own_part", "What the resident can do himself"),
            ("refused", "Going on when the neighbour refuses"),
            ("other", "Other"),
        ],
        required=True,
        default="prepare",
        help="What the resident wants from the talks.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "Running"),
            ("ended", "Ended"),
            ("stopped", "Stopped early"),
        ],
        required=True,
        default="planned",
    )
    date_start = fields.Date(
        "Since", compute="_compute_date_start", store=True, readonly=False, precompute=True
    )
    date_end = fields.Date(
        "Until", compute="_compute_date_end", store=True, readonly=False, precompute=True
    )
    talk_count = fields.Integer(
        "Talks held",
        help="Number of coaching talks with this resident so far.",
    )
    last_talk_date = fields.Date("Last talk on")
    result = fields.Selection(
        [
            ("reached", "Goal reached"),
            ("partly", "Partly reached"),
            ("not_reached", "Not reached"),
            ("mediation", "Went on to a talk with the neighbour"),
        ],
        help="What came of the goal.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "Coaching ends on or after the day it begins. Correct one of the two dates.",
    )
    _talk_after_start = models.Constraint(
        "CHECK(last_talk_date IS NULL OR date_start IS NULL OR last_talk_date >= date_start)",
        "The last talk was on or after the day the coaching began. Correct one of the two dates.",
    )
    _talk_count_positive = models.Constraint(
        "CHECK(talk_count >= 0)", "The number of talks is 0 or more."
    )

    @api.depends("state")
    def _compute_date_start(self):
        for coaching in self:
            if coaching.state == "planned" or coaching.date_start:
                coaching.date_start = coaching.date_start
            else:
                coaching.date_start = coaching.last_talk_date or fields.Date.context_today(self)

    @api.depends("state")
    def _compute_date_end(self):
        for coaching in self:
            if coaching.state not in ("ended", "stopped"):
                coaching.date_end = False
            else:
                coaching.date_end = coaching.date_end or fields.Date.context_today(self)

    @api.depends("case_id.name")
    def _compute_display_name(self):
        for coaching in self:
            coaching.display_name = self.env._("Coaching %s", coaching.case_id.name)

    @api.constrains("last_talk_date")
    def _check_talk_was_held(self):
        today = fields.Date.context_today(self)
        if any(coaching.last_talk_date and coaching.last_talk_date > today for coaching in self):
            raise ValidationError(
                self.env._("A talk is noted once it was held. Choose today or earlier.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        coachings = super().create(vals_list)
        coachings._note_talks()
        return coachings

    def write(self, vals):
        res = super().write(vals)
        if vals.get("last_talk_date"):
            self._note_talks()
        return res

    def _note_talks(self):
        for coaching in self.filtered("last_talk_date"):
            coaching.case_id._note_contact(coaching.last_talk_date)

    def action_note_talk(self):
        """Count a talk that was held today; the first one starts the coaching."""
        today = fields.Date.context_today(self)
        for coaching in self:
            values = {"talk_count": coaching.talk_count + 1, "last_talk_date": today}
            if coaching.state == "planned":
                values["state"] = "running"
            coaching.write(values)
