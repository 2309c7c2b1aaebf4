from babel.dates import format_date, format_time

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse, get_lang

from .buurtbemiddeling_merge_mixin import is_merging

# A text message does not say where: whoever gets nothing else is phoned as well, but for these.
TEXT_SAYS_ALL = ("talk_cancelled", "talk_reminder")


class BuurtbemiddelingMeetingTellingMixin(models.AbstractModel):
    """Who is told of a talk: invited, moved, cancelled.

    Each resident gets a letter in their own language on their own thread, or, without an e-mail
    address, is phoned. The coordinator and the mediators get a mail each, without any name of a
    resident. Who was invited is kept, so that exactly those residents hear of a change, once, in
    whatever way the talk was changed; before the invitation nobody is told.
    """

    _name = "buurtbemiddeling.meeting.telling.mixin"
    _description = "Telling of a Talk"

    invited_date = fields.Date("Invited on", readonly=True, copy=False)
    invited_party_ids = fields.Many2many(
        "buurtbemiddeling.case.party",
        "buurtbemiddeling_meeting_invited_party_rel",
        "meeting_id",
        "party_id",
        string="Invited",
        readonly=True,
        copy=False,
    )
    can_invite = fields.Boolean(
        compute="_compute_can_invite", export_string_translation=False, exportable=False
    )

    @api.depends("state", "start", "invited_date", "invited_party_ids", "party_ids")
    def _compute_can_invite(self):
        coming = self._get_coming()
        for talk in self:
            uninvited = talk.party_ids._origin - talk.invited_party_ids._origin
            talk.can_invite = talk in coming and bool(uninvited or not talk.invited_date)

    def write(self, vals):
        """Tell the people who were invited, once, after everything has been written.

        Nobody is told anything by merging cases: the talk goes on as it was.
        """
        if is_merging(self.env):
            return super().write(vals)
        self._check_not_moved_to_the_past(vals)
        before = {talk: talk._get_appointment() for talk in self if talk._is_announced()}
        res = super().write(vals)
        for talk, appointment in before.items():
            talk._tell_change(appointment)
        return res

    def _check_not_moved_to_the_past(self, vals):
        """Nobody is invited to a moment that has passed.

        :raise UserError: when a talk to come, to which people were invited, is moved there
        """
        start, now = fields.Datetime.to_datetime(vals.get("start")), fields.Datetime.now()
        if not start or start >= now or vals.get("state", "planned") != "planned":
            return
        for talk in self:
            if talk._is_announced() and talk.start >= now:
                raise UserError(
                    self.env._(
                        "That time has passed, and people were invited to this talk. Choose a time"
                        " to come. Was it held earlier? Then note it as held first."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_announced(self):
        """People who were invited are not left waiting: a talk is cancelled, which tells them."""
        for talk in self._get_coming():
            if talk.invited_party_ids:
                raise UserError(
                    self.env._(
                        "People were invited to the talk %s. Cancel it instead of deleting it:"
                        " then they are told.",
                        talk.display_name,
                    )
                )

    def action_invite(self):
        """Invite the residents who were not invited yet and, the first time, who hold the talk.

        :raise UserError: when it is not said with whom or where the talk is, or it is not to come
        """
        self.ensure_one()
        self._check_can_be_announced()
        parties = self.party_ids - self.invited_party_ids
        if not self.invited_date:
            self._tell_holders("talk_invite")
        self._tell_residents("talk_invite", parties)
        self.write(
            {
                "invited_date": fields.Date.context_today(self),
                "invited_party_ids": [fields.Command.link(party.id) for party in parties],
            }
        )

    def _check_can_be_announced(self):
        if not self._get_coming():
            raise UserError(
                self.env._("Only to a talk that is planned and still to come, people are invited.")
            )
        if not self.side or not self.where or (self.place == "room" and not self.location):
            raise UserError(
                self.env._("Say with whom and where the talk is, before you invite people to it.")
            )

    def _is_announced(self):
        self.ensure_one()
        return self.invited_date and self.state == "planned"

    def _get_appointment(self):
        """Return what people keep in their diary: when and where."""
        self.ensure_one()
        return self.start, self.place, self.room_id, self.location

    def _tell_change(self, before):
        """Tell who was invited that the talk is off, or is at another time or place.

        :param before: what ``_get_appointment`` was when they were told last
        """
        self.ensure_one()
        if self.start < fields.Datetime.now() or self.state == "done":
            return
        if self.state == "cancelled":
            self._tell_holders("talk_cancelled")
            self._tell_residents("talk_cancelled", self.invited_party_ids)
            self.write({"invited_date": False, "invited_party_ids": [fields.Command.clear()]})
            return
        left_out = self.invited_party_ids - self.party_ids
        if left_out:
            self._tell_residents("talk_cancelled", left_out)
            self.invited_party_ids -= left_out
        if self._get_appointment() != before:
            self._tell_holders("talk_moved")
            self._tell_residents("talk_moved", self.invited_party_ids)

    def _tell_left_out(self):
        """Tell who was invited, and does not come any more, that the talk is off."""
        for talk in self:
            if talk._is_announced():
                talk._tell_change(talk._get_appointment())

    # ------------------------------------------------------------
    # LETTERS, MAILS AND TO-DOS
    # ------------------------------------------------------------

    def _with_teller(self):
        """Return the talk in the name of who writes: a coordinator, whoever moved the talk.

        A mediator may move the calendar entry, but writes no letters to residents.
        """
        user = self.env.user
        talk = self.with_user(user)
        if user.id == SUPERUSER_ID or not user.has_group("buurtbemiddeling_case.group_user"):
            # sudo: reads who is in charge of the case, and writes in that name: Odoo asks whether
            # who is logged in may read whom a message is for, and a mediator may not
            user = self.sudo().user_id or user.browse(SUPERUSER_ID)
            talk = self.with_user(user).sudo()
        return talk.with_company(self.sudo().company_id)

    def _tell_residents(self, kind, parties):
        """Write to each of ``parties``, and text who agreed; who can not be mailed is phoned.

        :param kind: kind of letter: ``talk_invite``, ``talk_moved``, ``talk_cancelled`` or
            ``talk_reminder``
        """
        talk = self._with_teller()
        parties = parties.with_env(talk.env)
        to_phone = parties._mail_letter(kind, talk=talk)
        texted = parties._text_letter(kind, talk)
        if kind in TEXT_SAYS_ALL:
            to_phone -= texted
        if kind == "talk_reminder" and not talk.company_id.buurtbemiddeling_talk_reminder_phone:
            return
        # in the language of who phones: a reminder is sent by a machine
        user = talk.user_id or talk.env.user
        to_phone = to_phone.with_context(lang=get_lang(self.env, user.lang).code)
        summary = {
            "talk_invite": to_phone.env._("Phone: invitation to a talk"),
            "talk_moved": to_phone.env._("Phone: a talk was moved"),
            "talk_cancelled": to_phone.env._("Phone: a talk was cancelled"),
            "talk_reminder": to_phone.env._("Phone: reminder of a talk"),
        }[kind]
        to_phone.activity_schedule("mail.mail_activity_data_call", summary=summary, user_id=user.id)

    def _tell_holders(self, kind):
        """Mail who hold the talk, each apart and in their own language, but not who acts."""
        talk = self._with_teller()
        for partner in talk._get_attendee_partners() - self.env.user.partner_id:
            talk._notify_holder(kind, partner)

    def _notify_holder(self, kind, partner):
        """Tell one of those who hold the talk: case number, time and place, and no resident."""
        talk = self.with_context(lang=get_lang(self.env, partner.lang).code)
        number = talk.case_id.name
        subject = {
            "talk_invite": talk.env._("Talk planned: %s", number),
            "talk_moved": talk.env._("Talk moved: %s", number),
            "talk_cancelled": talk.env._("Talk cancelled: %s", number),
        }[kind]
        day, time = talk._format_start(talk.env.lang)
        body = talk.env["ir.qweb"]._render(
            "buurtbemiddeling_case.meeting_notice",
            {"talk": talk, "kind": kind, "day": day, "time": time},
            minimal_qcontext=True,
        )
        # not on the thread of the case, which mediators never see; the model keeps the mail from
        # the administrator of Odoo, see the rule on mail.mail
        talk.env["mail.thread"].message_notify(
            model=self._name, res_id=self.id, partner_ids=partner.ids, subject=subject, body=body
        )

    def _format_start(self, language):
        """Return day and time of the start in a language, such as ("Monday 8 March 2027", "19:30").

        :param language: an ISO 639 or locale code; it need not be switched on in Odoo
        """
        self.ensure_one()
        start, locale = self._get_local_start(), babel_locale_parse(language)
        return (
            format_date(start, "EEEE d MMMM y", locale=locale),
            format_time(start.time(), "HH:mm", locale=locale),
        )

    def _get_place_for(self, party):
        """Return ``place`` as ``party`` sees it: a home is ``own_home`` or ``other_home``."""
        self.ensure_one()
        if self.place in ("home_a", "home_b"):
            return "own_home" if self.place == f"home_{party.side}" else "other_home"
        return self.place
