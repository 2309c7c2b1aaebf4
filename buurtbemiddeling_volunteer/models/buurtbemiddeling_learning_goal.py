from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingLearningGoal(models.Model):
    """What a volunteer or a coordinator wants to learn, and what came of it.

    Goals of volunteers are there for every coordinator; those of a coordinator only for that
    coordinator and the administrator, as the rules say.
    """

    _name = "buurtbemiddeling.learning.goal"
    _description = "Learning Goal"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "state, date_due, id"
    _check_company_auto = True

    name = fields.Char("Goal", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
    )
    date_due = fields.Date("By when")
    state = fields.Selection(
        [("open", "Open"), ("reached", "Reached"), ("dropped", "Dropped")],
        required=True,
        default="open",
    )
    result = fields.Text("What came of it")
    study_day_ids = fields.One2many("buurtbemiddeling.study.day", "goal_id", "Study days")

    @api.depends("volunteer_id")
    def _compute_user_id(self):
        """A goal that is not a volunteer's is one's own."""
        for goal in self:
            goal.user_id = False if goal.volunteer_id else goal.user_id or self.env.user

    @api.constrains("user_id", "volunteer_id")
    def _check_one_owner(self):
        if any(bool(goal.user_id) == bool(goal.volunteer_id) for goal in self):
            raise ValidationError(
                self.env._(
                    "A learning goal is of one person. Choose a coordinator or a volunteer, not"
                    " both."
                )
            )
