from datetime import date, datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..models.buurtbemiddeling_assignment_portal_report_mixin import REPORT_ACTIVITY, TEXT_LIMIT
from .common_mediator_talk import MediatorCommon
from .test_mediator_talk import ODD, SCRIPT

SECRET = "Zij vertelt dit alleen aan ons"
OTHER_SECRET = "Hij vertelt dat alleen aan ons"


@tagged("post_install", "-at_install")
class TestMediatorReport(MediatorCommon):
    """Mediators write reports of their own visits, and read what the pair wrote with them."""

    def setUp(self):
        super().setUp()
        self.yesterday = date.today() - timedelta(days=1)
        self.report_url = self.url("/verslag")

    def make_talk(self, kind="talk_a", case=None, days=-1, **values):
        start = datetime.now().replace(microsecond=0) + timedelta(days=days)
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": (case or self.case).id, "kind": kind, "start": start, **values})
        )

    def make_report(self, party=None, by=None, **values):
        by = by or self.of_wim
        return (
            self.env["buurtbemiddeling.visit.report"]
            .with_user(by.volunteer_id.user_id or self.coordinator)
            .sudo()
            .create(
                {
                    "party_id": (party or self.anna).id,
                    "assignment_id": by.id,
                    "date": self.yesterday,
                    "text": SECRET,
                    **values,
                }
            )
        )

    def report(self, party=None, **answers):
        """Send a report about a party, without a planned talk."""
        party = party or self.anna
        return self.send(
            self.report_url,
            **{
                "party": str(party.id),
                f"text_{party.id}": SECRET,
                "date": self.yesterday.isoformat(),
                **answers,
            },
        )

    def get_reports(self):
        self.env.invalidate_all()
        return self.case.visit_report_ids

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def test_a_report_with_its_hours_in_one_form(self):
        self.assertDone(
            self.report(**{f"next_step_{self.anna.id}": "other_party", "hours": "2,5"}),
            self.url(),
            "report",
        )
        report = self.get_reports()
        self.assertRecordValues(
            report,
            [
                {
                    "party_id": self.anna.id,
                    "assignment_id": self.of_vera.id,
                    "text": SECRET,
                    "date": self.yesterday,
                    "next_step": "other_party",
                    "hours": 2.5,
                    "for_successors": False,
                    "create_uid": self.vera.user_id.id,
                }
            ],
        )
        self.assertEqual(report.hours_ids.assignment_id, self.of_vera)
        self.assertEqual(self.of_vera.hours, 2.5)
        self.assertFalse(self.of_wim.hours, "each mediator notes the own hours")
        self.assertEqual(self.case.last_contact_date, self.yesterday)

    def test_after_a_talk_with_both_each_party_has_a_report_of_its_own(self):
        talk = self.make_talk("mediation")
        form = self.get(f"{self.report_url}?talk={talk.id}")
        for name in (f"text_{self.anna.id}", f"text_{self.bert.id}", "outcome"):
            self.assertIn(f'name="{name}"', form.text)
        answers = {
            "talk": str(talk.id),
            "outcome": "agreements",
            f"text_{self.anna.id}": SECRET,
            f"text_{self.bert.id}": OTHER_SECRET,
            "hours": "3",
        }
        self.assertDone(self.send(self.report_url, **answers), self.url(), "report")
        of_anna, of_bert = self.anna.visit_report_ids, self.bert.visit_report_ids
        self.assertEqual((of_anna.text, of_bert.text), (SECRET, OTHER_SECRET))
        self.assertEqual((of_anna | of_bert).meeting_id, talk)
        self.assertEqual(self.of_vera.hours, 3, "once for the talk")
        self.assertEqual((talk.state, talk.outcome), ("done", "agreements"))
        self.assertEqual(of_anna.date, talk._get_local_start().date())
        self.assertEqual(self.get(f"{self.report_url}?talk={talk.id}").status_code, 404)

    def test_what_a_colleague_wrote_is_not_asked_again(self):
        talk = self.make_talk()
        ask = f"/verslag?talk={talk.id}"
        self.assertIn(f'btn-primary mt-1" href="{self.url()}{ask}"', self.get(self.url()).text)
        self.make_report(self.anna, meeting_id=talk.id)
        self.assertNotIn(ask, self.get(self.url()).text)
        self.assertEqual(self.get(f"{self.url()}{ask}").status_code, 200, "but one still may")

    def test_who_did_not_come_has_no_report(self):
        talk = self.make_talk("mediation")
        answers = {"talk": str(talk.id), f"text_{self.bert.id}": OTHER_SECRET}
        self.assertRefused(self.send(self.report_url, **answers), "Choose how the talk ended.")
        self.assertDone(
            self.send(self.report_url, outcome="no_show", **answers), self.url(), "report"
        )
        self.assertEqual(self.get_reports().party_id, self.bert)

    def test_a_talk_to_come_is_not_reported(self):
        talk = self.make_talk(days=3)
        response = self.send(
            self.report_url, talk=str(talk.id), outcome="solved", **{f"text_{self.anna.id}": SECRET}
        )
        self.assertRefused(response, "once it was made", SECRET)
        self.assertFalse(self.get_reports())
        self.assertEqual(talk.state, "planned")

    def test_a_form_that_is_sent_twice_is_one_report(self):
        token, talk = self.make_token(), self.make_talk("mediation")
        answers = {"token": token, "outcome": "solved", f"text_{self.anna.id}": SECRET}
        for _time in range(2):
            self.assertDone(self.report(token=token), self.url(), "report")
        self.assertEqual(len(self.get_reports()), 1)
        answers["token"] = self.make_token()
        for _time in range(2):
            self.assertDone(
                self.send(self.report_url, talk=str(talk.id), **answers), self.url(), "report"
            )
        self.assertEqual(len(self.get_reports()), 2)

    def test_bad_answers_are_refused_with_a_sentence_and_nothing_is_lost(self):
        text = f"text_{self.anna.id}"
        to_come = (date.today() + timedelta(days=2)).isoformat()  # it may be tomorrow here by now
        for answers, sentence in (
            ({"date": "0001-01-01"}, "Is the year right?"),
            ({"date": "9999-99-99"}, "Fill in the day of the visit."),
            ({"date": to_come}, "once it was made"),
            ({"hours": "-1"}, "number of hours"),
            ({"hours": "25"}, "number of hours"),
            ({"hours": "NaN"}, "number of hours"),
            ({"hours": "1e309"}, "number of hours"),
            ({"hours": "inf"}, "number of hours"),
            ({"hours": "٣"}, "number of hours"),
            ({f"next_step_{self.anna.id}": "approved"}, "Choose one of the next steps."),
        ):
            with self.subTest(answers=answers):
                self.assertRefused(self.report(**answers), sentence, SECRET)
        self.assertRefused(self.report(**{text: "x" * (TEXT_LIMIT + 1)}), "This is too long.")
        self.assertRefused(self.report(**{text: "  \n "}), "Write what was told and agreed.")
        self.assertFalse(self.get_reports())

    def test_what_is_typed_is_text_and_stays_text(self):
        for typed in (SCRIPT, ODD):
            page = self.assertDone(
                self.report(**{f"text_{self.anna.id}": typed}), self.url(), "report"
            )
            self.assertNotIn(SCRIPT, page.text)
        self.assertIn(SCRIPT, self.get_reports().mapped("text"))
        for report in self.get_reports():
            self.assertNotIn(SCRIPT, self.get(f"{self.report_url}/{report.id}").text)

    def test_only_what_the_form_asks_is_written(self):
        self.report(
            for_successors="1",
            assignment_id=str(self.of_wim.id),
            case_id=str(self.other_case.id),
            meeting_id=str(self.make_talk(case=self.other_case).id),
            hours_ids="1",
            company_id=str(self.other_company.id),
        )
        self.assertRecordValues(
            self.get_reports(),
            [
                {
                    "for_successors": False,
                    "assignment_id": self.of_vera.id,
                    "case_id": self.case.id,
                    "meeting_id": False,
                    "company_id": self.company.id,
                }
            ],
        )

    # ------------------------------------------------------------
    # THE COORDINATOR
    # ------------------------------------------------------------

    def test_the_coordinator_has_one_to_do_that_tells_nothing_of_the_report(self):
        for party in (self.anna, self.bert):
            self.report(party)
        todo = self.case.activity_search([REPORT_ACTIVITY])
        self.assertEqual(len(todo), 1)
        self.assertEqual(todo.user_id, self.coordinator)
        for secret in (SECRET, "Anna", "Vera", "Dorpsstraat"):
            self.assertNotIn(secret, f"{todo.summary} {todo.note}")
        self.assertNotIn("wait for you", todo.summary)

    def test_the_coordinator_notices_that_the_mediators_wait(self):
        self.report()
        for step in ("coordinator", "stop", "refer"):
            self.case.activity_search([REPORT_ACTIVITY]).unlink()
            self.report(self.bert)
            self.report(**{f"next_step_{self.anna.id}": step})
            todo = self.case.activity_search([REPORT_ACTIVITY])
            self.assertEqual(len(todo), 1)
            self.assertIn("wait for you", todo.summary)

    # ------------------------------------------------------------
    # CORRECTING
    # ------------------------------------------------------------

    def correct(self, report, **answers):
        return self.send(f"{self.report_url}/{report.id}", **answers)

    def test_a_mediator_corrects_the_own_report_and_hours_and_the_coordinator_is_told_again(self):
        self.report(hours="2")
        report = self.get_reports()
        self.case.activity_search([REPORT_ACTIVITY]).unlink()
        self.assertDone(
            self.correct(report, text="Anders", hours="1.5", next_step="stop", party_id="1"),
            self.url(),
            "correction",
        )
        self.assertRecordValues(
            report,
            [{"text": "Anders", "hours": 1.5, "next_step": "stop", "party_id": self.anna.id}],
        )
        self.assertTrue(self.case.activity_search([REPORT_ACTIVITY]))

    def test_who_reports_a_talk_that_was_cancelled_meanwhile_is_told(self):
        talk = self.make_talk()
        path = f"/verslag?talk={talk.id}"
        self.get(self.url(path))
        talk.cancel_reason = "other"
        answers = {"talk": talk.id, "outcome": "onward", f"text_{self.anna.id}": "Het ging goed"}
        refused = self.send(self.url(path), **answers)
        self.assertRefused(refused, "held or cancelled in the meantime")
        self.assertIn("Het ging goed", refused.text)
        self.assertFalse(self.get_reports())

    def test_what_the_coordinator_worked_on_is_not_undone(self):
        self.report()
        report = self.get_reports()
        report.with_user(self.coordinator).for_successors = True
        page = self.get(f"{self.report_url}/{report.id}")
        self.assertIn("Your coordinator has worked on this report.", page.text)
        self.assertNotIn('name="text"', page.text)
        refused = self.correct(report, text="Wat ik anders wilde")
        self.assertRefused(refused, "has worked on this report")
        self.assertIn("Wat ik anders wilde", refused.text, "what was typed is not lost")
        self.assertEqual(report.text, SECRET)

    def test_of_a_colleagues_report_only_the_own_hours_are_written(self):
        report = self.make_report(
            hours_ids=[Command.create({"assignment_id": self.of_wim.id, "hours": 2})]
        )
        self.assertNotIn('name="text"', self.get(f"{self.report_url}/{report.id}").text)
        self.assertDone(
            self.correct(report, text="Anders", next_step="stop", hours="1"),
            self.url(),
            "correction",
        )
        self.assertEqual((report.text, report.next_step), (SECRET, False))
        self.assertEqual((self.of_vera.hours, self.of_wim.hours), (1, 2))
        self.correct(report, hours="4")
        self.assertEqual((self.of_vera.hours, self.of_wim.hours), (4, 2))

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def test_the_pair_reads_what_either_of_them_wrote(self):
        report = self.make_report()
        self.assertIn(SECRET, self.get(self.url()).text)
        self.assertIn(SECRET, self.get(f"{self.report_url}/{report.id}").text)

    def test_the_next_mediator_reads_of_earlier_ones_what_the_coordinator_opened(self):
        hidden = self.make_report()
        shown = self.make_report(text="Wat de volgende mag weten", for_successors=True)
        self.of_wim.state = "ended"
        sam = self.make_volunteer("Sam")
        self.give_login(sam)
        of_sam = self.couple(self.case, sam, date_start=date.today())
        self.assertIn(SECRET, self.get(self.url()).text, "Vera was there")
        self.log_in(sam)
        page = self.get(self.url("", of_sam)).text
        self.assertNotIn(SECRET, page)
        self.assertIn("Wat de volgende mag weten", page)
        self.assertGone(self.get(self.url(f"/verslag/{hidden.id}", of_sam)))
        self.assertGone(
            self.send(self.url(f"/verslag/{hidden.id}", of_sam), text="x", hours="1"), "x"
        )
        self.assertEqual(self.get(self.url(f"/verslag/{shown.id}", of_sam)).status_code, 200)
        shown.with_user(self.coordinator).for_successors = False
        self.assertGone(self.get(self.url(f"/verslag/{shown.id}", of_sam)))

    def test_what_the_coordinator_noted_is_not_read_by_mediators(self):
        report = self.env["buurtbemiddeling.visit.report"].with_user(self.coordinator)
        report = report.create({"party_id": self.anna.id, "date": self.yesterday, "text": SECRET})
        self.assertNotIn(SECRET, self.get(self.url()).text)
        self.assertGone(self.get(f"{self.report_url}/{report.id}"))

    # ------------------------------------------------------------
    # ONLY ONE'S OWN
    # ------------------------------------------------------------

    def test_parties_talks_and_reports_of_another_case_are_not_there(self):
        stranger = self.other_case.party_ids[0]
        talk = self.make_talk(case=self.other_case)
        intake = self.make_talk("intake")
        report = self.make_report(stranger, self.of_wim_elsewhere)
        before = self.snapshot()
        for query in (
            f"party={stranger.id}",
            f"talk={talk.id}",
            f"talk={intake.id}",
            "party=0",
            "talk=-1",
            f"talk={'9' * 40}",
            "party=%D9%A3",
            "",
        ):
            with self.subTest(query=query):
                self.assertGone(self.get(f"{self.report_url}?{query}"))
        for answers in ({"party": stranger.id}, {"talk": talk.id}, {"talk": intake.id}, {}):
            response = self.send(
                self.report_url, **answers, **{f"text_{stranger.id}": "Mijn tekst"}
            )
            self.assertGone(response, "Mijn tekst")
        self.assertGone(self.get(f"{self.report_url}/{report.id}"))
        self.assertGone(self.send(f"{self.report_url}/{report.id}", text="Mijn tekst"))
        # about one's own party, with the text of a party elsewhere beside it
        self.report(**{f"text_{stranger.id}": "Mijn tekst"})
        self.assertEqual(self.get_reports().party_id, self.anna)
        self.assertEqual(self.snapshot()[0], before[0])
        self.assertEqual(report.text, SECRET)

    def test_a_report_about_one_party_is_not_hung_under_a_talk_with_the_other(self):
        talk = self.make_talk("talk_b")
        response = self.send(
            self.report_url,
            talk=str(talk.id),
            party=str(self.anna.id),
            outcome="solved",
            **{f"text_{self.anna.id}": SECRET},
        )
        self.assertRefused(response, "Write what was told and agreed.")
        self.assertFalse(self.get_reports())

    def test_when_the_case_ends_meanwhile_the_text_comes_back_to_its_writer(self):
        self.of_vera.state = "ended"
        self.assertGone(self.report(), SECRET)
        typed = self.report(**{f"text_{self.anna.id}": SCRIPT})
        self.assertGone(typed, "&lt;script&gt;")
        self.assertNotIn(SCRIPT, typed.text)
        self.assertEqual(typed.headers["Cache-Control"], "no-store")
        self.assertFalse(self.get_reports())

    def test_reports_are_reached_by_ones_own_live_assignment_only(self):
        report = self.make_report()
        answers = {"party": str(self.anna.id), "text": "x", f"text_{self.anna.id}": "x"}
        self.assertOnlyMine([f"/verslag?party={self.anna.id}", f"/verslag/{report.id}"], answers)

    def test_reports_are_shut_for_who_is_not_logged_in(self):
        report = self.make_report()
        for path in ("/verslag", f"/verslag/{report.id}"):
            self.assertShut(self.url(path), {"text": "x", "party": str(self.anna.id)})

    def test_more_reports_take_no_more_queries(self):
        assignment = self.of_vera.with_user(self.vera.user_id).sudo()
        self.make_report()
        few = self.count_queries(assignment._get_portal_case_values)
        for _number in range(5):
            self.make_report(self.bert)
        self.assertLessEqual(self.count_queries(assignment._get_portal_case_values), few + 1)
