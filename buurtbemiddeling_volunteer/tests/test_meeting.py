from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import VolunteerCommon

NEXT_YEAR = datetime.now().replace(hour=18, minute=30, second=0, microsecond=0) + timedelta(365)


@tagged("post_install", "-at_install")
class TestMeeting(VolunteerCommon):
    """Mediators have their talks on the calendar; residents are never in an entry."""

    def setUp(self):
        super().setUp()
        self.case = self.make_quarrel()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")

    def plan(self, kind="talk_a", start=NEXT_YEAR, **values):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": self.case.id, "kind": kind, "start": start, **values})
        )

    def attendees(self, meeting):
        return meeting.event_id.sudo().partner_ids - self.coordinator.partner_id

    def test_mediators_are_in_every_talk_but_the_intake_and_who_is_only_invited_in_none(self):
        self.couple(self.case, self.vera, "accepted")
        self.couple(self.case, self.wim, "accepted")
        self.couple(self.case, self.make_volunteer("Asked"), "invited")
        self.couple(self.case, self.make_volunteer("Nee"), "declined")
        both = self.vera.partner_id + self.wim.partner_id
        kinds = dict(self.env["buurtbemiddeling.meeting"]._fields["kind"].selection)
        for kind in kinds:
            with self.subTest(kind=kind):
                expected = both.browse() if kind == "intake" else both
                self.assertEqual(self.attendees(self.plan(kind)), expected)

    def test_planned_talks_follow_the_coupling(self):
        talk = self.plan()
        self.assertFalse(self.attendees(talk))
        first = self.couple(self.case, self.vera, "invited")
        self.assertFalse(self.attendees(talk), "not before saying yes")
        first.state = "accepted"
        self.assertEqual(self.attendees(talk), self.vera.partner_id)
        first.state = "ended"
        self.assertFalse(self.attendees(talk))
        second = self.couple(self.case, self.wim)
        self.assertEqual(self.attendees(talk), self.wim.partner_id)
        second.with_user(self.manager).unlink()
        self.assertFalse(self.attendees(talk))

    def test_closing_takes_the_mediators_out_of_planned_talks(self):
        talk = self.plan()
        self.couple(self.case, self.vera)
        self.case.outcome_id = self.code("outcome", "OPG_1P")
        self.case.stage_id = self.stage("closed")
        self.assertFalse(self.attendees(talk))

    def test_talks_of_the_past_keep_who_was_there(self):
        talk = self.plan(start=datetime(2026, 3, 16, 18, 30))
        assignment = self.couple(self.case, self.vera)
        self.assertFalse(self.attendees(talk))
        talk.duration = 2
        assignment.state = "ended"
        self.assertEqual(self.attendees(talk), self.vera.partner_id)

    def test_no_resident_is_an_attendee_even_when_he_is_a_volunteer_elsewhere(self):
        resident = self.case.party_ids.partner_id[0]
        self.couple(self.case, self.vera)
        self.vera.partner_id = resident
        for kind in ("talk_a", "mediation", "aftercare"):
            event = self.plan(kind).event_id.sudo()
            self.assertFalse(event.partner_ids & self.case.party_ids.partner_id)
            self.assertFalse(event.attendee_ids.partner_id & self.case.party_ids.partner_id)

    def test_nobody_is_mailed_and_no_name_is_written_down(self):
        mails = self.env["mail.mail"].search_count([])
        talk = self.plan()
        assignment = self.couple(self.case, self.vera)
        assignment.state = "ended"
        event = talk.event_id.sudo()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(event.description)
        self.assertNotIn("Vera", event.name)

    def test_a_colleague_coordinator_couples_mediators_to_planned_talks(self):
        talk = self.plan()
        stand_in = self.make_user("stand_in", "buurtbemiddeling_case.group_user")
        self.couple(self.case, self.vera, user=stand_in)
        self.assertEqual(self.attendees(talk), self.vera.partner_id)

    def test_mediators_are_invited_and_told_of_changes_each_by_a_mail_that_names_nobody(self):
        talk = self.plan(place="phone")
        self.couple(self.case, self.vera)
        assignment = self.couple(self.case, self.wim)
        both = self.vera.partner_id + self.wim.partner_id
        self.assertEqual(self.mediators_mailed(talk.action_invite), both)
        self.assertEqual(
            self.mediators_mailed(lambda: talk.write({"start": NEXT_YEAR + timedelta(1)})), both
        )
        assignment.state = "ended"
        self.assertEqual(
            self.mediators_mailed(lambda: talk.write({"cancel_reason": "mediator"})),
            self.vera.partner_id,
            "who has left the case hears no more of it",
        )

    def mediators_mailed(self, action):
        """Return the volunteers whom ``action`` mails: each alone, and no resident is named."""
        before = self.env["mail.mail"].sudo().search([])
        action()
        mails = self.env["mail.mail"].sudo().search([("model", "=", "buurtbemiddeling.meeting")])
        mails = (mails - before).filtered(
            lambda mail: mail.recipient_ids <= self.vera.partner_id + self.wim.partner_id
        )
        for mail in mails:
            self.assertEqual(len(mail.recipient_ids), 1)
            for name in ("Anna", "Bert", "Dorpsstraat", "Vera", "Wim"):
                self.assertNotIn(name, f"{mail.subject} {mail.body_html}")
        return mails.recipient_ids

    def test_mediator_who_is_busy_is_warned_of(self):
        other = self.make_quarrel(
            reporter_name="Carla", reporter_street="Kade 1", neighbour_street="Kade 3"
        )
        self.couple(self.case, self.vera)
        self.couple(other, self.vera)
        self.plan()
        warning = self.plan(case_id=other.id).warning
        self.assertIn("Vera", warning)
        self.assertNotIn("Wim", warning)
        self.assertNotIn(self.case.name, warning)
