from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, split_every

from .buurtbemiddeling_retention_removal_mixin import BATCH_SIZE, DAYS_BETWEEN_LISTS

RUN_STATES = [
    ("draft", "List"),
    ("warned", "Coordinators warned"),
    ("running", "Under way"),
    ("done", "Ready"),
    ("cancelled", "Stopped"),
]


class BuurtbemiddelingRetentionRun(models.Model):
    """A round of removing personal data of which the term is over; afterwards the log of it.

    A list says what would go and changes nothing. Then the coordinators are warned, and can keep a
    case longer with a reason. What was warned for long enough and is still due goes in batches,
    each a transaction of its own: what is stopped half way goes on with the next batch, and two at
    once take different ones. Holds numbers and days, and nothing of anyone.
    """

    _name = "buurtbemiddeling.retention.run"
    _description = "Retention Run"
    _inherit = [
        "buurtbemiddeling.retention.removal.mixin",
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date("Listed on", required=True, default=fields.Date.context_today)
    is_automatic = fields.Boolean(
        "Made by itself", help="By the daily action, and not by somebody who pressed a button."
    )
    listed_by_id = fields.Many2one("res.users", "Listed by")
    warned_date = fields.Date("Warned on")
    started_by_id = fields.Many2one("res.users", "Started by")
    start_date = fields.Datetime("Started on")
    end_date = fields.Datetime("Ready on")
    state = fields.Selection(RUN_STATES, required=True, default="draft", readonly=True)
    contact_count = fields.Integer(
        "Contacts without a case",
        help="Confidential contacts that belonged to no case any more, and were removed as well.",
    )
    line_ids = fields.One2many("buurtbemiddeling.retention.line", "run_id", "Lines")
    line_count = fields.Integer("In the list", compute="_compute_counts")
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    ready_count = fields.Integer("To be removed now", compute="_compute_counts")
    held_count = fields.Integer("Kept longer", compute="_compute_counts")
    done_count = fields.Integer("Removed", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Part that has been handled, in %.")
    next_date = fields.Date("Goes on from", compute="_compute_counts")
    summary = fields.Char("By kind", compute="_compute_counts")

    @api.depends("line_ids.state", "line_ids.ready_date")
    @api.depends_context("lang")
    def _compute_counts(self):
        lines = self.env["buurtbemiddeling.retention.line"]
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        today = fields.Date.context_today(self)
        counted = lines._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "kind", "state", "ready_date:day"],
            ["__count"],
        )
        for run in self:
            own = [row[1:] for row in counted if row[0] == run]
            states, by_kind = {}, {}
            for kind, state, _day, count in own:
                states[state] = states.get(state, 0) + count
                by_kind[kind] = by_kind.get(kind, 0) + count
            days = [
                (fields.Date.to_date(day), count)
                for _kind, state, day, count in own
                if state == "waiting" and day
            ]
            run.line_count = sum(states.values())
            run.waiting_count = states.get("waiting", 0)
            run.ready_count = sum(count for day, count in days if day <= today)
            run.held_count = states.get("held", 0)
            run.done_count = states.get("done", 0)
            run.failed_count = states.get("failed", 0)
            handled = run.line_count - run.waiting_count
            run.progress = 100 * handled / run.line_count if run.line_count else 0
            run.next_date = min((day for day, _count in days), default=False)
            run.summary = ", ".join(
                f"{label}: {by_kind[kind]}" for kind, label in kinds.items() if kind in by_kind
            )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Retention of %s", format_date(self.env, run.date))

    @api.model_create_multi
    def create(self, vals_list):
        """A run begins as a list; whoever makes one chooses no more than the organisation."""
        values = [
            {
                "company_id": vals.get("company_id") or self.env.company.id,
                "listed_by_id": self.env.uid,
                "is_automatic": self.env.su and bool(vals.get("is_automatic")),
            }
            for vals in vals_list
        ]
        runs = super().create(values)
        runs._list()
        return runs

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        """What was warned for or removed stays to be seen."""
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "This run is the log of what was removed, or will be. Stop it instead, or leave"
                    " it as it is."
                )
            )

    # ------------------------------------------------------------
    # LISTING: changes nothing but the list
    # ------------------------------------------------------------

    @api.model
    def _get_kinds(self):
        """Return ``{kind: names of the models of which records have that term}``."""
        return {
            "case": ["buurtbemiddeling.case"],
            "request": ["buurtbemiddeling.case", "buurtbemiddeling.unsorted.mail"],
            "referrer": ["res.partner"],
        }

    @api.model
    def _find_due(self, company, day):
        """Yield ``(kind, records)`` of which the term is over on ``day``, also what is on hold.

        What is in a list that coordinators were warned of, is left out.
        """
        # sudo: what is due is due, whoever may read it; a list holds numbers only
        for kind, models_ in self._get_kinds().items():
            for name in models_:
                records = self.env[name].sudo().with_context(active_test=False)
                domain = records._get_due_domain(company, kind, day)
                if not Domain(domain).is_false():
                    unlisted = Domain.custom(to_sql=self._get_unlisted_condition)
                    yield kind, records.search(domain & unlisted)

    @api.model
    def _get_unlisted_condition(self, model, alias, query):
        """Return the SQL condition that a record is in no list that coordinators were warned of."""
        lines = self.env["buurtbemiddeling.retention.line"]
        return SQL(
            "NOT EXISTS (SELECT FROM buurtbemiddeling_retention_line line"
            " JOIN buurtbemiddeling_retention_run run ON run.id = line.run_id"
            " WHERE line.state = 'waiting' AND run.state IN ('warned', 'running')"
            " AND line.model = %s AND line.res_id = %s)",
            model._name,
            SQL.identifier(alias, "id"),
            to_flush=(
                self._fields["state"],
                *(lines._fields[name] for name in ("run_id", "state", "model", "res_id")),
            ),
        )

    def _list(self):
        """Fill the list anew; a number of queries for some hundreds of records."""
        # sudo: nobody writes lines by hand
        lines = self.sudo().env["buurtbemiddeling.retention.line"]
        for run in self:
            run.sudo().line_ids.unlink()
            warning = run.company_id.sudo().buurtbemiddeling_retention_warning_days
            day = run.date + timedelta(days=warning + DAYS_BETWEEN_LISTS)
            for kind, records in run._find_due(run.company_id, day):
                for ids in split_every(BATCH_SIZE, records.ids):
                    chunk = records.browse(ids)
                    values, due = chunk._prepare_retention_values(), chunk._get_due_dates(kind)
                    lines.create(
                        [
                            {
                                "run_id": run.id,
                                "kind": kind,
                                "model": record._name,
                                "res_id": record.id,
                                "due_date": due[record],
                                **values[record],
                            }
                            for record in chunk
                        ]
                    )
                    self.env.invalidate_all()

    def action_make_list(self):
        """Make a list of the organisation that the user works in now, and open it."""
        return self.create({})._open()

    def action_list_again(self):
        """Make the list anew, as things are now."""
        self.check_access("create")
        self._check_state("draft")
        # sudo: nobody writes a run by hand; who makes the list may do this
        self.sudo().date = fields.Date.context_today(self)
        self._list()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # WARNING
    # ------------------------------------------------------------

    def action_warn(self):
        """Give every coordinator a to-do, with a number and a day and no names."""
        self.check_access("create")
        self._check_state("draft")
        self._warn()

    def _warn(self):
        """Warn, and fix the first day on which each line goes."""
        today = fields.Date.context_today(self)
        # sudo: nobody writes runs and lines by hand, nor to-dos for others
        lines = self.sudo().env["buurtbemiddeling.retention.line"]
        for run in self.sudo():
            days = run.company_id.buurtbemiddeling_retention_warning_days
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE buurtbemiddeling_retention_line SET warned_date = %(today)s,"
                    " ready_date = GREATEST(due_date, %(first)s) WHERE run_id = %(run)s",
                    today=today,
                    first=today + timedelta(days=days),
                    run=run.id,
                )
            )
            lines.invalidate_model(["warned_date", "ready_date"])
            counted = lines._read_group(
                [("run_id", "=", run.id)], ["user_id"], ["__count", "ready_date:min"]
            )
            run.write({"state": "warned" if counted else "done", "warned_date": today})
            for user, number, first in counted:
                run._warn_coordinator(user, number, first)

    def _warn_coordinator(self, user, number, first):
        reader = self._get_reader(user)
        run = self.with_context(lang=reader.lang or self.env.lang)
        run.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=first,
            user_id=reader.id,
            summary=run.env._(
                "Personal data of %(number)s records go from %(day)s: see which have to be kept"
                " longer",
                number=number,
                day=format_date(run.env, first),
            ),
        )

    def _get_reader(self, user):
        """Return who looks at the list: the coordinator, or who handles requests, or who made it.

        A coordinator may have left since.
        """
        company = self.company_id
        works_here = user.active and company in user.company_ids
        if works_here and user.has_group("buurtbemiddeling_case.group_user"):
            return user
        managers = self.env.ref("buurtbemiddeling_case.group_manager").all_user_ids
        managers = managers.filtered(
            lambda u: u.active and not u.share and company in u.company_ids
        )
        return company._get_request_handler() or managers[:1]

    # ------------------------------------------------------------
    # REMOVING
    # ------------------------------------------------------------

    def action_start(self):
        """Remove what is due and was warned for; the server does so, in batches.

        :raise UserError: when there is nothing yet to be removed
        """
        self.check_access("create")
        self.ensure_one()
        self._check_state("warned", "running")
        if not self.ready_count:
            raise UserError(
                self.env._(
                    "Nothing can be removed yet: coordinators have until %s to keep something"
                    " longer.",
                    format_date(self.env, self.next_date),
                )
            )
        self._start()
        # sudo: only starts what was put under way just now
        self.env.ref("buurtbemiddeling_case.ir_cron_retention").sudo()._trigger()

    def _start(self):
        # sudo: nobody writes runs by hand
        for run in self.sudo():
            run.write(
                {
                    "state": "running",
                    "started_by_id": run.started_by_id.id or self.env.uid,
                    "start_date": run.start_date or fields.Datetime.now(),
                }
            )

    def action_stop(self):
        """Stop: what is still waiting stays, until it is listed and warned for again."""
        self.check_access("create")
        self._check_state("warned", "running")
        # sudo: nobody writes runs by hand
        runs = self.sudo()
        waiting = [("run_id", "in", runs.ids), ("state", "=", "waiting")]
        runs.line_ids.search(waiting)._finish("skipped")
        runs.write({"state": "cancelled", "end_date": fields.Datetime.now()})
        runs.activity_ids.unlink()

    def action_refresh(self):
        """Show how far it is now."""
        return self._open()

    def _check_state(self, *states):
        """Raise ``UserError`` when a run is at another step than the user saw."""
        if any(run.state not in states for run in self):
            raise UserError(
                self.env._("This run has gone on in the meantime. Open it again to see how far.")
            )
