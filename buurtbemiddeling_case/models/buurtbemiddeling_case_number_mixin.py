from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingCaseNumberMixin(models.AbstractModel):
    """The number of a case: a row of its own for each organisation and year of registration."""

    _name = "buurtbemiddeling.case.number.mixin"
    _description = "Number of a Case"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="")

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "This case number is in use already in this organisation."
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._give_numbers(vals_list)
        return super().create(vals_list)

    def _give_numbers(self, vals_list):
        """Number new cases per organisation and year of registration: 2026-0001, 2026-0002, ...

        All numbers of one organisation and year are taken in one query.
        """
        defaults = self.default_get(["company_id", "registration_date"])
        batches = defaultdict(list)
        for vals in vals_list:
            if not vals.get("name"):
                company_id = vals.get("company_id") or defaults["company_id"]
                date = fields.Date.to_date(
                    vals.get("registration_date") or defaults["registration_date"]
                )
                batches[company_id, date.year].append(vals)
        for (company_id, year), batch in batches.items():
            # sudo: coordinators do not manage sequences; only numbers come back
            sequence = self.env["ir.sequence"].sudo()._buurtbemiddeling_case(company_id)
            free = []
            while len(free) < len(batch):
                numbers = sequence._next_numbers_of_year(year, len(batch) - len(free))
                taken = self._get_taken_numbers(company_id, numbers)
                free += [number for number in numbers if number not in taken]
            for vals, number in zip(batch, free, strict=True):
                vals["name"] = number

    def _get_taken_numbers(self, company_id, numbers):
        """Return those of ``numbers`` that came in with an import, or that a merged case had."""
        # sudo: only numbers that were given come back
        cases = self.sudo().with_context(active_test=False)
        company = Domain("company_id", "=", company_id)
        named = cases.search(company & Domain("name", "in", numbers))
        merged = cases.search(company & Domain("former_numbers", "!=", False))
        former = {number for case in merged for number in case.former_numbers.split(", ")}
        return {*named.mapped("name"), *former.intersection(numbers)}
