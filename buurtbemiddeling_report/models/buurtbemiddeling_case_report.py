from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case import (
    CHANNELS,
    ESCALATIONS,
    QUARREL_DURATIONS,
)
from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_feedback_mixin import (
    FEEDBACK_STATES,
)
from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_party import (
    AGE_BANDS,
    HOUSEHOLDS,
    TENURES,
)

NOT_RECORDED = "NONE"
# facts that lead to a case or a person: no figure is defined by them, no breakdown kept by them
PERSONAL_FACTS = ("case_id", "user_id", "referral_contact_id")


class BuurtbemiddelingCaseReport(models.Model):
    """One row of facts per case: the only source of every figure. No personal data.

    What is true of a case depends on the period and the reference date (peildatum), which come
    from the context: ``period_start``, ``period_end`` and ``reference_date``, all dates. Without
    them the period is all time and the reference date today. The definitions:

    - a case is closed when its closing date is on or before the reference date; a case closed
      later is still running on the reference date, and its outcome does not count yet;
    - the outcome that counts is the one after aftercare if aftercare was on or before the
      reference date, else the one at closing;
    - tenure, household and age are those of the first reporter.

    Archived cases count: archiving changes no figure.
    """

    _name = "buurtbemiddeling.case.report"
    _description = "Facts of Cases"
    _auto = False
    _rec_name = "case_id"
    _order = "registration_date desc, id desc"
    _depends = {
        "buurtbemiddeling.case": [
            "company_id", "user_id", "project_id", "registration_date", "close_date",
            "aftercare_date", "aftercare_outcome_id", "outcome_id", "channel", "referrer_type_id",
            "referral_partner_id", "area_id", "municipality_id", "main_nuisance_type_id",
            "nuisance_type_ids", "complexity_ids", "intervention_id", "is_complex",
            "feedback_state", "feedback_date", "own_days", "waiting_days", "quarrel_duration",
            "escalation", "tipped_by_type_id", "referral_contact_id",
        ],
        "buurtbemiddeling.case.party": [
            "case_id", "side", "sequence", "tenure", "household", "age_band",
        ],
        "buurtbemiddeling.outcome": ["counts_suitable", "counts_handled", "counts_positive"],
        "buurtbemiddeling.referrer.type": ["code"],
    }  # fmt: skip

    case_id = fields.Many2one("buurtbemiddeling.case", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Coordinator", readonly=True)
    project_id = fields.Many2one("buurtbemiddeling.project", readonly=True)
    registration_date = fields.Date("Registered on", readonly=True)
    registration_month = fields.Char("Month of registration", readonly=True)
    registration_year = fields.Char("Year of registration", readonly=True)
    close_date = fields.Date("Closed on", readonly=True)
    close_month = fields.Char("Month of closing", readonly=True)
    channel = fields.Selection(CHANNELS, "Came in by", readonly=True)
    quarrel_duration = fields.Selection(QUARREL_DURATIONS, "Going on for", readonly=True)
    escalation = fields.Selection(ESCALATIONS, "How far it has come", readonly=True)
    tipped_by_type_id = fields.Many2one(
        "buurtbemiddeling.referrer.type", "Tipped by", readonly=True
    )
    referrer_type_id = fields.Many2one("buurtbemiddeling.referrer.type", readonly=True)
    referral_partner_id = fields.Many2one("buurtbemiddeling.referral.partner", readonly=True)
    referral_contact_id = fields.Many2one("res.partner", "Contact person", readonly=True)
    area_id = fields.Many2one("buurtbemiddeling.area", "Neighbourhood", readonly=True)
    municipality_id = fields.Many2one("buurtbemiddeling.area", readonly=True)
    main_nuisance_type_id = fields.Many2one("buurtbemiddeling.nuisance.type", readonly=True)
    nuisance_type_ids = fields.Many2many(
        "buurtbemiddeling.nuisance.type",
        "buurtbemiddeling_case_nuisance_type_rel",
        "case_id",
        "nuisance_type_id",
        string="Nuisance",
        readonly=True,
    )
    complexity_ids = fields.Many2many(
        "buurtbemiddeling.complexity",
        "buurtbemiddeling_case_complexity_rel",
        "case_id",
        "complexity_id",
        readonly=True,
    )
    intervention_id = fields.Many2one(
        "buurtbemiddeling.intervention", "Form of help", readonly=True
    )
    outcome_id = fields.Many2one("buurtbemiddeling.outcome", "Result that counts", readonly=True)
    tenure = fields.Selection(TENURES, readonly=True)
    household = fields.Selection(HOUSEHOLDS, readonly=True)
    age_band = fields.Selection(AGE_BANDS, readonly=True)
    feedback_state = fields.Selection(FEEDBACK_STATES, "Feedback to referrer", readonly=True)
    own_days = fields.Integer(readonly=True, aggregator="avg")
    waiting_days = fields.Integer(readonly=True, aggregator="avg")
    is_registered = fields.Boolean("Registered in the period", readonly=True)
    is_closed = fields.Boolean("Closed on the reference date", readonly=True)
    is_closed_in_period = fields.Boolean("Closed in the period", readonly=True)
    is_running = fields.Boolean("Running on the reference date", readonly=True)
    is_suitable = fields.Boolean("Suitable", readonly=True)
    is_handled = fields.Boolean("Handled", readonly=True)
    is_positive = fields.Boolean("Positive", readonly=True)
    is_complex = fields.Boolean("Complex", readonly=True)
    is_self_referral = fields.Boolean("Came by itself", readonly=True)

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        context = self.env.context
        return SQL(
            """
            SELECT facts.*,
                   facts.registration_date BETWEEN period.start AND period.stop AS is_registered,
                   facts.is_closed AND facts.close_date BETWEEN period.start AND period.stop
                       AS is_closed_in_period,
                   facts.registration_date <= period.stop AND NOT facts.is_closed AS is_running,
                   COALESCE(outcome.counts_suitable, TRUE) AS is_suitable,
                   COALESCE(outcome.counts_handled, FALSE) AS is_handled,
                   COALESCE(outcome.counts_positive, FALSE) AS is_positive
              FROM (
                    SELECT c.id, c.id AS case_id, c.company_id, c.user_id, c.project_id,
                           c.registration_date,
                           to_char(c.registration_date, 'MM') AS registration_month,
                           to_char(c.registration_date, 'YYYY') AS registration_year,
                           c.close_date, to_char(c.close_date, 'MM') AS close_month,
                           c.channel, c.quarrel_duration, c.escalation, c.tipped_by_type_id,
                           c.referrer_type_id, c.referral_partner_id, c.referral_contact_id,
                           c.area_id, c.municipality_id, c.main_nuisance_type_id,
                           c.intervention_id, c.is_complex,
                           CASE WHEN c.feedback_state NOT IN ('owed', 'done')
                                     THEN c.feedback_state
                                WHEN c.close_date IS NULL OR c.close_date > %(reference_date)s
                                     THEN 'later'
                                WHEN c.feedback_date > %(reference_date)s THEN 'owed'
                                ELSE c.feedback_state
                           END AS feedback_state,
                           CASE WHEN c.close_date IS NOT NULL THEN c.own_days END
                               AS own_days,
                           CASE WHEN c.close_date IS NOT NULL THEN c.waiting_days END
                               AS waiting_days,
                           referrer_type.code = 'ZELF' AS is_self_referral,
                           reporter.tenure, reporter.household, reporter.age_band,
                           COALESCE(c.close_date <= %(reference_date)s, FALSE) AS is_closed,
                           CASE WHEN c.close_date <= %(reference_date)s THEN
                               CASE WHEN c.aftercare_date <= %(reference_date)s
                                    THEN COALESCE(c.aftercare_outcome_id, c.outcome_id)
                                    ELSE c.outcome_id
                                END
                           END AS outcome_id
                      FROM buurtbemiddeling_case c
                 LEFT JOIN buurtbemiddeling_referrer_type referrer_type
                        ON referrer_type.id = c.referrer_type_id
                 LEFT JOIN LATERAL (
                               SELECT party.tenure, party.household, party.age_band
                                 FROM buurtbemiddeling_case_party party
                                WHERE party.case_id = c.id AND party.side = 'a'
                             ORDER BY party.sequence, party.id
                                LIMIT 1
                           ) reporter ON TRUE
                   ) facts
        CROSS JOIN (SELECT %(period_start)s::date AS start, %(period_end)s::date AS stop) period
         LEFT JOIN buurtbemiddeling_outcome outcome ON outcome.id = facts.outcome_id
            """,
            reference_date=fields.Date.to_date(context.get("reference_date")) or today,
            period_start=fields.Date.to_date(context.get("period_start")) or "-infinity",
            period_end=fields.Date.to_date(context.get("period_end")) or "infinity",
        )

    @api.model
    def _of_year(self, year, reference_date):
        """Return this model, seen in a year and as known on a reference date."""
        return self.with_context(
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            reference_date=reference_date,
            active_test=False,
        )

    @api.model
    def _aggregate(self, domain, conditions, percentiles, breakdowns):
        """Count the facts for all breakdowns in one pass over the cases.

        :param domain: which cases
        :param conditions: list of domains on this model; the cases that meet each are counted
        :param percentiles: list of ``(field name, fraction, index of a condition)``
        :param breakdowns: list of tuples of one or two field names; ``()`` is the total. A case
            with several values of a many2many counts under each.
        :return: rows ``(index of the breakdown, value, second value, counts, percentiles)``;
            values are database ids, selection values or text, ``None`` where not recorded; a
            percentile over no case is ``None``
        """
        query = self._search(domain, active_test=False)
        columns = [SQL("%s AS id", self._field_to_sql(self._table, "id", query))]
        field_names = {name for names in breakdowns for name in names}
        field_names.update(name for name, _fraction, _condition in percentiles)
        columns += [
            SQL("%s AS %s", self._field_to_sql(self._table, name, query), SQL.identifier(name))
            for name in sorted(field_names)
            if self._fields[name].type != "many2many"
        ]
        for index, condition in enumerate(conditions):
            optimized = Domain(condition).optimize_full(self)
            columns.append(
                SQL(
                    "COALESCE(%s, FALSE) AS %s",
                    optimized._to_sql(self, self._table, query),
                    SQL.identifier(f"condition_{index}"),
                )
            )
        counts = [
            SQL("count(*) FILTER (WHERE fact.%s)", SQL.identifier(f"condition_{index}"))
            for index in range(len(conditions))
        ]
        values = [
            SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY fact.%s) FILTER (WHERE fact.%s)",
                fraction,
                SQL.identifier(name),
                SQL.identifier(f"condition_{condition}"),
            )
            for name, fraction, condition in percentiles
        ]
        statement = SQL(
            """
            WITH fact AS MATERIALIZED (%(facts)s)
            SELECT slice.breakdown, slice.first, slice.second, %(measures)s
              FROM fact CROSS JOIN LATERAL (%(slices)s) AS slice (breakdown, first, second)
          GROUP BY slice.breakdown, slice.first, slice.second
            """,
            facts=query.select(*columns),
            measures=SQL(", ").join(counts + values),
            slices=SQL(" UNION ALL ").join(
                self._slice_sql(index, names) for index, names in enumerate(breakdowns)
            ),
        )
        return [
            (row[0], row[1], row[2], row[3 : 3 + len(counts)], row[3 + len(counts) :])
            for row in self.env.execute_query(statement)
        ]

    def _slice_sql(self, index, names):
        """Return the rows under which one fact counts in one breakdown."""
        values, joins = [], []
        for name in names:
            field = self._fields[name]
            if field.type == "many2many":
                alias = SQL.identifier(f"{name}_{index}")
                joins.append(
                    SQL(
                        "LEFT JOIN %s AS %s ON %s.%s = fact.id",
                        SQL.identifier(field.relation),
                        alias,
                        alias,
                        SQL.identifier(field.column1),
                    )
                )
                values.append(SQL("%s.%s::text", alias, SQL.identifier(field.column2)))
            else:
                values.append(SQL("fact.%s::text", SQL.identifier(name)))
        values += [SQL("NULL")] * (2 - len(values))
        return SQL(
            "SELECT %s, %s FROM (SELECT 1) AS one %s",
            index,
            SQL(", ").join(values),
            SQL(" ").join(joins),
        )
