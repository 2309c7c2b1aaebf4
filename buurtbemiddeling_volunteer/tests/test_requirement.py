from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


class RequirementCommon(VolunteerCommon):
    def requirement(self, kind):
        return self.env.ref(f"buurtbemiddeling_volunteer.requirement_{kind}")

    def find(self, name, *values):
        return (
            self.env["buurtbemiddeling.volunteer"]
            .with_user(self.coordinator)
            .search([(name, "in", values), ("company_id", "=", self.company.id)])
        )

    def kind_of_attention(self, code):
        kind = self.code("attention", code).with_user(self.coordinator)
        kind.invalidate_recordset()
        return (
            self.env[kind.res_model].with_user(self.coordinator).search(kind._get_counted_domain())
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 09:00:00")
class TestRequirement(RequirementCommon):
    """Training, agreement and papers have a validity; what ends warns first and blocks later."""

    def setUp(self):
        super().setUp()
        self.vera = self.make_volunteer()
        self.requirement("vog").is_required = True

    def test_who_has_everything_without_end_is_in_order_for_ever(self):
        self.requirement("vog").is_required = False
        with freeze_time("2099-01-01"):
            self.vera.invalidate_recordset()
            self.assertEqual(self.vera.requirement_state, "complete")
            self.assertFalse(self.vera.missing_requirements)
            self.assertFalse(self.vera.next_expiry_date)
            self.assertTrue(self.vera.may_get_cases)

    def test_the_state_follows_the_day(self):
        """Warned from 90 days before the end; the last day is a valid day."""
        self.sign(self.vera, "vog", valid_until=date(2026, 12, 31))
        for day, state in [
            ("2026-10-01", "complete"),
            ("2026-10-02", "expiring"),
            ("2026-12-31", "expiring"),
            ("2027-01-01", "lapsed"),
        ]:
            with self.subTest(day=day), freeze_time(day):
                self.vera.invalidate_recordset()
                self.assertEqual(self.vera.requirement_state, state)
                self.assertEqual(self.find("requirement_state", state), self.vera)
                others = {"complete", "expiring", "lapsed", "missing"} - {state}
                self.assertFalse(self.find("requirement_state", *others))
                self.assertEqual(self.vera.may_get_cases, state != "lapsed")
                self.assertEqual(bool(self.find("may_get_cases", True)), state != "lapsed")
                self.assertEqual(bool(self.find("may_get_cases", False)), state == "lapsed")

    def test_what_is_missing_and_what_has_lapsed_is_named_with_its_date(self):
        self.sign(self.vera, "vog", valid_until=date(2026, 2, 1))
        self.assertIn("(VOG) (valid until 02/01/2026)", self.vera.missing_requirements)
        new = self.make_volunteer("New", "training")
        self.assertEqual(new.requirement_state, "missing")
        self.assertEqual(
            new.missing_requirements,
            "basic training of at least 15 hours, signed agreement, confidentiality statement,"
            " certificate of conduct (VOG)",
        )

    def test_the_next_end_is_the_first_of_what_is_required(self):
        self.requirement("insurance").is_required = False
        self.sign(self.vera, "insurance", valid_until=date(2026, 7, 1))
        self.sign(self.vera, "vog", valid_until=date(2026, 12, 31))
        self.sign(self.vera, "vog", day=date(2020, 1, 1), valid_until=date(2023, 1, 1))
        self.assertEqual(self.vera.next_expiry_date, date(2026, 12, 31))

    def test_a_newer_document_counts_and_one_without_end_most_of_all(self):
        self.sign(self.vera, "vog", valid_until=date(2026, 2, 1))
        self.sign(self.vera, "vog", valid_until=date(2026, 12, 31))
        self.assertEqual(self.vera.requirement_state, "complete")
        self.sign(self.vera, "vog")
        self.assertFalse(self.vera.next_expiry_date)

    def test_a_basic_training_can_lapse_where_an_organisation_wants_so(self):
        self.requirement("vog").is_required = False
        self.requirement("basic_training").validity_months = 12
        self.assertEqual(self.vera.requirement_state, "lapsed")
        self.assertIn("(valid until 01/20/2026)", self.vera.missing_requirements)
        session = self.make_session(half_days=0)
        self.enrol(
            session, self.vera, attended_hours=15, result="passed", result_date=date(2026, 5, 1)
        )
        self.assertEqual(self.vera.requirement_state, "complete")

    def test_what_is_optional_blocks_nobody(self):
        self.requirement("vog").is_required = False
        self.sign(self.vera, "vog", valid_until=date(2026, 2, 1))
        self.assertTrue(self.vera.may_get_cases)
        self.assertTrue(self.vera.has_expired_document)

    def test_a_resting_volunteer_gets_no_cases_and_comes_back_with_everything_in_order(self):
        resting = self.make_volunteer("Rust", "pause")
        self.assertFalse(resting.may_get_cases)
        self.assertNotIn(resting, self.kind_of_attention("REQUIREMENT_LAPSED"))
        with self.assertRaisesRegex(UserError, "Still missing.*VOG"):
            self.move(resting, "active")

    def test_three_requirements_can_not_be_switched_off(self):
        for kind in ("basic_training", "agreement", "confidentiality"):
            for values in ({"is_required": False}, {"active": False}):
                with self.subTest(kind=kind, **values):
                    with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                        with self.cr.savepoint():
                            self.requirement(kind).write(values)
                            self.env.flush_all()
            with self.assertRaisesRegex(UserError, "Nobody gets cases without"):
                self.requirement(kind).unlink()

    def test_a_vog_is_optional_by_default_and_valid_for_three_years(self):
        data = self.env.ref("buurtbemiddeling_volunteer.requirement_vog")
        self.assertEqual(data.validity_months, 36)
        new = self.env["buurtbemiddeling.requirement"].search([("kind", "=", "vog")])
        self.assertEqual(new, data)

    def test_an_organisation_asks_for_more_without_others(self):
        self.requirement("vog").is_required = False
        other = self.make_volunteer("Other", company_id=self.company.id)
        self.env["buurtbemiddeling.requirement"].with_user(self.manager).create(
            {"kind": "vog", "company_id": self.company.id}
        )
        self.assertEqual(other.requirement_state, "missing")
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.portal.partner_id.id, "company_id": self.other_company.id}
        )
        self.assertNotIn("VOG", elsewhere.missing_requirements)

    def test_own_requirements_take_the_place_of_the_shared_ones(self):
        self.requirement("vog").is_required = False
        self.env["buurtbemiddeling.requirement"].with_user(self.manager).action_make_own()
        mine = self.env["buurtbemiddeling.requirement"]._get_of_companies(self.company)
        self.assertEqual(mine[self.company].company_id, self.company)
        self.assertEqual(len(mine[self.company]), 6)
        self.assertTrue(self.requirement("vog").with_user(self.manager).is_replaced)
        self.assertEqual(self.vera.requirement_state, "complete")
        self.assertEqual(len(self.vera.requirement_line_ids), 6)
        mine[self.company].filtered(lambda one: one.kind == "insurance").active = False
        self.vera.invalidate_recordset()
        self.assertEqual(len(self.vera.requirement_line_ids), 5)
        with self.assertRaisesRegex(UserError, "stays of its kind"):
            mine[self.company][0].company_id = False

    def test_the_end_is_proposed_and_an_emptied_end_means_no_end(self):
        with Form(self.vera.with_user(self.coordinator)) as form:
            with form.document_ids.new() as line:
                line.kind = "vog"
                line.date = date(2026, 5, 1)
                self.assertEqual(line.valid_until, date(2029, 5, 1))
                line.valid_until = False
            with form.document_ids.new() as line:
                line.kind = "agreement"
                self.assertFalse(line.valid_until)
        self.assertFalse(self.vera.document_ids.filtered(lambda d: d.kind == "vog").valid_until)
        self.assertFalse(self.sign(self.vera, "vog").valid_until, "history comes in as it is")

    def test_a_vog_without_the_day_it_was_seen_is_refused(self):
        with self.assertRaisesRegex(AssertionError, "'date' is a required field"):
            with Form(self.vera.with_user(self.coordinator)) as form:
                with form.document_ids.new() as line:
                    line.kind = "vog"
                    line.date = False

    def test_the_attention_of_a_coordinator(self):
        soon, late, resting = (self.make_volunteer(name) for name in ("Soon", "Late", "Rest"))
        self.sign(self.vera, "vog")
        self.sign(soon, "vog", valid_until=date(2026, 6, 15))
        self.sign(late + resting, "vog", valid_until=date(2026, 5, 31))
        self.move(resting, "pause")
        self.assertEqual(self.kind_of_attention("REQUIREMENT_EXPIRING"), soon)
        self.assertEqual(self.kind_of_attention("REQUIREMENT_LAPSED"), late)

    def sign(self, volunteers, *kinds, **values):
        rows = self.env["buurtbemiddeling.volunteer.document"]
        for volunteer in volunteers:
            rows += super().sign(volunteer, *kinds, **values)
        return rows


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 09:00:00")
class TestLapse(RequirementCommon):
    """After a lapse there are no new cases; running ones go on and wait for a decision."""

    def setUp(self):
        super().setUp()
        self.requirement("vog").is_required = True
        self.vera = self.make_volunteer()
        self.sign(self.vera, "vog", valid_until=date(2026, 6, 30))
        self.case = self.make_case()
        self.row = self.couple(self.case, self.vera)

    def asked(self):
        return self.kind_of_attention("LAPSED_RUNNING")

    def decide(self, decision, rows=None):
        action = (rows or self.row).with_user(self.coordinator).action_decide_on_lapse()
        wizard = self.env[action["res_model"]].with_user(self.coordinator)
        form = Form(wizard.with_context(**action["context"]))
        form.decision = decision
        form.reason = "Talked with Vera"
        form.save().action_decide()

    def test_no_new_case_the_day_after_and_running_work_goes_on(self):
        self.couple(self.make_case(), self.vera, "invited")
        with freeze_time("2026-07-01"):
            self.env.invalidate_all()
            for state in ("invited", "accepted"):
                with self.assertRaisesRegex(UserError, "Vera can not get new cases.*06/30/2026"):
                    self.couple(self.make_case(), self.vera, state)
            invited = self.vera.assignment_ids.filtered(lambda row: row.state == "invited")
            invited.state = "accepted"
            self.assertTrue(self.row.is_live)

    def test_a_declined_row_is_not_made_live_after_a_lapse(self):
        declined = self.couple(self.make_case(), self.vera, "declined")
        with freeze_time("2026-07-01"):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "can not get new cases"):
                declined.state = "invited"

    def test_history_imports_and_closed_cases_stay_free(self):
        with freeze_time("2026-07-01"):
            self.env.invalidate_all()
            self.couple(self.make_case(), self.vera, "ended")
            closed = self.make_case(
                close_date=date(2026, 4, 1), outcome_id=self.code("outcome", "OPG_BEM").id
            )
            self.assertEqual(self.couple(closed, self.vera).state, "ended")
            imported = self.env["buurtbemiddeling.assignment"].with_context(import_file=True)
            imported.create(
                {"case_id": self.make_case().id, "volunteer_id": self.vera.id, "state": "accepted"}
            )

    def test_running_cases_are_listed_for_a_decision_and_asked_again_at_the_next_lapse(self):
        self.assertFalse(self.asked())
        with freeze_time("2026-07-01 09:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.asked(), self.row)
            self.decide("goes_on")
            self.assertFalse(self.asked())
            self.assertRecordValues(
                self.row,
                [
                    {
                        "lapse_decision": "goes_on",
                        "lapse_reason": "Talked with Vera",
                        "lapse_user_id": self.coordinator.id,
                        "lapse_date": date(2026, 7, 1),
                        "state": "accepted",
                    }
                ],
            )
            self.assertIn("Talked with Vera", self.case.message_ids[0].body)
            self.requirement("insurance").is_required = True
            self.sign(self.vera, "insurance", valid_until=date(2026, 7, 1))
            self.env.invalidate_all()
            self.assertFalse(self.asked(), "valid until the end of the day")
        with freeze_time("2026-07-02 09:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.asked(), self.row)

    def test_who_is_replaced_stops(self):
        with freeze_time("2026-07-01 09:00:00"):
            self.env.invalidate_all()
            self.decide("replaced")
            self.assertEqual((self.row.state, self.row.date_end), ("ended", date(2026, 7, 1)))
            self.assertFalse(self.asked())

    def test_a_decision_without_a_lapse_is_refused(self):
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            self.decide("goes_on")

    def test_a_renewed_document_asks_no_decision(self):
        with freeze_time("2026-07-01 09:00:00"):
            self.sign(self.vera, "vog", day=date(2026, 6, 20))
            self.env.invalidate_all()
            self.assertFalse(self.asked())


@tagged("post_install", "-at_install")
class TestRequirementPerformance(RequirementCommon):
    """The number of queries does not grow with the pool: three or three hundred."""

    def make_pool(self, count):
        partners = self.env["res.partner"].create([{"name": f"V {n}"} for n in range(count)])
        active = self.code("volunteer.stage", "active")
        pool = (
            self.env["buurtbemiddeling.volunteer"]
            .with_user(self.coordinator)
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": self.company.id,
                        "stage_id": active.id,
                    }
                    for partner in partners
                ]
            )
        )
        self.make_ready(pool)
        case = self.make_case()
        self.env["buurtbemiddeling.assignment"].with_user(self.coordinator).create(
            [
                {"case_id": case.id, "volunteer_id": volunteer.id, "state": "accepted"}
                for volunteer in pool
            ]
        )
        for volunteer in pool:
            self.sign(volunteer, "vog", valid_until=date(2026, 2, 1))
        return pool

    def test_reading_searching_and_asking(self):
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator)
        assignments = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator)
        mine = [("company_id", "=", self.company.id)]
        names = ["requirement_state", "missing_requirements", "next_expiry_date", "may_get_cases"]
        self.requirement("vog").is_required = True

        def read():
            volunteers.search(mine).read([*names, "protocol_to_accept_id"])

        def search():
            volunteers.search_count([*mine, ("requirement_state", "=", "lapsed")])
            volunteers.search_count([*mine, ("may_get_cases", "=", True)])
            volunteers.search_count([*mine, ("protocol_to_accept_id", "!=", False)])

        def ask():
            assignments.search_count([*mine, ("asks_lapse_decision", "=", True)])

        self.requirement("vog").is_required = False
        self.make_pool(3)
        self.requirement("vog").is_required = True
        few = {action: self.count_queries(action) for action in (read, search, ask)}
        self.requirement("vog").is_required = False
        self.make_pool(300)
        self.requirement("vog").is_required = True
        for action, queries in few.items():
            with self.subTest(action=action.__name__):
                self.assertLessEqual(self.count_queries(action), queries)
        self.assertEqual(
            volunteers.search_count([*mine, ("requirement_state", "=", "lapsed")]), 303
        )
