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
PERSONAL_FACTS = ("case_id", "user_id", "referral_contact_id")
INTAKE_TIMINGS = [
    ("in_time", "Within the norm"),
    ("late", "Later than the norm"),
    ("open", "Not due yet"),
]
AFTERCARE_TIMINGS = [
    ("in_time", "Within the term"),
    ("outside", "Earlier or later than the term"),
    ("missed", "Not done, and the term is over"),
    ("open", "Not due yet"),
]


class BuurtbemiddelingCaseReport(models.Model):
    """One row of facts per case: the source of every figure on cases. No personal data.

    What is true of a case depends on the period and the reference date (peildatum), see
    ``buurtbemiddeling.facts.mixin``. The definitions:

    - a case is closed when its closing date is on or before the reference date; a case closed
      later is still running on the reference date, and its outcome does not count yet;
    - the outcome that counts is the one after aftercare if aftercare was on or before the
      reference date, else the one at closing;
    - tenure, household and age are those of the first reporter;
    - an intake is late when it was decided after its deadline, or is still open after it; a closed
      case without a decision has no timing, since it was not recorded;
    - aftercare has a timing when the case ended after help; its term is two to six weeks after the
      last talk (domain.md 1.1, step 7), as the organisation's settings were when the case ended;
    - what is still open is too late when its last day has passed today: a reference date that is
      still to come makes nothing late;
    - a case lies where it is recorded now: moved to another municipality it counts there, in every
      year that is computed from then on;
    - a case counts under the project that it says, whatever project serves its area now;
    - the inhabitants of a case are known when it lies in an area that the organisation, or the
      project, serves (see ``buurtbemiddeling.area.report``) of which the inhabitants are known.

    Archived cases count: archiving changes no figure.
    """

    _name = "buurtbemiddeling.case.report"
    _description = "Facts of Cases"
    _inherit = ["buurtbemiddeling.facts.mixin"]
    _auto = False
    _rec_name = "case_id"
    _order = "registration_date desc, id desc"
    _personal_facts = PERSONAL_FACTS
    _depends = {
        "buurtbemiddeling.case": [
            "company_id", "user_id", "project_id", "registration_date", "close_date",
            "aftercare_date", "aftercare_outcome_id", "outcome_id", "channel", "referrer_type_id",
            "referral_partner_id", "area_id", "municipality_id", "main_nuisance_type_id",
            "nuisance_type_ids", "complexity_ids", "intervention_id", "is_complex",
            "feedback_state", "feedback_date", "own_days", "waiting_days", "quarrel_duration",
            "escalation", "tipped_by_type_id", "referral_contact_id", "intake_date",
            "intake_deadline", "aftercare_from", "aftercare_until",
        ],
        "buurtbemiddeling.area": [
            "parent_path", "municipality_id", "inhabitants", "merged_into_id", "merged_on",
        ],
        "buurtbemiddeling.case.phase": ["case_id", "stage_id", "date_from"],
        "buurtbemiddeling.case.stage": ["code", "sequence", "is_closed", "company_id"],
        "buurtbemiddeling.project": ["company_id", "area_ids", "date_start", "date_end"],
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
    nuisance_heading_ids = fields.Many2many(
        "buurtbemiddeling.benchmark.heading",
        string="National heading",
        compute="_compute_nuisance_heading_ids",
        search="_search_nuisance_heading_ids",
        help="The headings of the national benchmark, as they were in the year of the figures.",
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
    intake_timing = fields.Selection(INTAKE_TIMINGS, "Intake", readonly=True)
    aftercare_timing = fields.Selection(AFTERCARE_TIMINGS, "Aftercare", readonly=True)
    phase_reached_id = fields.Many2one(
        "buurtbemiddeling.case.stage", "Furthest phase", readonly=True
    )
    party_count = fields.Integer("Residents who are a party", readonly=True)
    is_population_known = fields.Boolean("Inhabitants known", readonly=True)
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
        return SQL(
            """
            SELECT facts.*,
                   facts.registration_date BETWEEN period.start AND period.stop AS is_registered,
                   facts.is_closed AND facts.close_date BETWEEN period.start AND period.stop
                       AS is_closed_in_period,
                   facts.registration_date <= period.stop AND NOT facts.is_closed AS is_running,
                   outcome.id IS NULL OR COALESCE(outcome.counts_suitable, FALSE) AS is_suitable,
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
                           COALESCE(place.now_id, c.area_id) AS area_id,
                           town.id AS municipality_id,
                           c.main_nuisance_type_id, c.intervention_id, c.is_complex,
                           CASE WHEN c.feedback_state NOT IN ('owed', 'done')
                                     THEN c.feedback_state
                                WHEN c.close_date IS NULL OR c.close_date > known.reference
                                     THEN 'later'
                                WHEN c.feedback_date > known.reference THEN 'owed'
                                ELSE c.feedback_state
                           END AS feedback_state,
                           CASE WHEN c.close_date IS NOT NULL THEN c.own_days END
                               AS own_days,
                           CASE WHEN c.close_date IS NOT NULL THEN c.waiting_days END
                               AS waiting_days,
                           referrer_type.code = 'ZELF' AS is_self_referral,
                           reporter.tenure, reporter.household, reporter.age_band,
                           COALESCE(c.close_date <= known.reference, FALSE) AS is_closed,
                           CASE WHEN c.close_date <= known.reference THEN
                               CASE WHEN c.aftercare_date <= known.reference
                                    THEN COALESCE(c.aftercare_outcome_id, c.outcome_id)
                                    ELSE c.outcome_id
                                END
                           END AS outcome_id,
                           CASE WHEN c.intake_deadline IS NULL THEN NULL
                                WHEN c.intake_date <= known.reference THEN
                                    CASE WHEN c.intake_date <= c.intake_deadline
                                         THEN 'in_time' ELSE 'late'
                                     END
                                WHEN c.close_date <= known.reference THEN NULL
                                WHEN c.intake_deadline < known.due THEN 'late'
                                ELSE 'open'
                           END AS intake_timing,
                           CASE WHEN c.aftercare_until IS NULL THEN NULL
                                WHEN c.aftercare_date <= known.reference THEN
                                    CASE WHEN c.aftercare_date
                                              BETWEEN c.aftercare_from AND c.aftercare_until
                                         THEN 'in_time' ELSE 'outside'
                                     END
                                WHEN c.aftercare_until < known.due THEN 'missed'
                                ELSE 'open'
                           END AS aftercare_timing,
                           (
                               SELECT COALESCE(shared.id, stage.id)
                                 FROM buurtbemiddeling_case_phase stay
                                 JOIN buurtbemiddeling_case_stage stage
                                   ON stage.id = stay.stage_id AND stage.is_closed IS NOT TRUE
                            LEFT JOIN buurtbemiddeling_case_stage shared
                                   ON shared.code = stage.code AND shared.company_id IS NULL
                                WHERE stay.case_id = c.id AND stay.date_from <= known.reference
                             ORDER BY stage.sequence DESC, stage.id DESC
                                LIMIT 1
                           ) AS phase_reached_id,
                           (
                               SELECT count(*)
                                 FROM buurtbemiddeling_case_party party
                                WHERE party.case_id = c.id
                           ) AS party_count,
                           COALESCE(
                               CASE WHEN served.company_id IS NULL
                                         THEN %(goes_by_cases)s AND town.inhabitants > 0
                                    ELSE served.paths && (
                                        string_to_array(area.parent_path, '/') || successor.paths
                                    )
                                END,
                               FALSE
                           ) AS is_population_known
                      FROM buurtbemiddeling_case c
                CROSS JOIN %(period)s known
                 LEFT JOIN buurtbemiddeling_referrer_type referrer_type
                        ON referrer_type.id = c.referrer_type_id
                 LEFT JOIN buurtbemiddeling_area area ON area.id = c.area_id
                 LEFT JOIN %(populated)s served ON served.company_id = c.company_id
                 LEFT JOIN %(successor)s successor ON successor.area_id = c.municipality_id
                 LEFT JOIN %(merger)s place ON place.area_id = c.area_id
                 LEFT JOIN %(merger)s merged_town ON merged_town.area_id = c.municipality_id
                 LEFT JOIN buurtbemiddeling_area town
                        ON town.id = COALESCE(merged_town.now_id, c.municipality_id)
                 LEFT JOIN LATERAL (
                               SELECT party.tenure, party.household, party.age_band
                                 FROM buurtbemiddeling_case_party party
                                WHERE party.case_id = c.id AND party.side = 'a'
                             ORDER BY party.sequence, party.id
                                LIMIT 1
                           ) reporter ON TRUE
                   ) facts
        CROSS JOIN %(period)s period
         LEFT JOIN buurtbemiddeling_outcome outcome ON outcome.id = facts.outcome_id
            """,
            period=self._period_sql(),
            merger=self._merger_sql(),
            populated=self._populated_sql(),
            successor=self._successor_sql(),
            goes_by_cases=not self.env.context.get("facts_project_id"),
        )

    def _populated_sql(self):
        """Return a row per organisation that says what it serves: the areas with inhabitants known.

        ``paths`` holds their ids as they stand in a ``parent_path``.
        """
        return SQL(
            """(
                SELECT served.company_id,
                       COALESCE(
                           array_agg(area.id::text) FILTER (WHERE area.inhabitants > 0), '{}'
                       ) AS paths
                  FROM %s served
                  JOIN buurtbemiddeling_area area ON area.id = served.area_id
              GROUP BY served.company_id
            )""",
            self._served_area_sql(),
        )

    def _successor_sql(self):
        """Return for each municipality that merged, whenever, in which others it came to lie.

        As far as inhabitants go it lies there already: where only the new one is served, cases of
        before the merger are not left out.
        """
        return SQL(
            """(
                WITH RECURSIVE step AS (
                    SELECT id AS area_id, merged_into_id AS later_id
                      FROM buurtbemiddeling_area
                     WHERE merged_into_id IS NOT NULL
                 UNION ALL
                    SELECT step.area_id, area.merged_into_id
                      FROM step
                      JOIN buurtbemiddeling_area area
                        ON area.id = step.later_id AND area.merged_into_id IS NOT NULL
                )
                SELECT area_id, array_agg(later_id::text) AS paths FROM step GROUP BY area_id
            )"""
        )

    # ------------------------------------------------------------
    # NATIONAL HEADINGS
    # ------------------------------------------------------------

    def _get_heading_year(self):
        """Return the year whose headings count: that of the period, or else this year."""
        _start, stop, _reference = self._get_period()
        return stop.year if stop != "infinity" else fields.Date.context_today(self).year

    @api.depends("nuisance_type_ids")
    @api.depends_context("period_end")
    def _compute_nuisance_heading_ids(self):
        headings = self.env["buurtbemiddeling.heading.crosswalk"]._get_headings(
            self._get_heading_year()
        )
        for facts in self:
            facts.nuisance_heading_ids = self.env["buurtbemiddeling.benchmark.heading"].union(
                *(headings[nuisance] for nuisance in facts.nuisance_type_ids)
            )

    def _search_nuisance_heading_ids(self, operator, value):
        """Find cases by the headings of their nuisance; ``False`` finds those that have none."""
        if operator != "in":
            return NotImplemented
        headings = self.env["buurtbemiddeling.heading.crosswalk"]._get_headings(
            self._get_heading_year()
        )
        named = [nuisance.id for nuisance, heading in headings.items() if heading.id in value]
        domain = Domain("nuisance_type_ids", "in", named)
        if False in value:
            known = [nuisance.id for nuisance, heading in headings.items() if heading]
            domain |= Domain("nuisance_type_ids", "not in", known)
        return domain

    def _values_sql(self, name):
        """A case with several nuisance types under one heading counts there once."""
        if name != "nuisance_heading_ids":
            return super()._values_sql(name)
        return SQL(
            """(
                SELECT DISTINCT named.case_id,
                       COALESCE(row.heading_id, nuisance.benchmark_heading_id)
                  FROM buurtbemiddeling_case_nuisance_type_rel named
                  JOIN buurtbemiddeling_nuisance_type nuisance
                    ON nuisance.id = named.nuisance_type_id
             LEFT JOIN buurtbemiddeling_heading_crosswalk row
                    ON row.nuisance_type_id = nuisance.id
                   AND %(year)s BETWEEN row.year_from AND COALESCE(NULLIF(row.year_to, 0), %(year)s)
                 WHERE COALESCE(row.heading_id, nuisance.benchmark_heading_id) IS NOT NULL
            )""",
            year=self._get_heading_year(),
        )
