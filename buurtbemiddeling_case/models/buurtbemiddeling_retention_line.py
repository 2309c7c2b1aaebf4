import logging

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

LINE_STATES = [
    ("waiting", "Waits for its day"),
    ("done", "Removed"),
    ("held", "Kept longer"),
    ("skipped", "No longer due"),
    ("failed", "Failed"),
]
LINE_REASONS = [
    ("used", "Something in another app needs a part of it"),
    ("error", "An error: the log of the server says which"),
]


class BuurtbemiddelingRetentionLine(models.Model):
    """One record of which the personal data are to go, or went: a number, and nobody's name."""

    _name = "buurtbemiddeling.retention.line"
    _description = "Line of a Retention Run"
    _order = "ready_date, due_date, id"

    run_id = fields.Many2one(
        "buurtbemiddeling.retention.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    # whoever may not see a closed project, does not see its numbers either
    project_id = fields.Many2one(
        "buurtbemiddeling.project", ondelete="set null", index="btree_not_null"
    )
    kind = fields.Selection(
        [
            ("case", "Case"),
            ("request", "Request that was not continued"),
            ("referrer", "Contact person of a referrer"),
        ],
        required=True,
    )
    model = fields.Char(required=True)
    res_id = fields.Many2oneReference("Record", model_field="model", required=True, index=True)
    name = fields.Char("Number")
    user_id = fields.Many2one("res.users", "Coordinator", index="btree_not_null")
    due_date = fields.Date("Term over on", help="On this day the term of the organisation is over.")
    warned_date = fields.Date("Warned on")
    ready_date = fields.Date(
        "Goes on",
        help="The personal data are removed on this day or later: the term is over, and the"
        " coordinator was warned long enough.",
    )
    done_date = fields.Date("Handled on")
    state = fields.Selection(LINE_STATES, required=True, default="waiting")
    reason = fields.Selection(LINE_REASONS, "Why not")
    hold_until = fields.Date("Kept until", compute="_compute_hold_until")
    resident_count = fields.Integer("Residents")
    message_count = fields.Integer("Messages")
    file_count = fields.Integer("Files")
    talk_count = fields.Integer("Talks")

    _waiting_index = models.Index("(run_id, ready_date, id) WHERE state = 'waiting'")
    _subject_index = models.Index("(model, res_id) WHERE state = 'waiting'")

    @api.depends("model", "res_id")
    def _compute_hold_until(self):
        """Read from the record itself: a hold may be set after the list was made."""
        self.hold_until = False
        for model, lines in self.grouped("model").items():
            records = self.env.get(model)
            if records is None or "retention_hold_until" not in records._fields:
                continue
            # sudo: until when, of records that may be archived or gone; no reason
            records = records.sudo().browse(lines.mapped("res_id")).exists()
            until = {record.id: record.retention_hold_until for record in records}
            for line in lines:
                line.hold_until = until.get(line.res_id)

    def action_open(self):
        """Open what the line is about.

        :raise UserError: when it is gone
        """
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("This is not there any more: it was removed."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_keep_longer(self):
        """Ask until when, and why, this is kept longer.

        :raise UserError: when it is of a kind that is not kept longer
        """
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id).exists()
        if not hasattr(record, "action_keep_longer"):
            raise UserError(
                self.env._("This can not be kept longer. Open it, and give it a place.")
            )
        return record.action_keep_longer()

    # ------------------------------------------------------------
    # REMOVAL
    # ------------------------------------------------------------

    def _carry_out(self):
        """Remove the personal data of these lines that are still due and not kept longer."""
        for (company, model, kind), lines in self.grouped(
            lambda line: (line.company_id, line.model, line.kind)
        ).items():
            lines._carry_out_kind(company, model, kind)

    def _carry_out_kind(self, company, model, kind):
        today = fields.Date.context_today(self)
        subjects = self.env[model].with_context(active_test=False)
        named = Domain("id", "in", self.mapped("res_id"))
        due = subjects.search(subjects._get_due_domain(company, kind, today) & named)
        going = subjects.search(subjects._get_retention_domain(company, kind, today) & named)
        failed = self._anonymize(going)
        self._of(due - going)._finish("held")
        self._of(going.filtered(lambda record: record.id not in failed))._finish("done")
        for reason in set(failed.values()):
            ids = [id_ for id_, why in failed.items() if why == reason]
            self._of(subjects.browse(ids))._finish("failed", reason)
        (self - self._of(due))._finish("skipped")

    def _of(self, records):
        """Return those of these lines that are about one of ``records``."""
        ids = set(records._ids)
        return self.filtered(lambda line: line.res_id in ids)

    @api.model
    def _anonymize(self, records):
        """Anonymise ``records`` together, or each apart when one of them can not be.

        :return: ``{id: code of LINE_REASONS}`` of those that could not
        """
        failed = {}
        try:
            with self.env.cr.savepoint():
                records._anonymize()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(records) > 1:
                for record in records:
                    failed |= self._anonymize(record)
                return failed
            self.env.invalidate_all(flush=False)
            # the text of an error may hold a name, so only its kind is kept
            _logger.warning(
                "%s of %s can not be anonymised: %s", records.ids, records._name, type(error)
            )
            refused = isinstance(error, (UserError, errors.IntegrityError))
            failed = {records.id: "used" if refused else "error"}
        return failed

    def _finish(self, state, reason=False):
        if self:
            today = fields.Date.context_today(self)
            self.write({"state": state, "reason": reason, "done_date": today})
