from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingVolunteerKeepingMixin(models.AbstractModel):
    """What keeps a volunteer: enough cases and not too many, attention, and thanks."""

    _name = "buurtbemiddeling.volunteer.keeping.mixin"
    _description = "Keeping a Volunteer"

    cases_in_row = fields.Integer(
        "Cases in a row",
        compute="_compute_cases_in_row",
        store=True,
        aggregator=None,
        help="Cases up to and including the last one between which the volunteer had no rest. How"
        " many days off are a rest is a setting of the organisation.",
    )
    rest_until = fields.Date(
        compute="_compute_cases_in_row",
        store=True,
        help="Last day of the rest after the last case; empty while a case runs.",
    )
    is_away = fields.Boolean(compute="_compute_is_away", search="_search_is_away")
    last_yearly_talk_date = fields.Date(
        "Last yearly talk", compute="_compute_last_yearly_talk_date", store=True
    )
    thanks_ids = fields.One2many("buurtbemiddeling.thanks", "volunteer_id")
    last_thanks_date = fields.Date(
        "Last thanked on", compute="_compute_last_thanks_date", store=True
    )

    # ------------------------------------------------------------
    # REST
    # ------------------------------------------------------------

    @api.depends(
        "assignment_ids.state",
        "assignment_ids.date_start",
        "assignment_ids.date_end",
        "company_id.buurtbemiddeling_rest_days",
    )
    def _compute_cases_in_row(self):
        """Count back from the last case as long as there was no rest before the next one.

        A rest is a number of whole days without any case. Of a case without a first day it is not
        known when it began; it counts from the day on which it ended.
        """
        for volunteer in self:
            rest = timedelta(days=volunteer.company_id.buurtbemiddeling_rest_days)
            worked = volunteer.assignment_ids.filtered(lambda a: a.state in ("accepted", "ended"))
            periods = sorted(
                (row.date_start or row.date_end or date.min, row.date_end or date.max)
                for row in worked
            )
            count, until = 0, date.min
            for start, end in periods:
                rested = not count or (until < start and start - until > rest)
                count = 1 if rested else count + 1
                until = max(until, end)
            volunteer.cases_in_row = count
            volunteer.rest_until = until + rest if date.min < until < date.max else False

    # ------------------------------------------------------------
    # AWAY
    # ------------------------------------------------------------

    def _compute_is_away(self):
        today = fields.Date.context_today(self)
        away = self.env["buurtbemiddeling.volunteer"]._get_away(today, today)
        for volunteer in self:
            volunteer.is_away = volunteer._origin.id in away

    def _search_is_away(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("id", "in", list(self._get_away(today, today)))

    # ------------------------------------------------------------
    # TALKS AND THANKS
    # ------------------------------------------------------------

    @api.depends("talk_ids.kind", "talk_ids.date")
    def _compute_last_yearly_talk_date(self):
        """One that is planned counts as well: nobody has to think of it any more."""
        for volunteer in self:
            talks = volunteer.talk_ids.filtered(lambda talk: talk.kind == "yearly")
            volunteer.last_yearly_talk_date = max(talks.mapped("date"), default=False)

    @api.depends("thanks_ids.date")
    def _compute_last_thanks_date(self):
        for volunteer in self:
            volunteer.last_thanks_date = max(volunteer.thanks_ids.mapped("date"), default=False)

    def action_thank(self):
        """Open the dialog in which these volunteers are thanked."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Thank"),
            "res_model": "buurtbemiddeling.thanks.compose",
            "view_mode": "form",
            "target": "new",
            "context": {"default_volunteer_ids": [fields.Command.set(self.ids)]},
        }
