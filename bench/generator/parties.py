"""The parties of a case, with their contacts and homes."""

from dataclasses import dataclass

from . import homes, shares
from .kit import Party
from .shares import Draw

GOOD, BAD = {"solved": 3, "better": 2}, {"unchanged": 6, "better": 2, "worse": 1, "not_reached": 2}

draw_relation = Draw(shares.RELATIONS)
draw_consent = Draw(shares.CONSENTS)
draw_tenure = Draw(shares.TENURES)
draw_household = Draw(shares.HOUSEHOLDS)
draw_age = Draw(shares.AGES)
draw_language = Draw(shares.LANGUAGES)
draw_good, draw_bad = Draw(GOOD), Draw(BAD)


@dataclass(slots=True)
class Known:
    """A reporter who may come back."""

    partner_id: int
    name: str
    email: str | None
    area_id: int
    place: int
    number: int


def meet(kit, file, returning):
    """Make the reporter, the other party, and sometimes a third."""
    case, desk = file.case, file.desk
    area_id = case["area_id"]
    if returning:
        place, number = returning.place, returning.number
    else:
        place, number = desk.homes.a_place(kit.chance)
    home = desk.homes.at(area_id, place, number)
    reporter = _a_party(kit, file, "a", home)
    if returning:
        reporter.values["partner_id"] = returning.partner_id
        reporter.name, reporter.email = returning.name, returning.email
    else:
        _know(kit, file, reporter, home)
        if kit.random() < shares.REMEMBERED:
            desk.known.append(
                Known(
                    reporter.values["partner_id"],
                    reporter.name,
                    reporter.email,
                    area_id,
                    place,
                    number,
                )
            )
    relation = draw_relation(kit.chance)
    home = desk.homes.at(area_id, place, desk.homes.near(number, relation, kit.chance))
    others = [_a_party(kit, file, "b", home)]
    if kit.random() < shares.THIRD_PARTY:
        others.append(_a_party(kit, file, "b", home))
    for other in others:
        other.values["home_relation"] = relation
        if kit.random() < shares.KNOWN_NEIGHBOUR:
            _know(kit, file, other, home)
        else:
            other.values.update(street=home.street, zip=home.zip, city=home.city)
    file.parties = [reporter, *others]
    _agree(kit, file, reporter)
    for party in file.parties:
        _tell(kit, file, party)
        _ask(kit, file, party)


def _a_party(kit, file, side, home):
    """A party at a home of which nothing is known yet but that."""
    by_postcode, by_street = kit.get_door_keys(home.street, home.zip, home.city)
    chance = kit.chance
    tenure = draw_tenure(chance)
    landlords = file.desk.organisation.referral_partners.get("CORPORATIE")
    landlord_id = None
    if tenure == "corporation" and landlords:
        landlord_id = file.desk.organisation.referral_companies[kit.one_of(landlords)]
    return Party(
        {
            "id": kit.next_id("buurtbemiddeling_case_party"),
            "case_id": file.case["id"],
            "company_id": file.desk.company_id,
            "side": side,
            "postcode_key": by_postcode,
            "street_key": by_street,
            "tenure": tenure,
            "landlord_id": landlord_id,
            "household": draw_household(chance),
            "age_band": draw_age(chance),
            "language_id": kit.lists["language"][draw_language(chance)],
        }
    )


def _know(kit, file, party, home):
    """Give a party a confidential contact of its own, at a home."""
    side = party.values["side"]
    party.name, party.is_new = kit.residents.a_name(kit.chance), True
    phone, party.email = kit.residents.reach(
        party.name,
        kit.random() < shares.HAS_PHONE[side],
        kit.random() < shares.HAS_MAIL[side],
    )
    partner_id = party.values["partner_id"] = kit.next_id("res_partner")
    kit.add(
        "res_partner",
        id=partner_id,
        name=party.name,
        complete_name=party.name,
        commercial_partner_id=partner_id,
        street=home.street,
        zip=home.zip,
        city=home.city,
        phone=phone,
        email=party.email,
        email_normalized=party.email,
        country_id=file.desk.country_id,
        company_id=file.desk.company_id,
        lang=kit.env.lang,
        calendar_last_notif_ack=file.trace["create_date"],
        **file.trace,
    )


def _agree(kit, file, reporter):
    """What the reporter agreed to, and tells."""
    case, referred = file.case, file.case["referral_partner_id"]
    day = case["registration_date"]
    asked = min(file.journey.decision_date or day, kit.today)
    answer = draw_consent(kit.chance) if referred else "not_asked"
    reporter.values.update(
        willing="yes" if file.journey.talks else "unknown",
        consent_date=asked,
        referral_consent_date=day if referred else None,
        feedback_consent=answer,
        feedback_consent_date=asked if answer in ("yes", "no") else None,
        story=" ".join(
            (
                homes.STORIES[file.nuisance],
                kit.one_of(homes.HOW_LONG),
                kit.one_of(homes.WISHES),
            )
        ),
    )


def _tell(kit, file, party):
    """Whether someone of whom another told us has heard so; and whether the neighbour will talk."""
    journey, values = file.journey, party.values
    in_touch = [attempt for attempt in journey.attempts if attempt[2] in ("willing", "refuses")]
    if values["side"] == "b" and in_touch:
        last = in_touch[-1]
        values["willing"] = {"willing": "yes", "refuses": "no"}[last[2]]
        if last[2] == "willing" and len(journey.talks) > 1:
            values["story"] = kit.one_of(homes.ANSWERS)
        told = last[0]
    elif values["side"] == "a" and file.case["referral_partner_id"]:
        told = journey.decision_date
    else:
        told = None
    if told and values.get("partner_id") and kit.random() < shares.INFORMED:
        values["informed_date"] = min(told, kit.today)


def _ask(kit, file, party):
    """How it is for this party: at closing, and at aftercare."""
    journey, later = file.journey, file.journey.aftercare_date
    if journey.close_date and journey.talks and kit.random() < shares.CLOSING_RESULT:
        party.values["closing_result"] = _how_it_is(journey.ending.outcome, kit.chance)
    if later:
        party.values["aftercare_result"] = _how_it_is(journey.aftercare_outcome, kit.chance)
        party.values["aftercare_date"] = later


def _how_it_is(outcome, chance):
    return (draw_good if outcome in shares.POSITIVE else draw_bad)(chance)
