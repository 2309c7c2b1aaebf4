from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.buurtbemiddeling_case.anonymity import find_identifying


class BuurtbemiddelingPlanCourseMixin(models.AbstractModel):
    """The course of a plan: draft, submitted, approved in a meeting, replaced by a new version."""

    _name = "buurtbemiddeling.plan.course.mixin"
    _description = "Course of a Plan"

    submitted_on = fields.Date(readonly=True, copy=False)
    meeting_id = fields.Many2one(
        "buurtbemiddeling.steering.meeting",
        "Approved in",
        domain="[('project_id', '=', project_id), ('state', 'in', ['held', 'minuted'])]",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        help="The meeting of the steering group that approved the plan.",
    )
    approved_on = fields.Date(readonly=True, copy=False, help="The day of that meeting.")
    front = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False, exportable=False,
        help="What stood on the front page when the plan was approved.",
    )
    gaps = fields.Text(
        "Still to do",
        compute="_compute_gaps",
        groups="buurtbemiddeling_case.group_user",
        help="What lacks before the plan can be submitted.",
    )

    # ------------------------------------------------------------
    # COMPLETE
    # ------------------------------------------------------------

    @api.depends(
        "date_start", "date_end", "project_id", "target_group_ids", "recognition_ambition",
        "recognition_date", "goal_ids.result", "activity_ids", "phase_ids", "evaluation_ids",
        "chapter_ids.text", "chapter_ids.is_shown", "chapter_ids.section",
    )  # fmt: skip
    def _compute_gaps(self):
        for plan in self:
            origin = plan._origin
            is_draft = origin.state == "draft"
            plan.gaps = "\n".join(origin._find_gaps()) if origin and is_draft else False

    def _find_gaps(self):
        """Return what lacks before the steering group can decide on this plan, as sentences.

        A chapter that shows records has some, or a text of its own.
        """
        self.ensure_one()
        gaps = []
        if not self.goal_ids:
            gaps.append(self.env._("Add at least one goal, with the result that you intend."))
        gaps += [
            self.env._("Fill in the intended result of the goal “%s”.", goal.name)
            for goal in self.goal_ids
            if not (goal.result or "").strip()
        ]
        if self.recognition_ambition in ("recognition", "plus") and not self.recognition_date:
            gaps.append(self.env._("Fill in by when you want to have the CCV recognition."))
        wanted = {
            "target_groups": self.env._("Choose for which target groups the plan is."),
            "targets": self.env._("Make targets (ijkpunten) for the years of the plan."),
            "parties": self.env._("Register the agreements with the parties that refer."),
            "activities": self.env._("Add at least one activity, with its dates."),
            "privacy": self.env._("Register the agreements on personal data."),
            "phases": self.env._("Add at least one evaluation moment."),
            "budget": self.env._("Make the budget for the years of the plan."),
            "recognition": self.env._("Choose the ambition for the CCV recognition."),
        }
        for chapter in self.chapter_ids.filtered("is_shown"):
            if chapter.section in wanted and chapter._is_empty():
                gaps.append(
                    self.env._(
                        "%(what)s (chapter “%(chapter)s”)",
                        what=wanted[chapter.section],
                        chapter=chapter.name,
                    )
                )
        return gaps

    def _check_complete(self):
        """:raise UserError: with all that lacks, as a list"""
        for plan in self:
            gaps = plan._find_gaps()
            if gaps:
                raise UserError(
                    self.env._(
                        "“%(plan)s” is not complete yet:\n%(gaps)s\nYou may also write a text in"
                        " a chapter, or leave a chapter out of the plan.",
                        plan=plan.display_name,
                        gaps="\n".join(f"- {gap}" for gap in gaps),
                    )
                )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_submit(self):
        """Submit the plan to the steering group: from now on it does not change.

        :raise UserError: when something lacks; says all of it
        """
        self.check_access("write")
        self._check_draft()
        self._check_complete()
        self._write_step({"state": "submitted", "submitted_on": fields.Date.context_today(self)})
        names = [name for plan in self for name in plan._find_names()]
        if not names:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "The plan seems to name a resident: %s. Read it again. A resident does not"
                    " belong in a plan.",
                    ", ".join(dict.fromkeys(names)),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_reset(self):
        """Take a submitted plan back, to change it."""
        self.check_access("write")
        self.filtered(lambda plan: plan._is_kept())._check_draft()
        return self._write_step({"state": "draft", "submitted_on": False})

    def action_approve(self):
        """Keep the plan as the steering group approved it; the version before is replaced.

        Then it is printed, and that PDF is attached; what is printed was kept before that.

        :raise UserError: without a meeting of this project that was held, when the plan was not
            submitted, or lacks something by now
        """
        self.check_access("write")
        for plan in self:
            plan._check_submitted()
            plan._check_meeting()
        self._check_complete()
        for plan in self:
            plan._approve()
        return self.action_print()

    def _check_submitted(self):
        """:raise UserError: when this plan is not one to decide on"""
        self.filtered(lambda plan: plan._is_kept())._check_draft()
        if self.state != "submitted":
            raise UserError(
                self.env._(
                    "Submit “%s” first: then it is sure which plan the steering group approves.",
                    self.display_name,
                )
            )
        if self.previous_id and self.previous_id.state != "approved":
            raise UserError(
                self.env._(
                    "“%(previous)s” was replaced already. Make a new version of the plan that is"
                    " approved now.",
                    previous=self.previous_id.display_name,
                )
            )

    def _check_meeting(self):
        """The steering group decides, in a meeting that has been held.

        :raise UserError: when there is no such meeting
        """
        meeting = self.meeting_id
        if not meeting:
            raise UserError(
                self.env._(
                    "A plan can not be approved without a meeting. Choose the meeting of the"
                    " steering group in which “%s” was approved.",
                    self.display_name,
                )
            )
        if meeting.project_id != self.project_id:
            raise UserError(
                self.env._(
                    "“%(meeting)s” is a meeting of another steering group. Choose a meeting of"
                    " %(project)s.",
                    meeting=meeting.display_name,
                    project=self.project_id.name,
                )
            )
        if meeting.start > fields.Datetime.now() or meeting.state not in ("held", "minuted"):
            raise UserError(
                self.env._(
                    "The meeting of %s has not been held yet. Approve the plan when it is over and"
                    " marked as held, or choose another meeting.",
                    format_date(self.env, self._get_meeting_day()),
                )
            )

    def _get_meeting_day(self):
        """Return the day of the meeting, where the user is."""
        return fields.Datetime.context_timestamp(self, self.meeting_id.start).date()

    def _approve(self):
        """Keep what is printed now, with the day of the meeting."""
        self.ensure_one()
        self.previous_id._write_step({"state": "replaced"})
        for chapter in self.chapter_ids:
            chapter._write_kept({"content": chapter._get_blocks()})
        day = self._get_meeting_day()
        self._write_step({"approved_on": day})
        self._write_step({"front": self._in_language()._prepare_front()})
        self._write_step({"state": "approved"})

    def action_new_version(self):
        """Open the next version of an approved plan: a draft with all that is in this one."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "approved":
            raise UserError(
                self.env._(
                    "A new version is made of the plan that is approved now; “%s” is not.",
                    self.display_name,
                )
            )
        new = self.search(
            [("previous_id", "=", self.id), ("state", "in", ["draft", "submitted"])], limit=1
        )
        return (new or self.copy({"previous_id": self.id, "name": self.name}))._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "name": self.display_name,
        }

    # ------------------------------------------------------------
    # NAMES
    # ------------------------------------------------------------

    def _find_names(self):
        """Return what in the plan looks like a resident of a case of the project.

        :return: pieces of the text as they were typed; nothing else of the residents
        """
        self.ensure_one()
        parties = self.env["buurtbemiddeling.case.party"].search(
            [("case_id.project_id", "=", self.project_id.id)]
        )
        contacts = parties.partner_id
        contacts |= contacts.child_ids
        return find_identifying(
            self._get_plain_text(),
            names=contacts.mapped("name"),
            numbers=contacts.mapped("phone"),
            emails=contacts.mapped("email"),
        )
