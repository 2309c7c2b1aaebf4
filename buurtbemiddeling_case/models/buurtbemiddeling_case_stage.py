from odoo import fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCaseStage(models.Model):
    """A phase of the case, from registration to closing, with its norm in working days.

    The phase says where a case stands; how it was helped (intervention) and how it ended (outcome)
    are fields of their own.
    """

    _name = "buurtbemiddeling.case.stage"
    _description = "Case Phase"
    _inherit = ["buurtbemiddeling.code.mixin"]

    fold = fields.Boolean("Folded in the board")
    is_closed = fields.Boolean("Closes the case")
    norm_days = fields.Integer(
        "Norm (working days)",
        help="Working days that a case may stay in this phase before it is shown as late."
        " 0 means no norm.",
    )
    required_field_ids = fields.Many2many(
        "ir.model.fields",
        "buurtbemiddeling_case_stage_required_field_rel",
        "stage_id",
        "field_id",
        string="Required fields",
        domain=[("model", "=", "buurtbemiddeling.case"), ("store", "=", True)],
        help="A case can be moved into this phase only when these fields are filled in.",
    )

    _norm_days_positive = models.Constraint(
        "CHECK(norm_days >= 0)", "The norm of a phase is a number of working days, 0 or more."
    )

    def write(self, vals):
        """Whether a phase closes cases is not changed under the cases that are in it."""
        if "is_closed" in vals:
            changed = self.filtered(lambda stage: stage.is_closed != vals["is_closed"])
            # sudo: cases of other organisations count as well; only yes or no comes back
            cases = self.env["buurtbemiddeling.case"].sudo().with_context(active_test=False)
            if changed and cases.search_count([("stage_id", "in", changed.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "There are cases in this phase. Move them to another phase first, or add a"
                        " new phase."
                    )
                )
        return super().write(vals)
