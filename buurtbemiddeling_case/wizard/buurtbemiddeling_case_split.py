from odoo import api, fields, models
from odoo.fields import Command


class BuurtbemiddelingCaseSplit(models.TransientModel):
    """Split a case in two: choose which parties, talks and agreements go to the new case.

    Mediators stay: who mediates in the new quarrel is a choice of its own.
    """

    _name = "buurtbemiddeling.case.split"
    _description = "Split Case"

    case_id = fields.Many2one("buurtbemiddeling.case", required=True, ondelete="cascade")
    line_ids = fields.One2many(
        "buurtbemiddeling.case.split.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    meeting_ids = fields.Many2many(
        "buurtbemiddeling.meeting",
        string="Talks that go",
        domain="[('case_id', '=', case_id)]",
        help="These move to the new case.",
    )
    agreement_ids = fields.Many2many(
        "buurtbemiddeling.case.agreement",
        string="Agreements that go",
        domain="[('case_id', '=', case_id)]",
        help="These move to the new case.",
    )
    has_meetings = fields.Boolean(compute="_compute_has_rows")
    has_agreements = fields.Boolean(compute="_compute_has_rows")

    @api.depends("case_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"party_id": party.id, "side": party.side})
                    for party in wizard.case_id.party_ids
                ),
            ]

    @api.depends("case_id")
    def _compute_has_rows(self):
        for wizard in self:
            wizard.has_meetings = bool(wizard.case_id.meeting_ids)
            wizard.has_agreements = bool(wizard.case_id.agreement_ids)

    def action_split(self):
        """Split, and open the new case.

        :raise UserError: as ``buurtbemiddeling.case._split``
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.party_id.case_id == self.case_id)
        new = self.case_id._split(
            moving=lines.filtered(lambda line: line.place == "new").party_id,
            both=lines.filtered(lambda line: line.place == "both").party_id,
            sides={line.party_id: line.side for line in lines},
            meetings=self.meeting_ids & self.case_id.meeting_ids,
            agreements=self.agreement_ids & self.case_id.agreement_ids,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": new._name,
            "res_id": new.id,
            "views": [(False, "form")],
        }


class BuurtbemiddelingCaseSplitLine(models.TransientModel):
    """A party of the case that is split: in which of the two cases it is afterwards."""

    _name = "buurtbemiddeling.case.split.line"
    _description = "Party in Split Case"

    wizard_id = fields.Many2one(
        "buurtbemiddeling.case.split", required=True, ondelete="cascade", index=True
    )
    party_id = fields.Many2one("buurtbemiddeling.case.party", required=True, ondelete="cascade")
    name = fields.Char(related="party_id.name", related_sudo=False)
    address = fields.Char(related="party_id.address", related_sudo=False)
    place = fields.Selection(
        [("stays", "Stays"), ("new", "To the new case"), ("both", "In both cases")],
        "Where",
        required=True,
        default="stays",
        help="In which of the two cases this party is from now on.",
    )
    side = fields.Selection(
        [("a", "Reporter"), ("b", "Other party")],
        "Side there",
        required=True,
        default="a",
        help="On which side this party stands in the new case.",
    )
