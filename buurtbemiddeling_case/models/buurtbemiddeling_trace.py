from contextlib import nullcontext

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Domain
from odoo.models import fix_import_export_id_paths
from odoo.tools import SQL

TRACE_ACTIONS = [
    ("open", "Opened"),
    ("list", "Seen in a list"),
    ("print", "Printed"),
    ("export", "Exported"),
]
# The web client reads what is on the screen again after each save and each dialog. Who opens or
# lists the very same records again within so many minutes is still looking at them.
REPEAT_MINUTES = 5
BATCH = 10_000  # rows removed at once, so that nobody waits for the vacuum
SHOWN_NUMBERS = 3  # of a list, the administrator sees so many case numbers


class BuurtbemiddelingTrace(models.Model):
    """Who opened, printed or exported a case or a list, and when. Holds no name and no content.

    A row is about records of one model and one organisation at one moment. Rows are made by
    ``_add`` and removed by the vacuum, after ``res.company.buurtbemiddeling_trace_months``. Nobody
    makes, changes or removes one otherwise, with whatever rights.

    The table grows with every page: a row is one INSERT, without the ORM; rows are found by user
    and time, by record (``record_id``) and by time alone, each by an index.
    """

    _name = "buurtbemiddeling.trace"
    _description = "Trace of Use"
    _order = "date desc, id desc"
    _log_access = False  # the row says itself who and when

    date = fields.Datetime("When", required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    # a user with a trace is archived, not deleted: else who looked would go with the login
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, ondelete="restrict", index=True
    )
    action = fields.Selection(TRACE_ACTIONS, "What", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    model_name = fields.Char("Kind of record", compute="_compute_model_name")
    res_ids = fields.Json("Records", readonly=True)
    record_count = fields.Integer("Number of records", readonly=True)
    record_id = fields.Integer(
        store=False, compute="_compute_record_id", search="_search_record_id"
    )
    case_numbers = fields.Char(compute="_compute_case_numbers")
    reason = fields.Char(readonly=True)
    field_names = fields.Char("Exported fields", readonly=True)

    _user_date_idx = models.Index("(user_id, date)")
    _date_idx = models.Index("USING brin (date)")
    _record_idx = models.Index("USING gin (res_ids jsonb_path_ops)")

    def _compute_display_name(self):
        actions = dict(self._fields["action"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{actions[row.action]}: {row.model_name} ({row.record_count})"

    def _compute_model_name(self):
        for row in self:
            row.model_name = self.env["ir.model"]._get(row.model).name or row.model

    def _compute_record_id(self):
        for row in self:
            row.record_id = row.res_ids[0] if row.record_count == 1 else False

    @api.model
    def _search_record_id(self, operator, value):
        """Find the rows about any of some ids, also those in which they are among many."""
        if operator != "in":
            return NotImplemented
        ids = [str(int(id_)) for id_ in value if id_]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s @> ANY(%s::jsonb[])", model._field_to_sql(alias, "res_ids", query), ids
            )
        )

    def _compute_case_numbers(self):
        """Return the numbers of the cases that a row is about, never the name of anybody."""
        self.case_numbers = False
        for model, rows in self.grouped("model").items():
            path = "name" if model == "buurtbemiddeling.case" else "case_id.name"
            records = self.env.get(model)  # or none: its module has gone
            if records is None or path.partition(".")[0] not in records._fields:
                continue
            shown = {row: (row.res_ids or [])[:SHOWN_NUMBERS] for row in rows}
            # sudo: reads nothing but numbers of cases
            found = records.sudo().browse({id_ for ids in shown.values() for id_ in ids}).exists()
            numbers = {record.id: ", ".join(record.mapped(path)) for record in found}
            for row, ids in shown.items():
                names = list(filter(None, dict.fromkeys(numbers.get(id_) for id_ in ids)))
                if names and row.record_count > len(ids):
                    names.append("…")
                row.case_numbers = ", ".join(names)

    # ------------------------------------------------------------
    # NOBODY WRITES IN IT
    # ------------------------------------------------------------

    # pylint: disable=method-required-super,no-raise-unlink
    @api.model_create_multi
    def create(self, vals_list):
        raise self._refuse()

    def write(self, vals):
        raise self._refuse()

    def unlink(self):
        raise self._refuse()

    # pylint: enable=method-required-super,no-raise-unlink

    def _refuse(self):
        return AccessError(
            self.env._(
                "The trace of use is kept by the system. Nobody adds, changes or removes it."
            )
        )

    # ------------------------------------------------------------
    # ADDING
    # ------------------------------------------------------------

    @api.model
    def _add(self, action, records, reason=False):
        """Keep that the user did something with records; one query.

        :param action: a code of ``TRACE_ACTIONS``
        :param records: records of one model, of any organisation
        :param reason: what the user said why, for an export
        """
        self._insert(action, [records], reason)

    @api.model
    def _insert(self, action, recordsets, reason=False, field_names=False):
        """Write a row for each model and organisation, all in one query.

        On a replica nothing can be written: the rows then go to the primary, in a transaction of
        their own. When that fails, so does the page: nobody reads without a trace.
        """
        selects = [
            self._get_insert_sql(action, records, reason, field_names)
            for records in recordsets
            if records
        ]
        if not selects:
            return
        query = SQL(
            """INSERT INTO buurtbemiddeling_trace
                      (date, user_id, company_id, action, model, res_ids, record_count, reason,
                       field_names)
               %s""",
            SQL(" UNION ALL ").join(selects),
        )
        if self.env.cr.readonly:
            self.env.cr.rollback()  # as Odoo's own log of devices: one transaction at a time
            cursor = self.env.registry.cursor()
        else:
            cursor = nullcontext(self.env.cr)
        with cursor as cr:
            cr.execute(query)

    @api.model
    def _get_insert_sql(self, action, records, reason, field_names):
        """Return the rows for ``records`` as a query; those of a repeated page are left out."""
        company, repeated = SQL("%s::int", self.env.company.id), SQL("FALSE")
        if (field := records._fields.get("company_id")) and field.store:
            records.flush_recordset(["company_id"])
            company = SQL("COALESCE(company_id, %s)", self.env.company.id)
        if action in ("open", "list"):
            repeated = SQL(
                """EXISTS (SELECT 1
                             FROM buurtbemiddeling_trace AS before
                            WHERE before.user_id = %s
                              AND before.date > (now() AT TIME ZONE 'UTC') - %s * interval '1 min'
                              AND before.action = %s
                              AND before.model = %s
                              AND before.res_ids = used.res_ids)""",
                self.env.uid, REPEAT_MINUTES, action, records._name,
            )  # fmt: skip
        return SQL(
            """SELECT now() AT TIME ZONE 'UTC', %s::int, used.company_id, %s, %s, used.res_ids,
                      used.record_count, %s::varchar, %s::varchar
                 FROM (SELECT %s AS company_id, jsonb_agg(id ORDER BY id) AS res_ids,
                              count(*) AS record_count
                         FROM %s
                        WHERE id = ANY(%s)
                     GROUP BY 1) AS used
                WHERE NOT %s""",
            self.env.uid, action, records._name, reason or None, field_names or None,
            company, SQL.identifier(records._table), list(records.ids), repeated,
        )  # fmt: skip

    # ------------------------------------------------------------
    # EXPORTING
    # ------------------------------------------------------------

    @api.model
    def _add_export(self, records, field_names):
        """Keep that personal data were exported, and why.

        :param records: what is exported; ``field_names`` may lead to other records
        :raise RedirectWarning: the user has not said why; leads to the form that asks it
        """
        user = self.env.user
        if self.env.su or not user.has_group("buurtbemiddeling_case.group_user"):
            return  # nobody else reads what we trace
        if not (self.env.is_admin() or user.has_group("base.group_allow_export")):
            return  # Odoo refuses the export, and says so
        found = {}
        self._find_exported(records, [fix_import_export_id_paths(f) for f in field_names], found)
        if not found:
            return
        reason = self.env["buurtbemiddeling.export.reason"]._get_reason()
        if not reason:
            records.check_access("read")  # who may not see them is told that, and nothing else
            raise RedirectWarning(
                self.env._(
                    "These are personal data. Say first why you export them, then choose Export"
                    " again."
                ),
                self.env.ref("buurtbemiddeling_case.buurtbemiddeling_export_reason_action").id,
                self.env._("Give the reason"),
            )
        self._insert("export", found.values(), reason, ", ".join(field_names))

    @api.model
    def _find_exported(self, records, paths, found):
        """Add to ``found`` ``{model: records}`` of ours that an export names or reads.

        :param paths: lists of names of fields, each leading from ``records`` to a value
        """
        if used := records._get_traced():
            found[used._name] = found.get(used._name, used.browse()) | used
        nexts = {}
        for name, *rest in filter(None, paths):
            field = records._fields.get(name)
            if field and field.relational:
                nexts.setdefault(name, []).append(rest)
        for name, rests in nexts.items():
            self._find_exported(records[name], rests, found)

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_trace(self):
        """Remove what is older than its organisation keeps it, some rows at a time.

        :return: how many went, and whether there may be more
        """
        self.env["res.company"].flush_model(["buurtbemiddeling_trace_months"])
        self.env.cr.execute(
            SQL(
                """DELETE FROM buurtbemiddeling_trace
                    WHERE id IN (
                       SELECT trace.id
                         FROM buurtbemiddeling_trace AS trace
                         JOIN res_company AS company ON company.id = trace.company_id
                        WHERE trace.date < (now() AT TIME ZONE 'UTC')
                              - company.buurtbemiddeling_trace_months * interval '1 month'
                        LIMIT %s)""",
                BATCH,
            )
        )
        done = self.env.cr.rowcount
        return done, done == BATCH
