from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.pairing import Candidate, Wish, propose
from .buurtbemiddeling_assignment import LIVE_STATES

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
        asked = defaultdict(set)
        queries = self._get_wish_queries()
        for topic, entry_id in self.env.execute_query(
            SQL(" UNION ALL ").join(
                query.select(SQL("%s", topic), SQL.identifier(query.table, "id"))
                for topic, query in queries.items()
            )
        ):
            asked[topic].add(entry_id)
        return Wish(
            **{topic: frozenset(asked[topic]) for topic in queries},
            mixed_gender=self.wants_mixed_pair,
            lifted=frozenset(lifted),
        )

    def _get_wish_queries(self):
        """Return ``{topic: query}`` of the entries of code lists that this case asks for."""
        parties = self.env["buurtbemiddeling.case.party"]._search([("case_id", "=", self.id)])
        languages = self.env["buurtbemiddeling.language"].with_context(active_test=False)
        return {
            "languages": languages._search(
                Domain("code", "!=", WORKING_LANGUAGE)
                & Domain("id", "in", parties.subselect("language_id"))
            ),
            "competences": self._get_competence_query(),
            "dayparts": self.env["buurtbemiddeling.daypart"]._search(
                Domain("id", "in", self._list_to_sql("daypart_ids"))
            ),
            "affinities": self.env["buurtbemiddeling.affinity"]._search(
                Domain("id", "in", self._list_to_sql("affinity_ids"))
            ),
        }

    def _get_competence_query(self):
        """Return the competences that the form of help, complexity or nuisance asks for."""
        return self.env["buurtbemiddeling.competence"]._search(
            Domain("intervention_ids", "in", self.intervention_id.ids)
            | Domain.OR(
                Domain(name, "any", [("id", "in", self._list_to_sql(name))])
                for name in ("complexity_ids", "nuisance_type_ids")
            )
        )

    def _list_to_sql(self, name):
        """Return the ids in a list of this case, as a subselect."""
        field = self._fields[name]
        return SQL(
            "(SELECT %s FROM %s WHERE %s = %s)",
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
            self.id,
        )

    def _get_present_mediator(self):
        """Return the one mediator who is on the case, who needs a second, or an empty record.

        :raise UserError: when there are two already
        """
        self.ensure_one()
        live = self.env["buurtbemiddeling.assignment"].search_fetch(
            [("case_id", "=", self.id), ("state", "in", LIVE_STATES)], ["volunteer_id"]
        )
        live = live.volunteer_id
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
        facts_by_id = volunteers._get_pair_facts(self, today, today - LOAD_PERIOD)
        conflicts = {}
        for conflict in self.env["buurtbemiddeling.assignment"]._get_conflicts(self, volunteers):
            conflicts.setdefault(conflict.volunteer.id, []).append(conflict)
        overridden = {volunteer.id for volunteer in overridden}
        candidates = [
            Candidate(
                key=facts["id"],
                on_case=facts["was_asked"],
                ready=facts["is_ready"],
                resting=facts["is_resting"],
                running=facts["running"],
                max_cases=facts["max_cases"] or 0,
                conflict=facts["id"] in conflicts,
                overridden=facts["id"] in overridden
                and not any(tie.kind == "party" for tie in conflicts.get(facts["id"], ())),
                experienced=bool(facts["is_experienced"]),
                gender=facts["gender"] or "",
                languages=frozenset(facts["language_ids"] or ()),
                competences=frozenset(facts["competence_ids"] or ()),
                dayparts=frozenset(facts["daypart_ids"] or ()),
                affinities=frozenset(facts["affinity_ids"] or ()),
                cases_last_year=facts["recent"],
                last_case_day=facts["last"].toordinal() if facts["last"] else 0,
            )
            for facts in map(facts_by_id.get, volunteers.ids)
        ]
        return candidates, conflicts

    def _propose_pairs(self, limit, lifted=(), overridden=(), present=None):
        """Return the best pairs of mediators for this case, and what they were chosen by.

        It takes as many queries for two volunteers as for all of the country.

        :param limit: how many pairs
        :param lifted: names of the filters that the coordinator lifted
        :param overridden: volunteers of whom the coordinator said why a tie is no objection
        :param present: the mediator who is on the case already and needs a second, if any
        :return: ``(Proposal, Wish, {volunteer id: [Conflict, ...]})``
        """
        wish = self._get_wish(lifted)
        candidates, conflicts = self._get_candidates(overridden)
        fixed = next((one for one in candidates if present and one.key == present.id), None)
        weights = self.env["buurtbemiddeling.pairing.criterion"]._get_weights()
        return propose(candidates, wish, weights, limit, fixed), wish, conflicts

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_couple(self):
        """Propose pairs of mediators for this case, or a second one.

        :raise UserError: when the case is closed, or has two mediators
        """
        self.ensure_one()
        return self.env["buurtbemiddeling.couple"].create({"case_id": self.id})._reopen()
