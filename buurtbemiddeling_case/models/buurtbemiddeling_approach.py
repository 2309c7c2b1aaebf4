from odoo import api, fields, models
from odoo.exceptions import ValidationError

MODES = [
    ("visit", "Unannounced visit"),
    ("letter", "Letter"),
    ("phone", "Phone"),
    ("email", "E-mail"),
]
OUTCOMES = [
    ("nobody", "Nobody reached"),
    ("left", "Letter left or sent"),
    ("willing", "Spoken: willing"),
    ("thinking", "Spoken: thinks about it"),
    ("refuses", "Spoken: refuses"),
    ("wrong", "Wrong address or unknown"),
]
WILLING = {"willing": "yes", "refuses": "no"}


class BuurtbemiddelingApproach(models.Model):
    """One attempt to reach a party, normally the other party: how, when, and what came of it.

    Only codes: what was said goes on the party's own thread. Norms of the field ask for the
    attempts before a case ends with "other party could not be reached".
    """

    _name = "buurtbemiddeling.approach"
    _description = "Approach of a Party"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.row.mixin",
        "buurtbemiddeling.case.record.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    party_id = fields.Many2one(
        "buurtbemiddeling.case.party",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self._default_party_id(),
    )
    case_id = fields.Many2one(
        "buurtbemiddeling.case",
        compute="_compute_case_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    mode = fields.Selection(MODES, "How", required=True, default="visit")
    outcome = fields.Selection(
        OUTCOMES,
        "What came of it",
        required=True,
        help="Decides whether the party counts as reached, willing or refusing.",
    )
    user_id = fields.Many2one(
        "res.users",
        "By",
        default=lambda self: self.env.user,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        ondelete="set null",
    )

    @api.depends("party_id")
    def _compute_case_id(self):
        for approach in self:
            approach.case_id = approach.party_id.case_id or approach.case_id

    @api.model
    def _default_party_id(self):
        """On a case, the party that one tries to reach is the other party."""
        case = self.env["buurtbemiddeling.case"].browse(self.env.context.get("default_case_id"))
        return case._get_first_party("b") if case else False

    @api.depends("case_id.name", "mode")
    def _compute_display_name(self):
        modes = dict(self._fields["mode"]._description_selection(self.env))
        for approach in self:
            approach.display_name = f"{approach.case_id.name}: {modes.get(approach.mode)}"

    @api.constrains("date")
    def _check_date(self):
        """An attempt was made: not in the future, and not before anyone asked for help."""
        today = fields.Date.context_today(self)
        for approach in self:
            if approach.date > today:
                raise ValidationError(
                    self.env._(
                        "An attempt to reach a party can not be in the future. Choose today or"
                        " earlier."
                    )
                )
            if approach.date < approach.case_id.registration_date:
                raise ValidationError(
                    self.env._(
                        "An attempt to reach a party can not be before case %s was registered."
                        " Correct the date of the attempt, or that of the registration.",
                        approach.case_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        approaches = super().create(vals_list)
        approaches._note_on_case()
        approaches.party_id._follow_approaches()
        approaches.case_id._follow_fact(self.env._("A party was approached."))
        return approaches

    def write(self, vals):
        parties = self.party_id
        res = super().write(vals)
        if not vals.keys().isdisjoint(("date", "outcome", "party_id")):
            self._note_on_case()
            (parties | self.party_id)._follow_approaches()
        return res

    def _note_on_case(self):
        for day, approaches in self.grouped("date").items():
            approaches.case_id._note_contact(day)
