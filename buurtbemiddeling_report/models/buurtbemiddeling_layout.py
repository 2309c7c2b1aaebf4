from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingLayout(models.Model):
    """A form for the figures, as data: which sheets a workbook has and what they show.

    Another funder's form is another record. It shows lines of a benchmark and computes nothing.
    """

    _name = "buurtbemiddeling.layout"
    _description = "Form for Figures"
    _inherit = ["buurtbemiddeling.code.mixin"]

    code = fields.Char(
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        help="Stays the same, also when the name changes.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Empty: for every organisation."
    )
    is_public = fields.Boolean(
        "For outside the organisation",
        help="Small numbers, and what would give them away, stand as * in this form.",
    )
    lang = fields.Selection(
        "_get_languages", "Language", help="Empty: the language of whoever downloads it."
    )
    note = fields.Text("For whom", translate=True, help="Who asks for this form. Not printed.")
    sheet_ids = fields.One2many("buurtbemiddeling.layout.sheet", "layout_id", "Sheets", copy=True)

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("name")
    def _compute_code(self):
        """Propose a code after the name, one that no other form has."""
        # sudo: a code is unique over all organisations; of theirs nothing else is read
        layouts = self.sudo().with_context(active_test=False)
        taken = set(layouts.search([]).mapped("code"))
        for layout in self.filtered(lambda layout: layout.name and not layout.code):
            base = self.env["ir.http"]._slugify(layout.name).replace("-", "_").upper() or "FORM"
            number, layout.code = 1, base
            while layout.code in taken:
                number += 1
                layout.code = f"{base}_{number}"
            taken.add(layout.code)

    def copy_data(self, default=None):
        """A copy has a name of its own, so that nobody sends the wrong form."""
        return [
            {**vals, "name": self.env._("%s (copy)", layout.name), **(default or {})}
            for layout, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _get_full(self):
        """Return the form of the full workbook, which has everything."""
        return self.env.ref("buurtbemiddeling_report.layout_full")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_full(self):
        if self._get_full() in self:
            raise UserError(
                self.env._(
                    "The full workbook is what people get without choosing a form."
                    " Change it, or make a copy, but do not delete it."
                )
            )

    def action_copy(self):
        """Copy this form and open the copy, to make another funder's form of it."""
        self.ensure_one()
        return self.copy().get_formview_action()
