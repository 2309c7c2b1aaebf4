from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

# How often a list is made by itself. A list looks so much further ahead, so that whatever falls due
# before the next one is warned for in time.
DAYS_BETWEEN_LISTS = 7
# Records a transaction: enough to cost few queries each, and little to do again when it is stopped.
BATCH_SIZE = 500
TRIES = 5


class BuurtbemiddelingRetentionRemovalMixin(models.AbstractModel):
    """What was warned for goes in batches, each a transaction of its own."""

    _name = "buurtbemiddeling.retention.removal.mixin"
    _description = "Removal in Batches"

    @api.model
    def _cron_retention(self):
        """Make the lists of who has that switched on, and go on with all runs that are under way.

        A batch is a transaction: whatever stops this, the next time goes on after the last one.
        """
        self._make_lists()
        cron = self.env["ir.cron"]
        runs = self.search([("state", "=", "running")])
        cron._commit_progress(remaining=sum(runs.mapped("ready_count")))
        for run in runs:
            tries = 0
            while True:
                try:
                    handled = run._remove_batch()
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    # someone changed a record meanwhile: the batch is done again
                    self.env.cr.rollback()
                    tries += 1
                    if tries < TRIES:
                        continue
                    raise
                if not cron._commit_progress(handled):
                    return
                if not handled:
                    break

    @api.model
    def _make_lists(self):
        """Make, warn for and start runs of organisations that have that switched on."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search(
            [("buurtbemiddeling_retention_automatic", "=", True)]
        )
        last = dict(
            self._read_group(
                [("company_id", "in", companies.ids), ("state", "!=", "draft")],
                ["company_id"],
                ["date:max"],
            )
        )
        for company in companies:
            if last.get(company) and last[company] > today - timedelta(days=DAYS_BETWEEN_LISTS):
                continue
            run = self.with_company(company).create(
                {"company_id": company.id, "is_automatic": True}
            )
            if run.line_ids:
                run._warn()
            else:
                run.unlink()
        runs = self.search([("state", "=", "warned"), ("company_id", "in", companies.ids)])
        runs.filtered("ready_count")._start()

    def _remove_batch(self):
        """Remove the personal data of the next lines; return how many were handled.

        Lines that another transaction is busy with are left to that one.
        """
        self.ensure_one()
        # statements are many and short: compiling them takes longer than carrying them out
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        self.env.cr.execute(
            SQL(
                "SELECT id FROM buurtbemiddeling_retention_line"
                " WHERE run_id = %s AND state = 'waiting' AND ready_date <= %s"
                " ORDER BY ready_date, id LIMIT %s FOR UPDATE SKIP LOCKED",
                self.id,
                fields.Date.context_today(self),
                BATCH_SIZE,
            )
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        lines = self.env["buurtbemiddeling.retention.line"].browse(ids)
        if lines:
            lines._carry_out()
        else:
            self._end()
        self.env.flush_all()
        self.env.invalidate_all()
        return len(lines)

    def _end(self):
        """Nothing more can be removed today: the run is ready, or waits for later days."""
        self.contact_count += self._remove_loose_contacts()
        self.env.invalidate_all()
        if self.ready_count:  # of another transaction, which ends the run
            return
        self.state = "warned" if self.waiting_count else "done"
        if self.state == "done":
            self.end_date = fields.Datetime.now()
            self.activity_ids.unlink()

    def _remove_loose_contacts(self):
        """Remove confidential contacts without a case; return how many.

        A resident who was taken off a case, or was typed twice, has no case of which the term can
        be over. Such a contact is kept as long as a request that was not continued.
        """
        company = self.company_id
        limit = company._get_retention_limit("request", fields.Date.context_today(self))
        contacts = self.env["res.partner"].with_context(active_test=False)
        loose = contacts.search(
            Domain("is_confidential", "=", True)
            & Domain("company_id", "=", company.id)
            & Domain("write_date", "<", limit)
            & (Domain("parent_id", "=", False) | Domain("parent_id.is_confidential", "=", False))
            & Domain.custom(to_sql=self._get_caseless_condition)
        )
        for ids in split_every(BATCH_SIZE, loose.ids):
            # only ever called for the server itself
            self.env["buurtbemiddeling.anonymizer"]._remove_contacts(ids)
        return len(loose - loose.exists())

    @api.model
    def _get_caseless_condition(self, model, alias, query):
        """Return the SQL condition that a contact is a resident of no case."""
        return SQL(
            "NOT EXISTS (SELECT FROM buurtbemiddeling_case_party party"
            " WHERE party.partner_id = %s)",
            SQL.identifier(alias, "id"),
        )
