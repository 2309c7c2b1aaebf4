"""Rows of any model of ours, made of nothing but what is required, for tests of every model."""

from datetime import date, datetime, timedelta
from itertools import count

from odoo.fields import Command

OURS = "buurtbemiddeling."
MADE_UP = object()
# what a row needs besides its required fields, which are filled in by themselves
VALUES = {
    "buurtbemiddeling.volunteer.declaration": {"partner_id": MADE_UP},
    # another kind of talk has scores by itself
    "buurtbemiddeling.volunteer.talk": {"kind": "yearly"},
    "buurtbemiddeling.training.session": {
        "event_ids": [
            Command.create({"start": datetime(2026, 3, 2, 19), "stop": datetime(2026, 3, 2, 22)})
        ]
    },
    "buurtbemiddeling.training.attendance": {
        "event_id": lambda test: test.sample("buurtbemiddeling.training.session").event_ids.id,
        "state": "present",
    },
    "buurtbemiddeling.expense": {"amount": 8},
    "buurtbemiddeling.onward.referral": {"partner_id": MADE_UP},
    "buurtbemiddeling.protocol": {"state": "current", "date_from": date(2026, 1, 1)},
    "buurtbemiddeling.case": {"name": False},  # takes a number by itself
    "buurtbemiddeling.assignment": {"state": "accepted"},
    "buurtbemiddeling.protocol.acceptance": {
        "date": lambda test: date(2026, 1, 1) + timedelta(days=next(test.numbers))
    },
    "buurtbemiddeling.area": {"kind": "neighbourhood"},
    "buurtbemiddeling.network.activity": {"date": date(2026, 3, 2)},
    "buurtbemiddeling.budget.funding": {"share": 0.25},
    "buurtbemiddeling.steering.decision": {"kind": "decision"},
    "buurtbemiddeling.steering.meeting": {"start": datetime(2026, 3, 2, 19), "state": "held"},
}


class Builder:
    """Makes rows; what they are linked to is always the same ``sample`` of a model.

    :param company: of all rows that have one
    :param samples: ``{model: record}`` to link to, instead of one that is made up
    """

    def __init__(self, env, company, samples=None):
        self.env = env
        self.company = company
        self.samples = {"res.company": company, "res.users": env.user, **(samples or {})}
        self.numbers = count(1)

    def sample(self, model):
        """Return a record to link: always the same one, so that rows clash where they can."""
        if model not in self.samples:
            record = self.env[model]
            if not model.startswith(OURS) or "code" in record._fields:
                record = record.search([], limit=1)
            if not record:
                record = self.build(model)
            self.samples[model] = record
        return self.samples[model]

    def build(self, model, **values):
        """Create a row with these values, and with something in every field that is required."""
        rows = self.env[model]
        values = {**VALUES.get(model, {}), **values}
        defaults = rows.default_get(list(rows._fields))
        for name, field in rows._fields.items():
            if values.get(name) is MADE_UP:
                values[name] = self.make_value(field)
            elif callable(values.get(name)):
                values[name] = values[name](self)
            if name in values or not field.store or field.related:
                continue
            if name == "company_id" and not field.compute:
                values[name] = self.company.id
            elif field.required and not (field.compute or defaults.get(name)):
                values[name] = self.make_value(field)
        record = rows.create(values)
        self.env.flush_all()
        return record

    def make_value(self, field):
        """Return something to put in a field that may not be empty."""
        if field.type == "many2one":
            if field.comodel_name == "res.partner":
                return self.make_contact().id
            return self.sample(field.comodel_name).id
        if field.type == "many2many":
            return [Command.set(self.sample(field.comodel_name).ids)]
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "date": date(2026, 3, 2),
            "datetime": datetime(2026, 3, 2, 19),
            "integer": 1,
            "float": 1.0,
            "monetary": 1.0,
            "boolean": True,
            "json": {},
        }.get(field.type) or f"x{next(self.numbers)}"

    def make_contact(self, is_company=False):
        return self.env["res.partner"].create({"name": "Chris", "is_company": is_company})
