from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class BuurtbemiddelingCaseClosingMixin(models.AbstractModel):
    """How a case ends.

    A closing date and a closed phase always go together. The result at closing stays as it was
    when aftercare shows another one.
    """

    _name = "buurtbemiddeling.case.closing.mixin"
    _description = "Closing of a Case"
    _inherit = ["buurtbemiddeling.screen.mixin"]

    outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result at closing",
        ondelete="restrict",
        tracking=True,
        copy=False,
    )
    close_date = fields.Date("Closed on", copy=False, index="btree_not_null")

    _closed_after_registered = models.Constraint(
        "CHECK(close_date IS NULL OR close_date >= registration_date)",
        "A case is closed on or after the day it was registered. Correct one of the two dates.",
    )

    @api.constrains("stage_id", "close_date")
    def _check_closed_phase(self):
        """Figures count by closing date, the board shows the phase: they say the same."""
        for case in self:
            if case.close_date and not case.is_closed:
                raise ValidationError(
                    self.env._(
                        "Case %(number)s has a closing date, so it belongs in a closed phase."
                        " Remove the date or choose another phase.",
                        number=case.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        closed_stage = self._get_closed_stage()
        for vals in vals_list:
            if vals.get("close_date") and not vals.get("stage_id"):
                vals["stage_id"] = closed_stage.id
        cases = super().create(vals_list)
        cases._date_closing()
        return cases

    def write(self, vals):
        vals = dict(vals)
        self._check_closing_date_kept(vals)
        if vals.get("close_date") and "stage_id" not in vals:
            if any(not case.is_closed for case in self):
                vals["stage_id"] = self._get_closed_stage().id
        if "stage_id" in vals:
            stage = self.env["buurtbemiddeling.case.stage"].browse(vals["stage_id"])
            if not stage.is_closed:
                vals.setdefault("close_date", False)
        res = super().write(vals)
        if "stage_id" in vals:
            self._date_closing()
            self._end_pauses()
        return res

    def _check_closing_date_kept(self, vals):
        """Refuse to take the closing date off a closed case.

        :raise UserError: names the cases
        """
        if "close_date" in vals and not vals["close_date"] and "stage_id" not in vals:
            closed = self.filtered("is_closed")
            if closed:
                raise UserError(
                    self.env._(
                        "Case %s is closed, so it keeps a closing date. To open it again, choose"
                        " another phase.",
                        ", ".join(closed.mapped("name")),
                    )
                )

    def _check_screen(self, vals):
        """A case ends on or after the day of its last talk; history comes in with what is known."""
        day = fields.Date.to_date(vals.get("close_date"))
        if day:
            self._check_closed_after_talks(day)
        return super()._check_screen(vals)

    def _check_closed_after_talks(self, day):
        """Refuse closing date ``day`` when a talk was held later.

        :raise UserError: names the cases and the day of the last talk
        """
        for case in self.filtered(lambda case: case.last_talk_date and case.last_talk_date > day):
            raise UserError(
                self.env._(
                    "In case %(case)s a talk was held on %(date)s, so it is closed on that day or"
                    " later. Correct the closing date, or the date of the talk.",
                    case=case.name,
                    date=format_date(self.env, case.last_talk_date),
                )
            )

    def _get_closed_stage(self):
        stages = self.env["buurtbemiddeling.case.stage"]
        own = stages._get_of_company(self.company_id[:1] or self.env.company)
        return own.filtered("is_closed")[:1]

    def _date_closing(self):
        """Closed today, unless the closing date says otherwise."""
        today = fields.Date.context_today(self)
        undated = self.filtered(lambda case: case.is_closed and not case.close_date)
        for day, cases in undated.grouped(lambda case: max(today, case.registration_date)).items():
            cases.close_date = day

    def _end_pauses(self):
        """A closed case waits for nothing any more: a pause that lasts ends on the closing date."""
        lasting = self.filtered("is_closed").pause_ids.filtered(
            lambda pause: not pause.date_to and pause.date_from <= pause.case_id.close_date
        )
        for day, pauses in lasting.grouped(lambda pause: pause.case_id.close_date).items():
            pauses.date_to = day

    def action_close(self):
        """Open the wizard that asks for the result and closes the cases."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close case"),
            "res_model": "buurtbemiddeling.case.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": [fields.Command.set(self.ids)]},
        }
