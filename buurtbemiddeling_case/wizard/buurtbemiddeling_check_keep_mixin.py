from odoo import fields, models

TERM = "buurtbemiddeling_retention_"


class BuurtbemiddelingCheckKeepMixin(models.AbstractModel):
    """Whether personal data go when their term is over."""

    _name = "buurtbemiddeling.check.keep.mixin"
    _description = "Security Check of Terms"

    def _verify_keep_automatic(self):
        """What a person has to remember is forgotten in a busy month."""
        companies = self.env.companies.filtered(
            lambda company: not company.buurtbemiddeling_retention_automatic
        )
        return self._result(
            self.env._("Removing personal data by itself"),
            companies
            and self.env._(
                "Personal data are removed only when somebody does it: %s.",
                self._list(companies.mapped("name")),
            ),
            self.env._(
                "Make a list under Privacy, Retention, look whether it is right, and then switch on"
                " “Remove personal data by itself” on the settings, page Privacy."
            ),
            action="buurtbemiddeling_case.buurtbemiddeling_settings_action",
        )

    def _verify_keep_term(self):
        """Every kind of personal data has a term, and not one that is as good as for ever."""
        limit = self._get_limit("term_months")
        names = [
            name
            for name, field in self.env["res.company"]._fields.items()
            if name.startswith(TERM) and name.endswith("months") and field.type == "integer"
        ]
        odd = [
            name
            for name in names
            if any(not 0 < months <= limit for months in self.env.companies.mapped(name))
        ]
        labels = self.env["res.company"].fields_get(odd, ["string"])
        return self._result(
            self.env._("Terms of personal data"),
            odd
            and self.env._(
                "No term, or one of more than %(limit)s months: %(terms)s.",
                limit=limit,
                terms=self._list(labels[name]["string"] for name in odd),
            ),
            self.env._("Choose a term that you can give a reason for, on the settings."),
            "attention",
            action="buurtbemiddeling_case.buurtbemiddeling_settings_action",
        )

    def _verify_keep_overdue(self):
        """What is over its term and on hold for no reason should have been removed."""
        today = fields.Date.context_today(self)
        number = 0
        for company in self.env.companies:
            for kind, names in self.env["buurtbemiddeling.retention.run"]._get_kinds().items():
                for name in names:
                    records = self.env[name].with_context(active_test=False)
                    domain = records._get_retention_domain(company, kind, today)
                    number += records.search_count(domain)
        return self._result(
            self.env._("Personal data over their term"),
            number
            and self.env._(
                "Cases, requests or persons whose term is over and whose data are still there:"
                " %s.",
                number,
            ),
            self.env._("Make a list under Privacy, Retention, and have them removed."),
            action="buurtbemiddeling_case.buurtbemiddeling_retention_run_action",
            by_admin=False,
        )

    def _verify_keep_failed(self):
        """Nothing stays behind unseen when a round could not remove it."""
        lines = self.env["buurtbemiddeling.retention.line"].search_count(
            [("state", "=", "failed"), ("company_id", "in", self.env.companies.ids)]
        )
        return self._result(
            self.env._("Removing that failed"),
            lines
            and self.env._(
                "Cases, requests or persons whose data could not be removed: %s.", lines
            ),
            self.env._("Open Privacy, Retention, and see at the lines what was in the way."),
            action="buurtbemiddeling_case.buurtbemiddeling_retention_run_action",
            by_admin=False,
        )
