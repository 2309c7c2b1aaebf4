"""Who quarrels with whom about what in the demo cases. Plain data, without records.

Everything is fictional: names are shuffled, towns and streets do not exist, postcodes begin with
0, phone numbers with 06-0000, and e-mail goes to example.com. No story names health or a brand.
"""

import json
import unicodedata
from datetime import date, timedelta
from random import Random

from odoo.tools import file_open

from .journeys import SEED, plan_journeys, take, workday
from .talks import Agenda, draw

NUISANCES = {
    "GELUID_PERSONEN": 20, "GELUID_APPARATUUR": 12, "GELUID_KLUSSEN": 4, "KINDEREN": 6,
    "DIEREN": 7, "PESTEN_LASTIGVALLEN": 7, "VERSTOORDE_RELATIE": 11, "INTIMIDATIE_BEDREIGING": 2,
    "TUIN_ERFAFSCHEIDING": 13, "ROOK_BBQ": 4, "STANK_GEUR": 2, "ROMMEL_VUILNIS": 3,
    "PARKEREN": 4, "VERNIELING": 1, "LEEFSTIJL": 2, "OVERIG": 2,
}  # fmt: skip
OUTDOORS = ("TUIN_ERFAFSCHEIDING", "ROOK_BBQ")
OUTDOOR_MONTHS = range(4, 10)
ALSO = {
    "VERSTOORDE_RELATIE": ("PESTEN_LASTIGVALLEN", "GELUID_PERSONEN", "PARKEREN"),
    "PESTEN_LASTIGVALLEN": ("VERSTOORDE_RELATIE", "INTIMIDATIE_BEDREIGING"),
    "GELUID_PERSONEN": ("GELUID_APPARATUUR", "VERSTOORDE_RELATIE", "KINDEREN"),
    "GELUID_APPARATUUR": ("GELUID_PERSONEN", "LEEFSTIJL"),
    "TUIN_ERFAFSCHEIDING": ("VERSTOORDE_RELATIE", "ROMMEL_VUILNIS"),
}
REFERRERS = {
    "ZELF": 45, "CORPORATIE": 22, "POLITIE": 17, "GEMEENTE": 5, "SOCIAAL_TEAM": 4, "WELZIJN": 3,
    "HUISARTS_ZORG": 2, "WIJKCONCIERGE": 1, "MAATSCHAPPELIJK_WERK": 1,
}  # fmt: skip
STOPPED, STOPPED_DAYS = "WELZIJN", (530, 200)  # refers from so many until so many days ago
COMPLEXITIES = {
    None: 75, ("GEESCALEERD",): 6, ("TAAL",): 5, ("PSYCHOSOCIAAL",): 4, ("INTIMIDATIE",): 2,
    ("MULTIPROBLEEM",): 2, ("WOONVAARDIGHEDEN",): 1, ("GEESCALEERD", "PSYCHOSOCIAAL"): 2,
    ("TAAL", "MULTIPROBLEEM"): 1, ("GEESCALEERD", "INTIMIDATIE"): 2,
}  # fmt: skip
CONTRAINDICATIONS = {
    "PROCEDURE": 3, "NIET_GESPROKEN": 3, "FAMILIE": 2, "ORGANISATIE": 2, "STRAFBAAR": 1,
    "AGRESSIE": 1,
}  # fmt: skip
CHANNELS = {
    "ZELF": {"phone": 58, "web": 24, "email": 12, "visit": 6},
    "other": {"email": 50, "phone": 36, "portal": 14},
}
AGE_BANDS = {"0_24": 4, "25_39": 24, "40_59": 36, "60_74": 22, "75_plus": 7, "unknown": 7}
HOUSEHOLDS = {
    "single": 30, "couple": 24, "family": 26, "single_parent": 10, "other": 3, "unknown": 7,
}  # fmt: skip
TENURES = {
    "flat": {"corporation": 70, "owner": 15, "private_rent": 8, "unknown": 4, None: 3},
    "row": {"corporation": 28, "owner": 60, "private_rent": 3, "unknown": 5, None: 4},
}
FLAT_SHARE = 0.5
NO_AREA, ONLY_MUNICIPALITY = (31, 142), (58, 117, 176)  # numbers of cases that lack a place
GROUP_EVERY = 27
# referrer -> town -> partner; the names are those of the XML files beside this one
PARTNERS = {
    "CORPORATIE": {
        "Heldervoort": "corporation_heldervoort",
        "Lindewaard": "corporation_lindewaard",
    },
    "POLITIE": {"Heldervoort": "police", "Lindewaard": "police"},
    "GEMEENTE": {"Heldervoort": "gemeente_heldervoort", "Lindewaard": "gemeente_lindewaard"},
    "SOCIAAL_TEAM": {"Heldervoort": "social_team"},
    "WELZIJN": {"Heldervoort": "welfare", "Lindewaard": "welfare"},
    "HUISARTS_ZORG": {"Heldervoort": "practice"},
}
# partner -> how it numbers its own referrals
REFERENCES = {
    "corporation_heldervoort": "WH-{year}-{number}",
    "corporation_lindewaard": "{year}/{number}",
    "police": "PL{year}{number}",
}
# partner -> contact person -> where he or she works; the last one works everywhere else
CONTACTS = {
    "corporation_heldervoort": {
        "woonconsulent": ("molenkwartier", "waterkant"),
        "corporation_heldervoort_contact2": (),
    },
    "police": {
        "police_contact2": ("dorp", "rietvoorde", "horst", "zandwijk", "kerkbuurt"),
        "police_contact3": ("centrum", "waterkant"),
        "police_contact1": (),
    },
}
FEEDBACK_OWED = 6
CONSENTS = {"yes": 92, "no": 8}
WAITS_FOR = {"no_mediators": 45, "no_pair": 35, "resident": 20}
HOLIDAY_MONTHS = (7, 8, 12)
REASONS = {
    "advice": {"ZELF_PROBEREN": 55, "VRAAG_BEANTWOORD": 30, "ALLEEN_INFORMATIE": 15},
    "refer": {"ZORG": 50, "VERHUURDER": 30, "HANDHAVING": 20},
}
RESULTS = {
    "solved": {"solved": 65, "better": 35},
    "partly": {"better": 60, "unchanged": 40},
    "not": {"unchanged": 75, "worse": 25},
}
SPOKEN_WITH_B = ("talk_b", "mediation")
NOT_HANDLED = ("A_TREKT_TERUG", "OPG_ZELF", "VERHUISD", "DOORVERWEZEN", "ONGESCHIKT")


def load(name):
    """Return a JSON file that stands beside this one."""
    with file_open(f"buurtbemiddeling_case/demo/{name}.json") as file:
        return json.load(file)


def quota(shares, count, name):
    """Return ``count`` keys in those shares, exact but for rounding, in a shuffled order."""
    total = sum(shares.values())
    exact = {key: share * count / total for key, share in shares.items()}
    drawn = [key for key, number in exact.items() for _each in range(int(number))]
    largest = sorted(exact, key=lambda key: int(exact[key]) - exact[key])
    drawn += largest[: count - len(drawn)]
    Random(f"{SEED}/{name}").shuffle(drawn)
    return drawn


def make_email(name):
    """Return an address at example.com, which nobody can have: first.last@example.com."""
    plain = unicodedata.normalize("NFKD", name).replace("ı", "i").encode("ascii", "ignore")
    first, last = plain.decode().lower().split(" ", 1)
    return f"{first}.{last.replace(' ', '')}@example.com"


class People:
    """Hands out residents, no two with the same name."""

    def __init__(self, data):
        self.names = data["names"]
        self.taken = set()

    def person(self, rng, foreign=False):
        """Return ``(name, language)``; ``foreign`` asks for a language other than Dutch."""
        groups = [group for group in self.names if not foreign or group["language"] != "nl"]
        while True:
            group = rng.choices(groups, [group["weight"] for group in groups])[0]
            name = f"{rng.choice(group['first'])} {rng.choice(group['last'])}"
            if name not in self.taken:
                self.taken.add(name)
                break
        speaks_own = foreign or (group["language"] != "nl" and rng.random() < 0.2)
        language = group["language"] if speaks_own else rng.choice(["nl", "nl", None])
        return name, language

    def contact(self, rng, name, address, reachable=1.0):
        """Return the values of a contact, which has phone and e-mail more or less often."""
        contact = {"name": name, **address}
        if rng.random() < reachable:
            contact["phone"] = f"06-0000 {rng.randint(1000, 9999)}"
        if rng.random() < 0.6 * reachable:
            contact["email"] = make_email(name)
        return contact


class Scenario:
    """All demo cases as plain dictionaries of codes and values."""

    def __init__(self, today):
        self.today = today
        self.journeys = plan_journeys(today)
        self.places = load("residents")
        self.words = load("stories")
        self.people = People(self.places)
        self.nuisances = self._deal("nuisance", NUISANCES, self._fits_season)
        self.referrers = self._deal("referrer", REFERRERS, self._fits_referrer)
        self.complexities = self._deal("complexity", COMPLEXITIES, self._fits_phase)
        self.contraindications = quota(CONTRAINDICATIONS, 12, "contraindication")
        self.agenda = Agenda(self.places["rooms"], today)

    def cases(self):
        """Return the cases in order of registration."""
        cases = [self._case(number, journey) for number, journey in enumerate(self.journeys)]
        self._give_feedback(cases)
        return cases

    def _case(self, number, journey):
        rng = Random(f"{SEED}/case/{number}")
        ending = journey.ending
        nuisance, referrer = self.nuisances[number], self.referrers[number]
        areas = self.places["areas"]
        if journey.script:
            town = "Lindewaard" if journey.script.user == 2 else "Heldervoort"
            areas = [area for area in areas if area["city"] == town]
        place = rng.choices(areas, [area["weight"] for area in areas])[0]
        theme = rng.choice(self.words["types"][nuisance])
        home = theme.get("home") or ("flat" if rng.random() < FLAT_SHARE else "row")
        contraindication = None
        if ending and ending.outcome == "ONGESCHIKT":
            contraindication = self.contraindications.pop()
        talked = "no" if contraindication == "NIET_GESPROKEN" else rng.choices(
            ["yes", "tried", "no", None], (48, 22, 24, 6)
        )[0]  # fmt: skip
        weekend = journey.registration_date.weekday() > 4
        channels = CHANNELS["ZELF" if referrer == "ZELF" else "other"]
        case = {
            "number": number,
            "journey": journey,
            "rng": rng,
            "nuisances": [nuisance],
            "theme": theme,
            "referrer": referrer,
            "complexity": self.complexities[number] or (),
            "contraindications": [contraindication] if contraindication else [],
            "talked": talked,
            **self._past(number, referrer, ending),
            "channel": "web" if weekend else draw(rng, channels),
            "city": place["city"],
            "area": place["xmlid"],
            "partner": PARTNERS.get(referrer, {}).get(place["city"]),
            "agreements": [],
        }
        if rng.random() < 0.3 and nuisance in ALSO:
            case["nuisances"].append(rng.choice(ALSO[nuisance]))
        if number in NO_AREA:
            case["area"] = None
        elif number in ONLY_MUNICIPALITY:
            case["area"] = f"demo_area_{place['city'].lower()}"
        case["parties"] = self._parties(case, place, home, contraindication)
        agreed = ending.outcome in ("OPG_BEM", "OPG_PENDEL") if ending else (
            journey.phase == "aftercare"
        )  # fmt: skip
        if agreed:
            case["agreements"] = self._agreements(case)
        self._refer(case, place)
        self._judge(case)
        case["stays"] = self._stays(case)
        case["talks"] = self.agenda.plan(case)
        case["attempts"] = self._attempts(case)
        return case

    def _deal(self, name, shares, suits):
        """Return one key for each case, in those shares; who has the least choice comes first."""
        entries = quota(shares, len(self.journeys), name)
        choice = [sum(suits(key, journey) for key in shares) for journey in self.journeys]
        dealt = [None] * len(self.journeys)
        for number in sorted(range(len(dealt)), key=choice.__getitem__):
            journey = self.journeys[number]
            dealt[number] = take(entries, lambda key, journey=journey: suits(key, journey))
        return dealt

    @staticmethod
    def _fits_season(nuisance, journey):
        """Gardens and fire pits annoy in summer."""
        return nuisance not in OUTDOORS or journey.registration_date.month in OUTDOOR_MONTHS

    def _fits_referrer(self, referrer, journey):
        """Referrers do not work in weekends, and one of them has stopped referring."""
        if referrer == STOPPED:
            first, last = (self.today - timedelta(days=days) for days in STOPPED_DAYS)
            if not first < journey.registration_date < last:
                return False
        return referrer == "ZELF" or journey.registration_date.weekday() < 5

    @staticmethod
    def _fits_phase(complexity, journey):
        """Nobody knows yet how complex a new request is."""
        return not complexity or journey.phase != "new"

    # ------------------------------------------------------------
    # REFERRER
    # ------------------------------------------------------------

    def _refer(self, case, place):
        """Say who referred, and when he heard that it arrived; most referrers did."""
        case.update(contact=None, reference=None, receipt_date=None, feedback_date=None)
        if not case["partner"]:
            return
        rng = Random(f"{SEED}/referral/{case['number']}")
        journey, start = case["journey"], case["journey"].registration_date
        area = place["xmlid"].rpartition("_")[2]
        contacts = CONTACTS.get(case["partner"], {f"{case['partner']}_contact1": ()})
        case["contact"] = next(
            name for name, areas in contacts.items() if area in areas or not areas
        )
        if case["partner"] in REFERENCES and rng.random() < 0.5:
            case["reference"] = REFERENCES[case["partner"]].format(
                year=start.year, number=rng.randint(1000, 9999)
            )
        received = workday(start + timedelta(days=rng.randint(0, 2)))
        if journey.phase != "new" and rng.random() < 0.85 and received < self.today:
            case["receipt_date"] = min(received, journey.close_date or received)
        reporter = case["parties"][0]
        reporter["referral_consent_date"] = start
        if journey.decision_date and (journey.ending or rng.random() < 0.7):
            reporter["feedback_consent"] = draw(rng, CONSENTS)
            reporter["feedback_consent_date"] = journey.decision_date

    def _give_feedback(self, cases):
        """Tell the referrers how the cases ended, except of the last ones that were closed."""
        referred = [case for case in cases if case["partner"] and case["journey"].close_date]
        referred.sort(key=lambda case: case["journey"].close_date)
        may_hear = [case for case in referred if self._consent(case) == "yes"]
        for case in may_hear[:-FEEDBACK_OWED]:
            closed = case["journey"].close_date
            told = workday(closed + timedelta(days=case["rng"].randint(0, 6)))
            case["feedback_date"] = min(told, self.today)
        reporter = may_hear[-1]["parties"][0]  # forgotten to ask
        reporter["feedback_consent"], reporter["feedback_consent_date"] = "not_asked", None

    @staticmethod
    def _consent(case):
        return case["parties"][0]["feedback_consent"]

    # ------------------------------------------------------------
    # COURSE
    # ------------------------------------------------------------

    @staticmethod
    def _judge(case):
        """Give the reason of the decision at intake."""
        case["reason"] = None
        journey, ending = case["journey"], case["journey"].ending
        if not journey.decision_date:
            return
        rng = Random(f"{SEED}/reason/{case['number']}")
        decision = ending.decision if ending else "suitable"
        if decision == "unsuitable":
            case["reason"] = "CONTRA_INDICATIE"
        elif decision == "suitable":
            tried = case["talked"] in ("yes", "tried") and rng.random() < 0.6
            conditions = case["complexity"] and rng.random() < 0.5
            case["reason"] = (
                "ONDER_VOORWAARDEN" if conditions
                else "ZELF_GEPROBEERD" if tried else "GESPREK_MOGELIJK"
            )  # fmt: skip
        else:
            reasons = dict(REASONS[decision])
            if case["parties"][0]["tenure"] != "corporation":
                reasons.pop("VERHUURDER", None)
            case["reason"] = draw(rng, reasons)

    @staticmethod
    def _stays(case):
        """Return the stays of a case in its phases: (phase, from, until, reason to wait)."""
        journey = case["journey"]
        rng = Random(f"{SEED}/waiting/{case['number']}")
        stays = []
        for phase, first, last in journey.stays():
            reason = None
            if phase == "waiting":
                holiday = first.month in HOLIDAY_MONTHS and rng.random() < 0.4
                reason = "holiday" if holiday else draw(rng, WAITS_FOR)
                if journey.script and journey.script.waits_for:
                    reason = journey.script.waits_for
            stays.append((phase, first, last, reason))
        return stays

    def _attempts(self, case):
        """Return the attempts to reach B: mostly a letter first, then each visit that was made."""
        journey = case["journey"]
        entered = journey.entered("approach_b")
        visits = [talk for talk in case["talks"]
                  if talk["kind"] == "approach_b" and talk["state"] == "done"]  # fmt: skip
        if not entered:
            return []
        rng = Random(f"{SEED}/attempts/{case['number']}")
        attempts = []
        if rng.random() < 0.6 or journey.script:
            attempts.append(("letter", entered, "left"))
        outcomes = {"no_show": "nobody", "stops": "refuses"}
        attempts += [
            ("visit", talk["day"], outcomes.get(talk["outcome"], "willing")) for talk in visits
        ]
        if visits and len(visits) == 2 and attempts[-2][2] == "nobody" and rng.random() < 0.3:
            attempts[-2] = (*attempts[-2][:2], "thinking")
        if journey.ending and journey.ending.outcome == "B_ONBEREIKBAAR":
            attempts.append(("letter", visits[-1]["day"], "left"))
        if journey.script and journey.script.pause == "party_b":
            attempts.append(("phone", workday(entered + timedelta(days=3)), "thinking"))
        return attempts

    # ------------------------------------------------------------
    # PARTIES
    # ------------------------------------------------------------

    def _parties(self, case, place, home, contraindication):
        rng, journey = case["rng"], case["journey"]
        street = rng.choice(place[home])
        house = rng.randint(2, 118)
        tenure = draw(rng, TENURES[home])
        if case["referrer"] == "CORPORATIE" or contraindication == "ORGANISATIE":
            tenure = "corporation"
        joined = journey.passed("talk_b")
        reporter = self._party(case, "a", self._address(place, street, house), tenure)
        reporter["story"] = self._story(case, home, contraindication)
        beside = house + (1 if home == "flat" else 2)
        other = self._address(place, street, beside)
        neighbour = self._party(
            case, "b", other, tenure if rng.random() < 0.8 else None,
            known=joined or rng.random() < (0.3 if journey.phase == "new" else 0.45)
            or bool(journey.script) and not journey.script.b_is_informed,
        )  # fmt: skip
        if joined:
            own = case["theme"]["b"]
            neighbour["story"] = rng.choice(own + rng.sample(self.words["b"], 2))
        parties = [reporter, neighbour]
        if case["number"] % GROUP_EVERY == 5:
            third = self._address(place, street, beside + 2)
            parties.append(self._party(case, rng.choice("ab"), third, tenure))
        return parties

    def _party(self, case, side, address, tenure, known=True):
        """Return one party: a contact, or just the address while nobody knows who lives there."""
        rng, journey = case["rng"], case["journey"]
        party = {"side": side, "tenure": tenure, "story": False}
        language = None
        if known:
            foreign = side == "a" and "TAAL" in case["complexity"]
            name, language = self.people.person(rng, foreign)
            reachable = 1.0 if side == "a" else 0.7
            party["contact"] = self.people.contact(rng, name, address, reachable)
        else:
            party["address"] = address
        if known and journey.phase != "new":
            party["language"] = language
            party["age_band"] = draw(rng, AGE_BANDS)
            party["household"] = draw(rng, HOUSEHOLDS)
        start = journey.registration_date
        approached = next((day for code, day in journey.phases if code == "approach_b"), None)
        if side == "a":
            party["consent_date"] = start
            party["informed_date"] = journey.decision_date
            party["willing"] = "yes" if journey.decision_date else "unknown"
            if journey.ending and journey.ending.outcome == "A_TREKT_TERUG":
                party["willing"] = "no"
            party["feedback_consent"], party["feedback_consent_date"] = "not_asked", None
        else:
            party["informed_date"] = self._informed(journey, known, approached)
            party["willing"] = "yes" if journey.passed("approach_b") else "unknown"
            if journey.ending and journey.ending.outcome in ("B_WEIGERT", "COACHING"):
                party["willing"] = "no"
            elif journey.ending and journey.ending.outcome == "B_ONBEREIKBAAR":
                party["willing"] = "unknown"
        party.update(self._results(case, side))
        return party

    @staticmethod
    def _informed(journey, known, approached):
        """Return when B was told: by letter when the name was known, else at the first visit."""
        if journey.script and not journey.script.b_is_informed:
            return None
        if known and journey.decision_date:
            return min(workday(journey.decision_date), journey.close_date or approached or date.max)
        return approached

    def _results(self, case, side):
        """Return what a party said at closing and at aftercare, as far as it was asked."""
        journey, ending = case["journey"], case["journey"].ending
        if not ending or ending.outcome in NOT_HANDLED:
            return {}
        rng = Random(f"{SEED}/results/{case['number']}/{side}")
        spoken = side == "a" or any(journey.entered(phase) for phase in SPOKEN_WITH_B)

        def answer(outcome):
            if not spoken:
                return None if ending.intervention == "ADVIES" else "not_reached"
            if outcome.startswith("OPG"):
                return draw(rng, RESULTS["solved"])
            return draw(rng, RESULTS["partly" if outcome in ("DEELS", "COACHING") else "not"])

        results = {"closing_result": answer(ending.outcome)}
        if journey.aftercare_date and spoken:
            results["aftercare_result"] = answer(ending.aftercare_outcome or ending.outcome)
            results["aftercare_date"] = journey.aftercare_date
        return results

    @staticmethod
    def _address(place, street, house):
        """Return the address; a street has one postcode."""
        letters = "".join(Random(street).choices("BCDEGHKLMNPRTVWXZ", k=2))
        return {
            "street": f"{street} {house}",
            "zip": f"{place['zip']} {letters}",
            "city": place["city"],
        }

    def _past(self, number, referrer, ending):
        """How long and how far the quarrel had come: the earlier, the better the odds."""
        rng = Random(f"{SEED}/past/{number}")
        early = bool(ending) and ending.outcome.startswith("OPG")
        duration, escalation, tip = (
            rng.choices(values, weights)[0]
            for values, weights in (
                (
                    ["weeks", "months", "year", "years", None],
                    (24, 40, 18, 12, 6) if early else (10, 30, 22, 30, 8),
                ),
                (
                    ["irritation", "argument", "hardened", "threat", None],
                    (34, 40, 18, 2, 6) if early else (14, 36, 34, 10, 6),
                ),
                ([None, "CORPORATIE", "POLITIE", "SOCIAAL_TEAM"], (46, 26, 16, 12)),
            )
        )
        return {
            "duration": duration,
            "escalation": escalation,
            "tipped_by": tip if referrer == "ZELF" else None,
        }

    def _story(self, case, home, contraindication):
        rng = case["rng"]
        theme = case["theme"]
        neighbours = rng.choice(self.words["neighbours"][home])
        parts = [
            rng.choice(theme["a"]).format(buren=neighbours, Buren=neighbours.capitalize()),
            rng.choice(self.words["since"][theme.get("since", "often")]),
        ]
        if contraindication:
            parts.append(self.words["contraindication"][contraindication])
        elif case["talked"]:
            parts.append(rng.choice(self.words["wish"][case["talked"]]))
        return " ".join(parts)

    def _agreements(self, case):
        rng, journey = case["rng"], case["journey"]
        possible = case["theme"]["agreements"]
        chosen = rng.sample(possible, min(len(possible), rng.randint(2, 3)))
        kept = ("yes",) * 6 + ("partly",)
        if journey.ending and journey.ending.aftercare_outcome == "NIET_OPG":
            kept = ("no", "partly")
        asked = journey.aftercare_date
        return [
            {"who": who, "name": name, "kept": asked and rng.choice(kept), "kept_date": asked}
            for who, name in chosen
        ]
