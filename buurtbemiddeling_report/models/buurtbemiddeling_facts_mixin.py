from collections import namedtuple
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: One number asked of the facts: of those that meet ``domain``, how many there are, or the sum of
#: ``measure``, or its percentile at ``fraction``.
Term = namedtuple("Term", "domain measure fraction", defaults=(None, None))


class BuurtbemiddelingFactsMixin(models.AbstractModel):
    """Rows of facts, seen in a period and on a reference date: what figures are made of.

    The period and the date come from the context: ``period_start``, ``period_end`` and
    ``reference_date``, all dates. Without them the period is all time and the reference date today.
    ``facts_area_ids`` holds the areas that the figures are about, ``facts_project_id`` the project,
    if not all; with ``facts_this_year`` the period is this year, which screens can not know.

    Areas are those of the period: a municipality that merged counts under the new one from the year
    of the merger on, and under its own code in the years before.
    """

    _name = "buurtbemiddeling.facts.mixin"
    _description = "Facts"

    #: facts that lead to a case or a person: no figure is defined by them, no breakdown kept by
    #: them
    _personal_facts = ()
    #: whether it is known where these facts are, so that figures on some areas can count them
    _has_places = True

    @api.model
    def _of_year(self, year, reference_date, areas=None, project=None):
        """Return this model, seen in a year and as known on a reference date.

        :param areas: records, when the figures are about some areas only
        :param project: record, when they are about one project only
        """
        return self.with_context(
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            reference_date=reference_date,
            facts_area_ids=tuple(areas.ids) if areas else (),
            facts_project_id=project.id if project else False,
            active_test=False,
        )

    @api.model
    def _get_scope(self, company, areas=None, project=None):
        """Return the domain of the facts of organisations, in some areas or everywhere.

        What falls under a project is what says so: an area is served by another one next year.
        """
        scope = Domain("company_id", "in", company.ids)
        if project:
            scope &= Domain("project_id", "=", project.id)
        if areas:
            towns = areas.filtered(lambda area: area.kind == "municipality")
            place = Domain("municipality_id", "in", towns.ids)
            if areas - towns:
                place |= Domain("area_id", "child_of", (areas - towns).ids)
            scope &= place
        return scope

    @api.model
    def _get_breakdown_facts(self):
        """Return the names of the facts that a breakdown may be by: those with codes."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many", "selection", "char")
            and name not in (*models.MAGIC_COLUMNS, "display_name", *self._personal_facts)
        ]

    def _get_records(self):
        """Return the records that these facts are about; a fact has the id of its record."""
        return self.env[self._name.removesuffix(".report")].browse(self.ids)

    # ------------------------------------------------------------
    # PARTS OF QUERIES
    # ------------------------------------------------------------

    def _get_period(self):
        """Return first day, last day and reference date, as dates or as what SQL calls infinity."""
        context, today = self.env.context, fields.Date.context_today(self)
        if context.get("facts_this_year"):
            return date(today.year, 1, 1), date(today.year, 12, 31), today
        return (
            fields.Date.to_date(context.get("period_start")) or "-infinity",
            fields.Date.to_date(context.get("period_end")) or "infinity",
            fields.Date.to_date(context.get("reference_date")) or today,
        )

    def _period_sql(self):
        """Return one row: ``start``, ``stop``, the ``reference`` date, ``last`` and ``due``.

        ``last`` is the last day known: what happened after the reference date is not known yet.
        ``due`` is the day on which it is seen what is too late: with a reference date that is still
        to come that is today, as what is not due yet may still be done in time.
        """
        return SQL(
            """(
                SELECT period.*, LEAST(period.stop, period.reference) AS last,
                       LEAST(period.reference, %s::date) AS due
                  FROM (SELECT %s::date AS start, %s::date AS stop, %s::date AS reference) period
            )""",
            fields.Date.context_today(self),
            *self._get_period(),
        )

    def _merger_sql(self, each_step=False):
        """Return rows ``area_id, now_id``: areas that merged, and what they were in the period.

        :param each_step: also what they became in between, when there were several mergers
        """
        _start, stop, _reference = self._get_period()
        return SQL(
            """(
                WITH RECURSIVE step AS (
                    SELECT id AS area_id, merged_into_id AS now_id
                      FROM buurtbemiddeling_area
                     WHERE merged_on <= %(stop)s
                 UNION ALL
                    SELECT step.area_id, area.merged_into_id
                      FROM step
                      JOIN buurtbemiddeling_area area
                        ON area.id = step.now_id AND area.merged_on <= %(stop)s
                )
                SELECT step.area_id, step.now_id
                  FROM step
                  JOIN buurtbemiddeling_area area ON area.id = step.now_id
                 WHERE %(each_step)s OR COALESCE(area.merged_on > %(stop)s, TRUE)
            )""",
            stop=stop,
            each_step=each_step,
        )

    def _served_area_sql(self):
        """Return rows ``company_id, area_id``: the areas that organisations work in, as they say.

        Those are the areas that the figures are about, or else the areas of the projects that ran
        in the period, or of the one project, archived ones too. Areas may lie inside one another.

        The organisation works in what its municipalities became by a merger. One project goes on
        taking cases of the old municipality only, so it keeps that one, with its own inhabitants;
        unless it serves the new one as well, in which these are counted.
        """
        area_ids = self.env.context.get("facts_area_ids")
        project_id = self.env.context.get("facts_project_id")
        if area_ids:
            named = SQL(
                "SELECT company.id AS company_id, area.id AS area_id"
                " FROM res_company company CROSS JOIN buurtbemiddeling_area area"
                " WHERE area.id IN %s",
                tuple(area_ids),
            )
        else:
            named = SQL(
                "SELECT project.company_id, served.area_id"
                " FROM buurtbemiddeling_project project"
                " JOIN buurtbemiddeling_project_area_rel served ON served.project_id = project.id"
                " CROSS JOIN %s period"
                " WHERE COALESCE(project.date_start <= period.stop, TRUE)"
                " AND COALESCE(project.date_end >= period.start, TRUE)"
                " AND %s IN (project.id, 0)",
                self._period_sql(),
                project_id or 0,
            )
        if project_id and not area_ids:
            return SQL(
                """(
                    WITH named AS (%s)
                    SELECT named.company_id, named.area_id
                      FROM named
                     WHERE NOT EXISTS (
                               SELECT FROM %s merger
                                 JOIN named larger ON larger.area_id = merger.now_id
                                WHERE merger.area_id = named.area_id
                           )
                )""",
                named,
                self._merger_sql(each_step=True),
            )
        return SQL(
            """(
                SELECT DISTINCT named.company_id, COALESCE(merger.now_id, named.area_id) AS area_id
                  FROM (%s) named
             LEFT JOIN %s merger ON merger.area_id = named.area_id
            )""",
            named,
            self._merger_sql(),
        )

    # ------------------------------------------------------------
    # COUNTING
    # ------------------------------------------------------------

    @api.model
    def _aggregate(self, domain, terms, breakdowns):
        """Work out all terms in all breakdowns in one pass over the facts.

        :param domain: which facts
        :param terms: list of ``Term``
        :param breakdowns: list of tuples of one or two field names; ``()`` is the total. A fact
            with several values of a many2many counts under each.
        :return: rows ``(index of the breakdown, value, second value, numbers)``; values are
            database ids, selection values or text, ``None`` where not recorded; a percentile over
            nothing is ``None``
        """
        return [row[1:] for row in self._aggregate_apart(None, domain, terms, breakdowns)]

    @api.model
    def _aggregate_apart(self, fact, domain, terms, breakdowns):
        """Do the same for each value of a fact apart, in the same pass; see ``_aggregate``.

        :param fact: the name of a stored many2one, ``None`` to count all together
        :return: the same rows, each with the value (an id) before it
        """
        query = self._search(domain, active_test=False)
        apart = self._field_to_sql(self._table, fact, query) if fact else SQL("NULL::integer")
        columns = [
            SQL("%s AS id", self._field_to_sql(self._table, "id", query)),
            SQL("%s AS apart", apart),
        ]
        names = {name for breakdown in breakdowns for name in breakdown}
        names.update(term.measure for term in terms if term.measure)
        columns += [
            SQL("%s AS %s", self._field_to_sql(self._table, name, query), SQL.identifier(name))
            for name in sorted(names)
            if self._fields[name].type != "many2many"
        ]
        conditions, numbers = [], []
        for term in terms:
            if term.domain not in conditions:
                conditions.append(term.domain)
            numbers.append(self._term_sql(term, conditions.index(term.domain)))
        for index, condition in enumerate(conditions):
            optimized = Domain(condition).optimize_full(self)
            columns.append(
                SQL(
                    "COALESCE(%s, FALSE) AS %s",
                    optimized._to_sql(self, self._table, query),
                    SQL.identifier(f"condition_{index}"),
                )
            )
        # Compiling hundreds of aggregates takes PostgreSQL seconds, counting them milliseconds.
        statement = SQL(
            """
            SET LOCAL jit TO off;
            WITH fact AS MATERIALIZED (%(facts)s)
            SELECT fact.apart, slice.breakdown, slice.first, slice.second, %(numbers)s
              FROM fact CROSS JOIN LATERAL (%(slices)s) AS slice (breakdown, first, second)
          GROUP BY fact.apart, slice.breakdown, slice.first, slice.second
            """,
            facts=query.select(*columns),
            numbers=SQL(", ").join(numbers),
            slices=SQL(" UNION ALL ").join(
                self._slice_sql(index, breakdown) for index, breakdown in enumerate(breakdowns)
            ),
        )
        return [(*row[:4], row[4:]) for row in self.env.execute_query(statement)]

    def _term_sql(self, term, condition):
        """Return one number over the facts that meet the condition with this index."""
        here = SQL("FILTER (WHERE fact.%s)", SQL.identifier(f"condition_{condition}"))
        if not term.measure:
            return SQL("count(*) %s", here)
        measure = SQL("fact.%s", SQL.identifier(term.measure))
        if term.fraction:
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s) %s", term.fraction, measure, here
            )
        # a float at last: amounts are exact, and add up to the same in any order
        return SQL("COALESCE(sum(%s) %s, 0)::double precision", measure, here)

    def _slice_sql(self, index, names):
        """Return the rows under which one fact counts in one breakdown."""
        values, joins = [], []
        for name in names:
            if self._fields[name].type == "many2many":
                alias = SQL.identifier(f"{name}_{index}")
                joins.append(
                    SQL(
                        "LEFT JOIN %s AS %s (fact_id, value) ON %s.fact_id = fact.id",
                        self._values_sql(name),
                        alias,
                        alias,
                    )
                )
                values.append(SQL("%s.value::text", alias))
            else:
                values.append(SQL("fact.%s::text", SQL.identifier(name)))
        values += [SQL("NULL")] * (2 - len(values))
        return SQL(
            "SELECT %s, %s FROM (SELECT 1) AS one %s",
            index,
            SQL(", ").join(values),
            SQL(" ").join(joins),
        )

    def _values_sql(self, name):
        """Return the rows ``fact id, value`` of a fact with several values."""
        field = self._fields[name]
        return SQL(
            "(SELECT %s, %s FROM %s)",
            SQL.identifier(field.column1),
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
        )
