from contextlib import contextmanager
from datetime import date, datetime

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import CaseCommon


class SteeringCase(CaseCommon):
    """Members and meetings of the steering group of a project."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.env.user.company_ids |= cls.company
        cls.coordinator.tz = "Europe/Amsterdam"
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {"name": "Heldervoort", "company_id": cls.company.id, "user_ids": cls.coordinator.ids}
        )
        cls.police = cls.env["res.partner"].create({"name": "Politie", "is_company": True})
        cls.wim = cls.make_contact("Wim Agent", parent_id=cls.police.id)
        cls.ans = cls.make_contact("Ans Wethouder")
        cls.make_member(cls.wim)
        cls.make_member(cls.ans, role="chair", organisation="Gemeente Heldervoort")

    @classmethod
    def make_contact(cls, name, **values):
        email = f"{name.split()[0].lower()}@example.com"
        return cls.env["res.partner"].create({"name": name, "email": email, **values})

    @classmethod
    def make_member(cls, partner, **values):
        return cls.env["buurtbemiddeling.steering.member"].create(
            {
                "project_id": cls.project.id,
                "partner_id": partner.id,
                "date_start": date(2025, 1, 1),
                **values,
            }
        )

    @classmethod
    def make_meeting(cls, start=datetime(2026, 3, 9, 13), user=None, **values):
        meetings = cls.env["buurtbemiddeling.steering.meeting"].with_user(user or cls.coordinator)
        return meetings.create(
            {"project_id": cls.project.id, "user_id": cls.coordinator.id, "start": start, **values}
        )

    @classmethod
    def make_held(cls, start=datetime(2026, 3, 9, 13), **values):
        meeting = cls.make_meeting(start, **values)
        meeting.action_held()
        meeting.attendance_ids.state = "present"
        return meeting

    @classmethod
    def make_minuted(cls, start=datetime(2026, 3, 9, 13), **values):
        meeting = cls.make_held(start, **values)
        meeting.item_ids[0].text = "Ans opens the meeting."
        meeting.action_minute()
        return meeting

    def decide(self, meeting, name="We go on", **values):
        return meeting.env["buurtbemiddeling.steering.decision"].create(
            {"meeting_id": meeting.id, "kind": "decision", "name": name, **values}
        )

    def agree(self, meeting, name="Ask for money", due=date(2026, 4, 1), **values):
        return self.decide(
            meeting, name, **{"kind": "action", "owner_id": self.wim.id, "date_due": due, **values}
        )

    @contextmanager
    def refuses(self, text):
        """Expect a refusal in words, after which nothing is half-saved."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), text)

    @contextmanager
    def refuses_row(self, model, constraint):
        """Expect a refusal by the database, for which there is a sentence as well."""
        self.assertTrue(
            getattr(self.env.registry[f"buurtbemiddeling.steering.{model}"], constraint)
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation) as caught:
            yield
        self.assertIn(constraint, str(caught.exception))

    def compose(self, action):
        context = {**action["context"], "mail_notify_force_send": False}
        form = Form(
            self.env["mail.compose.message"].with_user(self.coordinator).with_context(**context)
        )
        return form.save()

    def render(self, name, meeting):
        report = f"buurtbemiddeling_case.report_steering_{name}"
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html(report, meeting.ids)
        )
        return html.decode()
