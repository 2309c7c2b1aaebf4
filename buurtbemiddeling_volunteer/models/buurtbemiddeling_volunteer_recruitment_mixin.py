from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging


class BuurtbemiddelingVolunteerRecruitmentMixin(models.AbstractModel):
    """The way of a volunteer through the phases, from first interest to goodbye.

    A phase asks for what it needs, and keeps the first and the last day by itself.
    """

    _name = "buurtbemiddeling.volunteer.recruitment.mixin"
    _description = "Recruitment of a Volunteer"

    stage_id = fields.Many2one(
        "buurtbemiddeling.volunteer.stage",
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
    is_active_stage = fields.Boolean(related="stage_id.is_active", string="Gets cases")
    date_start = fields.Date("Volunteer since", copy=False)
    date_end = fields.Date("Left on", copy=False)

    _dates_in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A volunteer leaves on or after the first day. Correct one of the two dates.",
    )

    @api.depends("company_id")
    def _compute_stage_id(self):
        first = self.env["buurtbemiddeling.volunteer.stage"].search([], limit=1)
        for volunteer in self:
            volunteer.stage_id = volunteer.stage_id or first

    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    @api.model_create_multi
    def create(self, vals_list):
        """An empty stage, as in an import, is the first stage."""
        return super().create(
            [
                {name: value for name, value in vals.items() if name != "stage_id" or value}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        moved = self.browse()
        if "stage_id" in vals:
            moved = self.filtered(lambda volunteer: volunteer.stage_id.id != vals["stage_id"])
        res = super().write(vals)
        if moved:
            moved._check_stage_requirements()
            moved._date_membership(vals)
        return res

    def _check_stage_requirements(self):
        """Refuse a phase for which a volunteer is not ready, or cannot leave their cases.

        Not asked of new, imported or merged volunteers: history comes in with what is known.

        :raise UserError: names the volunteers and what is missing
        """
        if self.env.context.get("import_file") or is_merging(self.env):
            return
        unready = self.filtered(lambda v: v.stage_id.is_active and v.missing_requirements)
        if unready:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s can not get cases yet. Still missing: %(missing)s.",
                        volunteer=volunteer.name,
                        missing=volunteer.missing_requirements,
                    )
                    for volunteer in unready
                )
            )
        leaving = self.filtered(lambda v: v.stage_id.is_left and v.active_case_count)
        if leaving:
            live = leaving.assignment_ids.filtered("is_live").grouped("volunteer_id")
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s still mediates in %(cases)s. End that first, so that"
                        " another mediator can take over.",
                        volunteer=volunteer.name,
                        cases=", ".join(assignments.case_id.mapped("name")),
                    )
                    for volunteer, assignments in live.items()
                )
            )

    def _date_membership(self, vals):
        """The first day is that of the first active phase, the last day that of leaving."""
        today = fields.Date.context_today(self)
        starting = self.filtered(lambda v: v.stage_id.is_active and not v.date_start)
        if starting and "date_start" not in vals:
            starting.date_start = today
        if "date_end" in vals:
            return
        gone = self.filtered(lambda v: v.stage_id.is_left and not v.date_end)
        if gone:
            gone.date_end = today
        back = self.filtered(lambda v: not v.stage_id.is_left and v.date_end)
        if back:
            back.date_end = False
