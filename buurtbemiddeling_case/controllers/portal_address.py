from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class PortalAddress(CustomerPortal):
    """Odoo's own pages with addresses, for who has a login on our portal."""

    def _validate_address_values(self, address_values, partner_sudo, *args, **kwargs):
        """Say beside the field what the contact itself would refuse."""
        invalid, missing, messages = super()._validate_address_values(
            address_values, partner_sudo, *args, **kwargs
        )
        partners = request.env["res.partner"]
        email = address_values.get("email")
        if email and not partners._may_type_email(email):
            invalid.add("email")
            messages.append(partners._get_email_refusal())
        return invalid, missing, messages
