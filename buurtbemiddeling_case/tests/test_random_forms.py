from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..models.buurtbemiddeling_door_mixin import clean_text
from .common_random import AT_WEB, TEXT, RandomFormMixin, changes
from .common_web_request import WebRequestCase

KEPT = ("res.partner", "buurtbemiddeling.case", "buurtbemiddeling.case.party", "mail.mail")
FORM = "buurtbemiddeling.web.request"
NAMES = {
    "nuisance_types", "duration", "talked", "story", "neighbour_street", "neighbour_zip",
    "neighbour_city", "neighbour_name", "neighbour_lives", "street", "zip", "city", "tenure",
    "name", "phone", "email", "language", "interpreter", "tipped_by", "consent", "area", "id",
    "company_id", "user_id", "context", "db", "debug", "kwargs", "answers", "homepage",
    "token",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRandomForms(RandomFormMixin, WebRequestCase):
    """Whatever is sent to the form of residents is a request with just that, or a sentence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.buurtbemiddeling_request_per_sender = 10_000
        cls.company.buurtbemiddeling_request_per_hour = 10_000
        cls.bystander = cls.env["res.partner"].create({"name": "Jan", "email": "a@b.nl"})

    def test_any_form_is_kept_as_typed_or_answered_with_a_sentence(self):
        tokens = (self.make_token(minutes) for minutes in count(1))
        seen = set()

        @settings(AT_WEB, max_examples=60)
        @given(changes(NAMES))
        def send(changed):
            answers = {
                name: text if isinstance(text, list) else [text]
                for name, text in self.answers.items()
            }
            answers = {**answers, "token": [next(tokens)], **changed}
            before = self.count(FORM, *KEPT)
            response = self.send_raw(self.url, answers)
            after = self.count(FORM, *KEPT)
            seen.add(response.status_code)
            self.assertIn(response.status_code, (303, 422))
            if response.status_code == 422 or "".join(answers.get("homepage", ())[:1]):
                self.assertEqual(after, before, "nothing is half saved")
                return
            self.assertEqual(after[FORM], before[FORM] + 1)
            self.assertEqual(after["buurtbemiddeling.case"], before["buurtbemiddeling.case"] + 1)
            self.assertKept(answers)

        send()
        self.assertEqual(seen, {303, 422})
        self.assertEqual((self.bystander.name, self.bystander.email), ("Jan", "a@b.nl"))

    def assertKept(self, answers):  # noqa: N802
        case = self.get_requests()[:1].case_id
        self.assertEqual((case.company_id, case.channel), (self.company, "web"))
        party = case._get_first_party("a")
        for value, name, is_long in (
            (party.partner_id.name, "name", False),
            (party.story, "story", True),
            (party.partner_id.street, "street", False),
            (case._get_first_party("b").home_relation, "neighbour_lives", False),
        ):
            typed = clean_text((answers[name] or [""])[0], is_long)
            if name != "neighbour_lives" or value:
                self.assertEqual(value or "", typed)

    def test_any_text_is_read_without_a_page(self):
        """The same without the web server, which is much faster, so many more."""

        @settings(AT_WEB, max_examples=400)
        @given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.one_of(TEXT, st.none())))
        def read(changed):
            answers = {**self.answers, **changed}
            answers["nuisance_types"] = self.answers["nuisance_types"]
            values, errors = self.requests._read_answers(self.company, answers)
            self.assertTrue(all(errors.values()))
            for value in values.values():
                if isinstance(value, str):
                    value.encode()
                    self.assertNotIn("\0", value)

        read()
