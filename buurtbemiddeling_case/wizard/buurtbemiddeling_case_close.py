from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..turns import wait_for_turn

# works in the view, but is not shown in it
HIDDEN = {"export_string_translation": False}


class BuurtbemiddelingCaseClose(models.TransientModel):
    """Close cases with their result.

    Of one case it asks how it ended for each party as well, and says first what is still loose;
    none of that stops the closing. Several cases are closed with one result and date.
    """

    _name = "buurtbemiddeling.case.close"
    _description = "Close Case"

    case_ids = fields.Many2many("buurtbemiddeling.case", required=True)
    # the case, when it is just one
    case_id = fields.Many2one(
        "buurtbemiddeling.case",
        "Only case",
        compute="_compute_case_id",
        **HIDDEN,
    )
    outcome_id = fields.Many2one("buurtbemiddeling.outcome", "Result", required=True)
    intervention_id = fields.Many2one(
        "buurtbemiddeling.intervention",
        "Form of help",
        compute="_compute_intervention_id",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    close_date = fields.Date("Closed on", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        "buurtbemiddeling.case.close.party",
        "wizard_id",
        "Parties",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    aftercare_planned_date = fields.Date(
        "Aftercare planned on",
        compute="_compute_aftercare_planned_date",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        help="Empty it when this case needs no aftercare.",
    )
    cancel_talks = fields.Boolean(
        "Cancel the talks that are still to come",
        default=True,
        help="Whoever was invited hears that the talk is off.",
    )
    coming_talk_count = fields.Integer(compute="_compute_loose_ends", **HIDDEN)
    has_undecided_talks = fields.Boolean(compute="_compute_loose_ends", **HIDDEN)
    has_open_pauses = fields.Boolean(compute="_compute_loose_ends", **HIDDEN)
    lacks_main_nuisance = fields.Boolean(compute="_compute_loose_ends", **HIDDEN)
    lacks_agreements = fields.Boolean(compute="_compute_loose_ends", **HIDDEN)
    letters_to_post = fields.Char(compute="_compute_loose_ends", **HIDDEN)
    lacks_results = fields.Boolean(compute="_compute_lacks_results", **HIDDEN)
    has_loose_ends = fields.Boolean(compute="_compute_loose_ends", **HIDDEN)

    @api.depends("case_ids")
    def _compute_case_id(self):
        for wizard in self:
            cases = wizard.case_ids._origin
            wizard.case_id = cases if len(cases) == 1 else False

    @api.depends("case_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {"party_id": party.id, "closing_result": party.closing_result}
                )
                for party in wizard.case_id.party_ids
            ]

    @api.depends("case_ids", "outcome_id")
    def _compute_intervention_id(self):
        """That of the one case, or else what goes with the result; of several, only if given."""
        for wizard in self:
            case = wizard.case_id
            wizard.intervention_id = (
                case
                and (case.intervention_id or wizard.outcome_id.intervention_id)
                or wizard.intervention_id
            )

    @api.depends("line_ids.closing_result")
    def _compute_lacks_results(self):
        for wizard in self:
            wizard.lacks_results = not all(wizard.line_ids.mapped("closing_result"))

    @api.depends("case_ids", "outcome_id", "close_date")
    def _compute_aftercare_planned_date(self):
        """Where the case itself would plan it, at the earliest today."""
        today = fields.Date.context_today(self)
        for wizard in self:
            case = wizard.case_id
            planned = False
            if case and wizard._needs_aftercare():
                planned = case._choose_aftercare_date(
                    *case._get_aftercare_term(case.last_talk_date or wizard.close_date)
                )
            wizard.aftercare_planned_date = planned and max(planned, today)

    @api.depends("case_ids", "outcome_id")
    def _compute_loose_ends(self):
        now = fields.Datetime.now()
        for wizard in self:
            case = wizard.case_id
            planned = case.meeting_ids.filtered(lambda talk: talk.state == "planned")
            wizard.coming_talk_count = len(planned._get_coming())
            wizard.has_undecided_talks = any(talk.start < now for talk in planned)
            wizard.has_open_pauses = any(not pause.date_to for pause in case.pause_ids)
            wizard.lacks_main_nuisance = case and not case.main_nuisance_type_id
            wizard.lacks_agreements = (
                case and wizard.outcome_id.code == "OPG_BEM" and not case.agreement_ids
            )
            wizard.letters_to_post = case.letters_to_post
            wizard.has_loose_ends = (
                planned
                or wizard.letters_to_post
                or wizard.has_open_pauses
                or wizard.lacks_main_nuisance
                or wizard.lacks_agreements
            )

    def _needs_aftercare(self):
        """Return whether the one case that is closed is asked afterwards how it went."""
        return self.outcome_id.counts_handled and not self.case_id.aftercare_date

    def action_close(self):
        """Move the cases to the closed phase with result and date; form of help only if given.

        :raise UserError: when a case is closed already, when the closing date lies in the future,
            before the registration or before the last talk, or aftercare is planned before that
        """
        self.ensure_one()
        wait_for_turn(self.case_ids)
        self._check_may_be_closed()
        values = {
            "stage_id": self.case_ids._get_closed_stage().id,
            "outcome_id": self.outcome_id.id,
            "close_date": self.close_date,
        }
        if self.intervention_id:
            values["intervention_id"] = self.intervention_id.id
        if self.case_id:
            for result, lines in self.line_ids.grouped("closing_result").items():
                lines.party_id.write({"closing_result": result})
            if self.cancel_talks:
                self.case_id.meeting_ids._get_coming().write({"state": "cancelled"})
        self.case_ids.write(values)
        if self.case_id and self._needs_aftercare():  # after the case has worked out its own day
            self.case_id.aftercare_planned_date = self.aftercare_planned_date
        self.line_ids._thank()
        return {"type": "ir.actions.act_window_close"}

    def _check_may_be_closed(self):
        """Refuse, raising ``UserError``, what can not be: see ``action_close``."""
        closed = self.case_ids.filtered("is_closed")
        if closed:
            raise UserError(
                self.env._(
                    "Case %s is closed already. Correct its result or closing date on the case.",
                    ", ".join(closed.mapped("name")),
                )
            )
        if self.close_date > fields.Date.context_today(self):
            raise UserError(
                self.env._("A case can not be closed in the future. Choose today or earlier.")
            )
        self.case_ids._check_closed_after_talks(self.close_date)
        if self._needs_aftercare():
            self.case_id._check_aftercare_can_be_planned(
                self.aftercare_planned_date, self.case_id.last_talk_date or self.close_date
            )
        early = self.case_ids.filtered(lambda case: case.registration_date > self.close_date)
        if early:
            raise UserError(
                self.env._(
                    "Case %(cases)s was registered after %(date)s. Correct the closing date, or"
                    " the date of registration on the case.",
                    cases=", ".join(early.mapped("name")),
                    date=format_date(self.env, self.close_date),
                )
            )
