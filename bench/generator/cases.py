"""Cases, as the ORM would have stored them."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from odoo.addons.buurtbemiddeling_case.tools import split_days

from ..copying import Writer
from . import parties, shares, threads, work
from .columns import TABLES
from .journeys import Season, until, walk
from .kit import File, Kit
from .places import parts
from .shares import Draw
from .world import in_dutch

draw_nuisance = Draw(shares.NUISANCES)
draw_number = Draw(shares.NUISANCE_COUNTS)
draw_complexity = Draw(shares.COMPLEXITIES)
draw_contraindication = Draw(shares.CONTRAINDICATIONS)
draw_tip = Draw(shares.TIPPED_BY)
draw_channel = Draw(shares.CHANNELS)
draw_referred_channel = Draw(shares.REFERRED_CHANNELS)
draw_duration = Draw(shares.DURATIONS)
draw_escalation = Draw(shares.ESCALATIONS)
draw_talked = Draw(shares.TALKED)


class Made(NamedTuple):
    """A case, for who couples volunteers to it."""

    id: int
    organisation: int  # its place in the list of organisations, from 0
    area_id: int
    phase: str  # code
    registered: date
    assigned: date | None  # when it came to mediators
    talked: date | None  # the last talk that was held
    closed: date | None
    party_ids: tuple  # the reporter first, then the other party


def make(env, size, world, say):
    """Write all cases; returns a list of `Made`, in the order in which they came in."""
    say(f"{size.cases:,} cases …")
    env = in_dutch(env)
    writer = Writer(env.cr, TABLES)
    kit = Kit(env, world, writer, Random(f"cases of {size.name}"))
    years = range(world.first_day.year, world.last_day.year + 1)
    weights = [shares.YEARS.get(year, shares.LATER_YEARS) for year in years]
    counts = [parts(organisation.cases, weights) for organisation in world.organisations]
    made = []
    for place, year in enumerate(years):
        made += _of_year(kit, year, [count[place] for count in counts])
        say(f"… {len(made):,} until the end of {year}")
    writer.flush()
    env.invalidate_all()
    world.tables += TABLES
    return made


def _of_year(kit, year, counts):
    """Write the cases of a year, so many of each organisation, in the order of registration."""
    season = Season(year, kit.holidays)
    arrivals, numbers = [], []
    for desk, count in zip(kit.desks, counts, strict=True):
        arrivals += [(day, desk.index) for day in season.days_of(count, kit.chance)]
        sequence = kit.env["ir.sequence"]._buurtbemiddeling_case(desk.company_id)
        numbers.append(iter(sequence._next_numbers_of_year(year, count)))
    arrivals.sort()
    return [_make_one(kit, kit.desks[index], day, next(numbers[index])) for day, index in arrivals]


def _make_one(kit, desk, day, number):
    """Write a case that comes in at `desk` on `day`, with all that belongs to it."""
    journey = until(walk(day, desk.working, kit.chance), kit.today)
    returning = kit.one_of(desk.known) if desk.known and kit.random() < shares.RETURNING else None
    file = _open(kit, desk, journey, day, number, returning)
    _refer(kit, file)
    _judge(kit, file)
    _date(kit, file)
    complexities = _tag(kit, file)
    parties.meet(kit, file, returning)
    _tell_referrer(kit, file)
    threads.plan_mails(kit, file)
    _write(kit, file, complexities)
    work.write(kit, file)
    threads.write(kit, file)
    return Made(
        file.case["id"],
        desk.index,
        file.case["area_id"],
        journey.phase,
        day,
        dict(journey.stays).get("assigned"),
        file.case["last_talk_date"],
        journey.close_date,
        tuple(party.values["id"] for party in file.parties),
    )


def _open(kit, desk, journey, day, number, returning):
    """Start the file of a case: who handles it, where it is, and what was told at once."""
    area_id = returning.area_id if returning else desk.draw_area(kit.chance)
    project_id = desk.organisation.area_projects[area_id]
    user_id = desk.coordinator(project_id, kit.chance)
    came_in = kit.moment(day, 9 + kit.within(7), kit.within(60))
    file = File(desk, journey, {}, came_in, _trace(kit, journey, came_in, user_id))
    file.case.update(
        id=kit.next_id("buurtbemiddeling_case"),
        name=number,
        company_id=desk.company_id,
        user_id=user_id,
        registration_date=day,
        quarrel_duration=draw_duration(kit.chance),
        escalation=draw_escalation(kit.chance),
        talked_with_neighbour=draw_talked(kit.chance),
        area_id=area_id,
        municipality_id=kit.lists.municipalities[area_id],
        project_id=project_id,
    )
    return file


def _write(kit, file, complexities):
    """Write the rows of the case itself and of its parties."""
    kit.add("buurtbemiddeling_case", **file.case, **file.trace)
    for table, column, ids in complexities:
        for value in ids:
            kit.add(table, case_id=file.case["id"], **{column: value})
    for party in file.parties:
        kit.add("buurtbemiddeling_case_party", **party.values, **file.trace)


def _trace(kit, journey, came_in, user_id):
    """Who made it and when, and when it was changed last; as text, as many rows have it."""
    last = max(filter(None, (journey.aftercare_date, journey.stays[-1][1])))
    return {
        "create_uid": user_id,
        "create_date": str(came_in),
        "write_uid": user_id,
        "write_date": str(max(came_in, kit.moment(last, 16, 30))),
    }


def _refer(kit, file):
    """Who referred, or that someone came by themselves."""
    case, types = file.case, kit.lists["referrer.type"]
    by_themselves = shares.SELF + shares.SELF_A_YEAR_MORE * (case["registration_date"].year - 2014)
    code, partner_id, contact_id, reference, tip = "ZELF", None, None, None, None
    if kit.random() >= by_themselves:
        code, partner_id, contact_id = file.desk.referrer(kit.chance)
        if kit.random() < shares.THEIR_REFERENCE:
            reference = f"{code[:2]}-{kit.within(1_000_000):06d}"
    elif kit.random() < shares.TIPPED:
        tip = types[draw_tip(kit.chance)]
    case.update(
        referrer_type_id=types[code],
        referral_partner_id=partner_id,
        referral_contact_id=contact_id,
        referrer_ref=reference,
        tipped_by_type_id=tip,
        channel=(draw_referred_channel if partner_id else draw_channel)(kit.chance),
    )


def _judge(kit, file):
    """What was decided at intake, and how it ended."""
    journey, lists = file.journey, kit.lists
    ending, decided, closed = journey.ending, journey.decision_date, journey.close_date
    asked, later = journey.aftercare_date, journey.aftercare_outcome
    file.case.update(
        intake_decision=ending.decision if decided else None,
        intake_reason_id=lists["intake.reason"][journey.reason] if decided else None,
        intake_date=decided,
        intervention_id=lists["intervention"][ending.intervention] if decided else None,
        outcome_id=lists["outcome"][ending.outcome] if closed else None,
        close_date=closed,
        is_closed=bool(closed),
        aftercare_date=asked,
        aftercare_outcome_id=lists["outcome"][later] if asked else None,
    )


def _date(kit, file):
    """Phase, clock and the term of aftercare."""
    case, journey, working, norms = file.case, file.journey, file.desk.working, kit.lists.norms
    day, closed, asked = case["registration_date"], journey.close_date, journey.aftercare_date
    phase, entered = journey.stays[-1]
    pauses, talked = journey.pauses(), journey.last_talk()
    own_days, waiting_days = split_days(pauses, day, closed) if closed else (0, 0)
    first = last = planned = None
    if (journey.ending.outcome in kit.lists.handled) if closed else phase == "aftercare":
        start = talked or closed or entered
        first, last = (start + days for days in file.desk.aftercare_days)
        if journey.wants_aftercare:
            planned = first + (last - first) / 2
    case.update(
        stage_id=kit.lists["case.stage"][phase],
        stage_date=entered,
        stage_deadline=None if closed else working.due(entered, norms[phase], pauses),
        waiting_reason=journey.waiting_reason if phase == "waiting" else None,
        intake_norm_days=norms["intake"],
        intake_deadline=working.due(day, norms["intake"], pauses),
        own_days=own_days,
        waiting_days=waiting_days,
        last_talk_date=talked,
        aftercare_from=first,
        aftercare_until=last,
        aftercare_planned_date=planned,
        aftercare_state="done" if asked else "planned" if planned else "none",
    )


def _tag(kit, file):
    """Nuisance, complexity and contra-indications: `[(table, column, ids)]`."""
    chance, lists, journey = kit.chance, kit.lists, file.journey
    main = file.nuisance = draw_nuisance(chance)
    more = [draw_nuisance(chance) for _more in range(draw_number(chance) - 1)]
    nuisances = [lists["nuisance.type"][kind] for kind in dict.fromkeys([main, *more])]
    years = file.case["registration_date"].year - 2016
    share = min(shares.COMPLEX + shares.COMPLEX_A_YEAR_MORE * years, shares.COMPLEX_MOST)
    complexities, contraindications = (), ()
    if kit.random() < share:
        kinds = dict.fromkeys([draw_complexity(chance), draw_complexity(chance)])
        complexities = [lists["complexity"][kind] for kind in kinds]
    if journey.decision_date and journey.reason == "CONTRA_INDICATIE":
        contraindications = [lists["contraindication"][draw_contraindication(chance)]]
    file.case.update(
        main_nuisance_type_id=nuisances[0],
        is_complex=bool(complexities),
    )
    prefix = "buurtbemiddeling_case"
    return (
        (f"{prefix}_nuisance_type_rel", "nuisance_type_id", nuisances),
        (f"{prefix}_complexity_rel", "complexity_id", complexities),
        (f"{prefix}_contraindication_rel", "contraindication_id", contraindications),
    )


def _tell_referrer(kit, file):
    """What the referrer was told, and when."""
    case, working = file.case, file.desk.working
    day, closed = case["registration_date"], case["close_date"]
    consent, referred = file.parties[0].values["feedback_consent"], case["referral_partner_id"]
    received = told = None
    if referred and kit.random() < shares.RECEIPT:
        received = working.on_or_after(day + timedelta(kit.within(4)))
        if received > (closed or kit.today):
            received = None
    if referred and closed and consent == "yes" and kit.random() < shares.FEEDBACK:
        told = working.on_or_after(closed + timedelta(kit.within(8)))
        if told > kit.today:
            told = None
    if told:
        state = "done"
    elif not referred or consent == "no":
        state = "none"
    else:
        state = "owed" if closed else "later"
    case.update(
        feedback_consent=consent, receipt_date=received, feedback_date=told, feedback_state=state
    )
