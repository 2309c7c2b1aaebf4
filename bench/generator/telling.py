"""What referrers are told: that a referral arrived, and that the case has ended."""

from . import shares
from .messages import follow, log
from .shares import Draw
from .words import CASE, PARTNER

draw_mode = Draw(shares.TOLD_BY)


def told_referrer(kit, file):
    """What the referrer was told: that it arrived, and that it ended."""
    case, desk = file.case, file.desk
    partner_id = case["referral_partner_id"]
    for kind, day in (("received", case["receipt_date"]), ("ended", case["feedback_date"])):
        if not day:
            continue
        mode, code = draw_mode(kit.chance), _get_wording(kit, file, kind)
        text = _fill_in(kit, case, kit.lists.wordings[code])
        recipient_id = case["referral_contact_id"]
        _note(kit, file, kind, mode, day, code, text)
        if mode == "mail":
            if (partner_id, case["user_id"]) not in kit.following:
                kit.following.add((partner_id, case["user_id"]))
                follow(kit, file, PARTNER, partner_id)
            values = {
                "message_type": "comment",
                "subtype_id": kit.words.comment,
                "subject": f"Buurtbemiddeling: {case['name']}",
                "body": f"<p>{text}</p>",
                "recipient_id": recipient_id,
            }
            yield day, PARTNER, partner_id, values
        body = kit.words.told % {
            "recipient": desk.contact_names[recipient_id],
            "mode": kit.words.labels["mode"][mode],
            "text": text,
        }
        yield day, CASE, case["id"], log(kit, body)


def _fill_in(kit, case, text):
    """The wording with the facts of the case."""
    for name, value in (
        ("number", case["name"]),
        ("registration_date", f"{case['registration_date']:{kit.lists.date_format}}"),
        ("reference", case["referrer_ref"] or "-"),
    ):
        text = text.replace(f"{{{name}}}", value)
    return text


def _note(kit, file, kind, mode, day, code, text):
    """Write what was told, how and by whom."""
    case = file.case
    kit.add(
        "buurtbemiddeling_feedback",
        **file.under(
            referral_partner_id=case["referral_partner_id"],
            recipient_id=case["referral_contact_id"],
            kind=kind,
            mode=mode,
            date=day,
            user_id=case["user_id"],
            wording_id=kit.lists["feedback.wording"][code],
            text=text,
        ),
    )


def _get_wording(kit, file, kind):
    """The code of the wording, as the case would choose it on the day."""
    journey, case = file.journey, file.case
    if kind == "received":
        return "RECEIVED"
    if case["referral_partner_id"] not in file.desk.tells_result:
        return "ENDED"
    outcome = journey.ending.outcome
    if journey.aftercare_date and journey.aftercare_date <= case["feedback_date"]:
        outcome = journey.aftercare_outcome
    if outcome == "DOORVERWEZEN":
        return "REFERRED_ON"
    if outcome not in kit.lists.suitable:
        return "NOT_SUITABLE"
    if outcome in shares.POSITIVE:
        return "SOLVED"
    return "NOT_SOLVED" if outcome in kit.lists.handled else "ENDED"
