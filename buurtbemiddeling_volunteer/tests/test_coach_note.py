from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_visit_report import WorkCommon


@tagged("post_install", "-at_install")
class TestCoachNote(WorkCommon):
    """Coach notes are for the coordinators and the volunteer concerned, and for nobody else."""

    def setUp(self):
        super().setUp()
        self.vera.partner_id = self.portal.partner_id
        self.vera.user_id = self.portal
        notes = self.env["buurtbemiddeling.coach.note"].with_user(self.coordinator)
        self.about_vera = notes.create(
            {"volunteer_id": self.vera.id, "case_id": self.case.id, "note": "Laat stiltes vallen"}
        )
        self.about_wim = notes.create({"volunteer_id": self.wim.id, "note": "Over Wim"})

    def test_every_coordinator_of_the_organisation_reads_them(self):
        for user in (self.coordinator, self.manager):
            self.assertEqual(
                self.env["buurtbemiddeling.coach.note"].with_user(user).search([]),
                self.about_vera | self.about_wim,
            )
        self.assertFalse(self.about_vera.with_user(self.stranger).search([]))

    def get_shown(self, user):
        """Return the notes on the portal page of whoever logs in."""
        mine = self.env["buurtbemiddeling.volunteer"].with_user(user)._get_mine()
        return [note["text"] for each in mine for note in each._get_portal_coach_notes()]

    def test_a_volunteer_sees_the_own_notes_and_has_no_right_to_the_records(self):
        """The record tells of what case it is, also after the work there has ended."""
        self.assertEqual(self.get_shown(self.portal), ["Laat stiltes vallen"])
        for note in self.about_vera | self.about_wim:
            mine = note.with_user(self.portal)
            with self.assertRaises(AccessError):
                mine.read(["note"])
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(mine.has_access(operation))

    def test_another_login_sees_nothing(self):
        for user in (
            self.make_user("unknown", "base.group_portal"),
            self.env.ref("base.public_user"),
            self.colleague,
        ):
            with self.subTest(user=user.login):
                self.assertFalse(self.get_shown(user))
                with self.assertRaises(AccessError):
                    self.about_vera.with_user(user).read(["note"])

    def test_a_login_that_is_taken_away_sees_nothing_more(self):
        self.vera.user_id = False
        self.assertFalse(self.get_shown(self.portal))

    def test_nothing_of_it_is_on_the_thread_of_the_volunteer(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(self.env["mail.message"].search([("body", "ilike", "stiltes")]))
        self.assertNotIn("Vera", self.about_vera.display_name)

    def test_notes_about_work_in_a_merged_case_name_the_kept_case(self):
        younger = self.make_quarrel()
        self.couple(younger, self.vera, independence_reason="Both know the mediator")
        self.about_vera.case_id = younger
        self.merge(self.case | younger)
        self.assertEqual(self.about_vera.case_id, self.case)

    def test_a_case_of_another_organisation_is_refused(self):
        elsewhere = self.env["buurtbemiddeling.case"].create({"company_id": self.other_company.id})
        with self.assertRaises(AccessError):
            self.about_vera.case_id = elsewhere

    def test_a_colleague_outside_does_not_merge_another_volunteer_into_a_login(self):
        contacts = (self.vera | self.wim).partner_id
        contacts.email = "same@example.com"
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.colleague)
        for kept in contacts:
            with self.assertRaisesRegex(UserError, "Ask your Odoo administrator"):
                wizard._merge(contacts.ids, kept.with_env(wizard.env))
        self.assertEqual(self.get_shown(self.portal), ["Laat stiltes vallen"])

    def test_a_colleague_outside_does_not_get_hold_of_the_login_by_its_mail_address(self):
        """A new password is sent to it."""
        contact = self.vera.partner_id
        before = contact.email
        with self.assertRaisesRegex(AccessError, "logs in"):
            contact.with_user(self.colleague).email = "else@example.com"
        contact.with_user(self.colleague).write({"email": before, "phone": "0612345678"})
        self.assertEqual(contact.email, before)
        self.wim.partner_id.with_user(self.colleague).email = "wim2@example.com"
        contact.with_user(self.coordinator).email = "vera2@example.com"
        self.assertEqual(contact.email, "vera2@example.com")
