from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

STATES = [("draft", "Concept"), ("frozen", "Frozen")]

#: Facts that follow from others. A change is told by what it follows from, where that changed.
FOLLOWS = {
    "is_registered": ("registration_date",),
    "registration_month": ("registration_date",),
    "registration_year": ("registration_date",),
    "is_closed": ("close_date",),
    "is_closed_in_period": ("close_date",),
    "close_month": ("close_date",),
    "is_running": ("registration_date", "close_date"),
    "own_days": ("registration_date", "close_date"),
    "waiting_days": ("registration_date", "close_date"),
    "is_complex": ("complexity_ids",),
    "municipality_id": ("area_id",),
    "project_id": ("area_id",),
}
#: Facts that a code list decides: without a change of the entry, the list has changed.
LISTS = {
    "is_suitable": "outcome_id",
    "is_handled": "outcome_id",
    "is_positive": "outcome_id",
    "is_self_referral": "referrer_type_id",
}
#: Facts by which a case belongs to a benchmark at all
SCOPE_FACTS = ("company_id", "area_id", "project_id", "registration_date", "close_date")


class BuurtbemiddelingBenchmarkSnapshotMixin(models.AbstractModel):
    """A benchmark is a concept until it is frozen; then nobody changes it.

    With the lines are kept: the definitions by which they were counted, and the facts of every
    case that they count. ``_inherit`` has this before the mixin that computes.
    """

    _name = "buurtbemiddeling.benchmark.snapshot.mixin"
    _description = "Snapshot of a Benchmark"

    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False)
    frozen_on = fields.Datetime(readonly=True, copy=False)
    # who froze the figures stays known
    frozen_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    version = fields.Integer(default=1, required=True, readonly=True, copy=False, aggregator=None)
    previous_id = fields.Many2one(
        "buurtbemiddeling.benchmark",
        "Previous version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    next_ids = fields.One2many("buurtbemiddeling.benchmark", "previous_id", "Next version")
    definitions = fields.Json(
        readonly=True, copy=False, help="The definitions of the figures when they were computed."
    )
    breakdowns = fields.Json(
        readonly=True, copy=False, help="The breakdowns when the figures were computed."
    )
    fact_ids = fields.One2many(
        "buurtbemiddeling.benchmark.fact",
        "benchmark_id",
        groups="buurtbemiddeling_case.group_user",
    )
    area_key = fields.Char(
        "Areas as one text", compute="_compute_area_key", store=True, precompute=True
    )

    _frozen_uniq = models.UniqueIndex(
        "(company_id, year, reference_date, COALESCE(is_to_date, FALSE), COALESCE(area_key, ''),"
        " COALESCE(project_id, 0), version) WHERE state = 'frozen'",
        "These figures are frozen already. Open the frozen benchmark and make a new version of it.",
    )
    _previous_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "There is a next version already. Open it."
    )

    @api.depends("area_ids")
    def _compute_area_key(self):
        for benchmark in self:
            benchmark.area_key = ",".join(
                str(area_id) for area_id in sorted(benchmark.area_ids.ids)
            )

    @api.depends("name", "version", "state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Add which version it is, in the language of the reader."""
        for benchmark in self:
            parts = [benchmark.name or ""]
            if benchmark.version > 1:
                parts.append(self.env._("version %s", benchmark.version))
            if benchmark.state == "frozen":
                parts.append(self.env._("frozen"))
            benchmark.display_name = ", ".join(parts)

    @api.constrains(lambda self: ("previous_id", *self._get_scope_fields()))
    def _check_previous(self):
        """A new version is about the same figures as the one before it."""
        for benchmark in self.filtered("previous_id"):
            previous = benchmark.previous_id
            if any(benchmark[name] != previous[name] for name in self._get_scope_fields()):
                raise UserError(
                    self.env._(
                        "This is a new version of %s: year, reference date, areas and project stay"
                        " the same. Make a new benchmark for other figures.",
                        previous.display_name,
                    )
                )

    # ------------------------------------------------------------
    # FROZEN MEANS FROZEN
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a benchmark that begins as anything else than the first concept."""
        benchmarks = super().create(vals_list)
        if any(
            benchmark.state != "draft" or benchmark.version != 1 or benchmark.previous_id
            for benchmark in benchmarks
        ):
            self._refuse_own_steps()
        return benchmarks

    def write(self, vals):
        """Refuse any change of a frozen benchmark; freezing itself goes past this."""
        self._refuse_when_frozen()
        if self._get_step_fields() & vals.keys():
            self._refuse_own_steps()
        return super().write(vals)

    def _write_step(self, vals):
        """Write what only our own steps write: past the guard, and past no other."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._refuse_when_frozen()

    @api.model
    def _get_step_fields(self):
        """Return the fields that only computing, freezing and making a new version fill."""
        return {
            "state",
            "frozen_on",
            "frozen_by_id",
            "version",
            "previous_id",
            "next_ids",
            "definitions",
            "breakdowns",
            "fact_ids",
            "area_key",
        }

    def _refuse_own_steps(self):
        raise UserError(
            self.env._("State and version follow from the buttons Freeze and New version.")
        )

    def _refuse_when_frozen(self):
        """Raise ``UserError`` when one of these is frozen."""
        frozen = self.filtered(lambda benchmark: benchmark.state == "frozen")
        if frozen:
            raise UserError(
                self.env._(
                    "%s: these figures do not change any more. Make a new version to compute"
                    " again.",
                    frozen[0].display_name,
                )
            )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_compute(self):
        """Compute, and keep the definitions and facts behind the lines.

        Raises ``UserError`` on a frozen benchmark.
        """
        self.check_access("write")
        self._refuse_when_frozen()
        result = super().action_compute()
        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        self._forget_snapshot()
        for together in self._get_passes():
            indicators = together[0]._get_total_lines().indicator_id
            together._write_step(
                {
                    "definitions": {i.code: i._get_definition() for i in indicators},
                    "breakdowns": {str(d.id): self._get_breakdown(d) for d in dimensions},
                }
            )
            together._keep_facts(indicators, dimensions)
        return result

    def _forget_snapshot(self):
        """Forget what was kept beside the lines, before they are computed anew."""
        # sudo: nobody may change kept facts; they go with the lines of a concept that the user may
        # change
        self.env["buurtbemiddeling.benchmark.fact"].sudo()._forget(self)
        self._write_step({"definitions": False, "breakdowns": False})

    def action_freeze(self):
        """Freeze: from now on nobody changes these figures, facts and definitions.

        Raises ``UserError`` when there is nothing to freeze, when the reference date is still to
        come, when the facts changed since computing, and when these figures are frozen already.
        """
        self.check_access("write")
        for benchmark in self:
            benchmark._check_can_freeze()
        self._write_step(
            {
                "state": "frozen",
                "frozen_on": fields.Datetime.now(),
                "frozen_by_id": self.env.uid,
            }
        )
        for benchmark in self:
            benchmark._release()  # whoever sees figures only reads them from now on
        return True

    def _check_can_freeze(self):
        self._refuse_when_frozen()
        if not self.computed_on:
            raise UserError(self.env._("There are no figures yet. Compute them first."))
        if self.is_early:
            raise UserError(
                self.env._(
                    "The reference date, %s, is still to come. Freeze after that day.",
                    format_date(self.env, self.reference_date),
                )
            )
        if self.search_count(
            [
                ("state", "=", "frozen"),
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year),
                ("reference_date", "=", self.reference_date),
                ("is_to_date", "=", self.is_to_date),
                ("area_key", "=", self.area_key),
                ("project_id", "=", self.project_id.id),
                ("version", "=", self.version),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "%s is frozen already. Open the frozen benchmark and make a new version of it.",
                    self.name,
                )
            )
        comparison = self._compare_with_now()
        if comparison.differences or comparison.moved:
            raise UserError(
                self.env._(
                    "The facts have changed since these figures were computed: %(figures)s;"
                    " counted elsewhere: %(moved)s. Look at “Compare with the cases now”, then"
                    " compute again.",
                    figures=self._say_figures(len(comparison.differences)),
                    moved=self._say_moved(comparison.moved),
                )
            )

    def action_new_version(self):
        """Open the next version of frozen figures: a concept, made at the first click.

        Raises ``UserError`` on a concept.
        """
        self.ensure_one()
        if self.state != "frozen":
            raise UserError(
                self.env._("This is a concept: compute it again, or freeze it as it is.")
            )
        new = self.search([("previous_id", "=", self.id)], limit=1)
        if not new:
            # past the guard above: this is the one step that makes a version
            new = super().create(  # pylint: disable=super-method-mismatch
                {
                    "year": self.year,
                    "reference_date": self.reference_date,
                    "is_to_date": self.is_to_date,
                    "company_id": self.company_id.id,
                    "area_ids": [fields.Command.set(self.area_ids.ids)],
                    "project_id": self.project_id.id,
                    "version": self.version + 1,
                    "previous_id": self.id,
                }
            )
        return new._get_form_action()

    def action_open_previous(self):
        """Open the version before this one."""
        return self.previous_id._get_form_action()

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # WHAT IS KEPT
    # ------------------------------------------------------------

    def _get_fact_sources(self):
        """Return ``{source: (facts seen in the year, domain of what belongs)}``."""
        return {
            source: (self._get_facts(source), scope) for source, scope in self._get_scopes().items()
        }

    def _get_kept_ids(self, source, key, names, values):
        """Return the ids of what was counted under ``key`` in one row of a breakdown.

        :param key: see ``_get_conditions`` of the indicator
        :param names: the facts of the breakdown, ``values`` those of the row
        :raise AccessError: for whoever may not see cases
        """
        rows = self.env["buurtbemiddeling.benchmark.fact"].search(
            [("benchmark_id", "=", self.id), ("source", "=", source)]
        )
        return [row.res_id for row in rows if key in (row.met or ()) and row._is_at(names, values)]

    def _open_counted(self, source, ids, title):
        """Return the action that lists cases (or what else was counted), by the user's rights.

        :raise AccessError: for whoever may not see cases
        """
        facts = self._get_fact_sources()[source][0]
        facts.check_access("read")
        model = facts._get_records()._name
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", ids)],
            "context": {"active_test": False},
        }

    def _keep_facts(self, indicators, dimensions):
        for source, (facts, scope) in self._get_fact_sources().items():
            conditions, names = self._get_what_to_keep(facts, source, indicators, dimensions)
            # sudo: facts by which figures are counted, of the benchmark's own organisation, areas
            # and project; they are kept for who may see cases, and nothing comes back from here
            self.env["buurtbemiddeling.benchmark.fact"].sudo()._keep(
                self, source, facts.sudo(), scope, conditions, names
            )

    @api.model
    def _get_breakdown(self, dimension):
        """Return what is kept of a breakdown: code, name by language, and the facts it is by."""
        return {
            "code": dimension.code,
            "name": {
                lang: dimension.with_context(lang=lang).name
                for lang, _name in self.env["res.lang"].get_installed()
            },
            "basis": dimension.basis,
            "facts": list(dimension._get_field_names()),
        }

    @api.model
    def _get_what_to_keep(self, facts, source, indicators, dimensions):
        """Return the conditions by key, and the names of the facts to keep, of one source."""
        conditions, names = {}, set(SCOPE_FACTS)
        for indicator in indicators:
            conditions |= indicator._get_conditions(source)
            names |= indicator._get_fact_names(source)
        for dimension in dimensions:
            names.update(dimension._get_field_names())
        names.update(root for name in [*names] for root in FOLLOWS.get(name, ()))
        names.update(LISTS[name] for name in [*names] if name in LISTS)
        return conditions, sorted(name for name in names if name in facts._fields)

    def _get_kept_indicators(self, code=None):
        """Return ``{code: indicator}`` as frozen figures were defined; nothing of a concept.

        The indicators exist in memory only, with name and explanation in the language of the
        reader, whatever became of the definitions since; with ``code`` only that one is read.
        """
        self.ensure_one()
        if self.state != "frozen":
            return {}
        indicators = self.env["buurtbemiddeling.indicator"]
        return {
            each: indicators._from_definition(definition)
            for each, definition in (self.definitions or {}).items()
            if code in (None, each)
        }
