from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_merge import ANNA, BERT, MergeCommon


@tagged("post_install", "-at_install")
class TestMergeParties(MergeCommon):
    """Who is who when cases become one, and what stays of whom."""

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
