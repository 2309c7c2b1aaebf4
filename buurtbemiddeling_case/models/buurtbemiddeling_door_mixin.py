import binascii
import re
import secrets
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize, single_email_re
from odoo.tools.misc import hash_sign, hmac, verify_hash_signed

from ..tools import POSTCODE, only_digits

TOKEN_HOURS = 12
MIN_SECONDS = 3  # nobody fills in a form faster
PHONE = re.compile(r"\+?[0-9 ()./-]+")
PHONE_DIGITS = 8  # at least; a Dutch number has ten
# control characters, half characters that no database stores, and marks that turn other text around
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class BuurtbemiddelingDoorMixin(models.AbstractModel):
    """What came in by a public form: once, from a person, and not too much at a time.

    A form carries a signed text that says when it was opened. It makes sending it twice one
    record, and shows a machine that fills it in at once. Where it came from is kept as a pseudonym
    for an hour, for the limit per connection.
    """

    _name = "buurtbemiddeling.door.mixin"
    _description = "Public Form"

    # which form was sent, so that sending it twice is one record
    form_key = fields.Char(
        copy=False, groups="base.group_system", export_string_translation=False, exportable=False
    )
    # a pseudonym of the connection it came from, for as long as the limit per hour needs it
    sender_key = fields.Char(
        copy=False, groups="base.group_system", export_string_translation=False, exportable=False
    )

    _form_key_uniq = models.UniqueIndex(
        "(form_key) WHERE form_key IS NOT NULL", "This form was sent already."
    )

    # ------------------------------------------------------------
    # ONE FORM
    # ------------------------------------------------------------

    @api.model
    def _make_token(self, company):
        """Return a signed text that says when a form of this organisation was opened."""
        # sudo: reads the secret of the database to sign with
        message = [int(time.time()), secrets.token_hex(16), company.id]
        return hash_sign(self.sudo().env, self._name, message, expiration_hours=TOKEN_HOURS)

    @api.model
    def _read_token(self, token, company):
        """Return the key of the form and how many seconds ago it was opened.

        :return: ``(None, 0)`` when the token is not ours, too old or of another organisation
        """
        try:
            # sudo: as in _make_token
            message = verify_hash_signed(self.sudo().env, self._name, token)
        except (ValueError, binascii.Error):
            message = None
        if not message or message[2] != company.id:
            return None, 0
        opened, key, _company_id = message
        return key, time.time() - opened

    @api.model
    def _is_known(self, key):
        """Tell whether the form with this key was received already."""
        return bool(self.search_count([("form_key", "=", key)], limit=1))

    # ------------------------------------------------------------
    # NOT TOO MUCH
    # ------------------------------------------------------------

    @api.model
    def _get_hour_limits(self, company):
        """Return how many may come in an hour: ``(from one connection, in all)``."""
        raise NotImplementedError

    @api.model
    def _is_too_busy(self, company, address):
        """Return whether more came in the last hour than people send by themselves.

        :param address: the IP address that it comes from
        """
        recent = [
            ("company_id", "=", company.id),
            ("create_date", ">", fields.Datetime.now() - timedelta(hours=1)),
        ]
        of_sender = [*recent, ("sender_key", "=", self._get_sender_key(address))]
        per_sender, per_hour = self._get_hour_limits(company)
        return (
            self.search_count(of_sender, limit=per_sender) >= per_sender
            or self.search_count(recent, limit=per_hour) >= per_hour
        )

    @api.model
    def _get_sender_key(self, address):
        """Return a pseudonym of an IP address, which only this database can make."""
        # sudo: reads the secret of the database
        return hmac(self.sudo().env, f"{self._name}.sender", address or "")

    @api.autovacuum
    def _gc_sender_keys(self):
        """Where a form came from is forgotten as soon as no limit needs it."""
        if self._abstract:
            return
        old = fields.Datetime.now() - timedelta(hours=1)
        self.search([("sender_key", "!=", False), ("create_date", "<", old)]).sender_key = False

    # ------------------------------------------------------------
    # WHAT WAS TYPED
    # ------------------------------------------------------------

    @api.model
    def _read_texts(self, answers, limits, long_texts=()):
        """Return the texts of a form, cleaned, and what is too long.

        :param answers: ``{name: text}`` of anyone
        :param limits: ``{name: number of characters}``; other answers are left out
        :param long_texts: the names of those that may have more than one line
        :return: ``(values, {name: sentence})``
        """
        values, errors = {}, {}
        for name, limit in limits.items():
            values[name] = clean_text(answers.get(name) or "", name in long_texts)
            if len(values[name]) > limit:
                errors[name] = self.env._("This is too long. Use at most %s characters.", limit)
        return values, errors

    @api.model
    def _check_email(self, email):
        """Return in a sentence what is wrong with an e-mail address, or ``None``."""
        if not email_normalize(email) or not single_email_re.match(email):
            return self.env._("This is not an e-mail address. It looks like name@example.com.")
        return None

    @api.model
    def _check_phone(self, phone):
        """Return in a sentence what is wrong with a phone number, or ``None``."""
        if not PHONE.fullmatch(phone) or len(only_digits(phone)) < PHONE_DIGITS:
            return self.env._("This is not a phone number. Use digits, such as 06 12345678.")
        return None

    @api.model
    def _check_zip(self, postcode):
        """Return in a sentence what is wrong with a Dutch postcode, or ``None``."""
        if not POSTCODE.fullmatch(postcode):
            return self.env._("This is not a postcode. It looks like 1234 AB.")
        return None


def clean_text(text, is_long=False):
    """Return a text of a form without spaces around it; a short one is on one line.

    >>> clean_text("  Jan\\r\\nBcc: all@example.com ")
    'Jan Bcc: all@example.com'
    >>> clean_text("One\\r\\ntwo\\0 ", True)
    'One\\ntwo'
    >>> clean_text("Jan\\ud800 \\u202eeud\\x1b ")
    'Jan eud'
    """
    text = UNWANTED.sub("", str(text).replace("\r\n", "\n"))
    return text.strip() if is_long else " ".join(text.split())
