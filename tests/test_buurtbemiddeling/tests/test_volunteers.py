from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_case.controllers import door
from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_volunteer_application import (
    APPLICATION_URL,
)
from odoo.addons.mail.tests.common import mail_new_test_user

from .common import JourneyCase

SESSIONS = "action-buurtbemiddeling_volunteer.buurtbemiddeling_training_session_action"


class VolunteersCase(JourneyCase):
    """A pool of volunteers, and a case that waits for its mediators."""

    def walk(self, tour, path, record=None):
        """Let the coordinator take a tour that begins at a screen, or at a record of it."""
        url = f"/odoo/{path}/{record.id}" if record else f"/odoo/{path}"
        self.start_tour(url, tour, login="journey", timeout=180)

    def give_login(self, volunteer, login):
        """Let a volunteer log in on the portal, in Dutch; the password is the same word."""
        volunteer.user_id = mail_new_test_user(
            self.env,
            login=login,
            password=login,
            name=volunteer.name,
            partner_id=volunteer.partner_id.id,
            lang="nl_NL",
            tz="Europe/Amsterdam",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def code(self, model, code):
        return self.env[f"buurtbemiddeling.{model}"].search([("code", "=", code)], limit=1)

    def make_case(self, **values):
        """Create a case that was found suitable, and waits in the intake for its mediators."""
        return (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .create(
                {
                    "company_id": self.company.id,
                    "registration_date": self.today - timedelta(days=7),
                    "stage_id": self.env.ref("buurtbemiddeling_case.case_stage_intake").id,
                    "area_id": self.env["buurtbemiddeling.area"]
                    .search([("code", "=", "BUTEST")])
                    .id,
                    "reporter_name": "Anneke de Melder",
                    "reporter_street": "Rozenlaan 12",
                    "neighbour_name": "Bert Buur",
                    "neighbour_street": "Rozenlaan 14",
                    "intake_decision": "suitable",
                    **values,
                }
            )
        )

    def make_volunteers(self, *names, stage="active", **values):
        return self.env["buurtbemiddeling.volunteer"].create(
            [
                {
                    "partner_id": self.env["res.partner"].create({"name": name}).id,
                    "company_id": self.company.id,
                    "stage_id": self.code("volunteer.stage", stage).id,
                    **values,
                }
                for name in names
            ]
        )


@tagged("post_install", "-at_install")
class TestVolunteers(VolunteersCase):
    """What a coordinator clicks to find, train and couple volunteers, in Dutch, in a browser."""

    def test_from_applying_to_a_first_case(self):
        protocol = self.publish_protocol()
        case = self.make_case()
        sanne = self.apply()
        self.walk("buurtbemiddeling_recruitment", "buurtbemiddeling-volunteers")
        self.assertEqual(sanne.stage_id.code, "first_cases")
        self.assertEqual(sanne.date_start, self.today)
        here = sanne.with_context(tz=self.coordinator.tz)  # late in the evening a day further
        self.assertFalse(here.missing_requirements)
        self.assertRecordValues(
            sanne.talk_ids,
            [
                {
                    "kind": "intake",
                    "result": "suitable",
                    "score_average": 4.5,
                    "user_id": self.coordinator.id,
                }
            ],
        )
        self.assertTrained(sanne)
        self.assertEqual(set(sanne.document_ids.mapped("kind")), {"agreement", "confidentiality"})
        self.assertEqual(sanne.acceptance_ids.protocol_id, protocol)
        bea = self.volunteers[0]
        self.assertEqual(case.volunteer_ids, bea + sanne)
        self.assertEqual(set(case.assignment_ids.mapped("state")), {"accepted"})
        self.assertTrue(bea.is_experienced)
        self.assertFalse(sanne.is_experienced)

    def publish_protocol(self):
        """Publish what all accepted but who comes."""
        protocol = self.env["buurtbemiddeling.protocol"].create(
            {"name": "Werkprotocol", "version": "1", "company_id": self.company.id}
        )
        protocol.action_publish()
        for volunteer in self.volunteers:
            self.env["buurtbemiddeling.protocol.acceptance"].create(
                {"protocol_id": protocol.id, "volunteer_id": volunteer.id}
            )
        return protocol

    def apply(self):
        """Let Sanne apply on the web, and return what came of it."""
        self.company.buurtbemiddeling_application_form = True
        # a browser fills in the form faster than people do, see TestApplication
        self.patch(door, "MIN_SECONDS", 0)
        self.start_tour(
            f"/nl{APPLICATION_URL}?organisation={self.company.id}", "buurtbemiddeling_apply"
        )
        sanne = self.env["buurtbemiddeling.volunteer"].search(
            [("company_id", "=", self.company.id), ("source", "=", "web_form")]
        )
        self.assertEqual(sanne.name, "Sanne de Vries")
        self.assertEqual(sanne.stage_id.code, "interest")
        return sanne

    def assertTrained(self, volunteer):  # noqa: N802
        """Somebody passed the basic training: five half-days, a week apart."""
        enrolment = volunteer.enrolment_ids
        self.assertRecordValues(
            enrolment, [{"state": "attended", "attended_hours": 15, "result": "passed"}]
        )
        self.assertEqual(len(enrolment.attendance_ids), 5)
        days = [
            enrolment.session_id._get_local(start).replace(tzinfo=None)
            for start in enrolment.session_id.event_ids.sorted("start").mapped("start")
        ]
        self.assertEqual(
            [after - before for before, after in zip(days, days[1:], strict=False)],
            [timedelta(weeks=1)] * 4,
        )
        self.assertEqual(enrolment.session_id.state, "done")
        self.assertEqual(volunteer.basic_training_date, days[-1].date())

    def test_a_pair_is_proposed_asked_and_completed(self):
        evening = self.code("daypart", "tue_evening")
        bea, ben = self.volunteers
        cor = self.make_volunteers("Cor Bemiddelaar")
        dia = self.make_volunteers(
            "Dia Bemiddelaar",
            daypart_ids=[(6, 0, self.code("daypart", "mon_morning").ids)],
            language_ids=[(6, 0, self.code("language", "tr").ids)],
        )
        (bea + ben + cor).daypart_ids = evening
        self.make_ready(cor + dia)
        case = self.make_case(daypart_ids=[(6, 0, evening.ids)])
        case.party_ids[0].language_id = self.code("language", "tr")

        self.walk("buurtbemiddeling_coupling", "buurtbemiddeling", case)
        rows = {row.volunteer_id: row for row in case.assignment_ids}
        self.assertEqual(
            {volunteer: row.state for volunteer, row in rows.items()},
            {bea: "accepted", ben: "declined", cor: "accepted"},
        )
        self.assertEqual(rows[ben].reason_id.code, "GEEN_TIJD")
        for row in rows.values():
            self.assertTrue(row.invited_on)
            self.assertEqual(row.unmet_criterion_ids.code, "language")
        self.assertEqual(case.duo_state, "complete")
        self.assertEqual(case.stage_id.code, "assigned")
        self.assertFalse(
            case.activity_ids.filtered(
                lambda todo: (
                    todo.activity_type_id
                    == self.env.ref("buurtbemiddeling_volunteer.mail_activity_type_mediator")
                )
            ),
            "nobody has to be found any more",
        )


@tagged("post_install", "-at_install")
class TestVolunteersPhone(VolunteersCase):
    """What a coordinator does on the way, on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_attendance_on_the_evening_itself(self):
        names = ("Anna", "Bram", "Chris", "Dora")
        volunteers = self.make_volunteers(*names, stage="training")
        start = datetime.now().replace(minute=0, second=0, microsecond=0)
        session = (
            self.env["buurtbemiddeling.training.session"]
            .with_user(self.coordinator)
            .create(
                {
                    "training_id": self.env["buurtbemiddeling.training"]
                    .search([("kind", "=", "basic")], limit=1)
                    .id,
                    "company_id": self.company.id,
                    "location": "Buurthuis De Roos",
                    "event_ids": [
                        (0, 0, {"start": start, "stop": start + timedelta(hours=3)}),
                    ],
                    "enrolment_ids": [
                        (0, 0, {"volunteer_id": volunteer.id}) for volunteer in volunteers
                    ],
                }
            )
        )
        self.walk("buurtbemiddeling_attendance_phone", SESSIONS)
        rows = session.enrolment_ids.attendance_ids.sorted("volunteer_id")
        self.assertEqual(
            {row.volunteer_id.name: (row.state, row.hours) for row in rows},
            {
                "Anna": ("present", 3),
                "Bram": ("excused", 0),
                "Chris": ("absent", 0),
                "Dora": ("present", 3),
            },
        )
        self.assertEqual(
            session.enrolment_ids.sorted("id").mapped("state"),
            ["attended", "absent", "absent", "attended"],
        )

    def test_a_pair_is_asked_and_answers(self):
        case = self.make_case()
        self.walk("buurtbemiddeling_coupling_phone", "buurtbemiddeling", case)
        self.assertEqual(case.volunteer_ids, self.volunteers)
        self.assertEqual(case.duo_state, "complete")
        self.assertEqual(case.stage_id.code, "assigned")
