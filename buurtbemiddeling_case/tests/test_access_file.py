import json
import re
from datetime import date, datetime, timedelta
from unittest import SkipTest

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext, mute_logger
from odoo.tools.json import json_default

from .common import CaseCommon

# what tells who Bert is, as people type it elsewhere
OF_BERT = ("Zwartkruin", "Kruinlaan", "77", "0698765432", "bert@kruin.example.com", "9988 ZZ")
BERT_TOLD = "BERTVERHAAL"
OF_ANNA = ("Witteveen", "Veenpad", "0612312312", "anna@veen.example.com")
ANNA_TOLD = "ANNAVERHAAL"


class AccessFileCase(CaseCommon):
    """Anna and Bert, who write of each other wherever one can write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_case(
            reporter_name="Anna Witteveen",
            reporter_email=OF_ANNA[3],
            reporter_street="Veenpad 5",
            neighbour_name="Bert Zwartkruin",
            neighbour_street="Kruinlaan 77",
        )
        cls.a, cls.b = cls.case.party_ids.sorted("side")
        cls.anna, cls.bert = cls.a.partner_id, cls.b.partner_id
        cls.anna.phone = "06-12 312 312"
        cls.bert.write({"phone": "06 98765432", "email": OF_BERT[4], "zip": "9988 ZZ"})
        of_bert = (
            "Zwartkruin's hond op Kruinlaan 77 (nummer 77), BERT belt met 0698765432 of mailt"
            " bert@kruin.example.com, 9988zz"
        )
        of_anna = "Mevrouw WITTEVEEN, Veenpad 5, 06 12312312, Anna@veen.example.com"
        cls.fill(cls.a, ANNA_TOLD, of_bert)
        cls.fill(cls.b, BERT_TOLD, of_anna)
        cls.agree()
        cls.talk()
        cls.make_other_case()
        cls.request = cls.make_request(partner_id=cls.anna.id)

    @classmethod
    def agree(cls):
        """Name both in what is of the case itself, and in what each agreed to."""
        cls.case.write({"referrer_ref": "ref Zwartkruin"})
        cls.case.message_post(body=f"{ANNA_TOLD} and {BERT_TOLD} in one note")
        cls.env["buurtbemiddeling.case.agreement"].create(
            [
                {
                    "case_id": cls.case.id,
                    "name": "Bert Zwartkruin houdt de hond binnen",
                    "who": "b",
                },
                {"case_id": cls.case.id, "name": "Anna Witteveen belt eerst", "who": "a"},
            ]
        )

    @classmethod
    def talk(cls):
        """Talk with Bert, then with both at home, after a card through the letter box."""
        talks = cls.env["buurtbemiddeling.meeting"]
        start = datetime(2026, 3, 10, 10)
        values = {"case_id": cls.case.id, "start": start, "state": "done"}
        talks.create({**values, "kind": "talk_b", "location": BERT_TOLD, "place": "elsewhere"})
        values.update(start=start + timedelta(days=2), location="Kruinlaan 77, naast Veenpad 5")
        talks.create({**values, "kind": "mediation", "place": "elsewhere"})
        cls.env["buurtbemiddeling.approach"].create(
            {"party_id": cls.b.id, "outcome": "left", "date": date(2026, 3, 3)}
        )

    @classmethod
    def make_other_case(cls):
        """Let Anna be the other party in a case of somebody else."""
        cls.other_case = cls.make_case(
            reporter_name="Carla Goudhaan",
            reporter_street="Haanplein 3",
            referral_partner_id=cls.make_referral_partner().id,
        )
        cls.env["buurtbemiddeling.case.party"].create(
            {
                "case_id": cls.other_case.id,
                "side": "b",
                "partner_id": cls.anna.id,
                "story": "Goudhaan kraait op het Haanplein",
            }
        )

    @classmethod
    def fill(cls, party, told, of_other):
        """Write everything that can be written of a party, and name the other in it."""
        notes = dict.fromkeys(cls.get_texts(party), f"{told} {of_other}")
        party.write({**notes, "story": f"{told} <b>{of_other}</b>"})
        party.message_post(
            body=f"{told} {of_other}",
            subject=of_other,
            attachments=[(f"{told} {of_other.split(',')[0]}.txt", b"x")],
        )
        party.activity_schedule(
            "mail.mail_activity_data_todo", summary=f"{told} {of_other}", note=of_other
        )
        cls.env["buurtbemiddeling.coaching"].create(
            {"party_id": party.id, "case_id": party.case_id.id, "date_start": date(2026, 3, 9)}
        )
        cls.env["buurtbemiddeling.extra.signal"].create(
            {
                "case_id": party.case_id.id,
                "party_id": party.id,
                "user_id": cls.make_user(
                    f"extra_{party.side}", "buurtbemiddeling_case.group_extra"
                ).id,
                "complexity_id": cls.env["buurtbemiddeling.complexity"].search([], limit=1).id,
                "note": f"{told} {of_other}",
            }
        )

    @classmethod
    def make_request(cls, user=None, **values):
        return (
            cls.env["buurtbemiddeling.privacy.request"]
            .with_user(user or cls.coordinator)
            .create({"company_id": cls.company.id, "identity_check": "called_back", **values})
        )

    def read_file(self, request):
        """Return the file as data, and what the page says in words."""
        data = json.dumps(request._get_access_file(), default=json_default, ensure_ascii=False)
        return data, html2plaintext(request.preview)


@tagged("post_install", "-at_install")
class TestAccessFile(AccessFileCase):
    """AVG, article 15: one person's data, without a word of or about the other party."""

    def test_nothing_of_the_neighbour_is_in_the_file(self):
        extra = self.make_user(
            "extra", "buurtbemiddeling_case.group_manager,buurtbemiddeling_case.group_extra"
        )
        for user in (self.coordinator, self.manager, extra):
            for text in self.read_file(self.request.with_user(user)):
                low = text.lower()
                for marker in (*OF_BERT, BERT_TOLD, "Goudhaan", "Haanplein", "Carla", "Bert"):
                    with self.subTest(marker, user=user.login):
                        self.assertNotIn(marker.lower(), low)
                for marker in (*OF_ANNA[:2], OF_ANNA[3], ANNA_TOLD, "[other person]"):
                    with self.subTest(marker, user=user.login):
                        self.assertIn(marker.lower(), low)

    def test_nothing_of_the_reporter_is_in_the_file_of_the_neighbour(self):
        request = self.make_request(partner_id=self.bert.id)
        for text in self.read_file(request):
            low = text.lower()
            for marker in (*OF_ANNA, ANNA_TOLD, "Carla"):
                with self.subTest(marker):
                    self.assertNotIn(marker.lower(), low)
            for marker in (*OF_BERT[:2], BERT_TOLD, OF_BERT[4]):
                self.assertIn(marker.lower(), low)
            # how the reporter came to us is the reporter's
            self.assertNotIn("Came in by", text)
            self.assertNotIn("Nuisance", text)

    def test_the_file_joins_all_cases_of_the_person(self):
        data, page = self.read_file(self.request)
        for case in (self.case, self.other_case):
            self.assertIn(case.name, data)
            self.assertIn(case.name, page)
        # who referred Carla is not told to Anna
        self.assertNotIn("WBV", data)

    def test_all_that_the_inventory_says_is_the_residents_is_told(self):
        """Every text field of a party that holds data of one resident is in the file."""
        data = json.loads(self.read_file(self.request)[0])
        told = {
            value["field"]
            for section in data["sections"]
            for record in section["records"]
            for value in record["values"]
        }
        fields = self.env["buurtbemiddeling.case.party"]._fields
        own = {
            line.field
            for line in self.env["buurtbemiddeling.personal.data"]._get_fields()
            if line.model == "buurtbemiddeling.case.party"
            and line.about == "party"
            and fields[line.field].type in ("char", "text")
            and fields[line.field].export_string_translation is not False
        }
        # the address lives on the contact
        self.assertLessEqual(own | {"name", "phone", "email", "street"}, told | {"zip", "city"})

    def test_internal_notes_about_the_case_as_a_whole_are_not_told(self):
        self.assertNotIn("in one note", self.read_file(self.request)[0])

    def test_talks_without_the_home_of_the_other(self):
        talks = [
            record["values"]
            for section in self.request._get_access_file()["sections"]
            if section["code"] == "talks"
            for record in section["records"]
        ]
        self.assertEqual(len(talks), 1, "the talk with both, not the one with the neighbour")
        self.assertIn("Veenpad 5", str(talks))
        self.assertNotIn("Kruinlaan", str(talks))

    def test_signals_few_may_see_are_in_the_file_of_who_may_see_them(self):
        codes = [section["code"] for section in self.request._get_access_file()["sections"]]
        self.assertNotIn("extra.signal", codes)
        self.coordinator.group_ids += self.env.ref("buurtbemiddeling_case.group_extra")
        codes = [section["code"] for section in self.request._get_access_file()["sections"]]
        self.assertIn("extra.signal", codes)

    def test_what_people_type_is_text_and_no_markup(self):
        self.a.story = "<script>alert(1)</script><b>vet</b>"
        preview = str(self.request.preview)
        self.assertIn("&lt;script&gt;", preview)
        self.assertNotIn("<script>", preview)

    def test_a_party_without_a_name_gets_a_file_too(self):
        case = self.make_case(neighbour_street="Naamloosweg 9")
        party = case._get_first_party("b")
        self.assertFalse(party.partner_id)
        request = self.make_request(party_id=party.id)
        self.assertIn("Naamloosweg 9", self.read_file(request)[0])

    def test_sender_sources_terms_and_rights_are_told(self):
        self.case.write({"referral_partner_id": self.other_case.referral_partner_id.id})
        file = self.request._get_access_file()
        told = json.dumps(file, default=json_default)
        for part in ("WBV", "The neighbour who asked for mediation", "Autoriteit", "Kept until"):
            self.assertIn(part, told)
        self.assertEqual(file["organisation"]["name"], "Welzijn")

    def test_a_street_that_both_live_in_is_told_with_the_own_number_only(self):
        self.bert.street = "Veenpad 7"
        self.a.story = "Ik woon op Veenpad 5, hij op Veenpad 7, dus nr. 7."
        data = self.read_file(self.request)[0]
        self.assertIn("Ik woon op Veenpad 5, hij op [other person], dus [other person].", data)

    def test_the_neighbour_is_taken_out_however_a_text_was_typed(self):
        """As coordinators, residents and their telephones type, in a story and in a message."""
        self.bert.write(
            {
                "name": "Fam. van der Meijer-Bos",
                "street": "1e Kruinstraat 77-2",
                "phone": "06-98765432 / 0342-123456",
                "email": "bm@kruin.example.com, tweede@kruin.example.com",
            }
        )
        self.env["res.partner"].create({"name": "Floortje", "parent_id": self.bert.id})
        told = {
            "Dhr. v.d. Meyer": "Meyer", "buurvrouw BOS": "BOS", "vanderMeijer": "anderMeijer",
            "VerslagMeijer.pdf": "Meijer", "M e i j e r": "M e i", "dochter floortje": "floortje",
            "meijerbos@gmail.example.com": "gmail", "[bm@kruin.example.com]": "bm@",
            "*tweede@kruin.example.com*": "tweede@", "op de 1e Kruinstr. 77": "Kruin",
            "bij 1e kruin straat, nr. 77": "kruin", "zij wonen op 77": "77", "huisnr: 77": "77",
            "bel 06 98765432. 3 keer": "9876", "0698765432 12-3-2026": "9876",
            "06\u201398\u201376\u201354\u201332": "98", "+31 (0)6 98 76 54 32": "98",
            "0342 123456": "123456", "zijn andere nummer 06-11223344": "11223344",
            "mevr. M.": "M.",
        }  # fmt: skip
        for text, left in told.items():
            self.a.story = f"§ {text} §"
            message = self.a.message_post(body=Markup("<p>§ <b>%s</b> &amp; co §</p>") % text)
            typed = re.findall("§(.*?)§", self.read_file(self.request)[0])
            message.unlink()
            with self.subTest(text):
                self.assertEqual(len(typed), 2, "the story and the message")
                self.assertNotIn(left, str(typed))
                self.assertIn("[other person]", typed[0])
        own = "Bel 06-12 312 312 of anna@veen.example.com, op 12 maart, sinds 77 dagen in het bos."
        self.a.story = own
        self.assertIn(own.replace("bos", "[other person]"), self.read_file(self.request)[0])

    # WHO

    def test_only_who_answers_for_all_the_cases_makes_the_file(self):
        second = self.make_user("second", "buurtbemiddeling_case.group_user")
        self.other_case.user_id = second
        for user in (self.coordinator, second):
            request = self.request.with_user(user)
            self.assertTrue(request.has_access("read"))
            self.assertFalse(request.preview)
            for action in (request._get_access_file, request._hand_over, request.action_preview):
                with self.assertRaises(AccessError):
                    action()
        self.assertTrue(self.request.with_user(self.manager)._get_access_file())

    def test_nobody_else_reads_a_request(self):
        figures = self.make_user("odoo", "base.group_system")
        for user in (self.colleague, self.portal, self.stranger, figures):
            with self.subTest(user.login):
                self.assertFalse(self.request.with_user(user).has_access("read"))
                with self.assertRaises(AccessError):
                    self.request.with_user(user)._hand_over()

    # HANDING OVER

    def test_nothing_is_handed_over_that_nobody_looked_at(self):
        with self.assertRaisesRegex(UserError, "Look at the file"):
            self.request._hand_over()
        self.request.action_preview()
        self.request.action_check()
        self.assertTrue(self.request._hand_over())
        self.a.story = "Iets nieuws"
        with self.assertRaisesRegex(UserError, "changed"):
            self.request._hand_over()
        self.request.action_check()
        self.assertTrue(self.request._hand_over())

    def test_who_it_is_comes_first(self):
        self.request.identity_check = False
        for action in (self.request.action_preview, self.request.action_check):
            with self.assertRaisesRegex(UserError, "how you know"):
                action()

    def test_handing_over_leaves_a_trace_without_content(self):
        self.request.action_check()
        self.request._hand_over()
        trace = self.env["buurtbemiddeling.trace"].search([("action", "=", "export")])
        trace = trace.filtered(lambda row: row.model == "buurtbemiddeling.case.party")[:1]
        self.assertEqual(trace.user_id, self.coordinator)
        self.assertLessEqual({self.a.id}, set(trace.res_ids))

    def test_it_is_stored_nowhere(self):
        before = self.env["ir.attachment"].search_count([])
        self.request.action_check()
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html("buurtbemiddeling_case.report_access_file", self.request.ids)
        )
        self.assertIn(ANNA_TOLD, html.decode())
        self.assertNotIn("Zwartkruin", html.decode())
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_it_becomes_a_real_pdf_of_one_person(self):
        report = self.env["ir.actions.report"].with_user(self.coordinator)
        if report.get_wkhtmltopdf_state() == "install":
            raise SkipTest("wkhtmltopdf is not on this machine")
        self.request.action_check()
        with self.allow_pdf_render(), mute_logger("odoo.addons.base.models.ir_actions_report"):
            pdf, _type = report.with_context(force_report_rendering=True)._render_qweb_pdf(
                "buurtbemiddeling_case.report_access_file", self.request.ids
            )
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_time_is_told_without_seconds(self):
        """A resident reads when a talk was, as people write it."""
        shown = self.request._show_value(datetime(2026, 3, 10, 14, 30))
        self.assertTrue(shown.startswith("03/10/2026 "), shown)
        self.assertIn("2:30", shown)
        self.assertNotIn("2:30:00", shown)


@tagged("post_install", "-at_install")
class TestAccessFileHttp(AccessFileCase, HttpCase):
    """The download, as people who know the address try it."""

    @mute_logger("odoo.http")
    def test_only_who_may_gets_the_data(self):
        self.request.action_check()
        url = f"/buurtbemiddeling/privacy/{self.request.id}/data.json"
        report = f"/report/html/buurtbemiddeling_case.report_access_file/{self.request.id}"
        second = self.make_user("second", "buurtbemiddeling_case.group_user")
        logins = [user.login for user in (self.colleague, self.portal, self.stranger, second)]
        for login in logins:
            self.authenticate(login, login)
            for address in (url, report):
                with self.subTest(login=login, address=address):
                    answer = self.url_open(address)
                    self.assertGreaterEqual(answer.status_code, 400)
                    self.assertNotIn(ANNA_TOLD, answer.text)
        self.authenticate(None, None)
        answer = self.url_open(url)
        self.assertNotIn(ANNA_TOLD, answer.text)
        self.authenticate(self.coordinator.login, self.coordinator.login)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        data = answer.json()
        self.assertEqual((data["format"], data["version"]), ("buurtbemiddeling.access.file", 1))
        self.assertIn(ANNA_TOLD, answer.text)
        self.assertNotIn("Zwartkruin", answer.text)
        self.assertIn(ANNA_TOLD, self.url_open(report).text)
        self.assertEqual(
            self.url_open(url.replace(str(self.request.id), "999999")).status_code, 404
        )
