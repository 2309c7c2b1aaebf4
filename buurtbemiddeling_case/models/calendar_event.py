from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# what everyone may look for in the calendar of a colleague: when, and who is busy
OPEN_IN_SEARCH = {"partner_ids", "user_id", "create_uid", "videocall_source"}
MOVING = {"start", "stop", "duration", "allday", "start_date", "stop_date"}
#: Of what the calendar shows entries, which move it.
SHOWN = ("meeting", "steering.meeting", "network.activity")


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    _record_idx = models.Index("(res_model, res_id)")  # removal looks for the entries of a record

    buurtbemiddeling_meeting_ids = fields.One2many(
        "buurtbemiddeling.meeting",
        "event_id",
        "Talks",
        copy=False,
        groups="buurtbemiddeling_case.group_user",
    )
    buurtbemiddeling_steering_ids = fields.One2many(
        "buurtbemiddeling.steering.meeting",
        "event_id",
        "Meetings of a steering group",
        copy=False,
        groups="buurtbemiddeling_case.group_user",
    )

    def _guards_mail(self):
        """The entry of a talk is as confidential as the talk."""
        return super()._guards_mail() or self._get_guarded_record() != self

    def _get_guarded_record(self):
        # sudo: only whoever may read the talk or the meeting will see the mail
        event = self.sudo()
        return event.buurtbemiddeling_meeting_ids or event.buurtbemiddeling_steering_ids or self

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Whoever does not attend a talk does not find it by what its entry hides.

        Reading shows "Busy", but a title that can be searched for can be guessed, letter by letter.
        """
        if not self.env.su and self._looks_behind(domain, order):
            # sudo: every talk is left out, whether the user may know of it or not
            talks = self.env["buurtbemiddeling.meeting"].sudo()
            entries = talks._search([("event_id", "!=", False)]).subselect("event_id")
            domain = Domain(domain) & (
                (Domain("id", "not in", entries) & self._get_domain_of_open_entries())
                | Domain("user_id", "=", self.env.uid)
                | Domain("partner_ids", "in", self.env.user.partner_id.ids)
            )
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _get_domain_of_open_entries(self):
        """Return the entries of which everything may be searched for, as far as talks let that."""
        closed = []
        for name in ("steering.meeting", "network.activity"):
            # sudo: as for talks
            shown = self.env[f"buurtbemiddeling.{name}"].sudo()
            found = shown._search([("event_id.privacy", "=", "private")])
            closed.append(Domain("id", "not in", found.subselect("event_id")))
        return Domain.AND(closed)

    @api.model
    def _looks_behind(self, domain, order):
        """Return whether a search looks at anything that a private entry does not show."""
        shown = self._get_public_fields() | OPEN_IN_SEARCH
        looked_at = {
            condition.field_expr.split(".")[0] for condition in Domain(domain).iter_conditions()
        }
        sorted_by = {part.split()[0].split(".")[0] for part in (order or "").split(",") if part}
        return not (looked_at | sorted_by) <= shown

    @api.constrains("partner_ids")
    def _check_no_resident_attends(self):
        """A resident in a quarrel is never an attendee: attendees and their names leak."""
        # sudo: whoever plans may not know that a contact is confidential; no name is told
        for event in self.sudo():
            if any(event.partner_ids.mapped("is_confidential")):
                raise ValidationError(
                    self.env._(
                        "A confidential contact can not attend an appointment: the other attendees"
                        " would see the name. Plan a talk in the case, and tell the resident by"
                        " letter, mail or phone."
                    )
                )

    def write(self, vals):
        """What is dragged in the calendar moves as well; archiving it cancels what is planned.

        Calendar mails nobody; a talk itself tells who was invited.
        """
        self.check_access("write")  # first, or the refusals below would tell what it shows
        self._check_talk_entries(vals)
        shown = self._get_shown()
        for records in shown:
            records._check_calendar_access(self.env.user)
        if vals.get("active") is False:
            for records in shown:
                records._cancel_planned()
        entries = self.browse(id_ for records in shown for id_ in records.event_id.ids)
        if not entries:
            return super().write(vals)
        super(CalendarEvent, entries._without_attendee_mail()).write(dict(vals))
        if self - entries:
            super(CalendarEvent, self - entries).write(vals)
        if MOVING & vals.keys():
            for records in shown:
                records._follow_calendar()
        return True

    def unlink(self):
        """Whoever takes what is planned off the calendar cancels it; it stays where it is kept."""
        self.check_access("unlink")
        shown = self._get_shown()
        for records in shown:
            records._check_calendar_access(self.env.user)
        res = super().unlink()
        for records in shown:
            records.exists()._cancel_planned()
        return res

    def _get_shown(self):
        """Return what these entries show, a recordset a model; none where our own code writes them.

        As superuser: whether the user may change it is asked of each.
        """
        if self.env.su and self.env.context.get("talk_in_charge"):
            return []
        # sudo: finds out what the entries show; of a talk only its time is taken over, as whoever
        # may move the entry may move it, and nothing of the case is given back
        models = [self.env[f"buurtbemiddeling.{name}"].sudo() for name in SHOWN]
        found = [
            model.with_context(meeting_from_calendar=True).search([("event_id", "in", self.ids)])
            for model in models
        ]
        return [records for records in found if records]

    def _check_talk_entries(self, vals):
        """What the calendar shows of a talk is decided in the case: nothing is added by hand.

        :raise UserError: when title, text, privacy or attendees of a talk's entry are changed
        """
        guarded = {"name", "description", "location", "privacy", "partner_ids", "attendee_ids"}
        # only our own code has both: a context alone can come from any browser
        in_charge = self.env.su and self.env.context.get("talk_in_charge")
        if in_charge or not guarded & vals.keys():
            return
        # sudo: finds out whether the entry shows a talk
        if (
            self.env["buurtbemiddeling.meeting"]
            .sudo()
            .search_count([("event_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    "This appointment shows a talk in a case. You can move it here; change"
                    " everything else on the case, so that nothing about it leaks."
                )
            )

    def _without_attendee_mail(self):
        """Calendar's own mails name every attendee to all others: not for our appointments."""
        return self.with_context(
            dont_notify=True,
            no_mail_to_attendees=True,
            skip_contact_description=True,
            mail_create_nolog=True,
            mail_notrack=True,
            talk_in_charge=True,
        )
