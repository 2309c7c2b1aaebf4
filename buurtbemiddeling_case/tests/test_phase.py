from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon

MONDAY = date(2026, 3, 2)


class PhaseCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solved = cls.code("outcome", "OPG_BEM")

    def move(self, case, code, day, **values):
        with freeze_time(day):
            case.write({"stage_id": self.stage(code).id, **values})

    def close(self, case, day):
        self.move(case, "closed", day, outcome_id=self.solved.id)

    def pause(self, case, first, last=None, user=None):
        return (
            self.env["buurtbemiddeling.case.pause"]
            .with_user(user or self.coordinator)
            .create({"case_id": case.id, "date_from": first, "date_to": last})
        )

    def own_stage(self, code, **values):
        return (
            self.env["buurtbemiddeling.case.stage"]
            .with_user(self.manager)
            .create({"code": code, "name": code, "company_id": self.company.id, **values})
        )

    def assertHistory(self, case, expected):
        """Compare (code, from, until, own days, waiting days) of the stays of a case."""
        self.assertEqual(
            [
                (
                    stay.stage_id.code,
                    stay.date_from and stay.date_from.strftime("%d-%m"),
                    stay.date_to and stay.date_to.strftime("%d-%m"),
                    stay.own_days,
                    stay.waiting_days,
                )
                for stay in case.phase_ids
            ],
            expected,
        )


@tagged("post_install", "-at_install")
class TestHistory(PhaseCommon):
    """Every stay in a phase is a row, and keeps what was."""

    def test_each_phase_keeps_its_own_days_and_waiting_days(self):
        case = self.make_case()
        self.move(case, "intake", "2026-03-04")
        self.pause(case, date(2026, 3, 5), date(2026, 3, 6))
        self.move(case, "talk_a", "2026-03-10")
        self.close(case, "2026-03-20")
        self.assertHistory(
            case,
            [
                ("new", "02-03", "04-03", 2, 0),
                ("intake", "04-03", "10-03", 4, 2),
                ("talk_a", "10-03", "20-03", 10, 0),
                ("closed", "20-03", False, 0, 0),
            ],
        )

    def test_days_of_the_phases_add_up_to_the_days_of_the_case(self):
        case = self.make_case()
        self.pause(case, date(2026, 3, 3), date(2026, 3, 12))
        for code, day in (("intake", "2026-03-05"), ("talk_a", "2026-03-11")):
            self.move(case, code, day)
        self.close(case, "2026-04-01")
        self.assertEqual(sum(case.phase_ids.mapped("own_days")), case.own_days)
        self.assertEqual(sum(case.phase_ids.mapped("waiting_days")), case.waiting_days)
        self.assertEqual((case.own_days, case.waiting_days), (20, 10))

    def test_open_case_shows_own_days_and_waiting_days_as_of_today(self):
        case = self.make_case()
        self.move(case, "intake", "2026-03-04")
        self.pause(case, date(2026, 3, 9))
        with freeze_time("2026-03-12"):
            case.invalidate_recordset()
            self.assertEqual((case.own_days_so_far, case.waiting_days_so_far), (7, 3))
            self.assertEqual((case.own_days, case.waiting_days), (0, 0), "facts of closed cases")
            now = case.phase_ids[-1]
            self.assertEqual((now.own_days_so_far, now.waiting_days_so_far), (5, 3))
            self.assertEqual(sum(case.phase_ids.mapped("own_days_so_far")), 7)

    def test_history_survives_other_norms_names_and_coordinators(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        colleague = self.make_user("second", "buurtbemiddeling_case.group_user")
        self.move(case, "talk_a", "2026-03-05")
        kept = {
            "norm_days": 5, "deadline": date(2026, 3, 9), "user_id": self.coordinator.id,
            "own_days": 3,
        }  # fmt: skip
        self.assertRecordValues(case.phase_ids[0], [kept])
        self.stage("intake").write({"norm_days": 20, "name": "Intake by phone"})
        case.user_id = colleague
        self.company.resource_calendar_id = False
        self.assertRecordValues(case.phase_ids[0], [kept])
        self.assertEqual(case.phase_ids[1].user_id, colleague, "who has it now")

    def test_current_stay_follows_the_norm(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        self.stage("intake").norm_days = 10
        self.assertEqual(case.stage_deadline, date(2026, 3, 16))
        self.assertRecordValues(case.phase_ids, [{"norm_days": 10, "deadline": date(2026, 3, 16)}])

    def test_deadline_of_a_closed_case_never_shifts(self):
        case, other = self.make_case(), self.make_case(stage_id=self.stage("talk_a").id)
        self.move(case, "talk_a", "2026-03-03")
        self.close(case, "2026-03-10")
        before = case.phase_ids.mapped("deadline")
        self.stage("talk_a").norm_days = 3
        self.stage("closed").norm_days = 4
        self.assertEqual(other.stage_deadline, date(2026, 3, 5), "an open case moves")
        self.assertFalse(case.stage_deadline)
        self.assertEqual(case.phase_ids.mapped("deadline"), before)

    def test_case_that_comes_in_later_has_one_row(self):
        imported = self.make_case(
            stage_id=self.stage("closed").id, close_date=date(2026, 4, 1), outcome_id=self.solved.id
        )
        self.assertHistory(imported, [("closed", "01-04", False, 0, 0)])
        halfway = self.make_case(stage_id=self.stage("talk_b").id, stage_date=date(2026, 3, 20))
        self.assertHistory(halfway, [("talk_b", "20-03", False, 0, 0)])

    def test_history_follows_corrected_dates(self):
        case = self.make_case()
        case.registration_date = date(2026, 3, 1)
        self.assertEqual(case.stage_date, date(2026, 3, 1), "still in the phase it came in")
        self.move(case, "intake", "2026-03-05")
        self.move(case, "talk_a", "2026-03-20")
        case.registration_date = MONDAY
        with freeze_time("2026-03-25"):
            case.write({"close_date": date(2026, 3, 15), "outcome_id": self.solved.id})
        expected = [
            ("new", "02-03", "05-03", 3, 0),
            ("intake", "05-03", "15-03", 10, 0),
            ("talk_a", "15-03", "15-03", 0, 0),
            ("closed", "15-03", False, 0, 0),
        ]
        self.assertHistory(case, expected)
        case.close_date = date(2026, 3, 17)
        self.assertEqual(case.phase_ids.mapped("own_days"), [3, 10, 2, 0])
        self.assertEqual(sum(case.phase_ids.mapped("own_days")), case.own_days)

    def test_case_from_before_there_was_a_history_gets_one_when_it_moves(self):
        case = self.make_case()
        case.sudo().phase_ids.unlink()
        self.move(case, "intake", "2026-03-05")
        self.assertEqual(case.phase_ids.mapped("stage_id.code"), ["new", "intake"])

    def test_nobody_writes_history_by_hand(self):
        stay = self.make_case().phase_ids
        for user in (self.coordinator, self.manager):
            mine = stay.with_user(user)
            self.assertTrue(mine.read(["own_days"]))
            for change in (
                lambda mine=mine: mine.write({"date_to": MONDAY}),
                lambda mine=mine: mine.copy(),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.case_id.write({"phase_ids": [(2, mine.id)]}),
            ):
                with self.assertRaises(AccessError):
                    change()
        with self.assertRaises(AccessError):
            stay.with_user(self.stranger).read(["own_days"])

    def test_what_a_phase_asked_for_is_not_emptied_afterwards(self):
        case = self.make_case(
            stage_id=self.stage("closed").id,
            close_date=date(2026, 3, 20),
            outcome_id=self.code("outcome", "OPG_BEM").id,
        )
        with self.assertRaisesRegex(UserError, "belongs to the phase Closed"):
            case.with_user(self.coordinator).web_save({"outcome_id": False}, {"name": {}})
        other = self.code("outcome", "OPG_1P")
        case.with_user(self.coordinator).web_save({"outcome_id": other.id}, {"name": {}})
        self.assertEqual(case.outcome_id, other)

    def test_bulk_costs_no_query_a_case(self):
        intake, talk_a = self.stage("intake"), self.stage("talk_a")

        def queries(count):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.env["buurtbemiddeling.case"].create(
                [
                    {
                        "registration_date": date(2026, 1, 1 + number % 28),
                        "company_id": self.company.id,
                        "stage_id": intake.id,
                        "intake_decision": "suitable",
                        "user_id": False,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            created = self.env.cr.sql_log_count - before
            before = self.env.cr.sql_log_count
            cases.write({"stage_id": talk_a.id})
            self.env.flush_all()
            return created, self.env.cr.sql_log_count - before

        self.env = self.env(context={**self.env.context, "tracking_disable": True})
        queries(2)
        few, many = queries(4), queries(60)
        self.assertLess(many[0] - few[0], 10)
        self.assertLess(many[1] - few[1], 10)


@tagged("post_install", "-at_install")
class TestMove(PhaseCommon):
    """A person who moves a case back, reopens it or lets it wait says why."""

    def save(self, case, code, user=None, **vals):
        """Move a case as the board, the status bar and the form do."""
        vals = {"stage_id": self.stage(code).id, **vals}
        return case.with_user(user or self.coordinator).web_save(vals, {"stage_id": {}})

    def wizard(self, action):
        return Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )

    def assertAsks(self, sentence, *args, **kwargs):
        """The screen refuses with the sentence; returns the action behind its button."""
        with self.assertRaises(RedirectWarning) as refused:
            self.save(*args, **kwargs)
        self.assertIn(sentence, refused.exception.args[0])
        self.assertEqual(refused.exception.args[2], "Give the reason")
        return refused.exception.args[1]

    def test_moving_on_asks_nothing(self):
        case = self.make_case()
        self.save(case, "intake")
        self.save(case, "intake")
        self.assertEqual(case.stage_id.code, "intake")

    def test_moving_back_asks_why(self):
        case = self.make_case(stage_id=self.stage("talk_a").id)
        action = self.assertAsks("goes back to Intake", case, "intake")
        self.assertEqual(case.stage_id.code, "talk_a")
        form = self.wizard(action)
        self.assertEqual(form.stage_id, self.stage("intake"))
        with self.assertRaisesRegex(AssertionError, "reason is a required field"):
            form.save()
        form.reason = "Moved by mistake"
        form.save().action_move()
        self.assertEqual(case.stage_id.code, "intake")
        self.assertEqual(case.phase_ids[-1].reason, "Moved by mistake")

    def test_wizard_itself_refuses_without_a_reason(self):
        case = self.make_case(stage_id=self.stage("talk_a").id)
        values = {"case_ids": [(6, 0, case.ids)]}
        for code, sentence in (("intake", "goes back"), ("waiting", "goes back")):
            wizard = self.env["buurtbemiddeling.case.move"].create(
                {**values, "stage_id": self.stage(code).id}
            )
            with self.assertRaisesRegex(UserError, sentence):
                wizard.action_move()

    def test_several_cases_on_one_screen_are_all_asked(self):
        cases = self.make_case() + self.make_case(stage_id=self.stage("talk_a").id)
        vals = {"stage_id": self.stage("intake").id}
        with self.assertRaisesRegex(RedirectWarning, cases[1].name):
            cases.web_save_multi([vals, vals], {})
        with self.assertRaisesRegex(RedirectWarning, cases[1].name):
            cases.web_save(vals, {})
        cases.web_save_multi([vals, {"channel": "visit"}], {})

    def test_waiting_list_asks_why(self):
        case = self.make_case()
        form = self.wizard(self.assertAsks("has to wait", case, "waiting"))
        form.waiting_reason = "no_pair"
        form.save().action_move()
        self.assertEqual((case.stage_id.code, case.waiting_reason), ("waiting", "no_pair"))
        self.assertEqual(case.phase_ids[-1].waiting_reason, "no_pair")
        self.save(case, "assigned")
        self.assertFalse(case.waiting_reason, "it waits no longer")
        self.assertEqual(case.phase_ids[1].waiting_reason, "no_pair", "the history knows")

    def test_waiting_list_with_the_reason_on_the_same_screen(self):
        case = self.make_case()
        self.save(case, "waiting", waiting_reason="resident")
        self.assertEqual(case.waiting_reason, "resident")

    def test_new_case_does_not_begin_on_the_waiting_list_without_a_reason(self):
        with self.assertRaisesRegex(UserError, "first phase"):
            by_himself = self.code("referrer.type", "ZELF").id
            self.save(self.env["buurtbemiddeling.case"], "waiting", referrer_type_id=by_himself)

    def test_imports_and_code_are_not_asked(self):
        case = self.make_case(stage_id=self.stage("talk_a").id)
        for code in ("waiting", "new"):
            case.stage_id = self.stage(code)
        self.assertEqual(case.stage_id.code, "new")

    def test_reopening_asks_why_and_keeps_the_result_of_that_time(self):
        case = self.make_case(stage_id=self.stage("mediation").id)
        self.close(case, "2026-03-20")
        aftercare = self.code("outcome", "NIET_OPG")
        case.write({"aftercare_date": date(2026, 4, 10), "aftercare_outcome_id": aftercare.id})
        self.assertAsks("is closed", case, "mediation")
        form = self.wizard(case.action_move())
        self.assertEqual(form.stage_id.code, "mediation", "where it was")
        form.reason = "The agreement does not hold"
        wizard = form.save()
        with freeze_time("2026-05-01"):
            wizard.action_move()
        self.assertEqual(case.stage_id.code, "mediation")
        self.assertFalse(
            case.close_date or case.outcome_id or case.aftercare_date or case.aftercare_outcome_id
        )
        self.assertRecordValues(
            case.phase_ids[-2:],
            [
                {
                    "outcome_id": self.solved.id,
                    "aftercare_outcome_id": aftercare.id,
                    "aftercare_date": date(2026, 4, 10),
                    "date_from": date(2026, 3, 20),
                    "date_to": date(2026, 5, 1),
                    "reason": False,
                },
                {
                    "outcome_id": False,
                    "aftercare_outcome_id": False,
                    "aftercare_date": False,
                    "date_from": date(2026, 5, 1),
                    "date_to": False,
                    "reason": "The agreement does not hold",
                },
            ],
        )
        self.assertIn("Opened again in phase Mediation", case.message_ids[0].body)
        self.assertNotIn("does not hold", "".join(case.message_ids.mapped("body")))

    def test_reopened_case_can_end_anew(self):
        case = self.make_case(stage_id=self.stage("mediation").id)
        self.close(case, "2026-03-20")
        case.feedback_date = date(2026, 3, 21)
        self.move(case, "mediation", "2026-04-01")
        self.assertFalse(case.feedback_date)
        with self.assertRaisesRegex(UserError, "Result at closing"), self.env.cr.savepoint():
            case.stage_id = self.stage("closed")
        self.move(case, "closed", "2026-04-20", outcome_id=self.code("outcome", "DEELS").id)
        self.assertEqual(
            case.phase_ids.filtered("outcome_id").outcome_id.mapped("code"), ["OPG_BEM", "DEELS"]
        )
        self.assertEqual(case.phase_ids[1].feedback_date, date(2026, 3, 21))

    def test_wizard_does_not_close(self):
        form = self.wizard(self.make_case().action_move())
        form.stage_id = self.stage("intake")
        codes = form.save().selectable_stage_ids.mapped("code")
        self.assertEqual(len(codes), 9)
        self.assertNotIn("closed", codes)

    def test_list_action_moves_the_selected_cases(self):
        cases = self.make_case() + self.make_case()
        form = Form(
            self.env["buurtbemiddeling.case.move"]
            .with_user(self.coordinator)
            .with_context(default_case_ids=cases.ids)
        )
        form.stage_id = self.stage("intake")
        form.save().action_move()
        self.assertEqual(cases.stage_id.code, "intake")

    def test_wizard_moves_cases_of_one_organisation(self):
        cases = self.make_case() + self.make_case(self.stranger, company_id=self.other_company.id)
        wizard = self.env["buurtbemiddeling.case.move"].create(
            {"case_ids": [(6, 0, cases.ids)], "stage_id": self.stage("intake").id}
        )
        with self.assertRaisesRegex(UserError, "one organisation at a time"):
            wizard.action_move()


@tagged("post_install", "-at_install")
class TestClock(PhaseCommon):
    """Pauses stop the norm; they are rows with a reason."""

    def test_pause_extends_the_deadline_by_its_working_days(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 9))
        pause = self.pause(case, date(2026, 3, 5), date(2026, 3, 8))
        self.assertEqual(case.stage_deadline, date(2026, 3, 11), "Thursday and Friday")
        pause.date_to = date(2026, 3, 9)
        self.assertEqual(case.stage_deadline, date(2026, 3, 12))
        pause.unlink()
        self.assertEqual(case.stage_deadline, date(2026, 3, 9))

    def test_only_days_in_the_phase_count(self):
        case = self.make_case()
        self.pause(case, date(2026, 3, 3), date(2026, 3, 6))
        self.move(case, "intake", "2026-03-05")
        self.assertEqual(case.stage_deadline, date(2026, 3, 13), "one day of the pause")
        self.pause(case, date(2026, 3, 16), date(2026, 3, 20))
        self.assertEqual(case.stage_deadline, date(2026, 3, 13), "after the norm")

    def test_days_off_within_a_pause_count_once(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-05 00:00:00",
                "date_to": "2026-03-05 23:00:00",
            }
        )
        case = self.make_case(stage_id=self.stage("intake").id)
        self.pause(case, date(2026, 3, 5), date(2026, 3, 6))
        self.assertEqual(case.stage_deadline, date(2026, 3, 11))

    def test_paused_case_is_not_late(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        late = [("stage_deadline", "<", "today"), ("id", "=", case.id)]
        with freeze_time("2026-03-06"):
            pause = self.pause(case, date(2026, 3, 6))
        with freeze_time("2026-05-06"):
            case.invalidate_recordset()
            self.assertEqual(case.stage_status, "paused")
            self.assertFalse(case.search(late))
            pause.date_to = date(2026, 5, 1)
            self.assertEqual(case.stage_deadline, date(2026, 5, 5))
            self.assertTrue(case.search(late))

    def test_second_pause_while_one_lasts_is_refused(self):
        case = self.make_case()
        first = self.pause(case, date(2026, 3, 5))
        with self.assertRaisesRegex(ValidationError, case.name + " is paused already"):
            with self.env.cr.savepoint():
                self.pause(case, date(2026, 3, 9))
        case.write(
            {
                "pause_ids": [
                    (1, first.id, {"date_to": date(2026, 3, 8)}),
                    (0, 0, {"date_from": date(2026, 3, 9), "reason": "interpreter"}),
                ]
            }
        )
        self.assertEqual(len(case.pause_ids), 2)
        self.pause(self.make_case(), date(2026, 3, 9))

    def test_pause_before_registration_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "was registered on 03/02/2026"):
            self.pause(self.make_case(), date(2026, 3, 1))
        self.pause(self.make_case(), MONDAY)

    def test_closing_ends_the_pause_and_counts_it_until_then(self):
        case = self.make_case()
        pause = self.pause(case, date(2026, 3, 10))
        self.close(case, "2026-03-20")
        self.assertEqual(pause.date_to, date(2026, 3, 20))
        self.assertEqual((case.own_days, case.waiting_days), (8, 10))
        self.move(case, "mediation", "2026-04-20")
        with freeze_time("2026-04-30"):
            self.assertNotEqual(case.stage_status, "paused")

    def test_part_time_organisation_has_its_own_working_days(self):
        calendar = self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Mondays", "company_id": self.company.id, "tz": "Europe/Amsterdam"}
        )
        calendar.attendance_ids.filtered(lambda day: day.dayofweek != "0").unlink()
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 4, 6))
        self.stage("waiting").norm_days = 60
        case = self.make_case(stage_id=self.stage("waiting").id)
        self.assertEqual(case.stage_deadline, date(2027, 4, 26))

    def test_no_working_days_no_deadline(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        self.assertFalse(self.make_case(stage_id=self.stage("intake").id).stage_deadline)


@tagged("post_install", "-at_install")
class TestPhasesOfAnOrganisation(PhaseCommon):
    """Shared phases, and an organisation's own in their place."""

    def phases(self, company):
        return self.env["buurtbemiddeling.case.stage"]._get_of_company(company)

    def test_own_phase_takes_the_place_of_the_shared_one(self):
        own = self.own_stage("intake", name="Kennismaking", norm_days=3, sequence=20)
        mine, theirs = self.phases(self.company), self.phases(self.other_company)
        self.assertIn(own, mine)
        self.assertNotIn(self.shared("intake"), mine)
        self.assertEqual(mine.mapped("code"), theirs.mapped("code"), "same order")
        self.assertIn(self.shared("intake"), theirs)
        self.assertNotIn(own, theirs)

    def shared(self, code):
        return self.env.ref(f"buurtbemiddeling_case.case_stage_{code}")

    def test_shared_phase_is_found_first_by_code(self):
        self.own_stage("intake", sequence=20)
        self.assertEqual(
            self.env["buurtbemiddeling.case.stage"].search([("code", "=", "intake")])[0],
            self.shared("intake"),
        )

    def test_own_phase_with_a_code_of_its_own_is_an_addition(self):
        extra = self.own_stage("table", sequence=85, norm_days=3)
        self.assertEqual(len(self.phases(self.company)), 11)
        case = self.make_case(stage_id=extra.id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 5))
        with self.assertRaises(UserError):
            self.make_case(
                self.env.user, company_id=self.other_company.id, stage_id=extra.id, user_id=False
            )
        with self.assertRaises(AccessError):
            extra.with_user(self.stranger).read(["name"])

    def test_archived_own_phase_leaves_that_phase_out(self):
        self.own_stage("approach_b").active = False
        self.assertNotIn("approach_b", self.phases(self.company).mapped("code"))
        self.assertIn("approach_b", self.phases(self.other_company).mapped("code"))

    def test_code_is_unique_among_shared_and_own_phases(self):
        self.own_stage("intake")
        for company in (self.company, self.env["res.company"]):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.env["buurtbemiddeling.case.stage"].create(
                    {"code": "intake", "name": "Again", "company_id": company.id}
                )

    def test_own_phase_closes_cases_just_when_the_shared_one_does(self):
        for code, is_closed in (("aftercare", True), ("closed", False)):
            with self.assertRaisesRegex(ValidationError, "takes the place of a shared phase"):
                with self.env.cr.savepoint():
                    self.own_stage(code, is_closed=is_closed)

    def test_phase_stays_with_its_organisation(self):
        with self.assertRaisesRegex(UserError, "stays with its organisation"):
            self.own_stage("table").company_id = False
        with self.assertRaisesRegex(UserError, "stays with its organisation"):
            self.shared("intake").company_id = self.company

    def test_making_own_phases_changes_nothing_of_the_cases(self):
        case = self.make_case()
        self.move(case, "intake", "2026-03-05")
        closed = self.make_case()
        self.close(closed, "2026-03-20")
        elsewhere = self.make_case(self.stranger, company_id=self.other_company.id)
        facts = ["stage_date", "stage_deadline", "close_date", "is_closed", "own_days"]
        before = (case + closed).read(facts)
        history = case.phase_ids.read(["date_from", "date_to", "deadline", "own_days"])
        messages = case.message_ids
        self.env["buurtbemiddeling.case.stage"].with_user(self.manager).action_make_own()
        self.assertEqual(len(self.phases(self.company)), 10)
        self.assertEqual(self.phases(self.company).company_id, self.company)
        self.assertEqual(case.stage_id.company_id, self.company)
        self.assertEqual(case.phase_ids[-1].stage_id, case.stage_id)
        self.assertEqual(case.phase_ids[0].stage_id, self.shared("new"), "history stays")
        self.assertEqual((case + closed).read(facts), before)
        self.assertEqual(
            case.phase_ids.read(["date_from", "date_to", "deadline", "own_days"]), history
        )
        self.assertEqual(case.message_ids, messages)
        self.assertFalse(elsewhere.stage_id.company_id)
        self.env["buurtbemiddeling.case.stage"].with_user(self.manager).action_make_own()
        self.assertEqual(len(self.phases(self.company)), 10, "a second time adds nothing")

    def test_norm_of_an_own_phase_counts_for_the_cases_in_it(self):
        case = self.make_case(stage_id=self.shared("intake").id)
        self.own_stage("intake", norm_days=1)
        self.assertEqual(case.stage_deadline, date(2026, 3, 3))

    def test_coordinator_can_not_make_phases(self):
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.case.stage"].with_user(self.coordinator).action_make_own()

    def test_cases_come_in_and_move_in_own_phases(self):
        self.env["buurtbemiddeling.case.stage"].with_user(self.manager).action_make_own()
        case = self.make_case()
        self.assertEqual(case.stage_id.company_id, self.company)
        imported = self.make_case(stage_id=self.shared("talk_a").id)
        self.assertEqual(imported.stage_id.company_id, self.company)
        case.stage_id = self.shared("talk_a")
        self.assertEqual(case.stage_id, imported.stage_id)
        case.write({"close_date": date(2026, 4, 1), "outcome_id": self.solved.id})
        self.assertEqual((case.stage_id.code, case.stage_id.company_id), ("closed", self.company))
        closed = self.make_case(close_date=date(2026, 4, 1))
        self.assertEqual(closed.stage_id, case.stage_id)

    def test_cases_of_several_organisations_move_each_in_its_own_phase(self):
        self.own_stage("intake")
        cases = self.make_case() + self.make_case(self.stranger, company_id=self.other_company.id)
        cases.with_user(self.env.user).write({"stage_id": self.shared("intake").id})
        self.assertEqual(cases.stage_id.mapped("code"), ["intake", "intake"])
        self.assertEqual(cases.stage_id.company_id, self.company)

    def test_case_that_changes_organisation_changes_phase(self):
        own = self.own_stage("intake")
        case = self.make_case(stage_id=own.id, user_id=False)
        case.with_user(self.env.user).company_id = self.other_company
        self.assertEqual(case.stage_id, self.shared("intake"))

    def test_board_shows_the_phases_of_the_organisation(self):
        own = self.own_stage("intake", sequence=15)
        self.make_case()
        groups = (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .with_context(read_group_expand=True)
            .formatted_read_group([], ["stage_id"], ["__count"])
        )
        self.assertEqual([group["stage_id"][0] for group in groups], self.phases(self.company).ids)
        self.assertEqual(groups[1]["stage_id"][0], own.id)

    def test_list_of_phases_shows_which_are_replaced(self):
        self.own_stage("intake")
        stages = self.shared("intake") + self.shared("new")
        mine, theirs = stages.with_user(self.manager), stages.with_user(self.stranger)
        self.assertEqual(mine.mapped("is_replaced"), [True, False])
        self.assertEqual(theirs.mapped("is_replaced"), [False, False])


@tagged("post_install", "-at_install")
class TestPhasesOfAFormOfHelp(PhaseCommon):
    """Each form of help shows its own phases."""

    def codes(self, case):
        return " ".join(case.selectable_stage_ids.mapped("code"))

    def test_every_form_of_help_has_phases_from_new_to_closed(self):
        for intervention in self.env["buurtbemiddeling.intervention"].search([]):
            codes = intervention.stage_ids.mapped("code")
            self.assertLessEqual({"new", "intake", "aftercare", "closed"}, set(codes))
        self.assertNotIn("mediation", self.code("intervention", "ADVIES").stage_ids.mapped("code"))

    def test_status_bar_shows_the_phases_of_the_form_of_help(self):
        case = self.make_case(intervention_id=self.code("intervention", "ADVIES").id)
        self.assertEqual(self.codes(case), "new intake aftercare closed")
        case.stage_id = self.stage("talk_a")
        self.assertIn("talk_a", self.codes(case), "dragged to another phase, it shows that too")

    def test_without_form_of_help_or_without_its_phases_all_show(self):
        case = self.make_case()
        self.assertEqual(len(case.selectable_stage_ids), 10)
        case.intervention_id = self.env["buurtbemiddeling.intervention"].create(
            {"code": "X", "name": "X"}
        )
        self.assertEqual(len(case.selectable_stage_ids), 10)

    def test_own_phases_count_by_their_code(self):
        own = self.own_stage("intake", sequence=20)
        case = self.make_case(intervention_id=self.code("intervention", "ADVIES").id)
        self.assertIn(own, case.selectable_stage_ids)
        self.assertEqual(self.codes(case), "new intake aftercare closed")
