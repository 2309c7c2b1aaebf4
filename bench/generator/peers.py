"""What else runs in Odoo, with as many records: leads of crm, tickets of OCA's helpdesk.

A fair peer has for each case one record, of the same day, in the same organisation, as open or
closed, with a contact, tags, and as many messages. A few are made by the ORM, as their users do;
all others are copies of these rows with a contact, dates and texts of their own.
"""

from datetime import datetime, time, timedelta
from random import Random

from ..copying import Writer
from .people import a_name, a_phone
from .sample import Sample
from .world import in_dutch

STEPS = ("new", "intake"), ("waiting", "assigned"), ()  # phases of a case, by step of its peer
SUBJECTS = ("Geluidsoverlast", "Overhangende takken", "Blaffende hond", "Ruzie over de schutting")
TAGS = ("Geluid", "Tuin", "Dieren", "Kinderen", "Parkeren", "Pesten", "Rook", "Afval")
TEXT = "<p>De bewoner belt over overlast van de buren en wil graag dat er iets gebeurt.</p>"
OWN_TICKETS = 0.25  # share of the tickets of the last year that are of someone with a portal login
REVENUES = (100, 250, 500, 1000)
# by model: table, table of its tags with column, share of closed ones by ending
LEAD = ("crm.lead", "crm_lead", "crm_tag_rel", "lead_id", "tag_id")
TICKET = (
    "helpdesk.ticket",
    "helpdesk_ticket",
    "helpdesk_ticket_helpdesk_ticket_tag_rel",
    "helpdesk_ticket_id",
    "helpdesk_ticket_tag_id",
)
# what one row after the other refers to; the table of a peer comes after its contact
THREAD = (
    "mail_followers",
    "mail_followers_mail_message_subtype_rel",
    "mail_message",
    "mail_tracking_value",
)


def make(env, size, world, cases, say):
    """Make a lead and a ticket for each case, where crm and helpdesk are installed."""
    for kind, name in ((Leads, "leads"), (Tickets, "tickets")):
        if kind.names[0] in env:
            say(f"{len(cases):,} {name} …")
            kind(env, size, world, len(cases)).make(cases)
            world.tables += [*kind.names[1:3], *THREAD]


class Peers:
    """Records of one model; subclasses say of which, and how their users make them."""

    names = ()
    endings = {}  # {how it ended: share}

    def __init__(self, env, size, world, count):
        self.env = in_dutch(env)
        self.world = world
        self.model, self.table, self.tag_table, self.own_column, self.tag_column = self.names
        self.chance = Random(f"{self.table} of {size.name}")
        self.messages = self._count_messages(count)
        self.tag_ids = self._make_tags()
        self.desks = [self._make_desk(organisation) for organisation in world.organisations]

    def make(self, cases):
        """Write one for each case."""
        samples = self._sample_all()
        writer = self._make_writer(samples)
        for case in cases:
            self._add(writer, samples, case)
        writer.flush()
        self._finish(len(cases))
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # SAMPLES
    # ------------------------------------------------------------

    def _count_messages(self, count):
        """How many messages a case has, its parties' included, on average."""
        self.env.cr.execute(
            "SELECT count(*) FROM mail_message WHERE model = ANY(%s)",
            [["buurtbemiddeling.case", "buurtbemiddeling.case.party"]],
        )
        return round(self.env.cr.fetchone()[0] / max(count, 1))

    def _sample_all(self):
        """Rows as the ORM stores them: `{ending or step: Sample}`, made and then undone."""
        samples = {}
        for name in (*range(len(STEPS)), *self.endings):
            savepoint = self.env.cr.savepoint()
            samples[name] = Sample(self, name)
            savepoint.close(rollback=True)
            self.env.cr.postcommit.clear()
            self.env.invalidate_all()
        return samples

    def _make_writer(self, samples):
        columns = {"res_partner": {}}
        for table in (self.table, self.tag_table, *THREAD):
            columns[table] = {}
        for sample in samples.values():
            for table, rows in sample.rows.items():
                for row in rows:
                    columns[table].update(dict.fromkeys(row))
        columns[self.table].update(dict.fromkeys(("date_closed", "closed_date")))
        for table, names in columns.items():
            self.env.cr.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
            )
            known = {name for (name,) in self.env.cr.fetchall()}
            columns[table] = {name: None for name in names if name in known}
        return Writer(self.env.cr, columns)

    # ------------------------------------------------------------
    # ONE
    # ------------------------------------------------------------

    def _add(self, writer, samples, case):
        chance = self.chance
        desk = self.desks[case.organisation]
        if case.closed:
            name = chance.choices(list(self.endings), self.endings.values())[0]
        else:
            name = next((i for i, phases in enumerate(STEPS) if case.phase in phases), 2)
        sample = samples[name]
        user = chance.choice(desk["users"])
        opened = datetime.combine(case.registered, time(8 + chance.randrange(8), 30))
        ended = datetime.combine(case.closed, time(16, 30)) if case.closed else None
        last = max(opened, ended or opened)
        who = {"create_uid": user.id, "write_uid": user.id, "create_date": opened}
        who["write_date"] = last
        person = self._choose_person(case, desk)
        if not person:
            person = self._make_person(writer, sample, desk, who)
        own = self._values(name, person, desk, opened, ended)
        record_id = writer.add(
            self.table,
            **{
                **{name: value for name, value in sample.record.items() if name != "id"},
                "partner_id": person["id"],
                "company_id": desk["company_id"],
                "team_id": desk["team_id"],
                "user_id": user.id,
                **who,
                **own,
            },
        )
        for tag_id in chance.sample(self.tag_ids, chance.choice((1, 1, 2))):
            writer.add(self.tag_table, **{self.own_column: record_id, self.tag_column: tag_id})
        sample.add_thread(writer, self, record_id, user, desk, opened, last)

    def _make_person(self, writer, sample, desk, who):
        """Write a new contact, and return what differs from the sample."""
        chance = self.chance
        person = {
            "name": a_name(chance),
            "email": f"klant{chance.randrange(10**9)}@example.org",
            "phone": a_phone(chance),
            "street": f"Dorpsstraat {chance.randrange(1, 400)}",
            "zip": f"0{chance.randrange(1000):03d} AB",
            "city": desk["city"],
        }
        person["id"] = writer.add(
            "res_partner",
            **{
                **{name: value for name, value in sample.partner.items() if name != "id"},
                **person,
                **who,
                "complete_name": person["name"],
                "email_normalized": person["email"],
                "commercial_partner_id": (new_id := writer.next_id("res_partner")),
                "company_id": desk["company_id"],
                "id": new_id,
            },
        )
        return person

    def _choose_person(self, case, desk):
        """Someone who has a contact already, or None."""

    def _values(self, name, person, desk, opened, ended):
        """What differs from the sample."""
        raise NotImplementedError

    def _finish(self, count):
        """What the ORM would have counted on."""


class Leads(Peers):
    """Leads of Odoo's crm."""

    names = LEAD
    endings = {"won": 45, "lost": 55}

    def _make_tags(self):
        return self.env["crm.tag"].create([{"name": name} for name in TAGS]).ids

    def _make_desk(self, organisation):
        users = self.env["res.users"].browse(organisation.sales_ids)
        company = self.env["res.company"].browse(organisation.company_id)
        team = self.env["crm.team"].create(
            {
                "name": f"Team {company.city}",
                "company_id": company.id,
                "member_ids": users.ids,
                "user_id": users[0].id,
            }
        )
        return {
            "users": list(users),
            "company_id": company.id,
            "city": company.city,
            "team_id": team.id,
        }

    def make_one(self, env, desk, partner, step):
        """A lead as its user makes it, with a message for each step that it takes."""
        lead = env["crm.lead"].create(
            {
                "name": SUBJECTS[0],
                "type": "opportunity",
                "partner_id": partner.id,
                "team_id": desk["team_id"],
                "user_id": env.uid,
                "description": TEXT,
                "expected_revenue": REVENUES[0],
                "tag_ids": [(4, self.tag_ids[0])],
            }
        )
        yield lead
        stages = env["crm.stage"].search([("is_won", "=", False)])
        for stage in stages[1 : 1 + step if isinstance(step, int) else 2]:
            lead.stage_id = stage
            yield lead
        if step == "won":
            lead.action_set_won()
        elif step == "lost":
            lead.action_set_lost()
        yield lead

    def _values(self, name, person, desk, opened, ended):
        revenue = self.chance.choice(REVENUES)
        values = {
            "name": self.chance.choice(SUBJECTS),
            "contact_name": person["name"],
            "email_from": person["email"],
            "email_normalized": person["email"],
            **{column: person[column] for column in ("phone", "street", "zip", "city")},
            "expected_revenue": revenue,
            "prorated_revenue": revenue if name == "won" else 0,
            "date_open": opened,
            "date_last_stage_update": ended or opened,
        }
        if ended:
            values.update(date_closed=ended, day_close=float((ended - opened).days))
        return values


class Tickets(Peers):
    """Tickets of OCA's helpdesk."""

    names = TICKET
    endings = {"done": 75, "cancelled": 25}

    def _make_tags(self):
        rows = [{"name": name, "company_id": False} for name in TAGS]  # for every organisation
        return self.env["helpdesk.ticket.tag"].create(rows).ids

    def _make_desk(self, organisation):
        users = self.env["res.users"].browse(organisation.sales_ids)
        company = self.env["res.company"].browse(organisation.company_id)
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Overlast", "company_id": company.id}
        )
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": f"Team {company.city}",
                "company_id": company.id,
                "user_ids": [(6, 0, users.ids)],
                "user_id": users[0].id,
                "show_in_portal": True,
                "category_ids": [(6, 0, category.ids)],
            }
        )
        logins = self.env["res.users"].search(
            [("share", "=", True), ("company_id", "=", company.id)], order="id"
        )
        return {
            "users": list(users),
            "company_id": company.id,
            "city": company.city,
            "team_id": team.id,
            "category_id": category.id,
            "people": [
                {
                    "id": partner.id,
                    "name": partner.name,
                    "email": partner.email,
                    "commercial_partner_id": partner.commercial_partner_id.id,
                }
                for partner in logins.partner_id
            ],
        }

    def make_one(self, env, desk, partner, step):
        """A ticket as its user makes it, with a message for each step that it takes."""
        ticket = env["helpdesk.ticket"].create(
            {
                "name": SUBJECTS[0],
                "description": TEXT,
                "partner_id": partner.id,
                "partner_name": partner.name,
                "partner_email": partner.email,
                "team_id": desk["team_id"],
                "category_id": desk["category_id"],
                "user_id": env.uid,
                "tag_ids": [(4, self.tag_ids[0])],
            }
        )
        yield ticket
        stages = env["helpdesk.ticket.stage"].search([("closed", "=", False)])
        for stage in stages[1 : 1 + step if isinstance(step, int) else 2]:
            ticket.stage_id = stage
            yield ticket
        if step in self.endings:
            ending = env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{step}")
            # who is mailed that it is closed, was so; only what is kept of it counts here
            ticket.with_context(tracking_disable=True).stage_id = ending
        yield ticket

    def _choose_person(self, case, desk):
        is_late = case.registered > self.world.last_day - timedelta(days=365)
        if is_late and desk["people"] and self.chance.random() < OWN_TICKETS:
            return self.chance.choice(desk["people"])
        return None

    def _values(self, name, person, desk, opened, ended):
        self.number = getattr(self, "number", 0) + 1
        return {
            "number": f"HT{self.number:05d}",
            "name": self.chance.choice(SUBJECTS),
            "partner_name": person["name"],
            "partner_email": person["email"],
            "commercial_partner_id": person.get("commercial_partner_id", person["id"]),
            "category_id": desk["category_id"],
            "assigned_date": opened,
            "last_stage_update": ended or opened,
            "closed_date": ended,
        }

    def _finish(self, count):
        """The next ticket has the next number."""
        sequence = self.env.ref("helpdesk_mgmt.helpdesk_ticket_sequence")
        sequence.number_next = count + 1
