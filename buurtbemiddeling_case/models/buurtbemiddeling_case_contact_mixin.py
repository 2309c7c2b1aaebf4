from odoo import fields, models


class BuurtbemiddelingCaseContactMixin(models.AbstractModel):
    """When buurtbemiddeling last was in touch with the residents of a case.

    A talk held, an approach, a letter, a message: each notes its day here. Silence is found by
    this one field, on every screen and in every mail (a coordinator looks after 14 days).
    """

    _name = "buurtbemiddeling.case.contact.mixin"
    _description = "Last Contact of a Case"

    last_contact_date = fields.Date(
        "Last contact on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last day on which a talk was held, or a party was written to, phoned or visited.",
    )

    def _note_contact(self, day):
        """Note that the parties of these cases were in touch on ``day``; the latest day stays."""
        self.filtered(
            lambda case: not case.last_contact_date or case.last_contact_date < day
        ).last_contact_date = day
