from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class BuurtbemiddelingProjectCircleMixin(models.AbstractModel):
    """The year circle of a project: its recurring duties, made for a year ahead."""

    _name = "buurtbemiddeling.project.circle.mixin"
    _description = "Year Circle of a Project"

    duty_ids = fields.One2many(
        "buurtbemiddeling.duty",
        "project_id",
        "Recurring duties",
        groups="buurtbemiddeling_case.group_user",
    )
    next_duty_id = fields.Many2one(
        "buurtbemiddeling.duty",
        compute="_compute_next_duty_id",
        groups="buurtbemiddeling_case.group_user",
    )
    late_duty_count = fields.Integer(
        "Duties too late",
        compute="_compute_next_duty_id",
        groups="buurtbemiddeling_case.group_user",
    )

    @api.depends("duty_ids.state", "duty_ids.date_due")
    @api.depends_context("tz")
    def _compute_next_duty_id(self):
        for project in self:
            todo = project.duty_ids.filtered(lambda duty: duty.state == "open")
            project.next_duty_id = todo.sorted("date_due")[:1]
            project.late_duty_count = len(todo.filtered("is_late"))

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        projects._make_duties()
        return projects

    @api.model
    def _cron_make_duties(self):
        """Every day: the duties of all running projects, for a year ahead."""
        self.search([])._make_duties()

    def _make_duties(self):
        """Make the duties that are due within a year from today and are not there yet.

        It can be repeated: a turn that is there stays as it is, also when it was left out or its
        day was changed. One that is still to come and that nobody touched moves along when its
        kind says another day.

        :return: the new duties
        """
        first = fields.Date.context_today(self)
        last = first + relativedelta(years=1) - timedelta(days=1)
        duties = self.env["buurtbemiddeling.duty"]
        there = {}
        for duty in duties.search(
            [("project_id", "in", self.ids), ("date_planned", "!=", False)], order="date_planned"
        ):
            turn = duty.kind_id._get_turn(duty.project_id, duty.date_planned)
            there.setdefault((duty.project_id, duty.kind_id, turn), []).append(duty)
        vals_list = []
        for kind in self.env["buurtbemiddeling.duty.kind"].search([]):
            projects = self.filtered(
                lambda project, of=kind.company_id: (
                    project.active and (not of or project.company_id == of)
                )
            )
            for project, days in kind._get_days(projects, first, last).items():
                for day in days:
                    turns = there.get((project, kind, kind._get_turn(project, day)))
                    if turns:
                        duties.concat(*turns)._move_along(day)
                        continue
                    vals_list.append(
                        {
                            "project_id": project.id,
                            "kind_id": kind.id,
                            "user_id": project.user_ids.id if len(project.user_ids) == 1 else False,
                            "date_planned": day,
                            "date_due": day,
                        }
                    )
        return duties.create(vals_list)

    def action_make_duties(self):
        """Make the year circle complete, and open it."""
        self._make_duties()
        return self.action_open_duties()

    def action_open_duties(self):
        """Open the year circle of this project."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_duty_action"
        )
        return {
            **action,
            "display_name": self.env._("Year circle of %s", self.name),
            "domain": [("project_id", "=", self.id)],
            "context": {"default_project_id": self.id, "search_default_todo": 1},
        }
