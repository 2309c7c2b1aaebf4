from odoo import fields, models


class BuurtbemiddelingProjectSteeringMixin(models.AbstractModel):
    """The steering group of a project: who is in it, when it meets, what is to be done."""

    _name = "buurtbemiddeling.project.steering.mixin"
    _description = "Steering Group of a Project"

    steering_member_ids = fields.One2many(
        "buurtbemiddeling.steering.member",
        "project_id",
        "Steering group",
        groups="buurtbemiddeling_case.group_user",
    )
    steering_member_count = fields.Integer(
        "Members", compute="_compute_steering", groups="buurtbemiddeling_case.group_user"
    )
    next_steering_date = fields.Date(
        "Next meeting", compute="_compute_steering", groups="buurtbemiddeling_case.group_user"
    )
    open_action_count = fields.Integer(
        "Open actions", compute="_compute_steering", groups="buurtbemiddeling_case.group_user"
    )

    def _compute_steering(self):
        """Three queries, whatever the number of projects."""
        members = self.env["buurtbemiddeling.steering.member"]
        today = fields.Date.context_today(self)
        groups = members._read_group(
            [("project_id", "in", self.ids), *members._get_domain_on(today)],
            ["project_id"],
            ["__count"],
        )
        counts = dict(groups)
        coming = self.env["buurtbemiddeling.steering.meeting"].search(
            [
                ("project_id", "in", self.ids),
                ("state", "=", "planned"),
                ("stop", ">=", fields.Datetime.now()),
            ],
            order="start desc",
        )
        soonest = {meeting.project_id: meeting for meeting in coming}
        actions = dict(
            self.env["buurtbemiddeling.steering.decision"]._read_group(
                [
                    ("project_id", "in", self.ids),
                    ("kind", "=", "action"),
                    ("state", "=", "open"),
                ],
                ["project_id"],
                ["__count"],
            )
        )
        for project in self:
            project.steering_member_count = counts.get(project, 0)
            meeting = soonest.get(project)
            project.next_steering_date = meeting and meeting._get_local_start().date()
            project.open_action_count = actions.get(project, 0)

    def action_open_steering_members(self):
        """Open the list of members of the steering group."""
        return self._open_steering("member")

    def action_open_steering_meetings(self):
        """Open the meetings of the steering group."""
        return self._open_steering("meeting")

    def action_open_steering_actions(self):
        """Open what the steering group decided and who is to do what, the open actions first."""
        return self._open_steering("decision", search_default_open_actions=1)

    def _open_steering(self, name, **context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"buurtbemiddeling_case.buurtbemiddeling_steering_{name}_action"
        )
        return {
            **action,
            "domain": [("project_id", "=", self.id)],
            "context": {"default_project_id": self.id, **context},
        }
