from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.buurtbemiddeling_case.turns import wait_for_turn

from .buurtbemiddeling_case_duo_mixin import GAP_ACTIVITY

ANSWER_ACTIVITY = "buurtbemiddeling_volunteer.mail_activity_type_answer"
TIE_ACTIVITY = "buurtbemiddeling_volunteer.mail_activity_type_tie"
INVITATION_URL = "/my/uitnodigingen"


class BuurtbemiddelingAssignmentPortalAnswerMixin(models.AbstractModel):
    """What a mediator answers on the portal: yes or no, and "I know one of these people".

    The coordinator hears of each answer by a to-do on the case. Nothing ends by itself.
    """

    _name = "buurtbemiddeling.assignment.portal.answer.mixin"
    _description = "Answers on the Portal"

    # ------------------------------------------------------------
    # THE INVITATION
    # ------------------------------------------------------------

    @api.model
    def _find_asked(self, assignment_id):
        """Return the invitation with this id of the user who acts, or none.

        Also one that was answered or has expired, so that its page can say so; not one whose work
        has ended, nor of who was chosen and not asked yet.
        """
        volunteers = self.env["buurtbemiddeling.volunteer"]._get_mine()
        # sudo: only those of the user's own volunteer record
        rows = self.sudo().search(
            [
                ("volunteer_id", "in", volunteers.ids),
                ("invited_on", "!=", False),
                ("state", "in", ("invited", "accepted", "declined")),
            ]
        )
        return rows.filtered(lambda row: row.id == assignment_id)

    def _is_open_invitation(self):
        """Return whether the volunteer can answer now."""
        self.ensure_one()
        case = self.case_id
        return (
            self.state == "invited"
            and bool(self.invited_on)
            and not self.is_expired
            and case.active
            and not case.is_closed
        )

    def _get_portal_invitation_values(self):
        """Return what the page of an invitation shows: what the mail told, and no more.

        Of an invitation that is not open, only that it is not.
        """
        self.ensure_one()
        if self._is_open_invitation():
            told = self._describe_invitation()
            reasons = self.env["buurtbemiddeling.assignment.reason"]._get_to_decline()
            return {
                **told,
                "assignment_id": self.id,
                "is_open": True,
                "coordinator": self._get_portal_coordinator(),
                "reasons": [(str(reason.id), reason.name) for reason in reasons],
            }
        return {
            "assignment_id": self.id,
            "is_open": False,
            "closed_text": self._get_closed_text(),
            "coordinator": self._get_portal_coordinator(),
        }

    def _get_closed_text(self):
        """Return in a sentence why this invitation can not be answered."""
        if self.state == "declined" and self.answered_on:
            return self.env._("You said no to this invitation. You do not have to do anything.")
        if self.expires_on and self.expires_on < fields.Date.context_today(self):
            return self.env._(
                "This invitation was open until %s. Do you want to do this? Phone the coordinator.",
                format_date(self.env, self.expires_on),
            )
        return self.env._("This invitation is not open any more. You do not have to do anything.")

    def _get_invitation_url(self):
        """Return the page on which the volunteer answers, or ``None`` without a login."""
        self.ensure_one()
        # sudo: reads whether the login of the volunteer works
        if not self.sudo().volunteer_id.user_id.active:
            return None
        return f"{self.get_base_url()}{INVITATION_URL}/{self.id}"

    def _accept_on_portal(self):
        """The volunteer says yes, and the coordinator hears of it.

        :return: whether it was noted. If not, something came up that the coordinator decides on;
            what it is, the volunteer is not told, as it may be about a resident.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._accept()
        except UserError as error:
            self._tell_answer(
                self.env._("%s wants to say yes, but that is not possible:", self._get_name()),
                str(error),
            )
            return False
        self._tell_answer(self.env._("%s said yes.", self._get_name()))
        return True

    def _decline_on_portal(self, reason, note=False):
        """The volunteer says no; the coordinator hears of it here, if by nothing else."""
        self.ensure_one()
        self._decline(reason, note)
        if not self.case_id.activity_search([GAP_ACTIVITY]):
            self._tell_answer(
                self.env._(
                    "%(volunteer)s said no: %(reason)s.",
                    volunteer=self._get_name(),
                    reason=reason.name,
                )
            )

    def _get_name(self):
        return self.volunteer_id.name

    def _tell_answer(self, *lines):
        """Put an answer on the coordinator's list; further answers join it there."""
        case = self.case_id
        note = Markup("<br/>").join(lines)
        todo = case.activity_search([ANSWER_ACTIVITY])[:1]
        if todo:
            todo.note = Markup("<br/>").join(filter(None, [todo.note, note]))
        else:
            case._plan_todo(ANSWER_ACTIVITY, note=note)

    # ------------------------------------------------------------
    # KNOWING A PARTY
    # ------------------------------------------------------------

    def _has_declared_tie(self):
        """Return whether this mediator declared to know a party of this case."""
        self.ensure_one()
        return bool(
            self.env["buurtbemiddeling.volunteer.declaration"].search_count(
                self._get_tie_domain(), limit=1
            )
        )

    def _get_tie_domain(self):
        return [
            ("volunteer_id", "=", self.volunteer_id.id),
            ("case_id", "=", self.case_id.id),
            ("kind", "=", "case"),
        ]

    def _declare_tie(self):
        """Note, once, that this mediator knows a party, and ask the coordinator to decide.

        Whom, and why, is not written down; the work goes on until the coordinator ends it.
        """
        self.ensure_one()
        wait_for_turn(self.volunteer_id)  # a double tap
        if self._has_declared_tie():
            return
        self.env["buurtbemiddeling.volunteer.declaration"].create(
            {"volunteer_id": self.volunteer_id.id, "case_id": self.case_id.id, "kind": "case"}
        )
        self.case_id._plan_todo(
            TIE_ACTIVITY,
            # the name is text, also when someone typed HTML in it
            note=escape(
                self.env._("%s may know one of the parties. Phone, and decide.", self._get_name())
            ),
        )

    def _settle_tie(self):
        """Take away the to-do when nobody is left in the case who may know a party."""
        if not self:
            return
        ties = self.env["buurtbemiddeling.volunteer.declaration"].search(
            [("case_id", "in", self.case_id.ids), ("kind", "=", "case")]
        )
        for case, rows in ties.grouped("case_id").items():
            if not case.assignment_ids.filtered("is_live").volunteer_id & rows.volunteer_id:
                case.activity_search([TIE_ACTIVITY]).unlink()
