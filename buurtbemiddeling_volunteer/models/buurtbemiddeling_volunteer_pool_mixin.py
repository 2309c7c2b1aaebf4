from odoo import api, models
from odoo.fields import Domain

from .buurtbemiddeling_assignment import LIVE_STATES


class BuurtbemiddelingVolunteerPoolMixin(models.AbstractModel):
    """What coupling asks of all volunteers at once: each question is one query, however many."""

    _name = "buurtbemiddeling.volunteer.pool.mixin"
    _description = "Pool of Volunteers"

    @api.model
    def _get_pool(self, case):
        """Return the volunteers in a phase that gets cases, with what pairs are made of."""
        domain = Domain("stage_id.is_active", "=", True) | Domain(
            "assignment_ids", "any", [("case_id", "=", case.id), ("state", "in", LIVE_STATES)]
        )
        return self.search_fetch(
            Domain("company_id", "=", case.company_id.id) & domain,
            [
                "name", "partner_id", "area_id", "stage_id", "max_cases", "gender", "pause_until",
                "is_experienced",
                "language_ids", "competence_ids", "daypart_ids", "affinity_ids",
            ],
        )  # fmt: skip

    def _get_ready(self):
        """Return those of these volunteers who lack nothing of what a new case requires."""
        return self.search(Domain("id", "in", self.ids) & Domain("may_get_cases", "=", True))

    def _get_load(self, since):
        """Return how busy these volunteers are.

        :param since: date from which cases count for the load
        :return: ``({id: running cases}, {id: cases since then}, {id: first day of the last case})``
        """
        # sudo: how busy they are, also in projects that are closed to the user; numbers only
        rows = self.env["buurtbemiddeling.assignment"].sudo()
        mine = Domain("volunteer_id", "in", self.ids)
        running = rows._read_group(
            mine & Domain("state", "in", LIVE_STATES), ["volunteer_id"], ["case_id:count_distinct"]
        )
        worked = mine & Domain("state", "in", ("accepted", "ended"))
        recent = rows._read_group(
            worked & Domain("date_start", ">=", since), ["volunteer_id"], ["case_id:count_distinct"]
        )
        last = rows._read_group(
            worked & Domain("date_start", "!=", False), ["volunteer_id"], ["date_start:max"]
        )
        return tuple(
            {volunteer.id: value for volunteer, value in groups}
            for groups in (running, recent, last)
        )
