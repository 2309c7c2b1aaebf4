from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_recruitment import TODAY, RecruitmentCommon


@tagged("post_install", "-at_install")
class TestTalks(RecruitmentCommon):
    """What is said in talks with a volunteer, and by which criteria."""

    def setUp(self):
        super().setUp()
        self.volunteer = self.make_volunteer(stage="interest")

    def test_the_criteria_of_the_field_are_there(self):
        codes = set(self.env["buurtbemiddeling.selection.criterion"].search([]).mapped("code"))
        self.assertLessEqual(
            {
                "SOCIAL_INTELLIGENCE",
                "SOCIAL_SKILLS",
                "COMMUNICATION",
                "COOPERATION",
                "LISTENING",
                "NEUTRAL",
                "NO_OWN_SOLUTIONS",
                "REFLECTIVE",
            },
            codes,
        )

    def test_intake_and_evaluation_are_scored_by_every_criterion_in_use(self):
        criteria = self.env["buurtbemiddeling.selection.criterion"].search([])
        criteria[0].active = False
        for kind in ("intake", "evaluation"):
            self.assertEqual(self.talk(self.volunteer, kind).score_ids.criterion_id, criteria[1:])
        for kind in ("yearly", "exit"):
            self.assertFalse(self.talk(self.volunteer, kind, result=False).score_ids)

    def test_the_form_has_the_criteria_at_once_and_shows_the_average(self):
        form = Form(
            self.env["buurtbemiddeling.volunteer.talk"]
            .with_user(self.coordinator)
            .with_context(default_volunteer_id=self.volunteer.id)
        )
        self.assertEqual(len(form.score_ids), 8)
        for number, score in enumerate(("4", "5", "3")):
            with form.score_ids.edit(number) as row:
                row.score = score
                row.note = "As seen in the role play"
        self.assertEqual(form.score_average, 4)  # of what was scored
        form.kind = "yearly"
        self.assertFalse(form.score_ids)
        self.assertEqual(form.next_date, date(2028, 6, 1))
        form.kind = "intake"
        form.result = "doubt"
        talk = form.save()
        self.assertEqual(len(talk.score_ids), 8)
        self.assertFalse(talk.score_average)
        self.assertEqual(talk.user_id, self.coordinator)

    def test_scores_go_from_one_to_five(self):
        row = self.talk(self.volunteer).score_ids[0]
        row.score = "5"
        with self.assertRaises(ValueError):
            row.score = "6"

    def test_a_criterion_is_scored_once_in_a_talk(self):
        talk = self.talk(self.volunteer)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            talk.score_ids[0].copy()

    def test_a_yearly_talk_has_no_result(self):
        with self.assertRaisesRegex(ValidationError, "Only an intake talk"):
            self.talk(self.volunteer, "yearly")

    def test_a_talk_to_come_has_no_result_yet(self):
        with self.assertRaisesRegex(ValidationError, "no result yet"):
            self.talk(self.volunteer, date=date(2027, 6, 2))
        self.talk(self.volunteer, date=date(2027, 6, 2), result=False)

    def test_the_next_talk_is_after_this_one(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.talk(self.volunteer, "yearly", result=False, next_date=TODAY)

    def test_the_yearly_talk_says_when_the_next_one_is(self):
        self.talk(self.volunteer, "yearly", result=False, goals="Group mediation")
        self.assertEqual(self.volunteer.next_talk_date, date(2028, 6, 1))
        kind = self.env["buurtbemiddeling.attention"].search([("code", "=", "VOLUNTEER_TALK")])
        found = self.env["buurtbemiddeling.volunteer"]
        self.assertNotIn(self.volunteer, found.search(kind._get_domain()))
        with freeze_time("2028-06-01"):
            self.assertIn(self.volunteer, found.search(kind._get_domain()))
            self.talk(self.volunteer, "yearly", result=False)
            self.assertNotIn(self.volunteer, found.search(kind._get_domain()))

    def test_the_last_talk_with_a_result_counts(self):
        self.talk(self.volunteer, date=date(2027, 5, 1))
        self.talk(self.volunteer, result="not", date=date(2027, 5, 20))
        self.talk(self.volunteer, result=False)
        self.assertEqual(self.volunteer.intake_result, "not")
        self.assertFalse(self.volunteer.evaluation_result)

    def test_the_thread_says_that_there_was_a_talk_and_nothing_of_it(self):
        self.talk(self.volunteer, result="not", note="Talks too much", goals="Listening")
        self.flush_tracking()
        bodies = " ".join(self.volunteer.message_ids.mapped("body"))
        self.assertIn("Intake talk on 06/01/2027", bodies)
        tracked = self.volunteer.sudo().message_ids.tracking_value_ids
        shown = f"{bodies} {tracked.mapped('new_value_char')}"
        for secret in ("Talks too much", "Listening", "Not suitable", "suitable"):
            self.assertNotIn(secret, shown)

    def test_talks_are_for_coordinators_of_the_organisation_only(self):
        talk = self.talk(self.volunteer)
        odoo_admin = self.make_user("system", "base.group_system")
        for user in (self.colleague, self.portal, odoo_admin, self.stranger):
            for record in (talk, talk.score_ids):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
        self.assertFalse(talk.with_user(self.stranger).search([]))
        self.assertTrue(talk.with_user(self.manager).has_access("unlink"))
        self.assertFalse(talk.with_user(self.coordinator).has_access("unlink"))

    def test_the_name_of_a_talk_says_nothing_of_it(self):
        self.assertEqual(self.talk(self.volunteer).display_name, "Intake talk, Vera")


@tagged("post_install", "-at_install")
class TestMovingByItself(RecruitmentCommon):
    """A volunteer moves on when all that the next phase asks is there."""

    def setUp(self):
        super().setUp()
        self.company.buurtbemiddeling_first_cases = 2
        self.volunteer = self.make_volunteer(stage="interest")

    def test_from_interest_to_active(self):
        self.assertEqual(self.volunteer.next_stage_needs, "enrolment for an information meeting")
        enrolment = self.meet(self.volunteer, "enrolled")
        self.assertPhase(self.volunteer, "information")
        self.assertEqual(self.volunteer.next_stage_needs, "presence at an information meeting")
        enrolment.state = "attended"
        self.assertPhase(self.volunteer, "intake")
        self.assertEqual(self.volunteer.next_stage_needs, "a positive intake talk")
        talk = self.talk(self.volunteer, result="doubt")
        self.assertPhase(self.volunteer, "intake")
        talk.result = "suitable"
        self.assertPhase(self.volunteer, "training")
        for words in ("basic training", "agreement", "confidentiality"):
            self.assertIn(words, self.volunteer.next_stage_needs)
        self.pass_basic_training(self.volunteer)
        self.sign(self.volunteer, "agreement")
        self.assertPhase(self.volunteer, "training")
        self.assertFalse(self.volunteer.date_start)
        self.sign(self.volunteer, "confidentiality")
        self.assertPhase(self.volunteer, "first_cases")
        self.assertEqual(self.volunteer.date_start, TODAY)
        self.assertFalse(self.volunteer.is_experienced)
        self.assertEqual(
            self.volunteer.next_stage_needs, "the first cases, a positive evaluation talk"
        )
        self.end_cases(self.volunteer, 1)
        self.talk(self.volunteer, "evaluation")
        self.assertPhase(self.volunteer, "first_cases")
        self.end_cases(self.volunteer, 1)
        self.assertPhase(self.volunteer, "active")
        self.assertTrue(self.volunteer.is_experienced)
        self.assertFalse(self.volunteer.next_stage_id)
        self.assertFalse(self.volunteer.next_stage_needs)

    def test_fifteen_hours_or_no_first_cases(self):
        self.move(self.volunteer, "training")
        self.sign(self.volunteer, "agreement", "confidentiality")
        enrolment = self.pass_basic_training(self.volunteer, hours=14.5)
        self.assertPhase(self.volunteer, "training")
        enrolment.attended_hours = 15
        self.assertPhase(self.volunteer, "first_cases")

    def test_a_negative_evaluation_leaves_someone_where_they_are(self):
        volunteer = self.make_volunteer("Nico", stage="first_cases")
        self.pass_basic_training(volunteer)
        self.sign(volunteer, "agreement", "confidentiality")
        self.end_cases(volunteer, 3)
        for result in ("not", "doubt"):
            self.talk(volunteer, "evaluation", result)
            self.assertPhase(volunteer, "first_cases")
        self.talk(volunteer, "evaluation")
        self.assertPhase(volunteer, "active")

    def test_first_cases_are_counted_by_case_and_when_ended(self):
        volunteer = self.make_volunteer("Nico", stage="first_cases")
        case = self.make_case()
        for state in ("ended", "declined", "ended", "accepted"):
            self.couple(case, volunteer, state)
        self.couple(self.make_case(), volunteer, "declined")
        self.assertFalse(volunteer.has_first_cases)
        found = volunteer.search([("has_first_cases", "=", True)])
        self.assertNotIn(volunteer, found)
        self.couple(self.make_case(), volunteer, "ended")
        self.assertTrue(volunteer.has_first_cases)
        self.assertIn(volunteer, volunteer.search([("has_first_cases", "=", True)]))
        self.assertNotIn(volunteer, volunteer.search([("has_first_cases", "=", False)]))

    def test_an_organisation_without_first_cases_asks_the_talk_only(self):
        self.company.buurtbemiddeling_first_cases = 0
        volunteer = self.make_volunteer("Nico", stage="first_cases")
        self.assertIn(volunteer, volunteer.search([("has_first_cases", "=", True)]))
        self.assertEqual(volunteer.next_stage_needs.split(", ")[0], "a positive evaluation talk")

    def test_an_evaluation_that_is_due_asks_attention(self):
        volunteer = self.make_volunteer("Nico", stage="first_cases")
        kind = self.env["buurtbemiddeling.attention"].search(
            [("code", "=", "VOLUNTEER_EVALUATION")]
        )
        self.end_cases(volunteer, 1)
        self.assertNotIn(volunteer, volunteer.search(kind._get_domain()))
        self.end_cases(volunteer, 1)
        self.assertIn(volunteer, volunteer.search(kind._get_domain()))

    def test_the_thread_says_that_it_went_by_itself(self):
        self.flush_tracking()
        self.meet(self.volunteer)
        self.flush_tracking()
        notes = self.volunteer.message_ids.mapped("body")
        self.assertTrue(any("by itself" in note and "Intake talk" in note for note in notes))

    def test_nobody_is_moved_out_of_a_break_or_from_having_left(self):
        for stage in ("pause", "left"):
            volunteer = self.make_volunteer(stage, stage=stage)
            self.sign(volunteer, "agreement", "confidentiality")
            self.pass_basic_training(volunteer)
            self.talk(volunteer)
            self.meet(volunteer)
            self.env["buurtbemiddeling.volunteer"]._cron_move_when_ready()
            self.assertPhase(volunteer, stage)
            self.assertFalse(volunteer.next_stage_id)
            # not even when someone gave that phase another place
            self.code("volunteer.stage", stage).sequence = 5
            self.talk(volunteer)
            self.assertPhase(volunteer, stage)

    def test_who_was_moved_back_by_hand_stays_there(self):
        self.meet(self.volunteer)
        self.talk(self.volunteer)
        self.assertPhase(self.volunteer, "training")
        self.move(self.volunteer, "intake")
        self.assertTrue(self.volunteer.is_held)
        self.talk(self.volunteer)
        self.assertPhase(self.volunteer, "intake")
        self.volunteer.is_held = False
        self.talk(self.volunteer)
        self.assertPhase(self.volunteer, "training")
        self.move(self.volunteer, "interest")
        self.move(self.volunteer, "intake")
        self.assertFalse(self.volunteer.is_held)

    def test_a_person_may_move_a_volunteer_without_talks(self):
        for stage in ("intake", "training"):
            self.drag(self.volunteer, stage)
            self.assertPhase(self.volunteer, stage)
        self.sign(self.volunteer, "agreement", "confidentiality")
        self.pass_basic_training(self.volunteer)
        self.assertPhase(self.volunteer, "first_cases")
        self.drag(self.volunteer, "active")  # nothing is missing that the law or the field asks
        self.assertPhase(self.volunteer, "active")

    def test_dragging_to_a_phase_with_cases_names_what_is_missing(self):
        for stage in ("first_cases", "active"):
            with self.assertRaisesRegex(UserError, "basic training.*agreement.*confidentiality"):
                self.drag(self.volunteer, stage)

    def test_conditions_do_not_buy_off_training_and_papers(self):
        """Whatever an administrator makes of the phases, nobody mediates untrained."""
        stage = self.code("volunteer.stage", "first_cases")
        stage.condition_ids = False
        self.code("volunteer.stage", "training").condition_ids = False
        self.meet(self.volunteer)
        self.assertPhase(self.volunteer, "training")
        self.env["buurtbemiddeling.volunteer"]._cron_move_when_ready()
        self.assertPhase(self.volunteer, "training")

    def test_nobody_is_added_in_a_phase_with_cases(self):
        values = {"partner_id": self.env["res.partner"].create({"name": "Nieuw"}).id}
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator)
        for stage in ("first_cases", "active", "left"):
            stage_id = self.code("volunteer.stage", stage).id
            with self.assertRaisesRegex(UserError, "can not start in phase"):
                volunteers.with_context(default_stage_id=stage_id).web_save(values, {})
            with self.assertRaisesRegex(UserError, "can not start in phase"):
                volunteers.web_save({**values, "stage_id": stage_id}, {})
        stage_id = self.code("volunteer.stage", "intake").id
        volunteers.with_context(default_stage_id=stage_id).web_save(values, {})

    def test_what_a_phase_asks_is_up_to_the_organisation(self):
        """Without information meetings, and with a basic training before the talk."""
        self.code("volunteer.stage", "information").active = False
        intake = self.code("volunteer.stage", "intake")
        condition = self.code("volunteer.condition", "BASIC_TRAINING")
        intake.with_user(self.manager).condition_ids = condition
        self.talk(self.volunteer)
        self.assertPhase(self.volunteer, "interest")
        self.assertEqual(self.volunteer.next_stage_needs, "a basic training that was passed")
        self.pass_basic_training(self.volunteer)
        self.assertPhase(self.volunteer, "training")  # through the talk, which there was already

    def test_a_phase_may_be_for_people_to_decide_only(self):
        self.code("volunteer.stage", "intake").is_automatic = False
        self.meet(self.volunteer)
        self.assertPhase(self.volunteer, "information")

    def test_a_condition_is_something_to_search_for(self):
        condition = self.code("volunteer.condition", "BASIC_TRAINING")
        for domain in ("[('no_such_field', '=', 1)]", "nonsense", "[(1"):
            with self.assertRaisesRegex(ValidationError, "can not be searched for"):
                condition.domain = domain

    def test_imports_move_nobody(self):
        importing = self.env["buurtbemiddeling.volunteer.talk"].with_context(import_file=True)
        self.move(self.volunteer, "intake")
        importing.create({"volunteer_id": self.volunteer.id, "result": "suitable"})
        self.assertPhase(self.volunteer, "intake")
        self.env["buurtbemiddeling.volunteer"]._cron_move_when_ready()
        self.assertPhase(self.volunteer, "training")

    def test_a_paper_that_becomes_valid_one_day_moves_a_volunteer_that_day(self):
        self.move(self.volunteer, "training")
        self.pass_basic_training(self.volunteer)
        self.sign(self.volunteer, "agreement", "confidentiality", day=date(2027, 6, 10))
        self.env["buurtbemiddeling.volunteer"]._cron_move_when_ready()
        self.assertPhase(self.volunteer, "training")
        self.env.invalidate_all()
        with freeze_time("2027-06-10"):
            self.env["buurtbemiddeling.volunteer"]._cron_move_when_ready()
        self.assertPhase(self.volunteer, "first_cases")

    def test_archived_volunteers_stay_where_they_are(self):
        self.volunteer.active = False
        self.meet(self.volunteer)
        self.assertPhase(self.volunteer, "interest")

    def test_many_move_in_as_many_queries_as_one(self):
        session = self.make_session(self.make_training("information"), half_days=1, capacity=0)

        def attend(prefix, count):
            people = [self.make_volunteer(f"{prefix} {n}", stage="interest") for n in range(count)]
            return lambda: self.enrol(session, *people, state="attended")

        self.count_queries(lambda: attend("warm", 2)())
        counts = []
        for count in (3, 12):
            action = attend(f"batch{count}", count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            action()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_needs_of_a_board_take_a_fixed_number_of_queries(self):
        stages = ("interest", "information", "intake", "training", "first_cases")
        few = self.make_volunteer("Few").browse(
            [self.make_volunteer(f"Few {code}", stage=code).id for code in stages]
        )
        many = few.browse(
            [self.make_volunteer(f"{n} {code}", stage=code).id for code in stages for n in range(8)]
        )
        counts = [
            self.count_queries(lambda v=volunteers: v.mapped("next_stage_needs"))
            for volunteers in (few, many)
        ]
        self.assertEqual(*counts)

    def test_the_board_and_the_list_filter_new_and_experienced(self):
        new = self.make_volunteer("Nieuw", stage="first_cases")
        old = self.make_volunteer("Oud", stage="active")
        found = new.search([("is_experienced", "=", True), ("id", "in", (new | old).ids)])
        self.assertEqual(found, old)
        self.code("volunteer.stage", "first_cases").is_experienced = True
        found = new.search([("is_experienced", "=", True), ("id", "in", (new | old).ids)])
        self.assertEqual(found, new | old)
