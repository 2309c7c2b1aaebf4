from odoo import api, fields, models
from odoo.tools.misc import formatLang


class BuurtbemiddelingBenchmarkDifference(models.Model):
    """A figure that would differ if the benchmark were computed today, and why.

    Made by comparing (``action_check`` of the benchmark), by nobody else. Values are as on the
    lines: counts, fractions of the base, days. Where there is no line the value is 0.
    """

    _name = "buurtbemiddeling.benchmark.difference"
    _description = "Difference with Today"
    _order = "benchmark_id, dimension NULLS FIRST, id"
    _rec_name = "indicator_id"

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="benchmark_id.company_id", store=True, index=True, precompute=True
    )
    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", required=True, ondelete="restrict"
    )
    indicator_code = fields.Char("Figure code", required=True)
    name = fields.Char("Figure name", compute="_compute_texts")
    dimension_id = fields.Many2one(
        "buurtbemiddeling.dimension", "Breakdown", ondelete="restrict", help="Empty on a total."
    )
    dimension = fields.Char("Breakdown code", help="Empty on a total.")
    dimension_code = fields.Char("Code", help="NONE where it was not recorded.")
    dimension_label = fields.Char("Name")
    numerator_then = fields.Integer("Cases then", aggregator=None)
    numerator_now = fields.Integer("Cases now", aggregator=None)
    denominator_then = fields.Integer("Base then", aggregator=None)
    denominator_now = fields.Integer("Base now", aggregator=None)
    value_then = fields.Float("Raw value then", aggregator=None)
    value_now = fields.Float("Raw value now", aggregator=None)
    change = fields.Float("Raw change", compute="_compute_change", store=True, aggregator=None)
    then_text = fields.Char("Then", compute="_compute_texts")
    now_text = fields.Char("Now", compute="_compute_texts")
    change_text = fields.Char("Change", compute="_compute_texts")
    causes = fields.Json()  # list of the arguments of _get_cause_text
    cause = fields.Char(compute="_compute_cause")
    # {source: ids}; opened by the user's own rights, and read by nobody
    record_ids = fields.Json("What is behind it", groups=fields.NO_ACCESS)
    # as superuser: says whether, not which
    has_cases = fields.Boolean(compute="_compute_has_records", compute_sudo=True)
    has_volunteers = fields.Boolean(compute="_compute_has_records", compute_sudo=True)
    has_areas = fields.Boolean(compute="_compute_has_records", compute_sudo=True)
    has_costs = fields.Boolean(compute="_compute_has_records", compute_sudo=True)

    @api.depends("value_then", "value_now")
    def _compute_change(self):
        for difference in self:
            difference.change = difference.value_now - difference.value_then

    @api.depends("change", "numerator_then", "numerator_now", "denominator_then", "denominator_now")
    @api.depends_context("lang")
    def _compute_texts(self):
        for benchmark, differences in self.grouped("benchmark_id").items():
            kept = benchmark._get_kept_indicators()
            for difference in differences:
                indicator = kept.get(difference.indicator_code, difference.indicator_id)
                difference.name = indicator.name
                difference.then_text = difference._get_value_text(indicator, "then")
                difference.now_text = difference._get_value_text(indicator, "now")
                sign = "+" if difference.change > 0 else "−" if difference.change < 0 else "±"
                size = abs(difference.change)
                if indicator.kind == "share":
                    points = formatLang(self.env, size * 100, digits=1)
                    difference.change_text = self.env._("%s percentage points", sign + points)
                else:
                    difference.change_text = sign + indicator._format_value(size)

    def _get_value_text(self, indicator, moment):
        """Return a value as people read it, a share or ratio with what it is made of."""
        text = indicator._format_value(self[f"value_{moment}"], self[f"denominator_{moment}"])
        if indicator.kind in ("share", "ratio"):
            text += f" ({self[f'numerator_{moment}']}/{self[f'denominator_{moment}']})"
        return text

    @api.depends("causes")
    @api.depends_context("lang")
    def _compute_cause(self):
        for difference in self:
            texts = (difference._get_cause_text(**cause) for cause in difference.causes or ())
            difference.cause = "; ".join(texts)

    def _get_cause_text(self, kind, count=0, source=None, facts=(), then=None, now=None):
        """Return one cause in words.

        :param kind: added, moved_in, moved_out, gone, company, facts, list, breakdown, definition,
            other
        :param count: of how many facts of ``source``, if that is known
        :param facts: names of the facts that changed, or that a changed list decides
        :param then: version of the definition then, ``now`` its version now, if it has any
        """
        names = ", ".join(self._get_fact_label(source, name) for name in facts)
        if kind == "definition":
            if then == now:
                return self.env._("the definition has changed")
            return self.env._(
                "the definition has changed (version %(then)s, now %(now)s)", then=then, now=now
            )
        if kind == "breakdown":
            return self.env._("the breakdown has changed")
        what = {
            "added": self.env._("came in or was entered since"),
            "moved_in": self.env._(
                "was there, but did not count here: another year, area or organisation"
            ),
            "moved_out": self.env._("is still there, but does not count here any more"),
            "gone": self.env._("is gone: deleted or merged"),
            "company": self.env._("belongs to another organisation now"),
            "facts": names,
            "list": self.env._("counts differently since an entry of a list changed: %s", names),
            "other": self.env._("for another reason"),
        }[kind]
        if not source:
            return what
        return f"{self.env['buurtbemiddeling.indicator']._say_count(source, count)}: {what}"

    def _get_fact_label(self, source, name):
        field = self.env["buurtbemiddeling.indicator"]._get_facts(source)._fields.get(name)
        return field._description_string(self.env) if field else name

    @api.depends("record_ids")
    def _compute_has_records(self):
        for difference in self:
            records = difference.record_ids or {}
            difference.has_cases = bool(records.get("case"))
            difference.has_volunteers = bool(records.get("volunteer"))
            difference.has_areas = bool(records.get("area"))
            difference.has_costs = bool(records.get("cost"))

    @api.readonly
    def action_open_cases(self):
        """Open the cases that make the difference, for whoever may see cases."""
        return self._open_counted("case")

    @api.readonly
    def action_open_volunteers(self):
        """Open the volunteers that make the difference, for whoever may see cases."""
        return self._open_counted("volunteer")

    @api.readonly
    def action_open_areas(self):
        """Open the areas that make the difference, for whoever may see cases."""
        return self._open_counted("area")

    @api.readonly
    def action_open_costs(self):
        """Open the costs that make the difference, for whoever may see cases."""
        return self._open_counted("cost")

    def _open_counted(self, source):
        self.ensure_one()
        self.check_access("read")
        # sudo: the list that opens shows which of them the user may see
        ids = (self.sudo().record_ids or {}).get(source, [])
        return self.benchmark_id._open_counted(source, ids, self.name)
