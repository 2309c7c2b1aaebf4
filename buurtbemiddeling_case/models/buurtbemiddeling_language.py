from odoo import fields, models


class BuurtbemiddelingLanguage(models.Model):
    """A language that a resident or volunteer speaks, by its ISO 639 code.

    A list of its own: Odoo's languages are those of its screens, in variants by country. Letters in
    a language say where a talk is in the words that stand here.
    """

    _name = "buurtbemiddeling.language"
    _description = "Spoken Language"
    _inherit = ["buurtbemiddeling.code.mixin"]

    place_own_home = fields.Char("“At your home”", help="How letters say it in this language.")
    place_other_home = fields.Char(
        "“At your neighbours' home”", help="How letters say it in this language."
    )
    place_phone = fields.Char("“By phone”", help="How letters say it in this language.")
    place_online = fields.Char("“Online”", help="How letters say it in this language.")

    def _get_place_text(self, place):
        """Return how letters in this language say where a talk is, else in Dutch, or ``False``.

        :param place: as ``_get_place_for`` of a talk; a room or another place has its own name
        """
        name = f"place_{place}"
        if name not in self._fields:
            return False
        dutch = self.with_context(active_test=False).search([("code", "=", "nl")])
        return self[:1][name] or dutch[name]
