from datetime import date

from freezegun import freeze_time

from .common import VolunteerCommon

TODAY = date(2027, 6, 1)


class RecruitmentCommon(VolunteerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))

    @classmethod
    def talk(cls, volunteer, kind="intake", result="suitable", **values):
        return (
            cls.env["buurtbemiddeling.volunteer.talk"]
            .with_user(cls.coordinator)
            .create({"volunteer_id": volunteer.id, "kind": kind, "result": result, **values})
        )

    @classmethod
    def meet(cls, volunteer, state="attended"):
        """Enrol for an information meeting, or be there."""
        session = cls.make_session(cls.make_training("information"), half_days=1)
        return cls.enrol(session, volunteer, state=state)

    @classmethod
    def end_cases(cls, volunteer, count):
        for _number in range(count):
            cls.couple(cls.make_case(), volunteer).state = "ended"

    def drag(self, volunteer, stage, **values):
        """Drag a card to another column, as the board does."""
        stage_id = self.code("volunteer.stage", stage).id
        volunteer.with_user(self.coordinator).web_save({"stage_id": stage_id, **values}, {})

    def flush_tracking(self):
        """Let what is told on the threads at the end of the transaction be told now."""
        self.env.flush_all()
        self.env.cr.flush()

    def assertPhase(self, volunteer, code):  # noqa: N802 (as the other assertions)
        self.assertEqual(volunteer.stage_id.code, code)
