from odoo import models
from odoo.tools import SQL

from .buurtbemiddeling_benchmark_case_file_mixin import RECOGNISABLE, SENSITIVE
from .buurtbemiddeling_case_report import NOT_RECORDED

#: What stands where a fact was left out because too few cases share it.
WITHHELD = "*"
#: Facts of which the file tells the code, by column.
CODES = {
    "municipality_0": "municipality_id",
    "referrer_type_0": "referrer_type_id",
    "main_nuisance_type": "main_nuisance_type_id",
    "intervention": "intervention_id",
    "outcome": "outcome_id",
}
#: Facts that are told as 1 or 0.
FLAGS = (
    "is_complex", "is_registered", "is_closed_in_period", "is_running", "is_suitable",
    "is_handled", "is_positive",
)  # fmt: skip


def _of_group(column):
    """Return a column of the group of a case that keeps most facts, ``NULL`` without one."""
    groups = [f"group_{level}" for level in range(len(RECOGNISABLE), 0, -1)]
    return SQL("COALESCE(%s)", SQL(", ").join(SQL.identifier(group, column) for group in groups))


def _same(one, other, level):
    """Return the condition that two tables have the same first facts."""
    return SQL(" AND ").join(
        SQL("%s = %s", SQL.identifier(one, f"{name}_0"), SQL.identifier(other, f"{name}_0"))
        for name in RECOGNISABLE[:level]
    )


class BuurtbemiddelingBenchmarkCaseQueryMixin(models.AbstractModel):
    """The query of the anonymous case file, which leaves out what would tell whose case it is."""

    _name = "buurtbemiddeling.benchmark.case.query.mixin"
    _description = "Query of an Anonymous Case File"

    def _select_cases(self, since=None):
        """Return the query of the rows: facts, then groups of cases that share them, in no order.

        A case is in the group that keeps most of its recognisable facts; ``alike`` numbers them, 0
        is of the cases of which all is left out.
        """
        levels = range(len(RECOGNISABLE), 0, -1)
        return SQL(
            """
            WITH fact AS MATERIALIZED (%(facts)s), nuisance AS (%(nuisances)s), %(groups)s,
                 shown AS (
                    SELECT %(shown)s, fact.*, COALESCE(nuisance.codes, %(none)s) AS nuisance_types,
                           COALESCE(%(alike)s, 0) AS alike
                      FROM fact
                 LEFT JOIN nuisance ON nuisance.case_id = fact.id
                 %(joins)s
                 )
            SELECT %(names)s, %(told)s, is_registered, is_closed_in_period, is_running,
                   %(flags)s, own_days, waiting_days
              FROM shown
            WINDOW alike AS (PARTITION BY shown.alike)
          ORDER BY random()
            """,
            facts=self._select_case_facts(since),
            nuisances=self._select_nuisances(),
            groups=self._select_groups(),
            none=NOT_RECORDED,
            shown=SQL(", ").join(
                SQL(
                    "CASE WHEN %s >= %s THEN fact.%s ELSE %s END AS %s",
                    _of_group("told"),
                    place,
                    SQL.identifier(f"{name}_0"),
                    WITHHELD,
                    SQL.identifier(name),
                )
                for place, name in enumerate(RECOGNISABLE, start=1)
            ),
            alike=_of_group("place"),
            joins=SQL(" ").join(
                SQL(
                    "LEFT JOIN grouped AS %(group)s ON %(group)s.level = %(level)s AND %(same)s",
                    group=SQL.identifier(f"group_{level}"),
                    level=level,
                    same=_same("fact", f"group_{level}", level),
                )
                for level in levels
            ),
            names=SQL(", ").join(SQL.identifier(name) for name in RECOGNISABLE),
            told=SQL(", ").join(self._select_told(name, name) for name in SENSITIVE),
            flags=SQL(", ").join(
                self._select_told(name, flag) for name, flags in SENSITIVE.items() for flag in flags
            ),
        )

    def _select_groups(self):
        """Return the queries that end with ``grouped``: cases that may be told from the others.

        ``shared`` counts those that share their first facts, for each number of facts (``level``).
        From all facts to one, ``kept`` takes those groups that are large enough without the cases
        that were taken before: they are told apart by more. Where too few are left over at the
        end, the smallest group joins them.
        """
        columns = [SQL.identifier(f"{name}_0") for name in RECOGNISABLE]
        steps = [
            SQL(
                """
                kept_%(level)s AS (
                    SELECT * FROM kept_%(before)s
                     UNION ALL
                    SELECT %(columns)s, shared.level, shared.size - COALESCE(taken.size, 0)
                      FROM shared
                 LEFT JOIN (
                            SELECT %(first)s, sum(size) AS size
                              FROM kept_%(before)s
                          GROUP BY %(first)s
                           ) AS taken ON %(same)s
                     WHERE shared.level = %(level)s
                       AND shared.size - COALESCE(taken.size, 0) >= %(fewest)s
                )
                """,
                level=SQL(str(level)),
                before=SQL(str(level + 1)),
                columns=SQL(", ").join(SQL("shared.%s", column) for column in columns),
                first=SQL(", ").join(columns[:level]),
                same=_same("shared", "taken", level),
                fewest=self._get_fewest(),
            )
            for level in range(len(columns) - 1, 0, -1)
        ]
        return SQL(
            """
            shared AS (
                SELECT %(columns)s, num_nonnulls(%(columns)s) AS level, count(*) AS size
                  FROM fact
              GROUP BY ROLLUP (%(columns)s)
                HAVING count(*) >= %(fewest)s
            ),
            kept_%(count)s AS (SELECT * FROM shared WHERE level = %(count)s), %(steps)s,
            placed AS (
                SELECT *, row_number() OVER (ORDER BY size, %(in_order)s) AS place FROM kept_1
            ),
            grouped AS MATERIALIZED (
                SELECT %(columns)s, level,
                       CASE WHEN place = 1 AND is_short THEN 0 ELSE level END AS told,
                       CASE WHEN place = 1 AND is_short THEN 0 ELSE place END AS place
                  FROM placed,
                       (SELECT (SELECT count(*) FROM fact) - COALESCE(sum(size), 0)
                               BETWEEN 1 AND %(fewest)s - 1 AS is_short
                          FROM placed) AS rest
            )
            """,
            columns=SQL(", ").join(columns),
            fewest=self._get_fewest(),
            count=SQL(str(len(columns))),
            steps=SQL(", ").join(steps),
            in_order=SQL(", ").join(SQL("%s NULLS FIRST", column) for column in columns),
        )

    def _select_told(self, name, column):
        """Return a column, left out where the cases of a group all have one value of a fact.

        What was not recorded is no value: of the others it would still be told.
        """
        return SQL(
            "CASE WHEN min(%(fact)s::text) FILTER (WHERE %(fact)s::text != %(none)s) OVER alike"
            " = max(%(fact)s::text) FILTER (WHERE %(fact)s::text != %(none)s) OVER alike"
            " THEN %(withheld)s ELSE %(column)s::text END",
            fact=SQL.identifier(name),
            none=NOT_RECORDED,
            withheld=WITHHELD,
            column=SQL.identifier(column),
        )

    def _select_case_facts(self, since):
        """Return the query of the facts of the cases, as codes; nothing else is read."""
        facts = self._get_case_file_facts(since)
        query = facts._search(self._get_scope(), active_test=False)

        def fact(name):
            return facts._field_to_sql(facts._table, name, query)

        def code(name):
            entries, alias = facts._fields[name].join(facts, facts._table, query)
            return entries._field_to_sql(alias, "code", query)

        def recorded(value, name):
            return SQL("COALESCE(%s, %s) AS %s", value, NOT_RECORDED, SQL.identifier(name))

        def yes(name):
            return SQL("CASE WHEN %s THEN 1 ELSE 0 END AS %s", fact(name), SQL.identifier(name))

        def days(name):
            return SQL(
                "CASE WHEN %s THEN %s END AS %s",
                fact("is_closed"),
                fact(name),
                SQL.identifier(name),
            )

        month = SQL("to_char(%s, 'YYYY-MM')", fact("registration_date"))
        return query.select(
            SQL("%s AS id", fact("id")),
            *(recorded(code(field), name) for name, field in CODES.items()),
            *(recorded(fact(name), f"{name}_0") for name in ("tenure", "household", "age_band")),
            recorded(month, "registration_month_0"),
            *(yes(name) for name in FLAGS),
            days("own_days"),
            days("waiting_days"),
        )

    def _select_nuisances(self):
        """Return the query of the codes of nuisance of the cases in ``fact``, one text a case."""
        nuisance = self._get_facts()._fields["nuisance_type_ids"]
        return SQL(
            """
            SELECT case_id, string_agg(code, '|') AS codes
              FROM (
                    SELECT named.%(case)s AS case_id, list.code
                      FROM fact
                      JOIN %(relation)s AS named ON named.%(case)s = fact.id
                      JOIN %(table)s AS list ON list.id = named.%(nuisance)s
                  ORDER BY case_id, list.code
                   ) AS named
          GROUP BY case_id
            """,
            case=SQL.identifier(nuisance.column1),
            nuisance=SQL.identifier(nuisance.column2),
            relation=SQL.identifier(nuisance.relation),
            table=SQL.identifier(self.env[nuisance.comodel_name]._table),
        )
