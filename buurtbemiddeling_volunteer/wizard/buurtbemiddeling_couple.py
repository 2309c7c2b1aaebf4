from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..tools.pairing import FILTERS, is_mixed

# how many of a list one looks at before lifting a filter instead
SHOWN = 10


class BuurtbemiddelingCouple(models.TransientModel):
    """Propose pairs of mediators for a case, with the reasons, and invite one of them.

    What is shown is worked out when the wizard is made and each time it is saved. Nobody is coupled
    by itself: the coordinator chooses.
    """

    _name = "buurtbemiddeling.couple"
    _description = "Couple Mediators"

    case_id = fields.Many2one("buurtbemiddeling.case", required=True, ondelete="cascade")
    present_id = fields.Many2one(
        "buurtbemiddeling.volunteer",
        "Is there already",
        readonly=True,
        ondelete="cascade",
        help="The pairs below are with this mediator.",
    )
    use_language = fields.Boolean(
        "Language",
        default=True,
        help="Only pairs that speak a language of the parties.",
    )
    use_competence = fields.Boolean(
        "Competence",
        default=True,
        help="Only pairs with the competence that this case asks for.",
    )
    use_daypart = fields.Boolean(
        "Both can, and the parties too",
        default=True,
        help="Only pairs that are free together when the parties are.",
    )
    use_mix = fields.Boolean(
        "Never two who are new",
        default=True,
        help="At least one of the two has done cases before.",
    )
    use_gender = fields.Boolean(
        "Mixed pair",
        default=True,
        help="A man and a woman.",
    )
    use_affinity = fields.Boolean(
        "Affinity",
        default=True,
        help="Only pairs that are at home with this kind of quarrel.",
    )
    # what is wished, and what the wish costs; empty when the case wishes nothing of the kind
    language_effect = fields.Char(readonly=True)
    competence_effect = fields.Char(readonly=True)
    daypart_effect = fields.Char(readonly=True)
    mix_effect = fields.Char(readonly=True)
    gender_effect = fields.Char(readonly=True)
    affinity_effect = fields.Char(readonly=True)
    summary = fields.Char(readonly=True)
    refused = fields.Char("Not proposed", readonly=True)
    pair_ids = fields.One2many("buurtbemiddeling.couple.pair", "wizard_id", "Pairs", readonly=True)
    conflict_ids = fields.One2many(
        "buurtbemiddeling.couple.conflict", "wizard_id", "Not independent"
    )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._propose()
        return wizards

    def write(self, vals):
        res = super().write(vals)
        if "conflict_ids" in vals or any(f"use_{name}" in vals for name in FILTERS):
            for wizard in self:
                wizard._propose()
        return res

    def _reopen(self):
        """Return the action that shows this wizard."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose mediators for case %s", self.case_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            # who is looked for may take the place of someone: that goes along to the invitation
            "context": {
                "dialog_size": "extra-large",
                "replaced_assignment_id": self.env.context.get("replaced_assignment_id"),
            },
        }

    def action_propose(self):
        """Propose again, with the reasons that were filled in why a tie is no objection."""
        return self._reopen()

    # ------------------------------------------------------------
    # PROPOSE
    # ------------------------------------------------------------

    def _propose(self):
        """Work out the pairs and write down what is shown of them.

        :raise UserError: when the case is closed, or has two mediators
        """
        self.ensure_one()
        case = self.case_id
        if case.is_closed:
            raise UserError(
                self.env._("Case %s is closed. Reopen it before you look for mediators.", case.name)
            )
        present = case._get_present_mediator()
        judged = self.conflict_ids.filtered("reason")
        lifted = [name for name in FILTERS if not self[f"use_{name}"]]
        proposal, wish, conflicts = case._propose_pairs(SHOWN, lifted, judged.volunteer_id, present)
        blocked = [key for key, rule in proposal.refused.items() if rule == "conflict"]
        self.write(
            {
                "present_id": present.id,
                "summary": self._get_summary(proposal),
                "refused": self._get_refused(proposal),
                **self._get_effects(wish, proposal),
            }
        )
        self.pair_ids.unlink()
        self.pair_ids.create(self._prepare_pairs(wish, proposal, conflicts))
        (self.conflict_ids - judged).unlink()
        self.conflict_ids.create(self._prepare_conflicts(blocked, conflicts))

    def _get_summary(self, proposal):
        if not proposal.total:
            return self.env._("No pair is left. Lift a filter that removes many.")
        if proposal.total > len(proposal.pairs):
            return self.env._(
                "The best %(shown)s of %(total)s pairs.",
                shown=len(proposal.pairs),
                total=proposal.total,
            )
        return self.env._("All %s pairs that are possible.", proposal.total)

    def _get_refused(self, proposal):
        """Say how many volunteers break which hard rule, as in: on pause or away: 2."""
        texts = {
            "on_case": self.env._("asked for this case before: %s"),
            "not_ready": self.env._("lacking a requirement: %s"),
            "resting": self.env._("on pause or away: %s"),
            "full": self.env._("without room for a case: %s"),
            "conflict": self.env._("not independent: %s"),
        }
        return ", ".join(
            text % proposal.counts[rule] for rule, text in texts.items() if proposal.counts[rule]
        )

    def _get_effects(self, wish, proposal):
        """Return what each filter wishes and removes; a wish that is not there shows no filter."""
        names = {
            "language": self.env["buurtbemiddeling.language"].browse(wish.languages),
            "competence": self.env["buurtbemiddeling.competence"].browse(wish.competences),
            "affinity": self.env["buurtbemiddeling.affinity"].browse(wish.affinities),
            "daypart": self.env["buurtbemiddeling.daypart"].browse(wish.dayparts).sorted(),
        }
        wished = {name for name, entries in names.items() if entries} | {"daypart", "mix"}
        if wish.mixed_gender:
            wished.add("gender")
        effects = {}
        for name in FILTERS:
            removes = self.env._("removes %s pairs", proposal.removed[name])
            if name in wish.lifted:
                removes = self.env._("would remove %s pairs", proposal.removed[name])
            entries = ", ".join(names[name].mapped("name")) if name in names else ""
            effects[f"{name}_effect"] = name in wished and (
                f"{entries}: {removes}" if entries else removes
            )
        return effects

    def _prepare_conflicts(self, blocked, conflicts):
        """Return the values for who is left out for a tie only, but for the parties."""
        lines = [
            {
                "wizard_id": self.id,
                "volunteer_id": key,
                "conflict": " ".join(conflict.sentence for conflict in conflicts[key]),
            }
            for key in blocked
            if not any(conflict.kind == "party" for conflict in conflicts[key])
        ]
        return lines[:SHOWN]

    # ------------------------------------------------------------
    # PAIRS
    # ------------------------------------------------------------

    def _prepare_pairs(self, wish, proposal, conflicts):
        """Return the values of the proposed pairs, in order, with what is said of them."""
        people = {c.key: c for pair in proposal.pairs for c in (pair.first, pair.second)}
        self._read_at_once("language", [wish.languages, *(c.languages for c in people.values())])
        self._read_at_once("daypart", [wish.dayparts, *(c.dayparts for c in people.values())])
        volunteers = self.env["buurtbemiddeling.volunteer"].browse(people)
        names = {volunteer.id: volunteer.name for volunteer in volunteers}
        info = {key: self._get_info(candidate) for key, candidate in people.items()}
        notes = self._get_notes(volunteers, conflicts)
        criteria = self.env["buurtbemiddeling.pairing.criterion"].with_context(active_test=False)
        criteria = criteria.search([("code", "in", FILTERS)]).grouped("code")
        values_list = []
        for sequence, pair in enumerate(proposal.pairs):
            both = (pair.first, pair.second)
            unmet = [name for name in FILTERS if not wish.fits(name, *both)]
            warnings = self._get_unmet_sentences(unmet)
            for candidate in both:
                warnings += notes[candidate.key]
            values_list.append(
                {
                    "wizard_id": self.id,
                    "sequence": sequence,
                    "first_id": pair.first.key,
                    "second_id": pair.second.key,
                    "first_info": info[pair.first.key],
                    "second_info": info[pair.second.key],
                    "reasons": "\n".join(self._get_reasons(wish, both, names)),
                    "warnings": "\n".join(warnings),
                    "unmet_criterion_ids": [
                        Command.link(criteria[name].id) for name in unmet if name in criteria
                    ],
                }
            )
        return values_list

    def _read_at_once(self, code_list, sets_of_ids):
        """Read the entries of a list that are named of somebody: not again for each of them."""
        entries = self.env[f"buurtbemiddeling.{code_list}"].browse(set().union(*sets_of_ids))
        entries.fetch(["name", "sequence"])

    def _get_info(self, candidate):
        """Return how busy someone is, since when, and what languages there are."""
        languages = self.env["buurtbemiddeling.language"].browse(candidate.languages).sorted()
        last = candidate.last_case_day and date.fromordinal(candidate.last_case_day)
        return " · ".join(
            filter(
                None,
                [
                    self.env._(
                        "%(running)s of %(maximum)s cases",
                        running=candidate.running,
                        maximum=candidate.max_cases,
                    ),
                    self.env._("last case %s", format_date(self.env, last))
                    if last
                    else self.env._("no case yet"),
                    ", ".join(languages.mapped("name")),
                ],
            )
        )

    def _get_reasons(self, wish, both, names):
        """Return why two candidates fit this case, in sentences."""
        first, second = both
        reasons = [
            *self._get_shared_reasons(wish.languages, "languages", both, names),
            *self._get_shared_reasons(wish.competences, "competences", both, names),
        ]
        if first.experienced != second.experienced:
            old, new = both if first.experienced else both[::-1]
            reasons.append(
                self.env._(
                    "%(old)s is experienced and can take along %(new)s.",
                    old=names[old.key],
                    new=names[new.key],
                )
            )
        elif first.experienced:
            reasons.append(self.env._("Both are experienced."))
        stated = [dayparts for dayparts in (wish.dayparts, *(c.dayparts for c in both)) if dayparts]
        if stated and (common := frozenset.intersection(*stated)):
            dayparts = self.env["buurtbemiddeling.daypart"].browse(common).sorted()
            reasons.append(self.env._("Can on: %s.", ", ".join(dayparts.mapped("name"))))
        if wish.mixed_gender and is_mixed(first.gender, second.gender):
            reasons.append(self.env._("A mixed pair, as wished."))
        reasons += self._get_shared_reasons(wish.affinities, "affinities", both, names)
        reasons.append(
            self.env._(
                "Cases in the last year: %(first)s %(first_count)s, %(second)s %(second_count)s.",
                first=names[first.key],
                first_count=first.cases_last_year,
                second=names[second.key],
                second_count=second.cases_last_year,
            )
        )
        if not (first.conflict or second.conflict):
            reasons.append(self._get_ties_reason())
        return reasons

    def _get_ties_reason(self):
        """Say with what no tie was found; of a neighbourhood that is not known nothing can be."""
        if self.case_id.area_id:
            return self.env._(
                "Requirements valid, and no tie found with a party or the neighbourhood."
            )
        return self.env._(
            "Requirements valid, and no tie found with a party. The neighbourhood of the"
            " case is not filled in, so ties with it are not known."
        )

    def _get_shared_reasons(self, wished, topic, both, names):
        """Return who of a pair brings what is wished: one sentence for each language, and so on."""
        sentence = {
            "languages": self.env._("Speaks %(what)s: %(who)s."),
            "competences": self.env._("Trained in %(what)s: %(who)s."),
            "affinities": self.env._("Has a feeling for %(what)s: %(who)s."),
        }[topic]
        model = {
            "languages": "buurtbemiddeling.language",
            "competences": "buurtbemiddeling.competence",
            "affinities": "buurtbemiddeling.affinity",
        }[topic]
        entries = self.env[model].browse(wished).sorted()
        return [
            sentence % {"what": entry.name, "who": ", ".join(names[c.key] for c in who)}
            for entry in entries
            if (who := [c for c in both if entry.id in getattr(c, topic)])
        ]

    def _get_unmet_sentences(self, unmet):
        """Return what a pair does not meet, because its filter was lifted."""
        sentences = {
            "language": self.env._("Not every language that is wished is spoken."),
            "competence": self.env._("Not trained in all that this case asks for."),
            "daypart": self.env._("No part of the week on which both and the parties can."),
            "mix": self.env._("Both are new."),
            "gender": self.env._("Not a mixed pair, as was wished."),
            "affinity": self.env._("No affinity that helps in this case."),
        }
        return [sentences[name] for name in unmet]

    def _get_notes(self, volunteers, conflicts):
        """Return ``{volunteer id: [warning, ...]}``: ties, absences and double bookings."""
        notes = defaultdict(list)
        for volunteer in volunteers:
            notes[volunteer.id] += [
                conflict.sentence for conflict in conflicts.get(volunteer.id, [])
            ]
        absences = self.env["buurtbemiddeling.volunteer.absence"]
        coming = absences.search(
            Domain("volunteer_id", "in", volunteers.ids)
            & (
                Domain("date_to", "=", False)
                | Domain("date_to", ">=", fields.Date.context_today(self))
            )
        )
        for absence in coming:
            notes[absence.volunteer_id.id].append(
                self.env._(
                    "%(volunteer)s is away %(days)s.",
                    volunteer=absence.volunteer_id.name,
                    days=absence._get_days(),
                )
            )
        talks = self.case_id.meeting_ids._get_coming()
        for talk, sentences in talks._get_double_bookings(volunteers).items():
            day = format_date(self.env, talk._get_local_start().date())
            for sentence, busy in sentences.items():
                for volunteer in busy:
                    notes[volunteer.id].append(
                        self.env._(
                            "Talk of %(day)s: %(sentence)s %(volunteer)s.",
                            day=day,
                            sentence=sentence,
                            volunteer=volunteer.name,
                        )
                    )
        return notes
