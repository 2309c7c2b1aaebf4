from odoo import fields, models
from odoo.fields import Command


class BuurtbemiddelingLetterPostMixin(models.AbstractModel):
    """Letters on paper: what is printed is not in the post yet.

    A printer fails, an envelope stays on a desk. So printing only remembers the letter as one to
    post; whoever posts it says so, and from then on it counts as sent: the party is informed, and
    an attempt was made to reach it. My day shows what is still to be posted.
    """

    _name = "buurtbemiddeling.letter.post.mixin"
    _description = "Posting of Letters"

    letter_to_post_ids = fields.Many2many(
        "buurtbemiddeling.letter",
        "buurtbemiddeling_letter_to_post_rel",
        "party_id",
        "letter_id",
        "Letters to post",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Printed, and not noted as posted yet. Until then the letter does not count as sent.",
    )

    def _remember_to_post(self, letter):
        """Keep in mind that ``letter`` was printed for these parties, and is to be posted."""
        self.letter_to_post_ids = [Command.link(letter.id)]

    def action_note_posted(self):
        """Note that what was printed went into the post today: from now on it counts as sent."""
        for party in self.filtered("letter_to_post_ids"):
            kinds = party.letter_to_post_ids.sorted("moment").mapped("kind")
            party._forget_to_post(self.env._("In the post: %s", party._name_letters_to_post()))
            for kind in dict.fromkeys(kinds):
                party._note_letter(kind, "letter")

    def action_note_not_posted(self):
        """Note that what was printed was not sent: it counts for nothing, nobody is asked."""
        for party in self.filtered("letter_to_post_ids"):
            party._forget_to_post(
                self.env._("Printed, not sent: %s", party._name_letters_to_post())
            )

    def _name_letters_to_post(self):
        self.ensure_one()
        return ", ".join(self.letter_to_post_ids.sorted("moment").mapped("display_name"))

    def _forget_to_post(self, note):
        self.ensure_one()
        self.letter_to_post_ids = [Command.clear()]
        self._message_log(body=note)
