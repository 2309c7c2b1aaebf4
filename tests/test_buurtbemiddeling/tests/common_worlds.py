"""The people and the records on which the access table is tried."""

from datetime import date, datetime, timedelta
from itertools import count

from odoo.fields import Command
from odoo.tools import SQL

from ..builder import Builder

OURS = "buurtbemiddeling."
TODAY = date(2026, 3, 2)
EVENING = datetime(2026, 3, 2, 19)
# whose a record is, where that is not the user who made it but says who may do what
OWNERS = ("user_id", "create_uid")
# a login of the volunteer, and somebody of Buurtbemiddeling Extra: not whose record it is
OTHER_OWNERS = ("buurtbemiddeling.volunteer", "buurtbemiddeling.extra.signal")


def same(model):
    """The record of this model that all rows of a world link to."""
    return lambda world: world.sample(f"{OURS}{model}").id


def new(model):
    """A record of this model that nothing else links to."""
    return lambda world: world.build(f"{OURS}{model}").id


def contact(world):
    return world.make_contact().id


def number(first):
    """A number that is used once, from ``first`` on."""
    return lambda world: first + next(world.numbers)


def day(world):
    """A day on which nothing else is."""
    world.day = TODAY - timedelta(days=next(world.numbers))
    return world.day


def same_day(world):
    """The last of those days."""
    return world.day


def later(world):
    """A day from 2025 on that no other report is about."""
    return date(2025, 1, 1) + timedelta(days=next(world.numbers))


def peer(world):
    """Somebody else who works there, for Buurtbemiddeling Extra as well."""
    return world.peer.id


def current_protocol(world):
    """The version of the working protocol that volunteers accept now."""
    protocols = world.env["buurtbemiddeling.protocol"]
    values = {"company_id": world.company.id, "state": "current"}
    protocol = protocols.search([(name, "=", value) for name, value in values.items()])
    if not protocol:
        values |= {"name": "Protocol", "version": "1", "date_from": TODAY}
        protocol = protocols.create(values)
    return protocol.id


def busy_mediator(world):
    """A new assignment that was accepted."""
    assignment = world.build("buurtbemiddeling.assignment")
    assignment.with_context(import_file=True).state = "accepted"
    return assignment.id


def held_meeting(world):
    meeting = world.build("buurtbemiddeling.steering.meeting")
    meeting.state = "held"
    return meeting.id


def free_kind(world):
    """A kind of requirement of which the organisation has none of its own."""
    requirements = world.env["buurtbemiddeling.requirement"].with_context(active_test=False)
    used = requirements.search([("company_id", "=", world.company.id)]).mapped("kind")
    kinds = requirements._fields["kind"].get_values(world.env)
    return next(kind for kind in kinds if kind not in used)


# What a row needs besides the fields that are required: those are filled in by themselves. A value
# that is a function gets the world in which the row is made.
VALUES = {
    "absence": {"stand_in_id": peer, "date_from": day, "date_to": same_day},
    "area": {"kind": "municipality"},
    "assignment": {"volunteer_id": new("volunteer"), "state": "declined"},
    "benchmark": {"year": lambda world: next(world.years)},
    "benchmark.fact": {"source": "case", "res_id": same("case")},
    "benchmark.reference": {"year": 2024},
    "budget": {"year": lambda world: next(world.years)},
    "budget.actual": {"post_id": new("budget.post")},
    "budget.funding": {"share": 0.25},
    "budget.line": {"post_id": new("budget.post")},
    "case": {"name": False},
    "case.close": {"outcome_id": lambda world: world.find_coded("outcome", "OPG_BEM")},
    "case.feedback": {
        "line_ids": lambda world: [
            Command.create({"case_id": world.sample("buurtbemiddeling.case").id})
        ],
    },
    "case.pause": {"date_from": TODAY, "date_to": TODAY},
    "couple": {"case_id": new("case")},
    "couple.pair": {"second_id": new("volunteer")},
    "duty.kind": {"active": False},
    "expense": {"volunteer_id": same("volunteer"), "amount": 8},
    "export.reason": {"reason": "Letters of the alphabet"},
    "extra.signal": {"user_id": peer},
    "heading.crosswalk": {
        "nuisance_type_id": new("nuisance.type"),
        "year_from": 2020,
        "year_to": 2024,
    },
    "import.memory": {"text": lambda world: f"Kop {next(world.numbers)}"},
    "import.row": {"number": number(1)},
    "indicator": {"valid_from": 1990, "valid_to": 1991},
    "letter": {"language_id": new("language")},
    "needed.fact": {"domain": "[]"},
    "network.activity": {"date": TODAY},
    "onward.referral": {"partner_id": contact},
    "plan": {"date_start": date(2026, 1, 1), "date_end": date(2026, 12, 31)},
    "population": {"dimension": "language", "language_id": new("language")},
    "privacy.request": {"party_id": same("case.party")},
    "protocol": {"state": "draft"},
    "protocol.acceptance": {"protocol_id": current_protocol, "volunteer_id": new("volunteer")},
    "recognition": {"active": False},
    "referral.agreement": {"referral_partner_id": same("referral.partner")},
    "requirement": {"kind": free_kind},
    "retention.line": {"model": "buurtbemiddeling.case", "res_id": same("case")},
    "size.class": {"min_inhabitants": number(10000000), "active": False},
    "start.mark": {"step_id": new("start.step")},
    "steering.attendance": {"partner_id": contact},
    "steering.decision": {"kind": "decision", "meeting_id": held_meeting},
    "steering.meeting": {
        "start": lambda world: datetime.combine(day(world), EVENING.time()),
    },
    "target": {"indicator_id": new("indicator")},
    "training.session": {
        "event_ids": [
            Command.create({"start": EVENING, "stop": EVENING + timedelta(hours=3)})
        ],
    },
    "training.enrolment": {"volunteer_id": new("volunteer")},
    "training.attendance": {
        "event_id": lambda world: world.sample(f"{OURS}training.session").event_ids.id,
        "enrolment_id": new("training.enrolment"),
    },
    "visit.hours": {"report_id": new("visit.report"), "assignment_id": busy_mediator},
    "volunteer": {
        "user_id": False,
        "stage_id": lambda world: world.find_coded("volunteer.stage", "active"),
    },
    "volunteer.declaration": {"partner_id": contact},
    "volunteer.talk": {"kind": "yearly"},
    "volunteer.talk.score": {"criterion_id": new("selection.criterion")},
    "year.report": {"year": 2025, "reference_date": later},
}  # fmt: skip
# The states in which more people may read, or nobody may change any more: what is true of all
# records of a model then.
STATES = {
    "adopted": ("budget", {"state": "adopted"}),
    "approved": ("plan", {"state": "approved"}),
    "final": ("year.report", {"state": "final"}),
    "frozen": ("benchmark", {"state": "frozen"}),
    "held": ("steering.meeting", {"state": "held"}),
    "minuted": ("steering.meeting", {"state": "minuted"}),
}


class World:
    """Records of one owner: rows of all models around one case, in one project of one company.

    ``sample`` gives the record to link to, ``build`` a new row that nothing else links to.
    """

    numbers = count(1)
    years = count(TODAY.year)

    def __init__(self, project, user, peer):
        self.company = project.company_id
        self.env = project.env(
            context={**project.env.context, "allowed_company_ids": self.company.ids}
        )
        self.project = project
        self.user = user
        self.peer = peer
        self.samples = {
            "res.company": self.company,
            "res.users": user,
            "buurtbemiddeling.project": project,
        }
        self.values = {}
        self.rows = {}

    def sample(self, model):
        """Return a record of this world to link to, always the same one."""
        if model not in self.samples:
            record = self.env[model]
            if not model.startswith(OURS) or "code" in record._fields:
                record = record.search([], limit=1, order="id")
            self.samples[model] = record or self.build(model)
        return self.samples[model].with_env(self.env)

    def build(self, model):
        """Create a row of this world as the system would."""
        if model == "buurtbemiddeling.trace":  # nobody creates one, the system neither
            self.env[model]._add("print", self.sample("buurtbemiddeling.case"))
            return self.env[model].search([], limit=1, order="id desc")
        record = self.env[model].create(self.get_values(model))
        self.env.flush_all()
        return record

    def find(self, model):
        """Return the row of an SQL view that is of this world."""
        record = self.env[model]
        domain = [("company_id", "=", self.company.id)]
        if "project_id" in record._fields:
            domain.append(("project_id", "=", self.project.id))
        return record.search(domain, limit=1)

    def get_row(self, model):
        """Return the row of this world on which reading, changing and deleting are tried."""
        if model not in self.rows:
            auto = self.env[model]._auto
            self.rows[model] = self.build(model) if auto else self.find(model)
        return self.rows[model]

    def get_new_values(self, model):
        """Return with what a user tries to create a row of this world; always the same."""
        if model not in self.values:
            auto = self.env[model]._auto
            self.values[model] = self.get_values(model) if auto else {"id": False}
        values = dict(self.values[model])
        if values.get("user_id") and model not in OTHER_OWNERS:
            values["user_id"] = self.user.id
        return values

    def get_values(self, model):
        """Return what it takes to create a row of this world."""
        record = self.env[model]
        values = {
            name: value(self) if callable(value) else value
            for name, value in VALUES.get(model.removeprefix(OURS), {}).items()
        }
        for name, field in record._fields.items():
            if name in values or not field.store or field.related:
                continue
            if field.compute and field.readonly:
                continue
            if field.type == "many2one" and (
                (name == "user_id" and field.comodel_name == "res.users")
                or name in ("company_id", "project_id", "case_id")
            ):
                values[name] = self.sample(field.comodel_name).id
            elif name == "year":
                values[name] = TODAY.year
            elif field.required and not field.compute and not record.default_get([name]).get(name):
                values[name] = self.make_value(field)
        return values

    make_value = Builder.make_value

    def find_coded(self, model, code):
        """Return the id of an entry of a code list."""
        return self.env[f"{OURS}{model}"].search([("code", "=", code)], limit=1).id

    def make_contact(self, **values):
        return self.env["res.partner"].create({"name": f"Chris {next(self.numbers)}", **values})

    def give_to(self, user, model):
        """Make the row of a model, and the wizards that rows link to, those of this user.

        As if the user had made them; so that "own" is true for each role in turn.
        """
        self.user = user
        wizards = [record for record in self.samples.values() if record._transient]
        for record in (self.get_row(model), *wizards):
            names = [
                name
                for name in OWNERS
                if record._auto
                and name in record._fields
                and record._fields[name].type == "many2one"
                and record._fields[name].store
                and not record._fields[name].company_dependent
                and not (name == "user_id" and record._name in OTHER_OWNERS)
            ]
            if names and record:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s WHERE id IN %s",
                        SQL.identifier(record._table),
                        SQL(", ").join(SQL("%s = %s", SQL.identifier(n), user.id) for n in names),
                        tuple(record.ids),
                    )
                )
        self.env.invalidate_all()
