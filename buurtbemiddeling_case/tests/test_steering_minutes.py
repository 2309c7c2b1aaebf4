from ast import literal_eval
from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_steering import SteeringCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")  # a Monday
class TestSteeringMinutes(SteeringCase):
    """Minutes, decisions and actions of a steering group."""

    def test_minutes_are_shared_when_complete(self):
        meeting = self.make_meeting()
        with self.refuses("has not been held"):
            meeting.action_minute()
        meeting.action_held()
        with self.refuses("no minutes yet"):
            meeting.action_minute()
        self.decide(meeting)
        with self.refuses("whether they were there"):
            meeting.action_minute()
        meeting.attendance_ids.state = "present"
        meeting.action_minute()
        self.assertEqual(meeting.state, "minuted")

    def test_shared_minutes_change_only_after_reopening_which_is_noted(self):
        meeting = self.make_held()
        item, decision = meeting.item_ids[0], self.decide(meeting)
        action = self.agree(meeting)
        meeting.action_minute()
        changes = [
            lambda: item.write({"text": "Other"}),
            lambda: item.write({"name": "Other"}),
            lambda: meeting.item_ids.create({"meeting_id": meeting.id, "name": "New"}),
            lambda: decision.write({"name": "Other"}),
            lambda: action.write({"date_due": date(2027, 1, 1)}),
            lambda: decision.unlink(),
            lambda: self.decide(meeting),
            lambda: meeting.attendance_ids.write({"state": "absent"}),
            lambda: meeting.write({"start": datetime(2026, 3, 8, 13)}),
            lambda: meeting.write({"state": "held"}),
            lambda: meeting.sudo().write({"item_ids": [Command.clear()]}),
        ]
        for change in changes:
            with self.refuses("do not change silently|was held and stays"):
                change()
        action.write({"state": "done", "progress": "The town pays."})  # not in the minutes
        meeting.action_reopen()
        item.text = "Corrected"
        self.assertIn("reopened", meeting.message_ids[:1].body)
        self.assertEqual(meeting.message_ids[:1].author_id, self.coordinator.partner_id)
        with self.refuses("was held and stays"):
            meeting.unlink()

    def test_next_meeting_approves_the_minutes(self):
        first = self.make_held(datetime(2026, 1, 12, 13))
        second = self.make_held()
        self.assertEqual(second.previous_id, first)
        with self.refuses("approved at a later meeting"):
            second.action_approve_previous()
        first.item_ids[0].text = "Said."
        first.action_minute()
        self.assertFalse(first.approved_in_id)
        second.action_approve_previous()
        self.assertEqual(first.approved_in_id, second)
        first.action_reopen()
        self.assertFalse(first.approved_in_id, "what is corrected is approved anew")

    def test_decisions_are_numbered_per_project_and_year(self):
        last_year = self.make_held(datetime(2025, 12, 31, 23, 30))  # 2026 in Amsterdam
        old = self.make_held(datetime(2025, 6, 3, 13))
        now = self.make_held()
        decisions = [self.decide(meeting) for meeting in (last_year, old, now, now)]
        self.assertEqual(
            [decision.code for decision in decisions], ["2026-01", "2025-01", "2026-02", "2026-03"]
        )
        self.assertEqual(self.agree(now).code, "A2026-01")
        with self.refuses("keeps its number"):
            decisions[0].kind = "action"
        other = self.env["buurtbemiddeling.project"].create(
            {"name": "Elsewhere", "company_id": self.company.id}
        )
        self.assertEqual(self.decide(self.make_held(project_id=other.id)).code, "2026-01")

    def test_nothing_is_decided_in_a_meeting_that_was_not_held(self):
        meeting = self.make_meeting()
        for make in (self.decide, self.agree):
            with self.refuses("has not been held"):
                make(meeting)
        meeting.action_held()
        self.decide(meeting)
        with self.refuses("so it was held"):
            meeting.action_plan()

    def test_action_has_an_owner_and_a_date(self):
        meeting = self.make_held()
        for missing in ("owner_id", "date_due"):
            with self.refuses_row("decision", "_action_complete"):
                self.agree(meeting, **{missing: False})

    def test_the_list_begins_with_decisions_as_well_as_open_actions(self):
        decision = self.decide(self.make_held())
        action = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_steering_decision_action")
        (name,) = literal_eval(action.context)
        view = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_steering_decision_view_search")
        name = name.removeprefix("search_default_")
        domain = view._get_combined_arch().xpath(f"//filter[@name='{name}']/@domain")[0]
        self.assertIn(decision, decision.search(literal_eval(domain)))

    def test_open_actions_are_on_the_next_agenda_until_they_are_closed(self):
        first = self.make_held(datetime(2026, 1, 12, 13))
        done, dropped, open_ = (self.agree(first, name) for name in ("a", "b", "c"))
        second = self.make_meeting()
        self.assertEqual(second.open_action_ids, done | dropped | open_)
        self.assertFalse(first.open_action_ids)
        with freeze_time("2026-02-02"):
            done.action_done()
            self.env.flush_all()
        dropped.action_drop()  # after the second meeting
        third = self.make_meeting(datetime(2026, 4, 7, 13))
        second.invalidate_recordset()
        self.assertEqual(second.open_action_ids, dropped | open_, "as it was then")
        self.assertEqual(third.open_action_ids, open_)
        html = self.render("agenda", third)
        self.assertIn("A2026-03", html)
        self.assertNotIn("A2026-01", html)

    def test_action_that_is_too_late_is_on_the_first_screen_of_its_coordinator(self):
        meeting = self.make_held()
        late = self.agree(meeting, due=date(2026, 3, 15))
        today = self.agree(meeting, due=date(2026, 3, 16))
        done = self.agree(meeting, due=date(2026, 3, 15), state="done")
        own = self.agree(
            meeting, due=date(2026, 3, 15), owner_id=self.manager.partner_id.id
        )  # a coordinator's own action is theirs
        kind = self.code("attention", "STEERING_ACTION").with_user(self.coordinator)
        action = kind.action_open()
        found = self.env[action["res_model"]].with_user(self.coordinator).search(action["domain"])
        self.assertEqual(found, late)
        self.assertEqual(kind.record_count, 1)
        self.assertEqual(own.user_id, self.manager)
        self.assertEqual([late.is_overdue, today.is_overdue, done.is_overdue], [True, False, False])

    def test_project_shows_next_meeting_and_open_actions(self):
        self.make_meeting(datetime(2026, 6, 2, 13))
        self.make_meeting(datetime(2026, 4, 7, 13))
        self.agree(self.make_held())
        project = self.project.with_user(self.coordinator)
        self.assertEqual(project.next_steering_date, date(2026, 4, 7))
        self.assertEqual(project.open_action_count, 1)
        for action in (
            project.action_open_steering_members(),
            project.action_open_steering_meetings(),
            project.action_open_steering_actions(),
        ):
            self.assertTrue(project.env[action["res_model"]].search(action["domain"]))

    def test_minutes_on_paper_hold_who_came_what_was_said_and_decided(self):
        meeting = self.make_held()
        meeting.item_ids[0].write({"text": "Said <b>so</b>.", "preparation": "Secret plan"})
        self.decide(meeting, "Go on in 2027", item_id=meeting.item_ids[0].id)
        self.agree(meeting, "Ask the town for money")
        html = self.render("minutes", meeting)
        for text in (
            "Concept", "Wim Agent (Politie)", "Ans Wethouder (Gemeente Heldervoort)",
            "Said &lt;b&gt;so&lt;/b&gt;.", "2026-01", "Go on in 2027", "A2026-01", "04/01/2026",
        ):  # fmt: skip
            self.assertIn(text, html)
        self.assertNotIn("Secret plan", html)
        meeting.action_minute()
        self.assertNotIn("Concept", self.render("minutes", meeting))
        with self.allow_pdf_render():
            pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "buurtbemiddeling_case.report_steering_minutes", meeting.ids
            )
        self.assertTrue(pdf)
        self.assertEqual(
            meeting._get_file_name("minutes"), "Minutes Steering group Heldervoort 2026-03-09"
        )

    def test_colleagues_and_other_organisations_read_nothing(self):
        meeting = self.make_minuted()
        member = self.project.steering_member_ids[0]
        records = [meeting, meeting.item_ids[0], meeting.attendance_ids[0], member]
        file = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": meeting._name, "res_id": meeting.id}
        )
        records.append(file)
        for record in records:
            for user in (self.colleague, self.portal):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            if record == file:
                continue  # Odoo asks the page it is on
            theirs = record.with_user(self.stranger).with_context(
                allowed_company_ids=self.other_company.ids
            )
            self.assertFalse(theirs.search([("id", "=", record.id)]), record._name)
