from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .buurtbemiddeling_case_phase_mixin import WAITING_LIST
from .buurtbemiddeling_merge_mixin import is_merging

FIRST_WORK = "intake"
# the phase that a talk of this kind belongs to; aftercare is counted in figures from its phase on,
# so to that a coordinator moves
PHASE_OF_TALK = {
    "talk_a": "talk_a",
    "approach_b": "approach_b",
    "talk_b": "talk_b",
    "mediation": "mediation",
}


class BuurtbemiddelingCaseProgressMixin(models.AbstractModel):
    """The phase goes along with what happens, and a button leads to the next one.

    What is a fact moves a case on: it was judged or someone was reached, its pair is complete, a
    talk was held. Never back, and never over a choice of the coordinator: not from the waiting
    list, and not to where the case has been before, or further.
    """

    _name = "buurtbemiddeling.case.progress.mixin"
    _description = "Progress of a Case"
    _inherit = ["buurtbemiddeling.case.phase.mixin"]

    next_stage_id = fields.Many2one(
        "buurtbemiddeling.case.stage", "Next phase", compute="_compute_next_stage_id"
    )
    next_stage_name = fields.Char(
        compute="_compute_next_stage_id", export_string_translation=False, exportable=False
    )

    @api.depends("stage_id", "selectable_stage_ids")
    @api.depends_context("lang")
    def _compute_next_stage_id(self):
        """The phase after this one for its form of help; waiting and closing have their own way."""
        for case in self:
            case.next_stage_id = case.selectable_stage_ids.sorted(
                lambda stage: (stage.sequence, stage.id)
            ).filtered(
                lambda stage, now=case.stage_id: (
                    now._comes_before(stage) and not stage.is_closed and stage.code != WAITING_LIST
                )
            )[:1]
            case.next_stage_name = case.next_stage_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """A new case is where it was put, whatever comes in with it."""
        cases = super(
            BuurtbemiddelingCaseProgressMixin, self.with_context(phase_as_given=True)
        ).create(vals_list)
        return cases.with_env(self.env)

    def write(self, vals):
        res = super().write(vals)
        if vals.get("intake_decision"):
            self._follow_fact(self.env._("The request was judged."))
        return res

    def action_next_phase(self):
        """Move the case to its next phase.

        The context key ``seen_stage_id`` is the phase in which the user saw it: what happens moves
        a case as well, and a page may have been open for an hour.

        :raise UserError: when that phase asks for something that is not filled in, or the case is
            somewhere else by now
        """
        self.ensure_one()
        seen = self.env.context.get("seen_stage_id")
        if seen and seen != self.stage_id.id:
            raise UserError(
                self.env._(
                    "Meanwhile this case is in the phase %s. Reload the page, and look what is to"
                    " be done now.",
                    self.stage_id.name,
                )
            )
        if self.next_stage_id:
            self._move_to_phase(self.next_stage_id)

    def _follow_fact(self, reason, code=FIRST_WORK):
        """Move the cases to the phase that something which happened belongs to.

        Where that phase asks for what is not known yet, a new case is at least taken up.

        :param reason: what happened, for the history
        :param code: of the phase
        """
        context = self.env.context
        if context.get("import_file") or context.get("phase_as_given") or is_merging(self.env):
            return
        phases = self.env["buurtbemiddeling.case.stage"]._get_of_companies(self.company_id)
        for case in self:
            own = phases[case.company_id] & case.selectable_stage_ids
            for wanted in (code, FIRST_WORK):
                phase = own.filtered(lambda stage, wanted=wanted: stage.code == wanted)[:1]
                if phase and case._may_move_along_to(phase):
                    case._as_mover()._move_to_phase(phase, reason)
                    break

    def _may_move_along_to(self, phase):
        """Tell whether nobody chose otherwise, and ``phase`` asks for nothing that is lacking."""
        self.ensure_one()
        if self.stage_id.code == WAITING_LIST or not self.stage_id._comes_before(phase):
            return False
        # sudo: reads which fields a phase requires
        if not all(self[field.name] for field in phase.sudo().required_field_ids):
            return False
        return all(stay.stage_id._comes_before(phase) for stay in self._get_history())

    def _as_mover(self):
        """Return the case in the name of who moves it: a coordinator, or else the system."""
        if self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return self
        # the tracking of this transaction is in the name of who wrote first: what was written until
        # here is done with, so that the move is in the name of the system
        self.env.cr.flush()
        # sudo: a mediator on the portal noted what happened; our own code says what follows
        return self.with_user(SUPERUSER_ID)
