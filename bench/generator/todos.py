"""To-dos that the product makes by itself, and the messages that they were done."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from . import shares
from .messages import log, result_log
from .shares import Draw
from .words import CASE, PARTY

draw_taken_up, draw_onward = Draw(shares.TAKEN_UP), Draw(shares.REFERRED_ON)


def _todo(kit, file, name, model, res_id, deadline, done):
    """Write a to-do, done on a day or not; returns its id and the message that it was done."""
    kind_id, summary, message = kit.words.todos[name]
    res_name = file.case["name"]
    if model == PARTY:
        (party,) = (party for party in file.parties if party.values["id"] == res_id)
        res_name = f"{res_name}: {kit.words.labels['side'][party.values['side']]}"
    todo_id = kit.add(
        "mail_activity",
        res_model=model,
        res_model_id=kit.words.model_ids[model],
        res_id=res_id,
        res_name=res_name,
        activity_type_id=kind_id,
        summary=summary,
        date_deadline=deadline,
        date_done=done,
        active=not done,
        user_id=file.case["user_id"],
        **file.trace,
    )
    return todo_id, {
        "message_type": "notification",
        "subtype_id": kit.words.activity,
        "mail_activity_type_id": kind_id,
        "body": message,
    }


def informed(kit, file):
    """Telling those of whom someone else told us; the to-do goes when a case is closed."""
    case = file.case
    deadline = case["registration_date"] + relativedelta(months=1)
    for party in file.parties:
        values, done = party.values, party.values.get("informed_date")
        from_someone_else = values["side"] == "b" or case["referral_partner_id"]
        if not values.get("partner_id") or not from_someone_else:
            continue
        if done or not case["is_closed"]:
            _id, message = _todo(kit, file, "inform", PARTY, values["id"], deadline, done)
            if done:
                yield done, PARTY, values["id"], message


def asked_afterwards(kit, file):
    """Aftercare: planned or done, with how it is now for each party."""
    case, asked = file.case, file.journey.aftercare_date
    if case["aftercare_state"] == "none":
        return
    deadline = case["aftercare_planned_date"]
    _id, message = _todo(kit, file, "aftercare", CASE, case["id"], deadline, asked)
    if asked:
        for party in file.parties:
            result = party.values["aftercare_result"]
            yield asked, PARTY, party.values["id"], result_log(kit, "aftercare_result", result)
        outcome = file.journey.aftercare_outcome
        ids = (0, kit.lists["outcome"][outcome])
        tracked = [("aftercare_outcome_id", "", kit.lists.outcome_names[outcome], *ids)]
        yield asked, CASE, case["id"], log(kit, "", tracked)
        yield asked, CASE, case["id"], message


def referred_on(kit, file):
    """To whom a resident was referred on, and the to-do to ask how that went."""
    case, journey, desk = file.case, file.journey, file.desk
    day = journey.decision_date
    if journey.ending.outcome != "DOORVERWEZEN" or not day:
        return
    partners = desk.organisation.referral_partners[draw_onward(kit.chance)]
    partner_id = kit.one_of(partners)
    back = desk.working.on_or_after(day + timedelta(21))
    done = back if back <= kit.today else None
    todo_id, message = _todo(kit, file, "onward", CASE, case["id"], back, done)
    kit.add(
        "buurtbemiddeling_onward_referral",
        **file.under(
            party_id=file.parties[0].values["id"],
            referral_partner_id=partner_id,
            partner_id=desk.organisation.referral_companies[partner_id],
            date=day,
            is_warm=kit.random() < shares.WARM,
            consent_date=day,
            return_date=back,
            state=draw_taken_up(kit.chance) if done else "sent",
            activity_id=todo_id,
        ),
    )
    if done:
        yield done, CASE, case["id"], message
