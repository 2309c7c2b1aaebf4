from odoo import fields, models


class BuurtbemiddelingCouplePair(models.TransientModel):
    """A proposed pair: who, why, and what to think of."""

    _name = "buurtbemiddeling.couple.pair"
    _description = "Proposed Pair"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "buurtbemiddeling.couple", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    first_id = fields.Many2one("buurtbemiddeling.volunteer", required=True, ondelete="cascade")
    second_id = fields.Many2one("buurtbemiddeling.volunteer", required=True, ondelete="cascade")
    first_info = fields.Char()
    second_info = fields.Char()
    reasons = fields.Text()
    warnings = fields.Text()
    unmet_criterion_ids = fields.Many2many(
        "buurtbemiddeling.pairing.criterion",
        "buurtbemiddeling_couple_pair_unmet_rel",
        "pair_id",
        "criterion_id",
        string="Wishes not met",
    )

    _two_people = models.Constraint(
        "CHECK(first_id != second_id)", "A pair is two different people. Choose someone else."
    )

    def action_invite(self):
        """Invite these two, or the one who is not on the case yet, and go back to the case.

        :raise UserError: when one of them is not independent after all
        """
        self.ensure_one()
        wizard = self.wizard_id
        invited = (self.first_id | self.second_id) - wizard.case_id._get_present_mediator()
        reasons = {
            row.volunteer_id: row.reason
            for row in wizard.conflict_ids
            if row.reason and row.volunteer_id in invited
        }
        assignments = self.env["buurtbemiddeling.assignment"]._invite(
            wizard.case_id, invited, reasons=reasons
        )
        assignments.unmet_criterion_ids = self.unmet_criterion_ids
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Asked"),
                "message": assignments._describe_asking(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
