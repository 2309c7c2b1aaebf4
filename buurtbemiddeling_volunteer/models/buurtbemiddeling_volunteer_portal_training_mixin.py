from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger
from odoo.tools.misc import get_lang

from ..tools.answers import write_number

COMING = ("waiting", "enrolled", "attended")
PAST = ("enrolled", "attended", "absent")


class BuurtbemiddelingVolunteerPortalTrainingMixin(models.AbstractModel):
    """The trainings of a volunteer on the portal: to choose, to answer, to withdraw from.

    Everything is looked up among what this volunteer has or is offered, so an id of someone else's
    finds nothing. Seats and the waiting list follow the rules of the enrolment.
    """

    _name = "buurtbemiddeling.volunteer.portal.training.mixin"
    _description = "Trainings of a Volunteer on the Portal"

    # ------------------------------------------------------------
    # WHAT THE PAGE SHOWS
    # ------------------------------------------------------------

    def _get_open_sessions(self):
        """Return the sessions that this volunteer may choose, soonest first."""
        self.ensure_one()
        sessions = self.env["buurtbemiddeling.training.session"]
        found = sessions.search(sessions._get_open_domain(self.company_id), order="date_start, id")
        mine = self.enrolment_ids.filtered(lambda row: row.state not in ("cancelled", "declined"))
        return (found - mine.session_id).filtered(
            lambda session: (
                session._is_meant_for(self.stage_id)
                and not (session.kind == "basic" and self.basic_training_date)
            )
        )

    def _get_open_invitations(self):
        """Return the invitations to a training that wait for an answer."""
        return self.enrolment_ids.filtered(
            lambda row: row.state == "invited" and row.session_id._is_to_come()
        )

    def _get_portal_training_values(self):
        """Return what the page with trainings shows.

        :return: lists of dicts ``invitations``, ``open``, ``coming`` and ``past``, and the hours
            ``hours_year`` and ``hours``
        """
        self.ensure_one()
        rows, now = self.enrolment_ids, fields.Datetime.now()
        point = get_lang(self.env).decimal_point
        coming = rows.filtered(
            lambda row: (
                row.state in COMING
                and row.session_id.state != "done"
                and (not row.date_end or row.date_end > now)
            )
        ).sorted(lambda row: (row.session_id.date_start or now, row.id))
        past = (rows - coming).filtered(lambda row: row.state in PAST)
        return {
            "invitations": [
                self._get_portal_enrolment_values(row) for row in self._get_open_invitations()
            ],
            "open": [session._get_portal_values() for session in self._get_open_sessions()],
            "coming": [self._get_portal_enrolment_values(row) for row in coming],
            "past": [
                self._get_portal_past_values(row)
                for row in past.sorted(lambda row: (row.date_end or now, row.id), reverse=True)
            ],
            "hours_year": write_number(self.learning_hours_year, point),
            "hours": write_number(self.learning_hours, point),
        }

    def _get_portal_enrolment_values(self, enrolment):
        waiting = enrolment.session_id.enrolment_ids.filtered(lambda row: row.state == "waiting")
        waiting = waiting.sorted(lambda row: (row.waiting_since or row.create_date, row.id))
        return {
            "id": enrolment.id,
            "session": enrolment.session_id._get_portal_values(),
            "is_waiting": enrolment.state == "waiting",
            "place_in_line": waiting.ids.index(enrolment.id) + 1 if enrolment in waiting else 0,
            "can_withdraw": self._can_withdraw(enrolment),
        }

    def _get_portal_past_values(self, enrolment):
        labels = {
            name: dict(enrolment._fields[name]._description_selection(self.env))
            for name in ("state", "result")
        }
        session, hours = enrolment.session_id, enrolment.attended_hours
        point = get_lang(self.env).decimal_point
        return {
            "id": enrolment.id,
            "training": enrolment.training_id.name,
            "half_days": session._get_half_day_texts(),
            "state": labels["state"][enrolment.state] if enrolment.state != "enrolled" else "",
            "hours": write_number(hours, point) if hours else "",
            "result": labels["result"][enrolment.result] if enrolment.result != "none" else "",
            "certificate": enrolment.certificate_number or "",
        }

    def _can_withdraw(self, enrolment):
        return enrolment.state in ("waiting", "enrolled") and enrolment.session_id._is_to_come()

    # ------------------------------------------------------------
    # WHAT THE VOLUNTEER DOES
    # ------------------------------------------------------------

    def _find_my_enrolment(self, enrolment_id):
        """Return the enrolment of one of these volunteers with this id, or none."""
        return self.enrolment_ids.filtered(lambda row: row.id == enrolment_id)

    def _enrol_on_portal(self, session_id):
        """Enrol this volunteer in a session that is open to them; once, however often it is sent.

        :return: the enrolment, or none when there is no such session for this volunteer
        """
        self.ensure_one()
        session = self._get_open_sessions().filtered(lambda row: row.id == session_id)
        session = self._as_system(session)
        if session:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    session.enrolment_ids.create(
                        {"session_id": session.id, "volunteer_id": self.id}
                    )
                    session._message_log(body=self.env._("%s enrolled on the portal.", self.name))
            except UniqueViolation:  # sent twice at the same moment
                self.env.invalidate_all()
        return self.enrolment_ids.filtered(
            lambda row: row.session_id.id == session_id and row.state in COMING
        )[:1]

    def _answer_on_portal(self, enrolment, answer):
        """Accept or decline an invitation, or withdraw; what was answered already stays.

        :param enrolment: one of this volunteer
        :param answer: ``accept``, ``decline`` or ``withdraw``
        :raise UserError: it is too late
        """
        self.ensure_one()
        states = ("waiting", "enrolled") if answer == "withdraw" else ("invited",)
        if enrolment.state not in states:
            return
        if not enrolment.session_id._is_to_come():
            raise UserError(
                self.env._(
                    "This training has begun already, or was cancelled. Call your coordinator if"
                    " something has changed."
                )
            )
        enrolment = self._as_system(enrolment)
        if answer == "accept":
            enrolment.action_enrol()
            body = self.env._("%s accepted the invitation on the portal.", self.name)
        elif answer == "decline":
            enrolment.action_decline()
            body = self.env._("%s declined the invitation on the portal.", self.name)
        else:
            enrolment.write({"state": "cancelled"})
            body = self.env._("%s withdrew on the portal.", self.name)
        enrolment.session_id._message_log(body=body)

    def _as_system(self, records):
        """Return ``records`` for what leaves a message: a volunteer may write on no thread of ours.

        The message says who it was, in words.
        """
        return records.with_user(SUPERUSER_ID)
