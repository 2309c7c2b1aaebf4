"""The volunteers of each organisation: who they are, when they came and left, what they learned."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from odoo.fields import Command

from .people import a_name, a_phone

TENURE = 7 * 365  # days that someone is a volunteer, on average
SHORTEST = 240  # days
FOUNDERS = 4  # of each organisation, who are there all the time
RECRUITS = 0.06  # share that has not begun yet
FIRST_CASES = timedelta(days=150)  # from the first day, until being active
PAUSED = 0.04  # share of those who are there
RECRUIT_STAGES = ("interest", "information", "intake", "training")
SOURCES = ("web_form", "volunteer", "event", "press", "agency", "other")
LEAVE_REASONS = ("NO_TIME", "NO_TIME", "WORK_STUDY", "MOVED", "PERSONAL", "NOT_FITTING", "OTHER")
COMPETENCES = ("PENDEL", "COACHING", "GROEP", "PSYCHIATRIE", "CULTUUR", "JONGEREN", "OUDEREN")
AGE_BANDS = 4 / 5  # share that states gender, age and affinities
# kind: name, hours of each half-day, months and day on which a session begins, share that comes
TRAININGS = {
    "basic": ("Basistraining buurtbemiddelaar", (7.5, 7.5), (2, 9), 1),
    "peer": ("Intervisie", (2.5,), (1, 5, 10), 0.7),
    "advanced": ("Verdieping: het gesprek", (3.0,), (11,), 0.5),
}
DAY_OF_SESSION = 10
STAMP = ("create_uid", "create_date", "write_uid", "write_date")
ENROLMENT = "buurtbemiddeling_training_enrolment"
DOCUMENT = "buurtbemiddeling_volunteer_document"
ACCEPTANCE = "buurtbemiddeling_protocol_acceptance"
TABLES = {
    DOCUMENT: ("id", *STAMP, "company_id", "date", "kind", "valid_until", "volunteer_id"),
    ACCEPTANCE: (
        *("id", *STAMP, "company_id", "date", "mode", "protocol_id", "user_id", "volunteer_id"),
    ),
    ENROLMENT: (
        *("id", *STAMP, "attended_hours", "company_id", "date_end", "kind", "learning_hours"),
        *("result", "result_date", "session_id", "state", "volunteer_id"),
    ),
}
ORM_TABLES = (
    "buurtbemiddeling_volunteer",
    "buurtbemiddeling_volunteer_affinity_rel",
    "buurtbemiddeling_volunteer_competence_rel",
    "buurtbemiddeling_volunteer_daypart_rel",
    "buurtbemiddeling_volunteer_language_rel",
    "buurtbemiddeling_protocol",
    "buurtbemiddeling_training_session",
    "calendar_event",
    "calendar_attendee",
)


@dataclass
class Member:
    """A volunteer, for what hangs on them."""

    stage: str  # code of the phase on the last day
    start: date | None = None  # None for who has not begun
    end: date | None = None  # None for who is still there
    id: int = 0
    partner_id: int = 0

    @property
    def gets_cases(self):
        """Whether new cases come to this volunteer, on the last day."""
        return self.stage in ("first_cases", "active")

    def is_there(self, first, last):
        """Whether the volunteer is there from one day to another, or till now (None)."""
        if last is None:
            return self.gets_cases and self.start <= first
        return (
            self.start is not None
            and self.start <= first
            and (self.end is None or self.end >= last)
        )


def stamp(moment):
    """Who wrote a row, and when, as the ORM notes it."""
    return {"create_uid": 1, "create_date": moment, "write_uid": 1, "write_date": moment}


def careers(chance, world, number):
    """When so many volunteers of an organisation came and left."""
    before = world.first_day - timedelta(days=30)
    members = [Member("active", before) for _founder in range(min(FOUNDERS, number))]
    recruits = int(number * RECRUITS)
    members += [Member(chance.choice(RECRUIT_STAGES)) for _recruit in range(recruits)]
    days = (world.last_day - world.first_day).days
    while len(members) < number:
        tenure = SHORTEST + int(chance.expovariate(1 / (TENURE - SHORTEST)))
        start = world.first_day + timedelta(days=chance.randrange(-tenure, days))
        end = start + timedelta(days=tenure)
        if end <= world.first_day + timedelta(days=SHORTEST):
            continue
        start = max(start, before)
        if end <= world.last_day:
            members.append(Member("left", start, end))
        elif start > world.last_day - FIRST_CASES:
            members.append(Member("first_cases", start))
        else:
            members.append(Member("pause" if chance.random() < PAUSED else "active", start))
    return members


def make(env, world, organisation, chance, writer):
    """Make the volunteers of an organisation, and what they signed and learned."""
    members = careers(chance, world, organisation.volunteers)
    _make_volunteers(env, world, organisation, members, chance)
    begun = [member for member in members if member.start]
    _add_papers(env, world, organisation, begun, chance, writer)
    _add_trainings(env, world, organisation, begun, chance, writer)
    return members


def _make_volunteers(env, world, organisation, members, chance):
    """The volunteers, with the ORM: it works out phase, project and what else is stored."""
    lists = _read_lists(env)
    partners = _make_contacts(env, organisation, len(members), chance)
    rows = []
    for member, partner in zip(members, partners, strict=True):
        values = _stand(world, organisation, lists, member, chance)
        if member.start:
            values |= _offer(lists, member, chance)
        rows.append({"partner_id": partner.id, **values})
    volunteers = env["buurtbemiddeling.volunteer"].create(rows)
    for member, volunteer in zip(members, volunteers, strict=True):
        member.id = volunteer.id
        member.partner_id = volunteer.partner_id.id


def _read_lists(env):
    """Return ``{list: {code: id}}`` of what is known of a volunteer."""
    names = ("volunteer.stage", "leave.reason", "competence", "daypart", "affinity", "language")
    return {
        name: {row.code: row.id for row in env[f"buurtbemiddeling.{name}"].search([])}
        for name in names
    }


def _make_contacts(env, organisation, count, chance):
    """The contacts of so many volunteers."""
    return env["res.partner"].create(
        [
            {
                "name": a_name(chance),
                "company_id": organisation.company_id,
                "phone": a_phone(chance),
                "email": f"vrijwilliger{organisation.number}.{place}@example.org",
            }
            for place in range(count)
        ]
    )


def _stand(world, organisation, lists, member, chance):
    """Where somebody stands, since when, and for how much."""
    languages, dayparts = lists["language"], list(lists["daypart"].values())
    others = [languages[code] for code in sorted(languages) if code != "nl"]
    areas, weights = organisation.area_weights.keys(), organisation.area_weights.values()
    since = member.start or world.last_day
    values = {
        "company_id": organisation.company_id,
        "coordinator_id": chance.choice(organisation.coordinator_ids),
        "stage_id": lists["volunteer.stage"][member.stage],
        "area_id": chance.choices(list(areas), list(weights))[0],
        "source": chance.choice(SOURCES),
        "application_date": since - timedelta(days=chance.randrange(60, 200)),
        "date_start": member.start,
        "date_end": member.end,
        "max_cases": chance.choice((1, 2, 2, 2, 3, 4)),
        "language_ids": [
            Command.set(
                {
                    languages["nl"],
                    *(chance.sample(others, 1) if chance.random() < 0.3 else ()),
                }
            )
        ],
        "daypart_ids": [Command.set(sorted(chance.sample(dayparts, chance.randrange(3, 9))))],
    }
    if member.end:
        values["leave_reason_id"] = lists["leave.reason"][chance.choice(LEAVE_REASONS)]
    if member.stage == "pause":
        values["pause_until"] = world.last_day + timedelta(days=90)
    return values


def _offer(lists, member, chance):
    """What somebody who works learned, and told of themselves."""
    learned = chance.sample(COMPETENCES, chance.choice((0, 1, 1, 2, 3)))
    values = {"competence_ids": [Command.set([lists["competence"][code] for code in learned])]}
    if chance.random() < AGE_BANDS:
        values["offer_consent_date"] = member.start
        values["gender"] = chance.choice(("woman", "woman", "woman", "man", "man"))
        values["affinity_ids"] = [Command.set(chance.sample(list(lists["affinity"].values()), 2))]
        born = date(chance.randrange(1948, 2000), chance.randrange(1, 13), 15)
        values["birthday"] = born
    return values


def _add_papers(env, world, organisation, members, chance, writer):
    """What each signed, and the protocol that nearly all accepted."""
    company = organisation.company_id
    protocol = env["buurtbemiddeling.protocol"].create(
        {
            "name": "Werkprotocol",
            "version": "1",
            "company_id": company,
            "date_from": world.first_day - timedelta(days=365),
            "state": "current",
        }
    )
    for member in members:
        until = member.end or world.last_day
        written = stamp(datetime.combine(member.start, time(9)))
        common = {"company_id": company, "volunteer_id": member.id, **written}
        for kind in ("agreement", "confidentiality"):
            if chance.random() < 0.97:
                writer.add(DOCUMENT, kind=kind, date=member.start, valid_until=None, **common)
        day = member.start
        while chance.random() < 0.85 and day <= until:
            valid_until = day.replace(year=day.year + 3, day=min(day.day, 28))
            writer.add(DOCUMENT, kind="vog", date=day, valid_until=valid_until, **common)
            day = valid_until
        if chance.random() < 0.97:
            writer.add(
                ACCEPTANCE,
                protocol_id=protocol.id,
                date=member.start,
                mode=chance.choice(("paper", "portal")),
                user_id=organisation.coordinator_ids[0],
                **common,
            )


def _slots(world, months):
    """The days on which sessions of some months begin, from the autumn before the first day."""
    for year in range(world.first_day.year - 1, world.last_day.year + 1):
        for month in months:
            day = date(year, month, DAY_OF_SESSION)
            if day >= date(world.first_day.year - 1, 9, 1):
                yield day


def _add_trainings(env, world, organisation, members, chance, writer):
    """Sessions with their half-days, and who was there: a basic training before the first day."""
    for kind, (name, half_days, months, share) in TRAININGS.items():
        slots = list(_slots(world, months))
        coming = {}
        for member in members:
            if kind == "basic":
                earlier = [slot for slot in slots if slot < member.start - timedelta(days=20)]
                coming.setdefault((earlier or slots)[-1 if earlier else 0], []).append(member)
                continue
            for slot in slots:
                if member.is_there(slot, slot) and chance.random() < share:
                    coming.setdefault(slot, []).append(member)
        sessions = _make_sessions(env, organisation, kind, name, half_days, sorted(coming))
        for slot, session in sessions.items():
            for member in coming[slot]:
                hours = sum(half_days)
                passed = kind == "basic"
                writer.add(
                    ENROLMENT,
                    company_id=organisation.company_id,
                    session_id=session.id,
                    volunteer_id=member.id,
                    kind=kind,
                    date_end=session.date_end,
                    state="attended",
                    attended_hours=hours,
                    learning_hours=hours,
                    result="passed" if passed else "none",
                    result_date=session.date_end.date() if passed else None,
                    **stamp(session.date_end),
                )


def _make_sessions(env, organisation, kind, name, half_days, days):
    """The sessions of a training of an organisation; `{first day: session}`."""
    trainings = env["buurtbemiddeling.training"]
    training = trainings.search([("kind", "=", kind), ("name", "=", name)], limit=1)
    if not training:
        training = trainings.create({"name": name, "kind": kind, "hours": sum(half_days)})
    user = organisation.coordinator_ids[0]
    sessions = env["buurtbemiddeling.training.session"].create(
        [
            {
                "training_id": training.id,
                "company_id": organisation.company_id,
                "user_id": user,
                "location": "Wijkcentrum",
                "state": "done",
            }
            for _day in days
        ]
    )
    env["calendar.event"].create(
        [
            {
                "name": name,
                "training_session_id": session.id,
                "start": datetime.combine(day + timedelta(weeks=place), time(9)),
                "stop": datetime.combine(day + timedelta(weeks=place), time(9))
                + timedelta(hours=hours),
            }
            for session, day in zip(sessions, days, strict=True)
            for place, hours in enumerate(half_days)
        ]
    )
    return dict(zip(days, sessions, strict=True))
