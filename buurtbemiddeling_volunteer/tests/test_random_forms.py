from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_case.tests.common_random import (
    AT_WEB,
    RandomFormMixin,
    changes,
)

from .common_application import ApplicationCase
from .common_mediator_talk import MediatorCommon

FORM = "buurtbemiddeling.volunteer.application"
NAMES = {
    "name", "email", "phone", "zip", "city", "languages", "motivation", "availability", "consent",
    "homepage", "token", "id", "company_id", "stage_id", "context",
}  # fmt: skip
# the pages on which a mediator tells something, and what may be in their forms
PAGES = {
    "/verslag": {"party", "talk", "text_{anna}", "text_{carla}", "hours", "date", "outcome",
                 "next_step_{anna}", "for_successors_{anna}"},
    "/kosten": {"kind", "amount", "date", "description", "distance"},
    "/afspraak": {"text", "who", "date_due"},
    "/aan-de-deur": {"party", "kind", "day", "time", "outcome"},
    "/gesprek": {"kind", "day", "time", "duration", "place", "location", "action", "invite"},
    "/bekende": {"note"},
}  # fmt: skip
OWN_PAGES = {
    "/my/beschikbaar": {"max_cases", "dayparts", "note", "pause_until"},
    "/my/beschikbaar/afwezig": {"date_from", "date_to", "note", "remove"},
    "/my/profiel": {"phone", "street", "zip", "city", "languages", "gender", "email"},
    "/my/kosten": {"kind", "amount", "date", "description", "distance"},
}
OF_OTHERS = {
    "buurtbemiddeling.approach", "buurtbemiddeling.assignment", "buurtbemiddeling.case",
    "buurtbemiddeling.case.agreement", "buurtbemiddeling.case.party", "buurtbemiddeling.expense",
    "buurtbemiddeling.meeting", "buurtbemiddeling.visit.hours", "buurtbemiddeling.visit.report",
    "buurtbemiddeling.volunteer", "buurtbemiddeling.volunteer.absence", "res.partner",
}  # fmt: skip
STATUSES = {200, 303, 404, 422}


@tagged("post_install", "-at_install")
class TestRandomApplications(RandomFormMixin, ApplicationCase):
    """Whatever is sent to the form of volunteers is kept as it is, or answered with a sentence."""

    def test_any_application_is_kept_as_typed_or_answered_with_a_sentence(self):
        self.company.buurtbemiddeling_application_per_sender = 10_000
        self.company.buurtbemiddeling_application_per_hour = 10_000
        tokens = (self.make_token(minutes) for minutes in count(1))
        kept = (FORM, "buurtbemiddeling.volunteer", "res.partner", "mail.activity")
        seen = set()

        @settings(AT_WEB, max_examples=50)
        @given(changes(NAMES))
        def send(changed):
            answers = {
                name: text if isinstance(text, list) else [text]
                for name, text in self.answers.items()
            }
            before = self.count(*kept)
            answers = {**answers, "token": [next(tokens)], **changed}
            response = self.send_raw(self.url, answers)
            after = self.count(*kept)
            seen.add(response.status_code)
            self.assertIn(response.status_code, (303, 422))
            if response.status_code == 422 or "".join(answers.get("homepage", ())[:1]):
                self.assertEqual(after, before, "nothing is half saved")
            else:
                self.assertEqual(after[FORM], before[FORM] + 1)

        send()
        self.assertEqual(seen, {303, 422})


@tagged("post_install", "-at_install")
class TestRandomPortal(RandomFormMixin, MediatorCommon):
    """Whatever a mediator sends is kept on the own case, or refused; others notice nothing."""

    def setUp(self):
        super().setUp()
        carla = self.other_case.party_ids[:1]
        self.ids = {"anna": self.anna.id, "bert": self.bert.id, "carla": carla.id}
        self.env["buurtbemiddeling.visit.report"].sudo().create(
            {
                "party_id": carla.id,
                "assignment_id": self.of_wim_elsewhere.id,
                "date": "2026-03-09",
                "text": "Of Wim only",
            }
        )

    def get_others(self):
        """Return all that is of other cases and other volunteers, as it is now."""
        of_others = {}
        for model in OF_OTHERS:
            rows = self.env[model].sudo().with_context(active_test=False).search([])
            own = {
                "res.partner": self.vera.partner_id | self.case.party_ids.partner_id,
                "buurtbemiddeling.volunteer": self.vera,
                "buurtbemiddeling.case": self.case,
            }.get(model, rows.browse())
            if "case_id" in rows._fields:
                own |= rows.filtered(lambda row: row.case_id == self.case)
            if "party_id" in rows._fields:
                own |= rows.filtered(lambda row: row.party_id.case_id == self.case)
            if "assignment_id" in rows._fields:
                own |= rows.filtered(lambda row: row.assignment_id.case_id == self.case)
            if "volunteer_id" in rows._fields:
                own |= rows.filtered(lambda row: row.volunteer_id == self.vera)
            stored = [name for name, field in rows._fields.items() if field.store]
            of_others[model] = (rows - own).read(stored)
        return of_others

    def test_any_report_is_kept_or_refused_and_others_notice_nothing(self):
        names = {name.format(**self.ids) for names in PAGES.values() for name in names}
        ids = st.sampled_from([*map(str, self.ids.values()), *map(str, range(3)), "999999"])
        own = [self.url(page) for page in PAGES] + list(OWN_PAGES)
        elsewhere = [self.url(page, self.of_wim_elsewhere) for page in PAGES]
        before, seen = self.get_others(), {}

        @settings(AT_WEB, max_examples=150)
        @given(
            st.sampled_from([*own, *own, *elsewhere]),
            changes(names | {name for names in OWN_PAGES.values() for name in names}, 8),
            ids,
            st.booleans(),
        )
        def send(url, changed, party, has_date):
            answers = {
                "token": [self.make_token()],
                "party": [party],
                f"text_{party}": ["We talked"],
                "text": ["We talked"],
                "hours": ["1"],
                **({"date": ["2026-03-09"]} if has_date else {}),
                **changed,
            }
            response = self.send_raw(url, answers)
            self.assertIn(response.status_code, STATUSES, url)
            seen.setdefault(url, set()).add(response.status_code)
            if url in elsewhere:
                self.assertEqual(response.status_code, 404)

        send()
        after = self.get_others()
        for model in before:
            self.assertEqual(after[model], before[model], model)
        self.assertIn(303, seen[self.url("/verslag")])
        own_texts = self.case.visit_report_ids.mapped("text")
        self.assertTrue(own_texts and all("\0" not in text for text in own_texts))
