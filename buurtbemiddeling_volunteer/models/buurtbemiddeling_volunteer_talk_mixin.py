from odoo import api, fields, models

from .buurtbemiddeling_volunteer_talk import RESULTS


class BuurtbemiddelingVolunteerTalkMixin(models.AbstractModel):
    """What came out of the talks with a volunteer, and when the next one is."""

    _name = "buurtbemiddeling.volunteer.talk.mixin"
    _description = "Talks with a Volunteer in Short"

    talk_ids = fields.One2many("buurtbemiddeling.volunteer.talk", "volunteer_id", "Talks")
    intake_result = fields.Selection(
        RESULTS,
        "Result of the intake talk",
        compute="_compute_talk_results",
        store=True,
        help="That of the last intake talk that has one.",
    )
    evaluation_result = fields.Selection(
        RESULTS,
        "Result of the evaluation talk",
        compute="_compute_talk_results",
        store=True,
        help="That of the last evaluation talk that has one.",
    )
    next_talk_date = fields.Date(
        "Next talk",
        compute="_compute_next_talk_date",
        store=True,
        help="As agreed in the last talk.",
    )

    @api.depends("talk_ids.kind", "talk_ids.date", "talk_ids.result")
    def _compute_talk_results(self):
        for volunteer in self:
            talks = volunteer.talk_ids.filtered("result").sorted(lambda talk: (talk.date, talk.id))
            for kind in ("intake", "evaluation"):
                last = talks.filtered(lambda talk, kind=kind: talk.kind == kind)[-1:]
                volunteer[f"{kind}_result"] = last.result

    @api.depends("talk_ids.date", "talk_ids.next_date")
    def _compute_next_talk_date(self):
        for volunteer in self:
            talks = volunteer.talk_ids.sorted(lambda talk: (talk.date, talk.id))
            volunteer.next_talk_date = talks[-1:].next_date
