"""Who the two sides of a demo case are, and what they told. Plain data, without records."""

from datetime import date
from random import Random

from .journeys import SEED, workday
from .talks import draw

AGE_BANDS = {"0_24": 4, "25_39": 24, "40_59": 36, "60_74": 22, "75_plus": 7, "unknown": 7}
HOUSEHOLDS = {
    "single": 30, "couple": 24, "family": 26, "single_parent": 10, "other": 3, "unknown": 7,
}  # fmt: skip
TENURES = {
    "flat": {"corporation": 70, "owner": 15, "private_rent": 8, "unknown": 4, None: 3},
    "row": {"corporation": 28, "owner": 60, "private_rent": 3, "unknown": 5, None: 4},
}
GROUP_EVERY = 27
RESULTS = {
    "solved": {"solved": 65, "better": 35},
    "partly": {"better": 60, "unchanged": 40},
    "not": {"unchanged": 75, "worse": 25},
}
SPOKEN_WITH_B = ("talk_b", "mediation")
NOT_HANDLED = ("A_TREKT_TERUG", "OPG_ZELF", "VERHUISD", "DOORVERWEZEN", "ONGESCHIKT")


class Parties:
    """The neighbours in each case; part of the ``Scenario``."""

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
            uninformed = journey.script and not journey.script.b_is_informed
            party["letter_is_printed"] = uninformed and journey.phase == "talk_a"
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
