from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CaseCommon

ANNA = {"name": "Anna Melder", "street": "Dorpsstraat 1", "city": "Dorp"}
BERT = {"name": "Bert Buur", "street": "Dorpsstraat 3", "city": "Dorp"}
COMING = datetime(datetime.now().year + 1, 3, 8, 18, 30)


def side(prefix, who, *left_out, **more):
    """Return what the intake form of one side holds for ``who``."""
    typed = {key: value for key, value in {**who, **more}.items() if key not in left_out}
    return {f"{prefix}_{key}": value for key, value in typed.items()}


class MergeCommon(CaseCommon):
    @classmethod
    def make_request(cls, reporter=None, neighbour=None, **values):
        return cls.make_case(
            **side("reporter", reporter or {}), **side("neighbour", neighbour or {}), **values
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.make_request(ANNA, BERT)

    @classmethod
    def merge_wizard(cls, *cases, user=None):
        return (
            cls.env["buurtbemiddeling.case.merge"]
            .with_user(user or cls.coordinator)
            .create({"case_ids": [Command.set([case.id for case in cases])]})
        )

    def merge(self, *cases):
        """Merge as a coordinator does who agrees with what is proposed; return the kept case."""
        action = self.merge_wizard(*cases).action_merge()
        return self.env["buurtbemiddeling.case"].browse(action["res_id"])

    def invite(self, case, kind="mediation", **values):
        """Plan a talk by phone, unless given, and invite its residents."""
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": case.id, "kind": kind, "start": COMING, "place": "phone", **values})
        )
        talk.action_invite()
        return talk

    def tell(self, action):
        """Return the mails to residents or about talks, and the to-dos, that ``action`` makes."""
        models = [self.env[name].sudo() for name in ("mail.mail", "mail.activity")]
        before = [model.search([]) for model in models]
        action()
        self.env.flush_all()
        mails, todos = (
            model.search([]) - known for model, known in zip(models, before, strict=True)
        )
        about_talks = mails.filtered(
            lambda mail: (
                mail.model == "buurtbemiddeling.meeting"
                or any(mail.recipient_ids.mapped("is_confidential"))
            )
        )
        return about_talks, todos

    def note(self, record, text):
        return record.with_user(self.coordinator).message_post(
            body=text, subtype_xmlid="mail.mt_note"
        )

    def texts(self, record):
        return " ".join(record.message_ids.mapped(lambda message: message.body or ""))

    def party(self, case, name):
        return case.party_ids.filtered(lambda party: (party.name or "").startswith(name))


@tagged("post_install", "-at_install")
class TestMerge(MergeCommon):
    """Two requests about the same quarrel become one case: the oldest."""

    # ------------------------------------------------------------
    # WHICH CASE STAYS
    # ------------------------------------------------------------

    def test_the_oldest_request_keeps_its_number_whenever_it_was_typed(self):
        typed_later = self.make_request(ANNA, BERT, registration_date=date(2026, 2, 1))
        number = typed_later.name
        kept = self.merge(self.kept, typed_later)
        self.assertEqual((kept, kept.name), (typed_later, number))
        self.assertEqual(kept.registration_date, date(2026, 2, 1))
        self.assertFalse(self.kept.exists())

    def test_of_requests_on_one_day_the_lowest_number_stays(self):
        second = self.make_request(ANNA, BERT)
        self.assertEqual(self.merge(second, self.kept), self.kept)

    def test_the_kept_case_keeps_coordinator_phase_and_way_in(self):
        stage = self.stage("talk_a")
        self.kept.write({"stage_id": stage.id, "channel": "visit"})
        other = self.make_request(ANNA, BERT, user_id=self.manager.id, channel="email")
        kept = self.merge(self.kept, other)
        self.assertEqual(kept.user_id, self.coordinator)
        self.assertEqual((kept.stage_id, kept.channel), (stage, "visit"))
        self.assertIn("Manager Tester", self.texts(kept), "what differed is told")

    def test_merged_numbers_are_remembered_found_and_not_given_out_again(self):
        number = f"2026-{int(self.kept.name[5:]) + 3:04}"  # of an import: not counted yet
        other = self.make_request(ANNA, BERT, name=number, external_ref="OLD-7")
        third = self.make_request(ANNA, BERT, registration_date=date(2026, 4, 1))
        third.external_ref = "OLD-8"
        numbers = [number, third.name, "OLD-8"]
        kept = self.merge(self.kept, other, third)
        self.assertEqual(kept.external_ref, "OLD-7")
        self.assertEqual(kept.former_numbers, ", ".join(numbers))
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        self.assertEqual(cases.name_search(number), [(kept.id, kept.name)])
        self.assertFalse(set(numbers) & {self.make_case().name for _index in range(5)})

    def test_a_merged_case_that_was_merged_before_passes_on_its_numbers(self):
        second = self.make_request(ANNA, BERT, registration_date=date(2026, 4, 1))
        third = self.make_request(ANNA, BERT, registration_date=date(2026, 4, 2))
        numbers = f"{second.name}, {third.name}"
        self.assertEqual(self.merge(self.kept, self.merge(second, third)).former_numbers, numbers)

    # ------------------------------------------------------------
    # WHAT IS KEPT
    # ------------------------------------------------------------

    def test_empty_facts_are_filled_and_lists_united(self):
        noise, garden = (self.code("nuisance.type", code) for code in ("GELUID_PERSONEN", "TUIN"))
        hard = self.env["buurtbemiddeling.complexity"].search([], limit=1)
        self.kept.write({"nuisance_type_ids": noise.ids, "quarrel_duration": "unknown"})
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        other = self.make_request(
            ANNA,
            BERT,
            nuisance_type_ids=garden.ids,
            complexity_ids=hard.ids,
            area_id=town.id,
            quarrel_duration="years",
            escalation="threat",
        )
        other._note_contact(date(2026, 5, 5))
        kept = self.merge(self.kept, other)
        self.assertEqual(kept.nuisance_type_ids, noise | garden)
        self.assertEqual(kept.main_nuisance_type_id, noise)
        self.assertTrue(kept.is_complex)
        self.assertEqual(kept.municipality_id, town)
        self.assertEqual((kept.quarrel_duration, kept.escalation), ("years", "threat"))
        self.assertEqual(kept.last_contact_date, date(2026, 5, 5))

    def test_a_referrer_of_the_second_request_gets_feedback_and_the_way_in_stays(self):
        referrer = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Wijkagent"}).id,
                "referrer_type_id": self.code("referrer.type", "POLITIE").id,
                "company_id": self.company.id,
            }
        )
        self.kept.referrer_type_id = self.code("referrer.type", "ZELF")
        kept = self.merge(self.kept, self.make_request(ANNA, BERT, referral_partner_id=referrer.id))
        self.assertEqual(kept.referral_partner_id, referrer)
        self.assertEqual(kept.referrer_type_id.code, "ZELF")
        self.assertEqual(kept.feedback_state, "later")

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

    # ------------------------------------------------------------
    # WHO IS WHO
    # ------------------------------------------------------------

    def test_same_neighbours_stay_two_parties_with_united_threads(self):
        other = self.make_request(
            {**ANNA, "phone": "0612345678", "story": "Now also at night"}, BERT
        )
        anna, bert = self.kept.party_ids
        anna.write({"story": "Noise", "consent_date": date(2026, 3, 9)})
        anna2, bert2 = other.party_ids
        anna2.write(
            {
                "willing": "yes",
                "consent_date": date(2026, 3, 5),
                "tenure": "owner",
                "household": "couple",
            }
        )
        anna.write({"willing": "no", "household": "single"})
        messages = self.note(anna, "first") + self.note(anna2, "second")
        kept = self.merge(self.kept, other)
        self.assertEqual(kept.party_ids, anna | bert)
        self.assertEqual((anna.side, bert.side), ("a", "b"))
        self.assertLessEqual(messages, anna.message_ids)
        self.assertEqual(anna.story, "Noise\n\nNow also at night")
        self.assertEqual((anna.willing, anna.tenure), ("yes", "owner"))
        self.assertEqual(anna.consent_date, date(2026, 3, 5))
        self.assertEqual(anna.household, "single")
        self.assertIn("Couple", self.texts(anna))
        self.assertNotIn("Couple", self.texts(bert) + self.texts(kept))

    def test_a_contact_that_the_intake_made_twice_becomes_one(self):
        other = self.make_request({**ANNA, "phone": "0612345678"}, BERT)
        anna, double = self.kept.party_ids[0].partner_id, other.party_ids[0].partner_id
        self.assertNotEqual(anna, double)
        kept = self.merge(self.kept, other)
        self.assertEqual((kept.party_ids[0].partner_id, anna.phone), (anna, "0612345678"))
        self.assertFalse(double.exists())
        self.assertTrue(anna.is_confidential)
        self.assertNotIn("Anna", self.texts(anna), "names outlive no message")

    def test_an_ordinary_contact_or_one_of_another_case_is_left_as_it_is(self):
        other = self.make_request(ANNA, BERT)
        client = self.env["res.partner"].create({"name": ANNA["name"], "street": ANNA["street"]})
        other.party_ids[0].partner_id = client
        double = other.party_ids[1].partner_id
        self.make_case(party_ids=[Command.create({"side": "a", "partner_id": double.id})])
        wizard = self.merge_wizard(self.kept, other)
        for line, person in zip(wizard.line_ids, self.kept.party_ids, strict=True):
            line.same_party_id = person
        wizard.action_merge()
        self.assertTrue(client.exists() and double.exists())
        self.assertFalse(client.is_confidential)

    def test_neighbours_who_reported_each_other_are_mirrored(self):
        other = self.make_request(BERT, ANNA)
        anna, bert = self.kept.party_ids
        talk, approach = self.env["buurtbemiddeling.meeting"].create(
            [
                {"case_id": other.id, "kind": kind, "start": datetime(2027, 3, 8, 18, 30)}
                for kind in ("talk_a", "approach_b")
            ]
        )
        agreement = self.env["buurtbemiddeling.case.agreement"].create(
            {"case_id": other.id, "name": "x", "who": "a"}
        )
        pause = self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": other.id, "reason": "party_b"}
        )
        kept = self.merge(self.kept, other)
        self.assertEqual(kept.party_ids, anna | bert)
        self.assertEqual((anna.side, bert.side), ("a", "b"))
        self.assertEqual((talk.kind, approach.kind), ("talk_b", "talk_a"))
        self.assertEqual((agreement.who, pause.reason), ("b", "party_a"))

    def test_every_talk_of_neighbours_who_reported_each_other_stays_with_its_resident(self):
        other = self.make_request(BERT, ANNA)
        intake, coaching, corrected, house, unknown, aftercare = self.env[
            "buurtbemiddeling.meeting"
        ].create(
            [
                {"case_id": other.id, "start": COMING, **values}
                for values in (
                    {"kind": "intake", "place": "home_a", "move_reason": "a"},
                    {"kind": "coaching", "place": "home_a"},
                    {"kind": "talk_a", "side": "both", "place": "phone"},
                    {"kind": "other", "side": "b", "place": "home_b", "cancel_reason": "b"},
                    {"kind": "talk_b", "side": False, "place": "elsewhere", "location": "Library"},
                    {"kind": "aftercare", "place": "home_b", "cancel_reason": "mediator"},
                )
            ]
        )
        self.merge(self.kept, other)
        self.assertEqual(
            (intake.kind, intake.side, intake.place, intake.move_reason),
            ("intake", "b", "home_b", "b"),
        )
        self.assertIn(BERT["street"], intake.address)
        self.assertEqual(
            (coaching.kind, coaching.side, coaching.place), ("coaching", "b", "home_b")
        )
        self.assertEqual(
            (corrected.kind, corrected.side, corrected.place), ("talk_b", "both", "phone")
        )
        self.assertEqual(
            (house.side, house.place, house.cancel_reason, house.state),
            ("a", "home_a", "a", "cancelled"),
        )
        self.assertEqual(
            (unknown.kind, unknown.side, unknown.place, unknown.location),
            ("talk_a", False, "elsewhere", "Library"),
        )
        self.assertEqual(
            (aftercare.side, aftercare.place, aftercare.cancel_reason),
            ("both", "home_a", "mediator"),
        )

    def test_where_a_home_is_seen_from_another_reporter_is_forgotten(self):
        truus = {"name": "Truus", "street": "Verweg 5", "city": "Dorp"}
        other, third = self.make_request(BERT, truus), self.make_request(ANNA, truus)
        other.party_ids[1].home_relation = third.party_ids[1].home_relation = "above"
        third.party_ids[1].partner_id.name = "Trees"
        kept = self.merge(self.kept, other, third)
        self.assertFalse(self.party(kept, "Truus").home_relation)
        self.assertEqual(self.party(kept, "Trees").home_relation, "above", "the same reporter")

    def test_nobody_is_told_anything_by_merging(self):
        anna, bert = {**ANNA, "email": "anna@example.com"}, {**BERT, "email": "bert@example.com"}
        for who in ((anna, bert), (bert, anna)):
            with self.subTest(who=who):
                other = self.make_request(*who)
                talks = self.invite(other) + self.invite(
                    other, "talk_a", place="home_a", start=COMING.replace(day=9)
                )
                talks += self.invite(self.kept, start=COMING.replace(day=10))
                days = talks.mapped("invited_date")
                mails, todos = self.tell(lambda other=other: self.merge(self.kept, other))
                self.assertFalse(mails or todos)
                for talk in talks:
                    self.assertTrue(talk.invited_party_ids)
                    self.assertEqual(talk.invited_party_ids, talk.party_ids)
                    self.assertFalse(talk.can_invite)
                self.assertEqual(talks.mapped("invited_date"), days)
                self.assertEqual(talks[1].invited_party_ids.name, who[0]["name"])
                self.assertEqual(talks[1]._get_place_for(talks[1].party_ids), "own_home")
                mails, todos = self.tell(lambda talks=talks: talks.write({"duration": 2}))
                self.assertFalse(mails or todos, "nor by what is changed later")
                mails, _todos = self.tell(lambda talks=talks: talks[0].write({"place": "online"}))
                self.assertEqual(set(mails.mapped("subject")), {"Ons gesprek is verzet"})
                self.assertEqual(
                    mails.recipient_ids.filtered("is_confidential"),
                    self.kept.party_ids.partner_id,
                )

    def test_who_was_invited_stays_invited_on_whatever_side(self):
        dirk = {"name": "Dirk", "street": "Dorpsstraat 9", "email": "dirk@example.com"}
        other = self.make_request(ANNA, dirk)
        talk = self.invite(other, "talk_b", place="home_b")
        wizard = self.merge_wizard(self.kept, other)
        wizard.line_ids[1].side = "a"
        mails, todos = self.tell(lambda: (wizard.action_merge(), talk.write({"duration": 2})))
        self.assertFalse(mails or todos)
        self.assertEqual((talk.kind, talk.side, talk.place), ("talk_a", "a", "home_a"))
        self.assertEqual(talk.invited_party_ids.name, "Dirk")

    def test_a_browser_can_not_keep_a_cancelled_talk_from_who_was_invited(self):
        talk = self.invite(self.kept)
        event = talk.event_id.with_user(self.coordinator).with_context(merging=True)
        _mails, todos = self.tell(event.action_archive)
        self.assertEqual(len(todos), 2)

    def test_what_is_about_a_party_moves_with_it(self):
        other = self.make_request(BERT, ANNA)
        rows = self.env["buurtbemiddeling.approach"].create(
            [{"party_id": party.id, "outcome": "nobody"} for party in other.party_ids]
        )
        kept = self.merge(self.kept, other)
        self.assertEqual(rows.case_id, kept)
        self.assertEqual(rows.mapped("party_id.name"), [BERT["name"], ANNA["name"]])

    def test_a_party_known_by_address_only_gets_the_contact(self):
        first = self.make_request(ANNA, {"street": "Kerkweg 8", "city": "Dorp"})
        carla = {"name": "Carla", "street": "Kerkweg 8", "city": "Dorp", "phone": "0687654321"}
        second = self.make_request(carla, {"street": ANNA["street"], "city": "Dorp"})
        contact = second.party_ids[0].partner_id
        kept = self.merge(first, second)
        self.assertEqual(kept.party_ids.mapped("name"), [ANNA["name"], "Carla"])
        self.assertEqual(kept.party_ids[1].partner_id, contact)
        self.assertFalse(kept.party_ids[1].street)
        self.assertEqual(contact.street, "Kerkweg 8")

    def test_a_housemate_is_a_party_of_her_own_on_the_same_side(self):
        other = self.make_request({**BERT, "name": "Truus Buur"}, ANNA)
        kept = self.merge(self.kept, other)
        self.assertEqual(
            [(party.name, party.side) for party in kept.party_ids],
            [("Anna Melder", "a"), ("Bert Buur", "b"), ("Truus Buur", "b")],
        )

    def test_cases_without_a_neighbour_in_common_are_merged_with_a_warning(self):
        strangers = self.make_request({"name": "Cas", "street": "Kade 1"}, {"street": "Kade 2"})
        self.assertTrue(self.merge_wizard(self.kept, strangers).is_unlike)
        self.assertFalse(self.merge_wizard(self.kept, self.make_request(ANNA, BERT)).is_unlike)

    def test_a_third_neighbour_keeps_the_side_and_the_first_reporter_stays_first(self):
        earlier = self.make_request(
            {"name": "Dirk", "street": "Dorpsstraat 9", "city": "Dorp"},
            BERT,
            registration_date=date(2026, 2, 1),
        )
        self.kept.party_ids[0].sequence = 1
        kept = self.merge(earlier, self.kept)
        self.assertEqual(kept.party_ids.mapped("name"), ["Dirk", "Anna Melder", "Bert Buur"])
        self.assertEqual(kept.reporter_name, "Dirk")

    def test_a_door_with_two_residents_is_not_guessed(self):
        arie = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.kept.id, "side": "a"}
        )
        arie.partner_id = self.env["res.partner"].create({**ANNA, "name": "Arie Melder"})
        other = self.make_request(BERT, {"street": ANNA["street"], "city": "Dorp"})
        line = self.merge_wizard(self.kept, other).line_ids.filtered(
            lambda row: row.party_id.street
        )
        self.assertFalse(line.same_party_id)
        self.assertEqual(line.side, "a")

    def test_a_namesake_at_another_door_is_someone_else(self):
        other = self.make_request({**ANNA, "street": "Verweg 5"}, BERT)
        kept = self.merge(self.kept, other)
        self.assertEqual(len(self.party(kept, "Anna")), 2)

    def test_the_same_phone_number_however_written_is_the_same_person(self):
        self.kept.reporter_phone = "+31 6 12345678"
        other = self.make_request({"name": "anna melder", "phone": "06-12345678"}, BERT)
        self.assertEqual(len(self.merge(self.kept, other).party_ids), 2)

    def test_the_coordinator_corrects_who_is_who(self):
        other = self.make_request({"name": "Mevrouw Melder"}, BERT)
        anna = self.kept.party_ids[0]
        wizard = self.merge_wizard(self.kept, other)
        with Form(wizard) as form:
            with form.line_ids.edit(0) as line:
                self.assertEqual((line.same_party_id.id, line.side), (False, "a"))
                line.same_party_id = anna
        wizard.action_merge()
        self.assertEqual(len(self.kept.party_ids), 2)

    def test_three_cases_of_which_the_younger_two_share_someone(self):
        dirk = {"name": "Dirk", "street": "Dorpsstraat 9", "city": "Dorp"}
        second, third = self.make_request(dirk, BERT), self.make_request(BERT, dirk)
        note = self.note(third.party_ids[1], "about Dirk")
        kept = self.merge(third, second, self.kept)
        self.assertEqual(kept.party_ids.mapped("name"), ["Anna Melder", "Dirk", "Bert Buur"])
        self.assertIn(note, self.party(kept, "Dirk").message_ids)

    def test_what_one_party_told_never_ends_up_with_another(self):
        """The wall, whoever reported whom and however little is known."""
        bare_anna, bare_bert = (
            {"street": who["street"], "city": who["city"]} for who in (ANNA, BERT)
        )
        truus = {**BERT, "name": "Truus Buur"}
        constellations = [
            ((ANNA, BERT), (ANNA, BERT)),
            ((ANNA, BERT), (BERT, ANNA)),
            ((ANNA, bare_bert), (BERT, bare_anna)),
            ((bare_anna, bare_bert), (BERT, ANNA)),
            ((ANNA, BERT), (truus, ANNA)),
            ((ANNA, bare_bert), (truus, ANNA)),
            ((ANNA, bare_bert), ({}, BERT)),
            ((ANNA, {}), ({}, BERT)),
            ((ANNA, {}), (BERT, {})),
            (({}, BERT), (BERT, {})),
        ]
        for first, second in constellations:
            cases = [self.make_request(*who) for who in (first, second)]
            told = {}
            for case in cases:
                for party in case.party_ids:
                    house = (party.partner_id or party).street
                    text = f"secret {party.id}"
                    message = self.note(party, text)
                    party.story = text
                    file = self.env["ir.attachment"].create(
                        {"name": text, "res_model": party._name, "res_id": party.id}
                    )
                    told[text] = (house, message, file)
            with self.subTest(first=first, second=second):
                kept = self.merge(*cases)
                for text, (house, message, file) in told.items():
                    owner = kept.party_ids.filtered(lambda p, m=message: m in p.message_ids)
                    self.assertEqual(len(owner), 1)
                    self.assertEqual((owner.partner_id or owner).street, house)
                    self.assertEqual((file.res_model, file.res_id), (owner._name, owner.id))
                    self.assertIn(text, owner.story)
                    for other in kept.party_ids - owner:
                        self.assertNotIn(text, self.texts(other) + (other.story or ""))
                    self.assertNotIn(text, self.texts(kept))

    # ------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------

    def test_both_sides_of_a_quarrel_never_become_one_person(self):
        other = self.make_request(ANNA, BERT)
        wizard = self.merge_wizard(self.kept, other)
        wizard.line_ids.same_party_id = self.kept.party_ids[0]
        with self.assertRaisesRegex(UserError, "can not be the same person"):
            wizard.action_merge()

    def test_only_parties_of_these_cases_and_only_older_ones_are_the_same_person(self):
        closed = self.make_request({"name": "Carla", "street": "Kerkweg 8"})
        closed.write(
            {"close_date": date(2026, 4, 1), "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        theirs = self.make_case(
            self.stranger, company_id=self.other_company.id, reporter_name="Theo"
        )
        other = self.make_request({"name": "Dirk", "story": "secret"}, BERT)
        dirk, bert = other.party_ids
        contacts = (self.kept | other).party_ids.partner_id
        strangers = closed.party_ids | theirs.party_ids
        for stranger in strangers | bert | dirk:
            wizard = self.merge_wizard(self.kept, other)
            wizard.line_ids[0].sudo().same_party_id = stranger
            with self.subTest(same=stranger.name), self.assertRaisesRegex(UserError, "older one"):
                wizard.action_merge()
        for stranger in strangers:
            wizard = self.merge_wizard(self.kept, other)
            wizard.sudo().line_ids.create(
                {"wizard_id": wizard.id, "party_id": stranger.id, "side": "a"}
            )
            wizard.invalidate_recordset()
            with self.subTest(party=stranger.name), self.assertRaisesRegex(UserError, "older one"):
                wizard.action_merge()
        self.assertEqual(contacts.exists(), contacts)
        self.assertEqual((closed | theirs).party_ids, strangers)
        self.assertFalse(any(strangers.mapped("story")))

    def test_the_dialogs_show_no_resident_of_another_organisation(self):
        theirs = self.make_case(
            self.stranger, company_id=self.other_company.id, reporter_name="Theo"
        )
        for model, values in (
            ("merge", {"case_ids": [Command.set(self.kept.ids)]}),
            ("split", {"case_id": self.kept.id}),
        ):
            wizard = self.env[f"buurtbemiddeling.case.{model}"].with_user(self.coordinator)
            wizard = wizard.create(values)
            values = {"wizard_id": wizard.id, "party_id": theirs.party_ids.id, "side": "a"}
            with self.subTest(model=model), self.assertRaises(AccessError):
                wizard.line_ids.create(values)
            # also a line that came about in another way shows nothing
            line = wizard.line_ids.sudo().create(values).sudo(False)
            self.env.flush_all()
            self.env.invalidate_all()
            for name in ("name", "address"):
                with self.subTest(model=model, name=name), self.assertRaises(AccessError):
                    line.read([name])
            shown = line.with_context(party_names=True).read(["party_id"])[0]["party_id"][1]
            self.assertNotIn("Theo", shown)

    def test_a_browser_can_not_put_a_record_with_a_party_of_another_case(self):
        other = self.make_request(ANNA, BERT)
        coaching = self.env["buurtbemiddeling.coaching"].with_user(self.coordinator)
        coaching = coaching.with_context(merging=True)
        with self.assertRaisesRegex(ValidationError, "belongs to another case"):
            coaching.create({"case_id": self.kept.id, "party_id": other.party_ids[0].id})
        own = coaching.create({"case_id": self.kept.id, "party_id": self.kept.party_ids[0].id})
        with self.assertRaisesRegex(ValidationError, "belongs to another case"):
            own.party_id = other.party_ids[0]

    def test_one_contact_is_one_party(self):
        other = self.make_case()
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": other.id, "partner_id": self.kept.party_ids[0].partner_id.id}
        )
        wizard = self.merge_wizard(self.kept, other)
        self.assertTrue(wizard.line_ids.is_same_contact)
        wizard.line_ids.same_party_id = False
        with self.assertRaises(ValidationError):
            wizard.action_merge()

    def test_one_case_or_a_closed_one_is_refused_with_a_sentence(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "two or more"):
            cases.browse(self.kept.id).action_merge()
        closed = self.make_request(ANNA, BERT)
        closed.write(
            {"close_date": date(2026, 4, 1), "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        both = cases.browse([self.kept.id, closed.id])
        with self.assertRaisesRegex(UserError, f"{closed.name} is closed"):
            both.action_merge()
        with self.assertRaisesRegex(UserError, f"{closed.name} is closed"):
            self.merge(self.kept, closed)
        with self.assertRaisesRegex(UserError, f"{closed.name} is closed"):
            Form(
                self.env["buurtbemiddeling.case.merge"]
                .with_user(self.coordinator)
                .with_context(default_case_ids=both.ids)
            )
        self.assertTrue(closed.exists())

    def test_cases_of_different_organisations_are_refused(self):
        theirs = self.make_case(self.stranger, company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.merge(self.kept, theirs)
        self.manager.company_ids |= self.other_company
        cases = (self.kept | theirs).with_user(self.manager)
        cases = cases.with_context(allowed_company_ids=self.manager.company_ids.ids)
        with self.assertRaisesRegex(UserError, "different organisations"):
            cases.action_merge()

    def test_only_coordinators_merge(self):
        other = self.make_request(ANNA, BERT)
        for user in (self.colleague, self.portal, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                (self.kept | other).with_user(user).action_merge()
            with self.assertRaises(AccessError):
                self.merge_wizard(self.kept, other, user=user).action_merge()

    def test_merging_twice_is_harmless(self):
        wizard = self.merge_wizard(self.kept, self.make_request(ANNA, BERT))
        wizard.action_merge()
        with self.assertRaisesRegex(UserError, "two or more"):
            wizard.action_merge()

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    def test_the_alert_offers_the_one_open_case_with_the_same_door(self):
        other = self.make_request(BERT, ANNA)
        self.assertEqual(other.same_quarrel_case_id, self.kept)
        action = other.with_user(self.coordinator).action_merge()
        form = Form(
            self.env["buurtbemiddeling.case.merge"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        self.assertEqual(form.kept_case_id, self.kept)
        self.assertEqual(len(form.line_ids), 2)
        form.save().action_merge()
        self.kept.invalidate_recordset()
        self.assertFalse(self.kept.earlier_case_ids, "no alert for what was merged away")

    def test_the_alert_does_not_choose_between_cases_nor_offers_closed_ones(self):
        outcome = self.code("outcome", "OPG_BEM")
        self.kept.write({"close_date": date(2026, 4, 1), "outcome_id": outcome.id})
        case = self.make_request(ANNA, BERT)
        self.assertTrue(case.earlier_case_ids)
        self.assertFalse(case.same_quarrel_case_id)
        second, third = self.make_request(ANNA, BERT), self.make_request(ANNA, BERT)
        self.assertFalse(third.same_quarrel_case_id)
        self.assertTrue(second.exists())

    def test_names_of_residents_show_only_where_parties_are_chosen(self):
        party = self.kept.party_ids[0].with_user(self.coordinator)
        self.assertNotIn("Anna", party.display_name)
        self.assertIn("Anna", party.with_context(party_names=True).display_name)

    def test_the_cost_does_not_grow_with_the_number_of_messages(self):
        def cost(count):
            other = self.make_request(BERT, ANNA)
            for record in (other, *other.party_ids):
                self.env["mail.message"].create(
                    [{"model": record._name, "res_id": record.id, "body": "x"}] * count
                )
                self.env["ir.attachment"].create(
                    [{"name": "x", "res_model": record._name, "res_id": record.id}] * count
                )
            wizard = self.merge_wizard(self.kept, other)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_merge()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertLessEqual(cost(60) - cost(2), 15)


@tagged("post_install", "-at_install")
class TestMergeContacts(MergeCommon):
    """Odoo's own merging of contacts loses no party and opens no wall."""

    def merge_contacts(self, contacts):
        wizard = contacts.env["base.partner.merge.automatic.wizard"]
        return wizard._merge(contacts.ids, contacts[0])

    def test_no_party_is_lost_when_contacts_are_merged(self):
        other = self.make_request(ANNA, BERT)
        parties = self.kept.party_ids | other.party_ids
        self.merge_contacts(self.kept.party_ids[0].partner_id | other.party_ids[0].partner_id)
        self.assertEqual(parties.exists(), parties)
        self.assertEqual(self.kept.party_ids[0].partner_id, other.party_ids[0].partner_id)

    def test_contacts_of_two_parties_in_one_case_are_not_merged(self):
        contacts = self.kept.party_ids.partner_id
        with self.assertRaisesRegex(UserError, f"different parties in case {self.kept.name}"):
            self.merge_contacts(contacts)
        self.assertEqual(len(contacts.exists()), 2)

    def test_an_outsider_who_merges_two_neighbours_is_told_nothing_of_a_case(self):
        clients = self.env["res.partner"].create([{"name": "X"}, {"name": "Y"}])
        for party, client in zip(self.kept.party_ids, clients, strict=True):
            party.partner_id = client
        with self.assertRaises(UserError) as caught:
            self.merge_contacts(clients.with_user(self.colleague))
        self.assertNotIn("case", str(caught.exception))
