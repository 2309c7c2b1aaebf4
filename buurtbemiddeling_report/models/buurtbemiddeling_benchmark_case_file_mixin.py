from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools.delimited import BOM, csv_text
from .buurtbemiddeling_case_report import NOT_RECORDED

#: Rows that are fetched and sent at a time: memory does not grow with the number of cases.
CHUNK = 500
#: What stands where a fact was left out because too few cases share it.
WITHHELD = "*"
#: Facts by which an outsider could recognise a case, in the order in which they are given up.
RECOGNISABLE = (
    "age_band",
    "household",
    "tenure",
    "registration_month",
    "referrer_type",
    "municipality",
)
#: Facts that nobody is to learn of a case, each with the columns that tell the same.
SENSITIVE = {
    "main_nuisance_type": (),
    "nuisance_types": (),
    "intervention": (),
    "outcome": ("is_suitable", "is_handled", "is_positive"),
    "is_complex": (),
}


class BuurtbemiddelingBenchmarkCaseFileMixin(models.AbstractModel):
    """The cases behind a benchmark as an anonymous file, one row a case.

    No name, number, database id, contact person or text, and no order that tells anything. What
    was coarsened:

    - days are months, and a month is only that of registration; the days that a case took are
      numbers, known once it is closed;
    - places are municipalities, never neighbourhoods;
    - complexity is yes or no: the kinds are about health and accusations;
    - when fewer cases than the organisation's small-number threshold share municipality, kind of
      referrer, month, tenure, household and age, these are left out (``*``) one after another (see
      ``RECOGNISABLE``) until enough cases share what is left, or nothing is (k-anonymity by local
      suppression; Sweeney 2002). ``*`` is not ``NONE``, which means not recorded. When too few
      cases have everything left out, the smallest other group joins them;
    - when all cases that share these facts have the same result, the file would tell it of each of
      them: then the result of that group is left out, and likewise its nuisance, form of help and
      complexity (l-diversity with l = 2; Machanavajjhala et al. 2007).

    The facts are those of today, as known on the reference date of the benchmark.
    """

    _name = "buurtbemiddeling.benchmark.case.file.mixin"
    _description = "Anonymous Case File of a Benchmark"

    def _check_case_file(self):
        """Raise ``AccessError`` or ``UserError``, with a sentence, when the file can not be had."""
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if not user.has_group("buurtbemiddeling_case.group_user"):
            raise AccessError(
                self.env._("Only coordinators download the anonymous case file. Ask one of them.")
            )
        if not user.has_group("base.group_allow_export"):
            raise AccessError(
                self.env._(
                    "You may not export yet. Ask the administrator for “Access to export feature”."
                )
            )
        self._check_sees_all_cases()
        count = self._get_facts().search_count(self._get_scope())
        if count < self._get_fewest():
            raise UserError(
                self.env._(
                    "There are fewer than %s cases. A file of so few would tell who they are.",
                    self._get_fewest(),
                )
            )

    def _get_fewest(self):
        """Return how many cases share what the file says of one of them."""
        return max(self.company_id.buurtbemiddeling_small_number, 2)

    def _stream_cases(self):
        """Yield the file as pieces of text (CSV as ``_render_csv``), never more than one at hand.

        The rows come from a server-side cursor; see ``_check_case_file`` for who may have them.
        """
        self._check_case_file()
        yield BOM + csv_text([(self._get_case_file_notice(),), self._get_case_file_head()])
        sql = self._select_cases()
        self.env.flush_query(sql)
        with self.env.cr._cnx.cursor("buurtbemiddeling_case_file") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(sql.code, sql.params)
            while rows := cursor.fetchmany(CHUNK):
                yield csv_text(rows)

    def _release_case_file(self):
        """Note that the case file was taken: by whom and when, and nothing of what is in it."""
        self._check_case_file()
        # sudo: nobody may make, change or delete what is noted; this is the one way in, for whom
        # may have the file
        self.env["buurtbemiddeling.benchmark.release"].sudo().create(
            {
                **self._prepare_release(None),
                "kind": "cases",
                "threshold": self._get_fewest(),
                "counts": {"": {}},
                "line_count": 0,
            }
        )

    def _get_case_file_notice(self):
        """Return the first line of the file: what it is, and what was coarsened."""
        sentences = [
            self.env._(
                "# %(name)s, made on %(day)s. One row a case, in no order. Month instead of day,"
                " municipality instead of neighbourhood, complexity only yes or no. NONE is not"
                " recorded. * is left out: fewer than %(fewest)s cases shared municipality, kind of"
                " referrer, month, home, household and age (given up in the opposite order).",
                name=self.name,
                day=format_date(self.env, fields.Date.context_today(self)),
                fewest=self._get_fewest(),
            ),
            self.env._(
                "Where all cases that share these have the same result, nuisance, form of help or"
                " complexity, that is left out too."
            ),
        ]
        if self.state == "frozen":
            sentences.append(
                self.env._("The facts are those of today: they may differ from the frozen figures.")
            )
        return " ".join(sentences)

    def _get_case_file_head(self):
        """Return the headings, in the order of ``_select_cases``."""
        return (
            self.env._("Municipality"),
            self.env._("Kind of referrer"),
            self.env._("Month of registration"),
            self.env._("Home"),
            self.env._("Household"),
            self.env._("Age"),
            self.env._("Main nuisance"),
            self.env._("Nuisance"),
            self.env._("Form of help"),
            self.env._("Result"),
            self.env._("Complex"),
            self.env._("Registered in the year"),
            self.env._("Closed in the year"),
            self.env._("Running"),
            self.env._("Suitable"),
            self.env._("Handled"),
            self.env._("Positive"),
            self.env._("Own days"),
            self.env._("Waiting days"),
        )

    def _select_cases(self):
        """Return the query of the rows: facts, then one fact less a step, then in no order."""
        steps = [
            SQL(
                """
                step_%(next)s AS (
                    SELECT *, CASE WHEN count(*) OVER (PARTITION BY %(current)s) < %(fewest)s
                                   THEN %(withheld)s ELSE %(source)s END AS %(target)s
                      FROM step_%(index)s
                )
                """,
                next=SQL(str(index + 1)),
                index=SQL(str(index)),
                current=SQL(", ").join(
                    SQL.identifier(f"{name}_{1 if position < index else 0}")
                    for position, name in enumerate(RECOGNISABLE)
                ),
                fewest=self._get_fewest(),
                withheld=WITHHELD,
                source=SQL.identifier(f"{name}_0"),
                target=SQL.identifier(f"{name}_1"),
            )
            for index, name in enumerate(RECOGNISABLE)
        ]
        left = SQL(", ").join(SQL.identifier(f"{name}_1") for name in RECOGNISABLE)
        nothing_left = SQL(" AND ").join(
            SQL("%s = %s", SQL.identifier(f"{name}_1"), WITHHELD) for name in RECOGNISABLE
        )
        return SQL(
            """
            WITH step_0 AS MATERIALIZED (%(facts)s), %(steps)s,
                 final AS (
                    SELECT *, count(*) OVER (PARTITION BY %(left)s) AS size,
                           count(*) FILTER (WHERE %(nothing)s) OVER () AS bare,
                           (%(nothing)s) AS is_bare,
                           dense_rank() OVER (ORDER BY %(left)s) AS place
                      FROM step_%(last)s
                 ),
                 ranked AS (
                    SELECT *, first_value(place) OVER (ORDER BY is_bare, size, place) AS smallest
                      FROM final
                 ),
                 shown AS (
                    SELECT *, %(shown)s
                      FROM ranked
                 )
            SELECT %(names)s, %(told)s, is_registered, is_closed_in_period, is_running,
                   %(flags)s, own_days, waiting_days
              FROM shown
            WINDOW alike AS (PARTITION BY %(names)s)
          ORDER BY random()
            """,
            facts=self._select_case_facts(),
            steps=SQL(", ").join(steps),
            left=left,
            nothing=nothing_left,
            last=SQL(str(len(RECOGNISABLE))),
            shown=SQL(", ").join(
                SQL(
                    "CASE WHEN bare > 0 AND bare < %s AND place = smallest THEN %s ELSE %s END"
                    " AS %s",
                    self._get_fewest(),
                    WITHHELD,
                    SQL.identifier(f"{name}_1"),
                    SQL.identifier(name),
                )
                for name in RECOGNISABLE
            ),
            names=SQL(", ").join(SQL.identifier(name) for name in reversed(RECOGNISABLE)),
            told=SQL(", ").join(self._select_told(name, name) for name in SENSITIVE),
            flags=SQL(", ").join(
                self._select_told(name, flag) for name, flags in SENSITIVE.items() for flag in flags
            ),
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

    def _select_case_facts(self):
        """Return the query of the facts of the cases, as codes; nothing else is read."""
        facts = self._get_facts()
        query = facts._search(self._get_scope(), active_test=False)

        def fact(name):
            return facts._field_to_sql(facts._table, name, query)

        def code(name):
            return SQL(
                "(SELECT list.code FROM %s AS list WHERE list.id = %s)",
                SQL.identifier(self.env[facts._fields[name].comodel_name]._table),
                fact(name),
            )

        def recorded(value):
            return SQL("COALESCE(%s, %s)", value, NOT_RECORDED)

        def yes(name):
            return SQL("CASE WHEN %s THEN 1 ELSE 0 END AS %s", fact(name), SQL.identifier(name))

        nuisance = facts._fields["nuisance_type_ids"]
        nuisances = SQL(
            "(SELECT string_agg(list.code, '|' ORDER BY list.code) FROM %s AS rel"
            " JOIN %s AS list ON list.id = rel.%s WHERE rel.%s = %s)",
            SQL.identifier(nuisance.relation),
            SQL.identifier(self.env[nuisance.comodel_name]._table),
            SQL.identifier(nuisance.column2),
            SQL.identifier(nuisance.column1),
            fact("id"),
        )
        month = SQL("to_char(%s, 'YYYY-MM')", fact("registration_date"))
        return query.select(
            SQL("%s AS municipality_0", recorded(code("municipality_id"))),
            SQL("%s AS referrer_type_0", recorded(code("referrer_type_id"))),
            SQL("%s AS registration_month_0", recorded(month)),
            SQL("%s AS tenure_0", recorded(fact("tenure"))),
            SQL("%s AS household_0", recorded(fact("household"))),
            SQL("%s AS age_band_0", recorded(fact("age_band"))),
            SQL("%s AS main_nuisance_type", recorded(code("main_nuisance_type_id"))),
            SQL("%s AS nuisance_types", recorded(nuisances)),
            SQL("%s AS intervention", recorded(code("intervention_id"))),
            SQL("%s AS outcome", recorded(code("outcome_id"))),
            yes("is_complex"),
            yes("is_registered"),
            yes("is_closed_in_period"),
            yes("is_running"),
            yes("is_suitable"),
            yes("is_handled"),
            yes("is_positive"),
            SQL("CASE WHEN %s THEN %s END AS own_days", fact("is_closed"), fact("own_days")),
            SQL(
                "CASE WHEN %s THEN %s END AS waiting_days", fact("is_closed"), fact("waiting_days")
            ),
        )
