"""What is said and noted in a case, in the order of its days."""

from datetime import timedelta
from operator import itemgetter

from . import homes, shares
from .messages import follow, log, post, result_log
from .telling import told_referrer
from .todos import asked_afterwards, informed, referred_on
from .words import CASE, CONTACT, PARTY


def plan_mails(kit, file):
    """Choose which residents are mailed when, and who answers; that is contact as well."""
    journey, reporter, other = file.journey, *file.parties[:2]
    decided, closed = journey.decision_date, journey.close_date
    if reporter.email:
        if decided:
            file.mails.append((decided, reporter, "received", False))
            answers = kit.random() < shares.ANSWERED
            answered = decided + timedelta(1 + kit.within(3))
            if answers and answered <= (closed or kit.today):
                file.mails.append((answered, reporter, "answer", True))
        if closed and journey.talks and kit.random() < shares.THANKED:
            file.mails.append((closed, reporter, "thanks", False))
    if other.email:
        for day, mode, _outcome in journey.attempts:
            if mode == "letter":
                file.mails.append((day, other, "approach", False))
    contacts = [mail[0] for mail in file.mails]
    contacts += [attempt[0] for attempt in journey.attempts]
    contacts += [journey.last_talk(), journey.aftercare_date]
    file.case["last_contact_date"] = max(filter(None, contacts), default=None)


def write(kit, file):
    """Write all of it; messages in the order of their days."""
    notes = [
        *_came_in(kit, file),
        *_mailed(kit, file),
        *_moved(kit, file),
        *told_referrer(kit, file),
        *informed(kit, file),
        *referred_on(kit, file),
        *asked_afterwards(kit, file),
    ]
    notes.sort(key=itemgetter(0))
    moment, latest = file.came_in, {}
    for day, model, res_id, values in notes:
        moment = max(moment + timedelta(minutes=1), kit.moment(day, 9))
        post(kit, file, moment, model, res_id, values, latest)
    for model, res_id in _followed(file):
        follow(kit, file, model, res_id)


def _followed(file):
    yield CASE, file.case["id"]
    for party in file.parties:
        yield PARTY, party.values["id"]
        if party.is_new:
            yield CONTACT, party.values["partner_id"]


def _came_in(kit, file):
    """That case, parties and contacts were made."""
    day = file.case["registration_date"]
    for party in file.parties:
        yield day, PARTY, party.values["id"], log(kit, kit.words.created[PARTY])
        if party.is_new:
            contact_id = party.values["partner_id"]
            yield day, CONTACT, contact_id, log(kit, kit.words.created[CONTACT])
    yield day, CASE, file.case["id"], log(kit, kit.words.created[CASE])


def _moved(kit, file):
    """The phases, the decision at intake and the result, as tracked values."""
    case_id, journey, words, lists = file.case["id"], file.journey, kit.words, kit.lists
    if journey.decision_date:
        decision = words.labels["intake_decision"][journey.ending.decision]
        tracked = [("intake_decision", "", decision, None, None)]
        yield journey.decision_date, CASE, case_id, log(kit, "", tracked)
    for (old, _day), (new, day) in zip(journey.stays, journey.stays[1:], strict=False):
        ids = (lists["case.stage"][old], lists["case.stage"][new])
        tracked = [("stage_id", lists.stage_names[old], lists.stage_names[new], *ids)]
        if new == "closed":
            outcome = journey.ending.outcome
            ids = (0, lists["outcome"][outcome])
            tracked.append(("outcome_id", "", lists.outcome_names[outcome], *ids))
            for party in file.parties:
                if result := party.values.get("closing_result"):
                    yield day, PARTY, party.values["id"], result_log(kit, "closing_result", result)
        yield day, CASE, case_id, log(kit, "", tracked)


def _mailed(kit, file):
    """Letters to residents by mail, and their answers."""
    for day, party, kind, is_answer in file.mails:
        subject, body = homes.MAILS[kind]
        values = {
            "message_type": "email" if is_answer else "comment",
            "subtype_id": kit.words.comment,
            "subject": subject,
            "body": body,
        }
        if is_answer:
            values["sender"] = party
        else:
            values["recipient_id"] = party.values["partner_id"]
        yield day, PARTY, party.values["id"], values
