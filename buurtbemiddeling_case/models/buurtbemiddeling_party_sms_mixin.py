from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import mobile_number, only_digits

# the same for 06..., +31 6... and 0031 6...
OWN_DIGITS = 9


class BuurtbemiddelingPartySmsMixin(models.AbstractModel):
    """Text messages to a party: where the organisation has them, and the resident agreed.

    Odoo's own SMS app sends them; without it nothing here does anything. A text is logged on the
    party's own thread and goes to that party's own mobile number, never to one of the other side.
    """

    _name = "buurtbemiddeling.party.sms.mixin"
    _description = "Text Messages to a Party"
    _inherit = ["buurtbemiddeling.thread.mixin"]

    sms_ok = fields.Boolean(
        "Agrees to text messages",
        help="This resident agreed that appointments are sent to the mobile number as well, by a"
        " service outside the organisation.",
    )
    can_use_sms = fields.Boolean(
        compute="_compute_can_use_sms", export_string_translation=False, exportable=False
    )

    def _compute_can_use_sms(self):
        for party in self:
            # sudo: whether the organisation uses this; coordinators may not read all of a company
            party.can_use_sms = party.company_id.sudo()._uses_sms()

    def _get_sms_number(self):
        """Return the mobile number (``+31612345678``) that may be texted, or ``None``.

        None when the organisation sends no texts, the resident did not agree, the number is no
        mobile number, wants no texts, or is known of the other side as well.
        """
        self.ensure_one()
        # sudo: reads a setting of the organisation
        if not self.sms_ok or not self.company_id.sudo()._uses_sms():
            return None
        number = mobile_number(self.phone)
        if not number or self._shares_number(number) or self._is_number_refused(number):
            return None
        return number

    def _shares_number(self, number):
        """Tell whether ``number`` is among what is known of the other side of this case."""
        self.ensure_one()
        own = number[-OWN_DIGITS:]
        return any(
            own in only_digits(other.phone)
            for other in self.case_id.party_ids
            if other.side != self.side
        )

    def _is_number_refused(self, number):
        """Tell whether ``number`` is on Odoo's list of who want no text messages."""
        if "phone.blacklist" not in self.env:
            return False
        # sudo: only whether this one number is on the list
        blacklist = self.env["phone.blacklist"].sudo()
        return bool(blacklist.search_count([("number", "=", number)], limit=1))

    def _text_letter(self, kind, talk):
        """Send the text message of ``kind`` to each party that may be texted.

        :return: the parties that were texted
        """
        texted = self.browse()
        for party in self:
            number = party._get_sms_number()
            letters = self.env["buurtbemiddeling.letter"]
            body = number and letters._get_sms_text(kind, party.language_id, talk)
            if body:
                # in the queue: what waits for a service outside holds up nobody
                party._message_sms(body, sms_numbers=[number], put_in_queue=True)
                texted |= party
        texted._note_letter(kind, "phone")
        return texted

    # ------------------------------------------------------------
    # THE WALL
    # ------------------------------------------------------------

    def _get_addressable_numbers(self):
        """Only the party's own number, when it may be texted."""
        return {number for party in self if (number := party._get_sms_number())}

    def _check_numbers(self, refused):
        if refused:
            raise UserError(
                self.env._(
                    "This party can not get a text message on this number: texts go only to a"
                    " mobile number of the party itself, that the other side does not have, after"
                    " the resident agreed. Phone instead."
                )
            )
