from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class BuurtbemiddelingCaseStage(models.Model):
    """A phase of the case, from registration to closing, with its norm in working days.

    The phase says where a case stands; how it was helped (intervention) and how it ended (outcome)
    are fields of their own.

    A phase without organisation is shared by all. An organisation's own phase takes the place of
    the shared one with the same code, so that name, norm, order and required fields are its own;
    with another code it is an addition. An own phase that is archived leaves that phase out.
    """

    _name = "buurtbemiddeling.case.stage"
    _description = "Case Phase"
    _inherit = ["buurtbemiddeling.code.mixin"]
    _is_one_per_code = False

    company_id = fields.Many2one(
        "res.company",
        "Only for",
        index="btree_not_null",
        help="Empty: for all organisations. An organisation's own phase takes the place of the"
        " shared one with the same code.",
    )
    is_replaced = fields.Boolean(
        compute="_compute_is_replaced", export_string_translation=False, exportable=False
    )
    fold = fields.Boolean("Folded in the board")
    is_closed = fields.Boolean("Closes the case")
    norm_days = fields.Integer(
        "Norm (working days)",
        help="Working days that a case may stay in this phase before it is shown as late."
        " 0 means no norm.",
    )
    required_field_ids = fields.Many2many(
        "ir.model.fields",
        "buurtbemiddeling_case_stage_required_field_rel",
        "stage_id",
        "field_id",
        string="Required fields",
        domain=[("model", "=", "buurtbemiddeling.case"), ("store", "=", True)],
        help="A case can be moved into this phase only when these fields are filled in.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code, company_id)", "This organisation has a phase with this code. Use another."
    )
    _shared_code_uniq = models.UniqueIndex(
        "(code) WHERE company_id IS NULL", "This code exists already. Use another code."
    )
    _norm_days_positive = models.Constraint(
        "CHECK(norm_days >= 0)", "The norm of a phase is a number of working days, 0 or more."
    )

    @api.depends("code", "company_id")
    @api.depends_context("company")
    def _compute_is_replaced(self):
        """Whether the user's organisation has a phase of its own instead of this shared one."""
        own = self.search(
            [("company_id", "=", self.env.company.id), ("active", "in", (True, False))]
        )
        codes = set(own.mapped("code"))
        for stage in self:
            stage.is_replaced = not stage.company_id and stage.code in codes

    @api.constrains("code", "company_id", "is_closed")
    def _check_closes_as_shared(self):
        """Cases go along from the shared phase to the own one, with or without closing date."""
        shared = self.search([("company_id", "=", False), ("active", "in", (True, False))])
        closing = {stage.code: stage.is_closed for stage in shared}
        for stage in self.filtered("company_id"):
            if closing.get(stage.code, stage.is_closed) != stage.is_closed:
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” takes the place of a shared phase, so it closes cases just"
                        " when that one does. Use another code for a phase of another kind.",
                        stage=stage.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        stages.filtered("company_id")._take_over_cases()
        return stages

    def write(self, vals):
        """Whether a phase closes cases, and whose it is, is not changed under its cases.

        :raise UserError: there are cases in the phase, or it would go to another organisation
        """
        if "company_id" in vals:
            if any(stage.company_id.id != (vals["company_id"] or False) for stage in self):
                raise UserError(
                    self.env._(
                        "A phase stays with its organisation, as the history of cases names it."
                        " Archive it, or add a new one."
                    )
                )
        if "is_closed" in vals:
            changed = self.filtered(lambda stage: stage.is_closed != vals["is_closed"])
            # sudo: cases of other organisations count as well; only yes or no comes back
            cases = self.env["buurtbemiddeling.case"].sudo().with_context(active_test=False)
            if changed and cases.search_count([("stage_id", "in", changed.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "There are cases in this phase. Move them to another phase first, or add a"
                        " new phase."
                    )
                )
        return super().write(vals)

    @api.model
    def _get_of_companies(self, companies):
        """Return the phases that each organisation works with, in order.

        :return: ``{company: phases}``; for no company at all, the shared ones
        """
        self.check_access("read")
        known = set(companies.ids if self.env.su else self.env.companies.ids)  # by the record rule
        return {
            company: self.browse(self._get_ids_of(company.id if company.id in known else False))
            for company in (*companies, companies.browse())
        }

    @api.model
    @tools.ormcache("company_id")
    def _get_ids_of(self, company_id):
        """Return the ids of the phases that an organisation works with, in order.

        :param company_id: the organisation; ``False`` gives the shared phases
        """
        # sudo: asked for by who may read these phases; kept for all users
        stages = self.sudo().search(
            [("company_id", "in", [False, company_id]), ("active", "in", (True, False))]
        )
        own_codes = {stage.code for stage in stages if stage.company_id}
        return tuple(
            stage.id
            for stage in stages
            if stage.active and (stage.company_id or stage.code not in own_codes)
        )

    @api.model
    def _get_of_company(self, company):
        """Return the phases that one organisation works with, in order."""
        return self._get_of_companies(company)[company]

    def _get_like(self, stage):
        """Return the phase among these with the code of ``stage``, else ``stage`` itself."""
        return self.filtered(lambda own: own.code == stage.code)[:1] or stage

    def _comes_before(self, stage):
        """Return whether this phase comes before ``stage`` in the order of the work."""
        self.ensure_one()
        return (self.sequence, self.id) < (stage.sequence, stage.id)

    def _take_over_cases(self):
        """Bring the cases of the organisation along to its own phases.

        No case moves: it is the same phase, now the organisation's own. So dates, deadlines and
        history stay, and one statement does what ``write()`` would do as a move.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH replaced AS (
                    UPDATE buurtbemiddeling_case c
                       SET stage_id = own.id
                      FROM buurtbemiddeling_case_stage own
                      JOIN buurtbemiddeling_case_stage shared
                        ON shared.code = own.code AND shared.company_id IS NULL
                     WHERE own.id IN %s
                       AND c.stage_id = shared.id
                       AND c.company_id = own.company_id
                 RETURNING c.id, own.id AS stage_id
                )
                UPDATE buurtbemiddeling_case_phase p
                   SET stage_id = replaced.stage_id
                  FROM replaced
                 WHERE p.case_id = replaced.id
                   AND p.date_to IS NULL
                """,
                tuple(self.ids),
            )
        )
        self.env.invalidate_all()
        # a norm of its own counts for the open cases from now on
        shared = self.search([("company_id", "=", False), ("active", "in", (True, False))])
        self.filtered(lambda stage: shared._get_like(stage).norm_days != stage.norm_days).modified(
            ["norm_days"]
        )

    def action_make_own(self):
        """Give the user's organisation its own copy of every phase that it shares with others."""
        company = self.env.company
        for stage in self._get_of_company(company).filtered(lambda stage: not stage.company_id):
            stage.copy({"code": stage.code, "company_id": company.id})
