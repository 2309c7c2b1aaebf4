from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.pairing import Candidate, Wish

# what every mediator speaks, whether or not it was written down
WORKING_LANGUAGE = "nl"
PAIR = 2
LOAD_PERIOD = relativedelta(years=1)


class BuurtbemiddelingCaseCouplingMixin(models.AbstractModel):
    """What a case asks of its two mediators, and who could be them."""

    _name = "buurtbemiddeling.case.coupling.mixin"
    _description = "Coupling of a Case"

    daypart_ids = fields.Many2many(
        "buurtbemiddeling.daypart",
        "buurtbemiddeling_case_daypart_rel",
        "case_id",
        "daypart_id",
        string="Parties can on",
        ondelete="restrict",
        help="When both parties mostly can. Empty: not known yet.",
    )
    affinity_ids = fields.Many2many(
        "buurtbemiddeling.affinity",
        "buurtbemiddeling_case_affinity_rel",
        "case_id",
        "affinity_id",
        string="Affinity that helps",
        ondelete="restrict",
        help="What it helps to have a feeling for in this case. Nothing about one of the parties.",
    )
    wants_mixed_pair = fields.Boolean(
        "Mixed pair", help="A woman and a man, or other stated genders, are wished in this case."
    )
    independence_warning = fields.Text(compute="_compute_independence_warning")

    @api.depends(
        "area_id",
        "referral_partner_id",
        "party_ids.partner_id",
        "party_ids.address",
        "party_ids.landlord_id",
        "assignment_ids.state",
        "assignment_ids.volunteer_id",
        "assignment_ids.independence_reason",
    )
    def _compute_independence_warning(self):
        """A tie that came up after the coupling, as when the other party became known later."""
        self.independence_warning = False
        live = self._origin.assignment_ids.filtered("is_live")
        volunteers_by_case = {
            case: rows.volunteer_id
            for case, rows in live.grouped("case_id").items()
            if not case.is_closed
        }
        found = live._find_conflicts(volunteers_by_case)
        for case in self:
            rows = live.filtered(lambda row, case=case: row.case_id == case._origin)
            rows = rows.grouped("volunteer_id")
            case.independence_warning = "\n".join(
                conflict.sentence
                for conflict in found.get(case._origin, [])
                if not rows[conflict.volunteer]._is_overridden(conflict.kind)
            )

    # ------------------------------------------------------------
    # FACTS FOR THE PROPOSAL
    # ------------------------------------------------------------

    def _get_wish(self, lifted=()):
        """Return what this case asks of a pair.

        :param lifted: names of the filters that the coordinator lifted
        :return: :class:`Wish`
        """
        self.ensure_one()
        return Wish(
            languages=frozenset(self._get_wished_languages().ids),
            competences=frozenset(self._get_wished_competences().ids),
            dayparts=frozenset(self.daypart_ids.ids),
            affinities=frozenset(self.affinity_ids.ids),
            mixed_gender=self.wants_mixed_pair,
            lifted=frozenset(lifted),
        )

    def _get_wished_languages(self):
        return self.party_ids.language_id.filtered(lambda entry: entry.code != WORKING_LANGUAGE)

    def _get_wished_competences(self):
        """Return the competences that the form of help, complexity or nuisance asks for."""
        return self.env["buurtbemiddeling.competence"].search(
            Domain("intervention_ids", "in", self.intervention_id.ids)
            | Domain("complexity_ids", "in", self.complexity_ids.ids)
            | Domain("nuisance_type_ids", "in", self.nuisance_type_ids.ids)
        )

    def _get_present_mediator(self):
        """Return the one mediator who is on the case, who needs a second, or an empty record.

        :raise UserError: when there are two already
        """
        self.ensure_one()
        live = self.assignment_ids.filtered("is_live").volunteer_id
        if len(live) >= PAIR:
            raise UserError(
                self.env._(
                    "Case %(case)s has its mediators: %(names)s. Note first who declined or"
                    " stops, and then look for another. For a group, add a mediator by hand.",
                    case=self.name,
                    names=", ".join(live.mapped("name")),
                )
            )
        return live

    def _get_candidates(self, overridden=()):
        """Return who could mediate in this case, as plain facts, and what ties them to it.

        The number of queries does not grow with the number of volunteers.

        :param overridden: volunteers of whom the coordinator said why a tie is no objection
        :return: ``([Candidate, ...], {volunteer id: [Conflict, ...]})``
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        volunteers = self.env["buurtbemiddeling.volunteer"]._get_pool(self)
        ready = volunteers._get_ready()
        resting = volunteers._get_resting(today)
        running, recent, last = volunteers._get_load(today - LOAD_PERIOD)
        conflicts = {}
        for conflict in self.env["buurtbemiddeling.assignment"]._get_conflicts(self, volunteers):
            conflicts.setdefault(conflict.volunteer.id, []).append(conflict)
        been_here = set(self.assignment_ids.volunteer_id.ids)
        ready, resting = set(ready.ids), set(resting.ids)
        overridden = {volunteer.id for volunteer in overridden}
        candidates = []
        for volunteer in volunteers:
            key = volunteer.id
            candidates.append(
                Candidate(
                    key=key,
                    on_case=key in been_here,
                    ready=key in ready,
                    resting=key in resting,
                    running=running.get(key, 0),
                    max_cases=volunteer.max_cases,
                    conflict=key in conflicts,
                    overridden=key in overridden
                    and not any(conflict.kind == "party" for conflict in conflicts.get(key, ())),
                    experienced=volunteer.is_experienced,
                    gender=volunteer.gender or "",
                    languages=frozenset(volunteer.language_ids._ids),
                    competences=frozenset(volunteer.competence_ids._ids),
                    dayparts=frozenset(volunteer.daypart_ids._ids),
                    affinities=frozenset(volunteer.affinity_ids._ids),
                    cases_last_year=recent.get(key, 0),
                    last_case_day=last[key].toordinal() if key in last else 0,
                )
            )
        return candidates, conflicts

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_couple(self):
        """Propose pairs of mediators for this case, or a second one.

        :raise UserError: when the case is closed, or has two mediators
        """
        self.ensure_one()
        return self.env["buurtbemiddeling.couple"].create({"case_id": self.id})._reopen()
