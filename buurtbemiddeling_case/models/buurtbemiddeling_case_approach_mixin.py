from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCaseApproachMixin(models.AbstractModel):
    """Reaching the other party of a case, and seeing that every party is informed."""

    _name = "buurtbemiddeling.case.approach.mixin"
    _description = "Approach of the Parties of a Case"

    approach_ids = fields.One2many("buurtbemiddeling.approach", "case_id", "Attempts")
    letters_to_post = fields.Char(
        compute="_compute_letters_to_post", export_string_translation=False, exportable=False
    )

    @api.depends("party_ids.letter_to_post_ids")
    def _compute_letters_to_post(self):
        """Which letters were printed, to whom, and are not noted as posted yet."""
        for case in self:
            case.letters_to_post = "; ".join(
                f"{party.name or party.display_name}: {party._name_letters_to_post()}"
                for party in case.party_ids
                if party.letter_to_post_ids
            )

    @api.model_create_multi
    def create(self, vals_list):
        cases = super(
            BuurtbemiddelingCaseApproachMixin, self.with_context(inform_tasks_later=True)
        ).create(vals_list)
        cases = cases.with_env(self.env)
        cases.party_ids._sync_inform_tasks()
        return cases

    def write(self, vals):
        res = super().write(vals)
        if not vals.keys().isdisjoint(
            ("user_id", "stage_id", "close_date", "active", "referral_partner_id")
        ):
            self.party_ids._sync_inform_tasks()
        return res

    def action_note_posted(self):
        """Note that all that was printed for this case went into the post today."""
        self.party_ids.action_note_posted()

    def action_note_not_posted(self):
        """Note that nothing of what was printed for this case was sent."""
        self.party_ids.action_note_not_posted()

    def action_approach_letter(self):
        """Open the dialog in which a letter or mail to the other party is made.

        :raise UserError: when the other party was not noted yet
        """
        self.ensure_one()
        party = self._get_first_party("b")
        if not party:
            raise UserError(
                self.env._(
                    "There is nobody to write to yet. Add the other party first: a street and"
                    " number is enough."
                )
            )
        return party.action_compose_letter()
