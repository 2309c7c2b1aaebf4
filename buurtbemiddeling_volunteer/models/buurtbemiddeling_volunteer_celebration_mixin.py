from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_party import AGE_BANDS

from ..tools.anniversary import coming_year, day_key, next_anniversary, starts_between

COMPARE = {
    "<": lambda day, value: day < value,
    "<=": lambda day, value: day <= value,
    ">": lambda day, value: day > value,
    ">=": lambda day, value: day >= value,
}


class BuurtbemiddelingVolunteerCelebrationMixin(models.AbstractModel):
    """Birthdays and jubilees of a volunteer: what there is to congratulate on."""

    _name = "buurtbemiddeling.volunteer.celebration.mixin"
    _description = "Birthdays and Jubilees of a Volunteer"

    birthday = fields.Date(
        copy=False,
        help="Only if the volunteer wants to be congratulated. Colleagues outside buurtbemiddeling"
        " do not see it.",
    )
    birthday_key = fields.Integer(
        compute="_compute_birthday_key",
        store=True,
        index=True,
        aggregator=None,
        export_string_translation=False, exportable=False,
    )
    next_birthday = fields.Date(
        compute="_compute_next_birthday",
        search="_search_next_birthday",
        help="Who was born on 29 February celebrates on the 28th in other years.",
    )
    age_band = fields.Selection(
        AGE_BANDS,
        "Age",
        help="Only if the volunteer wants to state it. With a birthday, the age follows from that.",
    )
    next_jubilee_id = fields.Many2one(
        "buurtbemiddeling.jubilee", "Jubilee", compute="_compute_next_jubilee"
    )
    next_jubilee_date = fields.Date(
        "Jubilee on", compute="_compute_next_jubilee", search="_search_next_jubilee_date"
    )

    @api.constrains("birthday")
    def _check_birthday(self):
        today = fields.Date.context_today(self)
        for volunteer in self:
            if volunteer.birthday and volunteer.birthday > today:
                raise ValidationError(
                    self.env._(
                        "%(volunteer)s can not be born on %(date)s: that day is still to come."
                        " Correct the year.",
                        volunteer=volunteer.name,
                        date=format_date(self.env, volunteer.birthday),
                    )
                )

    # ------------------------------------------------------------
    # BIRTHDAYS
    # ------------------------------------------------------------

    @api.depends("birthday")
    def _compute_birthday_key(self):
        for volunteer in self:
            volunteer.birthday_key = day_key(volunteer.birthday)

    @api.depends("birthday")
    @api.depends_context("tz")
    def _compute_next_birthday(self):
        today = fields.Date.context_today(self)
        for volunteer in self:
            born = volunteer.birthday
            volunteer.next_birthday = born and next_anniversary(born, today)

    def _search_next_birthday(self, operator, value):
        """Find by month and day, over the turn of the year, in one indexed condition."""
        days = coming_year(fields.Date.context_today(self))
        if operator == "in":
            keys = [key for day, found in days if day in value for key in found]
            return Domain("birthday_key", "in", keys + [0] * (False in value))
        if operator in COMPARE and value:
            keys = [key for day, found in days if COMPARE[operator](day, value) for key in found]
            return Domain("birthday_key", "in", keys)
        return NotImplemented

    # ------------------------------------------------------------
    # JUBILEES
    # ------------------------------------------------------------

    @api.depends("date_start")
    @api.depends_context("tz")
    def _compute_next_jubilee(self):
        """The first to come, today's too. The years count from the first day; pauses count on."""
        today = fields.Date.context_today(self)
        jubilees = self.env["buurtbemiddeling.jubilee"].search([])
        for volunteer in self:
            coming = volunteer.date_start and min(
                (
                    (day, jubilee.id)
                    for jubilee in jubilees
                    if (day := jubilee._get_day(volunteer.date_start)) >= today
                ),
                default=None,
            )
            volunteer.next_jubilee_date, volunteer.next_jubilee_id = coming or (False, False)

    def _search_next_jubilee_date(self, operator, value):
        """Find who began so long before a day from today until ``value``."""
        today = fields.Date.context_today(self)
        if operator == "in" and False not in value:
            periods = [(day, day) for day in value if day >= today]
        elif operator in ("<", "<="):
            value = fields.Date.subtract(value, days=int(operator == "<"))
            periods = [(today, value)] if value >= today else []
        else:
            return NotImplemented
        months = [
            jubilee._get_months() for jubilee in self.env["buurtbemiddeling.jubilee"].search([])
        ]
        spans = [starts_between(*period, number) for period in periods for number in months]
        return Domain.OR(
            Domain("date_start", ">=", first) & Domain("date_start", "<=", last)
            for first, last in spans
        )
