from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestSaving(CaseCommon):
    """Two coordinators have the same case open: nobody overwrites unseen what the other saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()

    def save(self, seen, user=None, record=None, **vals):
        """Save as the form does, which knew ``{field: value}`` in ``seen``."""
        record = record or self.case
        fields = {name: [old, vals.get(name)] for name, old in seen.items()}
        return (
            record.with_user(user or self.coordinator)
            .with_context(buurtbemiddeling_seen={record._name: {str(record.id): fields}})
            .web_save(vals, {"referrer_ref": {}})
        )

    def test_what_a_colleague_saved_meanwhile_stays(self):
        self.case.with_user(self.manager).referrer_ref = "van de collega"
        with self.assertRaisesRegex(UserError, f"{self.manager.name} saved .* not saved"):
            self.save({"referrer_ref": False}, referrer_ref="van mij")
        self.assertEqual(self.case.referrer_ref, "van de collega")

    def test_who_saw_it_may_change_it(self):
        self.case.referrer_ref = "van de collega"
        self.save({"referrer_ref": "van de collega"}, referrer_ref="van mij")
        self.assertEqual(self.case.referrer_ref, "van mij")

    def test_another_field_of_the_same_case_is_free(self):
        self.case.referrer_ref = "van de collega"
        self.save({"channel": self.case.channel}, channel="visit")
        self.assertEqual((self.case.referrer_ref, self.case.channel), ("van de collega", "visit"))

    def test_saving_once_more_after_a_lost_connection_is_no_conflict(self):
        self.save({"referrer_ref": False}, referrer_ref="van mij")
        self.save({"referrer_ref": False}, referrer_ref="van mij")

    def test_dates_links_and_empty_texts_are_compared_as_on_screen(self):
        case = self.case
        seen = {
            "registration_date": str(case.registration_date),
            "user_id": case.user_id.id,
            "referrer_ref": "",
        }
        self.save(seen, registration_date=str(case.registration_date), referrer_ref="nieuw")
        self.assertEqual(case.referrer_ref, "nieuw")
        with self.assertRaises(UserError):
            self.save({"registration_date": "2001-01-01"}, registration_date="2002-02-02")
        with self.assertRaises(UserError):
            self.save({"user_id": self.manager.id + 1000}, user_id=self.manager.id)

    def test_a_story_is_compared_where_it_is_kept(self):
        self.case.party_ids[:1].story = "Van de collega"
        with self.assertRaisesRegex(UserError, "not saved"):
            self.save({"reporter_story": False}, reporter_story="Van mij")
        self.assertEqual(self.case.reporter_story, "Van de collega")

    def test_a_row_in_a_list_of_the_case_is_compared_as_well(self):
        party = self.case.party_ids[:1]
        context = {
            "buurtbemiddeling_seen": {party._name: {str(party.id): {"story": ["oud", "nieuw"]}}}
        }
        case = self.case.with_user(self.coordinator).with_context(**context)
        with self.assertRaises(UserError):
            case.web_save({"party_ids": [(1, party.id, {"story": "nieuw"})]}, {})

    def test_who_changed_a_story_is_not_guessed(self):
        self.case.with_user(self.manager).referrer_ref = "daarvoor"
        self.case.party_ids[:1].story = "Van de collega"
        with self.assertRaises(UserError) as caught:
            self.save({"reporter_story": False}, reporter_story="Van mij")
        self.assertNotIn(self.manager.name, str(caught.exception))

    def test_rows_that_one_may_only_read_are_no_obstacle(self):
        phase = self.case.phase_ids[:1]
        seen = {phase._name: {str(phase.id): {"own_days_so_far": [99, 100]}}}
        case = self.case.with_user(self.coordinator).with_context(buurtbemiddeling_seen=seen)
        case.web_save({"referrer_ref": "van mij"}, {})
        self.assertEqual(self.case.referrer_ref, "van mij")

    def test_what_is_only_worked_out_is_not_compared(self):
        seen = {self.case._name: {str(self.case.id): {"days_in_stage": [99, 100]}}}
        case = self.case.with_user(self.coordinator).with_context(buurtbemiddeling_seen=seen)
        case.web_save({"referrer_ref": "van mij"}, {})

    def test_comparing_tells_nothing_of_what_one_may_not_write(self):
        for user in (self.colleague, self.stranger):
            with self.assertRaises(AccessError):
                self.save({"referrer_ref": "gok"}, user=user, referrer_ref="gok")

    def test_what_was_on_the_screen_does_not_travel_on(self):
        found, write = [], type(self.case).write

        def note_context(records, vals):
            found.append(bool(records.env.context.get("buurtbemiddeling_seen")))
            return write(records, vals)

        self.patch(type(self.case), "write", note_context)
        self.save({"referrer_ref": False}, referrer_ref="van mij")
        self.assertEqual(set(found), {False})

    def test_no_trace_is_left_of_comparing(self):
        before = self.env["buurtbemiddeling.trace"].search_count([])
        with self.assertRaises(UserError):
            self.save({"referrer_ref": "iets"}, referrer_ref="van mij")
        self.assertEqual(self.env["buurtbemiddeling.trace"].search_count([]), before)
