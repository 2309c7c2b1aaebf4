from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .buurtbemiddeling_needed_fact import MISSING_KINDS


class BuurtbemiddelingMissingFact(models.Model):
    """One row for each fact that the benchmark needs of a case and lacks, on the facts themselves.

    It is seen in a year and on a reference date, as ``buurtbemiddeling.case.report`` is; without
    them over all time and as of today. A row is gone as soon as the fact is filled in.
    """

    _name = "buurtbemiddeling.missing.fact"
    _description = "Missing Fact of a Case"
    _auto = False
    _rec_name = "needed_id"
    _order = "registration_date desc, case_id desc, id"
    _depends = {
        "buurtbemiddeling.case.report": ["case_id"],
        "buurtbemiddeling.needed.fact": ["active", "dimension_id", "domain", "needed_at"],
    }

    case_id = fields.Many2one("buurtbemiddeling.case", readonly=True)
    needed_id = fields.Many2one("buurtbemiddeling.needed.fact", "What is missing", readonly=True)
    kind = fields.Selection(MISSING_KINDS, "Shows as", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Coordinator", readonly=True)
    registration_date = fields.Date("Registered on", readonly=True)
    close_date = fields.Date("Closed on", readonly=True)
    area_id = fields.Many2one("buurtbemiddeling.area", "Neighbourhood", readonly=True)
    municipality_id = fields.Many2one("buurtbemiddeling.area", readonly=True)
    project_id = fields.Many2one("buurtbemiddeling.project", readonly=True)
    is_registered = fields.Boolean("Registered in the period", readonly=True)
    is_closed_in_period = fields.Boolean("Closed in the period", readonly=True)
    is_running = fields.Boolean("Running on the reference date", readonly=True)

    @property
    def _table_query(self):
        """One pass over the facts; for each case a row a condition that it meets."""
        facts = self.env["buurtbemiddeling.case.report"]
        query = facts._search(Domain.TRUE, active_test=False)
        columns = [
            SQL("%s AS %s", facts._field_to_sql(facts._table, name, query), SQL.identifier(name))
            for name, field in self._fields.items()
            if name in facts._fields and field.store and name != "id"
        ]
        rows = []
        # archived cases count, but what is archived here is not needed
        asked = self.env["buurtbemiddeling.needed.fact"].with_context(active_test=True).search([])
        for needed in asked:
            for kind, condition in needed._get_conditions().items():
                name = SQL.identifier(f"lacks_{len(rows)}")
                condition = condition.optimize_full(facts)
                columns.append(SQL("%s AS %s", condition._to_sql(facts, facts._table, query), name))
                rows.append(SQL("(%s, %s, fact.%s)", needed.id, kind, name))
        return SQL(
            """
            SELECT fact.case_id::bigint * 100000 + lack.needed_id AS id, lack.needed_id, lack.kind,
                   %(names)s
              FROM (%(facts)s) fact
        CROSS JOIN LATERAL (VALUES %(rows)s) AS lack (needed_id, kind, is_missing)
             WHERE lack.is_missing
            """,
            names=SQL(", ").join(
                SQL("fact.%s", SQL.identifier(name))
                for name, field in self._fields.items()
                if name in facts._fields and field.store and name != "id"
            ),
            facts=query.select(*columns),
            rows=SQL(", ").join(rows or [SQL("(0, 'to_do', FALSE)")]),
        )

    @api.depends("needed_id", "case_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.case_id.display_name}: {row.needed_id.name}"

    def action_open_case(self):
        """Open the case at the page on which the fact is filled in."""
        self.ensure_one()
        view = self.env.ref(
            f"buurtbemiddeling_report.buurtbemiddeling_case_view_form_{self.needed_id.page}"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.case_id.display_name,
            "res_model": "buurtbemiddeling.case",
            "res_id": self.case_id.id,
            "views": [(view.id, "form")],
        }

    def action_edit_cases(self):
        """Open the cases of these rows in a list in which several are given the same value."""
        view = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_case_view_list_missing")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill in several cases at once"),
            "res_model": "buurtbemiddeling.case",
            "views": [(view.id, "list"), (False, "form")],
            "domain": [("id", "in", self.case_id.ids)],
            "context": {"active_test": False},
        }
