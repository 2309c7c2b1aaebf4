from datetime import date, datetime, timedelta

from odoo.addons.buurtbemiddeling_case.tests.common import CaseCommon

MONDAY_EVENING = datetime(2027, 3, 8, 18, 30)


class VolunteerCommon(CaseCommon):
    """Builders: a volunteer in a phase, with what it takes to get cases, and trainings."""

    @classmethod
    def make_volunteer(cls, name="Vera", stage="active", ready=True, **values):
        """Create a volunteer as an import would: in any phase, with only what is given.

        :param ready: whoever is in a phase that gets cases, has what that takes
        """
        partner = cls.env["res.partner"].create(
            {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.com"}
        )
        volunteer = cls.env["buurtbemiddeling.volunteer"].with_user(cls.coordinator).create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "stage_id": cls.code("volunteer.stage", stage).id,
                **values,
            }
        )
        if ready and volunteer.stage_id.is_active:
            cls.make_ready(volunteer)
        return volunteer

    @classmethod
    def make_ready(cls, volunteers):
        """Give volunteers what it takes to get cases, in a fixed number of queries."""
        documents = cls.env["buurtbemiddeling.volunteer.document"].with_user(cls.coordinator)
        documents.create(
            [
                {"volunteer_id": volunteer.id, "kind": kind, "date": date(2025, 1, 6)}
                for volunteer in volunteers
                for kind in ("agreement", "confidentiality")
            ]
        )
        training = cls.make_training(name="Basic training of long ago")
        session = cls.env["buurtbemiddeling.training.session"].with_user(cls.coordinator)
        session = session.create(
            {"training_id": training.id, "company_id": cls.company.id, "capacity": 0}
        )
        cls.enrol(
            session,
            *volunteers,
            state="attended",
            attended_hours=15,
            result="passed",
            result_date=date(2025, 1, 20),
        )

    @classmethod
    def sign(cls, volunteer, *kinds, day=date(2026, 1, 5), **values):
        """Note that the volunteer signed documents."""
        return cls.env["buurtbemiddeling.volunteer.document"].with_user(cls.coordinator).create(
            [{"volunteer_id": volunteer.id, "kind": kind, "date": day, **values} for kind in kinds]
        )

    @classmethod
    def couple(cls, case, volunteer, state="accepted", user=None, **values):
        return (
            cls.env["buurtbemiddeling.assignment"]
            .with_user(user or cls.coordinator)
            .create(
                {
                    "case_id": case.id,
                    "volunteer_id": volunteer.id,
                    "state": state,
                    "date_start": date(2026, 3, 9),
                    **values,
                }
            )
        )

    @classmethod
    def make_training(cls, kind="basic", **values):
        return cls.env["buurtbemiddeling.training"].with_user(cls.coordinator).create(
            {"name": f"Training {kind}", "kind": kind, **values}
        )

    @classmethod
    def make_session(cls, training=None, half_days=5, **values):
        """Plan a session of weekly half-days of three hours, from 8 March 2027 on."""
        starts = [MONDAY_EVENING + timedelta(weeks=week) for week in range(half_days)]
        return cls.env["buurtbemiddeling.training.session"].with_user(cls.coordinator).create(
            {
                "training_id": (training or cls.make_training(hours=18)).id,
                "company_id": cls.company.id,
                "event_ids": [
                    (0, 0, {"start": start, "stop": start + timedelta(hours=3)})
                    for start in starts
                ],
                **values,
            }
        )

    @classmethod
    def enrol(cls, session, *volunteers, **values):
        return cls.env["buurtbemiddeling.training.enrolment"].with_user(cls.coordinator).create(
            [
                {"session_id": session.id, "volunteer_id": volunteer.id, **values}
                for volunteer in volunteers
            ]
        )

    @classmethod
    def pass_basic_training(cls, volunteer, hours=15):
        return cls.enrol(cls.make_session(), volunteer, attended_hours=hours, result="passed")

    def move(self, volunteer, stage):
        """Move a volunteer as a coordinator does on the board."""
        volunteer.with_user(self.coordinator).stage_id = self.code("volunteer.stage", stage)
