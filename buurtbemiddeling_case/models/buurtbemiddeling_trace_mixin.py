from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, models
from odoo.fields import Domain

# Set while a traced method runs: what it calls itself is no second use. Of the thread, so that no
# caller from outside can set it, as it could a key of the context.
_is_traced = ContextVar("buurtbemiddeling_is_traced", default=False)


@contextmanager
def traced():
    """Let what is called in this block leave no trace of its own."""
    token = _is_traced.set(True)
    try:
        yield
    finally:
        _is_traced.reset(token)


class BuurtbemiddelingTraceMixin(models.AbstractModel):
    """Records that leave a trace when a user opens, lists or exports them.

    The door is where Odoo answers a browser or a program: the public methods that return values,
    which screens, JSON-RPC, XML-RPC and ``/json`` all call. What code reads for itself goes by the
    ORM's private ways, or with more rights than the user, and is no use by anybody. Printing, and
    files of a record, are traced where these are made (``ir.actions.report``, ``ir.binary``).

    Refused attempts show nothing, so they are not here; Odoo logs them.
    """

    _name = "buurtbemiddeling.trace.mixin"
    _description = "Traced when Used"

    def _get_traced(self):
        return self

    def _get_traced_of_ours(self, model_name):
        """Return those of these rows that are about a record of ours, for a coordinator.

        :param model_name: the field that says about which model a row is
        """
        if not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return self.browse()  # nobody else reads them
        # sudo: reads of which model they are, also of what the user may read in part
        ours = self.sudo().filtered(
            lambda row: str(row[model_name]).startswith("buurtbemiddeling.")
        )
        return ours.sudo(False)

    def action_view_trace(self):
        """Show the administrator who used these records and, of a case, all that hangs on it.

        :raise AccessError: for who is no administrator, or may not see these records
        """
        self.check_access("read")
        self.env["buurtbemiddeling.trace"].check_access("read")
        used = [self]
        if self._name == "buurtbemiddeling.case":
            mixin = self.env.registry["buurtbemiddeling.trace.mixin"]
            # sudo: the administrator may not read all of these, and gets no more than their ids
            used += [
                model.sudo().with_context(active_test=False).search([("case_id", "in", self.ids)])
                for model in self.env.values()
                if isinstance(model, mixin)
                and "case_id" in model._fields
                and model._auto
                and model._fields["case_id"].store
            ]
        domain = Domain.OR(
            Domain("model", "=", records._name) & Domain("record_id", "in", records.ids)
            for records in used
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "buurtbemiddeling_case.buurtbemiddeling_trace_action"
            ),
            "domain": list(domain),
            "context": {},
        }

    def _is_asked(self):
        """Tell whether this is the call of a user, and not one of a method that is traced."""
        return not self.env.su and not _is_traced.get()

    def _trace(self, action):
        self.env["buurtbemiddeling.trace"]._insert(action, [self._get_traced()])

    @api.readonly
    def read(self, fields=None, load="_classic_read"):
        if not self._is_asked():
            return super().read(fields, load)
        with traced():
            values = super().read(fields, load)
        if fields is None or set(fields) - {"id"}:
            self._trace("open" if len(self) == 1 else "list")
        return values

    @api.readonly
    def web_read(self, specification):
        if not self._is_asked():
            return super().web_read(specification)
        with traced():
            values = super().web_read(specification)
        if set(specification) - {"id"}:  # without fields: a link in the row of something else
            self._trace("open" if len(self) == 1 else "list")
        return values

    def onchange(self, values, field_names, fields_spec):
        if not self._is_asked():
            return super().onchange(values, field_names, fields_spec)
        with traced():
            changes = super().onchange(values, field_names, fields_spec)
        if not field_names and self._origin:  # returns all that was asked of a record
            self._origin._trace("open")
        return changes

    def copy_data(self, default=None):
        """What a copy would be made of is all that is in the record; anybody may ask for it."""
        if not self._is_asked():
            return super().copy_data(default)
        with traced():
            vals_list = super().copy_data(default)
        self._trace("open" if len(self) == 1 else "list")
        return vals_list

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """The names that are offered to choose from are a list, with address where asked."""
        with traced():
            found = super().name_search(name, domain, operator, limit)
        if self._is_asked():
            self.browse(id_ for id_, _name in found)._trace("list")
        return found

    @api.model
    @api.readonly
    def search_read(
        self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs
    ):
        with traced():
            rows = super().search_read(domain, fields, offset, limit, order, **read_kwargs)
        return self._trace_rows(rows, rows)

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        with traced():
            result = super().web_search_read(
                domain, specification, offset, limit, order, count_limit
            )
        return self._trace_rows(result["records"], result)

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, aggregates=(), *args, **kwargs):
        with traced():
            result = super().web_read_group(domain, groupby, aggregates, *args, **kwargs)
        self._trace_groups(domain, [*groupby, *aggregates])
        return self._trace_rows(_find_rows(result["groups"]), result)

    @api.model
    @api.readonly
    def formatted_read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        with traced():
            groups = super().formatted_read_group(domain, groupby, aggregates, *args, **kwargs)
        self._trace_groups(domain, [*groupby, *aggregates])
        return groups

    @api.model
    @api.readonly
    def formatted_read_grouping_sets(self, domain, grouping_sets, aggregates=(), **kwargs):
        with traced():
            groups = super().formatted_read_grouping_sets(
                domain, grouping_sets, aggregates, **kwargs
            )
        self._trace_groups(domain, [*sum(map(list, grouping_sets), []), *aggregates])
        return groups

    @api.model
    @api.readonly
    @api.deprecated("Since 19.0, as Odoo's own, which can be called from outside until it is gone")
    def read_group(self, domain, fields, groupby, offset=0, limit=None, orderby=False, lazy=True):
        with traced():
            groups = super().read_group(domain, fields, groupby, offset, limit, orderby, lazy)
        groupby = [groupby] if isinstance(groupby, str) else groupby
        self._trace_groups(domain, [*groupby, *fields])
        return groups

    @api.model
    @api.readonly
    def read_progress_bar(self, domain, group_by, progress_bar):
        bars = super().read_progress_bar(domain, group_by, progress_bar)
        self._trace_groups(domain, [group_by])
        return bars

    @api.model
    def search_panel_select_multi_range(self, field_name, **kwargs):
        with traced():
            values = super().search_panel_select_multi_range(field_name, **kwargs)
        self._trace_groups([], [field_name])
        return values

    def _trace_rows(self, rows, result):
        """Trace a list of ``rows`` (dicts with their ``id``) and return ``result``."""
        if self._is_asked():
            self.browse(row["id"] for row in rows)._trace("list")
        return result

    def _trace_groups(self, domain, specifications):
        """Trace groups whose heading or total names somebody or is a text of the records.

        :param specifications: such as ``stage_id``, ``date:month``, ``story:array_agg``
        """
        names = {specification.partition(":")[0] for specification in specifications}
        fields = (self._fields.get(name) for name in names)
        if self._is_asked() and (
            any("." in name for name in names)
            or any(
                field
                and (field.type in ("char", "text", "html") or field.comodel_name == "res.partner")
                for field in fields
            )
        ):
            self.search(domain)._trace("list")


def _find_rows(groups):
    """Yield the records that were read in groups of groups."""
    for group in groups:
        yield from group.get("__records", ())
        yield from _find_rows(group.get("__groups", {}).get("groups", ()))
