from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging

# volunteer: record; kind: as in _get_conflict_sentences; sentence: names the kind and not the story
Conflict = namedtuple("Conflict", ("volunteer", "kind", "sentence"))

# what is noted by itself when a reason is given
JUDGEMENT = ("independence_user_id", "independence_date", "independence_kinds")


class BuurtbemiddelingAssignmentIndependenceMixin(models.AbstractModel):
    """Is the mediator independent of both parties? Asked before anyone is invited.

    Looked at are contacts, addresses, earlier cases and what volunteers declared themselves. A hit
    blocks, unless the coordinator says why it is no objection. A party itself is always refused.
    Imports, closed cases and merging are free: history comes in with what is known.
    """

    _name = "buurtbemiddeling.assignment.independence.mixin"
    _description = "Independence of a Mediator"
    _inherit = ["buurtbemiddeling.assignment.tie.mixin"]

    independence_reason = fields.Char(
        "Why independent anyway",
        copy=False,
        help="Why a tie with a party or the place is no objection. Write no resident's name here.",
    )
    independence_user_id = fields.Many2one(
        "res.users", "Judged by", readonly=True, copy=False, ondelete="restrict"
    )
    independence_date = fields.Datetime("Judged on", readonly=True, copy=False)
    # the ties that were there when the reason was given: another one asks for another reason
    independence_kinds = fields.Char(
        readonly=True, copy=False, export_string_translation=False, exportable=False
    )

    unmet_criterion_ids = fields.Many2many(
        "buurtbemiddeling.pairing.criterion",
        "buurtbemiddeling_assignment_unmet_rel",
        "assignment_id",
        "criterion_id",
        string="Wishes not met",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="What was wished for this case and set aside when this mediator was invited.",
    )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        assignments = super().create(vals_list)
        assignments._check_independence(assignments.filtered("independence_reason"))
        return assignments

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(JUDGEMENT):
            raise UserError(
                self.env._(
                    "Who judged that a mediator is independent, and when, is noted by itself. Fill"
                    " in why under “Why independent anyway”."
                )
            )
        states = {assignment: assignment.state for assignment in self}
        res = super().write(vals)
        if "volunteer_id" in vals or "case_id" in vals:
            changed = self
        else:
            changed = self.filtered(lambda assignment: assignment.state != states[assignment])
        if "independence_reason" in vals:
            self._check_independence(self.filtered("independence_reason"))
        elif changed:
            changed._check_independence()
        return res

    def _check_independence(self, judged=()):
        """Refuse who is not independent of a party, unless a reason was given.

        :param judged: those of which the reason has just been given, by the user
        :raise UserError: names the volunteers and the kinds of tie, and nobody else
        """
        if self.env.context.get("import_file") or is_merging(self.env):
            return
        asked = self.filtered(lambda row: row.is_live and not row.case_id.is_closed)
        volunteers_by_case = {
            case: rows.volunteer_id for case, rows in asked.grouped("case_id").items()
        }
        found = self._find_conflicts(volunteers_by_case)
        sentences = []
        for row in asked:
            conflicts = [c for c in found[row.case_id] if c.volunteer == row.volunteer_id]
            if row in judged:
                row._note_judgement({conflict.kind for conflict in conflicts})
            sentences += [c.sentence for c in conflicts if not row._is_overridden(c.kind)]
        if sentences:
            sentences.append(
                self.env._(
                    "Choose another mediator. If this is no objection, say why under “Why"
                    " independent anyway” (a column of the list that you can show, or at “Propose a"
                    " pair”); that does not help for a party."
                )
            )
            raise UserError("\n".join(sentences))

    def _note_judgement(self, kinds):
        """Note who gave the reason, when, and for which kinds of tie."""
        self.ensure_one()
        # sudo: the user gave the reason just now; who that was is noted here and typed nowhere
        self.sudo().write(
            {
                "independence_user_id": self.env.uid,
                "independence_date": fields.Datetime.now(),
                "independence_kinds": ",".join(sorted(kinds)),
            }
        )

    def _is_overridden(self, kind):
        """Return whether the reason that was given counts for a kind of tie."""
        self.ensure_one()
        given = (self.independence_kinds or "").split(",")
        reason = (self.independence_reason or "").strip()
        return kind != "party" and bool(reason) and kind in given

    # ------------------------------------------------------------
    # CONFLICTS
    # ------------------------------------------------------------

    @api.model
    def _get_conflicts(self, case, volunteers):
        """Return what ties volunteers to a case, in a number of queries that does not grow.

        :return: list of :data:`Conflict`, in the order of ``volunteers``
        """
        return self._find_conflicts({case: volunteers})[case]

    @api.model
    def _find_conflicts(self, volunteers_by_case):
        """Return ``{case: [Conflict, ...]}`` for ``{case: volunteers}``, in one go."""
        cases = self.env["buurtbemiddeling.case"].union(*volunteers_by_case)
        volunteers = self.env["buurtbemiddeling.volunteer"].union(*volunteers_by_case.values())
        if not cases or not volunteers:
            return {case: [] for case in volunteers_by_case}
        facts = self._get_facts_of_cases(cases)
        people = self._get_persons(volunteers)
        past = self._get_past(cases, volunteers)
        declared = self._get_declared(volunteers)
        sentences = self._get_conflict_sentences()
        found = {}
        for case, candidates in volunteers_by_case.items():
            found[case] = []
            for volunteer in candidates:
                person = people[volunteer.id]
                ties = person.find_ties_with_case(facts[case.id])
                ties |= past.get((volunteer.id, case.id), set())
                ties.update(
                    f"declared_{each.kind}"
                    for each in declared.get(volunteer.id, ())
                    if each.concerns(facts[case.id])
                )
                if "party" in ties:
                    ties = {"party"}
                found[case] += [
                    Conflict(volunteer, kind, sentence % person.name)
                    for kind, sentence in sentences.items()
                    if kind in ties
                ]
        return found

    @api.model
    def _get_conflict_sentences(self):
        """Return ``{kind of tie: sentence}``, the closest first. %s is the volunteer's name."""
        return {
            "party": self.env._("%s is one of the parties in this case."),
            "family": self.env._("%s is kept in Contacts as family of a party."),
            "household": self.env._("%s has the same front door, phone or e-mail as a party."),
            "street": self.env._("%s lives in the same street as a party."),
            "postcode": self.env._("%s has the same postcode as a party."),
            "neighbourhood": self.env._("%s lives in the neighbourhood of this case."),
            "organisation": self.env._("%s works for an organisation that this case is about."),
            "met": self.env._("%s met a party in an earlier case."),
            "declared_person": self.env._("%s declared to know someone who may be a party."),
            "declared_family": self.env._("%s declared family who may be a party."),
            "declared_street": self.env._("%s declared to know the street of a party well."),
            "declared_organisation": self.env._(
                "%s declared to work for an organisation that this case is about."
            ),
            "declared_case": self.env._("%s declared to know a party of this case."),
        }
