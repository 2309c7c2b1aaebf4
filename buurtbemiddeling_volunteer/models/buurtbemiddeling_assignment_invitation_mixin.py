from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date, get_lang


class BuurtbemiddelingAssignmentInvitationMixin(models.AbstractModel):
    """Asking a volunteer for a case, and the answer.

    Both of a pair are asked at once, each by a mail of their own or, without an e-mail address, by
    phone. The mail says what help is asked, in which neighbourhood, at which times and with whom:
    of the case itself a volunteer learns nothing before saying yes, not even its number. After some
    days there is one reminder, and after some more the invitation has expired. Any answer stops
    the mails.
    """

    _name = "buurtbemiddeling.assignment.invitation.mixin"
    _description = "Invitation of a Mediator"

    invited_on = fields.Datetime("Asked on", readonly=True, copy=False)
    expires_on = fields.Date(
        "Answer by", copy=False, help="The last day on which the volunteer can answer."
    )
    reminded_on = fields.Datetime("Reminded on", readonly=True, copy=False)
    answered_on = fields.Datetime(
        "Answered on",
        compute="_compute_answered_on",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    is_expired = fields.Boolean(
        "Expired", compute="_compute_is_expired", search="_search_is_expired"
    )

    @api.depends("state")
    def _compute_answered_on(self):
        """Only of who was asked by invitation it is known when the answer came."""
        now = fields.Datetime.now()
        for row in self:
            if row.state == "invited":
                row.answered_on = False
            elif row.state in ("accepted", "declined") and row.invited_on:
                row.answered_on = row.answered_on or now
            else:
                row.answered_on = row.answered_on

    @api.depends("state", "expires_on")
    @api.depends_context("tz")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.is_expired = bool(
                row.state == "invited" and row.expires_on and row.expires_on < today
            )

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("state", "=", "invited") & Domain("expires_on", "<", today)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _invite(self, case, volunteers, reasons=None):
        """Ask ``volunteers`` for ``case``, all at once.

        The first of them takes the place of who left last and has no substitute yet, or of the row
        that the context key ``replaced_assignment_id`` names.

        :param reasons: ``{volunteer: text}`` why a conflict of interest is no objection
        :return: the new rows, in the order of ``volunteers``
        :raise UserError: the case is closed, someone is named twice or can not be invited to it
        """
        case.ensure_one()
        if case.is_closed:
            raise UserError(
                self.env._(
                    "Case %s is closed. Open it again before you ask mediators for it.", case.name
                )
            )
        if len(volunteers) != len(set(volunteers.ids)):
            raise UserError(
                self.env._(
                    "A pair is two different people. Choose someone else beside %s.",
                    volunteers[0].name,
                )
            )
        vals_list = [
            {"case_id": case.id, "volunteer_id": volunteer.id, "state": "invited"}
            for volunteer in volunteers
        ]
        for vals, volunteer in zip(vals_list, volunteers, strict=True):
            if reason := (reasons or {}).get(volunteer):
                vals["independence_reason"] = reason
        rows = self.create(vals_list)
        rows._ask()
        left = case.assignment_ids.filtered(
            lambda row: not (row.is_live or row.replaced_by_id) and row.reason_id
        )
        named = left.filtered(lambda row: row.id == self.env.context.get("replaced_assignment_id"))
        (named or left.sorted("id")[-1:]).replaced_by_id = rows[:1]
        return rows

    def _ask(self):
        """Ask those who were chosen and not asked yet; they have some days to answer."""
        rows = self.filtered(lambda row: row.state == "invited" and not row.invited_on)
        today = fields.Date.context_today(self)
        for company, batch in rows.grouped("company_id").items():
            days = company.buurtbemiddeling_invitation_days
            batch.write(
                {
                    "invited_on": fields.Datetime.now(),
                    "expires_on": today + timedelta(days=days),
                }
            )
        mailed = rows.filtered(lambda row: row._can_be_mailed())
        for row in mailed:
            row._mail_invitation("invitation")
        (rows - mailed)._plan_call()

    def _describe_asking(self):
        """Return who got a mail, and who is still to be phoned, in words."""
        mailed = self.filtered(lambda row: row._can_be_mailed())
        texts = []
        if mailed:
            texts.append(self.env._("By mail: %s.", ", ".join(mailed.volunteer_id.mapped("name"))))
        if to_phone := self - mailed:
            texts.append(
                self.env._("Still to phone: %s.", ", ".join(to_phone.volunteer_id.mapped("name")))
            )
        return " ".join(texts)

    def _can_be_mailed(self):
        """Who has an address and wants mail; a neighbour in another case not: a copy would tell."""
        self.ensure_one()
        partner = self.partner_id
        return bool(partner._filtered_mailable() and not partner.is_confidential)

    def _plan_call(self):
        """Put on the coordinator's list whom to phone, as there is no e-mail address."""
        for row in self:
            row.case_id._plan_todo(
                "mail.mail_activity_data_call",
                summary=self.env._("Phone %s: a request to mediate", row.volunteer_id.name),
                note=row.phone,
            )

    def _mail_invitation(self, kind):
        """Mail one volunteer, in their own language.

        :param kind: ``invitation`` or ``reminder``
        """
        self.ensure_one()
        partner = self.partner_id
        row = self.with_company(self.company_id).with_context(
            lang=get_lang(self.env, partner.lang).code
        )
        coordinator = row._get_answered_to()
        sender = coordinator if coordinator.email else row.company_id.partner_id
        subject = {
            "invitation": row.env._("Will you mediate in a new case?"),
            "reminder": row.env._("Reminder: will you mediate in a new case?"),
        }[kind]
        body = row.env["ir.qweb"]._render(
            "buurtbemiddeling_volunteer.assignment_invitation_mail",
            {
                "row": row,
                "kind": kind,
                "coordinator": coordinator,
                "phone": coordinator.phone or row.company_id.phone,
                "answer_url": row._get_invitation_url(),
                **row._describe_invitation(),
            },
            minimal_qcontext=True,
        )
        # on no thread: that of the case is for coordinators only. The model keeps the mail from
        # the administrator of Odoo, see the rule on mail.mail.
        row.env["mail.thread"].message_notify(
            model=self._name,
            res_id=self.id,
            partner_ids=partner.ids,
            subject=subject,
            body=body,
            author_id=sender.id,
            reply_to=sender.email_formatted,
            email_layout_xmlid="buurtbemiddeling_case.letter_mail_layout",
            email_add_signature=False,
        )

    def _describe_invitation(self):
        """Return what a volunteer learns before saying yes; the portal shows the same.

        :return: ``{"help", "neighbourhood", "dayparts", "colleagues", "expires_on"}``, texts that
            are empty when they are not known
        """
        self.ensure_one()
        colleagues = self.case_id.volunteer_ids - self.volunteer_id
        return {
            "help": self.case_id.intervention_id.name,
            "neighbourhood": self.case_id.area_id.name,
            "dayparts": ", ".join(self._get_daypart_names()),
            "colleagues": ", ".join(colleagues.mapped("name")),
            "expires_on": format_date(self.env, self.expires_on),
        }

    def _get_answered_to(self):
        """Return the contact of the coordinator whom the volunteer phones or mails."""
        self.ensure_one()
        return (self.case_id.user_id or self.volunteer_id.coordinator_id).partner_id

    def _get_daypart_names(self):
        """Return the names of the dayparts that suit the neighbours, if the case has any."""
        self.ensure_one()
        return self.case_id.daypart_ids.mapped("name")

    # ------------------------------------------------------------
    # THE ANSWER
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._tell_coming_talks()
        return rows

    def write(self, vals):
        """An expired invitation is not accepted; who joins is told of the talks that are planned.

        :raise UserError: says to invite again
        """
        before = {row: row.state for row in self}
        if vals.get("state") == "accepted":
            self._check_not_expired()
        res = super().write(vals)
        if vals.get("state") == "invited":
            anew = self.filtered(lambda row: before[row] in ("declined", "ended"))
            anew.write({"invited_on": False, "expires_on": False, "reminded_on": False})
        self.filtered(lambda row: before[row] != "accepted")._tell_coming_talks()
        return res

    def _check_not_expired(self):
        for row in self.filtered("is_expired"):
            raise UserError(
                self.env._(
                    "The invitation of %(volunteer)s for case %(case)s was open until %(date)s."
                    " Invite %(volunteer)s again.",
                    volunteer=row.volunteer_id.name,
                    case=row.case_id.name,
                    date=format_date(self.env, row.expires_on),
                )
            )

    def _check_can_be_answered(self):
        """Refuse an answer to an invitation that has expired or is not open any more.

        :raise UserError: says what to do
        """
        self._check_not_expired()
        for row in self.filtered(lambda row: row.state != "invited"):
            raise UserError(
                self.env._(
                    "There is no open invitation of %(volunteer)s for case %(case)s. Invite"
                    " %(volunteer)s again.",
                    volunteer=row.volunteer_id.name,
                    case=row.case_id.name,
                )
            )

    def _accept(self):
        """Note that these volunteers said yes.

        :raise UserError: an invitation has expired or was answered before
        """
        self._check_can_be_answered()
        self.write({"state": "accepted"})

    def _decline(self, reason, note=False):
        """Note that these volunteers said no: they get no more mails, and the place is free again.

        :raise UserError: an invitation has expired or was answered before
        """
        self._check_can_be_answered()
        self.write({"state": "declined", "reason_id": reason.id, "reason_note": note})

    def _tell_coming_talks(self):
        """Who joins a case hears of the talks to which the others were invited already.

        History that comes in with an import is told nobody.
        """
        if self.env.context.get("import_file"):
            return
        for row in self.filtered(lambda row: row.state == "accepted"):
            for talk in row.case_id.meeting_ids._get_coming().filtered("invited_date"):
                if row.partner_id in talk._get_attendee_partners() and row._can_be_mailed():
                    talk._with_teller()._notify_holder("talk_invite", row.partner_id)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_ask(self):
        """Send the invitation to who was chosen and not asked yet."""
        self._ask()

    def action_accept(self):
        """The volunteer said yes."""
        self._accept()

    def action_decline(self):
        """Ask why the volunteer says no."""
        self._check_can_be_answered()
        return self._open_dialog(
            "buurtbemiddeling.assignment.decline", self.env._("Why does the volunteer say no?")
        )

    def action_invite_again(self):
        """Ask anew, in a new row: the old one stays as it was.

        :raise UserError: as ``_invite``
        """
        self.ensure_one()
        if self.is_expired:
            self._expire()
        reasons = {self.volunteer_id: self.independence_reason}
        self._invite(self.case_id, self.volunteer_id, reasons)

    def _open_dialog(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_assignment_id": self.id},
        }
