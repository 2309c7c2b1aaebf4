import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: All that a wording may fill in: our number, the day of registration, the referrer's own
#: reference. Nothing of a resident.
PLACEHOLDERS = ("number", "registration_date", "reference")


class BuurtbemiddelingFeedbackWording(models.Model):
    """A sentence in which a referrer is told something: the only texts that ever go back.

    Referrers get a minimal message, agreed on beforehand: that it arrived, that it ended, and with
    some whether it was solved. The code says which case a wording is for; who administers may
    change the words. A wording that is archived is not used: then it is told only that the case
    ended.
    """

    _name = "buurtbemiddeling.feedback.wording"
    _description = "Wording to Referrers"
    _inherit = ["buurtbemiddeling.code.mixin"]

    text = fields.Text(
        required=True,
        translate=True,
        help="What the referrer is told. It may use {number}, {registration_date} and {reference}"
        " (the referrer's own).",
    )

    @api.constrains("text")
    def _check_text(self):
        """Refuse a placeholder that is not one of the agreed ones."""
        for wording in self:
            unknown = set(re.findall(r"\{(.*?)\}", wording.text)) - set(PLACEHOLDERS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "A wording can not fill in %(unknown)s. Use only %(known)s.",
                        unknown=", ".join(f"{{{name}}}" for name in sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )

    def _render(self, values):
        """Return the text with ``values`` filled in: text for each of ``PLACEHOLDERS``."""
        self.ensure_one()
        return re.sub(
            rf"\{{({'|'.join(PLACEHOLDERS)})\}}", lambda match: values[match[1]], self.text
        )
