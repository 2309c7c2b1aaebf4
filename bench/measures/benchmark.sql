-- What a good programmer would write by hand for the figures on cases: one statement that scans the
-- facts of a year once, keeps them, counts each figure in every breakdown, and stores the lines that
-- are not nought, with all columns filled. Parameters: start, stop (also the reference date), benchmarks.
WITH fact AS MATERIALIZED (
    SELECT seen.*,
           COALESCE(outcome.counts_positive, FALSE) AS positive,
           COALESCE(outcome.counts_handled, FALSE) AS handled,
           outcome.id IS NULL OR COALESCE(outcome.counts_suitable, FALSE) AS suitable
      FROM (
            SELECT c.id, benchmark.id AS benchmark_id, c.company_id, c.project_id, c.channel,
                   c.quarrel_duration, c.escalation, c.tipped_by_type_id, c.referrer_type_id,
                   c.referral_partner_id, c.main_nuisance_type_id, c.intervention_id, c.is_complex,
                   to_char(c.registration_date, 'MM') AS registration_month,
                   to_char(c.registration_date, 'YYYY') AS registration_year,
                   to_char(c.close_date, 'MM') AS close_month,
                   COALESCE(place.merged_into_id, c.area_id) AS area_id,
                   COALESCE(town.merged_into_id, c.municipality_id) AS municipality_id,
                   reporter.tenure, reporter.household, reporter.age_band, party.count AS parties,
                   stay.phase_id, referrer_type.code = 'ZELF' AS is_self,
                   CASE WHEN c.close_date IS NOT NULL THEN c.own_days END AS own_days,
                   CASE WHEN c.close_date IS NOT NULL THEN c.waiting_days END AS waiting_days,
                   c.registration_date >= %(start)s AS registered,
                   COALESCE(c.close_date <= %(stop)s, FALSE) AS is_closed,
                   COALESCE(c.close_date BETWEEN %(start)s AND %(stop)s, FALSE) AS closed,
                   CASE WHEN c.close_date <= %(stop)s THEN
                       CASE WHEN c.aftercare_date <= %(stop)s
                            THEN COALESCE(c.aftercare_outcome_id, c.outcome_id)
                            ELSE c.outcome_id
                        END
                   END AS outcome_id,
                   CASE WHEN c.feedback_state NOT IN ('owed', 'done') THEN c.feedback_state
                        WHEN c.close_date IS NULL OR c.close_date > %(stop)s THEN 'later'
                        WHEN c.feedback_date > %(stop)s THEN 'owed'
                        ELSE c.feedback_state
                   END AS feedback,
                   CASE WHEN c.intake_deadline IS NULL THEN NULL
                        WHEN c.intake_date <= %(stop)s THEN
                            CASE WHEN c.intake_date <= c.intake_deadline THEN 'in_time'
                                 ELSE 'late'
                             END
                        WHEN c.close_date <= %(stop)s THEN NULL
                        WHEN c.intake_deadline < %(stop)s THEN 'late'
                   END AS intake,
                   CASE WHEN c.aftercare_until IS NULL THEN NULL
                        WHEN c.aftercare_date <= %(stop)s THEN
                            CASE WHEN c.aftercare_date BETWEEN c.aftercare_from AND c.aftercare_until
                                 THEN 'in_time' ELSE 'outside'
                             END
                        WHEN c.aftercare_until < %(stop)s THEN 'missed'
                   END AS aftercare
              FROM buurtbemiddeling_case c
              JOIN buurtbemiddeling_benchmark benchmark
                ON benchmark.company_id = c.company_id AND benchmark.id = ANY(%(benchmarks)s)
         LEFT JOIN buurtbemiddeling_referrer_type referrer_type
                ON referrer_type.id = c.referrer_type_id
         LEFT JOIN buurtbemiddeling_area place ON place.id = c.area_id
               AND place.merged_on <= %(stop)s
         LEFT JOIN buurtbemiddeling_area town ON town.id = c.municipality_id
               AND town.merged_on <= %(stop)s
         LEFT JOIN LATERAL (
                       SELECT tenure, household, age_band
                         FROM buurtbemiddeling_case_party
                        WHERE case_id = c.id AND side = 'a'
                     ORDER BY sequence, id
                        LIMIT 1
                   ) reporter ON TRUE
        CROSS JOIN LATERAL (
                       SELECT count(*) FROM buurtbemiddeling_case_party WHERE case_id = c.id
                   ) party
         LEFT JOIN LATERAL (
                       SELECT COALESCE(shared.id, stage.id) AS phase_id
                         FROM buurtbemiddeling_case_phase phase
                         JOIN buurtbemiddeling_case_stage stage
                           ON stage.id = phase.stage_id AND stage.is_closed IS NOT TRUE
                    LEFT JOIN buurtbemiddeling_case_stage shared
                           ON shared.code = stage.code AND shared.company_id IS NULL
                        WHERE phase.case_id = c.id AND phase.date_from <= %(stop)s
                     ORDER BY stage.sequence DESC, stage.id DESC
                        LIMIT 1
                   ) stay ON TRUE
             WHERE c.registration_date <= %(stop)s
               AND (
                   c.registration_date >= %(start)s
                   OR c.close_date >= %(start)s
                   OR c.close_date IS NULL
               )
           ) seen
 LEFT JOIN buurtbemiddeling_outcome outcome ON outcome.id = seen.outcome_id
),
nuisance AS MATERIALIZED (
    SELECT fact.id, array_agg(DISTINCT named.nuisance_type_id) AS type_ids,
           array_agg(DISTINCT COALESCE(row.heading_id, nuisance_type.benchmark_heading_id))
               FILTER (WHERE COALESCE(row.heading_id, nuisance_type.benchmark_heading_id)
                       IS NOT NULL) AS heading_ids
      FROM fact
      JOIN buurtbemiddeling_case_nuisance_type_rel named ON named.case_id = fact.id
      JOIN buurtbemiddeling_nuisance_type nuisance_type ON nuisance_type.id = named.nuisance_type_id
 LEFT JOIN buurtbemiddeling_heading_crosswalk row
        ON row.nuisance_type_id = named.nuisance_type_id
       AND date_part('year', %(stop)s::date)
           BETWEEN row.year_from AND COALESCE(NULLIF(row.year_to, 0), 9999)
  GROUP BY fact.id
),
counted AS (
    SELECT fact.benchmark_id, fact.company_id, slice.code, slice.basis, slice.first, slice.second,
           count(*) FILTER (WHERE registered) AS registered,
           count(*) FILTER (WHERE closed) AS closed,
           count(*) FILTER (WHERE NOT is_closed) AS running,
           count(*) FILTER (WHERE registered AND suitable) AS suitable,
           count(*) FILTER (WHERE registered AND is_closed AND handled) AS handled,
           count(*) FILTER (WHERE registered AND is_closed AND positive) AS positive,
           count(*) FILTER (WHERE registered AND is_closed AND positive AND suitable)
               AS positive_suitable,
           count(*) FILTER (WHERE registered AND is_closed AND positive AND handled)
               AS positive_handled,
           count(*) FILTER (WHERE closed AND positive) AS closed_positive,
           count(*) FILTER (WHERE registered AND is_complex) AS complex,
           count(*) FILTER (WHERE registered AND is_self) AS self,
           count(*) FILTER (WHERE registered AND referrer_type_id IS NOT NULL AND NOT is_self)
               AS referred,
           count(*) FILTER (WHERE registered AND quarrel_duration IN ('weeks', 'months')) AS early,
           count(*) FILTER (
               WHERE registered AND quarrel_duration IN ('weeks', 'months', 'year', 'years')
           ) AS duration_known,
           count(*) FILTER (WHERE registered AND parties > 0) AS with_parties,
           COALESCE(sum(parties) FILTER (WHERE registered AND parties > 0), 0) AS parties,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY own_days) FILTER (WHERE closed) AS own_median,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY own_days) FILTER (WHERE closed) AS own_p90,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY waiting_days) FILTER (WHERE closed)
               AS waiting_median,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY waiting_days) FILTER (WHERE closed)
               AS waiting_p90,
           count(*) FILTER (WHERE registered AND intake = 'in_time') AS intake_in_time,
           count(*) FILTER (WHERE registered AND intake IN ('in_time', 'late')) AS intake_due,
           count(*) FILTER (WHERE closed AND aftercare = 'in_time') AS aftercare_in_time,
           count(*) FILTER (WHERE closed AND aftercare IN ('in_time', 'outside')) AS aftercare_done,
           count(*) FILTER (WHERE closed AND aftercare IN ('in_time', 'outside', 'missed'))
               AS aftercare_due,
           count(*) FILTER (WHERE closed AND feedback = 'done') AS feedback_done,
           count(*) FILTER (WHERE closed AND feedback = 'owed') AS feedback_owed,
           count(*) FILTER (WHERE closed AND feedback IN ('owed', 'done')) AS feedback_due
      FROM fact
 LEFT JOIN nuisance ON nuisance.id = fact.id
CROSS JOIN LATERAL (
               SELECT NULL, NULL, NULL, NULL
            UNION ALL SELECT 'referrer_type', NULL, referrer_type_id::text, NULL
            UNION ALL SELECT 'referral_partner', NULL, referral_partner_id::text, NULL
            UNION ALL SELECT 'municipality', NULL, municipality_id::text, NULL
            UNION ALL SELECT 'area', NULL, area_id::text, NULL
            UNION ALL SELECT 'nuisance_type', NULL, nuisance_type_id::text, NULL
                        FROM unnest(COALESCE(nuisance.type_ids, ARRAY[NULL::int])) nuisance_type_id
            UNION ALL SELECT 'nuisance_heading', NULL, heading_id::text, NULL
                        FROM unnest(COALESCE(nuisance.heading_ids, ARRAY[NULL::int])) heading_id
            UNION ALL SELECT 'main_nuisance_type', NULL, main_nuisance_type_id::text, NULL
            UNION ALL SELECT 'tenure', NULL, tenure, NULL
            UNION ALL SELECT 'household', NULL, household, NULL
            UNION ALL SELECT 'age_band', NULL, age_band, NULL
            UNION ALL SELECT 'outcome', NULL, outcome_id::text, NULL
            UNION ALL SELECT 'phase_reached', NULL, phase_id::text, NULL
            UNION ALL SELECT 'intervention', NULL, intervention_id::text, NULL
            UNION ALL SELECT 'complexity', NULL, complexity.complexity_id::text, NULL
                        FROM (SELECT) AS one
                   LEFT JOIN buurtbemiddeling_case_complexity_rel complexity
                          ON complexity.case_id = fact.id
            UNION ALL SELECT 'month', 'registration', registration_month, NULL
            UNION ALL SELECT 'month', 'closing', close_month, NULL
            UNION ALL SELECT 'referrer_type_year', NULL, referrer_type_id::text, registration_year
            UNION ALL SELECT 'referrer_type_area', NULL, referrer_type_id::text, area_id::text
            UNION ALL SELECT 'area_nuisance_type', NULL, area_id::text, nuisance_type_id::text
                        FROM unnest(COALESCE(nuisance.type_ids, ARRAY[NULL::int])) nuisance_type_id
            UNION ALL SELECT 'quarrel_duration', NULL, quarrel_duration, NULL
            UNION ALL SELECT 'escalation', NULL, escalation, NULL
            UNION ALL SELECT 'tipped_by', NULL, tipped_by_type_id::text, NULL
            UNION ALL SELECT 'entry_channel', NULL, channel, NULL
            UNION ALL SELECT 'project', NULL, project_id::text, NULL
           ) AS slice (code, basis, first, second)
  GROUP BY fact.benchmark_id, fact.company_id, slice.code, slice.basis, slice.first, slice.second
),
kept AS (
    INSERT INTO buurtbemiddeling_benchmark_fact (
        benchmark_id, company_id, source, res_id, facts, met
    )
    SELECT benchmark_id, company_id, 'case', fact.id, to_jsonb(fact) || to_jsonb(nuisance), '[]'
      FROM fact
 LEFT JOIN nuisance ON nuisance.id = fact.id
)
INSERT INTO buurtbemiddeling_benchmark_line (
    benchmark_id, company_id, indicator_id, indicator_code, dimension_id, dimension,
    dimension_code, dimension_label, dimension_values, numerator, denominator, value, year_label,
    chart_label, chart_value, is_small
)
SELECT counted.benchmark_id, counted.company_id, indicator.id, indicator.code, dimension.id,
       dimension.code, concat_ws('|', counted.first, counted.second),
       concat_ws(' / ', counted.first, counted.second),
       CASE WHEN dimension.second_field_name IS NOT NULL
                 THEN jsonb_build_array(counted.first, counted.second)
            WHEN dimension.id IS NOT NULL THEN jsonb_build_array(counted.first)
        END,
       figure.part, figure.base, COALESCE(figure.value, figure.part / NULLIF(figure.base, 0)::float, 0),
       to_char(%(stop)s::date, 'YYYY'), concat_ws(' / ', counted.first, counted.second),
       COALESCE(figure.value, figure.part / NULLIF(figure.base, 0)::float, 0),
       figure.part BETWEEN 1 AND 4
  FROM counted
CROSS JOIN LATERAL (
       VALUES ('cases_registered', registered, 0, registered::float),
              ('cases_closed', closed, 0, closed),
              ('cases_running', running, 0, running),
              ('cases_suitable', suitable, 0, suitable),
              ('cases_handled', handled, 0, handled),
              ('cases_positive', positive, 0, positive),
              ('suitable_share', suitable, registered, NULL),
              ('success_of_registered', positive, registered, NULL),
              ('success_of_suitable', positive_suitable, suitable, NULL),
              ('success_of_handled', positive_handled, handled, NULL),
              ('success_of_closed', closed_positive, closed, NULL),
              ('complex_share', complex, registered, NULL),
              ('self_referral_share', self, registered, NULL),
              ('referred_cases', referred, 0, referred),
              ('early_share', early, duration_known, NULL),
              ('parties_involved', with_parties, with_parties, parties),
              ('own_days_median', closed, closed, COALESCE(own_median, 0)),
              ('own_days_p90', closed, closed, COALESCE(own_p90, 0)),
              ('waiting_days_median', closed, closed, COALESCE(waiting_median, 0)),
              ('waiting_days_p90', closed, closed, COALESCE(waiting_p90, 0)),
              ('intake_within_norm', intake_in_time, intake_due, NULL),
              ('aftercare_within_norm', aftercare_in_time, aftercare_due, NULL),
              ('aftercare_done_share', aftercare_done, aftercare_due, NULL),
              ('feedback_share', feedback_done, feedback_due, NULL),
              ('feedback_owed', feedback_owed, 0, feedback_owed)
       ) AS figure (code, part, base, value)
  JOIN buurtbemiddeling_indicator indicator
    ON indicator.code = figure.code AND indicator.active
   AND COALESCE(NULLIF(indicator.valid_from, 0), 0) <= date_part('year', %(stop)s::date)
   AND COALESCE(NULLIF(indicator.valid_to, 0), 9999) >= date_part('year', %(stop)s::date)
LEFT JOIN buurtbemiddeling_dimension dimension
    ON dimension.code = counted.code AND dimension.basis IS NOT DISTINCT FROM counted.basis
 WHERE (dimension.id IS NOT NULL OR counted.code IS NULL)
   AND COALESCE(counted.basis = indicator.basis, TRUE)
   AND (figure.part > 0 OR figure.base > 0)
