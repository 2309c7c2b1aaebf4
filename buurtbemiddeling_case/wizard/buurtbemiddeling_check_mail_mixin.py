from odoo import models
from odoo.tools import config

LOCAL = ("localhost", "127.0.0.1", "::1")  # mail that stays on the machine needs no encryption


class BuurtbemiddelingCheckMailMixin(models.AbstractModel):
    """Whether mail and forms keep to themselves what they carry."""

    _name = "buurtbemiddeling.check.mail.mixin"
    _description = "Security Check of Mail"

    def _verify_mail_domain(self):
        """Without a domain Odoo has no address for answers, nor for mail that bounces."""
        companies = self.env.companies.filtered(lambda company: not company.alias_domain_id)
        return self._result(
            self.env._("Mail domain of the organisation"),
            companies
            and self.env._(
                "No mail domain: %s. Answers of residents and mail that could not be delivered do"
                " not come back into Odoo.",
                self._list(companies.mapped("name")),
            ),
            self.env._("Choose a mail domain for the organisation, with a catchall and a bounce."),
            "attention",
            action="base.action_res_company_form",
            records=companies,
        )

    def _verify_mail_alias(self):
        """Only the address for requests is for everyone: what comes in there is only a request."""
        requests = self.env["res.company"].search([]).buurtbemiddeling_alias_id
        aliases = self.env["mail.alias"].search(
            [
                ("alias_model_id.model", "=like", "buurtbemiddeling.%"),
                ("alias_name", "!=", False),
                ("alias_contact", "=", "everyone"),
                ("id", "not in", requests.ids),
            ]
        )
        return self._result(
            self.env._("Mail addresses that write into cases"),
            aliases
            and self.env._(
                "Everyone can write into records of buurtbemiddeling by mail at: %s.",
                self._list(aliases.mapped("alias_name")),
            ),
            self.env._(
                "Remove these mail aliases. The address for requests is made on the settings of"
                " buurtbemiddeling."
            ),
            action="mail.mail_alias_action",
            records=aliases,
        )

    def _verify_mail_outgoing(self):
        """Letters to residents do not travel in the open."""
        servers = self.env["ir.mail_server"].search([])
        plain = servers.filtered(
            lambda server: server.smtp_encryption == "none" and server.smtp_host not in LOCAL
        )
        names = plain.mapped("name")
        if not servers and not config["smtp_ssl"] and config["smtp_server"] not in LOCAL:
            names = [config["smtp_server"]]
        return self._result(
            self.env._("Mail that goes out"),
            names and self.env._("Mail leaves without encryption by: %s.", self._list(names)),
            self.env._("Set the encryption of the outgoing mail server to TLS or SSL."),
            action="base.action_ir_mail_server_list",
            records=plain,
        )

    def _verify_mail_incoming(self):
        """What residents write back does not travel in the open, and neither does the password."""
        servers = self.env["fetchmail.server"].search(
            [("server_type", "in", ("imap", "pop")), ("is_ssl", "=", False)]
        )
        servers = servers.filtered(lambda server: server.server not in LOCAL)
        return self._result(
            self.env._("Mail that comes in"),
            servers
            and self.env._(
                "Mail is fetched without encryption by: %s.", self._list(servers.mapped("name"))
            ),
            self.env._("Switch on SSL/TLS on the incoming mail server."),
            action="mail.action_email_server_tree",
            records=servers,
        )

    def _verify_mail_handler(self):
        """A request for help is somebody's work."""
        companies = self.env.companies.filtered(
            lambda company: (
                (company.buurtbemiddeling_request_form or company.buurtbemiddeling_alias_id)
                and not company._get_request_handler()
            )
        )
        return self._result(
            self.env._("Who handles requests from outside"),
            companies
            and self.env._(
                "Residents can send requests, and nobody is named who handles them: %s.",
                self._list(companies.mapped("name")),
            ),
            self.env._("Choose a coordinator on the settings, page Requests."),
            "attention",
            action="buurtbemiddeling_case.buurtbemiddeling_settings_action",
        )
