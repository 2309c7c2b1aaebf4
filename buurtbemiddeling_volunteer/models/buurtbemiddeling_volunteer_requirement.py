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


class BuurtbemiddelingVolunteerRequirement(models.Model):
    """How a volunteer stands today with each requirement of the organisation.

    A query, not a table: it is the one place that says what counts as trained, signed and accepted,
    for a page, a list and a search alike. What counts:

    - a basic training that was passed with at least 15 hours attended (CCV);
    - a document whose date has come, until its own end; no end means valid for ever;
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
        return SQL(
            """
            SELECT volunteer.id * 10 + array_position(%(kinds)s, asked.kind::text) AS id,
                   volunteer.id AS volunteer_id, volunteer.company_id,
                   asked.id AS requirement_id, asked.kind, asked.sequence, asked.is_required,
                   had.date, CASE WHEN NOT had.endless THEN had.valid_until END AS valid_until,
                   CASE WHEN had.number = 0 THEN 'missing'
                        WHEN had.endless OR had.valid_until - asked.renewal_days > %(today)s
                             THEN 'complete'
                        WHEN had.valid_until >= %(today)s THEN 'expiring'
                        ELSE 'lapsed'
                   END AS state
              FROM buurtbemiddeling_volunteer volunteer
              JOIN buurtbemiddeling_requirement asked
                ON asked.active
               AND (asked.company_id = volunteer.company_id
                    OR asked.company_id IS NULL
                       AND NOT EXISTS (
                           SELECT FROM buurtbemiddeling_requirement own
                            WHERE own.company_id = volunteer.company_id AND own.kind = asked.kind))
        CROSS JOIN LATERAL (
                    SELECT count(*) AS number, max(fact.date) AS date,
                           bool_or(fact.valid_until IS NULL) AS endless,
                           max(fact.valid_until) AS valid_until
                      FROM (%(documents)s UNION ALL %(trainings)s UNION ALL %(protocols)s) fact
                   ) had
            """,
            kinds=[kind for kind, _label in REQUIREMENT_KINDS],
            today=fields.Date.context_today(self),
            documents=self._documents_sql(),
            trainings=self._trainings_sql(),
            protocols=self._protocols_sql(),
        )

    @api.model
    def _documents_sql(self):
        return SQL(
            """
            SELECT document.date, document.valid_until
              FROM buurtbemiddeling_volunteer_document document
             WHERE document.volunteer_id = volunteer.id
               AND document.kind = asked.kind
               AND document.date <= %s
            """,
            fields.Date.context_today(self),
        )

    @api.model
    def _trainings_sql(self):
        return SQL(
            """
            SELECT enrolment.result_date,
                   CASE WHEN asked.validity_months > 0 THEN (enrolment.result_date
                        + make_interval(months => asked.validity_months))::date END
              FROM buurtbemiddeling_training_enrolment enrolment
              JOIN buurtbemiddeling_training_session session ON session.id = enrolment.session_id
             WHERE asked.kind = 'basic_training'
               AND enrolment.volunteer_id = volunteer.id
               AND session.kind = 'basic'
               AND enrolment.result = 'passed'
               AND enrolment.attended_hours >= %s
            """,
            BASIC_TRAINING_HOURS,
        )

    @api.model
    def _protocols_sql(self):
        """An acceptance counts until the version that follows takes over, with its term."""
        return SQL(
            """
            SELECT NULL, NULL
             WHERE asked.kind = 'protocol'
               AND NOT EXISTS (
                   SELECT FROM buurtbemiddeling_protocol current
                    WHERE current.company_id = volunteer.company_id AND current.state = 'current')
         UNION ALL
            SELECT accepted.date,
                   CASE WHEN version.state != 'current'
                        THEN GREATEST(following.date_grace, following.date_from - 1) END
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
             WHERE asked.kind = 'protocol'
               AND accepted.volunteer_id = volunteer.id
         UNION ALL
            SELECT NULL, current.date_grace
              FROM buurtbemiddeling_protocol current
             WHERE asked.kind = 'protocol'
               AND current.company_id = volunteer.company_id
               AND current.state = 'current'
               AND current.date_grace IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM buurtbemiddeling_protocol earlier
                    WHERE earlier.company_id = current.company_id AND earlier.state = 'past')
            """
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
