from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import VolunteerCommon

# model -> what a coordinator and an administrator may do; all others may do nothing
TABLE = {
    "buurtbemiddeling.volunteer": ("rwc", "rwcu"),
    "buurtbemiddeling.volunteer.document": ("rwcu", "rwcu"),
    "buurtbemiddeling.assignment": ("rwcu", "rwcu"),
    "buurtbemiddeling.assignment.reason": ("r", "rwcu"),
    "buurtbemiddeling.assignment.objection": ("rwc", "rwcu"),
    "buurtbemiddeling.assignment.decline": ("rwcu", "rwcu"),
    "buurtbemiddeling.assignment.replace": ("rwcu", "rwcu"),
    "buurtbemiddeling.training": ("rwc", "rwcu"),
    "buurtbemiddeling.training.session": ("rwc", "rwcu"),
    "buurtbemiddeling.training.enrolment": ("rwcu", "rwcu"),
    "buurtbemiddeling.training.attendance": ("rwcu", "rwcu"),
    "buurtbemiddeling.training.invite": ("rwcu", "rwcu"),
    "buurtbemiddeling.learning.goal": ("rwcu", "rwcu"),
    "buurtbemiddeling.study.day": ("rwcu", "rwcu"),
    "buurtbemiddeling.volunteer.stage": ("r", "rwcu"),
    "buurtbemiddeling.competence": ("r", "rwcu"),
    "buurtbemiddeling.visit.report": ("rwcu", "rwcu"),
    "buurtbemiddeling.visit.hours": ("rwcu", "rwcu"),
    "buurtbemiddeling.expense": ("rwcu", "rwcu"),
    "buurtbemiddeling.expense.export": ("r", "r"),
    "buurtbemiddeling.expense.export.wizard": ("rwcu", "rwcu"),
    "buurtbemiddeling.debrief": ("rwcu", "rwcu"),
    "buurtbemiddeling.coach.note": ("rwcu", "rwcu"),
    "buurtbemiddeling.volunteer.condition": ("r", "rwcu"),
    "buurtbemiddeling.selection.criterion": ("r", "rwcu"),
    "buurtbemiddeling.leave.reason": ("r", "rwcu"),
    "buurtbemiddeling.volunteer.talk": ("rwc", "rwcu"),
    "buurtbemiddeling.volunteer.talk.score": ("rwcu", "rwcu"),
    "buurtbemiddeling.volunteer.application": ("r", "ru"),
    "buurtbemiddeling.volunteer.leave": ("rwcu", "rwcu"),
    "buurtbemiddeling.daypart": ("r", "rwcu"),
    "buurtbemiddeling.affinity": ("r", "rwcu"),
    "buurtbemiddeling.pairing.criterion": ("r", "rw"),
    "buurtbemiddeling.volunteer.absence": ("rwcu", "rwcu"),
    "buurtbemiddeling.volunteer.declaration": ("rwcu", "rwcu"),
    "buurtbemiddeling.couple": ("rwcu", "rwcu"),
    "buurtbemiddeling.couple.pair": ("rwcu", "rwcu"),
    "buurtbemiddeling.couple.conflict": ("rwcu", "rwcu"),
    "buurtbemiddeling.requirement": ("r", "rwcu"),
    "buurtbemiddeling.volunteer.requirement": ("r", "r"),
    "buurtbemiddeling.protocol": ("rwc", "rwcu"),
    "buurtbemiddeling.protocol.acceptance": ("rwcu", "rwcu"),
    "buurtbemiddeling.protocol.accept": ("rwcu", "rwcu"),
    "buurtbemiddeling.lapse.decide": ("rwcu", "rwcu"),
    "buurtbemiddeling.volunteer.merge": ("rwcu", "rwcu"),
    "buurtbemiddeling.thanks": ("rwcu", "rwcu"),
    "buurtbemiddeling.thanks.occasion": ("r", "rwcu"),
    "buurtbemiddeling.thanks.compose": ("rwcu", "rwcu"),
    "buurtbemiddeling.jubilee": ("r", "rwcu"),
    "buurtbemiddeling.volunteer.load": ("r", "r"),
    "buurtbemiddeling.population": ("rwcu", "rwcu"),
    "buurtbemiddeling.pool.mirror": ("r", "r"),
    "buurtbemiddeling.forecast": ("rwcu", "rwcu"),
    "buurtbemiddeling.forecast.line": ("rwcu", "rwcu"),
}
# model -> what a volunteer may do on the portal, within the rules
PORTAL = {"buurtbemiddeling.coach.note": "r"}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessRights(VolunteerCommon):
    def test_who_may_do_what(self):
        """Role x model x read, write, create, unlink."""
        roles = {
            "colleague": self.colleague,
            "portal": self.portal,
            "public": self.env.ref("base.public_user"),
            "administrator of Odoo": self.make_user("system", "base.group_system"),
        }
        for model, (coordinator, manager) in TABLE.items():
            expected = dict.fromkeys(roles, "")
            expected |= {"coordinator": coordinator, "manager": manager}
            expected["portal"] = PORTAL.get(model, "")
            users = roles | {"coordinator": self.coordinator, "manager": self.manager}
            for role, user in users.items():
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[model].with_user(user).has_access(operation)
                )
                with self.subTest(model=model, role=role):
                    self.assertEqual(found, expected[role])

    def test_every_model_of_the_module_is_in_the_table(self):
        models = {
            name
            for name, model in self.env.items()
            if model._original_module == "buurtbemiddeling_volunteer" and not model._abstract
        }
        self.assertEqual(models, set(TABLE))

    def test_records_of_another_organisation_are_out_of_reach(self):
        volunteer = self.make_volunteer()
        session = self.make_session()
        records = [
            volunteer,
            session,
            self.sign(volunteer, "agreement"),
            self.couple(self.make_case(), volunteer),
            self.enrol(session, volunteer),
        ]
        for record in records:
            mine, theirs = record.with_user(self.manager), record.with_user(self.stranger)
            with self.subTest(model=record._name):
                self.assertEqual(mine.search([("id", "=", record.id)]), record)
                self.assertFalse(theirs.search([("id", "=", record.id)]))
                for operation in ("read", "write", "unlink"):
                    self.assertTrue(mine.has_access(operation))
                    self.assertFalse(theirs.has_access(operation))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])

    def test_a_volunteer_on_the_portal_reads_none_of_our_records(self):
        volunteer = self.make_volunteer()
        volunteer.partner_id = self.portal.partner_id
        volunteer.user_id = self.portal
        assignment = self.couple(self.make_case(), volunteer)
        for record in (volunteer, assignment, assignment.case_id):
            with self.assertRaises(AccessError):
                record.with_user(self.portal).read(["display_name"])

    def test_a_colleague_sees_a_half_day_and_not_which_session_it_is(self):
        event = self.make_session().event_ids[0].with_user(self.colleague)
        self.assertEqual(event.name, "Training basic")
        self.assertNotIn("training_session_id", event.fields_get())
        with self.assertRaises(AccessError):
            event.read(["training_session_id"])
        with self.assertRaises(AccessError):
            event.search([("training_session_id", "!=", False)])
