from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# what everyone may look for in the calendar of a colleague: when, and who is busy
OPEN_IN_SEARCH = {"partner_ids", "user_id", "create_uid", "videocall_source"}


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    buurtbemiddeling_meeting_ids = fields.One2many(
        "buurtbemiddeling.meeting",
        "event_id",
        "Talks",
        copy=False,
        groups="buurtbemiddeling_case.group_user",
    )

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
        """A talk that is dragged in the calendar moves in its case as well.

        Calendar mails nobody; the talk itself tells who was invited. Archiving cancels the talk.
        """
        self.check_access("write")  # first, or the refusal below would tell what is a talk
        self._check_talk_entries(vals)
        if vals.get("active") is False:
            self._get_planned_talks().state = "cancelled"
        if not {"start", "stop", "duration"} & vals.keys():
            return super().write(vals)
        # sudo: whoever may move the calendar entry may move the talk that it shows; only the
        # time is taken over, and nothing of the case is given back
        talks = self.env["buurtbemiddeling.meeting"].sudo().search([("event_id", "in", self.ids)])
        entries = self.browse(talks.event_id.ids)
        if not entries:
            return super().write(vals)
        super(CalendarEvent, entries._without_attendee_mail()).write(dict(vals))
        if self - entries:
            super(CalendarEvent, self - entries).write(vals)
        talks._follow_calendar()
        return True

    def unlink(self):
        """Whoever takes a planned talk off the calendar cancels it; the talk stays in the case."""
        talks = self._get_planned_talks()
        res = super().unlink()
        talks.state = "cancelled"
        return res

    def _get_planned_talks(self):
        """Return the talks to cancel when these entries are taken off the calendar by hand."""
        # sudo: as in write
        talks = self.env["buurtbemiddeling.meeting"].sudo().with_context(meeting_from_calendar=True)
        if self.env.su and self.env.context.get("talk_in_charge"):
            return talks
        return talks.search([("event_id", "in", self.ids), ("state", "=", "planned")])

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
