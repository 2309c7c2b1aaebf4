from odoo import api, fields, models


class BuurtbemiddelingPairingCriterion(models.Model):
    """What counts when pairs of mediators are proposed, and how much.

    The codes are those of ``tools/pairing.py``: the filters (language, competence, daypart, mix,
    gender, affinity), and what makes it fair (load and running, which count against).
    """

    _name = "buurtbemiddeling.pairing.criterion"
    _description = "Pairing Criterion"
    _inherit = ["buurtbemiddeling.code.mixin"]

    weight = fields.Integer(
        default=10,
        required=True,
        help="How much this counts when pairs are ranked. 0 counts for nothing.",
    )

    _weight_positive = models.Constraint(
        "CHECK(weight >= 0)",
        "The weight is 0 or more. For load and running cases it counts against by itself.",
    )

    @api.model
    def _get_weights(self):
        """Return ``{code: weight}``; an archived criterion counts for nothing."""
        criteria = self.search_fetch([], ["code", "weight"])
        return {criterion.code: criterion.weight for criterion in criteria}
