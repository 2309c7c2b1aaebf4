"""The users of each organisation: who works there, and who looks at figures or uses the peers."""

from passlib.hash import pbkdf2_sha512

from odoo.fields import Command

from .people import a_name

CASES_A_COORDINATOR = 150  # a year
ROUNDS = 1_000  # of hashing a password; Odoo hashes it anew when someone logs in


def make(env, size, world, chance):
    """Coordinators, managers, the reader of figures, and whoever uses the peers."""
    users = make_users(env, _hire(env, size, world, chance))
    for organisation in world.organisations:
        _appoint(env, organisation, users)


def _read_groups(env):
    """Return ``{role: ids of groups}``; nobody is of the peers where those are not installed."""
    groups = {
        "coordinator": ["buurtbemiddeling_case.group_user"],
        "manager": ["buurtbemiddeling_case.group_manager"],
        "extra": ["buurtbemiddeling_case.group_extra"],
        "reporting": ["buurtbemiddeling_report.group_reporting"],
        "export": ["base.group_allow_export"],
        "peers": [
            "sales_team.group_sale_salesman_all_leads",
            "helpdesk_mgmt.group_helpdesk_user",
        ],
    }
    return {
        role: [group.id for name in names if (group := env.ref(name, raise_if_not_found=False))]
        for role, names in groups.items()
    }


def _hire(env, size, world, chance):
    """The values of all who work for an organisation, and of who works for all."""
    groups = _read_groups(env)
    every = [organisation.company_id for organisation in world.organisations]
    rows = []

    def add(login, roles, company_ids):
        group_ids = [id_ for role in roles.split() for id_ in groups[role]]
        values = user_values(login, a_name(chance), group_ids, company_ids)
        rows.append({**values, "notification_type": "inbox"})

    for organisation in world.organisations:
        mine = [organisation.company_id]
        number = organisation.number
        count = max(1, round(organisation.cases / size.years / CASES_A_COORDINATOR))
        ends = ["", *(f"_{place}" for place in range(2, count + 1))]
        for end in ends:
            add(
                f"coordinator{number}{end}",
                "coordinator" if end else "coordinator extra export",
                mine,
            )
            if groups["peers"]:
                add(f"sales{number}{end}", "peers export", mine)
        add(f"manager{number}", "manager export", mine)
    add("reporting1", "reporting export", every)
    add("national1", "manager export", every)
    if groups["peers"]:
        add("sales", "peers export", every)
    return rows


def _appoint(env, organisation, users):
    """Give an organisation its people, and say who gets what comes in."""
    number = str(organisation.number)
    theirs = {
        role: users.filtered(lambda user, who=role + number: user.login.split("_")[0] == who)
        for role in ("coordinator", "sales", "manager")
    }
    organisation.coordinator_ids = theirs["coordinator"].ids
    organisation.coordinator_partner_ids = theirs["coordinator"].partner_id.ids
    organisation.sales_ids = theirs["sales"].ids
    organisation.manager_id = theirs["manager"].id
    env["res.company"].browse(organisation.company_id).write(
        {
            # not before: Odoo would ask a service of its own who has this address
            "email": f"organisatie{number}@example.org",
            "buurtbemiddeling_request_user_id": organisation.coordinator_ids[0],
            "buurtbemiddeling_application_user_id": organisation.coordinator_ids[0],
        }
    )


def user_values(login, name, group_ids, company_ids, **values):
    """What makes a user: the first company is their own."""
    return {
        "login": login,
        "name": name,
        "email": f"{login}@example.org",
        "tz": "Europe/Amsterdam",
        "company_id": company_ids[0],
        "company_ids": [Command.set(company_ids)],
        "group_ids": [Command.set(group_ids)],
        **values,
    }


def make_users(env, rows):
    """Make users whose password is their login."""
    users = env["res.users"].create([{"lang": env.context["lang"], **row} for row in rows])
    users.flush_recordset()
    scheme = pbkdf2_sha512.using(rounds=ROUNDS)
    for user in users:
        users._set_encrypted_password(user.id, scheme.hash(user.login))
    return users
