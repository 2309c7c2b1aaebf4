from babel.core import UnknownLocaleError
from babel.units import format_unit
from dateutil.relativedelta import relativedelta

from odoo import fields, models


class BuurtbemiddelingCompanyRetentionMixin(models.AbstractModel):
    """How long an organisation keeps personal data, by kind, and how it removes them."""

    _name = "buurtbemiddeling.company.retention.mixin"
    _description = "Terms of an Organisation"

    # One organisation publishes its term: 2 years after closing (domain.md 5.1).
    buurtbemiddeling_retention_months = fields.Integer(
        "Keep personal data (months)",
        default=24,
        help="So many months after closing, or after aftercare when that was later, what tells who"
        " the residents are is removed.",
    )
    # Nobody was helped, so nothing has to be shown of it; what is left to do, telling the referrer
    # and answering a question or complaint, takes months and not years.
    buurtbemiddeling_retention_request_months = fields.Integer(
        "Keep requests that were not continued (months)",
        default=6,
        help="Of requests that were not suitable, got advice or were referred on only, or were"
        " withdrawn before any help; and of mail without a place, from the day it came in.",
    )
    buurtbemiddeling_retention_referrer_months = fields.Integer(
        "Keep contact persons of referrers (months)",
        default=24,
        help="So many months after their last referral.",
    )
    buurtbemiddeling_retention_automatic = fields.Boolean(
        "Remove personal data by itself",
        help="Every week a list is made and the coordinators are warned; what nobody keeps longer,"
        " is removed on its day. When off, you do this yourself under Privacy, Retention. Letters"
        " name the retention period, and promise no removal on a day.",
    )
    buurtbemiddeling_retention_warning_days = fields.Integer(
        "Warn the coordinator (days before)",
        default=28,
        help="Nothing is removed of which the coordinator was not warned so many days before.",
    )

    _buurtbemiddeling_retention_positive = models.Constraint(
        "CHECK(buurtbemiddeling_retention_months > 0)",
        "Personal data is kept for at least 1 month after closing.",
    )
    _buurtbemiddeling_retention_request = models.Constraint(
        "CHECK(buurtbemiddeling_retention_request_months BETWEEN 1"
        " AND buurtbemiddeling_retention_months)",
        "Requests that were not continued are kept for 1 month or more, and not longer than cases.",
    )
    _buurtbemiddeling_retention_referrer = models.Constraint(
        "CHECK(buurtbemiddeling_retention_referrer_months > 0)",
        "Contact persons of referrers are kept for at least 1 month.",
    )
    _buurtbemiddeling_retention_warning = models.Constraint(
        "CHECK(buurtbemiddeling_retention_warning_days > 0)",
        "Coordinators are warned at least 1 day before.",
    )

    def _get_retention_months(self, kind):
        """Return the term of a kind, in months."""
        self.ensure_one()
        prefix = "buurtbemiddeling_retention_"
        return self[f"{prefix}months" if kind == "case" else f"{prefix}{kind}_months"]

    def _get_retention_limit(self, kind, day):
        """Return the last day of which the term of ``kind`` is over on ``day``."""
        return day - relativedelta(months=self._get_retention_months(kind))

    def _get_retention_text(self, language=None, kind="case"):
        """Return in words how long personal data are kept: "2 years", "18 months".

        :param language: an ISO 639 code; Dutch, when it is none that is known
        :param kind: whose term; that of cases is the longest, see the constraint
        """
        months = self._get_retention_months(kind)
        years, rest = divmod(months, 12)
        number, unit = (months, "duration-month") if rest else (years, "duration-year")
        try:
            return format_unit(number, unit, length="long", locale=language or "nl")
        except (UnknownLocaleError, ValueError):
            return format_unit(number, unit, length="long", locale="nl")
