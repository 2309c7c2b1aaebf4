from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common_aftercare import AftercareCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-10 10:00:00")
class TestClosingWizard(AftercareCommon):
    """One case is closed with its result for each party, and with an eye on loose ends."""

    def open(self, cases):
        action = cases.action_close()
        return Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )

    def test_each_party_has_its_own_result(self):
        case = self.make_mediated()
        form = self.open(case)
        form.outcome_id = self.solved
        for index, result in enumerate(("solved", "unchanged")):
            with form.line_ids.edit(index) as line:
                line.closing_result = result
        form.save().action_close()
        self.assertTrue(case.is_closed)
        self.assertEqual(case.party_ids.mapped("closing_result"), ["solved", "unchanged"])

    def test_form_of_help_follows_from_the_result_when_it_was_not_filled_in(self):
        form = self.open(case := self.make_mediated(intervention_id=False))
        form.outcome_id = self.code("outcome", "OPG_PENDEL")
        form.save().action_close()
        self.assertEqual(case.intervention_id.code, "PENDEL")
        form = self.open(case := self.make_mediated(intervention_id=False))
        form.outcome_id = self.code("outcome", "B_WEIGERT")
        form.save().action_close()
        self.assertFalse(case.intervention_id)
        coached = self.make_mediated(intervention_id=self.code("intervention", "COACHING").id)
        form = self.open(coached)
        form.outcome_id = self.solved
        form.save().action_close()
        self.assertEqual(coached.intervention_id.code, "COACHING")

    def test_case_is_not_closed_before_its_last_talk(self):
        case = self.make_mediated()  # talked on 1 April
        form = self.open(case)
        form.outcome_id = self.solved
        form.close_date = date(2026, 3, 31)
        with self.assertRaisesRegex(UserError, "a talk was held on"):
            form.save().action_close()
        form.close_date = date(2026, 4, 1)
        form.save().action_close()
        with self.assertRaisesRegex(UserError, "a talk was held on"):
            case.with_user(self.coordinator).web_save({"close_date": "2026-03-31"}, {"name": {}})

    def test_aftercare_is_planned_after_the_last_talk(self):
        case = self.make_mediated()
        form = self.open(case)
        form.outcome_id = self.solved
        form.aftercare_planned_date = date(2026, 3, 30)
        with self.assertRaisesRegex(UserError, "weeks after the last talk"):
            form.save().action_close()
        self.assertFalse(case.is_closed)
        form.aftercare_planned_date = date(2026, 4, 20)
        form.save().action_close()
        save = case.with_user(self.coordinator).web_save
        with self.assertRaisesRegex(UserError, "weeks after the last talk"):
            save({"aftercare_planned_date": "2026-04-01"}, {"name": {}})
        save({"aftercare_planned_date": False}, {"name": {}})
        self.assertFalse(case.aftercare_planned_date)

    def test_parties_may_be_left_open(self):
        case = self.make_mediated()
        form = self.open(case)
        form.outcome_id = self.solved
        form.save().action_close()
        self.assertFalse(any(case.party_ids.mapped("closing_result")))

    def test_closing_without_a_result_is_refused(self):
        with self.assertRaises(AssertionError):  # the form asks for it
            self.open(self.make_case()).save()

    def test_loose_ends_are_shown_and_do_not_stop_the_closing(self):
        case = self.make_mediated()
        self.make_talk(case, date(2026, 4, 20), "talk_b", state="planned")
        self.make_talk(case, date(2026, 4, 2), "talk_a", state="planned")
        self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": case.id, "date_from": date(2026, 4, 3)}
        )
        form = self.open(case)
        form.outcome_id = self.solved
        wizard = form.save()
        self.assertRecordValues(
            wizard,
            [
                {
                    "has_loose_ends": True,
                    "coming_talk_count": 1,
                    "has_undecided_talks": True,
                    "has_open_pauses": True,
                    "lacks_main_nuisance": True,
                    "lacks_agreements": True,
                }
            ],
        )
        wizard.action_close()
        self.assertTrue(case.is_closed)

    def test_case_that_is_in_order_shows_no_loose_ends(self):
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        case = self.make_mediated(nuisance_type_ids=[(6, 0, noise.ids)])
        self.env["buurtbemiddeling.case.agreement"].create({"case_id": case.id, "name": "x"})
        form = self.open(case)
        form.outcome_id = self.solved
        self.assertFalse(form.has_loose_ends)

    def test_coming_talks_are_cancelled_unless_said_otherwise(self):
        for cancel, state in ((True, "cancelled"), (False, "planned")):
            case = self.make_mediated()
            talk = self.make_talk(case, date(2026, 4, 20), "talk_b", state="planned")
            past = self.make_talk(case, date(2026, 4, 2), "talk_a", state="planned")
            form = self.open(case)
            form.outcome_id = self.solved
            form.cancel_talks = cancel
            form.save().action_close()
            self.assertEqual((talk.state, past.state), (state, "planned"))

    def test_pauses_that_last_end_on_the_closing_date(self):
        case = self.make_mediated()
        pauses = self.env["buurtbemiddeling.case.pause"].create(
            [
                {"case_id": case.id, "date_from": date(2026, 4, 3)},
                {"case_id": case.id, "date_from": date(2026, 3, 3), "date_to": date(2026, 3, 5)},
            ]
        )
        form = self.open(case)
        form.outcome_id = self.solved
        form.close_date = date(2026, 4, 8)
        form.save().action_close()
        self.assertEqual(pauses.mapped("date_to"), [date(2026, 4, 8), date(2026, 3, 5)])
        self.assertEqual(case.waiting_days, 3 + 5)

    def test_pause_ends_also_when_the_case_is_dragged_to_closed(self):
        case = self.make_mediated()
        pause = self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": case.id, "date_from": date(2026, 4, 3)}
        )
        self.close(case)
        self.assertEqual(pause.date_to, date(2026, 4, 10))

    # --- aftercare

    def test_wizard_says_when_aftercare_will_be(self):
        case = self.make_mediated()
        form = self.open(case)
        self.assertFalse(form.aftercare_planned_date)
        form.outcome_id = self.solved
        self.assertEqual(form.aftercare_planned_date, date(2026, 4, 29))
        form.outcome_id = self.unsuitable
        self.assertFalse(form.aftercare_planned_date)

    def test_day_of_aftercare_is_the_one_in_the_wizard(self):
        for day in (date(2026, 5, 4), False):
            case = self.make_mediated()
            form = self.open(case)
            form.outcome_id = self.solved
            form.aftercare_planned_date = day
            form.save().action_close()
            self.assertEqual(case.aftercare_planned_date, day)
            self.assertEqual(self.todos(case).date_deadline, day)

    def test_aftercare_that_was_done_is_not_planned_again(self):
        case = self.make_mediated(stage_id=self.aftercare.id)
        case.aftercare_date = date(2026, 4, 9)
        form = self.open(case)
        form.outcome_id = self.solved
        self.assertFalse(form.aftercare_planned_date)
        form.save().action_close()
        self.assertEqual(case.aftercare_state, "done")
        self.assertFalse(self.todos(case))

    # --- several

    def test_several_cases_are_closed_with_one_result(self):
        cases = self.make_mediated() | self.make_quarrel() | self.make_case()
        form = self.open(cases)
        form.outcome_id = self.solved
        wizard = form.save()
        self.assertFalse(wizard.case_id or wizard.line_ids or wizard.has_loose_ends)
        wizard.action_close()
        self.assertEqual(set(cases.mapped("is_closed")), {True})
        self.assertEqual(len(self.todos(cases)), 3)

    def test_closed_case_is_not_closed_twice(self):
        case = self.make_mediated()
        form = self.open(case)
        form.outcome_id = self.solved
        wizard = form.save()
        wizard.action_close()
        with self.assertRaisesRegex(UserError, "closed already"):
            wizard.action_close()
        self.assertEqual(len(self.todos(case)), 1)

    def test_talk_can_still_be_noted_after_closing(self):
        case = self.make_mediated()
        self.close(case)
        self.make_talk(case, date(2026, 4, 3), "talk_b")
        self.assertEqual(case.last_talk_date, date(2026, 4, 3))
        self.assertEqual(len(case.meeting_ids), 2)

    def test_wizard_shows_nothing_of_another_organisation(self):
        case = self.make_mediated()
        wizard = self.env["buurtbemiddeling.case.close"].with_user(self.stranger)
        values = {"case_ids": [(6, 0, case.ids)], "outcome_id": self.solved.id}
        with self.assertRaises(AccessError):
            wizard.create(values).action_close()
        self.assertFalse(case.is_closed)
        own = wizard.create({"case_ids": [], "outcome_id": self.solved.id})
        line = self.env["buurtbemiddeling.case.close.party"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            line.create({"wizard_id": own.id, "party_id": case.party_ids[0].id}).read(["name"])

    def test_start_of_a_talk_today_is_still_to_come(self):
        case = self.make_mediated()
        talk = self.make_talk(case, date(2026, 4, 10), "talk_b", state="planned")
        self.assertGreater(talk.start, datetime(2026, 4, 10, 10))
        self.assertEqual(self.open(case).coming_talk_count, 1)
