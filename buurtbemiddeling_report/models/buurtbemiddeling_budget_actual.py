from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class BuurtbemiddelingBudgetActual(models.Model):
    """A cost that was entered or imported, such as an invoice.

    With the number that it has in the books it is recognised, so that an import that is done twice
    books nothing twice.
    """

    _name = "buurtbemiddeling.budget.actual"
    _description = "Actual Cost"
    _inherit = ["buurtbemiddeling.cost.entry.mixin"]
    _order = "date desc, id desc"
    _rec_name = "description"

    post_id = fields.Many2one(
        "buurtbemiddeling.budget.post", required=True, ondelete="restrict", index=True
    )
    amount = fields.Monetary(required=True, help="Negative: money that came back.")
    description = fields.Char(help="Write no name or address of a resident here.")
    supplier = fields.Char()
    external_ref = fields.Char(
        "Number in the books", copy=False, help="With it an import recognises what is there."
    )

    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL",
        "A cost with this number in the books is there already.",
    )
    _amount_not_zero = models.Constraint(
        "CHECK(amount != 0)", "An actual cost is not 0. Fill in what was paid."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_complete(vals_list)
        self._check_new(vals_list)
        actuals = super().create(vals_list)
        if self.env.context.get("import_file"):
            actuals._check_not_imported_before()
        return actuals

    @api.model
    def _check_complete(self, vals_list):
        """:raise ValidationError: an amount without a post counts nowhere"""
        for vals in vals_list:
            if not vals.get("post_id", self.env.context.get("default_post_id")):
                raise ValidationError(
                    self.env._(
                        "Choose a post for “%s”. Without one nobody knows to what part of the"
                        " budget it belongs.",
                        vals.get("description") or vals.get("amount") or "",
                    )
                )

    @api.model
    def _check_new(self, vals_list):
        """Refuse what was booked before, all at once, so that nothing is half imported.

        :raise ValidationError: names the numbers
        """
        references = [vals["external_ref"] for vals in vals_list if vals.get("external_ref")]
        twice = {each for each in references if references.count(each) > 1} if references else set()
        # sudo: only whether a number of the own organisations is there; also of projects that the
        # user may not see
        known = self.sudo().search(
            [
                ("external_ref", "in", references),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        found = sorted({*twice, *known.mapped("external_ref")})
        if found:
            raise ValidationError(
                self.env._(
                    "These numbers in the books are there already, or twice in this file:"
                    " %(numbers)s. Nothing was booked. Leave these rows out of the file.",
                    numbers=", ".join(found[:10]) + (", …" if found[10:] else ""),
                )
            )

    def _check_not_imported_before(self):
        """Refuse an import of rows that are there already, where they have no number to tell.

        :raise ValidationError: names the first of them
        """
        loose = self.filtered(lambda actual: not actual.external_ref)
        same = ["project_id", "post_id", "amount", "description", "supplier"]
        groups = self._read_group(
            [
                ("external_ref", "=", False),
                ("project_id", "in", loose.project_id.ids),
                ("date", "in", loose.mapped("date")),
            ],
            [*same, "date:day"],
            ["id:array_agg"],
            [("__count", ">", 1)],
        )
        for *_keys, ids in groups:
            if twice := loose.filtered(lambda actual, ids=ids: actual.id in ids)[:1]:
                raise ValidationError(
                    self.env._(
                        "“%(what)s” of %(day)s is there already, with the same amount and post, or"
                        " twice in this file. Nothing was booked. Leave it out, or give each row"
                        " its number in the books.",
                        what=twice.description or twice.post_id.name,
                        day=format_date(self.env, twice.date),
                    )
                )

    @api.constrains("post_id", "project_id", "date")
    def _check_way(self):
        """What comes in by itself or from the accounts is not entered as well."""
        budgets = self._get_budgets()
        for actual in self:
            budget = budgets.get((actual.project_id.id, actual.date.year))
            line = budget and budget.line_ids.filtered(
                lambda each, post=actual.post_id: each.post_id == post
            )
            way = line.way if line else "flow" if actual.post_id.flow else "entered"
            if way == "entered":
                continue
            values = {
                "post": actual.post_id.name,
                "date": format_date(self.env, actual.date),
            }
            if way == "account":
                raise ValidationError(
                    self.env._(
                        "The costs of “%(post)s” are read from the accounts, so what you enter on"
                        " %(date)s would count twice. Book it there.",
                        **values,
                    )
                )
            raise ValidationError(
                self.env._(
                    "The costs of “%(post)s” come in by themselves, so what you enter on %(date)s"
                    " would count twice. Choose another post, or “Entered or imported” in the line"
                    " of the budget.",
                    **values,
                )
            )
