from odoo import api, fields, models

from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_requirement import (
    REQUIREMENT_KINDS,
)

from .buurtbemiddeling_criterion import CRITERION_STATES


class BuurtbemiddelingCriterionEvidence(models.Model):
    """What shows that a criterion is met: a figure, signed statements, a document, meetings held.

    What is asked is data; how an organisation stands is measured when it is looked at
    (``buurtbemiddeling.criterion.measurement.mixin``).
    """

    _name = "buurtbemiddeling.criterion.evidence"
    _description = "Evidence of a Criterion"
    _inherit = ["buurtbemiddeling.criterion.measurement.mixin"]
    _order = "criterion_id, sequence, id"

    criterion_id = fields.Many2one(
        "buurtbemiddeling.criterion", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="criterion_id.company_id", store=True, index="btree_not_null", precompute=True
    )
    name = fields.Char("What shows it", required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("figure", "Figure"),
            ("requirement", "Requirement of mediators"),
            ("protocol", "Working protocol"),
            ("document", "Document"),
            ("meeting", "Meetings held"),
            ("retention", "Personal data removed in time"),
            ("statement", "Statement by hand"),
        ],
        required=True,
        default="statement",
        help="By what it is shown that the criterion is met.",
    )
    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", ondelete="restrict", index="btree_not_null"
    )
    period = fields.Selection(
        [("months", "Last 12 months"), ("year", "Last calendar year")],
        "Over",
        required=True,
        default="months",
        help="Over which time the figure is worked out.",
    )
    comparison = fields.Selection(
        [("min", "At least"), ("max", "At most")],
        required=True,
        default="min",
        help="Whether the figure has to be at least or at most the norm.",
    )
    norm = fields.Float(
        digits=(16, 4),
        default=1,
        help="A number, or a fraction: 0.8 is 80 percent.",
    )
    norm_source = fields.Char("Source of the norm", translate=True, help="Who chose this norm.")
    norm_text = fields.Char("Asked", compute="_compute_norm_text")
    requirement_kind = fields.Selection(
        REQUIREMENT_KINDS,
        "Requirement",
        help="Every active mediator has to have this.",
    )
    training_kind = fields.Selection(
        lambda self: self.env["buurtbemiddeling.training"]._fields["kind"].selection,
        "Kind of meeting",
        help="Meetings of this kind are counted.",
    )
    warning_days = fields.Integer(
        "Warn before (days)",
        default=60,
        help="So many days before a document lapses, or personal data is to be removed.",
    )
    document_ids = fields.One2many(
        "buurtbemiddeling.criterion.document", "evidence_id", "Documents and statements"
    )
    state = fields.Selection(CRITERION_STATES, compute="_compute_measurement")
    figure = fields.Char("Stands at", compute="_compute_measurement")
    gap = fields.Char("To do", compute="_compute_measurement")

    _requirement_is_chosen = models.Constraint(
        "CHECK(kind != 'requirement' OR requirement_kind IS NOT NULL)",
        "Choose which requirement mediators have to meet.",
    )
    _meeting_is_chosen = models.Constraint(
        "CHECK(kind != 'meeting' OR training_kind IS NOT NULL)",
        "Choose which kind of meeting has to be held.",
    )
    _norm_positive = models.Constraint(
        "CHECK(norm >= 0 AND warning_days >= 0)",
        "A norm and a number of days are 0 or more.",
    )
    _share_is_fraction = models.Constraint(
        "CHECK(kind NOT IN ('requirement', 'protocol') OR norm <= 1)",
        "A share of mediators is a fraction: 0.8 is 80 percent.",
    )

    @api.depends("kind", "norm", "comparison", "indicator_id")
    @api.depends_context("lang")
    def _compute_norm_text(self):
        for evidence in self:
            evidence.norm_text = evidence._get_norm_text()

    @api.depends(
        "kind", "indicator_id", "period", "comparison", "norm", "requirement_kind",
        "training_kind", "warning_days", "document_ids",
    )  # fmt: skip
    @api.depends_context("company", "lang", "tz", "uid")
    def _compute_measurement(self):
        measured = self._measure(self.env.company)
        for evidence in self:
            evidence.state, evidence.figure, evidence.gap = measured[evidence]

    def action_open(self):
        """Open the place where this is mended, for who may see cases.

        :raise AccessError: for who sees figures only
        """
        self.ensure_one()
        self.env["buurtbemiddeling.case"].check_access("read")
        return getattr(self, f"_open_{self.kind}")()

    def _open(self, xml_id, **values):
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {**action, "name": self.name, "display_name": self.name, "context": {}, **values}

    def _open_figure(self):
        """What the base of a share has and the share does not count; else what is counted."""
        indicator = self.indicator_id
        source = indicator.source or "case"
        facts = indicator._get_facts(source).with_env(self._get_facts(self.period).env)
        missed = indicator._get_scopes(self.env.company)[source]
        if indicator.kind == "share":
            missed &= indicator._get_domain("denominator") & ~indicator._get_domain("numerator")
        elif indicator:
            missed &= indicator._get_domain("numerator")
        records = facts.search(missed)._get_records()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": records._name,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
            "context": {"active_test": False},
        }

    def _open_requirement(self):
        """Active volunteers of whom it is missing, has lapsed or expires soon."""
        rows = [
            ("kind", "=", self.requirement_kind),
            ("state", "in", ("missing", "lapsed", "expiring")),
        ]
        return self._open(
            "buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_action",
            domain=list(
                self._get_active_domain(self.env.company)
                & self._get_domain_of("requirement_line_ids", rows)
            ),
        )

    def _open_protocol(self):
        return self._open(
            "buurtbemiddeling_volunteer.buurtbemiddeling_protocol_action",
            domain=[("company_id", "=", self.env.company.id)],
        )

    def _open_meeting(self):
        return self._open(
            "buurtbemiddeling_volunteer.buurtbemiddeling_training_session_action",
            domain=[
                ("company_id", "=", self.env.company.id),
                ("kind", "=", self.training_kind),
            ],
        )

    def _open_retention(self):
        """Open the screen where personal data are removed, of which the list says what is due."""
        return self._open("buurtbemiddeling_case.buurtbemiddeling_retention_run_action")

    def _open_document(self):
        return self._open(
            "buurtbemiddeling_report.buurtbemiddeling_criterion_document_action",
            domain=[("evidence_id", "=", self.id), ("company_id", "=", self.env.company.id)],
            context={"default_evidence_id": self.id},
        )

    def _open_statement(self):
        return self._open_document()
