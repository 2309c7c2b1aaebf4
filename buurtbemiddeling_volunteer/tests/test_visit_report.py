from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon

SECRET = "Geheim van Anna"


class WorkCommon(VolunteerCommon):
    """A quarrel of Anna and Bert, mediated by Vera and Wim."""

    def setUp(self):
        super().setUp()
        self.startClassPatcher(freeze_time("2026-04-20 10:00:00"))
        self.case = self.make_quarrel()
        self.anna, self.bert = self.case.party_ids
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        self.of_vera = self.couple(self.case, self.vera)
        self.of_wim = self.couple(self.case, self.wim)

    def report(self, party, hours=(), **values):
        """Note a report of Vera's about a party; ``hours`` are pairs of assignment and hours."""
        return (
            self.env["buurtbemiddeling.visit.report"]
            .with_user(self.coordinator)
            .create(
                {
                    "party_id": party.id,
                    "assignment_id": self.of_vera.id,
                    "date": date(2026, 4, 10),
                    "hours_ids": [
                        Command.create({"assignment_id": row.id, "hours": count})
                        for row, count in hours
                    ],
                    **values,
                }
            )
        )

    def plan(self, kind, start=datetime(2026, 4, 9, 18), case=None):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": (case or self.case).id, "kind": kind, "start": start})
        )

    def close(self, case=None):
        wizard = self.env["buurtbemiddeling.case.close"].with_user(self.coordinator)
        wizard.create(
            {
                "case_ids": [Command.set((case or self.case).ids)],
                "outcome_id": self.code("outcome", "OPG_BEM").id,
                "close_date": date(2026, 4, 15),
            }
        ).action_close()

    def merge(self, cases):
        wizard = self.env["buurtbemiddeling.case.merge"].with_user(self.coordinator)
        wizard.create({"case_ids": [Command.set(cases.ids)]}).action_merge()

    def split_off(self, party):
        wizard = self.env["buurtbemiddeling.case.split"].with_user(self.coordinator)
        wizard = wizard.create({"case_id": party.case_id.id})
        wizard.line_ids.filtered(lambda line: line.party_id == party).place = "new"
        return self.env["buurtbemiddeling.case"].browse(wizard.action_split()["res_id"])


@tagged("post_install", "-at_install")
class TestVisitReport(WorkCommon):
    def test_a_report_on_the_case_is_a_party_a_text_and_hours_to_type(self):
        model = self.env["buurtbemiddeling.visit.report"].with_user(self.coordinator)
        form = Form(model.with_context(default_case_id=self.case.id))
        form.party_id = self.anna
        form.assignment_id = self.of_vera
        form.text = SECRET
        form.next_step = "other_party"
        for index, hours in enumerate((2.5, 2)):
            with form.hours_ids.edit(index) as line:
                line.hours = hours
        report = form.save()
        self.assertEqual(report.hours_ids.assignment_id, self.of_vera | self.of_wim)
        self.assertEqual((report.case_id, report.date), (self.case, date(2026, 4, 20)))
        self.assertEqual((self.of_vera.hours, self.of_wim.hours), (2.5, 2))
        self.assertFalse(report.for_successors, "the next mediator reads it only when asked")

    def test_the_day_is_that_of_the_talk(self):
        late_evening = self.plan("talk_a", datetime(2026, 4, 9, 21, 30))
        report = self.report(self.anna, meeting_id=late_evening.id)
        self.assertEqual(report.date, date(2026, 4, 10), "as it was given")
        form = Form(self.env["buurtbemiddeling.visit.report"].with_context(tz="Europe/Amsterdam"))
        form.party_id = self.anna
        form.meeting_id = self.plan("talk_a", datetime(2026, 4, 8, 22, 30))
        self.assertEqual(form.date, date(2026, 4, 9))

    def test_newest_first_on_the_case_and_with_its_own_party(self):
        old = self.report(self.anna, date=date(2026, 4, 1))
        new = self.report(self.anna, date=date(2026, 4, 12))
        of_bert = self.report(self.bert, date=date(2026, 4, 8))
        self.env.invalidate_all()
        self.assertEqual(list(self.case.visit_report_ids), [new, of_bert, old])
        self.assertEqual(self.anna.visit_report_ids, old | new)
        self.assertEqual(self.bert.visit_report_ids, of_bert)

    def test_a_report_hangs_under_no_talk_with_the_other_party(self):
        with self.assertRaisesRegex(ValidationError, "not with the party"):
            self.report(self.anna, meeting_id=self.plan("talk_b").id)
        other = self.make_quarrel()
        with self.assertRaisesRegex(ValidationError, "another case"):
            self.report(self.anna, meeting_id=self.plan("talk_a", case=other).id)
        both = self.plan("mediation")
        for party in (self.anna, self.bert):
            self.report(party, meeting_id=both.id)

    def test_only_who_works_in_the_case_reports_and_has_hours(self):
        invited = self.couple(self.case, self.make_volunteer("Nieuw"), "invited")
        elsewhere = self.couple(
            self.make_quarrel(), self.vera, independence_reason="Both know the mediator"
        )
        for row in (invited, elsewhere):
            with self.assertRaisesRegex(ValidationError, "does not mediate in case"):
                self.report(self.anna, assignment_id=row.id)
            with self.assertRaisesRegex(ValidationError, "does not mediate in case"):
                self.report(self.anna, [(row, 1)])

    def test_a_visit_was_made(self):
        for day in (date(2026, 4, 21), date(2026, 3, 1)):
            with self.assertRaises(ValidationError):
                self.report(self.anna, date=day)

    def test_a_party_of_another_case_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "another case"):
            self.report(self.anna, case_id=self.make_quarrel().id, assignment_id=False)

    def test_a_visit_is_contact_with_the_resident(self):
        self.report(self.anna, date=date(2026, 4, 12))
        self.assertEqual(self.case.last_contact_date, date(2026, 4, 12))


@tagged("post_install", "-at_install")
class TestReportWall(WorkCommon):
    """What Anna told is nowhere but in the reports about Anna."""

    def setUp(self):
        super().setUp()
        self.bert.email = "bert@example.com"
        self.env.cr.precommit.run()
        self.secret = self.report(self.anna, [(self.of_vera, 2)], text=SECRET)
        self.secret.with_user(self.coordinator).write({"text": f"{SECRET}!", "next_step": "refer"})
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_nothing_of_it_is_in_a_message_a_mail_a_to_do_or_the_calendar(self):
        self.assertNotIn("message_ids", self.secret._fields)
        self.plan("talk_b", datetime(2026, 4, 25, 18))
        for model, names in {
            "mail.message": ("body", "subject", "record_name"),
            "mail.tracking.value": ("old_value_text", "new_value_text", "new_value_char"),
            "mail.mail": ("body_html", "subject"),
            "mail.activity": ("summary", "note"),
            "calendar.event": ("name", "description"),
            "buurtbemiddeling.case": ("name", "attention_ids"),
        }.items():
            for name in names:
                if self.env[model]._fields[name].store:
                    found = self.env[model].search([(name, "ilike", SECRET)])
                    self.assertFalse(found, f"{model}.{name}")

    def test_its_name_is_a_number_and_a_day(self):
        self.assertEqual(self.secret.display_name, f"{self.case.name}: 2026-04-10")
        self.assertEqual(self.secret.hours_ids.display_name, f"{self.case.name}: Vera")

    def test_letters_to_bert_tell_nothing_of_anna(self):
        for kind, _label in self.env["buurtbemiddeling.letter"]._fields["kind"].selection:
            if not self.env["buurtbemiddeling.letter"].search_count([("kind", "=", kind)]):
                continue
            talk = self.plan("talk_b", datetime(2026, 4, 25, 18))
            subject, body = self.bert._render_letter(kind, talk)
            self.assertNotIn(SECRET, f"{subject} {body}", kind)
        allowed = self.bert.mail_allowed_qweb_expressions()
        self.assertFalse([name for name in allowed if "report" in name])

    def test_what_is_about_bert_holds_nothing_of_anna(self):
        """Every list of reports that hangs under Bert's party, whoever reads it."""
        for name, field in self.bert._fields.items():
            if field.comodel_name == "buurtbemiddeling.visit.report":
                self.assertNotIn(self.secret, self.bert[name], name)
        rows = self.bert._get_rows_about()
        self.assertNotIn(self.secret, [record for found in rows for record in found])

    def test_a_report_goes_with_its_party_when_two_cases_merge(self):
        younger = self.make_quarrel(
            registration_date=date(2026, 3, 10), reporter_name="Cor", neighbour_name="Dirk",
            reporter_email="cor@example.com", reporter_street="Laan 1", neighbour_street="Laan 2",
        )  # fmt: skip
        of_wim = self.couple(younger, self.wim, independence_reason="Both know the mediator")
        talk = self.plan("talk_a", case=younger)
        about_cor = self.report(
            younger.party_ids[0], [(of_wim, 3)], assignment_id=of_wim.id, meeting_id=talk.id
        )
        cor = about_cor.party_id
        self.merge(self.case | younger)
        self.assertFalse(younger.exists())
        self.assertEqual(about_cor.case_id, self.case)
        self.assertEqual((about_cor.party_id, about_cor.meeting_id), (cor, talk))
        self.assertEqual((of_wim.case_id, of_wim.hours), (self.case, 3))
        self.assertEqual(self.secret.party_id, self.anna)

    def test_reports_about_one_person_in_two_cases_come_together(self):
        younger = self.make_quarrel(registration_date=date(2026, 3, 10))
        of_wim = self.couple(younger, self.wim, independence_reason="Both know the mediator")
        reports = [
            self.report(party, assignment_id=of_wim.id, text=party.side)
            for party in younger.party_ids
        ]
        self.merge(self.case | younger)
        for report, party in zip(reports, (self.anna, self.bert), strict=True):
            self.assertEqual((report.party_id, report.case_id), (party, self.case))

    def test_a_report_goes_with_its_party_when_a_case_is_split(self):
        """Mediators and hours stay where the work was done; a talk of the other case is let go."""
        talk = self.plan("talk_b")
        report = self.report(self.bert, [(self.of_wim, 4)], meeting_id=talk.id, text="Bert")
        new = self.split_off(self.bert)
        self.assertEqual((report.party_id, report.case_id), (self.bert, new))
        self.assertNotEqual(report.meeting_id.case_id, self.case)
        self.assertEqual((self.of_wim.case_id, self.of_wim.hours), (self.case, 4))
        self.assertEqual(self.secret.case_id, self.case)
        report.text = "corrected after the split"

    def test_reports_of_a_deleted_case_go_too(self):
        self.case.with_user(self.manager).unlink()
        self.assertFalse(self.secret.exists())


@tagged("post_install", "-at_install")
class TestHours(WorkCommon):
    """The hours in a case are those of the reports, or else what was typed."""

    def test_hours_are_the_sum_of_the_reports(self):
        self.of_vera.hours = 9
        self.report(self.anna, [(self.of_vera, 2.5), (self.of_wim, 2)])
        self.report(self.bert, [(self.of_vera, 1)])
        self.assertEqual((self.of_vera.hours, self.of_wim.hours), (3.5, 2))
        self.assertEqual(self.vera.case_hours, 3.5)

    def test_typed_hours_count_while_no_report_has_any(self):
        row = self.couple(
            self.make_quarrel(), self.vera, hours=4, independence_reason="Both know the mediator"
        )
        self.assertEqual(row.hours, 4)
        self.of_vera.hours = 6
        report = self.report(self.anna, [(self.of_vera, 0)])
        self.assertEqual(self.of_vera.hours, 6)
        report.hours_ids.hours = 2
        self.assertEqual(self.of_vera.hours, 2)
        report.unlink()
        self.assertEqual(self.of_vera.hours, 6)
        self.assertEqual(self.vera.case_hours, 10)
        self.report(self.anna, [(self.of_vera, 3)])
        self.assertEqual(self.of_vera.hours, 3)
        self.anna.unlink()
        self.assertEqual(self.of_vera.hours, 6)

    def test_reported_hours_are_corrected_in_the_report(self):
        self.report(self.anna, [(self.of_vera, 2)])
        with self.assertRaisesRegex(UserError, "Correct them in the report"):
            self.of_vera.hours = 5

    def test_bad_hours_are_refused(self):
        for hours in (-1, 25):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.report(self.anna, [(self.of_vera, hours)])
                self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.report(self.anna, [(self.of_vera, 1), (self.of_vera, 2)])
            self.env.flush_all()

    def test_hours_of_many_are_computed_in_a_fixed_number_of_queries(self):
        def report(count):
            self.env["buurtbemiddeling.visit.report"].with_user(self.coordinator).create(
                [
                    {
                        "party_id": self.anna.id,
                        "assignment_id": self.of_vera.id,
                        "hours_ids": [
                            Command.create({"assignment_id": row.id, "hours": 1})
                            for row in (self.of_vera, self.of_wim)
                        ],
                    }
                ]
                * count
            )

        few = self.count_queries(lambda: report(3))
        self.assertLessEqual(self.count_queries(lambda: report(30)), few + 1)
