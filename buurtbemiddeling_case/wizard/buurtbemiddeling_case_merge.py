from collections import Counter

from odoo import api, fields, models
from odoo.fields import Command

from ..models.buurtbemiddeling_case_merge_mixin import OTHER_SIDE


class BuurtbemiddelingCaseMerge(models.TransientModel):
    """Merge cases about the same quarrel into the oldest, after a look at who is who."""

    _name = "buurtbemiddeling.case.merge"
    _description = "Merge Cases"

    case_ids = fields.Many2many(
        "buurtbemiddeling.case", required=True, context={"active_test": False}
    )
    kept_case_id = fields.Many2one(
        "buurtbemiddeling.case", "Stays", compute="_compute_kept_case_id"
    )
    line_ids = fields.One2many(
        "buurtbemiddeling.case.merge.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )

    is_unlike = fields.Boolean(
        compute="_compute_is_unlike", export_string_translation=False, exportable=False
    )

    @api.depends("line_ids.same_party_id")
    def _compute_is_unlike(self):
        """Whether none of the neighbours is known in both cases: then it is another quarrel."""
        for wizard in self:
            wizard.is_unlike = wizard.line_ids and not wizard.line_ids.same_party_id

    @api.model
    def default_get(self, fields):
        """Refuse what can not be merged before anything is shown."""
        values = super().default_get(fields)
        if case_ids := values.get("case_ids"):
            cases = self.new({"case_ids": case_ids}).case_ids._origin
            cases._check_mergeable()
        return values

    @api.depends("case_ids")
    def _compute_kept_case_id(self):
        for wizard in self:
            wizard.kept_case_id = wizard.case_ids._origin._sort_oldest_first()[:1]

    @api.depends("case_ids")
    def _compute_line_ids(self):
        """Propose who is who: one line for each party of the cases that do not stay."""
        for wizard in self:
            cases = wizard.case_ids._origin._sort_oldest_first()
            sides = {party: party.side for party in cases[:1].party_ids}
            lines = [Command.clear()]
            for case in cases[1:]:
                same = self._propose_same(case.party_ids, list(sides))
                sides.update(self._propose_sides(case.party_ids, same, sides))
                lines += [
                    Command.create(
                        {
                            "party_id": party.id,
                            "same_party_id": same[party].id if party in same else False,
                            "side": sides[party],
                        }
                    )
                    for party in case.party_ids
                ]
            wizard.line_ids = lines

    @api.model
    def _propose_same(self, parties, older):
        """Return ``{party: older party}`` of who are the same person, as far as that is sure.

        The same contact is; and so is a door of which nobody is known on one side of the
        comparison, if there is no one else at that door: threads are not united by a guess.
        """
        same = {}
        for party in parties:
            known = [p for p in older if p not in same.values() and party._is_known_as(p)]
            if known:
                same[party] = known[0]
        older = [party for party in older if party not in same.values()]
        at_door = {
            party: [p for p in older if party._may_be_at_door_of(p)]
            for party in parties
            if party not in same
        }
        claims = Counter(p for found in at_door.values() for p in found)
        for party, found in at_door.items():
            if len(found) == 1 and claims[found[0]] == 1:
                same[party] = found[0]
        return same

    @api.model
    def _propose_sides(self, parties, same, sides):
        """Return ``{party: side in the kept case}``.

        Whoever is known there has that side, and housemates are on the same side. For the others
        it counts whether these neighbours reported each other.
        """
        proposed = {}
        for party in parties:
            if party in same:
                proposed[party] = sides[same[party]]
            else:
                mates = [mate for mate in sides if party._shares_door(mate)]
                if mates:
                    proposed[party] = sides[mates[0]]
        votes = Counter(side == party.side for party, side in proposed.items())
        mirrored = votes[False] > votes[True]
        for party in parties:
            proposed.setdefault(party, OTHER_SIDE[party.side] if mirrored else party.side)
        return proposed

    def action_merge(self):
        """Merge, and open the case that stays.

        :raise UserError: as ``buurtbemiddeling.case._merge``
        """
        self.ensure_one()
        kept = self.case_ids._merge(
            same={
                line.party_id: line.same_party_id for line in self.line_ids if line.same_party_id
            },
            sides={line.party_id: line.side for line in self.line_ids},
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": kept._name,
            "res_id": kept.id,
            "views": [(False, "form")],
            "target": "main",  # the way back may lead to a case that is gone
        }


class BuurtbemiddelingCaseMergeLine(models.TransientModel):
    """A party of a case that is merged away: who and on which side it is in the one that stays."""

    _name = "buurtbemiddeling.case.merge.line"
    _description = "Party in Merged Case"

    wizard_id = fields.Many2one(
        "buurtbemiddeling.case.merge", required=True, ondelete="cascade", index=True
    )
    party_id = fields.Many2one("buurtbemiddeling.case.party", required=True, ondelete="cascade")
    case_id = fields.Many2one(related="party_id.case_id", related_sudo=False)
    case_number = fields.Char(related="case_id.name", related_sudo=False)
    name = fields.Char(related="party_id.name", related_sudo=False)
    address = fields.Char(related="party_id.address", related_sudo=False)
    older_case_ids = fields.Many2many(
        "buurtbemiddeling.case",
        compute="_compute_older_case_ids",
        export_string_translation=False,
        exportable=False,
    )
    same_party_id = fields.Many2one(
        "buurtbemiddeling.case.party",
        "Same person as",
        domain="[('case_id', 'in', older_case_ids)]",
        ondelete="cascade",
        help="The threads of both become one. Leave it empty for someone who is not in the other"
        " case yet.",
    )
    is_same_contact = fields.Boolean(compute="_compute_is_same_contact")
    side = fields.Selection(
        [("a", "Reporter"), ("b", "Other party")],
        required=True,
        default="a",
        help="On which side this party stands in the case that stays.",
    )

    @api.depends("party_id", "wizard_id.case_ids")
    def _compute_older_case_ids(self):
        for line in self:
            cases = line.wizard_id.case_ids._origin._sort_oldest_first()
            newer = False
            older = cases.browse()
            for case in cases:
                newer = newer or case == line.case_id
                older |= cases.browse() if newer else case
            line.older_case_ids = older

    @api.depends("party_id.partner_id", "same_party_id.partner_id")
    def _compute_is_same_contact(self):
        """One contact is one party: that is no matter of choice."""
        for line in self:
            contact = line.party_id.partner_id
            line.is_same_contact = contact and contact == line.same_party_id.partner_id
