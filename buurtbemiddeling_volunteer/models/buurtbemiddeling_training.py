from odoo import api, fields, models
from odoo.exceptions import ValidationError

# the least that the CCV (national centre for neighbour mediation) asks of a basic training
BASIC_TRAINING_HOURS = 15
HALF_DAY_HOURS = 3


class BuurtbemiddelingTraining(models.Model):
    """A course for mediators; each time it is given is a session.

    The theme of a training is what it gives competence in: there is one list of both.
    """

    _name = "buurtbemiddeling.training"
    _description = "Training"
    _order = "kind_sequence, name, id"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("information", "Information meeting"),
            ("basic", "Basic training"),
            ("advanced", "Advanced training"),
            ("peer", "Peer review"),
        ],
        required=True,
        default="advanced",
        help="An information meeting is for who thinks of becoming a mediator: it gives no learning"
        " hours and no certificate.",
    )
    kind_sequence = fields.Integer(
        compute="_compute_kind_sequence",
        store=True,
        precompute=True,
        export_string_translation=False, exportable=False,
    )
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="How long the whole training takes.",
    )
    min_hours = fields.Float(
        "Hours for the certificate",
        compute="_compute_min_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Who has attended less gets no certificate. At least 15 for a basic training.",
    )
    competence_ids = fields.Many2many(
        "buurtbemiddeling.competence",
        "buurtbemiddeling_training_competence_rel",
        "training_id",
        "competence_id",
        string="Competences given",
        ondelete="restrict",
        help="Who passes gets these competences.",
    )
    description = fields.Text("What is learned")
    active = fields.Boolean(default=True)
    session_ids = fields.One2many("buurtbemiddeling.training.session", "training_id", "Sessions")
    session_count = fields.Integer(compute="_compute_session_count")

    _hours_positive = models.Constraint("CHECK(hours > 0)", "A training takes longer than 0 hours.")
    _min_hours_possible = models.Constraint(
        "CHECK(min_hours >= 0 AND min_hours <= hours)",
        "The hours for the certificate are not more than the training takes.",
    )

    @api.depends("kind")
    def _compute_kind_sequence(self):
        order = [kind for kind, _label in self._fields["kind"].selection]
        for training in self:
            training.kind_sequence = order.index(training.kind) if training.kind else len(order)

    @api.depends("kind")
    def _compute_hours(self):
        for training in self:
            usual = BASIC_TRAINING_HOURS if training.kind == "basic" else HALF_DAY_HOURS
            training.hours = training.hours or usual

    @api.depends("kind", "hours")
    def _compute_min_hours(self):
        for training in self:
            training.min_hours = (
                BASIC_TRAINING_HOURS if training.kind == "basic" else training.hours
            )

    def _compute_session_count(self):
        groups = self.env["buurtbemiddeling.training.session"]._read_group(
            [("training_id", "in", self.ids)], ["training_id"], ["__count"]
        )
        counts = {training.id: count for training, count in groups}
        for training in self:
            training.session_count = counts.get(training.id, 0)

    @api.constrains("kind", "min_hours")
    def _check_basic_hours(self):
        for training in self:
            if training.kind == "basic" and training.min_hours < BASIC_TRAINING_HOURS:
                raise ValidationError(
                    self.env._(
                        "A basic training asks for at least %(hours)s hours. Change the hours of"
                        " “%(training)s” or choose another kind.",
                        hours=BASIC_TRAINING_HOURS,
                        training=training.name,
                    )
                )

    def write(self, vals):
        res = super().write(vals)
        if "name" in vals:
            self.session_ids._sync_calendar()
        return res

    def action_open_sessions(self):
        """Open the sessions in which this training was or will be given."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_volunteer.buurtbemiddeling_training_session_action"
        )
        action["domain"] = [("training_id", "=", self.id)]
        action["context"] = {"default_training_id": self.id}
        return action
