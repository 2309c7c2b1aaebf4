from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

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
