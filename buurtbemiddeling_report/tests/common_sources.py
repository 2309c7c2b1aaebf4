from datetime import date, datetime, timedelta

from odoo.fields import Command

from .common import FiguresCase


class SourcesCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "import_file": True})

    @classmethod
    def make_volunteer(cls, start=date(2015, 1, 1), end=False, **values):
        partner = cls.env["res.partner"].create({"name": "Volunteer"})
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "date_start": start,
                "date_end": end,
                **values,
            }
        )

    @classmethod
    def make_session(cls, day, kind="basic", company=None):
        training = cls.env["buurtbemiddeling.training"].create(
            {"name": "Training", "kind": kind, "hours": 15}
        )
        start = datetime(day.year, day.month, day.day, 18)
        event = {"name": "Evening", "start": start, "stop": start + timedelta(hours=3)}
        return cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": (company or cls.company).id,
                "event_ids": [Command.create(event)],
            }
        )

    @classmethod
    def train(cls, volunteer, session, hours):
        return cls.env["buurtbemiddeling.training.enrolment"].create(
            {
                "session_id": session.id,
                "volunteer_id": volunteer.id,
                "state": "attended",
                "attended_hours": hours,
            }
        )

    @classmethod
    def make_project(cls, *areas, start=date(2015, 1, 1), **values):
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Project",
                "company_id": cls.company.id,
                "area_ids": [Command.set([area.id for area in areas])],
                "date_start": start,
                **values,
            }
        )
