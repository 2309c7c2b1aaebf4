from datetime import date

from odoo import models
from odoo.tools import SQL

from ..turns import wait_for_turn

CASE_SEQUENCE = "buurtbemiddeling.case"


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _buurtbemiddeling_case(self, company_id):
        """Return the sequence of case numbers of one company, made when it is first needed."""
        sequence = self.with_context(active_test=False).search(
            [("code", "=", CASE_SEQUENCE), ("company_id", "=", company_id)], limit=1
        )
        if sequence:
            return sequence
        wait_for_turn(self.env["res.company"].browse(company_id))  # the first two of a company
        return self.create(
            {
                "name": "Buurtbemiddeling",
                "code": CASE_SEQUENCE,
                "company_id": company_id,
                "prefix": "%(range_year)s-",
                "padding": 4,
                "use_date_range": True,
            }
        )

    def _next_numbers_of_year(self, year, count):
        """Return ``count`` new numbers of a year, in one query, for a sequence with date ranges."""
        self.ensure_one()
        day = date(year, 1, 1)
        date_range = self.env["ir.sequence.date_range"].search(
            [("sequence_id", "=", self.id), ("date_from", "<=", day), ("date_to", ">=", day)],
            limit=1,
        )
        if not date_range:
            wait_for_turn(self)  # the first two of a year
            date_range = self._create_date_range_seq(day)
        if self.implementation != "standard":
            date_range = date_range.with_context(ir_sequence_date=day, ir_sequence_date_range=day)
            return [date_range._next() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{self.id:03d}_{date_range.id:03d}",
                count,
            )
        )
        sequence = self.with_context(ir_sequence_date=day, ir_sequence_date_range=day)
        return [sequence.get_next_char(number) for (number,) in rows]
