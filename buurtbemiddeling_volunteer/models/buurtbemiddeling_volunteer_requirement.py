from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .buurtbemiddeling_requirement import REQUIREMENT_KINDS
from .buurtbemiddeling_training import BASIC_TRAINING_HOURS

REQUIREMENT_STATES = [
    ("complete", "In order"),
    ("expiring", "Expires soon"),
    ("lapsed", "Lapsed"),
    ("missing", "Missing"),
]
# of what a volunteer has for one requirement, together
TOTALS = SQL(
    "count(*) AS number, max(fact.date) AS date, bool_or(fact.endless) AS endless,"
    " max(fact.valid_until) AS valid_until"
)


class BuurtbemiddelingVolunteerRequirement(models.Model):
    """How a volunteer stands today with each requirement of the organisation.

    A query, not a table: it is the one place that says what counts as trained, signed and accepted,
    for a page, a list and a search alike. What counts:

    - a basic training that was passed with at least 15 hours attended (CCV);
    - a document these date has come, until its own end; no end means valid for ever;
    - the current protocol. Who accepted the version before it has until the term of the new one;
      the term of a first version holds for all. Without a current protocol nothing is asked.

    The last end of all that was recorded counts, its last day included.
    """

    _name = "buurtbemiddeling.volunteer.requirement"
    _description = "Requirement of a Volunteer"
    _auto = False
    _order = "volunteer_id, sequence, id"
    _rec_name = "kind"
    _depends = {
        "buurtbemiddeling.volunteer": ["company_id"],
        "buurtbemiddeling.requirement": [
            "kind", "company_id", "active", "sequence", "is_required", "validity_months",
            "renewal_days",
        ],
        "buurtbemiddeling.volunteer.document": ["volunteer_id", "kind", "date", "valid_until"],
        "buurtbemiddeling.training.enrolment": [
            "volunteer_id", "session_id", "result", "result_date", "attended_hours",
        ],
        "buurtbemiddeling.training.session": ["kind"],
        "buurtbemiddeling.protocol": ["company_id", "state", "date_from", "date_grace"],
        "buurtbemiddeling.protocol.acceptance": ["volunteer_id", "protocol_id", "date"],
    }  # fmt: skip

    volunteer_id = fields.Many2one("buurtbemiddeling.volunteer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    requirement_id = fields.Many2one("buurtbemiddeling.requirement", readonly=True)
    kind = fields.Selection(REQUIREMENT_KINDS, "What", readonly=True)
    sequence = fields.Integer(readonly=True)
    is_required = fields.Boolean("Required", readonly=True)
    date = fields.Date("Last on", readonly=True)
    valid_until = fields.Date(readonly=True, help="Empty means no end.")
    state = fields.Selection(REQUIREMENT_STATES, readonly=True)

    @property
    def _table_query(self):
        """Volunteer by volunteer: quick for the few of a page."""
        return self._states_sql(
            SQL(
                "CROSS JOIN LATERAL (SELECT %s FROM (%s) fact WHERE fact.kind = asked.kind) had",
                TOTALS,
                self._facts_sql(SQL("= volunteer.id")),
            )
        )

    @api.model
    def _get_short_sql(self, these, states):
        """Return a subselect of who has something required in one of these states.

        All are looked at together, which is quicker for many than one by one.

        :param these: the rest of a condition on the id of a volunteer, of whom the user may see
        """
        facts = SQL(
            """
            LEFT JOIN (SELECT fact.volunteer_id, fact.kind, %s FROM (%s) fact
                     GROUP BY fact.volunteer_id, fact.kind) had
                   ON had.volunteer_id = volunteer.id AND had.kind = asked.kind
            """,
            TOTALS,
            self._facts_sql(these),
        )
        return SQL(
            """
            (SELECT line.volunteer_id FROM (%s) line
              WHERE line.volunteer_id %s AND line.is_required AND line.state IN %s)
            """,
            self._states_sql(facts),
            these,
            tuple(states),
            to_flush=(
                self.env[model]._fields[name]
                for model, names in self._depends.items()
                for name in names
            ),
        )

    @api.model
    def _states_sql(self, facts):
        """Return the query of this model.

        :param facts: join that brings ``had``: the totals of a volunteer for a requirement
        """
        return SQL(
            """
            SELECT volunteer.id * 10 + array_position(%(kinds)s, asked.kind::text) AS id,
                   volunteer.id AS volunteer_id, volunteer.company_id,
                   asked.id AS requirement_id, asked.kind, asked.sequence, asked.is_required,
                   had.date, CASE WHEN NOT until.endless THEN until.day END AS valid_until,
                   CASE WHEN COALESCE(had.number, 0) = 0 THEN 'missing'
                        WHEN until.endless OR until.day - asked.renewal_days > %(today)s
                             THEN 'complete'
                        WHEN until.day >= %(today)s THEN 'expiring'
                        ELSE 'lapsed'
                   END AS state
              FROM buurtbemiddeling_volunteer volunteer
              JOIN (res_company company
                    JOIN buurtbemiddeling_requirement asked
                      ON asked.active
                     AND (asked.company_id = company.id
                          OR asked.company_id IS NULL
                             AND NOT EXISTS (
                                 SELECT FROM buurtbemiddeling_requirement own
                                  WHERE own.company_id = company.id AND own.kind = asked.kind)))
                ON company.id = volunteer.company_id
            %(facts)s
        CROSS JOIN LATERAL (
                    SELECT had.endless
                           OR asked.kind = 'basic_training'
                              AND (asked.validity_months > 0) IS NOT TRUE AS endless,
                           CASE WHEN asked.kind = 'basic_training' THEN (
                                     had.date + make_interval(months => asked.validity_months)
                                )::date
                                ELSE had.valid_until
                           END AS day
                   ) until
            """,
            kinds=[kind for kind, _label in REQUIREMENT_KINDS],
            today=fields.Date.context_today(self),
            facts=facts,
        )

    @api.model
    def _facts_sql(self, these):
        """Return what volunteers have: ``(volunteer_id, kind, date, valid_until, endless)``.

        How long a training is valid is for the requirement to say.

        :param these: the rest of a condition on the id of a volunteer
        """
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._documents_sql(these),
            self._trainings_sql(these),
            self._protocols_sql(these),
        )

    @api.model
    def _documents_sql(self, these):
        return SQL(
            """
            SELECT document.volunteer_id, document.kind, document.date, document.valid_until,
                   document.valid_until IS NULL AS endless
              FROM buurtbemiddeling_volunteer_document document
             WHERE document.volunteer_id %s AND document.date <= %s
            """,
            these,
            fields.Date.context_today(self),
        )

    @api.model
    def _trainings_sql(self, these):
        return SQL(
            """
            SELECT enrolment.volunteer_id, 'basic_training', enrolment.result_date, NULL,
                   enrolment.result_date IS NULL
              FROM buurtbemiddeling_training_enrolment enrolment
              JOIN buurtbemiddeling_training_session session ON session.id = enrolment.session_id
             WHERE enrolment.volunteer_id %s
               AND session.kind = 'basic'
               AND enrolment.result = 'passed'
               AND enrolment.attended_hours >= %s
            """,
            these,
            BASIC_TRAINING_HOURS,
        )

    @api.model
    def _protocols_sql(self, these):
        """An acceptance counts until the version that follows takes over, with its term."""
        return SQL(
            """
            SELECT person.id, 'protocol', NULL, NULL, TRUE
              FROM buurtbemiddeling_volunteer person
             WHERE person.id %(these)s
               AND NOT EXISTS (
                   SELECT FROM buurtbemiddeling_protocol current
                    WHERE current.company_id = person.company_id AND current.state = 'current')
         UNION ALL
            SELECT accepted.volunteer_id, 'protocol', accepted.date, until.day, until.day IS NULL
              FROM buurtbemiddeling_protocol_acceptance accepted
              JOIN buurtbemiddeling_protocol version ON version.id = accepted.protocol_id
         LEFT JOIN LATERAL (
                    SELECT later.date_grace, later.date_from
                      FROM buurtbemiddeling_protocol later
                     WHERE later.company_id = version.company_id
                       AND later.state != 'draft'
                       AND (later.date_from, later.id) > (version.date_from, version.id)
                  ORDER BY later.date_from, later.id
                     LIMIT 1
                   ) following ON TRUE
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN version.state != 'current'
                                THEN GREATEST(following.date_grace, following.date_from - 1)
                           END AS day
                   ) until
             WHERE accepted.volunteer_id %(these)s
         UNION ALL
            SELECT person.id, 'protocol', NULL, current.date_grace, FALSE
              FROM buurtbemiddeling_volunteer person
              JOIN buurtbemiddeling_protocol current
                ON current.company_id = person.company_id
               AND current.state = 'current'
               AND current.date_grace IS NOT NULL
             WHERE person.id %(these)s
               AND NOT EXISTS (
                   SELECT FROM buurtbemiddeling_protocol earlier
                    WHERE earlier.company_id = current.company_id AND earlier.state = 'past')
            """,
            these=these,
        )

    def _describe(self):
        """Return what is missing or has lapsed in words, a list of texts."""
        names = {
            "basic_training": self.env._("basic training of at least 15 hours"),
            "agreement": self.env._("signed agreement"),
            "confidentiality": self.env._("confidentiality statement"),
            "vog": self.env._("certificate of conduct (VOG)"),
            "insurance": self.env._("insurance"),
            "protocol": self.env._("acceptance of the protocol"),
        }
        return [
            self.env._(
                "%(requirement)s (valid until %(date)s)",
                requirement=names[row.kind],
                date=format_date(self.env, row.valid_until),
            )
            if row.state == "lapsed"
            else names[row.kind]
            for row in self
        ]
