from odoo import api, fields, models
from odoo.exceptions import UserError

INVITATION = "buurtbemiddeling_volunteer.mail_template_training_invite"


class BuurtbemiddelingTrainingInvitationMixin(models.AbstractModel):
    """Inviting volunteers to a training session, each by a mail of their own."""

    _name = "buurtbemiddeling.training.invitation.mixin"
    _description = "Invitation to a Training"

    # ------------------------------------------------------------
    # INVITING
    # ------------------------------------------------------------

    def _invite(self, volunteers):
        """Invite ``volunteers`` who are not in this session yet: a row each, and a mail each.

        An invitation takes no seat. Who has no e-mail address is to be phoned.

        :return: the new enrolments
        :raise UserError: when the session is not to come, or has no half-days to come to
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if self.state != "planned" or not self.date_start or self.date_start < now:
            raise UserError(
                self.env._(
                    "People are invited to a session that is planned and still to come. Fill in"
                    " the half-days first."
                )
            )
        here = self.enrolment_ids.filtered(lambda e: e.state not in ("cancelled", "declined"))
        today = fields.Date.context_today(self)
        enrolments = self.env["buurtbemiddeling.training.enrolment"].create(
            [
                {
                    "session_id": self.id,
                    "volunteer_id": volunteer.id,
                    "state": "invited",
                    "invited_date": today,
                }
                for volunteer in volunteers - here.volunteer_id
            ]
        )
        self._mail_invitations(enrolments)
        return enrolments

    def _mail_invitations(self, enrolments):
        """Mail each invitation apart, on the volunteer's own thread; make to-dos to phone.

        Of the template only subject and text are used: nobody is in copy, whatever is filled in
        there, and every colleague may change templates.
        """
        mailable = enrolments.volunteer_id.partner_id._filtered_mailable()
        mailed = enrolments.filtered(lambda row: row.volunteer_id.partner_id in mailable)
        template = self._get_invitation_template()
        subjects = template._render_field("subject", mailed.ids, compute_lang=True)
        bodies = template._render_field("body_html", mailed.ids, compute_lang=True)
        for enrolment in mailed:
            enrolment.volunteer_id.message_post(
                subject=subjects[enrolment.id],
                body=bodies[enrolment.id],
                partner_ids=enrolment.volunteer_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
                email_layout_xmlid="buurtbemiddeling_case.letter_mail_layout",
                email_add_signature=False,
            )
        (enrolments - mailed).volunteer_id.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._("Phone: invitation to a training"),
            user_id=(self.user_id or self.env.user).id,
        )

    @api.model
    def _get_invitation_template(self):
        """Return the text of the invitation, raising ``UserError`` when it was deleted."""
        template = self.env.ref(INVITATION, raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._(
                    "The mail template of the invitation was deleted. Ask the administrator to"
                    " update the module: then it comes back."
                )
            )
        return template

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_invite(self):
        """Open the dialog in which volunteers are chosen and invited."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite"),
            "res_model": "buurtbemiddeling.training.invite",
            "view_mode": "form",
            "target": "new",
            "context": {"default_session_id": self.id},
        }
