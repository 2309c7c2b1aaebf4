from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import outlook
from .buurtbemiddeling_amount_mixin import SCALES
from .buurtbemiddeling_benchmark_comparison_mixin import RATES, get_value
from .buurtbemiddeling_indicator_measurement_mixin import Figure

STATES = [
    ("on_track", "On track"),
    ("behind", "Behind"),
    ("reached", "Reached"),
    ("missed", "Missed"),
    ("unknown", "No judgement"),
]


class Board(NamedTuple):
    """Where a target stands on a day.

    ``phase``: ``before``, ``during`` or ``over``; ``actual`` and ``last``: a ``Figure``, ``last``
    of the same day a year earlier; ``foreseen``: an ``Outlook`` in counts, ``pace``: what it was
    read from (``season``, ``years`` or ``days``); ``hidden``: not for the user to see, and then
    not here either.
    """

    phase: str
    actual: Figure | None = None
    last: Figure | None = None
    foreseen: outlook.Outlook | None = None
    pace: str = ""
    hidden: bool = False
    last_hidden: bool = False


class BuurtbemiddelingTargetBoardMixin(models.AbstractModel):
    """A target next to what became of it: so far, last year, nationally and at the end.

    Nothing here is stored. Figures are measured from the facts in the one way there is, all
    targets of an organisation, year and day at once; a year that is over uses its frozen
    benchmark. Raw numbers are for coordinators: others read the texts, without what is too small
    to show or would tell it (``_find_hidden_of_parts`` of the benchmark).
    """

    _name = "buurtbemiddeling.target.board.mixin"
    _description = "Board of Targets"

    actual = fields.Float(
        compute="_compute_board", aggregator=None, groups="buurtbemiddeling_case.group_user"
    )
    last_year = fields.Float(
        compute="_compute_board", aggregator=None, groups="buurtbemiddeling_case.group_user"
    )
    forecast = fields.Float(
        compute="_compute_board", aggregator=None, groups="buurtbemiddeling_case.group_user"
    )
    national = fields.Float("Raw national value", compute="_compute_board", aggregator=None)
    actual_text = fields.Char("So far", compute="_compute_board")
    last_year_text = fields.Char("Last year then", compute="_compute_board")
    forecast_text = fields.Char(
        "Expected at the end",
        compute="_compute_board",
        help="With the numbers between which it ends in eight years of ten.",
    )
    national_text = fields.Char("National", compute="_compute_board")
    size_class_text = fields.Char(
        "Same size",
        compute="_compute_board",
        help="What was published on municipalities of this size.",
    )
    state = fields.Selection(STATES, compute="_compute_board", search="_search_state")
    sentence = fields.Char("In words", compute="_compute_board")

    @api.depends(
        "value", "year", "direction", "date_due", "indicator_id", "municipality_id", "project_id",
        "project_id.date_start", "project_id.date_end",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_board(self):
        boards = self._get_boards()
        published = self._get_published()
        for target in self:
            board, indicator = boards.get(target, Board("before")), target.indicator_id
            reference, rate, sized = published[target]
            actual, last = target._get_value(board.actual), target._get_value(board.last)
            target.actual = actual or 0.0
            target.last_year = last or 0.0
            target.forecast = target._scale_outlook(board).expected if board.foreseen else 0.0
            target.national = reference.value
            target.actual_text = target._say_figure(board.actual, board.hidden)
            target.last_year_text = target._say_figure(board.last, board.last_hidden)
            target.forecast_text = target._say_forecast(board)
            target.national_text = reference._say_national(target.indicator_id, reference, rate)
            target.size_class_text = sized._say(sized)
            target.state = target._judge(board)
            target.sentence = bool(indicator) and target._describe(board)

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self.search([]).filtered(lambda target: target.state in value).ids)]

    def _get_published(self):
        """Return ``{target: references}``: the country, per 10,000, municipalities of its size."""
        references = self.env["buurtbemiddeling.benchmark.reference"]
        classes = self.env["buurtbemiddeling.size.class"].search([])
        result = {}
        for (year, size_class), targets in self.grouped(
            lambda one: (one.year, classes._get_holding(one._get_only_municipality().inhabitants))
        ).items():
            codes = targets.indicator_id.mapped("code")
            national = references._get_latest([*codes, *RATES.values()], year)
            sized = references._get_latest(codes, year, size_class) if size_class else {}
            for target in targets:
                code = target.indicator_id.code
                result[target] = (
                    national.get(code, references),
                    national.get(RATES.get(code), references),
                    sized.get(code, references),
                )
        return result

    def _get_part(self):
        """Return the project or municipality that a target is about, empty for everything."""
        return self.project_id or self.municipality_id

    def _get_only_municipality(self):
        """Return the one municipality that a target is about, empty when it is about more."""
        # sudo: the areas of a project, whose figures the user may read
        areas = self.project_id.sudo().area_ids or self.municipality_id
        return areas if len(areas) == 1 and areas.kind == "municipality" else areas.browse()

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def _get_boards(self):
        """Return ``{target: Board}``: few queries per organisation, year and day."""
        boards = {}
        known = self.filtered(lambda target: target.indicator_id and 1990 <= target.year <= 2200)
        groups = known.grouped(lambda target: (target.company_id, target.year, target._get_due()))
        for (company, year, due), targets in groups.items():
            boards.update(targets._get_boards_together(company, year, due))
        return boards

    def _get_boards_together(self, company, year, due):
        today = fields.Date.context_today(self)
        if today < date(year, 1, 1):
            return dict.fromkeys(self, Board("before"))
        day = min(today, due)
        phase = "over" if today > due else "during"
        actual = self._measure_places(company, year, day)
        last = self._measure_places(company, year - 1, day + relativedelta(years=-1))
        growing = self.filtered("indicator_id.grows")
        parts = growing._get_parts(company, day, due) if phase == "during" else {}
        spans = growing._get_spans(year, due) if phase == "during" else {}
        boards = {}
        for target in self:
            part, pace = parts.get(target.indicator_id, (None, ""))
            is_last_day = phase == "during" and day == due
            if target in spans:
                first_day, last_day = spans[target]
                part, pace = outlook.part_by_days(day, last_day, first_day), "days"
                is_last_day |= day >= last_day and not self._comes_later(target.indicator_id)
            (now, is_hidden), (then, then_hidden) = actual[target], last[target]
            boards[target] = Board(
                phase,
                now,
                then,
                None
                if target._get_value(now) is None  # hidden, or as a rate without a base
                else outlook.foresee(target._get_count(now), part, is_last_day=is_last_day),
                pace,
                is_hidden,
                then_hidden,
            )
        return boards

    # ------------------------------------------------------------
    # JUDGEMENT
    # ------------------------------------------------------------

    def _get_value(self, figure):
        """Return the value, ``None`` when there was nothing to take it of."""
        return get_value(self.indicator_id, figure)

    @api.model
    def _get_count_of(self, indicator, figure):
        """Return what grows during the year: the count, or the numerator of a rate."""
        return figure.numerator if indicator.kind == "ratio" else figure.value

    def _get_count(self, figure):
        return self._get_count_of(self.indicator_id, figure)

    def _scale_outlook(self, board):
        """Return the outlook as values of the figure: of a rate, per its base."""
        if self.indicator_id.kind != "ratio":
            return board.foreseen
        base = board.actual.denominator
        return outlook.Outlook(*(number / base for number in board.foreseen))

    def _round(self, value):
        """Return a value as exact as it is shown, so that words and numbers agree."""
        return round(value * SCALES.get(self.unit, 1), 1)

    def _judge(self, board):
        """Return the state; a forecast decides only while the year runs."""
        value = self._get_value(board.actual)
        if board.phase == "before" or self.direction == "signal" or value is None:
            return "unknown"  # a hidden figure has no value: judging it would tell it
        at_least = self.direction == "at_least"
        met = self._meets(value)
        if board.phase == "over":
            return "reached" if met else "missed"
        if not self.indicator_id.grows:
            if self._has_small_base(board):
                return "unknown"
            return "on_track" if met else "behind"
        if at_least and met:
            return "reached"
        if not at_least and not met:
            return "missed"
        if not board.foreseen:
            return "unknown"
        return "on_track" if self._meets(self._scale_outlook(board).expected) else "behind"

    def _meets(self, value):
        shown, wanted = self._round(value), self._round(self.value)
        return shown >= wanted if self.direction == "at_least" else shown <= wanted

    def _has_small_base(self, board):
        """Whether a share or percentile is taken of too few cases to judge by."""
        return self.indicator_id.kind in ("share", "percentile") and (
            board.actual.denominator < outlook.FEWEST_CASES
        )
