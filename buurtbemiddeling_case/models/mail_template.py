from odoo import fields, models

LETTER_KINDS = [
    ("registered", "Request registered"),
    ("approach", "First letter to the other party"),
    ("reminder", "Reminder to the other party"),
    ("inform", "What is registered (AVG, article 14)"),
    ("talk_invite", "Invitation to a talk"),
    ("talk_moved", "Talk moved"),
    ("talk_cancelled", "Talk cancelled"),
    ("aftercare", "Aftercare"),
    ("ended", "Case ended"),
]


class MailTemplate(models.Model):
    _inherit = "mail.template"

    # A letter exists once for each language that a resident may read, so that no language has to
    # be switched on in Odoo for it. A party's letter is found by kind and language.
    letter_kind = fields.Selection(LETTER_KINDS, "Letter to residents", index="btree_not_null")
    letter_language_id = fields.Many2one(
        "buurtbemiddeling.language", "Language of the letter", ondelete="restrict"
    )
