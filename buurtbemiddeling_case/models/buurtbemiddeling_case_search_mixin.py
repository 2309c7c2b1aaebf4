from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

#: Of which organisation a row is, for who searches. A contact that all organisations may see (as
#: Odoo's rule for contacts of more than one company has it) is of 0.
OWNER = "%(company_id)s"
CONTACT_OWNER = "CASE WHEN %(partner_share)s THEN COALESCE(%(company_id)s, 0) ELSE 0 END"


def trigram_index(*names, owner=None):
    """Return an index for searching a part of a text in any of the columns ``names``.

    As Odoo's own ``index="trigram"``, in one index. There is none where PostgreSQL can not make it.

    :param owner: where many organisations have the same texts, the one of a row: without it the
        name "Jansen" is looked up in the whole country first
    """

    def get_definition(registry):
        if not registry.has_trigram:
            return ""
        columns = [f'"{name}"' for name in names]
        if registry.has_unaccent == FunctionStatus.INDEXABLE:
            columns = map(registry.unaccent, columns)
        parts = [f"{column} gin_trgm_ops" for column in columns]
        if owner:  # PostgreSQL has it for lists of numbers, and for a number only as an extension
            whose = owner % {name: f'"{name}"' for name in ("company_id", "partner_share")}
            parts.insert(0, f"(ARRAY[{whose}])")
        return f"USING gin ({', '.join(parts)})"

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
        known = self._of_own_organisation(CONTACT_OWNER)
        mine = self._of_own_organisation(OWNER)
        found = [
            self.with_context(active_test=False)
            ._search(_contains(value, "name", "former_numbers", "external_ref"))
            .subselect(),
            parties._search(
                [
                    (
                        "partner_id",
                        "in",
                        residents._search(
                            known & _contains(value, "name", "street", "zip", "phone")
                        ),
                    )
                ]
            ).subselect("case_id"),
            parties._search(mine & _contains(value, "street", "zip")).subselect("case_id"),
        ]
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(found)))

    @api.model
    def _of_own_organisation(self, owner):
        """Return the domain of what is of the user's organisations, as ``trigram_index`` has it.

        The rules say so too, but not in a way that is found in that index.
        """
        if self.env.su:
            return Domain.TRUE
        companies = [0, *self.env.companies.parent_ids.ids]

        def to_sql(model, alias, _query):
            columns = {
                name: SQL.identifier(alias, name, to_flush=model._fields[name])
                for name in ("company_id", "partner_share")
                if name in model._fields
            }
            return SQL("ARRAY[%s] && %s", SQL(owner, **columns), companies)

        return Domain.custom(to_sql=to_sql)


def _contains(value, *names):
    return Domain.OR(Domain(name, "ilike", value) for name in names)
