from odoo import models
from odoo.tools import SQL


class BuurtbemiddelingCheckContactMixin(models.AbstractModel):
    """Whether residents are hidden, and nothing tells them or about them to others.

    Only numbers are told: a name would be shown to who may not see it.
    """

    _name = "buurtbemiddeling.check.contact.mixin"
    _description = "Security Check of Contacts"

    def _verify_contact_open(self):
        """A contact that was made with its party is there for the case only, so it is hidden."""
        self.env["res.partner"].flush_model(["is_confidential"])
        self.env["buurtbemiddeling.case.party"].flush_model(["partner_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT COUNT(DISTINCT partner.id)
                  FROM buurtbemiddeling_case_party party
                  JOIN res_partner partner ON partner.id = party.partner_id
                 WHERE party.company_id IN %(companies)s
                   AND partner.create_date = party.create_date
                   AND partner.is_confidential IS NOT TRUE
                """,
                companies=tuple(self.env.companies.ids),
            )
        )
        [number] = self.env.cr.fetchone()
        return self._result(
            self.env._("Residents who are hidden from other colleagues"),
            number
            and self.env._(
                "Contacts that were made with a case and that every colleague finds, because they"
                " are not confidential: %s.",
                number,
            ),
            self.env._(
                "Open the parties of your cases and mark the contacts as confidential, unless they"
                " are also a contact of another part of the organisation."
            ),
            "attention",
            action="base.action_partner_form",
            by_admin=False,
        )

    def _verify_contact_reached(self):
        """A resident who follows, attends or logs in gets to read what was not meant for them."""
        confidential = ("partner_id.is_confidential", "=", True)
        number = sum(
            self.env[model].with_context(active_test=False).search_count([confidential])
            for model in ("mail.followers", "calendar.attendee", "res.users")
        )
        return self._result(
            self.env._("Residents as followers, attendees or users"),
            number
            and self.env._(
                "%s times a confidential contact follows a record, attends an appointment or can"
                " log in: mail and appointments reach them by themselves.",
                number,
            ),
            self.env._(
                "Remove these followers, attendees and logins. The modules refuse them, so look for"
                " an import or an app that goes around Odoo."
            ),
        )
