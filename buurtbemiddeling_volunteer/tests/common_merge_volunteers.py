from odoo.tests import Form

from .common import VolunteerCommon


class MergeVolunteersCase(VolunteerCommon):
    """Two volunteers who are one person."""

    def setUp(self):
        super().setUp()
        self.vera = self.make_volunteer("Vera", phone="0612345678")
        self.double = self.make_volunteer("V. de Vries")
        self.case = self.make_case()

    def merge(self, user=None, keep=None):
        """Merge the two contacts as Odoo's own wizard does, and return the volunteer."""
        contacts = (self.vera | self.double).partner_id
        kept = (keep or self.vera).partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(user) if user else wizard
        wizard._merge(contacts.ids, kept.with_env(wizard.env), extra_checks=False)
        return self.env["buurtbemiddeling.volunteer"].search([("partner_id", "=", kept.id)])

    def note(self, enrolment, *states):
        """Note attendance on the half-days of the session, in order; False is not noted."""
        events = enrolment.session_id.event_ids.sorted("start")
        rows = self.env["buurtbemiddeling.training.attendance"].with_user(self.coordinator)
        return rows.create(
            [
                {"enrolment_id": enrolment.id, "event_id": event.id, "state": state}
                for event, state in zip(events, states, strict=False)
            ]
        )

    def open_wizard(self, volunteers):
        wizard = self.env["buurtbemiddeling.volunteer.merge"].with_user(self.coordinator)
        return Form(wizard.with_context(default_volunteer_ids=volunteers.ids))
