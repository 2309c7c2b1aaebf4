from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCompanyMailMixin(models.AbstractModel):
    """The address of an organisation at which a mail becomes a request."""

    _name = "buurtbemiddeling.company.mail.mixin"
    _description = "Mail Address for Requests"

    buurtbemiddeling_alias_id = fields.Many2one(
        "mail.alias", "Alias for requests", ondelete="set null", copy=False
    )
    buurtbemiddeling_mail_name = fields.Char(
        "Mail address, before the @",
        compute="_compute_buurtbemiddeling_mail",
        inverse="_inverse_buurtbemiddeling_mail_name",
        compute_sudo=True,
        help="A mail to this address becomes a new request, and answers to letters come back here."
        " Empty: requests do not come in by mail.",
    )
    buurtbemiddeling_mail_address = fields.Char(
        "Mail address for requests", compute="_compute_buurtbemiddeling_mail", compute_sudo=True
    )

    @api.depends(
        "buurtbemiddeling_alias_id.alias_name", "buurtbemiddeling_alias_id.alias_domain_id.name"
    )
    def _compute_buurtbemiddeling_mail(self):
        for company in self:
            alias = company.buurtbemiddeling_alias_id
            company.buurtbemiddeling_mail_name = alias.alias_name
            company.buurtbemiddeling_mail_address = (
                alias.alias_full_name if alias.alias_domain_id else False
            )

    def _inverse_buurtbemiddeling_mail_name(self):
        """Make, rename or take away the alias.

        :raise UserError: when the organisation has no mail domain, or the name is taken
        """
        # sudo: aliases are for the administrator of Odoo; this one makes requests here only
        aliases = self.env["mail.alias"].sudo()
        for company in self:
            name = aliases._sanitize_alias_name(company.buurtbemiddeling_mail_name)
            alias = company.buurtbemiddeling_alias_id.sudo()
            if not name:
                alias.unlink()
            elif alias:
                alias.alias_name = name
            elif not company.alias_domain_id:
                raise UserError(
                    self.env._(
                        "%s has no mail domain yet. Ask the administrator of Odoo to set one.",
                        company.name,
                    )
                )
            else:
                company.buurtbemiddeling_alias_id = aliases.create(
                    {
                        "alias_name": name,
                        "alias_domain_id": company.alias_domain_id.id,
                        "alias_model_id": self.env["ir.model"]._get_id(
                            "buurtbemiddeling.case.party"
                        ),
                        "alias_defaults": repr({"company_id": company.id}),
                        "alias_contact": "everyone",
                    }
                )

    def write(self, vals):
        """The alias follows the mail domain of its organisation."""
        res = super().write(vals)
        if "alias_domain_id" in vals:
            # sudo: as where the alias is made
            for company in self.sudo().filtered("buurtbemiddeling_alias_id"):
                company.buurtbemiddeling_alias_id.alias_domain_id = company.alias_domain_id
        return res
