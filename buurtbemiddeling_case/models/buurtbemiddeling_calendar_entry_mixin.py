from odoo import models
from odoo.exceptions import UserError


class BuurtbemiddelingCalendarEntryMixin(models.AbstractModel):
    """Something planned that Odoo's calendar shows: what is done to its entry is done to it.

    The model has ``event_id`` and ``state``, and takes over a new time in ``_follow_calendar``; see
    ``calendar.event``, which asks all that its entries show.
    """

    _name = "buurtbemiddeling.calendar.entry.mixin"
    _description = "Shown in the Calendar"

    def _check_calendar_access(self, user):
        """Whoever changes the entry in the calendar changes what it shows: may the user do that?

        :raise UserError: says where to go; nothing of what is shown
        """
        # sudo: off, to ask what this user may do
        if self and not self.with_user(user).sudo(False).has_access("write"):
            raise UserError(
                self.env._(
                    "This appointment is kept by the coordinators of buurtbemiddeling. Ask one of"
                    " them to change it."
                )
            )

    def _cancel_planned(self):
        """Cancel what is planned, since it was taken off the calendar."""
        self.filtered(lambda record: record.state == "planned").state = "cancelled"
