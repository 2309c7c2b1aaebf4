from collections import defaultdict
from datetime import date

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .buurtbemiddeling_trace_mixin import traced

SEEN = "buurtbemiddeling_seen"


class Base(models.AbstractModel):
    """Nobody overwrites unseen what a colleague saved a moment ago.

    A form of ours sends, in the context, what was on the screen of each field that changes (see
    ``static/src/saving``). When the database holds something else by now, nothing is saved.
    """

    _inherit = "base"

    def web_save(self, vals, specification, next_id=None):
        if SEEN not in self.env.context:
            return super().web_save(vals, specification, next_id)
        seen = self.env.context[SEEN]
        records = self.with_context(
            {key: value for key, value in self.env.context.items() if key != SEEN}
        )
        records._check_seen(seen)
        return super(Base, records).web_save(vals, specification, next_id)

    def _check_seen(self, seen):
        """Refuse to save over what somebody else saved since.

        :param seen: ``{model: {id: {field: [what was on the screen, what it becomes]}}}``
        :raise UserError: who saved what, and how to go on
        """
        for model, rows in seen.items():
            if not model.startswith("buurtbemiddeling.") or model not in self.env:
                continue
            rows = {int(id_): fields for id_, fields in rows.items()}
            records = self.env[model].browse(rows).exists()
            records.check_access("write")
            for record, values in records._read_seen(rows):
                changed = [
                    record._fields[name]._description_string(self.env)
                    for name, known in rows[record.id].items()
                    if name in values and values[name] not in [each or False for each in known]
                ]
                if changed:
                    raise UserError(
                        self.env._(
                            "%(person)s saved “%(record)s” while you had it open (%(time)s), and"
                            " changed: %(fields)s. Your change is not saved, and nothing is lost."
                            " Copy what you typed, discard your change to see the new text, and"
                            " add yours.",
                            person=record.write_uid.name,
                            record=record.display_name,
                            time=format_datetime(self.env, record.write_date, dt_format="HH:mm"),
                            fields=", ".join(changed),
                        )
                    )

    def _read_seen(self, rows):
        """Yield each record with the values of the fields in ``rows``, as a screen has them.

        Who reads is the user, with no more rights than that; records without such a field are left
        out.
        """
        ids = defaultdict(list)
        for record in self:
            names = tuple(
                name
                for name in rows[record.id]
                if name in self._fields
                and self._has_field_access(self._fields[name], "read")
            )
            ids[names].append(record.id)
        for names, same in ids.items():
            records = self.browse(same)
            with traced():  # compared, and not shown
                values = records.read(names, load=None)
            for record, row in zip(records, values, strict=True):
                yield record, {name: _as_on_screen(row[name]) for name in names}


def _as_on_screen(value):
    return str(value) if isinstance(value, date) else value or False
