from datetime import timedelta

from odoo import fields, models
from odoo.tools.misc import format_date, get_lang

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_aftercare_mixin import (
    NO_TALK_KINDS,
)

REPORT_DAYS = 7  # after a talk; by then one hardly remembers what was said


class BuurtbemiddelingAssignmentNextStepMixin(models.AbstractModel):
    """What a mediator does next in a case: one sentence, so that nobody has to puzzle it out.

    First what is behind (the report of the last talk), then what is agreed (the next talk), then
    what is still to be agreed, as the phase of the case says. Nobody visits neighbours alone.
    """

    _name = "buurtbemiddeling.assignment.next.step.mixin"
    _description = "Next Step of a Mediator"

    def _get_next_step(self):
        """Return what to do now.

        :return: ``{"kind": "report", "talk", "plan" or "ask", "text": a sentence without a name,
            "talk_id": the id of the talk that it is about, or False, "talk_kind": the kind of
            the talk to plan, or False, "is_late": whether it should have been done by now}``
        """
        self.ensure_one()
        step = self._find_next_step()
        return {**step, "is_late": self._is_late(step)}

    def _is_late(self, step):
        """Return whether a step is behind: a report after a week, else what the phase asks."""
        case, today = self.case_id, fields.Date.context_today(self)
        if step["kind"] == "talk":
            return False
        if step["kind"] == "report":
            talk = case.meeting_ids.browse(step["talk_id"])
            return talk._get_local_start().date() < today - timedelta(days=REPORT_DAYS)
        if case.stage_id.code == "aftercare" and case.aftercare_planned_date:
            return case.aftercare_planned_date < today
        return case.stage_status == "late"

    def _find_next_step(self):
        """Return what to do now, see ``_get_next_step``."""
        now = fields.Datetime.now()
        talks = self.case_id.meeting_ids.filtered(
            lambda talk: talk.start and talk.state != "cancelled" and talk.kind != "intake"
        )
        past = talks.filtered(lambda talk: talk.state == "done" or talk.stop <= now)
        last = past.filtered(self._reports_on).sorted("start")[-1:]
        if last and not self._is_reported(last):
            text = self.env._(
                "Write the report of %s", format_date(self.env, last._get_local_start().date())
            )
            return {"kind": "report", "text": text, "talk_id": last.id, "talk_kind": False}
        if coming := (talks - past).sorted("start")[:1]:
            day, time = coming._format_start(get_lang(self.env).code)
            kind = dict(coming._fields["kind"]._description_selection(self.env))[coming.kind]
            text = self.env._("%(talk)s: %(day)s at %(time)s", talk=kind, day=day, time=time)
            return {"kind": "talk", "text": text, "talk_id": coming.id, "talk_kind": False}
        return self._get_step_of_phase()

    def _reports_on(self, talk):
        """Return whether this mediator was there, and a report is asked of such a talk."""
        first = self.date_start
        return talk.kind not in NO_TALK_KINDS and (
            not first or talk._get_local_start().date() >= first
        )

    def _is_reported(self, talk):
        day = talk._get_local_start().date()
        return any(
            report.meeting_id == talk or (not report.meeting_id and report.date == day)
            for report in self.case_id.visit_report_ids
        )

    def _get_step_of_phase(self):
        """Return what the phase of the case asks for; a phase of one's own has no step here."""
        case = self.case_id
        code = case.stage_id.code
        if code == "aftercare":
            day = case.aftercare_planned_date
            text = (
                self.env._("Call for aftercare on %s", format_date(self.env, day))
                if day
                else self.env._("Call for aftercare")
            )
            # a call, which is not planned as a talk
            return {"kind": "ask", "text": text, "talk_id": False, "talk_kind": False}
        if case.duo_state != "complete":
            text = self.env._("Wait until there is a second mediator")
            return {"kind": "ask", "text": text, "talk_id": False, "talk_kind": False}
        to_plan = {
            "talk_a": self.env._("Plan a talk with the reporter"),
            "approach_b": self.env._("Plan a visit to the other party"),
            "talk_b": self.env._("Plan a talk with the other party"),
            "mediation": self.env._("Plan the talk with both parties"),
        }
        kind = "talk_a" if code == "assigned" else code
        if kind in to_plan:
            return {"kind": "plan", "text": to_plan[kind], "talk_id": False, "talk_kind": kind}
        text = self.env._("Ask the coordinator what the next step is")
        return {"kind": "ask", "text": text, "talk_id": False, "talk_kind": False}
