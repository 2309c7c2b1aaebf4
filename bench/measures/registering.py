"""Registering a case of two neighbours, beside a lead or a ticket with its contact.

All three go the way of a person at a screen: the form is opened and filled in, and what is timed is
what the browser then sends, `web_save`, with the answer that it draws the form from. And the way of
code: a hundred at once by `create`.

The three do not write equally much. A case comes with two parties, their two contacts, their front
doors and the first row of its phase history; a lead or ticket with one contact. So both are told: a
save as a whole, and *per record written*: the time divided by the rows of business records that the
save inserts, as PostgreSQL counts them. Bookkeeping that comes along (messages, followers, to-dos,
tracked values, the trace, many2many tables) takes its time but does not count as a record.
"""

from itertools import count

from odoo.tests import Form
from odoo.tools import mute_logger

from bench.timing import REPEATS, WARM_UP, Result, medians

BATCH = 100
# per record written, not slower than either
LIMIT = 1.0
BOOKKEEPING = ("mail_", "bus_", "ir_", "buurtbemiddeling_trace")

numbers = count(1)


def measure(office, quick):
    """Time one save at a screen, and a batch, of each of the three."""
    turns = {"repeats": 1, "warm_up": 0} if quick else {"repeats": REPEATS, "warm_up": WARM_UP}
    results = []
    for makers, batch in ((SCREENS, 1), (BATCHES, BATCH)):
        ways = {
            name: (login, maker(office, login, batch)) for name, (login, maker) in makers.items()
        }
        taken = medians(
            {
                name: lambda login=login, way=way: office.seconds(login, way)
                for name, (login, way) in ways.items()
            },
            **turns,
        )
        rows = {name: count_rows(office, *way) for name, way in ways.items()}
        results += compare(taken, rows, batch)
    return results


def compare(taken, rows, batch):
    """The results of one batch: each peer as a whole, and per record written."""
    action = "a case with two neighbours, "
    action += f"{batch} at once" if batch > 1 else "saved at the screen"
    for peer in ("lead", "ticket"):
        written = {name: sum(rows[name].values()) / batch for name in ("case", peer)}
        yield Result(
            topic="registering",
            action=action,
            ours=taken["case"],
            peer=taken[peer],
            peer_name=f"a {peer} with its contact",
            rows=batch,
            remark=f"{written['case']:g} records against {written[peer]:g}",
        )
        yield Result(
            topic="registering",
            action=f"{action}, per record written",
            ours=taken["case"] / batch / written["case"],
            peer=taken[peer] / batch / written[peer],
            peer_name=f"a {peer} with its contact",
            limit=LIMIT,
            remark=f"{named(rows['case'], batch)}; {named(rows[peer], batch)}",
        )


def named(rows, batch):
    """How many rows of which table a save inserts, as text."""
    return ", ".join(f"{number / batch:g} {table}" for table, number in sorted(rows.items()))


def count_rows(office, login, way):
    """The rows that a way inserts in tables of business records, as PostgreSQL counts them."""
    with office.request(login) as env:
        tables = {
            model._table
            for model in env.values()
            if model._auto and not model._transient and not model._table.startswith(BOOKKEEPING)
        }
        before = read_inserted(env.cr, tables)
        way(env)
        env.flush_all()
        inserted = read_inserted(env.cr, tables)
    return {
        table: number - before[table]
        for table, number in inserted.items()
        if number > before[table]
    }


def read_inserted(cr, tables):
    """`{table: rows inserted}`, of what this session did not hand over to the statistics yet."""
    cr.execute(
        "SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables"
        " WHERE schemaname = current_schema AND relname = ANY(%s)",
        [list(tables)],
    )
    return dict(cr.fetchall())


# ------------------------------------------------------------
# WHAT IS TYPED: another person and address each time
# ------------------------------------------------------------


def person(letter):
    """Name and address of somebody."""
    number = next(numbers)
    return {
        "name": f"{letter} van Meetstraat {number}",
        "phone": f"06 {10_000_000 + number}",
        "email": f"{letter.lower()}{number}@example.com",
        "street": f"Meetstraat {number}",
        "zip": "1234 AB",
        "city": "Meetdorp",
    }


def fill(form, values, prefix=""):
    """Type values in the fields of a form."""
    for name, value in values.items():
        setattr(form, f"{prefix}{name}", value)


# ------------------------------------------------------------
# AT THE SCREEN
# ------------------------------------------------------------


def save_case(office, login, _batch):
    """The phone intake of a resident who came by himself, with both neighbours known."""
    with office.request(login) as env:
        form = Form(env["buurtbemiddeling.case"])
        form.area_id = env["buurtbemiddeling.area"].search([], limit=1)
        form.nuisance_type_ids.add(env["buurtbemiddeling.nuisance.type"].search([], limit=1))
        form.reporter_story = "Since spring there is loud music at night."
        form.reporter_consents = True
        fill(form, person("A"), "reporter_")
        fill(form, {k: v for k, v in person("B").items() if k != "email"}, "neighbour_")
        typed, specification = form._get_save_values(), form._view["fields_spec"]

    def save(env):
        values = {
            **typed,
            **{f"reporter_{name}": value for name, value in person("A").items()},
            **{f"neighbour_{k}": v for k, v in person("B").items() if k != "email"},
        }
        env["buurtbemiddeling.case"].web_save(values, specification)

    return save


def save_lead(office, login, _batch):
    """An opportunity; its contact is made in the dialog of that field, as a person does."""
    return save_with_contact(office, login, "crm.lead", {"name": "A question"})


def save_ticket(office, login, _batch):
    """A ticket; its contact is made in the dialog of that field, as a person does."""
    question = {"name": "A question", "description": "Since spring there is loud music at night."}
    return save_with_contact(office, login, "helpdesk.ticket", question)


def save_with_contact(office, login, model, question):
    """Save a contact, and then a record of `model` of that contact."""
    # crm's own form searches with a record that is not there yet, and is warned
    with office.request(login) as env, mute_logger("odoo.domains"):
        dialog = Form(env["res.partner"])
        fill(dialog, person("C"))
        typed_contact, contact_specification = (
            dialog._get_save_values(),
            dialog._view["fields_spec"],
        )
        form = Form(env[model])
        fill(form, question)
        form.partner_id = dialog.save()
        typed, specification = form._get_save_values(), form._view["fields_spec"]

    def save(env):
        known = person("C")
        [contact] = env["res.partner"].web_save({**typed_contact, **known}, contact_specification)
        env[model].web_save({**typed, "partner_id": contact["id"]}, specification)

    return save


# ------------------------------------------------------------
# MANY AT ONCE
# ------------------------------------------------------------


def create_cases(_office, _login, batch):
    """Cases with both neighbours, as the screen writes them."""

    def create(env):
        area = env["buurtbemiddeling.area"].search([], limit=1)
        nuisance = env["buurtbemiddeling.nuisance.type"].search([], limit=1)
        by_himself = env.ref("buurtbemiddeling_case.referrer_type_zelf")
        env["buurtbemiddeling.case"].create(
            [
                {
                    "area_id": area.id,
                    "nuisance_type_ids": nuisance.ids,
                    "referrer_type_id": by_himself.id,
                    "reporter_story": "Since spring there is loud music at night.",
                    **{f"reporter_{name}": value for name, value in person("A").items()},
                    **{f"neighbour_{k}": v for k, v in person("B").items() if k != "email"},
                }
                for _index in range(batch)
            ]
        )

    return create


def create_leads(_office, _login, batch):
    """Leads of contacts that are made for them."""
    return create_with_contacts("crm.lead", batch, {"type": "opportunity"})


def create_tickets(_office, _login, batch):
    """Tickets of contacts that are made for them."""
    return create_with_contacts("helpdesk.ticket", batch, {"description": "Loud music at night."})


def create_with_contacts(model, batch, values):
    """Create contacts, and a record of `model` for each."""

    def create(env):
        contacts = env["res.partner"].create([person("C") for _index in range(batch)])
        env[model].create(
            [{"name": "A question", "partner_id": contact.id, **values} for contact in contacts]
        )

    return create


SCREENS = {
    "case": ("coordinator1", save_case),
    "lead": ("sales1", save_lead),
    "ticket": ("sales1", save_ticket),
}
BATCHES = {
    "case": ("coordinator1", create_cases),
    "lead": ("sales1", create_leads),
    "ticket": ("sales1", create_tickets),
}
