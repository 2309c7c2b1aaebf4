from odoo import api, fields, models


class BuurtbemiddelingImportMemory(models.Model):
    """What somebody once matched: the next sheet of the organisation is matched likewise."""

    _name = "buurtbemiddeling.import.memory"
    _description = "Memory of Imports"
    _order = "kind, column, text"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    kind = fields.Char(required=True)
    column = fields.Char(required=True, help="Our column, or “heading”.")
    text = fields.Char("In the file", required=True)
    code = fields.Char("Is with us", help="Empty: left out.")

    _text_uniq = models.Constraint(
        'UNIQUE(company_id, kind, "column", text)', "This is remembered already."
    )

    @api.model
    def _recall(self, company, kind, column):
        """Return ``{text: code}`` of what was matched in a column; texts as ``plain_text``."""
        rows = self.search_fetch(
            [("company_id", "=", company.id), ("kind", "=", kind), ("column", "=", column)],
            ["text", "code"],
        )
        return {row.text: row.code or "" for row in rows}

    @api.model
    def _remember(self, company, kind, column, matched):
        """Keep ``{text: code}``; what was remembered of the same texts is replaced."""
        # sudo: what an import matches is kept by its steps alone
        memory = self.sudo()
        there = {
            row.text: row
            for row in memory.search(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", kind),
                    ("column", "=", column),
                    ("text", "in", list(matched)),
                ]
            )
        }
        for text, row in there.items():
            if (row.code or "") != matched[text]:
                row.code = matched[text]
        memory.create(
            [
                {
                    "company_id": company.id,
                    "kind": kind,
                    "column": column,
                    "text": text,
                    "code": code,
                }
                for text, code in matched.items()
                if text not in there
            ]
        )
