from odoo import api, fields, models


class BuurtbemiddelingCaseTriageMixin(models.AbstractModel):
    """The judgement at intake: is this a quarrel for mediators, and if not, what then?"""

    _name = "buurtbemiddeling.case.triage.mixin"
    _description = "Triage of a Case"

    intake_decision = fields.Selection(
        [
            ("suitable", "Suitable"),
            ("advice", "Advice only"),
            ("refer", "Refer on"),
            ("unsuitable", "Not suitable"),
        ],
        tracking=True,
        copy=False,
    )
    intake_date = fields.Date(
        "Decided on",
        compute="_compute_intake_date",
        store=True,
        readonly=False,
        copy=False,
    )
    contraindication_ids = fields.Many2many(
        "buurtbemiddeling.contraindication",
        "buurtbemiddeling_case_contraindication_rel",
        "case_id",
        "contraindication_id",
        string="Contra-indications",
        ondelete="restrict",
    )
    complexity_ids = fields.Many2many(
        "buurtbemiddeling.complexity",
        "buurtbemiddeling_case_complexity_rel",
        "case_id",
        "complexity_id",
        ondelete="restrict",
    )
    is_complex = fields.Boolean("Complex", compute="_compute_is_complex", store=True)

    @api.depends("complexity_ids")
    def _compute_is_complex(self):
        for case in self:
            case.is_complex = bool(case.complexity_ids)

    @api.depends("intake_decision")
    def _compute_intake_date(self):
        for case in self:
            if case.intake_decision and not case.intake_date:
                case.intake_date = fields.Date.context_today(case)
            elif not case.intake_decision:
                case.intake_date = False
