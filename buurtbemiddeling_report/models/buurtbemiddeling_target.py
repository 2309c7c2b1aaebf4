from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .buurtbemiddeling_indicator_target_mixin import DIRECTIONS


class BuurtbemiddelingTarget(models.Model):
    """An ijkpunt: what the steering group wants a figure to be, in a year and on a day."""

    _name = "buurtbemiddeling.target"
    _description = "Target"
    _inherit = [
        "buurtbemiddeling.amount.mixin",
        "buurtbemiddeling.target.board.mixin",
        "buurtbemiddeling.target.measurement.mixin",
        "buurtbemiddeling.target.forecast.mixin",
        "buurtbemiddeling.target.sentence.mixin",
        "buurtbemiddeling.project.figures.mixin",
    ]
    _order = "year desc, project_id, municipality_id, indicator_id, id"
    _check_company_auto = True
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", required=True, ondelete="restrict", index=True
    )
    unit = fields.Selection(related="indicator_id.unit")
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    municipality_id = fields.Many2one(
        "buurtbemiddeling.area",
        domain=[("kind", "=", "municipality")],
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the whole organisation.",
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="What the steering group of a project agreed. Empty: the whole organisation.",
    )
    place = fields.Char(
        compute="_compute_place",
        store=True,
        help="The project or municipality, or the name of the organisation for all of it.",
    )
    direction = fields.Selection(
        DIRECTIONS,
        "The target is",
        compute="_compute_direction",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Signal only: the figure is shown next to the target and not judged.",
    )
    date_due = fields.Date(
        "To be reached on",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        precompute=True,
        help="The last day of the year, unless agreed otherwise.",
    )

    _target_uniq = models.UniqueIndex(
        "(company_id, indicator_id, year, COALESCE(municipality_id, 0), COALESCE(project_id, 0))",
        "There is a target for this figure, year, and municipality or project already.",
    )
    _one_part = models.Constraint(
        "CHECK(municipality_id IS NULL OR project_id IS NULL)",
        "A target is about a project or a municipality, not both. Empty one of the two.",
    )
    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2200)", "Give the year in four digits, for instance 2026."
    )
    _value_positive = models.Constraint("CHECK(value >= 0)", "A target is 0 or more.")

    @api.depends("project_id.name", "municipality_id.name", "company_id.name")
    def _compute_place(self):
        for target in self:
            target.place = target._get_part().name or target.company_id.name

    @api.depends("indicator_id")
    def _compute_direction(self):
        for target in self:
            target.direction = target.indicator_id.direction

    @api.depends("year")
    def _compute_date_due(self):
        for target in self:
            if 1 <= target.year <= 9999 and (
                not target.date_due or target.date_due.year != target.year
            ):
                target.date_due = date(target.year, 12, 31)

    @api.constrains("value", "indicator_id")
    def _check_share(self):
        for target in self:
            if target.unit == "percent" and target.value > 1:
                raise ValidationError(
                    self.env._(
                        "“%s” is a share: the target can not be more than 100 percent. Type 70"
                        " for 70 percent.",
                        target.indicator_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Check the amount when it is there: it is set after the rest.

        :raise ValidationError: also for an amount that does not say of what it is
        """
        named = self.env.context.get("default_indicator_id")
        if not named and not all(vals.get("indicator_id") for vals in vals_list):
            raise ValidationError(
                self.env._(
                    "Say what the target is about: choose a figure. Its unit (cases, percent,"
                    " days, ...) tells what the amount means."
                )
            )
        targets = super().create(vals_list)
        targets._check_amount()
        return targets

    def write(self, vals):
        result = super().write(vals)
        if {"amount", "value", "direction"} & vals.keys():
            self._check_amount()
        return result

    def _check_amount(self):
        """A target that was left empty is no target; at most none is one.

        :raise ValidationError: when one of these is 0 and not a target of at most
        """
        for target in self:
            if not target.value and target.direction != "at_most":
                raise ValidationError(
                    self.env._(
                        "Fill in the target for “%s”. Only a target of “at most” can be 0.",
                        target.indicator_id.name,
                    )
                )

    @api.constrains("year", "date_due")
    def _check_date_due(self):
        for target in self:
            if target.date_due and target.date_due.year != target.year:
                raise ValidationError(
                    self.env._(
                        "%(day)s is not in %(year)s, the year of the target. Choose a day in that"
                        " year.",
                        day=format_date(self.env, target.date_due),
                        year=target.year,
                    )
                )

    @api.constrains("municipality_id")
    def _check_municipality(self):
        for target in self:
            if target.municipality_id and target.municipality_id.kind != "municipality":
                raise ValidationError(
                    self.env._(
                        "%s is not a municipality. Choose a municipality, or leave it empty for"
                        " the whole organisation.",
                        target.municipality_id.name,
                    )
                )

    def _get_due(self):
        """Return the day on which the target is to be reached."""
        self.ensure_one()
        return self.date_due or date(self.year, 12, 31)

    def _format_amount(self, value):
        return self.indicator_id._format_value(value) if self.indicator_id else False

    # ------------------------------------------------------------
    # NEXT YEAR
    # ------------------------------------------------------------

    def action_copy_to_next_year(self):
        """Make the selected targets for the year after, too."""
        return self._copy_to_next_year()

    @api.model
    def action_take_over_last_year(self, *_ids):
        """Make the targets of last year for this year, too, where there are none yet."""
        return self.search(
            [
                ("year", "=", fields.Date.context_today(self).year - 1),
                ("company_id", "in", self.env.companies.ids),
            ]
        )._copy_to_next_year()

    def _copy_to_next_year(self):
        """Copy each target to the year after unless it is there; say how many were made.

        A figure that is archived gets no new target, and neither does a project that has ended by
        then.
        """
        self.check_access("create")  # also when there is nothing to make
        there = {
            target._get_key(target.year)
            for target in self.search(
                [
                    ("year", "in", [year + 1 for year in set(self.mapped("year"))]),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        }
        missing = self.filtered(lambda target: target._get_key(target.year + 1) not in there)
        new = missing.filtered(
            lambda target: target.indicator_id.active and not target._is_over_by(target.year + 1)
        )
        self.create(
            [
                {
                    "indicator_id": target.indicator_id.id,
                    "company_id": target.company_id.id,
                    "municipality_id": target.municipality_id.id,
                    "project_id": target.project_id.id,
                    "year": target.year + 1,
                    "value": target.value,
                    "direction": target.direction,
                    "date_due": target._get_due() + relativedelta(years=1),
                }
                for target in new
            ]
        )
        return self._tell_copied(new, missing)

    def _tell_copied(self, new, missing):
        """Say how many targets were made, were there already, or were left out."""
        message = self.env._(
            "Targets made: %(new)s. There already: %(old)s.",
            new=len(new),
            old=len(self) - len(missing),
        )
        if missing != new:
            left_out = self.env._(
                "Left out, as the project has ended by then or the figure is archived: %s.",
                len(missing - new),
            )
            message = f"{message} {left_out}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if new else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _is_over_by(self, year):
        """Return whether the project of this target has ended before a year begins."""
        end = self.project_id.date_end
        return bool(end) and end < date(year, 1, 1)

    def _get_key(self, year):
        return (
            self.company_id.id,
            self.indicator_id.id,
            self.municipality_id.id,
            self.project_id.id,
            year,
        )
