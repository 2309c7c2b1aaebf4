from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingStudyDay(models.Model):
    """A course, conference or regional meeting that a coordinator went to.

    For the coordinator and the administrator only, as the rules say.
    """

    _name = "buurtbemiddeling.study.day"
    _description = "Study Day"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    hours = fields.Float(required=True)
    provider = fields.Char("Given by", help="Who gave the course or held the meeting.")
    session_id = fields.Many2one(
        "buurtbemiddeling.training.session",
        "Own training session",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="When it was a training of your own organisation.",
    )
    goal_id = fields.Many2one(
        "buurtbemiddeling.learning.goal",
        "Learning goal",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('user_id', '=', user_id)]",
    )

    _hours_positive = models.Constraint(
        "CHECK(hours > 0)", "Fill in how many hours the study day took: more than 0."
    )

    @api.constrains("goal_id", "user_id")
    def _check_own_goal(self):
        for day in self:
            if day.goal_id and day.goal_id.user_id != day.user_id:
                raise ValidationError(
                    self.env._("This learning goal is of someone else. Choose one of your own.")
                )
