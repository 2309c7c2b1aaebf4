from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MIN_REASON = 10  # characters: a word such as "nodig" or "test" tells nobody why
# Long enough to choose fields and export a second time, short enough that the next export, for
# something else, asks again.
VALID_MINUTES = 15


class BuurtbemiddelingExportReason(models.TransientModel):
    """Why somebody exports personal data; asked before, and kept with the trace of each export.

    Once a reason is given, the same user exports with it for ``VALID_MINUTES``.
    """

    _name = "buurtbemiddeling.export.reason"
    _description = "Reason for an Export"

    reason = fields.Char(required=True)

    @api.constrains("reason")
    def _check_reason(self):
        if any(len((row.reason or "").strip()) < MIN_REASON for row in self):
            raise ValidationError(
                self.env._("Write in a few words what the export is for, and for whom.")
            )

    @api.model
    def _get_reason(self):
        """Return the reason that the user gave just now, or ``False``."""
        since = fields.Datetime.now() - timedelta(minutes=VALID_MINUTES)
        # sudo: the user's own, also where the organisation of the page is another one
        return (
            self.sudo()
            .search(
                [("create_uid", "=", self.env.uid), ("create_date", ">=", since)],
                order="id desc",
                limit=1,
            )
            .reason
        )

    def action_confirm(self):
        """The reason was saved with the form; tell what comes next."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Choose Export again. You have %s minutes.", VALID_MINUTES),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
