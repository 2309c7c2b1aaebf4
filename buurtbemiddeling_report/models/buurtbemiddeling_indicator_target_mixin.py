from odoo import api, fields, models

DIRECTIONS = [
    ("at_least", "At least"),
    ("at_most", "At most"),
    ("signal", "Signal only"),
]


class BuurtbemiddelingIndicatorTargetMixin(models.AbstractModel):
    """What a target for a figure is like: which way is good, and how the figure is spoken of."""

    _name = "buurtbemiddeling.indicator.target.mixin"
    _description = "Targets of an Indicator"

    direction = fields.Selection(
        DIRECTIONS,
        "A target is",
        compute="_compute_direction",
        store=True,
        readonly=False,
        precompute=True,
        help="Signal only: it is shown next to the target and not judged.",
    )
    grows = fields.Boolean(
        "Adds up during the year",
        compute="_compute_grows",
        store=True,
        readonly=False,
        precompute=True,
        help="Then it can be expected what it will be at the end. What there is on a day, as cases"
        " running, does not add up; neither does a share.",
    )
    counted_one = fields.Char(
        "One of what it counts", translate=True, help="In sentences: 1 registration."
    )
    counted_many = fields.Char(
        "Several of what it counts", translate=True, help="In sentences: 93 registrations."
    )

    @api.depends("kind", "basis", "unit")
    def _compute_direction(self):
        for indicator in self:
            if indicator.kind == "percentile" or indicator.unit == "euros":
                indicator.direction = "at_most"
            elif indicator.kind == "count" and indicator.basis == "stock":
                indicator.direction = "signal"
            else:
                indicator.direction = "at_least"

    @api.depends("kind", "basis", "unit")
    def _compute_grows(self):
        """Costs do not: what still comes is no matter of chance, see the budget for that."""
        for indicator in self:
            adds = indicator.kind in ("count", "total", "ratio") and indicator.unit != "euros"
            indicator.grows = adds and indicator.basis != "stock"

    def _name_counted(self, number):
        """Return the noun for a number of what this figure counts: registration, cases, hours."""
        self.ensure_one()
        nouns = {
            "persons": (self.env._("person"), self.env._("persons")),
            "hours": (self.env._("hour"), self.env._("hours")),
            "days": (self.env._("day"), self.env._("days")),
            "euros": (self.env._("euro"), self.env._("euros")),
        }
        one, many = nouns.get(self.unit, (self.env._("case"), self.env._("cases")))
        return (self.counted_one or one) if number == 1 else (self.counted_many or many)
