from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCasePhaseMixin(models.AbstractModel):
    """The phase of a case, and what is asked when it moves to another."""

    _name = "buurtbemiddeling.case.phase.mixin"
    _description = "Phase of a Case"

    stage_id = fields.Many2one(
        "buurtbemiddeling.case.stage",
        "Phase",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        index=True,
        ondelete="restrict",
        tracking=True,
        group_expand="_read_group_stage_ids",
    )
    is_closed = fields.Boolean(related="stage_id.is_closed", store=True, precompute=True)

    @api.depends("company_id")
    def _compute_stage_id(self):
        first = self.env["buurtbemiddeling.case.stage"].search([], limit=1)
        for case in self:
            case.stage_id = case.stage_id or first

    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        today = fields.Date.context_today(self)
        for vals in vals_list:
            if not vals.get("stage_id", True):  # an empty cell of an import
                del vals["stage_id"]
            vals.setdefault(
                "stage_date", vals.get("close_date") or vals.get("registration_date") or today
            )
        return super().create(vals_list)

    def write(self, vals):
        moved = self.browse()
        if "stage_id" in vals:
            stage = self.env["buurtbemiddeling.case.stage"].browse(vals["stage_id"])
            moved = self.filtered(lambda case: case.stage_id != stage)
        res = super().write(vals)
        if moved:
            moved._check_required_fields()
            if "stage_date" not in vals:
                moved.stage_date = fields.Date.context_today(self)
        return res

    def _check_required_fields(self):
        """Refuse a phase whose required fields are empty, naming them.

        Not asked of new or imported cases: history comes in with what is known.

        :raise UserError: names the fields and the cases
        """
        if self.env.context.get("import_file"):
            return
        for stage, cases in self.grouped("stage_id").items():
            # sudo: reads which fields a phase requires, and their labels
            for field in stage.sudo().required_field_ids:
                lacking = cases.filtered(lambda case, name=field.name: not case[name])
                if lacking:
                    raise UserError(
                        self.env._(
                            "Fill in “%(field)s” before moving case %(cases)s to %(stage)s.",
                            field=field.field_description,
                            cases=", ".join(lacking.mapped("name")),
                            stage=stage.name,
                        )
                    )
