"""Who referred the demo cases, and what they heard of them. Plain data, without records."""

from datetime import timedelta
from random import Random

from .journeys import SEED, workday
from .talks import draw

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


class Referrals:
    """The referrer of each case; part of the ``Scenario``."""

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
