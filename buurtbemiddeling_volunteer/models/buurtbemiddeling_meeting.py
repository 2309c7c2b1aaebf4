from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_progress_mixin import (
    PHASE_OF_TALK,
)


class BuurtbemiddelingMeeting(models.Model):
    _inherit = "buurtbemiddeling.meeting"

    volunteer_ids = fields.Many2many(related="case_id.volunteer_ids", string="Mediators")

    def _get_attendee_partners(self):
        """The mediators hold the talk as well, except the intake, which the coordinator does.

        Who is only invited to the case is not told when and where its talks are.
        """
        partners = super()._get_attendee_partners()
        if self.kind != "intake":
            accepted = self.case_id.assignment_ids.filtered(lambda row: row.state == "accepted")
            partners |= accepted.volunteer_id.partner_id
        return partners - self.case_id.party_ids.partner_id

    @api.depends("case_id.volunteer_ids", "case_id.assignment_ids.state")
    def _compute_warning(self):
        """Also a training or an absence: volunteers are in no calendar entry of those.

        And that nobody accepted yet: who did not, hears nothing of the talk.
        """
        res = super()._compute_warning()
        planned = self._get_coming().filtered(lambda t: t.case_id and t.kind != "intake")
        for talk in planned.filtered(lambda talk: talk.kind in PHASE_OF_TALK):
            talk._warn_who_did_not_accept()
        elsewhere = planned._get_elsewhere(planned.case_id.volunteer_ids._origin)
        for talk in planned:
            for sentence, volunteers in elsewhere[talk].items():
                if names := (volunteers & talk.case_id.volunteer_ids._origin).mapped("name"):
                    talk._warn(f"{sentence} {', '.join(names)}.")
        return res

    def _warn_who_did_not_accept(self):
        self.ensure_one()
        live = self.case_id.assignment_ids.filtered("is_live")
        if asked := live.filtered(lambda row: row.state == "invited"):
            self._warn(
                self.env._(
                    "Did not accept yet, and hears nothing of this talk: %s.",
                    ", ".join(asked.volunteer_id.mapped("name")),
                )
            )
        elif not live:
            self._warn(
                self.env._(
                    "This case has no mediators yet. Propose a pair first on the page Mediators, or"
                    " hold the talk yourself."
                )
            )

    def _warn(self, line):
        self.warning = "\n".join(filter(None, [self.warning, line]))

    def _get_elsewhere(self, volunteers):
        """Return who of ``volunteers`` has a training or is away at the time of these talks.

        :return: ``{talk: {sentence: volunteers}}``
        """
        found = {talk: {} for talk in self}
        if not self or not volunteers:
            return found
        first, last = min(self.mapped("start")), max(self.mapped("stop"))
        enrolments = self.env["buurtbemiddeling.training.enrolment"].search(
            [("volunteer_id", "in", volunteers.ids), ("state", "in", ("enrolled", "attended"))]
        )
        # sudo: training entries are confidential in the calendar; only that one is then is told
        half_days = (
            self.env["calendar.event"]
            .sudo()
            .search(
                Domain("training_session_id", "in", enrolments.session_id.ids)
                & Domain("start", "<", last)
                & Domain("stop", ">", first)
            )
        )
        absences = self.env["buurtbemiddeling.volunteer.absence"]
        days = [talk._get_local_start().date() for talk in self]
        absences = absences.search(
            absences._domain_between(min(days), max(days))
            & Domain("volunteer_id", "in", volunteers.ids)
        )
        for talk, day in zip(self, days, strict=True):
            sessions = half_days.filtered(
                lambda event, talk=talk: event.start < talk.stop and event.stop > talk.start
            ).training_session_id
            in_training = enrolments.filtered(
                lambda row, ids=sessions.ids: row.session_id.id in ids
            ).volunteer_id
            away = absences.filtered(
                lambda row, day=day: (
                    row.date_from <= day and (not row.date_to or row.date_to >= day)
                )
            ).volunteer_id
            found[talk] = {
                self.env._("Has a training at this time:"): in_training,
                self.env._("Is away on this day:"): away,
            }
        return found

    def _get_double_bookings(self, volunteers):
        """Return who of ``volunteers`` has anything else at the time of these talks.

        :return: ``{talk: {sentence: volunteers}}``, as :meth:`_get_elsewhere`
        """
        found = self._get_elsewhere(volunteers)
        if not self or not volunteers:
            return found
        others = self.search(
            Domain("state", "=", "planned")
            & Domain("id", "not in", self.ids)
            & Domain("start", "<", max(self.mapped("stop")))
            & Domain("stop", ">", min(self.mapped("start")))
            & Domain("case_id.volunteer_ids", "in", volunteers.ids)
        )
        for talk in self:
            at_once = others.filtered(
                lambda other, talk=talk: other.start < talk.stop and other.stop > talk.start
            )
            busy = volunteers & at_once.case_id.volunteer_ids
            found[talk][self.env._("Has another talk at this time:")] = busy
        return found

    def action_print_visit_sheets(self):
        """Print a sheet for each of the parties of this talk, each on a page of its own."""
        return self.party_ids._print_visit_sheets()
