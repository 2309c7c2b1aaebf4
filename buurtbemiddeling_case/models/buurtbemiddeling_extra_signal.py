from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingExtraSignal(models.Model):
    """A signal of vulnerability or danger in a case: Buurtbemiddeling Extra.

    Health, addiction and safety are written here and nowhere else, for the small group
    ``group_extra`` only. All others see whether a case is complex, and no more. It has no message
    thread, so that nothing of it is ever in a message, a mail or a tracked value.
    """

    _name = "buurtbemiddeling.extra.signal"
    _description = "Buurtbemiddeling Extra Signal"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.case.record.mixin",
        "buurtbemiddeling.follow.up.mixin",
    ]
    _order = "date desc, id desc"

    complexity_id = fields.Many2one(
        "buurtbemiddeling.complexity", "Signal", required=True, ondelete="restrict"
    )
    date = fields.Date("Noticed on", required=True, default=fields.Date.context_today)
    is_safety = fields.Boolean(
        "Acute danger", help="Someone may be in danger now: act first, by the reporting code."
    )
    note = fields.Text(
        "What is known", help="Facts and what was agreed. Only Buurtbemiddeling Extra reads this."
    )
    follow_up_date = fields.Date("Look at it again on")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_extra").ids),
        ],
    )

    _follow_up_after_signal = models.Constraint(
        "CHECK(follow_up_date IS NULL OR follow_up_date >= date)",
        "You look at a signal again on or after the day it was noticed. Correct one of the two"
        " dates.",
    )

    @api.depends("case_id.name", "date")
    def _compute_display_name(self):
        for signal in self:
            signal.display_name = f"{signal.case_id.name}: {signal.date}"

    @api.constrains("user_id", "case_id")
    def _check_user_of_extra(self):
        """Only who may read a signal can look after it."""
        for user, signals in self.grouped("user_id").items():
            inside = user.has_group("buurtbemiddeling_case.group_extra")
            if not inside or signals.company_id - user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%s does not work for Buurtbemiddeling Extra in this organisation. Choose"
                        " someone who does.",
                        user.name,
                    )
                )

    def _prepare_follow_up_values(self):
        """A bare to-do on the case: others see it, and can not tell it from any other."""
        self.ensure_one()
        if not self.follow_up_date:
            return {}
        todo = self.env.ref("mail.mail_activity_data_todo")
        return {
            "activity_type_id": todo.id,
            "summary": todo.name,
            "user_id": self.user_id.id,
            "date_deadline": self.follow_up_date,
        }
