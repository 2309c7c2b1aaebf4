from odoo import models
from odoo.fields import Domain

# rows that name one volunteer and hold no text about them: what else they say is told
MORE_ROWS = (
    "buurtbemiddeling.protocol.acceptance",
    "buurtbemiddeling.training.attendance",
    "buurtbemiddeling.volunteer.declaration",
)


class BuurtbemiddelingPrivacyRequest(models.Model):
    """Someone may be a volunteer, or have asked to be one, and a resident of another case as well.

    A volunteer gets no word of residents or of other volunteers, and a resident hears no name of a
    mediator.
    """

    _inherit = "buurtbemiddeling.privacy.request"

    def _get_volunteers(self):
        """Return this person as a volunteer of the organisation; also who applied or has left."""
        self.ensure_one()
        volunteers = self.env["buurtbemiddeling.volunteer"].with_context(active_test=False)
        if not self.partner_id:
            return volunteers
        return volunteers.search(
            [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        )

    def _get_subjects(self):
        return [*super()._get_subjects(), *filter(None, [self._get_volunteers()])]

    def _get_roles(self):
        volunteers = self._get_volunteers()
        return [
            *super()._get_roles(),
            *(self.env._("Volunteer %s", volunteer.id) for volunteer in volunteers),
        ]

    def _get_responsible_users(self):
        return [
            *super()._get_responsible_users(),
            *(volunteer.coordinator_id for volunteer in self._get_volunteers()),
        ]

    # ------------------------------------------------------------
    # WHO ELSE
    # ------------------------------------------------------------

    def _get_others_identity(self):
        identity = super()._get_others_identity()
        assignments = self.env["buurtbemiddeling.assignment"].search(
            [("case_id", "in", self._get_parties().case_id.ids)]
        )
        people = assignments.volunteer_id.partner_id
        if volunteers := self._get_volunteers():
            # what is noted of a volunteer may name any of the others, and whom they helped
            residents = self._get_helped_parties()
            identity |= self._get_identity(residents.partner_id - self.partner_id, residents)
            people |= volunteers.search([("company_id", "=", self.company_id.id)]).partner_id
        return identity | self._get_identity(people - self.partner_id)._replace(places=())

    def _get_helped_parties(self):
        assignments = self.env["buurtbemiddeling.assignment"].search(
            [("volunteer_id", "in", self._get_volunteers().ids)]
        )
        return assignments.case_id.party_ids - self._get_parties()

    # ------------------------------------------------------------
    # THE FILE
    # ------------------------------------------------------------

    def _get_sections(self):
        sections = super()._get_sections()
        volunteers = self._get_volunteers()
        if not volunteers:
            return sections
        mask, about = self._get_mask(), {"volunteer", "applicant"}
        title = self.env["ir.model"]._get("buurtbemiddeling.volunteer").name
        rows = [("", self._get_values(volunteer, about, mask)) for volunteer in volunteers]
        return [
            *sections,
            self._section("volunteer", title, rows),
            *self._get_row_sections(volunteers, about, mask),
            self._get_visit_section(volunteers),
            *self._get_thread_sections(volunteers, mask),
        ]

    def _get_row_models(self, model, about):
        rows = super()._get_row_models(model, about)
        if model == "buurtbemiddeling.volunteer":
            rows += [(name, "volunteer_id") for name in MORE_ROWS]
        return rows

    def _get_visit_section(self, volunteers):
        """Return the visits that a volunteer made: when and how long, not what was told."""
        hours = self.env["buurtbemiddeling.visit.hours"].search(
            Domain("assignment_id.volunteer_id", "in", volunteers.ids)
        )
        rows = []
        for row in hours:
            report = row.report_id
            rows.append(
                (
                    "",
                    [
                        self._get_value(report, "case_id", report.case_id.name),
                        self._get_value(report, "date", report.date),
                        self._get_value(row, "hours", row.hours),
                    ],
                )
            )
        title = self.env["ir.model"]._get("buurtbemiddeling.visit.hours").name
        return self._section("visit.hours", title, rows)

    # ------------------------------------------------------------
    # ERASURE
    # ------------------------------------------------------------

    def _get_obstacles(self):
        obstacles = super()._get_obstacles()
        for volunteer in self._get_volunteers():
            if volunteer.is_active_stage:
                obstacles.append(
                    self.env._("This volunteer still gets cases. Let the volunteer leave first.")
                )
            elif hold := self._get_hold(volunteer):
                obstacles.append(self.env._("This volunteer has to be kept: %s.", hold))
        return obstacles

    def _get_going(self):
        going = super()._get_going()
        if volunteers := self._get_volunteers():
            if not self._get_parties() and not self._get_referral_partner():
                going = []
            going += [
                self.env._(
                    "Of volunteer %s: name, address, phone, mail, login, application, notes, talks,"
                    " files and messages.",
                    volunteer.id,
                )
                for volunteer in volunteers
            ]
        return going

    def _erase(self):
        volunteers = self._get_volunteers()
        # a tie of someone else with this person is known to nobody any more
        self.env["buurtbemiddeling.volunteer.declaration"].search(
            [("partner_id", "=", self.partner_id.id), ("partner_id", "!=", False)]
        ).unlink()
        res = super()._erase()
        volunteers._anonymize()
        return res
