from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_merge import ANNA, BERT, MergeCommon


@tagged("post_install", "-at_install")
class TestMergeMoves(MergeCommon):
    """What comes along with a case that is merged: talks, messages, links and phases."""

    def test_talks_agreements_and_pauses_move_and_the_calendar_shows_the_number(self):
        other = self.make_request(ANNA, BERT)
        talk = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": other.id, "kind": "talk_b", "start": datetime(2027, 3, 8, 18, 30)}
        )
        event = talk.event_id
        agreement = self.env["buurtbemiddeling.case.agreement"].create(
            {"case_id": other.id, "name": "Quiet after ten", "who": "b"}
        )
        pause = self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": other.id, "date_from": date(2026, 3, 5)}
        )
        kept = self.merge(self.kept, other)
        self.assertEqual((kept.meeting_ids, talk.event_id, talk.kind), (talk, event, "talk_b"))
        self.assertTrue(event.exists())
        self.assertIn(kept.name, event.name)
        self.assertEqual((kept.agreement_ids, agreement.who), (agreement, "b"))
        self.assertEqual(kept.pause_ids, pause)

    def test_messages_files_activities_and_followers_of_the_case_move(self):
        other = self.make_request(ANNA, BERT)
        self.env.flush_all()
        self.env.cr.flush()  # what was tracked is posted at the end of a transaction
        other.with_user(self.coordinator).intake_decision = "suitable"
        other.with_user(self.coordinator).stage_id = self.stage("intake")
        self.env.cr.flush()
        note = self.note(other, "A note on the case")
        file = self.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"x", "res_model": other._name, "res_id": other.id}
        )
        activity = other.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        for case in (self.kept, other):
            case.message_subscribe(self.manager.partner_id.ids)
        tracked = other.message_ids.sudo().tracking_value_ids
        self.assertTrue(tracked)
        kept = self.merge(self.kept, other)
        self.assertIn(note, kept.message_ids)
        self.assertTrue(tracked.exists())
        self.assertLessEqual(tracked, kept.message_ids.sudo().tracking_value_ids)
        self.assertEqual((file.res_model, file.res_id), (kept._name, kept.id))
        self.assertEqual((kept.activity_ids, activity.user_id), (activity, self.manager))
        followers = kept.message_follower_ids.partner_id
        self.assertEqual(followers, (self.coordinator | self.manager).partner_id)

    def test_phases_of_the_merged_case_are_readable_and_take_no_time_of_the_kept_case(self):
        other = self.make_request(ANNA, BERT)
        self.env.cr.flush()
        other.with_user(self.coordinator).stage_id = self.stage("talk_a")
        self.env.cr.flush()
        kept = self.merge(self.kept, other)
        tracked = kept.message_ids.sudo().tracking_value_ids
        coordinator = self.env(user=self.coordinator)
        shown = tracked._filter_has_field_access(coordinator)._tracking_value_format()
        self.assertIn(
            ("Phase of the merged case", self.stage("talk_a").name),
            [(value["fieldInfo"]["changedField"], value["newValue"]) for value in shown],
        )
        kept.invalidate_recordset()

    def test_external_ids_and_messages_that_are_still_to_be_sent_follow(self):
        other = self.make_request(ANNA, BERT)
        xmlid = self.env["ir.model.data"].create(
            {"module": "x", "name": "c", "model": other._name, "res_id": other.id}
        )
        scheduled = (
            self.env["mail.scheduled.message"]
            .with_user(self.coordinator)
            .create(
                {
                    "model": "buurtbemiddeling.case.party",
                    "res_id": other.party_ids[0].id,
                    "body": "x",
                    "scheduled_date": datetime(2030, 1, 1),
                    "author_id": self.coordinator.partner_id.id,
                }
            )
        )
        kept = self.merge(self.kept, other)
        self.assertEqual(xmlid.res_id, kept.id)
        self.assertEqual(scheduled.res_id, kept.party_ids[0].id)
        with self.assertRaises(UserError):
            scheduled.with_context(merging=True).write({"res_id": kept.party_ids[1].id})

    def test_every_stored_link_to_a_case_is_moved(self):
        """No link is listed by hand, so a new model is not forgotten."""
        found = {
            (field.model_name, field.name)
            for field in self.env["buurtbemiddeling.case"]._get_pointers()
        }
        self.assertLessEqual(
            {
                ("buurtbemiddeling.case.party", "case_id"),
                ("buurtbemiddeling.meeting", "case_id"),
                ("mail.message", "res_id"),
                ("mail.activity", "res_id"),
                ("mail.followers", "res_id"),
                ("ir.attachment", "res_id"),
            },
            found,
        )
