from datetime import date, datetime, timedelta

from .common_mediator_talk import MediatorCommon

AT_HOME = {"duration": "90", "place": "home_a"}


class TalkPageCase(MediatorCommon):
    """Talks that a mediator plans on the portal."""

    def setUp(self):
        super().setUp()
        self.day = date.today() + timedelta(days=10)
        self.plan_url = self.url("/gesprek")

    def plan(self, **answers):
        return self.send(
            self.plan_url,
            **{
                "kind": "talk_a",
                "day": self.day.isoformat(),
                "time": "19:30",
                **AT_HOME,
                **answers,
            },
        )

    def make_talk(self, kind="talk_a", case=None, start=None, **values):
        start = start or datetime.combine(self.day, datetime.min.time()) + timedelta(hours=18)
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": (case or self.case).id, "kind": kind, "start": start, **values})
        )

    def get_talk(self):
        self.env.invalidate_all()
        return self.case.meeting_ids

    def plan_start(self):
        answers = {"kind": "talk_a", "day": self.day.isoformat(), "time": "19:30", **AT_HOME}
        return self.of_vera._read_portal_talk(answers)[0]["start"]

    def change(self, talk, action, **answers):
        return self.send(self.url(f"/gesprek/{talk.id}"), action=action, **answers)
