"""Nobody overwrites unseen what a colleague saved a moment ago.

A form of ours sends, in the context, what was on the screen of each field that changes (see
``static/src/saving``). When the database holds something else by now, nothing is saved.
"""

from collections import defaultdict
from datetime import date

from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .models.buurtbemiddeling_trace_mixin import traced


def check_seen(env, seen):
    """Refuse to save over what somebody else saved since.

    :param seen: ``{model: {id: {field: [what was on the screen, what it becomes]}}}``
    :raise UserError: who saved what, and how to go on
    """
    for model, rows in seen.items():
        if not model.startswith("buurtbemiddeling.") or model not in env:
            continue
        rows = {int(id_): fields for id_, fields in rows.items()}
        # who may not write a row is told so where it is written
        records = env[model].browse(rows).exists()._filtered_access("write")
        for record, values in _read(records, rows):
            changed = [
                record._fields[name]
                for name, known in rows[record.id].items()
                if name in values and values[name] not in [each or False for each in known]
            ]
            if changed:
                raise UserError(_say_what(record, changed))


def _say_what(record, changed):
    """Return in a sentence what changed meanwhile, and how to go on.

    By whom is known of what is kept in the record itself, and not of what it shows of others.
    """
    env = record.env
    told = {
        "fields": ", ".join(field._description_string(env) for field in changed),
        "record": record.display_name,
    }
    if record.write_uid == env.user or any(field.compute or field.related for field in changed):
        return env._(
            "Meanwhile this was changed of “%(record)s”: %(fields)s. Your change is not saved, and"
            " nothing is lost. Copy what you typed, discard your change to see what is there now,"
            " and add yours.",
            **told,
        )
    return env._(
        "%(person)s saved “%(record)s” while you had it open (%(time)s), and changed: %(fields)s."
        " Your change is not saved, and nothing is lost. Copy what you typed, discard your change"
        " to see the new text, and add yours.",
        person=record.write_uid.name,
        time=format_datetime(env, record.write_date, dt_format="d MMM HH:mm"),
        **told,
    )


def _read(records, rows):
    """Yield each record with the values of the fields in ``rows``, as a screen has them.

    Who reads is the user, with no more rights than that; fields that the user may not read are
    left out.
    """
    ids = defaultdict(list)
    for record in records:
        names = tuple(
            name
            for name in rows[record.id]
            if (field := record._fields.get(name))
            and not (field.compute and field.readonly)
            and record._has_field_access(field, "read")
        )
        ids[names].append(record.id)
    for names, same in ids.items():
        found = records.browse(same)
        with traced():  # compared, and not shown
            values = found.read(names, load=None)
        for record, row in zip(found, values, strict=True):
            yield record, {name: _as_on_screen(row[name]) for name in names}


def _as_on_screen(value):
    return str(value) if isinstance(value, date) else value or False
