"""What was done in a case: its phases, talks, attempts, agreements and referrals."""

from datetime import timedelta

from odoo.addons.buurtbemiddeling_case.tools import split_days

from . import homes
from .messages import follow
from .shares import Draw
from .words import EVENT

# with whom a talk is, where, and how many hours it takes
TALKS = {
    "talk_a": ("a", "home_a", 1.5),
    "talk_b": ("b", "home_b", 1.25),
    "mediation": ("both", "room", 2.0),
}
KEPT = {"yes": 80, "partly": 14, "no": 6}

draw_kept = Draw(KEPT)


def write(kit, file):
    """Write all of it."""
    _write_history(kit, file)
    _write_talks(kit, file)
    _write_attempts(kit, file)
    _write_agreements(kit, file)


def _write_history(kit, file):
    """One row for each stay in a phase; the last one lasts."""
    case, stays, norms = file.case, file.journey.stays, kit.lists.norms
    for (phase, entered), (_next, left) in zip(stays, [*stays[1:], (None, None)], strict=True):
        own_days = waiting_days = 0
        deadline = case["stage_deadline"]
        if left:
            own_days, waiting_days = split_days(file.journey.pauses(), entered, left)
            deadline = file.desk.working.due(entered, norms[phase], file.journey.pauses(left))
        is_end = phase == "closed"
        kit.add(
            "buurtbemiddeling_case_phase",
            **file.under(
                stage_id=kit.lists["case.stage"][phase],
                date_from=entered,
                date_to=left,
                norm_days=norms[phase],
                deadline=deadline,
                user_id=case["user_id"],
                waiting_reason=file.journey.waiting_reason if phase == "waiting" else None,
                outcome_id=case["outcome_id"] if is_end else None,
                aftercare_date=case["aftercare_date"] if is_end else None,
                aftercare_outcome_id=case["aftercare_outcome_id"] if is_end else None,
                feedback_date=case["feedback_date"] if is_end else None,
                own_days=own_days,
                waiting_days=waiting_days,
            ),
        )
    if file.journey.pause:
        reason, first, last = file.journey.pause
        kit.add(
            "buurtbemiddeling_case_pause",
            **file.under(date_from=first, date_to=last, reason=reason),
        )


def _write_talks(kit, file):
    """Talks, each with its private entry in the calendar of the coordinator."""
    for kind, day, planned_on, outcome in file.journey.talks:
        side, place, hours = TALKS[kind]
        evening = day.weekday() < 4 and kit.random() < 0.65
        start = kit.moment(day, 19 if evening else 10 + kit.within(5), kit.within(2) * 30)
        event_id = _write_event(kit, file, start, hours)
        talk_id = kit.add(
            "buurtbemiddeling_meeting",
            **file.under(
                kind=kind,
                side=side,
                start=start,
                duration=hours,
                stop=start + timedelta(hours=hours),
                place=place,
                state="done" if outcome else "planned",
                outcome=outcome,
                event_id=event_id,
                invited_date=planned_on,
            ),
        )
        for party in file.parties:
            if side in (party.values["side"], "both"):
                kit.add(
                    "buurtbemiddeling_meeting_invited_party_rel",
                    meeting_id=talk_id,
                    party_id=party.values["id"],
                )


def _write_event(kit, file, start, hours):
    """A private entry in the calendar of the coordinator."""
    event_id = kit.add(
        "calendar_event",
        name=kit.lists.talk_title.format(file.case["name"]),
        user_id=file.case["user_id"],
        start=start,
        stop=start + timedelta(hours=hours),
        duration=hours,
        **file.trace,
    )
    kit.add(
        "calendar_event_res_partner_rel",
        calendar_event_id=event_id,
        res_partner_id=file.coordinator_id,
    )
    follow(kit, file, EVENT, event_id)
    kit.add(
        "calendar_attendee",
        event_id=event_id,
        partner_id=file.coordinator_id,
        common_name=file.desk.names[file.case["user_id"]],
        access_token=f"{kit.chance.getrandbits(128):032x}",
        **file.trace,
    )
    return event_id


def _write_attempts(kit, file):
    """Attempts to reach the other party."""
    for day, mode, outcome in file.journey.attempts:
        kit.add(
            "buurtbemiddeling_approach",
            **file.under(
                party_id=file.parties[1].values["id"],
                date=day,
                mode=mode,
                outcome=outcome,
                user_id=file.case["user_id"],
            ),
        )


def _write_agreements(kit, file):
    """What neighbours agreed on, and whether they kept to it."""
    if not any(talk[3] == "agreements" for talk in file.journey.talks):
        return
    asked = file.journey.aftercare_date
    for name in kit.chance.sample(homes.AGREEMENTS, 1 + kit.within(3)):
        kit.add(
            "buurtbemiddeling_case_agreement",
            **file.under(
                name=name,
                who="both",
                kept=draw_kept(kit.chance) if asked else None,
                kept_date=asked,
            ),
        )
