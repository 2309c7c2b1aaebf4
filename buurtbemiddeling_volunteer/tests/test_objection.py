from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_invitation import InvitationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-30 10:00:00")
class TestObjection(InvitationCommon):
    """Parties may object to a mediator, with a reason; the coordinator decides."""

    def setUp(self):
        super().setUp()
        self.row = self.couple(self.case, self.vera)
        self.couple(self.case, self.wim)
        self.anna, self.bert = self.case.party_ids.sorted("side")
        self.objection = self.object_to(self.vera)

    def object_to(self, volunteer, **values):
        return (
            self.env["buurtbemiddeling.assignment.objection"]
            .with_user(self.coordinator)
            .create(
                {
                    "case_id": self.case.id,
                    "party_id": self.bert.id,
                    "volunteer_id": volunteer.id,
                    "ground": "partial",
                    "note": "Waved at Anna",
                    **values,
                }
            )
        )

    def test_objection_is_noted_from_the_row_of_the_mediator(self):
        action = self.row.with_user(self.coordinator).action_object()
        model = self.env[action["res_model"]].with_user(self.coordinator)
        form = Form(model.with_context(**action["context"]))
        form.party_id = self.anna
        form.ground = "knows"
        objection = form.save()
        self.assertEqual((objection.case_id, objection.volunteer_id), (self.case, self.vera))
        self.assertFalse(objection.decision)

    def test_honoured_ends_the_work_and_leads_to_a_substitute(self):
        action = self.objection.action_honour()
        self.assertEqual(self.objection.decision, "honoured")
        self.assertEqual((self.row.state, self.row.reason_id.code), ("ended", "BEZWAAR"))
        self.assertEqual(self.case.duo_state, "incomplete")
        self.assertEqual(action["type"], "ir.actions.act_window")

    def test_not_honoured_asks_why_and_the_mediator_goes_on(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.objection.action_reject()
        self.objection.decision_note = "Waving is no bias"
        self.objection.action_reject()
        self.assertEqual((self.objection.decision, self.row.state), ("rejected", "accepted"))

    def test_an_objection_is_decided_on_once(self):
        self.objection.action_honour()
        with self.assertRaisesRegex(UserError, "decided on already"):
            self.objection.action_honour()

    def test_who_had_to_leave_is_not_asked_for_this_case_again(self):
        self.objection.action_honour()
        with self.assertRaisesRegex(UserError, "objection to Vera.*honoured") as refusal:
            self.invite(self.vera)
        for secret in ("Bert", "Anna", "Waved"):
            self.assertNotIn(secret, str(refusal.exception))
        elsewhere = {"reporter_name": "Cas", "neighbour_name": "Dora"}
        elsewhere |= {"reporter_street": "Kade 1", "neighbour_street": "Kade 3"}
        self.assertTrue(self.invite(self.vera, case=self.make_quarrel(**elsewhere)))

    def test_objection_stays_with_the_party(self):
        """Not on the case, the mediator or the other party, and nobody's name is in its title."""
        self.objection.action_honour()
        self.objection.flush_recordset()
        for record in (self.case, self.anna, self.vera):
            told = " ".join(str(message.body) for message in record.message_ids)
            self.assertNotIn("Waved", told)
        todos = self.case.activity_ids
        self.assertTrue(todos)
        for secret in ("Bert", "Anna", "Waved"):
            self.assertNotIn(secret, self.objection.display_name)
            self.assertNotIn(secret, " ".join(f"{todo.summary} {todo.note}" for todo in todos))
        self.assertFalse(self.row.reason_note)

    def test_other_staff_reads_no_objection(self):
        for user in (self.colleague, self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self.objection.with_user(user).read(["note"])

    def test_an_objection_to_decide_on_asks_attention(self):
        kind = self.env.ref("buurtbemiddeling_volunteer.attention_objection")
        self.assertEqual(kind.with_user(self.coordinator).record_count, 1)
        self.objection.action_honour()
        kind.invalidate_recordset(["record_count"])
        self.assertEqual(kind.with_user(self.coordinator).record_count, 0)

    def test_party_of_another_case_is_refused(self):
        other = self.make_quarrel(reporter_name="Carla")
        with self.assertRaisesRegex(UserError, "another case"):
            self.object_to(self.vera, party_id=other.party_ids[0].id)

    def test_objection_goes_where_the_party_goes(self):
        wizard = self.env["buurtbemiddeling.case.split"].with_user(self.coordinator)
        wizard = wizard.create({"case_id": self.case.id})
        wizard.line_ids.filtered(lambda line: line.party_id == self.bert).place = "new"
        new = self.env["buurtbemiddeling.case"].browse(wizard.action_split()["res_id"])
        self.assertEqual(self.objection.case_id, new)
