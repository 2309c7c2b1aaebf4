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
        export_string_translation=False, exportable=False,
    )

    @api.model
    def _search_sought(self, operator, value):
        """Find cases of which a number, or a resident that the user may see, contains ``value``.

        Each column of each table is asked apart, by its own index: one condition over them would
        read all of each table. The rules of contacts and parties count as in any search.
        """
        if operator != "ilike":
            return NotImplemented
        residents = self.env["res.partner"].with_context(active_test=False)
        parties = self.env["buurtbemiddeling.case.party"].with_context(active_test=False)
        known = _select_with(
            residents,
            value,
            ("name", "street", "zip", "phone"),
            self._of_own_organisation(CONTACT_OWNER),
        )
        found = [
            *_select_with(
                self.with_context(active_test=False),
                value,
                ("name", "former_numbers", "external_ref"),
            ),
            parties._search([("partner_id", "in", _unite(known))]).subselect("case_id"),
            *_select_with(
                parties, value, ("street", "zip"), self._of_own_organisation(OWNER), "case_id"
            ),
        ]
        return Domain("id", "in", _unite(found))

    @api.model
    def _of_own_organisation(self, owner):
        """Return the domain of what is of the user's organisations, as ``trigram_index`` has it.

        The rules say so too, but not in a way that is found in that index. It holds as well where
        Odoo's rule for contacts of more than one company was switched off.
        """
        if self.env.su:
            return Domain.TRUE
        # sudo: numbers of the organisations above those of the user, which its contacts may be of
        above = self.env.companies.sudo().with_context(active_test=False).parent_ids
        companies = [0, *above.ids]

        def to_sql(model, alias, _query):
            columns = {
                name: SQL.identifier(alias, name, to_flush=model._fields[name])
                for name in ("company_id", "partner_share")
                if name in model._fields
            }
            return SQL("ARRAY[%s] && %s", SQL(owner, **columns), companies)

        return Domain.custom(to_sql=to_sql)


def _select_with(records, value, names, domain=Domain.TRUE, wanted="id"):
    """Return a query for each of the columns ``names`` in which ``value`` may be a part."""
    return [
        records._search(domain & Domain(name, "ilike", value)).subselect(wanted) for name in names
    ]


def _unite(queries):
    return SQL("(%s)", SQL(" UNION ").join(queries))
