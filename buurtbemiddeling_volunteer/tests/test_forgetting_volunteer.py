from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_retention import DUE_ON, MARK, RetentionCommon


@tagged("post_install", "-at_install")
class TestForgettingVolunteer(RetentionCommon):
    """What is left of a volunteer who was forgotten, and of whoever is somebody else too."""

    def fill(self, volunteer):
        """Fill in all that tells of a volunteer, with a marker in every text."""
        self.fill_contact(volunteer.partner_id)
        self.fill_volunteer(volunteer)
        self.fill_lists(volunteer)
        self.apply(volunteer)
        return self.mediate(volunteer)

    def fill_contact(self, partner):
        partner.write(
            {
                "email": f"vera.{MARK}@example.com",
                "phone": "06 12345678",
                "street": f"{MARK}straat 1",
                "comment": MARK,
                "ref": MARK,
                "category_id": [Command.create({"name": "Volunteer"})],
                "bank_ids": [Command.create({"acc_number": "NL13TEST0123456789"})],
                "child_ids": [Command.create({"name": MARK, "type": "other", "street": MARK})],
            }
        )
        partner.message_post(body=MARK)
        self.env["mail.blacklist"]._add(partner.email)

    def fill_volunteer(self, volunteer):
        language = self.env["buurtbemiddeling.language"].search([], limit=1)
        volunteer.write(
            {
                "birthday": date(1980, 5, 5),
                "gender": "woman",
                "offer_consent_date": date(2024, 1, 8),
                "retention_hold_reason": MARK,
                "retention_hold_until": date.today() + timedelta(days=30),
                "language_ids": [Command.set(language.ids)],
            }
        )
        volunteer.message_post(body=MARK, attachments=[(f"{MARK}.txt", b"vog")])
        volunteer.activity_schedule("mail.mail_activity_data_todo", summary=MARK)

    def fill_lists(self, volunteer):
        """Write a row in each list of a volunteer."""

        def make(model, **values):
            return self.env[f"buurtbemiddeling.{model}"].create(
                {"volunteer_id": volunteer.id, **values}
            )

        occasion = self.env["buurtbemiddeling.thanks.occasion"].search([], limit=1)
        make("coach.note", note=MARK)
        make("learning.goal", name=MARK, result=MARK, company_id=self.company.id)
        make("volunteer.absence", note=MARK, date_from=date(2026, 1, 1), date_to=date(2026, 1, 2))
        make("volunteer.declaration", name=f"Friend {MARK}", street=MARK, kind="person")
        make("thanks", text=MARK, occasion_id=occasion.id)
        make("expense", description=MARK, amount=5, kind="other", date=date(2026, 1, 5))
        talk = make("volunteer.talk", kind="intake", note=MARK, goals=MARK, date=date(2026, 1, 5))
        talk.score_ids.note = MARK

    def mediate(self, volunteer):
        """Let a volunteer stop in a case, and tell so; return what was done in it."""
        case = self.make_case()
        row = self.couple(case, volunteer, "accepted", date_start=date(2026, 3, 9), hours=6).sudo()
        row.write({"state": "ended", "date_end": date(2026, 5, 1), "reason_note": MARK})
        case.message_post(body=f"<p>Vera {MARK} stopped</p>", author_id=volunteer.partner_id.id)
        session = volunteer.enrolment_ids.session_id
        session.message_post(body=f"Vera {MARK} enrolled on the portal.")
        return row

    def test_no_word_of_who_left_is_anywhere_and_the_facts_stay(self):
        row = self.fill(self.vera)
        user = self.use_login(self.vera)
        self.leave(self.vera)
        facts = self.get_facts(row)
        expense, documents = self.vera.expense_ids, self.vera.document_ids
        attachments = self.env["ir.attachment"].search([("res_model", "=", self.vera._name)])
        self.assertTrue(attachments)
        self.vera._anonymize()
        self.assertEqual(self.find_marker(), [])
        self.assertEqual(facts, self.get_facts(row))
        self.assertEqual((expense.amount, expense.date), (5, date(2026, 1, 5)))
        self.assertFalse(attachments.exists() or documents.exists())
        self.assertFormer(self.vera)
        self.assertNobodyLogsIn(user)

    def use_login(self, volunteer):
        """Give a volunteer a login, and let it be used."""
        user = self.give_login(volunteer)
        user.write({"signature": MARK, "password": "vera-knows-this"})
        self.env["res.device.log"].create(
            {"session_identifier": "s", "user_id": user.id, "ip_address": "10.1.2.3"}
        )
        return user

    def get_facts(self, row):
        """Return what figures count of a volunteer, and of what was done in a case."""
        enrolment = self.vera.enrolment_ids
        attended = enrolment.attended_hours, enrolment.result
        return (*attended, row.hours, row.date_end, self.vera.date_end)

    def assertFormer(self, volunteer):  # noqa: N802
        """Who it was cannot be seen; when somebody started can."""
        self.assertRecordValues(
            volunteer,
            [
                {
                    "name": f"Former mediator {volunteer.id}",
                    "active": False,
                    "birthday": False,
                    "birthday_key": 0,
                    "gender": False,
                    "user_id": False,
                    "date_start": date(2024, 1, 8),
                    "stage_id": self.left.id,
                }
            ],
        )
        self.assertTrue(volunteer.anonymized_date)
        partner = volunteer.partner_id
        self.assertEqual(partner.display_name, volunteer.name)
        self.assertFalse(partner.active or partner.bank_ids or partner.child_ids or partner.email)

    def assertNobodyLogsIn(self, user):  # noqa: N802
        """A login is left that nobody can use or recognise."""
        self.assertFalse(user.active or user.signature)
        self.assertNotIn("example", user.login)
        self.env.cr.execute(SQL("SELECT password FROM res_users WHERE id = %s", user.id))
        self.assertFalse(self.env.cr.fetchone()[0])
        self.assertFalse(self.env["res.device.log"].search([("user_id", "=", user.id)]))
        self.env.cr.execute("SELECT 1 FROM res_device_log WHERE ip_address = '10.1.2.3'")
        self.assertFalse(self.env.cr.fetchone())

    def test_forgetting_twice_is_forgetting_once(self):
        self.leave(self.vera)._anonymize()
        contacts = self.env["res.partner"].with_context(active_test=False).search_count([])
        day = self.vera.anonymized_date
        self.vera._anonymize()
        self.assertEqual(self.vera.anonymized_date, day)
        self.assertEqual(
            contacts, self.env["res.partner"].with_context(active_test=False).search_count([])
        )
        self.assertNotIn(self.vera, self.get_due("volunteer", DUE_ON))

    def test_an_applicant_is_forgotten_by_the_same_way(self):
        anna = self.leave(self.make_applicant(), date(2026, 2, 10))
        anna._anonymize()
        self.assertEqual(anna.name, f"Former applicant {anna.id}")
        self.assertEqual(anna.application_date, date(2026, 1, 5))  # is counted
        self.assertFalse(anna.application_ids)

    def test_two_who_worked_together_are_forgotten_in_one_batch(self):
        wim = self.make_volunteer("Wim Duo", date_start=date(2024, 1, 8)).sudo()
        case = self.make_case()
        for volunteer in (self.vera, wim):
            self.couple(case, volunteer, "ended", date_end=date(2026, 5, 1))
        case.message_post(body=f"Vera {MARK} and Wim Duo, not Wim Duosen, go")
        self.leave(self.vera)
        self.leave(wim)
        (self.vera | wim)._anonymize()
        body = str(case.message_ids[0].body)
        self.assertIn(f"{self.vera.name} and {wim.name}, not Wim Duosen", body)
        self.assertFalse(self.find_marker())

    def test_others_keep_all_that_is_theirs(self):
        wim = self.make_volunteer("Wim Wilgen", date_start=date(2024, 1, 8)).sudo()
        self.fill(wim)
        wim_login = self.give_login(wim)
        self.leave(self.vera)._anonymize()
        self.assertTrue(wim_login.active and wim.coach_note_ids and wim.document_ids)
        self.assertEqual((wim.name, wim.email), ("Wim Wilgen", f"vera.{MARK}@example.com".lower()))

    def assertLeftAlone(self, name):  # noqa: N802 (as the other assertions)
        contact = self.vera.partner_id
        self.leave(self.vera)._anonymize()
        self.assertNotEqual(self.vera.partner_id, contact)
        self.assertEqual((contact.name, contact.active), (name, True))
        self.assertEqual(self.vera.partner_id.name, self.vera.name)
        self.assertEqual(self.vera.name, f"Former mediator {self.vera.id}")

    def test_a_contact_who_is_a_resident_as_well_stays(self):
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.make_case().id, "side": "b", "partner_id": self.vera.partner_id.id}
        )
        self.assertLeftAlone(f"Vera {MARK}")

    def test_a_contact_who_is_a_resident_as_well_goes_with_the_case(self):
        contact = self.vera.partner_id
        login = self.give_login(self.vera)
        case = self.make_case()
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": case.id, "side": "b", "partner_id": contact.id}
        )
        self.assertLeftAlone(f"Vera {MARK}")
        self.assertTrue(contact.is_confidential, "is that of a resident only, from now on")
        self.assertEqual(login.partner_id, self.vera.partner_id)
        case._anonymize()
        self.assertFalse(contact.exists())
        self.assertEqual(self.find_marker(), [])

    def test_a_name_with_an_apostrophe_goes_from_what_others_tell(self):
        for name in ("'t Hart", "Piet van 't Hart", "Jan D'Hart & Zn"):
            volunteer = self.make_volunteer(name).sudo()
            case = self.make_case()
            self.couple(case, volunteer, "ended", date_end=date(2026, 5, 1))
            case.message_post(body=f"Bezoek van {name}; Hartman belt", subject=name)
            self.leave(volunteer)._anonymize()
            told = [*case.message_ids.mapped("body"), *case.message_ids.mapped("subject")]
            self.assertFalse([text for text in told if text and "Hart" in text.split("; ")[0]])
            self.assertTrue(any(text and "Hartman" in text for text in told))

    def test_a_contact_who_refers_as_well_stays(self):
        self.vera.partner_id.parent_id = self.make_referral_partner().partner_id
        self.assertLeftAlone(f"Vera {MARK}")

    def test_a_contact_who_is_a_colleague_stays_also_when_the_login_is_closed(self):
        user = self.env["res.users"].create(
            {"login": "vera.colleague", "partner_id": self.vera.partner_id.id}
        )
        user.active = False
        self.assertLeftAlone(f"Vera {MARK}")
        self.assertEqual(user.login, "vera.colleague")

    def test_a_contact_who_is_a_volunteer_elsewhere_stays_there(self):
        company = self.env["res.company"].create({"name": "Another organisation"})
        there = self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.vera.partner_id.id, "company_id": company.id}
        )
        self.assertLeftAlone(f"Vera {MARK}")
        self.assertEqual(there.name, f"Vera {MARK}")

    def test_who_comes_back_after_the_term_is_a_new_volunteer(self):
        self.leave(self.vera)._anonymize()
        for values in (
            {"stage_id": self.code("volunteer.stage", "active").id},
            {"active": True},
            {"birthday": date(1980, 5, 5)},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "as a new volunteer"):
                self.vera.with_user(self.coordinator).write(values)
        again = self.make_volunteer(f"Vera {MARK}")
        self.assertNotEqual(again, self.vera)

    def declare(self, **values):
        return self.env["buurtbemiddeling.volunteer.declaration"].create(
            {"volunteer_id": self.vera.id, **values}
        )

    def test_what_a_volunteer_declared_of_a_resident_goes_with_the_resident(self):
        case = self.make_quarrel(reporter_name="Anna Zegge", reporter_street="Dreef 3")
        anna = case.party_ids.filtered(lambda party: party.side == "a")
        by_contact = self.declare(kind="person", partner_id=anna.partner_id.id)
        by_name = self.declare(kind="family", name="anna zegge", street="Dreef 3")
        other = self.declare(kind="person", name="Anna Zegge", street="Elzenpad 1", city="Elders")
        street = self.declare(kind="street", street="Dreef", city="Lindewaard")
        row = self.couple(case, self.vera, "ended", date_end=date(2026, 5, 1)).sudo()
        row.write({"reason_note": MARK})
        note = self.env["buurtbemiddeling.coach.note"].create(
            {"volunteer_id": self.vera.id, "case_id": case.id, "note": MARK}
        )
        case._anonymize()
        self.assertFalse((by_contact | by_name).exists() or note.exists())
        self.assertEqual((other | street).exists(), other | street)
        self.assertFalse(row.reason_note)
        self.assertEqual((row.volunteer_id, row.state), (self.vera, "ended"))

    def test_a_workbook_with_accounts_goes_after_the_years_that_the_law_asks(self):
        exports = self.env["buurtbemiddeling.expense.export"].create(
            [
                {"company_id": self.company.id, "date": day, "date_to": day, "file": b"eA=="}
                for day in (
                    date.today() - relativedelta(years=7, month=12, day=31),
                    date.today() - relativedelta(years=8, month=12, day=31),
                )
            ]
        )
        self.env["buurtbemiddeling.expense.export"]._gc_workbooks()
        self.assertEqual([bool(export.file) for export in exports], [True, False])
