from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_merge import ANNA, BERT, COMING, MergeCommon

DIRK = {"name": "Dirk", "street": "Dorpsstraat 9", "city": "Dorp"}


@tagged("post_install", "-at_install")
class TestSplit(MergeCommon):
    """Anna has trouble with Bert and with Dirk, typed as one case: these are two quarrels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = cls.env["res.partner"].create(
            {**DIRK, "is_confidential": True, "company_id": cls.company.id}
        )
        cls.env["buurtbemiddeling.case.party"].create(
            {"case_id": cls.kept.id, "side": "b", "partner_id": contact.id}
        )
        cls.anna, cls.bert, cls.dirk = cls.kept.party_ids

    def split_wizard(self, places, user=None, sides=(), **values):
        wizard = (
            self.env["buurtbemiddeling.case.split"]
            .with_user(user or self.coordinator)
            .create({"case_id": self.kept.id, **values})
        )
        for line in wizard.line_ids:
            line.place = places.get(line.party_id, "stays")
            line.side = dict(sides).get(line.party_id, line.side)
        return wizard

    def split(self, places, **values):
        action = self.split_wizard(places, **values).action_split()
        return self.env["buurtbemiddeling.case"].browse(action["res_id"])

    def test_a_party_takes_its_whole_thread_to_the_new_case(self):
        notes = {party: self.note(party, f"about {party.name}") for party in self.kept.party_ids}
        file = self.env["ir.attachment"].create(
            {"name": "x", "res_model": self.dirk._name, "res_id": self.dirk.id}
        )
        new = self.split({self.dirk: "new", self.anna: "both"})
        self.assertEqual(self.dirk.case_id, new)
        self.assertIn(notes[self.dirk], self.dirk.message_ids)
        self.assertEqual(file.res_id, self.dirk.id)
        self.assertEqual(self.kept.party_ids, self.anna | self.bert)
        anna_there = new.party_ids - self.dirk
        self.assertEqual((anna_there.partner_id, anna_there.side), (self.anna.partner_id, "a"))
        self.assertNotIn("about", self.texts(anna_there), "the thread stays with the first quarrel")
        self.assertIn(notes[self.anna], self.anna.message_ids)

    def test_the_clock_is_not_reset(self):
        """Splitting an old request does not keep data longer, nor make it look fast."""
        stage = self.stage("talk_a")
        self.kept.write({"intake_decision": "suitable", "stage_id": stage.id})
        self.kept.stage_date = date(2026, 3, 20)
        self.kept._note_contact(date(2026, 3, 21))
        self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": self.kept.id, "date_from": date(2026, 4, 1), "date_to": date(2026, 4, 10)}
        )
        new = self.split({self.dirk: "new"})
        for name in (
            "registration_date", "stage_id", "stage_date", "stage_deadline", "intake_decision",
            "intake_date", "last_contact_date", "user_id", "channel", "area_id", "company_id",
        ):  # fmt: skip
            self.assertEqual(new[name], self.kept[name], name)
        self.assertEqual(len(new.pause_ids), 1)
        new.write({"close_date": date(2026, 5, 2), "outcome_id": self.code("outcome", "DEELS").id})
        self.assertEqual((new.waiting_days, new.own_days), (10, 51))

    def test_the_new_case_gets_a_number_of_the_year_of_registration(self):
        self.kept.registration_date = date(2025, 12, 30)
        new = self.split({self.dirk: "new"})
        self.assertEqual(new.name, "2025-0001")
        self.assertIn(new.name, self.texts(self.kept))
        self.assertIn(self.kept.name, self.texts(new))
        self.assertFalse(new.former_numbers or new.external_ref)

    def test_facts_of_the_registration_are_copied(self):
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        self.kept.write({"nuisance_type_ids": noise.ids, "channel": "letter"})
        new = self.split({self.dirk: "new"})
        self.assertEqual((new.nuisance_type_ids, new.channel), (noise, "letter"))
        self.assertEqual(new.main_nuisance_type_id, noise)

    def test_chosen_talks_and_agreements_go_and_the_calendar_follows(self):
        talks = self.env["buurtbemiddeling.meeting"].create(
            [{"case_id": self.kept.id, "start": datetime(2027, 3, day, 18)} for day in (8, 9)]
        )
        agreements = self.env["buurtbemiddeling.case.agreement"].create(
            [{"case_id": self.kept.id, "name": name} for name in ("one", "two")]
        )
        new = self.split(
            {self.dirk: "new"},
            meeting_ids=[Command.set(talks[0].ids)],
            agreement_ids=[Command.set(agreements[0].ids)],
        )
        self.assertEqual((new.meeting_ids, self.kept.meeting_ids), (talks[0], talks[1]))
        self.assertIn(new.name, talks[0].event_id.name)
        self.assertEqual(
            (new.agreement_ids, self.kept.agreement_ids), (agreements[0], agreements[1])
        )

    def test_a_neighbour_can_be_the_reporter_of_the_new_quarrel(self):
        new = self.split({self.dirk: "new", self.bert: "both"}, sides=[(self.dirk, "a")])
        self.assertEqual(
            {party.name: party.side for party in new.party_ids}, {"Dirk": "a", BERT["name"]: "b"}
        )

    def test_who_leaves_a_talk_hears_once_that_it_is_off_and_who_comes_hears_nothing(self):
        for party in self.kept.party_ids:
            party.email = f"{party.name.split()[0].lower()}@example.com"
        goes, stays = self.invite(self.kept), self.invite(self.kept, start=COMING.replace(day=9))
        mails, todos = self.tell(
            lambda: self.split(
                {self.dirk: "new", self.anna: "both"}, meeting_ids=[Command.set(goes.ids)]
            )
        )
        self.assertEqual(len(mails), 2)
        self.assertEqual(set(mails.mapped("subject")), {"Ons gesprek gaat niet door"})
        told = {mail.recipient_ids: mail.body_html for mail in mails}
        self.assertEqual(set(told), {self.bert.partner_id, self.dirk.partner_id})
        self.assertIn("8 maart", told[self.bert.partner_id])
        self.assertIn("9 maart", told[self.dirk.partner_id])
        self.assertFalse(todos)
        new = self.dirk.case_id
        self.assertEqual(goes.invited_party_ids, new.party_ids)
        self.assertEqual(stays.invited_party_ids, self.anna | self.bert)
        self.assertTrue(goes.invited_date and stays.invited_date)
        mails, todos = self.tell(lambda: (goes + stays).write({"duration": 2}))
        self.assertFalse(mails or todos)

    def test_a_talk_stays_with_its_neighbour_who_is_the_reporter_of_the_new_quarrel(self):
        self.bert.unlink()
        self.dirk.home_relation = "above"
        talk = self.invite(self.kept, "talk_b", place="home_b")
        held = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": self.kept.id, "kind": "talk_b", "start": datetime(2026, 3, 9, 18)}
        )
        agreement = self.env["buurtbemiddeling.case.agreement"].create(
            {"case_id": self.kept.id, "name": "x", "who": "b"}
        )
        mails, todos = self.tell(
            lambda: self.split(
                {self.dirk: "new"},
                sides=[(self.dirk, "a")],
                meeting_ids=[Command.set((talk + held).ids)],
                agreement_ids=[Command.set(agreement.ids)],
            )
        )
        self.assertFalse(mails or todos)
        for meeting in talk + held:
            self.assertEqual((meeting.kind, meeting.side, meeting.place), ("talk_a", "a", "home_a"))
        self.assertEqual(talk.invited_party_ids, self.dirk)
        self.assertEqual(agreement.who, "a")
        self.assertFalse(self.dirk.home_relation)

    def test_what_is_about_a_party_goes_with_it(self):
        rows = self.env["buurtbemiddeling.onward.referral"].create(
            [
                {
                    "case_id": self.kept.id,
                    "party_id": party.id,
                    "partner_id": self.company.partner_id.id,
                    "return_date": date(2030, 1, 1),
                }
                for party in (self.dirk, self.bert)
            ]
        )
        new = self.split({self.dirk: "new"})
        self.assertEqual([row.case_id for row in rows], [new, self.kept])
        self.assertEqual([row.activity_id.res_id for row in rows], [new.id, self.kept.id])

    def test_a_party_known_by_address_only_can_be_in_both(self):
        self.kept.party_ids[2].unlink()
        unknown = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.kept.id, "side": "b", "street": "Kerkweg 8", "city": "Dorp"}
        )
        new = self.split({self.bert: "new", unknown: "both"})
        there = new.party_ids - self.bert
        self.assertEqual((there.street, there.street_key), ("Kerkweg 8", unknown.street_key))

    def test_what_was_merged_can_be_split_again(self):
        other = self.make_request(ANNA, DIRK)
        note = self.note(other.party_ids[1], "about Dirk")
        self.dirk.unlink()
        kept = self.merge(self.kept, other)
        dirk = self.party(kept, "Dirk")
        new = self.split({dirk: "new", self.party(kept, "Anna"): "both"})
        self.assertEqual(set(new.party_ids.mapped("name")), {ANNA["name"], "Dirk"})
        self.assertEqual(kept.party_ids, self.anna | self.bert)
        self.assertIn(note, dirk.message_ids)
        self.assertNotEqual(new.name, kept.former_numbers)

    def test_somebody_goes_and_somebody_stays(self):
        everyone = self.kept.party_ids
        for places in ({}, {self.anna: "both"}, dict.fromkeys(everyone, "new")):
            with self.subTest(places=places), self.assertRaisesRegex(UserError, "at least one"):
                self.split(places)
        self.assertEqual(self.kept.party_ids, everyone)

    def test_a_closed_case_or_one_with_a_single_party_is_refused(self):
        single = self.make_request(ANNA)
        with self.assertRaisesRegex(UserError, "fewer than two"):
            single.action_split()
        self.kept.write(
            {"close_date": date(2026, 4, 1), "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        with self.assertRaisesRegex(UserError, "is closed"):
            self.kept.action_split()
        with self.assertRaisesRegex(UserError, "is closed"):
            self.split({self.dirk: "new"})

    def test_only_coordinators_of_the_organisation_split(self):
        for user in (self.colleague, self.portal, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.kept.with_user(user).action_split()
            with self.assertRaises(AccessError):
                self.split_wizard({self.dirk: "new"}, user=user).action_split()

    def test_the_form_shows_every_party_and_begins_with_all_staying(self):
        action = self.kept.with_user(self.coordinator).action_split()
        form = Form(
            self.env["buurtbemiddeling.case.split"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        self.assertEqual(len(form.line_ids), 3)
        with form.line_ids.edit(2) as line:
            self.assertEqual((line.name, line.place), ("Dirk", "stays"))
            line.place = "new"
        form.save().action_split()
        self.assertEqual(self.kept.party_ids, self.anna | self.bert)
