from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL


def trigram_index(*names):
    """Return an index for searching a part of a text in any of the columns ``names``.

    As Odoo's own ``index="trigram"``, in one index. There is none where PostgreSQL can not make it.
    """

    def get_definition(registry):
        if not registry.has_trigram:
            return ""
        columns = [f'"{name}"' for name in names]
        if registry.has_unaccent == FunctionStatus.INDEXABLE:
            columns = map(registry.unaccent, columns)
        return f"USING gin ({', '.join(f'{column} gin_trgm_ops' for column in columns)})"

    return models.Index(get_definition)


class BuurtbemiddelingCaseSearchMixin(models.AbstractModel):
    """What a coordinator types to find a case: a number, a resident, a phone number, an address."""

    _name = "buurtbemiddeling.case.search.mixin"
    _description = "Finding a Case"

    sought = fields.Char(
        "Number, resident or address",
        store=False,
        search="_search_sought",
        export_string_translation=False,
    )

    @api.model
    def _search_sought(self, operator, value):
        """Find cases of which a number, or a resident that the user may see, contains ``value``.

        Each table is asked apart, by its own index: one condition over three of them would read
        all of each. The rules of contacts and parties count as in any search.
        """
        if operator != "ilike":
            return NotImplemented
        residents = self.env["res.partner"].with_context(active_test=False)
        parties = self.env["buurtbemiddeling.case.party"].with_context(active_test=False)
        found = [
            self.with_context(active_test=False)
            ._search(_contains(value, "name", "former_numbers", "external_ref"))
            .subselect(),
            parties._search(
                [
                    (
                        "partner_id",
                        "in",
                        residents._search(_contains(value, "name", "street", "zip", "phone")),
                    )
                ]
            ).subselect("case_id"),
            parties._search(_contains(value, "street", "zip")).subselect("case_id"),
        ]
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(found)))


def _contains(value, *names):
    return Domain.OR(Domain(name, "ilike", value) for name in names)
