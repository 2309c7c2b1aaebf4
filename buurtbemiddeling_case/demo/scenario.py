"""Who quarrels with whom about what in the demo cases. Plain data, without records.

Everything is fictional: names are shuffled, towns and streets do not exist, postcodes begin with
0, phone numbers with 06-0000, and e-mail goes to example.com. No story names health or a brand.
"""

import json
import unicodedata
from datetime import timedelta
from random import Random

from odoo.tools import file_open

from .journeys import SEED, plan_journeys, take, workday
from .scenario_parties import Parties
from .scenario_referrals import Referrals
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
FLAT_SHARE = 0.5
NO_AREA, ONLY_MUNICIPALITY = (31, 142), (58, 117, 176)  # numbers of cases that lack a place
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
WAITS_FOR = {"no_mediators": 45, "no_pair": 35, "resident": 20}
HOLIDAY_MONTHS = (7, 8, 12)
REASONS = {
    "advice": {"ZELF_PROBEREN": 55, "VRAAG_BEANTWOORD": 30, "ALLEEN_INFORMATIE": 15},
    "refer": {"ZORG": 50, "VERHUURDER": 30, "HANDHAVING": 20},
}


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


class Scenario(Parties, Referrals):
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
        place = self._place(rng, journey)
        theme = rng.choice(self.words["types"][nuisance])
        home = theme.get("home") or ("flat" if rng.random() < FLAT_SHARE else "row")
        contraindication = None
        if ending and ending.outcome == "ONGESCHIKT":
            contraindication = self.contraindications.pop()
        case = {
            "number": number,
            "journey": journey,
            "rng": rng,
            "nuisances": [nuisance],
            "theme": theme,
            "referrer": referrer,
            "complexity": self.complexities[number] or (),
            "contraindications": [contraindication] if contraindication else [],
            "talked": self._talked(rng, contraindication),
            **self._past(number, referrer, ending),
            "channel": self._channel(rng, journey, referrer),
            "city": place["city"],
            "area": self._area(number, place),
            "partner": PARTNERS.get(referrer, {}).get(place["city"]),
            "agreements": [],
        }
        if rng.random() < 0.3 and nuisance in ALSO:
            case["nuisances"].append(rng.choice(ALSO[nuisance]))
        case["parties"] = self._parties(case, place, home, contraindication)
        if self._is_agreed(journey):
            case["agreements"] = self._agreements(case)
        self._refer(case, place)
        self._judge(case)
        case["stays"] = self._stays(case)
        case["talks"] = self.agenda.plan(case)
        case["attempts"] = self._attempts(case)
        return case

    def _place(self, rng, journey):
        """Draw a neighbourhood; a scripted case is in the town of who handles it."""
        areas = self.places["areas"]
        if journey.script:
            town = "Lindewaard" if journey.script.user == 2 else "Heldervoort"
            areas = [area for area in areas if area["city"] == town]
        return rng.choices(areas, [area["weight"] for area in areas])[0]

    @staticmethod
    def _area(number, place):
        """Return what is noted of where it is; not always the neighbourhood."""
        if number in NO_AREA:
            return None
        if number in ONLY_MUNICIPALITY:
            return f"demo_area_{place['city'].lower()}"
        return place["xmlid"]

    @staticmethod
    def _talked(rng, contraindication):
        """Draw whether the neighbours talked with each other first."""
        if contraindication == "NIET_GESPROKEN":
            return "no"
        return rng.choices(["yes", "tried", "no", None], (48, 22, 24, 6))[0]

    @staticmethod
    def _channel(rng, journey, referrer):
        """Draw how a request came in; in a weekend nobody answers the phone."""
        if journey.registration_date.weekday() > 4:
            return "web"
        return draw(rng, CHANNELS["ZELF" if referrer == "ZELF" else "other"])

    @staticmethod
    def _is_agreed(journey):
        """Whether neighbours came to agreements."""
        if journey.ending:
            return journey.ending.outcome in ("OPG_BEM", "OPG_PENDEL")
        return journey.phase == "aftercare"

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
