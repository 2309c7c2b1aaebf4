from odoo import api, fields, models

TALK_TEXTS = ["talk_day", "talk_time", "talk_place"]


class BuurtbemiddelingPartyTalkMixin(models.AbstractModel):
    """What a letter about a talk fills in: when and where, in the language of the letter.

    The talk and the language come with the context, see ``buurtbemiddeling.letter._render_letter``.
    As fields, so that they are placeholders that everyone who may change letters may use.
    """

    _name = "buurtbemiddeling.party.talk.mixin"
    _description = "A Talk in a Letter to a Party"

    talk_day = fields.Char(
        compute="_compute_talk_text", export_string_translation=False, exportable=False
    )
    talk_time = fields.Char(
        compute="_compute_talk_text", export_string_translation=False, exportable=False
    )
    talk_place = fields.Char(
        compute="_compute_talk_text", export_string_translation=False, exportable=False
    )

    @api.depends_context("talk", "letter_language")
    def _compute_talk_text(self):
        talk = self.env.context.get("talk")
        code = self.env.context.get("letter_language") or "nl"
        languages = self.env["buurtbemiddeling.language"].with_context(active_test=False)
        language = languages.search([("code", "=", code)])
        for party in self:
            day = time = place = False
            if talk:
                day, time = talk._format_start(code)
                where = talk._get_place_for(party)
                place = language._get_place_text(where) or ", ".join(
                    filter(None, [talk.location, talk.room_id.address])
                )
            party.talk_day, party.talk_time, party.talk_place = day, time, place
