from odoo import api, models

from odoo.addons.buurtbemiddeling_case.tools import plain_text


class BuurtbemiddelingAnonymizer(models.AbstractModel):
    """What a volunteer declared of a resident goes with that resident."""

    _inherit = "buurtbemiddeling.anonymizer"

    @api.model
    def _find_rows(self, subjects, about):
        """Find declarations that name one of the residents in words as well."""
        found = super()._find_rows(subjects, about)
        parties = subjects.get("buurtbemiddeling.case.party")
        if parties and (declarations := self._find_declarations(parties)):
            lines = self._get_lines(("party",))[declarations._name, "volunteer_id"]
            found.append((declarations._name, "volunteer_id", declarations.ids, lines))
        return found

    @api.model
    def _find_declarations(self, parties):
        """Return the declarations that one knows someone who has the name of one of ``parties``.

        In the same street or town, as far as those are known.
        """
        declarations = self.env["buurtbemiddeling.volunteer.declaration"]
        names = {plain_text(party.partner_id.name) for party in parties} - {""}
        if not names:
            return declarations
        named = declarations._get_declared(
            [
                ("company_id", "in", parties.company_id.ids),
                ("kind", "in", ("person", "family")),
                ("partner_id", "=", False),
                ("name", "!=", False),
            ]
        )
        named = {
            id_: declared
            for id_, (_volunteer_id, declared) in named.items()
            if plain_text(declared.known.name) in names
        }
        facts = named and self.env["buurtbemiddeling.assignment"]._get_facts_of_cases(
            parties.case_id
        )
        return declarations.browse(
            id_
            for id_, declared in named.items()
            if any(declared.concerns(each) for each in facts.values())
        )

    @api.model
    def _cut_mentions(self, contact_ids):
        """A declaration that one knows a resident is about nobody else, and goes as a whole."""
        declarations = self.env["buurtbemiddeling.volunteer.declaration"].search(
            [("partner_id", "in", list(contact_ids))]
        )
        self._execute_delete(declarations._table, "id", declarations.ids)
        return super()._cut_mentions(contact_ids)
