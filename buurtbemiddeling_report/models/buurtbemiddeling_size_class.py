from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingSizeClass(models.Model):
    """Municipalities of about the same size, by their number of inhabitants.

    The classes that come with the module are those of Statistics Netherlands (CBS).
    """

    _name = "buurtbemiddeling.size.class"
    _description = "Size of Municipality"
    _inherit = ["buurtbemiddeling.code.mixin"]
    _order = "min_inhabitants, id"

    min_inhabitants = fields.Integer("From", required=True, aggregator=None)
    max_inhabitants = fields.Integer(
        "Up to", aggregator=None, help="That number itself not included. 0: no upper limit."
    )

    _range = models.Constraint(
        "CHECK(min_inhabitants >= 0"
        " AND (max_inhabitants = 0 OR max_inhabitants > min_inhabitants))",
        "A size runs from a number of inhabitants up to a larger one.",
    )

    @api.constrains("min_inhabitants", "max_inhabitants", "active")
    def _check_overlap(self):
        """A municipality is in one class only."""
        classes = self.search([])
        for lower, upper in zip(classes, classes[1:], strict=False):
            if not lower.max_inhabitants or lower.max_inhabitants > upper.min_inhabitants:
                raise ValidationError(
                    self.env._(
                        "%(lower)s and %(upper)s overlap. Let one end where the next begins.",
                        lower=lower.name,
                        upper=upper.name,
                    )
                )

    @api.model
    def _of_inhabitants(self, inhabitants):
        """Return the class of a municipality; empty when its inhabitants are not known (0)."""
        return self.search([])._get_holding(inhabitants)

    def _get_holding(self, inhabitants):
        """Return which of these classes has municipalities with this number of inhabitants."""
        return self.filtered(
            lambda one: (
                inhabitants
                and one.min_inhabitants <= inhabitants
                and (not one.max_inhabitants or inhabitants < one.max_inhabitants)
            )
        )[:1]
