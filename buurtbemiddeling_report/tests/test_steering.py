"""The figures of that moment frozen with a meeting, and what the steering group reads of it."""

import json
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase


@tagged("post_install", "-at_install")
@freeze_time("2018-07-02 18:00:00")
class TestSteering(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator, cls.reader = (
            mail_new_test_user(
                cls.env,
                login=f"steering_{group}",
                groups=group,
                tz="Europe/Amsterdam",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for group in (
                "buurtbemiddeling_case.group_user",
                "buurtbemiddeling_report.group_reporting",
            )
        )
        cls.town = cls.make_area("Heldervoort")
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Heldervoort",
                "company_id": cls.company.id,
                "area_ids": [Command.set(cls.town.ids)],
                "date_start": date(2010, 1, 1),
            }
        )
        cls.make_cases(20, outcome="OPG_BEM", closed=date(2018, 6, 1), area_id=cls.town.id)
        cls.make_cases(20, area_id=cls.town.id)
        cls.env["buurtbemiddeling.target"].create(
            {
                "project_id": cls.project.id,
                "indicator_id": cls.code("indicator", "cases_registered").id,
                "company_id": cls.company.id,
                "year": 2018,
                "value": 77,
            }
        )
        cls.member = cls.env["res.partner"].create({"name": "Wim Agent", "email": "w@example.com"})

    @classmethod
    def make_meeting(cls, start=datetime(2018, 7, 2, 12), **values):
        return (
            cls.env["buurtbemiddeling.steering.meeting"]
            .with_user(cls.coordinator)
            .create(
                {
                    "project_id": cls.project.id,
                    "start": start,
                    "attendance_ids": [Command.create({"partner_id": cls.member.id})],
                    **values,
                }
            )
        )

    def make_held(self, **values):
        meeting = self.make_meeting(**values)
        meeting.action_held()
        meeting.attendance_ids.state = "present"
        meeting.item_ids[0].write({"text": "A new start.", "preparation": "Tell nobody."})
        self.decide(meeting)
        return meeting

    def decide(self, meeting):
        return meeting.decision_ids.create(
            {"meeting_id": meeting.id, "kind": "decision", "name": "Go on"}
        )

    def rows(self, meeting):
        """Return ``{name of a figure: its cells}``."""
        return {row[0]: row[1:] for row in meeting.figures[0]["rows"]}

    # ------------------------------------------------------------
    # FREEZE
    # ------------------------------------------------------------

    def test_figures_are_those_of_the_project_on_the_day_of_the_meeting(self):
        meeting = self.make_held()
        meeting.action_freeze_figures()
        benchmark = meeting.benchmark_id
        self.assertEqual(benchmark.state, "frozen")
        self.assertEqual(
            (benchmark.project_id, benchmark.year, benchmark.reference_date, benchmark.is_to_date),
            (self.project, 2018, date(2018, 7, 2), True),
        )
        registered = self.rows(meeting)["Cases registered"]
        self.assertEqual(registered[:2], ["40", "77"], "with the target next to it")
        self.assertIn("Cases registered", str(meeting.figures_html))

    def test_frozen_figures_stay_when_cases_and_targets_change(self):
        meeting = self.make_held()
        meeting.action_freeze_figures()
        self.env.invalidate_all()  # as the database gives it back
        before = json.dumps(meeting.figures)
        lines = [(line.indicator_code, line.value) for line in meeting.benchmark_id.line_ids]
        self.make_cases(10, area_id=self.town.id)
        self.env["buurtbemiddeling.target"].search([]).value = 99
        self.env.invalidate_all()
        self.assertEqual(json.dumps(meeting.figures), before)
        self.assertEqual(
            [(line.indicator_code, line.value) for line in meeting.benchmark_id.line_ids], lines
        )
        with self.assertRaisesRegex(ValidationError, "frozen with this meeting"):
            meeting.start = datetime(2018, 7, 1, 12)

    def test_figures_are_frozen_once(self):
        meeting = self.make_held()
        meeting.action_freeze_figures()
        with self.assertRaisesRegex(UserError, "frozen already"):
            meeting.action_freeze_figures()

    def test_figures_of_a_meeting_to_come_or_cancelled_are_refused(self):
        coming = self.make_meeting(datetime(2018, 7, 3, 12))
        with self.assertRaisesRegex(UserError, "still to come"):
            coming.action_freeze_figures()
        coming.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            coming.action_freeze_figures()

    def test_shared_minutes_get_no_figures_afterwards(self):
        meeting = self.make_held()
        meeting.action_minute()
        with self.assertRaisesRegex(UserError, "do not change silently"):
            meeting.action_freeze_figures()

    def test_figures_come_from_the_button_only(self):
        meeting = self.make_held()
        for values in ({"figures": []}, {"benchmark_id": self.compute().id}):
            with self.assertRaisesRegex(UserError, "come from the button"):
                meeting.write(values)
        with self.assertRaisesRegex(UserError, "come from the button"):
            self.make_meeting(datetime(2018, 6, 2, 12), figures=[{"rows": []}])

    def test_figures_that_are_frozen_already_are_used(self):
        """Two benchmarks of one moment could only differ by mistake."""
        first = self.make_held()
        first.action_freeze_figures()
        second = self.make_meeting(datetime(2018, 7, 2, 16))
        second.action_freeze_figures()
        self.assertEqual(second.benchmark_id, first.benchmark_id)

    def test_january_looks_at_the_year_before(self):
        with freeze_time("2019-01-14 18:00:00"):
            meeting = self.make_meeting(datetime(2019, 1, 14, 12))
            self.assertEqual(meeting.figures_year, 2019)
            meeting.figures_year = 2018
            meeting.action_freeze_figures()
        benchmark = meeting.benchmark_id
        self.assertEqual((benchmark.year, benchmark.reference_date), (2018, date(2019, 1, 14)))
        self.assertFalse(benchmark.is_to_date)

    # ------------------------------------------------------------
    # SMALL NUMBERS
    # ------------------------------------------------------------

    def test_minutes_hold_no_number_that_is_too_small(self):
        self.make_cases(2, outcome="VERHUISD", closed=date(2018, 6, 1), area_id=self.town.id)
        meeting = self.make_held()
        meeting.action_freeze_figures()
        totals = meeting.benchmark_id.line_ids.filtered(lambda line: not line.dimension_id)
        small = totals.filtered("is_small")
        self.assertTrue(small, "two cases that came to nothing are a small number")
        rows = self.rows(meeting)
        for line in small.filtered(lambda line: line.name in rows):
            self.assertEqual(rows[line.name][0], "*", line.name)
        shown = [name for name, cells in rows.items() if cells[0] not in ("*", "–")]
        public = totals.filtered(lambda line: not line.is_small).mapped("name")
        self.assertLessEqual(set(shown), set(public))
        self.assertEqual(len(meeting.figures), 1, "totals only")
        release = meeting.benchmark_id.release_ids.filtered("layout_name")
        self.assertEqual(release.layout_name, meeting.name, "that it leaves is noted")

    def test_what_may_not_leave_the_organisation_is_a_star_in_the_minutes(self):
        meeting = self.make_held()
        meeting.action_freeze_figures()
        lines = meeting.benchmark_id.line_ids
        hidden = lines.filtered(
            lambda each: each.indicator_code == "cases_registered" and not each.dimension_id
        )
        blocks = meeting._prepare_figures(meeting.benchmark_id, lines - hidden)
        cells = {row[0]: row[1:] for row in blocks[0]["rows"]}
        self.assertEqual(cells["Cases registered"][0], "*")

    # ------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------

    def render(self, name, meeting, user):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(user)
            ._render_qweb_html(f"buurtbemiddeling_case.report_steering_{name}", meeting.ids)
        )
        return html.decode()

    def test_figures_are_printed_with_the_minutes_and_the_agenda(self):
        meeting = self.make_held()
        self.assertNotIn("Rests on", self.render("minutes", meeting, self.coordinator))
        meeting.action_freeze_figures()
        for name in ("agenda", "minutes"):
            html = self.render(name, meeting, self.coordinator)
            self.assertIn("Cases registered", html)
            self.assertIn(meeting.benchmark_id.name, html)

    # ------------------------------------------------------------
    # WHO READS WHAT
    # ------------------------------------------------------------

    def read_anew(self, meeting):
        """Return the meeting as the steering group reads it, with nothing in the cache."""
        self.env.invalidate_all()
        return meeting.with_user(self.reader)

    def test_steering_group_reads_minutes_when_they_are_shared(self):
        meeting = self.make_held()
        meeting.action_freeze_figures()
        theirs = self.read_anew(meeting)
        self.assertTrue(theirs.item_ids, "the agenda")
        self.assertFalse(theirs.item_ids[0].shown_text)
        self.assertFalse(theirs.decision_ids | theirs.decision_ids.search([]))
        self.assertFalse(theirs.attendance_ids)
        self.assertNotIn("A new start", self.render("minutes", theirs, self.reader))
        meeting.action_minute()
        theirs = self.read_anew(meeting)
        self.assertEqual(theirs.item_ids[0].shown_text, "A new start.")
        self.assertEqual(theirs.decision_ids.name, "Go on")
        html = self.render("minutes", theirs, self.reader)
        for text in ("A new start.", "Go on", "Wim Agent", "Cases registered"):
            self.assertIn(text, html)
        meeting.action_reopen()
        theirs = self.read_anew(meeting)
        self.assertFalse(theirs.item_ids[0].shown_text)
        self.assertFalse(theirs.decision_ids)

    def test_steering_group_reads_an_agenda_that_was_sent(self):
        meeting = self.make_meeting(datetime(2018, 9, 3, 12))
        theirs = self.read_anew(meeting)
        self.assertTrue(theirs.search([("id", "=", meeting.id)]))
        self.assertFalse(theirs.item_ids)
        meeting.with_context(steering_invitation=True).message_post(
            body="Come", partner_ids=self.member.ids
        )
        self.assertTrue(self.read_anew(meeting).item_ids)

    def test_steering_group_finds_nothing_of_the_preparation(self):
        meeting = self.make_held()
        meeting.message_post(body="What we really think")
        file = self.env["ir.attachment"].create(
            {"name": "Draft", "raw": b"x", "res_model": meeting._name, "res_id": meeting.id}
        )
        theirs = meeting.with_user(self.reader)
        item = meeting.item_ids[0].with_user(self.reader)
        for name in ("text", "preparation"):
            with self.assertRaises(AccessError):
                item.read([name])
            with self.assertRaises(AccessError):
                item.search([(name, "ilike", "a")])
            with self.assertRaises(AccessError):
                item.formatted_read_group([], [name], ["__count"])
            with self.assertRaises(AccessError):
                theirs.search([(f"item_ids.{name}", "ilike", "a")])
        with self.assertRaises(ValueError):
            item.search([("shown_text", "ilike", "new")])
        messages = self.env["mail.message"].with_user(self.reader)
        self.assertFalse(
            messages.search([("model", "=", meeting._name), ("res_id", "=", meeting.id)])
        )
        files = self.env["ir.attachment"].with_user(self.reader)
        self.assertFalse(files.search([("res_model", "=", meeting._name)]))
        with self.assertRaises(AccessError):
            file.with_user(self.reader).read(["name"])
        members = self.env["buurtbemiddeling.steering.member"].with_user(self.reader)
        for model in (members, self.env["buurtbemiddeling.steering.agenda"].with_user(self.reader)):
            with self.assertRaises(AccessError):
                model.search([])

    def test_steering_group_changes_nothing(self):
        meeting = self.make_held()
        meeting.action_minute()
        for record in (meeting, meeting.item_ids, meeting.attendance_ids, meeting.decision_ids):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(record.with_user(self.reader).has_access(operation), record._name)
        with self.assertRaises(AccessError):
            meeting.with_user(self.reader).action_reopen()
        other = self.make_meeting(datetime(2018, 6, 1, 12)).with_user(self.reader)
        for button in ("action_held", "action_cancel", "action_fill_agenda"):
            with self.assertRaises(AccessError):
                getattr(other, button)()
        self.assertEqual(meeting.state, "minuted")
