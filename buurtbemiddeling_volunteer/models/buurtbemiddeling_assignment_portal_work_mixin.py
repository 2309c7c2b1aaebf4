from odoo import models


class BuurtbemiddelingAssignmentPortalWorkMixin(models.AbstractModel):
    """What a mediator does in a case on the portal: talks, reports, agreements, expenses.

    All of it goes by the mediator's own live assignment. Pages get values and no records.
    """

    _name = "buurtbemiddeling.assignment.portal.work.mixin"
    _description = "Work on the Portal"
    _inherit = [
        "buurtbemiddeling.assignment.portal.report.mixin",
        "buurtbemiddeling.assignment.portal.agreement.mixin",
    ]

    def _get_portal_case_values(self):
        values = super()._get_portal_case_values()
        return {
            **values,
            "next_step_path": self._get_next_step_path(values["next_step"]),
            "done_messages": {
                "talk": self.env._("The talk is planned. Nobody has been invited yet."),
                "talk_invited": self.env._(
                    "The talk is planned. The invitations have been sent. Whoever has no e-mail"
                    " address is phoned by your coordinator."
                ),
                "talk_invite": self.env._(
                    "The invitations have been sent. Whoever has no e-mail address is phoned by"
                    " your coordinator."
                ),
                "talk_move": self.env._("The talk has been moved. Whoever was invited is told."),
                "talk_cancel": self.env._(
                    "The talk has been cancelled. Whoever was invited is told."
                ),
                "talk_hold": self.env._("It has been noted how the talk ended."),
                "report": self.env._("Your report is with your coordinator. Thank you."),
                "correction": self.env._("Your change has been saved."),
                "agreement": self.env._("The agreement has been kept."),
                "approach": self.env._("Your attempt has been noted."),
            },
        }

    def _get_next_step_path(self, step):
        """Return where one does a step, seen from the page of the case, or ``None``."""
        return {
            "report": f"/verslag?talk={step['talk_id']}",
            "talk": f"/gesprek/{step['talk_id']}",
            "plan": f"/gesprek?kind={step['talk_kind']}",
        }.get(step["kind"])
