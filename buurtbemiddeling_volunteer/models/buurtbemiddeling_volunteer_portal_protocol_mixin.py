from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, models
from odoo.tools import format_date, mute_logger


class BuurtbemiddelingVolunteerPortalProtocolMixin(models.AbstractModel):
    """The working protocol on the portal: read it, and accept the current version once."""

    _name = "buurtbemiddeling.volunteer.portal.protocol.mixin"
    _description = "Working Protocol on the Portal"

    def _get_my_protocols(self):
        """Return the versions that were published by the organisations of these volunteers."""
        return self.env["buurtbemiddeling.protocol"].search(
            [("company_id", "in", self.company_id.ids), ("state", "in", ("current", "past"))]
        )

    def _find_my_protocol(self, protocol_id):
        """Return the published version with this id, or none."""
        return self._get_my_protocols().filtered(lambda row: row.id == protocol_id)

    def _get_portal_protocol_values(self, protocol):
        """Return what the page shows of one version.

        :return: the text in ``content`` is HTML of the coordinators, made safe by its field
        """
        self.ensure_one()
        accepted = self.acceptance_ids.filtered(lambda row: row.protocol_id == protocol)
        return {
            "id": protocol.id,
            "name": protocol.name,
            "version": protocol.version,
            "date": format_date(self.env, protocol.date_from),
            "content": protocol.content or "",
            "has_file": bool(protocol.file),
            "is_current": protocol.state == "current",
            "accepted_on": accepted and format_date(self.env, accepted.date) or "",
            "is_asked": protocol == self.protocol_to_accept_id,
            "before": protocol.date_grace and format_date(self.env, protocol.date_grace) or "",
        }

    def _accept_on_portal(self, protocol):
        """Accept the current protocol; whoever had done that keeps the first date.

        :return: whether it is accepted now: no version but the current one can be
        """
        self.ensure_one()
        if protocol == self.protocol_to_accept_id:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    # as the system: it may move the volunteer to the next phase, with a message
                    self.acceptance_ids.with_user(SUPERUSER_ID).create(
                        {
                            "protocol_id": protocol.id,
                            "volunteer_id": self.id,
                            "mode": "portal",
                            "user_id": self.env.uid,
                        }
                    )
            except UniqueViolation:  # sent twice at the same moment
                self.env.invalidate_all()
        return protocol in self.acceptance_ids.protocol_id
