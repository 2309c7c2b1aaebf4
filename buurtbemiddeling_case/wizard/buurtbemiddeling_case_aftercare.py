from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.buurtbemiddeling_party_result_mixin import BAD_RESULTS
from ..turns import wait_for_turn

TRY_AGAIN_DAYS = 7


class BuurtbemiddelingCaseAftercare(models.TransientModel):
    """Aftercare of one case: how it is now for each party apart, and what was kept.

    The result is proposed from the answers; the coordinator decides. When it did not hold, the
    case can be taken up again at once.
    """

    _name = "buurtbemiddeling.case.aftercare"
    _description = "Aftercare"

    case_id = fields.Many2one("buurtbemiddeling.case", required=True, ondelete="cascade")
    is_closed = fields.Boolean(
        related="case_id.is_closed",
        related_sudo=False,
        export_string_translation=False,
        exportable=False,
    )
    last_talk_date = fields.Date(related="case_id.last_talk_date", related_sudo=False)
    aftercare_date = fields.Date("Asked on", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        "buurtbemiddeling.case.aftercare.party",
        "wizard_id",
        "Parties",
        compute="_compute_lines",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    agreement_line_ids = fields.One2many(
        "buurtbemiddeling.case.aftercare.agreement",
        "wizard_id",
        "Agreements",
        compute="_compute_lines",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result after aftercare",
        compute="_compute_outcome_id",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    # what was known when the window was opened: a colleague may note aftercare meanwhile
    known_date = fields.Date(
        compute="_compute_known_date",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        export_string_translation=False, exportable=False,
    )
    is_bad = fields.Boolean(
        compute="_compute_is_bad", export_string_translation=False, exportable=False
    )
    is_nobody_reached = fields.Boolean(
        compute="_compute_is_bad", export_string_translation=False, exportable=False
    )
    stage_id = fields.Many2one(
        "buurtbemiddeling.case.stage",
        "Open it in phase",
        default=lambda self: self._default_stage_id(),
        domain=[("is_closed", "=", False), ("code", "!=", "aftercare")],
    )

    def _default_stage_id(self):
        return self.env["buurtbemiddeling.case.stage"].search(
            [("code", "=", "assigned"), ("is_closed", "=", False)]
        )

    @api.depends("case_id")
    def _compute_lines(self):
        for wizard in self:
            case = wizard.case_id
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({"party_id": party.id}) for party in case.party_ids
            ]
            wizard.agreement_line_ids = [fields.Command.clear()] + [
                fields.Command.create({"agreement_id": agreement.id, "kept": agreement.kept})
                for agreement in case.agreement_ids
            ]

    @api.depends("case_id")
    def _compute_known_date(self):
        for wizard in self:
            wizard.known_date = wizard.case_id.aftercare_date

    @api.depends("line_ids.aftercare_result", "agreement_line_ids.kept")
    def _compute_outcome_id(self):
        """As at closing, or *not solved* when what was solved did not hold; only a proposal."""
        not_solved = self.env["buurtbemiddeling.outcome"].search([("code", "=", "NIET_OPG")])
        for wizard in self:
            closing = wizard.case_id.outcome_id
            if wizard._answers_are_bad() and (not closing or closing.counts_positive):
                wizard.outcome_id = not_solved
            elif any(wizard.line_ids.mapped("aftercare_result")):
                wizard.outcome_id = closing
            else:
                wizard.outcome_id = False

    @api.depends("line_ids.aftercare_result", "agreement_line_ids.kept", "outcome_id")
    def _compute_is_bad(self):
        for wizard in self:
            results = wizard.line_ids.mapped("aftercare_result")
            wizard.is_nobody_reached = results and set(results) == {"not_reached"}
            closing, now = wizard.case_id.outcome_id, wizard.outcome_id
            wizard.is_bad = wizard._answers_are_bad() or (
                closing.counts_positive and now and not now.counts_positive
            )

    def _answers_are_bad(self):
        """Return whether a party is no better off, or an agreement was not kept."""
        return any(line.aftercare_result in BAD_RESULTS for line in self.line_ids) or any(
            line.kept == "no" for line in self.agreement_line_ids
        )

    def action_save(self):
        """Save the answers on the parties and agreements, and the result on the case.

        :raise UserError: when aftercare lies in the future, nothing was filled in, or a colleague
            noted aftercare meanwhile
        """
        self.ensure_one()
        self._save()
        return {"type": "ir.actions.act_window_close"}

    def action_save_and_close(self):
        """Save, and close the case today; with this result when it had none yet."""
        self.ensure_one()
        self._save(
            stage_id=self.case_id._get_closed_stage().id,
            outcome_id=(self.case_id.outcome_id or self.outcome_id).id,
        )
        return {"type": "ir.actions.act_window_close"}

    def action_save_and_reopen(self):
        """Save, and take the case up again in the phase that was chosen."""
        self.ensure_one()
        if not self.stage_id:
            raise UserError(self.env._("Choose the phase in which the case is opened again."))
        self._save()
        self.case_id._reopen(self.stage_id, self.env._("Opened again: it did not hold."))
        return {"type": "ir.actions.act_window_close"}

    def action_try_again(self):
        """Save nothing; plan another try a week from now."""
        self.ensure_one()
        self.case_id.aftercare_planned_date = fields.Date.context_today(self) + timedelta(
            days=TRY_AGAIN_DAYS
        )
        return {"type": "ir.actions.act_window_close"}

    def _save(self, **values):
        """Write what was asked, and ``values`` on the case with it."""
        if self.aftercare_date > fields.Date.context_today(self):
            raise UserError(
                self.env._("Aftercare can not be in the future. Choose today or earlier.")
            )
        asked = self.line_ids.filtered("aftercare_result")
        if self.line_ids and not asked:
            raise UserError(
                self.env._("Say for at least one party how it is now, or that it was not reached.")
            )
        if not self.outcome_id:
            raise UserError(self.env._("Choose the result after aftercare."))
        case = self.case_id
        wait_for_turn(case)
        if case.aftercare_date != self.known_date:
            raise UserError(
                self.env._(
                    "Aftercare of case %(case)s was noted while you had this window open:"
                    " %(result)s, on %(date)s. Nothing of yours is saved. Close this window, look"
                    " at what was noted, and open it again if you want to change that.",
                    case=case.name,
                    result=case.aftercare_outcome_id.name or self.env._("no result noted"),
                    date=format_date(self.env, case.aftercare_date) or "—",
                )
            )
        for result, lines in asked.grouped("aftercare_result").items():
            lines.party_id.write(
                {"aftercare_result": result, "aftercare_date": self.aftercare_date}
            )
        for kept, lines in self.agreement_line_ids.grouped("kept").items():
            changed = lines.agreement_id.filtered(lambda row, kept=kept: row.kept != kept)
            changed.write({"kept": kept, "kept_date": kept and self.aftercare_date})
        self.case_id.write(
            {
                "aftercare_date": self.aftercare_date,
                "aftercare_outcome_id": self.outcome_id.id,
                **values,
            }
        )
        if any(line.aftercare_result != "not_reached" for line in asked):
            self.case_id._note_contact(self.aftercare_date)
        self.line_ids._thank()
