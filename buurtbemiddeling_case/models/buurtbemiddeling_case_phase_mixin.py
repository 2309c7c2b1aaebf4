import logging
from itertools import accumulate

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

WAITING_LIST = "waiting"
WAITING_REASONS = [
    ("no_mediators", "No mediators free"),
    ("no_pair", "No fitting pair of mediators"),
    ("resident", "Resident asked to wait"),
    ("holiday", "Holiday"),
    ("other", "Other"),
]
# how a case ended: empty again when it is reopened, and kept in its history
ENDING = ("outcome_id", "aftercare_date", "aftercare_outcome_id", "feedback_date")


class BuurtbemiddelingCasePhaseMixin(models.AbstractModel):
    """The phase of a case, what is asked when it moves to another, and the history of its moves."""

    _name = "buurtbemiddeling.case.phase.mixin"
    _description = "Phase of a Case"
    _inherit = ["buurtbemiddeling.screen.mixin"]

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
        check_company=True,
        group_expand="_read_group_stage_ids",
    )
    is_closed = fields.Boolean(related="stage_id.is_closed", store=True, precompute=True)
    stage_code = fields.Char(related="stage_id.code", string="Code of the phase")
    selectable_stage_ids = fields.Many2many(
        "buurtbemiddeling.case.stage",
        compute="_compute_selectable_stage_ids",
        export_string_translation=False, exportable=False,
    )
    waiting_reason = fields.Selection(
        WAITING_REASONS,
        "Why on the waiting list",
        copy=False,
        help="Why the case can not be assigned to mediators yet.",
    )
    phase_ids = fields.One2many(
        "buurtbemiddeling.case.phase", "case_id", "Time per phase", readonly=True
    )

    @api.depends("company_id")
    def _compute_stage_id(self):
        """The first phase of the organisation; in another organisation, its phase of that code."""
        stages = self.env["buurtbemiddeling.case.stage"]._get_of_companies(self.company_id)
        for case in self:
            own = stages[case.company_id]
            case.stage_id = own._get_like(case.stage_id) if case.stage_id else own[:1]

    @api.depends("company_id", "stage_id", "intervention_id.stage_ids")
    def _compute_selectable_stage_ids(self):
        """The phases of the organisation that fit the form of help, and the one it is in."""
        stages = self.env["buurtbemiddeling.case.stage"]._get_of_companies(self.company_id)
        for case in self:
            own = stages[case.company_id]
            codes = case.intervention_id._get_stage_codes()
            fitting = own.filtered(lambda stage, codes=codes: stage.code in codes) or own
            case.selectable_stage_ids = fitting | case.stage_id

    def _read_group_stage_ids(self, stages, domain):
        """The board shows the phases of the user's organisations, empty or not."""
        by_company = stages._get_of_companies(self.env.companies)
        stages = stages.union(*(by_company[company] for company in self.env.companies))
        return stages.sorted(lambda stage: (stage.sequence, stage.id))

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        today = fields.Date.context_today(self)
        for vals in vals_list:
            if not vals.get("stage_id", True):  # an empty cell of an import
                del vals["stage_id"]
            vals["stage_date"] = (
                vals.get("stage_date")
                or vals.get("close_date")
                or vals.get("registration_date")
                or today
            )
        self._use_own_phases(vals_list)
        cases = super().create(vals_list)
        cases._enter_phase()
        return cases

    def write(self, vals):
        if vals.get("stage_id") and len(self.company_id) > 1:
            # each organisation has its own phases
            return all([cases.write(vals) for cases in self.grouped("company_id").values()])
        moved = reopened = self.browse()
        registered = {}
        if "registration_date" in vals:
            registered = {case.id: case.registration_date for case in self}
        if vals.get("stage_id"):
            stage = self._get_own_phase(vals["stage_id"], vals.get("company_id"))
            vals = {**vals, "stage_id": stage.id}
            moved = self.filtered(lambda case: case.stage_id != stage)
            if not stage.is_closed:
                reopened = moved.filtered("is_closed")
            day = vals.get("stage_date") or (stage.is_closed and vals.get("close_date"))
            day = fields.Date.to_date(day) or fields.Date.context_today(self)
            moved._leave_phase(day)
        outcomes = {case: case.outcome_id.name for case in reopened}
        res = super().write(vals)
        if moved:
            moved._check_required_fields()
            moved._enter_phase(day)
            if stage.code != WAITING_LIST:
                moved.filtered("waiting_reason").waiting_reason = False
            if "stage_date" not in vals:
                moved.stage_date = day
        if reopened:
            # the result of that time is in the history; the case can end anew
            reopened.write({name: False for name in ENDING if name not in vals})
            reopened._log_reopening(outcomes)
        if vals.get("close_date"):
            closed = self.filtered("is_closed")
            closed.filtered(lambda case: case.stage_date != case.close_date).stage_date = closed[
                :1
            ].close_date
        if "stage_date" in vals or registered:
            self._date_history(registered)
        return res

    def _use_own_phases(self, vals_list):
        """Put an organisation's own phase in the values of new cases, instead of the shared one."""
        moving = [vals for vals in vals_list if vals.get("stage_id")]
        if not moving:
            return
        default_id = self.default_get(["company_id"]).get("company_id")
        companies = self.env["res.company"].browse(
            {vals.get("company_id") or default_id for vals in moving}
        )
        stages = self.env["buurtbemiddeling.case.stage"]
        own = stages._get_of_companies(companies)
        for vals in moving:
            company = companies.browse(vals.get("company_id") or default_id)
            vals["stage_id"] = own[company]._get_like(stages.browse(vals["stage_id"])).id

    def _get_own_phase(self, stage_id, company_id=None):
        """Return the phase that the cases' organisation has instead of this one, or itself."""
        stage = self.env["buurtbemiddeling.case.stage"].browse(stage_id)
        company = self.env["res.company"].browse(company_id) if company_id else self.company_id
        return stage._get_of_company(company)._get_like(stage)

    # ------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------

    def _get_history(self, *conditions):
        # sudo: nobody writes history by hand; this code does, for cases that the user may write
        return (
            self.env["buurtbemiddeling.case.phase"]
            .sudo()
            .search([("case_id", "in", self.ids), *conditions])
        )

    def _enter_phase(self, day=None):
        """Begin the history of the phase in which the cases are, on ``day`` or their own date."""
        # sudo: see _get_history()
        return (
            self.env["buurtbemiddeling.case.phase"]
            .sudo()
            .create(
                [
                    {
                        "case_id": case.id,
                        "stage_id": case.stage_id.id,
                        "date_from": day or case.stage_date or case.registration_date,
                    }
                    for case in self
                ]
            )
        )

    def _leave_phase(self, day):
        """End the stay of the cases in their phase: from now on it keeps what was."""
        current = self._get_history(("date_to", "=", False))
        current |= self.filtered(lambda case: case not in current.case_id)._enter_phase()
        current.flush_recordset()  # what was still to be taken over from the case
        current.date_to = day

    def _date_history(self, registered):
        """Let the history follow dates: every stay ends on the day on which the next begins.

        :param registered: ``{case id: date of registration before}`` of cases of which that date
            was corrected; the first stay goes along
        """
        along = self.browse()
        history = self._get_history().grouped("case_id")
        for case in self.filtered(lambda case: case in history):
            stays = history[case]
            if stays[0].date_from == registered.get(case.id):
                stays[0].date_from = case.registration_date
                if len(stays) == 1:
                    along |= case
                    continue
            last = case.stage_date or stays[-1].date_from
            starts = [*accumulate((min(stay.date_from, last) for stay in stays[:-1]), max), last]
            for stay, start, end in zip(stays, starts, [*starts[1:], False], strict=True):
                if (stay.date_from, stay.date_to) != (start, end):
                    stay.write({"date_from": start, "date_to": end})
        for day, cases in along.grouped("registration_date").items():
            cases.stage_date = day

    def _log_reopening(self, outcomes):
        """Say on the thread that cases were opened again, and where their result was kept.

        :param outcomes: ``{case: name of the result at closing}``
        """
        self._message_log_batch(
            {
                case.id: self.env._(
                    "Opened again in phase %(stage)s. The result until now, %(outcome)s, is kept"
                    " under Clock.",
                    stage=case.stage_id.name,
                    outcome=outcomes[case] or "-",
                )
                for case in self
            }
        )

    # ------------------------------------------------------------
    # WHAT IS ASKED
    # ------------------------------------------------------------

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

    def _check_screen(self, vals):
        """Ask a reason of whoever moves a case back, opens it again or lets it wait."""
        if vals.get("stage_id"):
            self._check_reason_of_move(vals)
        else:
            self._check_nothing_required_is_emptied(vals)
        return super()._check_screen(vals)

    def _check_nothing_required_is_emptied(self, vals):
        """What the phase asked for when the case came in, stays filled in.

        :raise UserError: names the field and the phase
        """
        # sudo: reads which fields a phase requires, and their labels
        for field in self.stage_id.sudo().required_field_ids:
            if field.name in vals and not vals[field.name] and self[field.name]:
                raise UserError(
                    self.env._(
                        "“%(field)s” belongs to the phase %(stage)s. Choose another value, or move"
                        " the case to another phase first.",
                        field=field.field_description,
                        stage=self.stage_id.name,
                    )
                )

    def _check_reason_of_move(self, vals):
        """Ask why a case goes back, is opened again or has to wait.

        :raise RedirectWarning: leads to the screen that asks for the reason
        """
        stage = self.env["buurtbemiddeling.case.stage"].browse(vals["stage_id"])
        waits = stage.code == WAITING_LIST and not vals.get("waiting_reason")
        if not self and waits:
            raise UserError(
                self.env._(
                    "Save the registration in its first phase. Then move it to %(stage)s and say"
                    " why it has to wait.",
                    stage=stage.name,
                )
            )
        for case in self.filtered(lambda case: case.stage_id != stage):
            names = {"case": case.name, "stage": stage.name}
            if case.is_closed and not stage.is_closed:
                sentence = self.env._(
                    "Case %(case)s is closed. Say why it is opened again.", **names
                )
            elif stage._comes_before(case.stage_id):
                sentence = self.env._(
                    "Case %(case)s goes back to %(stage)s. Say why, so that everybody can follow"
                    " what happened.",
                    **names,
                )
            elif waits:
                sentence = self.env._(
                    "Say why case %(case)s has to wait before it goes to %(stage)s.", **names
                )
            else:
                continue
            question = RedirectWarning(
                sentence, self._get_move_action(stage), self.env._("Give the reason")
            )
            question.loglevel = logging.INFO  # a question to the user is no error in the log
            raise question

    def action_move(self):
        """Open the screen that moves cases with a reason; a closed case goes where it was."""
        stage = self.env["buurtbemiddeling.case.stage"]
        if len(self) == 1 and self.is_closed:
            before = self.phase_ids.filtered(lambda phase: not phase.stage_id.is_closed)[-1:]
            stage = before and self._get_own_phase(before.stage_id.id)
        return self._get_move_action(stage)

    def _get_move_action(self, stage):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to another phase"),
            "res_model": "buurtbemiddeling.case.move",
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_case_ids": [Command.set(self.ids)],
                "default_stage_id": stage.id,
            },
        }

    def _move_to_phase(self, stage, reason=None, waiting_reason=None):
        """Move the cases to a phase, with the reason in their history."""
        vals = {"stage_id": stage.id}
        if waiting_reason:
            vals["waiting_reason"] = waiting_reason
        self.write(vals)
        if reason:
            self._get_history(("date_to", "=", False)).reason = reason
