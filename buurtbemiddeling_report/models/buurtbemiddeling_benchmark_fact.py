from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.places import places


class BuurtbemiddelingBenchmarkFact(models.Model):
    """The facts of one case as a benchmark saw them, and the figures in which it counted.

    Only facts by which figures are defined or broken down, as codes and ids: no name, no person.
    So they outlive anonymising, and stay as they were when the case changes. ``res_id`` is a
    number and no reference, so that neither merging nor deleting a case touches it.
    """

    _name = "buurtbemiddeling.benchmark.fact"
    _description = "Facts behind a Benchmark"
    _inherit = ["buurtbemiddeling.benchmark.part.mixin", "buurtbemiddeling.pointer.mixin"]
    _pointer = ("source", "res_id")
    _order = "benchmark_id, source, res_id"
    _log_access = False  # written with the benchmark, thousands at once

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="benchmark_id.company_id", store=True, index=True, precompute=True
    )
    source = fields.Char(required=True, help="What is counted: cases, volunteers or areas.")
    res_id = fields.Integer("Counted", required=True, aggregator=None)
    facts = fields.Json()  # {name: value}
    met = fields.Json("Counts in")  # keys of the conditions, see _get_conditions of the indicator

    _counted_once = models.UniqueIndex("(benchmark_id, source, res_id)")

    @api.model
    def _get_closed_records(self):
        """A source of facts is named for the model that it is about."""
        closed = super()._get_closed_records()
        return {
            model.removeprefix("buurtbemiddeling."): records for model, records in closed.items()
        }

    def _is_at(self, names, values):
        """Whether this counts in the row ``values`` of a breakdown by the facts ``names``."""
        self.ensure_one()
        facts = self.facts or {}
        return tuple(values) in places([facts.get(name) for name in names])

    @api.model
    def _keep(self, benchmarks, source, *args):
        """Keep the facts of benchmarks, in one statement however many cases there are.

        :param benchmarks: of organisations that differ, whose facts are seen alike
        :param args: see ``_select_facts``; with the organisation among the facts
        """
        self.env.execute_query(
            SQL(
                """
                SET LOCAL jit TO off;
                WITH seen AS MATERIALIZED (%s)
                INSERT INTO %s (benchmark_id, company_id, source, res_id, facts, met)
                     SELECT benchmark.id, benchmark.company_id, %s,
                            seen.res_id, seen.facts, seen.met
                       FROM seen
                       JOIN buurtbemiddeling_benchmark benchmark
                         ON benchmark.company_id = (seen.facts->>'company_id')::integer
                        AND benchmark.id = ANY(%s)
                """,
                self._select_facts(*args),
                SQL.identifier(self._table),
                source,
                benchmarks.ids,
            )
        )
        self._tell(benchmarks)

    @api.model
    def _select_facts(self, facts, domain, conditions, names):
        """Return the query of ``(res_id, facts, met)`` as of now, ``facts`` and ``met`` as JSON.

        :param facts: the model of facts, seen in a period and on a reference date; its
            ``_rec_name`` is the record that a row is about
        :param domain: which cases
        :param conditions: ``{key: domain}``; ``met`` lists the keys of those that a case meets
        :param names: the facts to tell
        """
        query = facts._search(domain, active_test=False)
        record_id = facts._field_to_sql(facts._table, facts._rec_name, query)
        columns = [SQL("%s AS res_id", record_id)]
        for name in names:
            field = facts._fields[name]
            if field.type == "many2many":
                value = SQL(
                    "ARRAY(SELECT rel.value FROM %(rel)s AS rel (fact_id, value)"
                    " WHERE rel.fact_id = %(id)s ORDER BY rel.value)",
                    rel=facts._values_sql(name),
                    id=facts._field_to_sql(facts._table, "id", query),
                )
            else:
                value = facts._field_to_sql(facts._table, name, query)
            columns.append(SQL("%s AS %s", value, SQL.identifier(name)))
        met = [
            SQL(
                "CASE WHEN %s THEN %s END",
                Domain(condition).optimize_full(facts)._to_sql(facts, facts._table, query),
                key,
            )
            for key, condition in conditions.items()
        ]
        columns.append(SQL("array_remove(ARRAY[%s]::text[], NULL) AS met", SQL(", ").join(met)))
        # materialized: else each fact is worked out again wherever the row is used
        return SQL(
            "WITH fact AS MATERIALIZED (%s)"
            " SELECT fact.res_id, to_jsonb(fact) - 'res_id' - 'met' AS facts,"
            " to_jsonb(fact.met) AS met FROM fact",
            query.select(*columns),
        )
