from odoo import api, models
from odoo.tools import SQL


class BuurtbemiddelingBenchmarkPartMixin(models.AbstractModel):
    """What belongs to a benchmark (``benchmark_id``) and is frozen with it.

    Raises ``UserError`` for whoever changes it afterwards, the superuser included.
    """

    _name = "buurtbemiddeling.benchmark.part.mixin"
    _description = "Part of a Benchmark"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse additions to a frozen benchmark."""
        parts = super().create(vals_list)
        parts.benchmark_id._refuse_when_frozen()
        return parts

    def write(self, vals):
        """Refuse changes of a frozen benchmark, and moves into one."""
        if vals.keys() <= self._get_judged_again():
            return super().write(vals)
        self.benchmark_id._refuse_when_frozen()
        result = super().write(vals)
        self.benchmark_id._refuse_when_frozen()
        return result

    @api.model
    def _get_judged_again(self):
        """Return the fields that are no part of the figures, and change when frozen too."""
        return set()

    @api.model
    def _forget(self, benchmarks):
        """Delete all parts of concepts in one statement: there are tens of thousands.

        Past the record rules: what is closed to the user goes with the rest.
        """
        benchmarks._refuse_when_frozen()
        self.flush_model()
        table = SQL.identifier(self._table)
        self.env.execute_query(
            SQL("DELETE FROM %s WHERE benchmark_id = ANY(%s)", table, benchmarks.ids)
        )
        self.invalidate_model()
        self._tell(benchmarks)

    @api.model
    def _tell(self, benchmarks):
        """Make benchmarks know that their parts changed in the database."""
        names = [
            name
            for name, field in benchmarks._fields.items()
            if field.type == "one2many" and field.comodel_name == self._name
        ]
        benchmarks.modified(names)
        benchmarks.invalidate_recordset(names)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.benchmark_id._refuse_when_frozen()
