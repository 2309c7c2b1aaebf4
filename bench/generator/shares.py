"""How often things are so in Dutch neighbour mediation: shares, and what they come from.

The sources are what the national centre (CCV) and organisations published for 2007 to 2023, put
together in the reference of this project; "chosen" where nothing is published. Shares need not add
up to one: only how they compare counts.
"""

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate


class Draw:
    """Draws one of the keys of `{key: share}`."""

    def __init__(self, shares):
        self.keys = list(shares)
        *self.limits, self.total = accumulate(shares.values())

    def __call__(self, chance):
        return self.keys[bisect(self.limits, chance.random() * self.total)]


# Cases of the country a year, in thousands: published for 2016 to 2023, the rest carried on.
YEARS = {2016: 13, 2017: 15, 2018: 17, 2019: 18, 2020: 20, 2021: 21, 2022: 20.5, 2023: 20.5}
LATER_YEARS = 21
# Summer is busier, and it begins in spring; by month.
MONTHS = (0.065, 0.065, 0.080, 0.090, 0.105, 0.110, 0.110, 0.100, 0.085, 0.075, 0.060, 0.055)
WEEKDAYS = (1.25, 1.1, 1, 1, 0.85, 0.12, 0.14)  # chosen: offices are closed at weekends

# By themselves: 45% in 2014 and rising; the police a fifth; housing corporations a fifth or more.
SELF, SELF_A_YEAR_MORE = 0.45, 0.005
REFERRERS = {
    "CORPORATIE": 0.21,
    "POLITIE": 0.20,
    "GEMEENTE": 0.05,
    "SOCIAAL_TEAM": 0.03,
    "WELZIJN": 0.02,
    "MAATSCHAPPELIJK_WERK": 0.012,
    "HUISARTS_ZORG": 0.008,
    "WIJKCONCIERGE": 0.006,
    "OVERIG": 0.005,
    "SCHOOL": 0.003,
}
TIPPED = 0.4  # of who came by themselves, mostly by these
TIPPED_BY = {"CORPORATIE": 5, "POLITIE": 4, "SOCIAAL_TEAM": 2}
CHANNELS = {"phone": 60, "web": 17, "email": 13, "visit": 6, "letter": 2, "other": 2}
REFERRED_CHANNELS = {"email": 45, "phone": 35, "portal": 17, "other": 3}

# Noise 33 to 47%, bullying and relation 12 to 29% together, garden and outside 10 to 20%, animals
# 5 to 8%.
NUISANCES = {
    "GELUID_PERSONEN": 0.20,
    "GELUID_APPARATUUR": 0.125,
    "GELUID_KLUSSEN": 0.035,
    "KINDEREN": 0.04,
    "DIEREN": 0.065,
    "PESTEN_LASTIGVALLEN": 0.10,
    "VERSTOORDE_RELATIE": 0.11,
    "INTIMIDATIE_BEDREIGING": 0.05,
    "TUIN_ERFAFSCHEIDING": 0.10,
    "ROOK_BBQ": 0.025,
    "STANK_GEUR": 0.025,
    "ROMMEL_VUILNIS": 0.025,
    "PARKEREN": 0.03,
    "VERNIELING": 0.015,
    "LEEFSTIJL": 0.02,
    "OVERIG": 0.035,
}
NUISANCE_COUNTS = {1: 0.62, 2: 0.30, 3: 0.08}  # chosen: organisations count several
# Complex: 20% in 2016, 25% in 2022 and after.
COMPLEX, COMPLEX_A_YEAR_MORE, COMPLEX_MOST = 0.20, 0.01, 0.25
COMPLEXITIES = {
    "PSYCHISCH": 30,
    "GEESCALEERD": 22,
    "PSYCHOSOCIAAL": 12,
    "INTIMIDATIE": 10,
    "TAAL": 9,
    "MULTIPROBLEEM": 8,
    "VERSLAVING": 6,
    "WOONVAARDIGHEDEN": 2,
    "DISCRIMINATIE": 1,
}
CONTRAINDICATIONS = {
    "PSYCHISCH": 25,
    "GEWELD": 18,
    "PROCEDURE": 15,
    "AGRESSIE": 12,
    "VERSLAVING": 10,
    "FAMILIE": 6,
    "ORGANISATIE": 6,
    "STRAFBAAR": 4,
    "NIET_GESPROKEN": 3,
    "DISCRIMINATIE": 1,
}

# Owners 57% in one place, tenants 68% in another; the rest of who someone is, is chosen.
TENURES = {"corporation": 0.48, "owner": 0.36, "private_rent": 0.08, "unknown": 0.03, None: 0.05}
HOUSEHOLDS = {
    "single": 0.33,
    "couple": 0.22,
    "family": 0.22,
    "single_parent": 0.1,
    "other": 0.02,
    "unknown": 0.03,
    None: 0.08,
}
AGES = {"0_24": 5, "25_39": 25, "40_59": 34, "60_74": 20, "75_plus": 8, "unknown": 2, None: 6}
LANGUAGES = {None: 60, "nl": 31, "tr": 1.5, "ary": 1.5, "ar": 1.5, "en": 1.5, "pl": 2, "uk": 1}
DURATIONS = {"weeks": 15, "months": 38, "year": 20, "years": 20, "unknown": 3, None: 4}
ESCALATIONS = {
    "irritation": 30,
    "argument": 38,
    "hardened": 18,
    "threat": 7,
    "unknown": 3,
    None: 4,
}
TALKED = {"yes": 45, "tried": 30, "no": 20, None: 5}
RELATIONS = {"beside": 45, "above": 20, "below": 13, "behind": 10, "opposite": 7, "other": 5}
CONSENTS = {"yes": 70, "no": 8, "not_asked": 22}

# Chosen, all of it.
KNOWN_NEIGHBOUR = 0.72  # of the other party more than an address is known
THIRD_PARTY = 0.143  # so that 210,000 cases have 450,000 parties
RETURNING, REMEMBERED = 0.03, 0.1  # reporters who were known already; who may come back
THEIR_REFERENCE = 0.3  # of the referrers who have a number of their own
HAS_PHONE, HAS_MAIL = {"a": 0.95, "b": 0.45}, {"a": 0.6, "b": 0.15}
RECEIPT = 0.75  # of the referrals of which the arrival was confirmed
FEEDBACK = 0.8  # of the referrers who may hear how it ended
INFORMED = 0.9  # of the neighbours with whom we were in touch
PAUSED = 0.08
PAUSES = {"party_b": 5, "holiday": 4, "party_a": 3, "interpreter": 1, "other": 1}
WAITING = 0.25
WAITING_REASONS = {"no_mediators": 6, "no_pair": 2, "resident": 2, "holiday": 1}
TOLD_BY = {"mail": 6, "phone": 3, "letter": 1}
REFERRED_ON = {"SOCIAAL_TEAM": 4, "CORPORATIE": 3, "POLITIE": 2, "MAATSCHAPPELIJK_WERK": 2}
WARM = 0.6  # handed over, and not only advised to go there
TAKEN_UP = {"taken_up": 6, "declined": 2, "returned": 1}
ANSWERED, THANKED = 0.35, 0.5  # of the residents who are mailed
AFTERCARE_PHASE = 0.3  # of cases that end in talks: closed only after aftercare
CLOSING_RESULT = 0.85  # of the parties of which it was noted how it ended

# Least and most days in each phase. An intake takes a resident five working days at most.
GAPS = {
    "new": (0, 2),
    "intake": (0, 7),
    "waiting": (5, 30),
    "assigned": (1, 7),
    "talk_a": (3, 10),
    "approach_b": (2, 12),
    "talk_b": (2, 10),
    "mediation": (5, 15),
    "aftercare": (14, 38),
}
CLOSING = (0, 4)  # from what was last to the closing
SUITABLE = {"GESPREK_MOGELIJK": 6, "ZELF_GEPROBEERD": 3, "ONDER_VOORWAARDEN": 1}
ADVICE = {"ZELF_PROBEREN": 5, "VRAAG_BEANTWOORD": 3, "ALLEEN_INFORMATIE": 2}
REFER = {"ZORG": 3, "VERHUURDER": 3, "HANDHAVING": 2, "VEILIGHEID": 1, "ANDERE_ORGANISATIE": 1}
UNSUITABLE = {"CONTRA_INDICATIE": 6, "GEEN_BUREN": 2, "BUITEN_GEBIED": 1}


POSITIVE = ("OPG_BEM", "OPG_PENDEL", "OPG_1P", "OPG_ADVIES")  # as the list of outcomes says


@dataclass(frozen=True)
class Ending:
    """One way in which a case ends; codes of the lists."""

    outcome: str
    intervention: str | None
    last_phase: str
    aftercare: float = 0  # share of which it is asked afterwards how it is
    decision: str = "suitable"
    reasons: dict = field(default_factory=lambda: SUITABLE, hash=False)
    later: dict = field(default_factory=dict, hash=False)  # {other outcome at aftercare: share}

    def is_positive(self):
        """Whether it was solved."""
        return self.outcome in POSITIVE


# Of 100 requests: unsuitable or referred on 10 (2 to 50), advice only 15 to 20 of which two thirds
# positive, withdrawn 5, the neighbour refuses or is not reached 18 to 30, solved by talks with one
# or both 15 to 20, a talk together 25 to 30 of which 85% come to an agreement. Of those handled 68
# to 71% end well.
FAILED = {"NIET_OPG": 0.03}
ENDINGS = {
    Ending("ONGESCHIKT", None, "intake", decision="unsuitable", reasons=UNSUITABLE): 5.5,
    Ending("A_TREKT_TERUG", None, "intake", decision="unsuitable", reasons={"WIL_NIET": 1}): 0.5,
    Ending("DOORVERWEZEN", None, "intake", decision="refer", reasons=REFER): 4,
    Ending("OPG_ADVIES", "ADVIES", "intake", 0.4, decision="advice", reasons=ADVICE): 12,
    Ending("OPG_ZELF", "ADVIES", "intake", decision="advice", reasons=ADVICE): 3,
    Ending("NIET_OPG", "ADVIES", "intake", decision="advice", reasons=ADVICE): 2,
    Ending("A_TREKT_TERUG", None, "intake"): 2.5,
    Ending("A_TREKT_TERUG", "GESPREK_1P", "talk_a"): 2.5,
    Ending("VERHUISD", None, "assigned"): 1,
    Ending("OPG_ZELF", None, "assigned"): 0.5,
    Ending("B_WEIGERT", "GESPREK_1P", "approach_b", 0.2): 10.5,
    Ending("B_ONBEREIKBAAR", "GESPREK_1P", "approach_b", 0.1): 6.5,
    Ending("COACHING", "COACHING", "approach_b", 0.3): 1,
    Ending("OPG_1P", "GESPREK_1P", "talk_a", 0.85, later=FAILED): 6,
    Ending("OPG_1P", "GESPREK_1P", "talk_b", 0.85, later=FAILED): 8.5,
    Ending("OPG_1P", "TELEFONISCH_ONLINE", "talk_b", 0.85, later=FAILED): 2.5,
    Ending("OPG_PENDEL", "PENDEL", "talk_b", 0.85, later=FAILED): 2,
    Ending("OPG_BEM", "BEMIDDELING", "mediation", 0.9, later=FAILED): 22,
    Ending("OPG_BEM", "GROEP", "mediation", 0.9, later=FAILED): 1,
    Ending("OPG_BEM", "EXTRA", "mediation", 0.9, later=FAILED): 1.2,
    Ending("OPG_BEM", "SAMEN_PROF", "mediation", 0.9, later=FAILED): 0.8,
    Ending("DEELS", "BEMIDDELING", "mediation", 0.8, later={"OPG_BEM": 0.3}): 2.3,
    Ending("NIET_OPG", "BEMIDDELING", "mediation", 0.3): 2.2,
}
