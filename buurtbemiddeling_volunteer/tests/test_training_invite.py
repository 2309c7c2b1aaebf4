from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, Form, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import MONDAY_EVENING, VolunteerCommon


@tagged("post_install", "-at_install")
class TestInvite(VolunteerCommon, MailCase):
    """Volunteers are chosen, mailed one by one, and their answer is noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vera = cls.make_volunteer("Vera", ready=False)
        cls.wim = cls.make_volunteer("Wim", ready=False)
        cls.nel = cls.make_volunteer("Nel", "training")
        cls.peer = cls.make_training("peer", hours=3)
        cls.evening = cls.make_session(cls.peer, half_days=2, location="Buurthuis")

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 12:00:00"))

    def wizard(self, session=None, **values):
        form = Form(
            self.env["buurtbemiddeling.training.invite"]
            .with_user(self.coordinator)
            .with_context(default_session_id=(session or self.evening).id)
        )
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def invite(self, *volunteers, session=None):
        session = (session or self.evening).with_user(self.coordinator)
        return session._invite(self.vera.browse(v.id for v in volunteers))

    def be_present(self, volunteer, session):
        self.enrol(session, volunteer, state="attended", attended_hours=3)

    # whom

    def test_basic_training_is_proposed_to_who_misses_it_and_is_that_far(self):
        self.pass_basic_training(self.vera)
        self.make_volunteer("Interested", "interest")
        self.make_volunteer("Gone", "left")
        wizard = self.wizard(self.make_session())
        self.assertEqual(wizard.proposal, "no_basic")
        self.assertEqual(wizard.volunteer_ids, self.nel + self.wim)

    def test_peer_review_is_proposed_to_who_was_not_there_for_months(self):
        past = self.make_session(self.peer, half_days=0)
        for weeks, volunteer in ((-4, self.vera), (-40, self.wim)):
            start = MONDAY_EVENING + timedelta(weeks=weeks)
            session = past.copy()
            session.event_ids.create(
                {
                    "training_session_id": session.id,
                    "start": start,
                    "stop": start + timedelta(hours=3),
                }
            )
            self.be_present(volunteer, session)
        third = self.make_volunteer("Third")
        wizard = self.wizard()
        self.assertEqual((wizard.proposal, wizard.peer_months), ("no_peer", 6))
        self.assertEqual(wizard.volunteer_ids, third + self.wim)
        self.assertEqual(self.wizard(peer_months=10).volunteer_ids, third)

    def test_an_advanced_training_is_proposed_to_who_has_not_had_it_and_is_not_about_to(self):
        training = self.make_training("advanced", hours=3)
        session, other = (self.make_session(training, half_days=1) for _time in range(2))
        self.be_present(self.vera, other)
        self.assertEqual(self.wizard(session).volunteer_ids, self.wim)
        self.enrol(other, self.wim)
        self.assertFalse(self.wizard(session).volunteer_ids)
        self.assertEqual(self.wizard(session, proposal="all").volunteer_ids, self.vera + self.wim)

    def test_an_information_meeting_is_proposed_to_who_is_interested(self):
        someone = self.make_volunteer("Someone", "interest")
        session = self.make_session(self.make_training("information"), half_days=1)
        self.assertEqual(self.wizard(session).volunteer_ids, someone)

    def test_the_proposal_is_narrowed_by_language_and_phase(self):
        turkish = self.env.ref("buurtbemiddeling_case.language_tr")
        self.wim.language_ids = turkish
        self.assertEqual(self.wizard(language_id=turkish).volunteer_ids, self.wim)
        form = Form(
            self.env["buurtbemiddeling.training.invite"]
            .with_user(self.coordinator)
            .with_context(default_session_id=self.evening.id)
        )
        form.stage_ids.set(self.code("volunteer.stage", "training"))
        self.assertEqual(form.save().volunteer_ids, self.nel)

    def test_who_is_in_the_session_or_declined_is_not_proposed_who_cancelled_is(self):
        self.invite(self.vera).action_decline()
        self.assertEqual(self.wizard().volunteer_ids, self.wim)
        self.enrol(self.evening, self.wim).state = "cancelled"
        self.assertEqual(self.wizard().volunteer_ids, self.wim)

    def test_volunteers_of_another_organisation_are_not_proposed(self):
        stranger = self.make_volunteer("Far away")
        stranger.sudo().company_id = self.other_company
        self.assertNotIn(stranger, self.wizard(proposal="all").volunteer_ids)

    # the mail

    def test_each_gets_one_mail_with_dates_and_place_and_nobody_in_copy(self):
        template = self.env.ref("buurtbemiddeling_volunteer.mail_template_training_invite")
        template.write({"email_cc": "spy@example.com", "partner_to": str(self.colleague.id)})
        wizard = self.wizard()
        with self.mock_mail_gateway():
            wizard.action_invite()
        self.assertEqual(len(self._mails), 2)
        for volunteer, mail in zip(
            self.vera + self.wim, sorted(self._mails, key=lambda m: m["email_to"]), strict=True
        ):
            self.assertEqual(mail["email_to"], [volunteer.partner_id.email_formatted])
            self.assertFalse(mail["email_cc"])
            self.assertEqual(mail["subject"], "Invitation: Training peer")
            other = (self.vera + self.wim - volunteer).name
            self.assertNotIn(other, mail["body"])
            for text in (
                volunteer.name, "Monday 8 March 2027", "15 March", "Buurthuis", "19:30 – 22:30",
            ):  # fmt: skip
                self.assertIn(text, mail["body"])
        rows = self.evening.enrolment_ids
        self.assertEqual(set(rows.mapped("state")), {"invited"})
        self.assertEqual(rows.mapped("invited_date"), [date(2027, 3, 1)] * 2)

    def test_the_mail_is_in_the_language_of_the_volunteer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.vera.partner_id.lang = "nl_NL"
        with self.mock_mail_gateway():
            self.invite(self.vera)
        self.assertIn("maandag 8 maart 2027", self._mails[0]["body"])

    def test_nobody_is_invited_twice(self):
        self.enrol(self.evening, self.wim)
        self.invite(self.vera)
        with self.mock_mail_gateway():
            again = self.invite(self.vera, self.wim)
        self.assertFalse(again)
        self.assertFalse(self._mails)

    def test_who_has_no_mail_address_is_to_be_phoned(self):
        self.vera.partner_id.email = False
        wizard = self.wizard()
        self.assertEqual(wizard.to_phone, "Vera")
        with self.mock_mail_gateway():
            wizard.action_invite()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.vera.activity_ids.user_id, self.coordinator)
        self.assertFalse(self.wim.activity_ids)

    def test_the_template_names_nobody(self):
        template = self.env.ref("buurtbemiddeling_volunteer.mail_template_training_invite")
        self.invite(self.vera)
        text = f"{template.with_user(self.colleague).body_html} {template.subject}"
        for name in ("Wim", self.coordinator.name, self.company.name):
            self.assertNotIn(name, text)

    def test_nothing_to_come_to_and_nobody_to_invite_are_refused(self):
        wizard = self.wizard()
        wizard.volunteer_ids = False
        with self.assertRaisesRegex(UserError, "at least one volunteer"):
            wizard.action_invite()
        for session in (
            self.make_session(self.peer, half_days=0),
            self.make_session(self.peer, state="cancelled"),
        ):
            with self.assertRaisesRegex(UserError, "planned and still to come"):
                self.invite(self.vera, session=session)
        with freeze_time("2027-03-09"), self.assertRaisesRegex(UserError, "still to come"):
            self.invite(self.vera)
        self.assertFalse(self.evening.enrolment_ids)

    def test_a_deleted_template_is_refused_in_words(self):
        self.env.ref("buurtbemiddeling_volunteer.mail_template_training_invite").unlink()
        with self.assertRaisesRegex(UserError, "template of the invitation was deleted"):
            self.invite(self.vera)

    # the answer

    def test_an_invitation_takes_no_seat_and_the_answer_does(self):
        self.evening.capacity = 1
        rows = self.invite(self.vera, self.wim)
        self.assertEqual((self.evening.seats_taken, self.evening.waiting_count), (0, 0))
        rows.action_enrol()
        self.assertEqual(rows.mapped("state"), ["enrolled", "waiting"])
        self.assertEqual(self.evening.seats_free, 0)

    def test_who_waited_longest_gets_the_seat_not_who_was_invited_first(self):
        self.evening.capacity = 1
        invited = self.invite(self.vera)
        seated = self.enrol(self.evening, self.nel)
        waiting = self.enrol(self.evening, self.wim)
        self.env.flush_all()
        with freeze_time("2027-03-02 12:00:00"):
            invited.action_enrol()
            self.assertEqual(invited.state, "waiting")
            seated.state = "cancelled"
        self.assertEqual((waiting.state, invited.state), ("enrolled", "waiting"))

    def test_who_declined_may_come_after_all_or_be_invited_again(self):
        row = self.invite(self.vera)
        row.action_decline()
        self.assertEqual(row.state, "declined")
        row.action_enrol()
        self.assertEqual(row.state, "enrolled")
        row.state = "declined"
        again = self.invite(self.vera)
        self.assertEqual((again.state, row.state), ("invited", "declined"))

    def test_the_button_on_the_session_opens_the_dialog(self):
        action = self.evening.with_user(self.coordinator).action_invite()
        self.assertEqual(action["context"], {"default_session_id": self.evening.id})


@tagged("post_install", "-at_install")
class TestLastSeat(BaseCase):
    """Two coordinators give the last seat at the same moment, each in an own transaction."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            training = env["buurtbemiddeling.training"].create(
                {"name": "Last seat", "kind": "peer", "hours": 3}
            )
            session = env["buurtbemiddeling.training.session"].create(
                {"training_id": training.id, "capacity": 1}
            )
            partners = env["res.partner"].create([{"name": "First"}, {"name": "Second"}])
            volunteers = env["buurtbemiddeling.volunteer"].create(
                [{"partner_id": partner.id} for partner in partners]
            )
            self.records = {
                records._name: records.ids for records in (session, training, volunteers, partners)
            }
            self.session_id, self.volunteer_ids = session.id, volunteers.ids
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for model, ids in self.records.items():
                env[model].browse(ids).unlink()

    def enrol(self, cr, volunteer_id):
        env = api.Environment(cr, SUPERUSER_ID, {})
        row = env["buurtbemiddeling.training.enrolment"].create(
            {"session_id": self.session_id, "volunteer_id": volunteer_id}
        )
        env.flush_all()
        return row.state

    def test_one_gets_it_and_the_other_waits(self):
        first, second = self.volunteer_ids
        with self.registry.cursor() as cr_one, self.registry.cursor() as cr_two:
            cr_two.execute("SELECT seats_free FROM buurtbemiddeling_training_session")
            self.assertEqual(self.enrol(cr_one, first), "enrolled")
            cr_one.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.enrol(cr_two, second)
            cr_two.rollback()
            # as Odoo does with a request that failed so: it is tried again
            self.assertEqual(self.enrol(cr_two, second), "waiting")
            cr_two.commit()
            cr_one.execute(
                "SELECT seats_taken, waiting_count FROM buurtbemiddeling_training_session"
                " WHERE id = %s",
                [self.session_id],
            )
            self.assertEqual(cr_one.fetchone(), (1, 1))

    def test_two_invited_people_who_both_say_yes(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            rows = env["buurtbemiddeling.training.enrolment"].create(
                [
                    {"session_id": self.session_id, "volunteer_id": id_, "state": "invited"}
                    for id_ in self.volunteer_ids
                ]
            )
            ids = rows.ids

        def say_yes(cr, id_):
            env = api.Environment(cr, SUPERUSER_ID, {})
            row = env["buurtbemiddeling.training.enrolment"].browse(id_)
            row.action_enrol()
            env.flush_all()
            return row.state

        with self.registry.cursor() as cr_one, self.registry.cursor() as cr_two:
            cr_two.execute("SELECT seats_free FROM buurtbemiddeling_training_session")
            self.assertEqual(say_yes(cr_one, ids[0]), "enrolled")
            cr_one.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                say_yes(cr_two, ids[1])
            cr_two.rollback()
            self.assertEqual(say_yes(cr_two, ids[1]), "waiting")
