from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.buurtbemiddeling_volunteer.tools.forecast import Month, read_history

from ..tools import outlook
from .buurtbemiddeling_amount_mixin import SCALES
from .buurtbemiddeling_benchmark_comparison_mixin import RATES, get_value
from .buurtbemiddeling_indicator_measurement_mixin import Figure

#: How many earlier years a forecast looks back on.
SEASON_YEARS = 3
#: Facts of a case that are still to come when it is registered: a count of them runs behind.
LATER_FACTS = {
    "close_date", "close_month", "feedback_state", "intervention_id", "is_closed",
    "is_closed_in_period", "is_handled", "is_positive", "is_running", "is_suitable",
    "outcome_id", "own_days", "waiting_days",
}  # fmt: skip

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
    benchmark. Raw numbers are for coordinators: others read the texts, without what would give a
    small number of a municipality or project away (``_find_hidden_of_parts`` of the benchmark).
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

    def _measure_places(self, company, year, day):
        """Return ``{target: (Figure, is hidden)}`` of a year up to a day, where each target is.

        What is hidden from the user is not there either: the figure is ``None``.
        """
        found = self._read_frozen(company, year) if day == date(year, 12, 31) else {}
        left = self.filtered(lambda target: target not in found)
        areas = left.municipality_id._map_with_merged(self[:1].year)
        figures = left._measure_left(company, year, day, areas) if left else {}
        hidden = {}
        parts = {**areas, **{project: project for project in left.project_id}}
        if parts and not self.env["buurtbemiddeling.benchmark"]._sees_all():
            scope = self._new_scope(company, year, day)
            hidden = scope._find_hidden_of_parts(parts, day)
        for target in left:
            is_hidden = target.indicator_id.code in hidden.get(target._get_part(), ())
            found[target] = (figures.get(target), is_hidden)
        return {
            target: (None if is_hidden else figure, is_hidden)
            for target, (figure, is_hidden) in found.items()
        }

    def _measure_left(self, company, year, day, areas):
        """Return ``{target: Figure}`` from the facts."""
        found = {}
        # a municipality that merged is measured together with those that are a part of it now
        together = {place: merged for place, merged in areas.items() if len(merged) > 1}
        alone = self.filtered(
            lambda target: (
                target.project_id and not target.indicator_id._is_divided_by("project_id")
            )
        )
        together.update({project: project for project in alone.project_id})
        for place, part in together.items():
            targets = self.filtered(lambda target, place=place: target._get_part() == place)
            if place._name == "buurtbemiddeling.project":
                targets &= alone
            total = targets._measure(company, year, day, part)[part.browse()]
            found.update({target: total.get(target.indicator_id) for target in targets})
        left = self.filtered(lambda target: target not in found)
        by_place = left._measure(company, year, day) if left else {}
        for target in left:
            figures = by_place.get(target._get_part())
            # where nothing counts there is no row
            found[target] = (
                Figure(0, 0, 0.0) if figures is None else figures.get(target.indicator_id)
            )
        return found

    def _measure(self, company, year, day, part=None):
        """Return ``{municipality or project: {indicator: Figure}}``.

        The total is under an empty municipality, of a ``part`` under an empty record of its kind.
        """
        everything = self.municipality_id.browse() if part is None else part.browse()
        models = [everything]
        if part is None:
            models += [each.browse() for each in (self.municipality_id, self.project_id) if each]
        names = {"buurtbemiddeling.area": "municipality_id"}
        rows = self._new_scope(company, year, day, part)._measure_until(
            self.indicator_id,
            [(), *((names.get(model._name, "project_id"),) for model in models[1:])],
            day,
        )
        return {
            models[index].browse(int(place) if index else ()): figures
            for index, place, _second, figures in rows
            if not index or place
        }

    def _new_scope(self, company, year, day, part=None):
        """Return a benchmark that is not stored, for the scope that it stands for.

        :param part: areas or a project; without it the whole organisation
        """
        is_project = part and part._name == "buurtbemiddeling.project"
        return self.env["buurtbemiddeling.benchmark"].new(
            {
                "year": year,
                "reference_date": day,
                "company_id": company.id,
                "area_ids": [(6, 0, part.ids if part and not is_project else [])],
                "project_id": part.id if is_project else False,
            }
        )

    def _read_frozen(self, company, year):
        """Return ``{target: (Figure, is hidden)}`` of those that a frozen benchmark has.

        That of the municipality or project alone, or else its row in that of the whole
        organisation.
        """
        end, found = date(year, 12, 31), {}
        whole = self._find_frozen(company, year, end)
        areas = self.municipality_id._map_with_merged(self[:1].year)
        for place, targets in self.grouped(lambda target: target._get_part()).items():
            merged = areas.get(place, place)
            own = self._find_frozen(company, year, end, merged) if place else whole
            if own:
                totals = own._read_totals()
                figures = {
                    code: (figure, code in totals.hidden) for code, figure in totals.figures.items()
                }
            elif place and len(merged) == 1:
                figures = whole._read_row(place)
            else:
                continue
            found.update(
                {
                    target: figures[target.indicator_id.code]
                    for target in targets
                    if target.indicator_id.code in figures
                }
            )
        return found

    def _find_frozen(self, company, year, day, part=None):
        """Return the frozen benchmark of a year up to a day, empty when there is none."""
        benchmark = self._new_scope(company, year, day, part)
        found = benchmark._get_of_years([year]).get(year, benchmark.browse())
        return found.filtered(lambda one: one.state == "frozen")

    # ------------------------------------------------------------
    # FORECAST
    # ------------------------------------------------------------

    def _get_parts(self, company, day, due):
        """Return ``{indicator: (part of the year that is in, what that was read from)}``.

        The seasons are those of the whole organisation: a municipality alone has too few cases.
        """
        indicators = self.indicator_id
        if not indicators:
            return {}
        by_days = (outlook.part_by_days(day, due), "days")
        parts = dict.fromkeys(indicators, by_days)
        registered = self.env["buurtbemiddeling.indicator"].search(
            [("code", "=", "cases_registered")]
        )
        at_once = indicators.filtered(lambda indicator: not self._comes_later(indicator))
        histories = self._read_seasons(registered | at_once, company, day.year)
        for indicator in at_once:
            part = outlook.part_by_season(histories[indicator], day, due)
            if part is not None:
                parts[indicator] = (part, "season")
        first = min(histories[registered], default=(day.year, 1))
        years = [
            year
            for year in range(day.year - SEASON_YEARS, day.year)
            if (year, 1) >= first  # a year that the organisation began in is no whole year
        ]
        later = indicators - at_once
        for indicator, pairs in self._read_pairs(later, company, years, day, due).items():
            part = outlook.part_by_years(pairs)
            if part is not None:
                parts[indicator] = (part, "years")
        return parts

    def _get_spans(self, year, due):
        """Return ``{target: (first day, last day)}`` where a project runs a part of the year only.

        Its pace is that of these days, and earlier years of the organisation say nothing about it.
        What came in before the first project of an area falls under that one, so it may have begun
        earlier than it says.
        """
        begin, spans = date(year, 1, 1), {}
        # sudo: from when until when a project runs, of which the user may read the figures
        projects = {target: target.project_id.sudo() for target in self}
        late = self.project_id.sudo().filtered(
            lambda project: project.date_start and project.date_start > begin
        )
        # sudo: of a case no more than its day, and only how long the count goes on comes of it
        firsts = dict(
            self.env["buurtbemiddeling.case"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("project_id", "in", late.ids), ("registration_date", ">=", begin)],
                ["project_id"],
                ["registration_date:min"],
            )
            if late
            else ()
        )
        for target, project in projects.items():
            start = project.date_start or begin
            span = (
                max(min(start, firsts.get(project, start)), begin),
                min(project.date_end or due, due),
            )
            if span != (begin, due):
                spans[target] = span
        return spans

    @api.model
    def _comes_later(self, indicator):
        """Whether it is only known some time after registration that a case counts."""
        conditions = indicator._get_domain("numerator").iter_conditions()
        facts = {condition.field_expr.partition(".")[0] for condition in conditions}
        return (
            indicator.source != "case"
            or indicator.kind != "count"
            or indicator.basis != "registration"
            or bool(facts & LATER_FACTS)
        )

    def _read_seasons(self, indicators, company, year):
        """Return ``{indicator: {(year, month): number}}`` of the registrations of earlier years."""
        end = date(year - 1, 12, 31)
        rows = self._new_scope(company, year - 1, end)._measure_until(
            indicators,
            [("registration_year", "registration_month")],
            end,
            since=date(year - SEASON_YEARS, 1, 1),
        )
        return {
            indicator: read_history(
                [
                    Month(int(first), int(second), figures[indicator].numerator, 0, 0, 0, 0)
                    for _index, first, second, figures in rows
                    if first and second
                ],
                (year - SEASON_YEARS, 1),
                (year, 1),
            )
            for indicator in indicators
        }

    def _read_pairs(self, indicators, company, years, day, due):
        """Return ``{indicator: [(value by the day, value by the end), ...]}`` of earlier years."""
        pairs = {indicator: [] for indicator in indicators}
        for year in years if indicators else ():
            by_day, by_end = (
                self._new_scope(company, year, moment)._measure_until(indicators, [()], moment)[0][
                    3
                ]
                for moment in (
                    day + relativedelta(years=year - day.year),
                    due + relativedelta(years=year - due.year),
                )
            )
            for indicator in indicators:
                count = self._get_count_of
                pairs[indicator].append(
                    (count(indicator, by_day[indicator]), count(indicator, by_end[indicator]))
                )
        return pairs

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
