"""The organisations that do the work, where they do it, and who works for them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from dateutil.easter import easter

from odoo.fields import Command

from . import places, staff
from .people import a_name, a_phone
from .staff import make_users, user_values

OWN_PROJECT_FROM = 75_000  # inhabitants from which a municipality has a project of its own
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}
# How many partners of each type refer to an organisation that works in so many municipalities,
# what they and their people are called, and how many people each has.
REFERRERS = {
    "CORPORATIE": (lambda towns: 1 + towns, "Woongoed", "Woonconsulent", 4),
    "POLITIE": (lambda towns: 1 + towns // 3, "Politie basisteam", "Wijkagent", 5),
    "GEMEENTE": (lambda towns: towns, "Gemeente", "Wijkregisseur", 2),
    "WELZIJN": (lambda towns: 1, "Opbouwwerk", "Opbouwwerker", 3),
    "MAATSCHAPPELIJK_WERK": (lambda towns: 1, "Maatschappelijk werk", "Maatschappelijk werker", 3),
    "SOCIAAL_TEAM": (lambda towns: 1 + towns // 4, "Sociaal team", "Teamcoach", 3),
    "HUISARTS_ZORG": (lambda towns: 2, "Huisartsenpraktijk", "Praktijkondersteuner", 1),
    "SCHOOL": (lambda towns: 1, "Basisschool", "Intern begeleider", 1),
    "WIJKCONCIERGE": (lambda towns: 1, "Wijkbeheer", "Wijkconciërge", 1),
    "OVERIG": (lambda towns: 1, "Juridisch loket", "Medewerker", 1),
}
WITH_LOGIN = ("CORPORATIE", "POLITIE")  # one person of the first partner of these types logs in
TABLES = (
    "resource_calendar_leaves",
    "res_company",
    "res_partner",
    "res_users",
    "buurtbemiddeling_area",
    "buurtbemiddeling_project",
    "buurtbemiddeling_project_area_rel",
    "buurtbemiddeling_project_user_rel",
    "buurtbemiddeling_referral_partner",
)


@dataclass
class Organisation:
    """One organisation; every value is an id, unless it says otherwise."""

    number: int  # from 1; in the logins coordinatorN, managerN, salesN
    cases: int  # how many cases it has in all years
    volunteers: int  # how many volunteers it has, or had
    company_id: int = 0
    company_partner_id: int = 0
    calendar_id: int = 0
    coordinator_ids: list = field(default_factory=list)  # users, the main one first
    coordinator_partner_ids: list = field(default_factory=list)  # their contacts
    manager_id: int = 0
    sales_ids: list = field(default_factory=list)  # users of crm and helpdesk, as coordinators
    project_ids: list = field(default_factory=list)
    project_coordinator_ids: dict = field(default_factory=dict)  # {project: users}
    area_weights: dict = field(default_factory=dict)  # {area: share of the cases}
    area_projects: dict = field(default_factory=dict)  # {area: project}
    area_towns: dict = field(default_factory=dict)  # {area: name of its municipality}
    referral_partners: dict = field(default_factory=dict)  # {code of type: referral partners}
    referral_contacts: dict = field(default_factory=dict)  # {referral partner: contact persons}
    referral_companies: dict = field(default_factory=dict)  # {referral partner: its contact}
    referrer_user_ids: list = field(default_factory=list)  # portal users


@dataclass
class World:
    """What later parts build on."""

    first_day: date
    last_day: date
    organisations: list = field(default_factory=list)
    holidays: frozenset = frozenset()  # days on which every organisation is closed; weekends too
    tables: list = field(default_factory=lambda: list(TABLES))


def make(env, size, say):
    """Make the organisations of a country, with the ORM: there are not many."""
    say("Organisations …")
    chance = Random(f"world of {size.name}")
    env = in_dutch(env)
    # as Odoo does itself in a database that is made in Dutch
    env["ir.default"].set("res.partner", "lang", env.context["lang"])
    world = World(date(size.last_year - size.years + 1, 1, 1), date(size.last_year, 12, 31))
    weights = places.shares(size.organisations)
    counts = zip(
        places.parts(size.cases, weights), places.parts(size.volunteers, weights), strict=True
    )
    world.organisations = [
        Organisation(number, cases, volunteers)
        for number, (cases, volunteers) in enumerate(counts, start=1)
    ]
    towns = _choose_towns(env, size, weights)
    _make_companies(env, world, towns)
    staff.make(env, size, world, chance)
    for organisation, theirs in zip(world.organisations, towns, strict=True):
        _make_partners(env, world, organisation, theirs, chance)
        _make_projects(env, world, organisation, theirs)
    _make_referrers(env, world)
    env.flush_all()
    return world


def in_dutch(env, **context):
    """The environment in which all is made: in Dutch, as it is where they work, and quietly."""
    lang = "nl_NL" if env["res.lang"]._get_data(code="nl_NL") else "en_US"
    return env(context={**env.context, **QUIET, "lang": lang, **context})


def _choose_towns(env, size, weights):
    """The municipalities of each organisation."""
    areas = env["buurtbemiddeling.area"]
    known = areas.search([("kind", "=", "municipality"), ("code", "=like", "GM____")], order="code")
    inhabitants = {area.id: area.inhabitants for area in known}
    wanted = size.cases / size.years * places.INHABITANTS_A_CASE
    chosen = places.choose(inhabitants, size.municipalities, wanted)
    dealt = places.deal({area: inhabitants[area] for area in chosen}, weights)
    return [areas.browse(theirs) for theirs in dealt]


def _holidays(years):
    """The days on which the Dutch do not work."""
    for year in years:
        sunday = easter(year)
        kings_day = date(year, 4, 27)
        yield from (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
        yield kings_day - timedelta(kings_day.weekday() == 6)
        yield from (sunday + timedelta(days) for days in (1, 39, 50))


def _make_companies(env, world, towns):
    """A company each, with its working hours and the days on which it is closed."""
    euro = env.ref("base.EUR")
    euro.active = True
    companies = env["res.company"].create(
        [
            {
                "name": f"Buurtbemiddeling {theirs[0].name}",
                "street": "Wijkhuislaan 1",
                "zip": f"0{organisation.number:03d} AA",
                "city": theirs[0].name,
                "country_id": env.ref("base.nl").id,
                "phone": f"0000-00 {organisation.number:02d} 00",
                "currency_id": euro.id,
                "buurtbemiddeling_request_form": True,
                "buurtbemiddeling_application_form": True,
                "buurtbemiddeling_case_expense": 15,
                "buurtbemiddeling_km_rate": 0.23,
            }
            for organisation, theirs in zip(world.organisations, towns, strict=True)
        ]
    )
    companies.resource_calendar_id.write({"tz": "Europe/Amsterdam"})
    _close_on_holidays(env, world, companies)
    for organisation, company in zip(world.organisations, companies, strict=True):
        organisation.company_id = company.id
        organisation.company_partner_id = company.partner_id.id
        organisation.calendar_id = company.resource_calendar_id.id


def _close_on_holidays(env, world, companies):
    """Close all companies on the days on which the Dutch do not work."""
    # a year more: deadlines of the last cases lie in it
    days = sorted(_holidays(range(world.first_day.year, world.last_day.year + 2)))
    world.holidays = frozenset(days)
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "Feestdag",
                "calendar_id": company.resource_calendar_id.id,
                "company_id": company.id,
                # the whole Dutch day, in universal time: summer begins and ends between these
                "date_from": datetime.combine(day - timedelta(1), time(22)),
                "date_to": datetime.combine(day, time(22)),
            }
            for company in companies
            for day in days
        ]
    )


def _make_partners(env, world, organisation, towns, chance):
    """Who refers residents, with their people."""
    types = {row.code: row for row in env["buurtbemiddeling.referrer.type"].search([])}
    begun = world.first_day - timedelta(180)
    codes, offices, contacts = _make_offices(env, organisation, towns, chance)
    partners = env["buurtbemiddeling.referral.partner"].create(
        [
            {
                "partner_id": office.id,
                "company_id": organisation.company_id,
                "referrer_type_id": types[code].id,
                "user_id": organisation.coordinator_ids[0],
                "agreement_date": begun,
                "feedback_wording": "result" if code == "CORPORATIE" else "ended",
            }
            for office, code in zip(offices, codes, strict=True)
        ]
    )
    by_office = contacts.grouped("parent_id")
    for partner, office, code in zip(partners, offices, codes, strict=True):
        organisation.referral_partners.setdefault(code, []).append(partner.id)
        organisation.referral_contacts[partner.id] = by_office[office].ids
        organisation.referral_companies[partner.id] = office.id


def _contact(organisation, name, number, **values):
    """What makes a contact of who refers."""
    return {
        "name": name,
        "company_id": organisation.company_id,
        "email": f"verwijzer{organisation.number}.{number}@example.org",
        **values,
    }


def _make_offices(env, organisation, towns, chance):
    """The contacts of who refers; returns the codes of their types, the offices, their people."""
    offices, people, codes = [], [], []
    for code, (count, name, function, number) in REFERRERS.items():
        for place in range(count(len(towns))):
            town = towns[place % len(towns)].name
            end = f" {place // len(towns) + 1}" if place >= len(towns) else ""
            offices.append(
                _contact(
                    organisation, f"{name} {town}{end}", len(offices), is_company=True, city=town
                )
            )
            codes.append(code)
            people.append((function, number))
    offices = env["res.partner"].create(offices)
    contacts = env["res.partner"].create(
        [
            _contact(
                organisation,
                a_name(chance),
                f"{index}.{place}",
                parent_id=office.id,
                function=function,
                phone=a_phone(chance),
            )
            for index, (office, (function, number)) in enumerate(zip(offices, people, strict=True))
            for place in range(number)
        ]
    )
    return codes, offices, contacts


def _make_projects(env, world, organisation, towns):
    """A project for each large municipality, and one for the others together."""
    large = [town for town in towns if town.inhabitants >= OWN_PROJECT_FROM]
    small = towns.filtered(lambda town: town.inhabitants < OWN_PROJECT_FROM)
    groups = [*large, *([small] if small else [])]
    users = organisation.coordinator_ids
    offices = dict(zip(towns, organisation.referral_partners["GEMEENTE"], strict=True))
    projects = env["buurtbemiddeling.project"].create(
        [
            {
                "name": f"Buurtbemiddeling {group[0].name}{' en omgeving' if group[1:] else ''}",
                "company_id": organisation.company_id,
                "area_ids": [Command.set(group.ids)],
                # each coordinator has some of the projects, each project some coordinators
                "user_ids": [Command.set(users[place % len(users) :: len(groups)])],
                "date_start": world.first_day - timedelta(365),
                "client_id": organisation.referral_companies[offices[group[0]]],
                "funder_ids": [
                    Command.set([organisation.referral_companies[offices[town]] for town in group])
                ],
            }
            for place, group in enumerate(groups)
        ]
    )
    organisation.project_ids = projects.ids
    organisation.project_coordinator_ids = {
        project.id: project.user_ids.ids for project in projects
    }
    for town in towns:
        inside = env["buurtbemiddeling.area"].create(places.divide(town))
        project = projects.filtered(lambda project, town=town: town in project.area_ids)
        untold = places.UNTOLD if inside else 1
        organisation.area_weights[town.id] = untold * town.inhabitants
        for area in inside:
            organisation.area_weights[area.id] = (1 - untold) * area.inhabitants
        for area in town | inside:
            organisation.area_projects[area.id] = project.id
            organisation.area_towns[area.id] = town.name
    total = sum(organisation.area_weights.values())
    organisation.area_weights = {
        area: weight / total for area, weight in organisation.area_weights.items()
    }


def _make_referrers(env, world):
    """Logins for some people of referral partners: referrer1, referrer2, …"""
    portal = env.ref("base.group_portal").id
    rows = []
    for organisation in world.organisations:
        for code in WITH_LOGIN:
            partner = organisation.referral_partners[code][0]
            contact = env["res.partner"].browse(organisation.referral_contacts[partner][0])
            login, mine = f"referrer{len(rows) + 1}", [organisation.company_id]
            rows.append(user_values(login, contact.name, [portal], mine, partner_id=contact.id))
    users = make_users(env, rows)
    for organisation in world.organisations:
        organisation.referrer_user_ids = users.filtered(
            lambda user, company=organisation.company_id: user.company_id.id == company
        ).ids
