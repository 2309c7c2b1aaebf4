from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

SCORED_KINDS = ("intake", "evaluation")
RESULTS = [("suitable", "Suitable"), ("doubt", "Doubt"), ("not", "Not suitable")]


class BuurtbemiddelingVolunteerTalk(models.Model):
    """A talk with a volunteer about the volunteer: before the start, on the way, and at the end.

    For coordinators only. The volunteer's own thread says that there was one, and nothing of it.
    """

    _name = "buurtbemiddeling.volunteer.talk"
    _description = "Talk with a Volunteer"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.recruitment.fact.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("intake", "Intake talk"),
            ("evaluation", "Evaluation talk"),
            ("yearly", "Yearly talk"),
            ("exit", "Exit talk"),
        ],
        required=True,
        default="intake",
        help="At which moment of the volunteer's time with you.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        "Held by",
        default=lambda self: self._default_user_id(),
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        ondelete="set null",
        index="btree_not_null",
    )
    result = fields.Selection(
        RESULTS,
        help="What you think after the talk; a suitable intake talk moves the volunteer on.",
    )
    note = fields.Text("Notes")
    goals = fields.Text("Learning points and wishes")
    next_date = fields.Date(
        "Next talk on",
        compute="_compute_next_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    score_ids = fields.One2many(
        "buurtbemiddeling.volunteer.talk.score",
        "talk_id",
        "Scores",
        compute="_compute_score_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    score_average = fields.Float(
        "Average",
        compute="_compute_score_average",
        store=True,
        digits=(2, 1),
        aggregator="avg",
        help="Of the criteria that have a score, from 1 to 5.",
    )

    _next_date_later = models.Constraint(
        "CHECK(next_date IS NULL OR next_date > date)",
        "The next talk is after this one. Correct one of the two dates.",
    )

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user if user.has_group("buurtbemiddeling_case.group_user") else user.browse()

    @api.depends("kind", "date")
    def _compute_next_date(self):
        """A yearly talk is there every year; other talks make no promise."""
        for talk in self:
            if talk.kind == "yearly" and talk.date and not talk.next_date:
                talk.next_date = talk.date + relativedelta(years=1)
            else:
                talk.next_date = talk.kind != "exit" and talk.next_date

    @api.depends("kind")
    def _compute_score_ids(self):
        """A talk that looks whether someone is suitable does so by the criteria of the field."""
        criteria = self.env["buurtbemiddeling.selection.criterion"].search([])
        for talk in self:
            if talk.kind not in SCORED_KINDS:
                talk.score_ids = [fields.Command.clear()]
            elif not talk.score_ids:
                talk.score_ids = [
                    fields.Command.create({"criterion_id": criterion.id}) for criterion in criteria
                ]

    @api.depends("score_ids.score")
    def _compute_score_average(self):
        for talk in self:
            scores = [int(row.score) for row in talk.score_ids if int(row.score)]
            talk.score_average = sum(scores) / len(scores) if scores else 0

    @api.depends("kind", "volunteer_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for talk in self:
            talk.display_name = ", ".join(
                filter(None, [kinds.get(talk.kind), talk.volunteer_id.name])
            )

    @api.constrains("kind", "result", "date")
    def _check_result(self):
        today = fields.Date.context_today(self)
        for talk in self.filtered("result"):
            if talk.kind not in SCORED_KINDS:
                raise ValidationError(
                    self.env._(
                        "Only an intake talk and an evaluation talk have a result. Remove the"
                        " result, or choose another kind of talk."
                    )
                )
            if talk.date > today:
                raise ValidationError(
                    self.env._(
                        "The talk with %(volunteer)s is on %(date)s, so it has no result yet."
                        " Correct the date, or fill in the result afterwards.",
                        volunteer=talk.volunteer_id.name,
                        date=format_date(self.env, talk.date),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        talks = super().create(vals_list)
        if self.env.context.get("import_file"):  # what was long ago is no news of today
            return talks
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for (kind, day), batch in talks.grouped(lambda talk: (talk.kind, talk.date)).items():
            text = self.env._(
                "%(kind)s on %(date)s.", kind=kinds[kind], date=format_date(self.env, day)
            )
            batch.volunteer_id._message_log_batch(
                {volunteer.id: text for volunteer in batch.volunteer_id}
            )
        return talks
