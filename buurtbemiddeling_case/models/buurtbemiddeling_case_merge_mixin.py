from collections import Counter, defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

OTHER_SIDE = {"a": "b", "b": "a"}
# What names a side of the quarrel, and what it becomes when the neighbours reported each other.
# A visit to B is only ever the first approach of the other party, so it becomes a talk with A.
MIRRORED = {
    "buurtbemiddeling.case.agreement": {"who": OTHER_SIDE},
    "buurtbemiddeling.case.pause": {"reason": {"party_a": "party_b", "party_b": "party_a"}},
    "buurtbemiddeling.meeting": {
        "kind": {"talk_a": "talk_b", "talk_b": "talk_a", "approach_b": "talk_a"},
        "side": OTHER_SIDE,
        "place": {"home_a": "home_b", "home_b": "home_a"},
        "move_reason": OTHER_SIDE,
        "cancel_reason": OTHER_SIDE,
    },
}


class BuurtbemiddelingCaseMergeMixin(models.AbstractModel):
    """Two requests about the same quarrel become one case: the oldest, which keeps its number.

    A second request often comes from the neighbour: the parties of the younger case then change
    sides, and so do its talks, agreements and pauses. The younger case is deleted once everything
    has been moved, so that no figure counts the quarrel twice.
    """

    _name = "buurtbemiddeling.case.merge.mixin"
    _description = "Merging of Cases"
    _inherit = ["buurtbemiddeling.merge.mixin"]
    _rec_names_search = ["name", "former_numbers"]

    former_numbers = fields.Char(
        "Merged with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Numbers of the cases that were merged into this one. They are not given out again.",
    )
    # apart from those above, which may look the same: an import knows all of these again
    merged_external_refs = fields.Json(
        "Merged with, numbers in the old system", readonly=True, copy=False
    )
    # Never filled. Phases that a merged case went through stay readable in the messages, as changes
    # of this field: as changes of the phase they would count as time of the kept case.
    merged_stage_id = fields.Many2one(
        "buurtbemiddeling.case.stage", "Phase of the merged case", store=False
    )
    same_quarrel_case_id = fields.Many2one(
        "buurtbemiddeling.case",
        compute="_compute_same_quarrel_case_id",
        export_string_translation=False, exportable=False,
    )

    @api.depends("earlier_case_ids", "is_closed")
    def _compute_same_quarrel_case_id(self):
        """The one open case with the same door or resident, if this case is open as well."""
        for case in self:
            running = case.earlier_case_ids.filtered(lambda other: not other.is_closed)
            mergeable = case._origin and not case.is_closed and len(running) == 1
            case.same_quarrel_case_id = running if mergeable else False

    def action_merge(self):
        """Open the wizard that merges these cases, or this one with the case of the same quarrel.

        :raise UserError: when they can not be merged
        """
        cases = self | self.same_quarrel_case_id if len(self) == 1 else self
        cases._check_mergeable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge cases"),
            "res_model": "buurtbemiddeling.case.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": [fields.Command.set(cases.ids)]},
        }

    def _check_mergeable(self):
        """Refuse cases that can not be one quarrel, or that the user may not write.

        A closed case is a fact in the figures of its year: it is not changed behind their back.

        :raise UserError: says what to do
        :raise AccessError: when the user may not write all of them
        """
        self.check_access("write")
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more cases to merge."))
        if len(self.company_id) > 1:
            raise UserError(
                self.env._(
                    "These cases belong to different organisations. Choose cases of one"
                    " organisation."
                )
            )
        self._check_one_circle()
        closed = self.filtered("is_closed")
        if closed:
            raise UserError(
                self.env._(
                    "Case %s is closed and counts in the figures as it ended, so it can not be"
                    " merged. Open it again first by choosing another phase, or leave it as an"
                    " earlier case.",
                    ", ".join(closed.mapped("name")),
                )
            )

    def _sort_oldest_first(self):
        """Return these cases by day of registration, and then by number."""
        return self.sorted(lambda case: (case.registration_date, len(case.name), case.name))

    def _merge(self, same, sides):
        """Merge these cases into the oldest of them.

        :param same: ``{party: party of an older case}`` of those who are the same person
        :param sides: ``{party: "a" or "b"}``, the side in the kept case of everyone else
        :return: the kept case
        :raise UserError: as ``_check_mergeable``, or when two parties of one case would become one,
            or one of these cases would be mixed up with another
        """
        self._check_mergeable()
        cases = self._sort_oldest_first()
        cases._check_who_is_who(same, sides)
        kept, others = cases[0], cases[1:]
        talks = others.meeting_ids
        persons = defaultdict(self.party_ids.browse)
        for party in others.party_ids:
            persons[_first(party, same)] |= party
        sides = dict(sides)
        for person, parties in persons.items():
            (person | parties)._check_one_person()
            side = person.side if person.case_id == kept else sides.get(person, person.side)
            sides.update(dict.fromkeys(parties, side))

        others.filtered(lambda case: _are_mirrored(case.party_ids, sides))._mirror()
        reporter = kept._get_first_party("a")
        for case in others:
            first = case._get_first_party("a")
            if _first(first, same) != reporter and not first._shares_door(reporter):
                # seen from the home of the first reporter, who is another one now
                case.party_ids.home_relation = False
        for person, parties in persons.items():
            if parties - person:
                person._absorb((parties - person).sorted(lambda p: others.ids.index(p.case_id.id)))
        # the first reporter of the kept case stays the first: figures count that home and household
        last = max(kept.party_ids.mapped("sequence"), default=10) + 1
        movers = others.party_ids
        for side, parties in movers.grouped(lambda party: sides[party]).items():
            parties.write({"case_id": kept.id, "side": side, "sequence": last})
        kept._absorb(others)
        kept._follow_invited(talks)
        return kept

    def _check_who_is_who(self, same, sides):
        """Refuse parties of any other case, and of a case that is not older.

        Which parties the dialog offers is no guard: anything can be sent in its place.

        :param self: the cases to merge, the oldest first
        :raise UserError: says what to do; it tells nothing of the other case
        """
        older, allowed = self.party_ids.browse(), set()
        for case in self:
            allowed |= {(party, other) for party in case.party_ids for other in older}
            older |= case.party_ids
        # compared by id: nothing is read of a party that may be hidden from the user
        if not same.items() <= allowed or not sides.keys() <= set(older):
            raise UserError(
                self.env._(
                    "Someone here is not in the cases that you merge, or not in an older one of"
                    " them. Close this window, open it again and choose who is who."
                )
            )

    def _mirror(self):
        """Let talks, agreements and pauses name the other side."""
        for model in MIRRORED:
            rows = self._as_merging().env[model].search([("case_id", "in", self.ids)])
            _mirror_rows(rows)

    def _follow_invited(self, talks):
        """Let ``talks`` be with who was invited, also where these are on another side now.

        Otherwise someone who comes would be taken for someone who was left out.
        """
        for talk in talks.with_env(self._as_merging().env):
            coming = talk.invited_party_ids.filtered(
                lambda party, case=talk.case_id: party.case_id == case
            )
            sides = set(coming.mapped("side"))
            if len(sides) > 1:
                talk.side = "both"
            elif talk.side in OTHER_SIDE and sides == {OTHER_SIDE[talk.side]}:
                _mirror_rows(talk)

    # ------------------------------------------------------------
    # WHAT MERGING TAKES OVER
    # ------------------------------------------------------------

    def _absorb(self, others):
        numbers, references = self._get_former_numbers(others)
        notes = [(case.name, case.registration_date) for case in others]
        # sudo: as in the mixin; two cases never have the same number of the old system
        merged_refs = [
            *(each for case in self | others for each in case.merged_external_refs or ()),
            *(ref for ref in others.mapped("external_ref") if ref and ref != references),
        ]
        others.sudo().external_ref = False
        self._set_aside_phases(others)
        last_contacts = [day for day in (self | others).mapped("last_contact_date") if day]
        res = super()._absorb(others)
        self.write(
            {
                "former_numbers": ", ".join(numbers),
                "external_ref": references,
                "merged_external_refs": list(dict.fromkeys(merged_refs)) or False,
            }
        )
        if last_contacts:
            self._note_contact(max(last_contacts))
        for number, day in notes:
            self.message_post(
                body=Markup("<p>%s</p>")
                % self.env._(
                    "Merged with %(number)s, registered on %(date)s.",
                    number=number,
                    date=format_date(self.env, day),
                )
            )
        return res

    def _get_former_numbers(self, others):
        """Return the numbers to remember, and the number in the old system that is kept."""
        reference = next((ref for ref in (self | others).mapped("external_ref") if ref), False)
        numbers = []
        for case in self | others:
            former = (case.former_numbers or "").split(", ")
            numbers += [case.name, *former, case.external_ref]
        known = {self.name, reference, "", False}
        return [number for number in dict.fromkeys(numbers) if number not in known], reference

    def _set_aside_phases(self, others):
        """Keep the phases of the others readable, and out of the time that this case took."""
        # sudo: fields and tracked values are Odoo's own bookkeeping
        names = self.env["ir.model.fields"].sudo()
        stage, merged_stage = (
            names._get(self._name, name) for name in (self._track_duration_field, "merged_stage_id")
        )
        tracked = self.env["mail.tracking.value"].sudo()
        tracked.search(
            [
                ("field_id", "=", stage.id),
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", others.ids),
            ]
        ).field_id = merged_stage

    def _get_unmerged_fields(self):
        return super()._get_unmerged_fields() | {
            "name",
            "former_numbers",
            "external_ref",
            "stage_date",
            "last_contact_date",
            "feedback_state",
        }

    def _get_models_left_behind(self):
        """How long each phase took is a fact of a case itself: only the kept case has a clock."""
        return super()._get_models_left_behind() | {"buurtbemiddeling.case.phase"}


def _first(party, same):
    """Return the oldest party that is the same person as ``party``."""
    while party in same:
        party = same[party]
    return party


def _are_mirrored(parties, sides):
    """Return whether ``parties`` are on each other's side in ``{party: side}``."""
    votes = Counter(sides.get(party, party.side) == party.side for party in parties)
    return votes[False] > votes[True]


def _mirror_rows(rows):
    """Let these rows name the other side. What follows from a kind of talk is written as well."""
    mirrors = MIRRORED[rows._name]
    for facts, found in rows.grouped(lambda row: tuple(row[name] for name in mirrors)).items():
        values = {
            name: mirrors[name].get(fact, fact) for name, fact in zip(mirrors, facts, strict=True)
        }
        if tuple(values.values()) != facts:
            found.write(values)
