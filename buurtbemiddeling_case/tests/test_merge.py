from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_merge import ANNA, BERT, COMING, MergeCommon


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

    # ------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------

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
