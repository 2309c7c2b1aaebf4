from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .buurtbemiddeling_assignment import LIVE_STATES
from .buurtbemiddeling_volunteer_requirement_mixin import BLOCKING

# whoever is in one of these has worked on the case, or does
WORKED_STATES = ("accepted", "ended")
# what is asked of a volunteer as it is
PLAIN = ("id", "max_cases", "gender", "is_experienced")
# the lists of which a case may wish entries
LISTS = ("language_ids", "competence_ids", "daypart_ids", "affinity_ids")


class BuurtbemiddelingVolunteerPoolMixin(models.AbstractModel):
    """What coupling asks of all volunteers at once: one query, however many there are."""

    _name = "buurtbemiddeling.volunteer.pool.mixin"
    _description = "Pool of Volunteers"

    @api.model
    def _get_pool(self, case):
        """Return the volunteers in a phase that gets cases, and who is on the case."""
        on_case = Domain("case_id", "=", case.id) & Domain("state", "in", LIVE_STATES)
        return self.search(
            Domain("company_id", "=", case.company_id.id)
            & (Domain("stage_id.is_active", "=", True) | Domain("assignment_ids", "any", on_case))
        )

    def _get_pair_facts(self, case, day, since):
        """Return what pairs are made of, of these volunteers, in one query.

        :param day: the date on which they are asked
        :param since: date from which cases count for the load
        :return: ``{id: {...}}`` with ``PLAIN``, ``LISTS`` (lists of ids, or ``None``),
            ``is_ready`` (lacks nothing of what a new case requires), ``is_resting`` (on pause or
            away), ``was_asked`` (for this case), ``running``, ``recent`` (cases since then) and
            ``last`` (first day of the last case, or ``None``)
        """
        stages = self.env["buurtbemiddeling.volunteer.stage"]
        absences = self.env["buurtbemiddeling.volunteer.absence"]
        requirements = self.env["buurtbemiddeling.volunteer.requirement"]
        query = self._as_query(ordered=False)
        own_id, these = SQL.identifier(query.table, "id"), SQL("= ANY(%s)", self.ids)
        stage = query.left_join(query.table, "stage_id", stages._table, "id", "stage_id")
        away = absences._search(absences._domain_between(day, day))
        joins = {name: self._list_to_sql(name, these) for name in LISTS}
        joins["work"] = self._work_to_sql(case, since, these)
        for alias, rows in joins.items():
            same = SQL("%s = %s", SQL.identifier(alias, "volunteer_id"), own_id)
            query.add_join("LEFT JOIN", alias, rows, same)
        rows = self.env.execute_query_dict(
            query.select(
                *(self._field_to_sql(query.table, name) for name in PLAIN),
                *(
                    SQL("%s AS %s", SQL.identifier(name, "ids"), SQL.identifier(name))
                    for name in LISTS
                ),
                SQL(
                    "%s AND %s NOT IN %s AS is_ready",
                    stages._field_to_sql(stage, "is_active"),
                    own_id,
                    requirements._get_short_sql(these, BLOCKING),
                ),
                SQL(
                    "COALESCE(%s >= %s, FALSE) OR %s IN %s AS is_resting",
                    self._field_to_sql(query.table, "pause_until"),
                    day,
                    own_id,
                    away.subselect(absences._field_to_sql(away.table, "volunteer_id")),
                ),
                SQL(
                    "COALESCE(work.was_asked, FALSE) AS was_asked,"
                    " COALESCE(work.running, 0) AS running,"
                    " COALESCE(work.recent, 0) AS recent, work.last"
                ),
            )
        )
        return {row["id"]: row for row in rows}

    def _list_to_sql(self, name, these):
        """Return the entries in a list by volunteer; archived ones do not count."""
        field = self._fields[name]
        return SQL(
            """
            (SELECT %(volunteer)s AS volunteer_id, array_agg(%(entry)s) AS ids
               FROM %(table)s
              WHERE %(volunteer)s %(these)s AND %(entry)s IN %(entries)s
           GROUP BY %(volunteer)s)
            """,
            volunteer=SQL.identifier(field.column1),
            entry=SQL.identifier(field.column2),
            table=SQL.identifier(field.relation),
            these=these,
            entries=self.env[field.comodel_name]._search([]).subselect(),
        )

    def _work_to_sql(self, case, since, these):
        """Return how busy volunteers are, also in projects that are closed to the user: numbers."""
        assignments = self.env["buurtbemiddeling.assignment"]
        return SQL(
            """
            (SELECT volunteer_id, bool_or(case_id = %(case)s) AS was_asked,
                    count(DISTINCT case_id) FILTER (WHERE state IN %(live)s) AS running,
                    count(DISTINCT case_id) FILTER (
                        WHERE state IN %(worked)s AND date_start >= %(since)s
                    ) AS recent,
                    max(date_start) FILTER (WHERE state IN %(worked)s) AS last
               FROM buurtbemiddeling_assignment
              WHERE volunteer_id %(these)s
           GROUP BY volunteer_id)
            """,
            case=case.id,
            live=LIVE_STATES,
            worked=WORKED_STATES,
            since=since,
            these=these,
            to_flush=(
                assignments._fields[name]
                for name in ("volunteer_id", "case_id", "state", "date_start")
            ),
        )
