from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class BuurtbemiddelingPlanActivity(models.Model):
    """What is done for a goal, when and by whom.

    What was planned stays as the steering group approved it; what becomes of it is kept here.
    """

    _name = "buurtbemiddeling.plan.activity"
    _description = "Activity of a Plan"
    _inherit = ["buurtbemiddeling.plan.part.mixin", "buurtbemiddeling.care.mixin"]
    _order = "sequence, date_end, id"

    _later_fields = frozenset({"state", "user_id", "remark", "network_activity_ids"})

    name = fields.Char("Activity", required=True)
    goal_id = fields.Many2one(
        "buurtbemiddeling.plan.goal",
        domain="[('plan_id', '=', plan_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    date_start = fields.Date("From", required=True)
    date_end = fields.Date(
        "Until",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=lambda self: self._get_responsible_domain(),
        index=True,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("busy", "Under way"),
            ("done", "Done"),
            ("dropped", "Not going on"),
        ],
        required=True,
        default="planned",
        copy=True,
    )
    is_late = fields.Boolean("Overdue", compute="_compute_is_late", search="_search_is_late")
    remark = fields.Text("What became of it")
    network_activity_ids = fields.Many2many(
        "buurtbemiddeling.network.activity",
        "buurtbemiddeling_plan_activity_network_rel",
        "plan_activity_id",
        "network_activity_id",
        string="In the network log",
        groups="buurtbemiddeling_case.group_user",
        help="What was done for this activity, from the log of network and PR.",
    )

    # whoever reads figures only looks after nothing
    care = fields.Selection(groups="buurtbemiddeling_case.group_user")
    attention_ids = fields.Many2many(groups="buurtbemiddeling_case.group_user")

    _dates_in_order = models.Constraint(
        "CHECK(date_end >= date_start)",
        "An activity ends before it starts. Correct one of the two dates.",
    )

    @api.depends("date_start")
    def _compute_date_end(self):
        for activity in self:
            activity.date_end = activity.date_end or activity.date_start

    @api.depends("state", "date_end")
    @api.depends_context("tz")
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain())
        for activity in self:
            activity.is_late = activity in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_late_domain() if True in value else ~self._get_late_domain()

    @api.model
    def _get_late_domain(self):
        """Return what is overdue today, whatever the state of its plan."""
        today = fields.Date.context_today(self)
        return Domain("state", "in", ["planned", "busy"]) & Domain("date_end", "<", today)

    @api.constrains("goal_id", "plan_id")
    def _check_goal(self):
        for activity in self:
            if activity.goal_id and activity.goal_id.plan_id != activity.plan_id:
                raise ValidationError(
                    self.env._(
                        "“%(goal)s” is a goal of another plan. Choose a goal of “%(plan)s”.",
                        goal=activity.goal_id.name,
                        plan=activity.plan_id.name,
                    )
                )

    def action_done(self):
        """Say that these activities are done."""
        self.write({"state": "done"})
