from ast import literal_eval
from collections import defaultdict

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError

from ..saving import check_seen

#: The fields by which a row names the record that it is about.
MODEL_NAMES = ("res_model", "model", "res_model_id")
ID_NAMES = ("res_id", "res_ids")


class Base(models.AbstractModel):
    """Nobody links a contact, or a record of ours, that is hidden from them, on any model.

    The record rule on contacts guards reading them. But a many2one, a related field or a default
    shows something of a contact as well, and Odoo reads those for everybody. So whoever may not
    see a confidential contact may not name it either: not by guessing its number, in no field of
    no app, not in an onchange. The same goes for cases, their parties and all else of ours: Odoo
    shows the name of what a many2one holds to everybody.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_linked_contacts(vals_list)
        self._check_linked_records(vals_list)
        return super().create(vals_list)

    def _prepare_create_values(self, vals_list):
        """A default may come from the records that a screen shows: ``active_ids``."""
        prepared = super()._prepare_create_values(vals_list)
        self._check_linked_contacts(prepared)
        return prepared

    def write(self, vals):
        self._check_linked_contacts(self._complete_names(vals))
        self._check_linked_records([vals])
        res = super().write(vals)
        self._check_stays_within_reach(vals)
        return res

    def web_save(self, vals, specification, next_id=None):
        """Nobody overwrites unseen what a colleague saved meanwhile; see ``saving.py``."""
        seen = self.env.context.get("buurtbemiddeling_seen")
        if not seen:
            return super().web_save(vals, specification, next_id)
        records = self.with_context(buurtbemiddeling_seen=None)
        check_seen(records.env, seen)
        return super(Base, records).web_save(vals, specification, next_id)

    def _check_stays_within_reach(self, vals):
        """Nobody writes a record of ours out of his own reach, into a case of others.

        Record rules look at a record before it is written; here they look once more at where it
        has gone to.

        :raise AccessError: as when the record had been there before
        """
        if self.env.su or not self._name.startswith("buurtbemiddeling."):
            return
        if any(name in self._fields and self._fields[name].relational for name in vals):
            self.check_access("write")

    def onchange(self, values, field_names, fields_spec):
        for typed in self._complete_names(values):
            self._check_typed(typed)
        naming = {*self._get_contact_field_names(), *MODEL_NAMES, *ID_NAMES} & self._fields.keys()
        if naming and not self.ids:
            self._check_linked_contacts([self.default_get(list(naming))])
        changes = super().onchange(values, field_names, fields_spec)
        self._trace_chosen(values, field_names)
        return changes

    def _trace_chosen(self, values, field_names):
        """Whoever chooses a resident in a form is shown what is known of that resident."""
        for name in self._get_contact_field_names() if not self.env.su else ():
            if name in field_names and name in values:
                chosen = self.env["res.partner"].browse(_linked_ids(values[name])).exists()
                self.env["buurtbemiddeling.trace"]._add("open", chosen._get_traced())

    def export_data(self, fields_to_export):
        self.env["buurtbemiddeling.trace"]._add_export(self, fields_to_export)
        return super().export_data(fields_to_export)

    def _get_traced(self):
        """Return those of these records, or what they are made from, whose use is traced."""
        return self.browse()

    def _check_typed(self, values):
        """Check what was typed in a form, also in the rows of its lists: those are not made yet."""
        self._check_linked_contacts([values])
        self._check_linked_records([values])
        for name, value in values.items():
            field = self._fields.get(name)
            if field and field.type == "one2many" and isinstance(value, (list, tuple)):
                for command in value:
                    if isinstance(command, (list, tuple)) and isinstance(command[-1], dict):
                        self.env[field.comodel_name]._check_typed(command[-1])

    @api.model
    @tools.ormcache()
    def _get_contact_field_names(self):
        """Return the names of the fields of this model that hold contacts."""
        return tuple(
            name for name, field in self._fields.items() if field.comodel_name == "res.partner"
        )

    @api.model
    @tools.ormcache()
    def _get_own_field_names(self):
        """Return ``((model of ours, names of the fields of this model that hold it), ...)``."""
        names = {}
        for name, field in self._fields.items():
            if (field.comodel_name or "").startswith("buurtbemiddeling."):
                names.setdefault(field.comodel_name, []).append(name)
        return tuple((model, tuple(found)) for model, found in names.items())

    @api.model
    @tools.ormcache()
    def _get_reference_names(self):
        """Return the names of the fields of this model that hold a model and an id in one."""
        return tuple(name for name, field in self._fields.items() if field.type == "reference")

    def _complete_names(self, vals):
        """Return ``vals`` for each of these records, with what else it names a record by.

        Who changes only the number, or only the model, names another record as well.
        """
        names = {*MODEL_NAMES, *ID_NAMES} & self._fields.keys()
        others = sorted(names - vals.keys())
        if self.env.uid == SUPERUSER_ID or len(others) in (0, len(names)) or not any(self._ids):
            return [vals]
        # sudo: what was named before; nothing of it is given back
        kept = self.sudo()._origin.read(others, load=None)
        return [{**row, **vals} for row in kept]

    def _check_named_records(self, vals_list):
        """Refuse values that name a case, a party or a hidden contact by model and id.

        Messages, activities, mail and text composers, previews and the like show the name of the
        record that they are about, whoever asks.
        """
        if "res_id" not in self._fields and "res_ids" not in self._fields:
            if not self._get_reference_names():
                return
        model_ids = {
            _as_id(vals["res_model_id"]) for vals in vals_list if _as_id(vals.get("res_model_id"))
        }
        # sudo: only the names of models
        names = self.env["ir.model"].sudo().search_fetch([("id", "in", list(model_ids))], ["model"])
        names = {model.id: model.model for model in names}
        found = set()
        for vals in vals_list:
            if (model := names.get(_as_id(vals.get("res_model_id")))) is not None:
                found |= _named_records({**vals, "res_model": model}, ())
            found |= _named_records(vals, self._get_reference_names())
        ids = defaultdict(set)
        for model, id_ in found:
            if id_:
                ids[model].add(id_)
        if contacts := ids.pop("res.partner", None):
            self.env["res.partner"]._check_may_be_linked(contacts)
        for model, named in ids.items():
            if model.startswith("buurtbemiddeling.") and model in self.env:
                self.env[model].browse(named).with_user(self.env.user).check_access("read")

    def _check_linked_contacts(self, vals_list):
        """Refuse values that link a confidential contact which the user may not see.

        Counts for the user who acts, also where code runs with more rights than that user has.
        """
        if self.env.uid == SUPERUSER_ID:
            return
        self._check_named_records(vals_list)
        names = self._get_contact_field_names()
        if names and (partner_ids := self._find_linked_ids(names, vals_list)):
            self.env["res.partner"]._check_may_be_linked(partner_ids)

    def _check_linked_records(self, vals_list):
        """Refuse values that link a record of ours which the user may not read.

        :raise AccessError: the same for every record, and without any name or number
        """
        if self.env.su:  # code that chooses what it links by itself
            return
        for model, names in self._get_own_field_names():
            records = self.env[model].browse(self._find_linked_ids(names, vals_list))
            if hidden := records - records._filtered_access("read"):
                hidden.invalidate_recordset()  # the check itself has read them
                raise AccessError(
                    self.env._("You may not use this record. Choose one that you can find.")
                )
            if model == "buurtbemiddeling.project":
                records._check_linked_by(self._name)
            elif model in ("buurtbemiddeling.case", "buurtbemiddeling.case.party"):
                records._check_takes_text_of(self._name)

    def _find_linked_ids(self, names, vals_list):
        """Return the ids that values and defaults hold in the relational fields ``names``."""
        context = self.env.context
        ids = set()
        for name in names:
            if (default := f"default_{name}") in context:
                ids |= _linked_ids(context[default])
            for vals in vals_list:
                if name in vals:
                    ids |= _linked_ids(vals[name])
        return ids


def _linked_ids(value):
    """Return the database ids in a value of a relational field, in any of the forms it takes."""
    if isinstance(value, models.BaseModel):
        return set(value._origin.ids)
    if isinstance(value, dict):
        value = value.get("id")
    if not isinstance(value, (list, tuple)):
        return {_as_id(value)} - {None}
    ids = set()
    for item in value:
        if isinstance(item, (list, tuple)) and item:
            # commands: 4 links one, 6 sets a list, 1 changes one
            command = _as_id(item[0])
            if command in (1, 4) and len(item) > 1:
                ids.add(_as_id(item[1]))
            elif command == 6 and len(item) > 2:
                ids.update(map(_as_id, item[2] or ()))
        else:
            ids.add(_as_id(item))
    return ids - {None}


def _as_id(value):
    """Return a database id, also where it came as text or with a decimal point, else ``None``."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return int(float(value)) or None
    except (ValueError, OverflowError):
        return None


def _named_records(vals, reference_names):
    """Return ``{(model, id)}`` of the records that values name by model and id."""
    found = set()
    for model_name in MODEL_NAMES:
        model = vals.get(model_name)
        if not isinstance(model, str):
            continue
        for id_name in ID_NAMES:
            value = vals.get(id_name)
            if isinstance(value, str) and value.startswith(("[", "(")):
                try:
                    value = literal_eval(value)
                except (ValueError, SyntaxError):
                    continue
            found.update((model, id_) for id_ in _linked_ids(value))
    for name in reference_names:
        if isinstance(vals.get(name), str):
            model, _comma, id_ = vals[name].partition(",")
            found.add((model, _as_id(id_)))
    return found
