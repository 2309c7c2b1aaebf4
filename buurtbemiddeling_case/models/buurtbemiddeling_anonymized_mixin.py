from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BuurtbemiddelingAnonymizedMixin(models.AbstractModel):
    """Something of which the personal data can be removed, while the facts stay for figures."""

    _name = "buurtbemiddeling.anonymized.mixin"
    _description = "Can Be Anonymised"

    # whose data the removal is about: words of personal_data.ABOUT
    _anonymized_about = ()

    anonymized_date = fields.Date(
        "Anonymised on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The personal data were removed on this day. What is left are facts for the figures.",
    )

    def _anonymize(self):
        """Remove the personal data of these now; nothing happens twice, and no term is asked.

        Whoever calls this has decided that it is time, or that the person has asked for it.
        """
        self.env["buurtbemiddeling.anonymizer"]._anonymize(
            self._get_anonymized_subjects(), self._anonymized_about
        )

    def _get_anonymized_subjects(self):
        """Return recordsets: these, and those below these with personal data of their own."""
        return [self]

    def write(self, vals):
        self._check_not_anonymized(vals)
        return super().write(vals)

    def _check_not_anonymized(self, vals):
        """Nobody types names again where they were removed: no term would ever remove them.

        :raise UserError: says what to do
        """
        personal = self.env["buurtbemiddeling.personal.data"]._get_names(self._name) & {
            name for name in vals if vals[name]
        }
        if personal:
            self._refuse_anonymized()

    def _check_takes_text_of(self, name):
        """Nobody adds a row with personal data of model ``name`` to something anonymised."""
        if self.env["buurtbemiddeling.personal.data"]._get_names(name):
            self._refuse_anonymized()

    def _refuse_anonymized(self):
        """Raise ``UserError`` when one of these is anonymised."""
        # sudo: only whether and when; said to who is changing the record
        done = self.sudo().filtered("anonymized_date")[:1]
        if done:
            raise UserError(
                self.env._(
                    "The personal data were removed from %(record)s on %(date)s. Nothing can be"
                    " added to it: register a new case.",
                    record=done.with_env(self.env).display_name,
                    date=format_date(self.env, done.anonymized_date),
                )
            )
