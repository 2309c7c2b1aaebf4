from odoo import models
from odoo.tools import format_date


class BuurtbemiddelingTrainingEnrolmentMergeMixin(models.AbstractModel):
    """Two enrolments of one person in one session become one."""

    _name = "buurtbemiddeling.training.enrolment.merge.mixin"
    _description = "Enrolments of a Merged Volunteer"

    def _get_merge_rank(self):
        """Return a key by which the enrolment that proves most comes first."""
        self.ensure_one()
        states = ("attended", "enrolled", "waiting", "absent")
        return (
            not self.certificate_number,
            self.result != "passed",
            -self.attended_hours,
            states.index(self.state) if self.state in states else len(states),
            self.id,
        )

    def _describe_for_merge(self):
        """Return as text what a double enrolment says, before it becomes history."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("state", "result")
        }
        if self.result_date:
            labels["result"] += f" ({format_date(self.env, self.result_date)})"
        text = self.env._(
            "%(session)s: %(state)s, %(hours)s hours, %(result)s",
            session=self.session_id.display_name,
            hours=f"{self.attended_hours:g}",
            **labels,
        )
        half_days = [row._describe_for_merge() for row in self.attendance_ids.filtered("state")]
        return "; ".join([text, *half_days])

    def _take_over(self, doubles):
        """Become the only enrolment of one person in a session; the doubles become history.

        Of each half-day the attendance with most hours stays. Hours that came in without half-days
        stay as they are, and so does what only this session gave.
        """
        self.ensure_one()
        if self.state != "attended" or self.is_attendance_noted:
            self._take_over_attendance(doubles.attendance_ids.filtered("state"))
        doubles.attendance_ids.unlink()
        given = doubles.given_competence_ids - self.volunteer_id.competence_ids
        self.given_competence_ids |= given
        doubles.given_competence_ids = False
        doubles.write({"state": "cancelled", "attended_hours": 0, "result": "none"})

    def _take_over_attendance(self, rows):
        own = {row.event_id: row for row in self.attendance_ids}
        moved = rows.browse()
        for event, same in rows.grouped("event_id").items():
            best = same.sorted("hours")[-1]
            if event not in own:
                moved += best
            elif not own[event].state or best.hours > own[event].hours:
                own[event].write({"state": best.state, "hours": best.hours})
        moved.enrolment_id = self
        self._follow_attendance()
