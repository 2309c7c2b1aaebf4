from odoo import models

from ..models.buurtbemiddeling_assignment import LIVE_STATES


class BuurtbemiddelingCheck(models.TransientModel):
    """What is looked at of mediators: how they log in, and whether they may be on a case."""

    _inherit = "buurtbemiddeling.check"

    def _verify_user_mediator(self):
        """A mediator reads the story of residents on a phone that may get lost."""
        volunteers = self.env["buurtbemiddeling.volunteer"].search(
            [("company_id", "in", self.env.companies.ids), ("user_id.active", "=", True)]
        )
        users = self._get_without_second_step(volunteers.user_id)
        without = volunteers.filtered(lambda volunteer: volunteer.user_id in users)
        return self._result(
            self.env._("Second step when mediators log in"),
            without and self.env._("Mediators who log in with a password only: %s.", len(without)),
            self.env._(
                "Ask them to switch on two-factor authentication under My account, page Connection"
                " & Security."
            ),
            "attention",
            action="buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_action",
            records=without,
            by_admin=False,
        )

    def _verify_user_requirement(self):
        """Who is on a case has signed for confidentiality, and has all else that you ask."""
        assignments = self.env["buurtbemiddeling.assignment"].search(
            [
                ("state", "in", LIVE_STATES),
                ("case_id.close_date", "=", False),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        lacking = self.env["buurtbemiddeling.volunteer.requirement"].search(
            [
                ("volunteer_id", "in", assignments.volunteer_id.ids),
                ("is_required", "=", True),
                ("state", "in", ("lapsed", "missing")),
            ]
        )
        return self._result(
            self.env._("What mediators on a case must have signed and shown"),
            lacking
            and self.env._(
                "Mediators on a case of whom something that you require is missing or has lapsed:"
                " %s.",
                len(lacking.volunteer_id),
            ),
            self.env._("Open these mediators, and see to it or end their work on the case."),
            action="buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_action",
            records=lacking.volunteer_id,
            by_admin=False,
        )

    def _verify_mail_application(self):
        """Who applies gives a name, an address and a motivation."""
        companies = self.env.companies.filtered(
            lambda company: (
                company.buurtbemiddeling_application_form
                and not company.buurtbemiddeling_application_user_id.active
            )
        )
        return self._result(
            self.env._("Who handles applications of volunteers"),
            companies
            and self.env._(
                "People can apply on the web form, and nobody is named who handles it: %s.",
                self._list(companies.mapped("name")),
            ),
            self.env._("Choose a coordinator on the settings, page Volunteers."),
            "attention",
            action="buurtbemiddeling_case.buurtbemiddeling_settings_action",
        )
