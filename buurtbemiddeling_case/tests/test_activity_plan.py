from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..models.mail_activity_plan import PLANS
from .common import CaseCommon

WITH_PLAN = {"ADVIES", "GESPREK_1P", "PENDEL", "BEMIDDELING", "GROEP", "COACHING"}


@tagged("post_install", "-at_install")
class TestActivityPlan(CaseCommon):
    """Each form of help has its usual steps, which the coordinator plans with one click."""

    def wizard(self, case, user=None):
        action = case.with_user(user or self.coordinator).action_plan_steps()
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.coordinator)
            .with_context(**action["context"])
        )

    def test_each_form_of_help_has_its_own_steps(self):
        interventions = self.env["buurtbemiddeling.intervention"].search([])
        planned = interventions.filtered("plan_id")
        self.assertEqual(set(planned.mapped("code")), WITH_PLAN)
        self.assertEqual(len(planned.plan_id), len(WITH_PLAN))
        for plan in planned.plan_id:
            self.assertEqual(set(plan.template_ids.mapped("responsible_type")), {"coordinator"})
            days = plan.template_ids.mapped("delay_count")
            self.assertEqual(days, sorted(days), plan.name)

    @freeze_time("2026-03-02")
    def test_coordinator_plans_the_steps_of_the_form_of_help(self):
        shuttle = self.code("intervention", "PENDEL")
        case = self.make_quarrel(intervention_id=shuttle.id, user_id=self.manager.id)
        wizard = self.wizard(case)
        self.assertEqual(wizard.plan_id, shuttle.plan_id)
        wizard.save().action_schedule_plan()
        steps = shuttle.plan_id.template_ids
        self.assertEqual(case.activity_ids.sorted("date_deadline").mapped("summary"),
                         steps.mapped("summary"))  # fmt: skip
        self.assertEqual(case.activity_ids.user_id, self.manager, "the case's coordinator")
        self.assertEqual(min(case.activity_ids.mapped("date_deadline")), date(2026, 3, 4))
        for name in ("Anna", "Bert", "Dorpsstraat"):
            self.assertNotIn(name, str(case.activity_ids.read(["summary", "note", "res_name"])))
            self.assertNotIn(name, str(case.message_ids.mapped("body")))

    def test_case_without_coordinator_gets_a_sentence(self):
        case = self.make_case(
            user_id=False, intervention_id=self.code("intervention", "COACHING").id
        )
        with self.assertRaisesRegex(ValidationError, "has no coordinator"):
            self.wizard(case).save()
        self.assertFalse(case.activity_ids, "nothing is half planned")

    def test_form_of_help_without_plan_gets_a_sentence(self):
        case = self.make_case(intervention_id=self.code("intervention", "SAMEN_PROF").id)
        with self.assertRaisesRegex(UserError, "has a plan"):
            case.action_plan_steps()

    def test_administrator_changes_plans_for_cases_and_no_others(self):
        plan = self.code("intervention", "GROEP").plan_id.with_user(self.manager)
        with Form(plan, "buurtbemiddeling_case.mail_activity_plan_view_form") as form:
            with form.template_ids.new() as step:
                step.summary = "Book a room"
                self.assertEqual(step.responsible_type, "coordinator")
        with self.assertRaises(AccessError):
            plan.with_user(self.coordinator).name = "x"
        other = self.env["mail.activity.plan"].create({"name": "O", "res_model": "res.partner"})
        with self.assertRaises(AccessError):
            other.with_user(self.manager).name = "x"
        with self.assertRaises(AccessError):
            plan.create({"name": "P", "res_model": "res.partner"})

    def test_only_a_case_has_a_coordinator(self):
        with self.assertRaisesRegex(ValidationError, "Only plans for cases"):
            self.env["mail.activity.plan"].create(
                {
                    "name": "Other",
                    "res_model": "res.partner",
                    "template_ids": [Command.create({"responsible_type": "coordinator"})],
                }
            )

    def test_plans_stay_as_the_organisation_made_them(self):
        plan = self.code("intervention", "GROEP").plan_id
        plan.name = "Eigen plan"
        self.code("intervention", "PENDEL").plan_id = False
        self.env["mail.activity.plan"]._load_plans_of_help()
        self.assertEqual(self.code("intervention", "GROEP").plan_id.name, "Eigen plan")
        self.assertFalse(self.code("intervention", "PENDEL").plan_id)

    def test_plans_are_made_in_dutch_where_dutch_is_installed(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        groep = self.code("intervention", "GROEP")
        groep.plan_id.unlink()
        self.env["mail.activity.plan"]._load_plans_of_help()
        name, steps = PLANS["GROEP"]
        self.assertEqual(groep.plan_id.name, name._translate("nl_NL"))
        self.assertEqual(
            groep.plan_id.template_ids.mapped("summary"),
            [summary._translate("nl_NL") for summary, _days in steps],
        )
