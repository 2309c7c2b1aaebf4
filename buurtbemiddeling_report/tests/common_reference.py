from collections import defaultdict

from .common_facts import FactsCase
from .common_world import YEAR

NONE = "NONE"
SHARES = {  # part and base of each share
    "suitable_share": ("cases_suitable", "cases_registered"),
    "success_of_registered": ("cases_positive", "cases_registered"),
    "success_of_suitable": ("cases_positive", "cases_suitable"),
    "success_of_handled": ("cases_positive", "cases_handled"),
}


def percentile(values, fraction):
    """Between two values, in proportion."""
    values = sorted(values)
    if not values:
        return 0
    place = fraction * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


class CountingCase(FactsCase):
    """Counts each figure one by one, from its definition in words."""

    def count_cases(self, cases):
        """Return ``{code: (numerator, denominator, value)}`` of the figures on cases."""
        registered = [case for case in cases if case.registration_date.year == YEAR]
        closed = [c for c in cases if self.is_closed(c) and c.close_date.year == YEAR]
        running = [c for c in cases if c.registration_date.year <= YEAR and not self.is_closed(c)]
        groups = self.group_cases(registered, closed, running)
        figures = {code: (len(group), 0, len(group)) for code, group in groups.items()}
        shares = {code: (groups[part], groups[base]) for code, (part, base) in SHARES.items()}
        shares |= {**self.share_registered(registered), **self.share_closed(closed)}
        for code, (part, base) in shares.items():
            figures[code] = (len(part), len(base), len(part) / len(base) if base else 0)
        crowded = [case for case in registered if case.party_ids]
        figures["parties_involved"] = (
            len(crowded), len(crowded), sum(len(case.party_ids) for case in crowded)
        )  # fmt: skip
        return {**figures, **self.count_days(closed)}

    def group_cases(self, registered, closed, running):
        """Return ``{code: cases}`` of the figures that count them."""
        return {
            "cases_registered": registered,
            "cases_closed": closed,
            "cases_running": running,
            "cases_suitable": [
                c for c in registered if not self.outcome(c) or self.outcome(c).counts_suitable
            ],
            "cases_handled": [c for c in registered if self.outcome(c).counts_handled],
            "cases_positive": [c for c in registered if self.outcome(c).counts_positive],
            "referred_cases": [
                c for c in registered if c.referrer_type_id and c.referrer_type_id.code != "ZELF"
            ],
            "feedback_owed": [c for c in closed if self.is_told(c) is False],
        }

    def share_registered(self, registered):
        """Return ``{code: (part, base)}`` of the shares of what was registered."""
        dated = [c for c in registered if c.quarrel_duration not in (False, "unknown")]
        judged = [c for c in registered if self.intake(c) in ("in_time", "late")]
        by_self = [c for c in registered if c.referrer_type_id.code == "ZELF"]
        return {
            "complex_share": ([c for c in registered if c.complexity_ids], registered),
            "self_referral_share": (by_self, registered),
            "early_share": ([c for c in dated if c.quarrel_duration in ("weeks", "months")], dated),
            "intake_within_norm": ([c for c in judged if self.intake(c) == "in_time"], judged),
        }

    def share_closed(self, closed):
        """Return ``{code: (part, base)}`` of the shares of what was closed."""
        asked = [c for c in closed if self.aftercare(c) in ("in_time", "outside", "missed")]
        in_time = [c for c in asked if self.aftercare(c) == "in_time"]
        tellable = [c for c in closed if self.is_told(c) is not None]
        return {
            "success_of_closed": ([c for c in closed if self.outcome(c).counts_positive], closed),
            "feedback_share": ([c for c in tellable if self.is_told(c)], tellable),
            "aftercare_within_norm": (in_time, asked),
            "aftercare_done_share": ([c for c in asked if self.aftercare(c) != "missed"], asked),
        }

    def count_days(self, closed):
        """Return the figures on how long cases took."""
        figures = {}
        waits = [self.waiting(case) for case in closed]
        owns = [
            (case.close_date - case.registration_date).days - wait
            for case, wait in zip(closed, waits, strict=True)
        ]
        for name, values in (("own_days", owns), ("waiting_days", waits)):
            for suffix, fraction in (("median", 0.5), ("p90", 0.9)):
                figures[f"{name}_{suffix}"] = (
                    len(closed), len(closed), percentile(values, fraction)
                )  # fmt: skip
        return figures

    def count_volunteers(self, volunteers):
        groups = {
            "volunteers_active": [
                v
                for v in volunteers
                if self.begun(v)
                and self.begun(v) <= self.reference
                and not (v.date_end and v.date_end <= self.reference)
            ],
            "volunteers_new": [v for v in volunteers if self.is_in_year(v.date_start)],
            "volunteers_left": [
                v for v in volunteers if self.begun(v) and self.is_in_year(v.date_end)
            ],
        }
        figures = {code: (len(group), 0, len(group)) for code, group in groups.items()}
        hours = [
            sum(
                row.attended_hours
                for row in volunteer.enrolment_ids
                if row.kind != "information" and self.is_in_year(row.date_end.date())
            )
            for volunteer in volunteers
        ]
        trained = len([total for total in hours if total])
        figures["trained_hours"] = (trained, trained, sum(hours))
        return figures

    def count_ratios(self, cases, volunteers, areas):
        """Figures of two sources; ``None`` for a source that is not broken down like that."""
        registered = [case for case in cases if case.registration_date.year == YEAR]
        figures = {}
        if volunteers is not None:
            active = self.count_volunteers(volunteers)["volunteers_active"][0]
            figures["cases_per_mediator"] = (
                len(registered), active, len(registered) / active if active else 0
            )  # fmt: skip
        if areas is not None:
            populated = [case for case in registered if self.is_populated(case)]
            people = sum(area.inhabitants for area in areas)
            figures["cases_per_10000"] = (
                len(populated), people, len(populated) / people if people else 0
            )  # fmt: skip
        return figures

    def is_spent(self, day):
        return self.is_in_year(day) and day <= self.today

    def count_costs(self, costs, cases):
        """What was spent, in all and for each case; a total of costs has no number of costs."""
        total = sum(amount for day, _project, amount in costs if self.is_spent(day))
        registered = [case for case in cases if case.registration_date.year == YEAR]
        handled = [case for case in registered if self.outcome(case).counts_handled]
        figures = {"cost_total": (round(total), round(total), total)}
        for code, base in (("cost_per_case", registered), ("cost_per_handled", handled)):
            figures[code] = (round(total), len(base), total / len(base) if base else 0)
        return figures

    def case_keys(self):
        """Return ``{dimension: function that gives the codes of a case}``."""
        rows = self.env["buurtbemiddeling.heading.crosswalk"].search([])

        def heading(nuisance):
            for row in rows:
                if row.nuisance_type_id == nuisance and row.year_from <= YEAR:
                    if not row.year_to or row.year_to >= YEAR:
                        return row.heading_id.code
            return nuisance.benchmark_heading_id.code

        def reporter(case):
            reporters = case.party_ids.filtered(lambda party: party.side == "a")
            return reporters.sorted(lambda party: (party.sequence, party.id))[:1]

        def phase(case):
            stays = case.phase_ids.filtered(
                lambda stay: not stay.stage_id.is_closed and stay.date_from <= self.reference
            )
            return stays.stage_id.sorted("sequence")[-1:].code

        return {
            "referrer_type": lambda case: [case.referrer_type_id.code],
            "referral_partner": lambda case: [str(case.referral_partner_id.id or NONE)],
            "municipality": lambda case: [self.town(case.area_id).code],
            "area": lambda case: [self.now(case.area_id).code],
            "nuisance_type": lambda case: case.nuisance_type_ids.mapped("code"),
            "nuisance_heading": lambda case: {heading(n) for n in case.nuisance_type_ids},
            "main_nuisance_type": lambda case: [case.main_nuisance_type_id.code],
            "tenure": lambda case: [reporter(case).tenure],
            "household": lambda case: [reporter(case).household],
            "age_band": lambda case: [reporter(case).age_band],
            "outcome": lambda case: [self.outcome(case).code],
            "intervention": lambda case: [case.intervention_id.code],
            "complexity": lambda case: case.complexity_ids.mapped("code"),
            "quarrel_duration": lambda case: [case.quarrel_duration],
            "escalation": lambda case: [case.escalation],
            "tipped_by": lambda case: [case.tipped_by_type_id.code],
            "phase_reached": lambda case: [phase(case)],
            "entry_channel": lambda case: [case.channel],
            "project": lambda case: [str(case.project_id.id or NONE)],
        }

    def volunteer_keys(self):
        return {
            "municipality": lambda volunteer: [self.town(volunteer.area_id).code],
            "area": lambda volunteer: [self.now(volunteer.area_id).code],
            "project": lambda volunteer: [str(volunteer.project_id.id or NONE)],
        }

    @staticmethod
    def split(records, key):
        codes = defaultdict(list)
        for record in records:
            for code in key(record) or [NONE]:
                codes[code or NONE].append(record)
        return codes

    def count_everything(self, cases, volunteers):
        """Return ``{(dimension, code, indicator): figure}``; totals have no dimension."""
        areas = self.areas_counted(cases)
        cases = [
            case
            for case in cases
            if self.is_here(case.area_id)
            and case.registration_date.year <= YEAR + (self.is_closed(case) * 9)
        ]
        volunteers = [v for v in volunteers if self.is_here(v.area_id)]
        counted = [
            (self.count_cases(cases), False, False),
            (self.count_volunteers(volunteers), False, False),
            (self.count_ratios(cases, volunteers, areas), False, False),
            *self.count_by_fact(cases),
            *self.count_by_month(cases),
            *self.count_by_place(cases, volunteers, areas),
        ]
        if not self.only:  # of some areas nobody knows the costs
            counted += [(self.count_costs(self.costs, cases), False, False)]
            counted += self.count_costs_by_project(cases)
        return {
            (dimension, code, indicator): figure
            for figures, dimension, code in counted
            for indicator, figure in figures.items()
            if not dimension or self.has_line(indicator, figure)
        }

    @staticmethod
    def has_line(indicator, figure):
        """Whether a breakdown shows a figure: not of nothing."""
        is_ratio = indicator.startswith(("cases_per", "cost_per"))
        return figure[1] if is_ratio else any(figure)

    def count_by_fact(self, cases):
        """Yield ``(figures, dimension, code)`` of what is recorded of cases."""
        for dimension, key in self.case_keys().items():
            for code, members in self.split(cases, key).items():
                yield self.count_cases(members), dimension, code

    def count_by_month(self, cases):
        """Yield those of months, in which a figure counts what was registered or closed."""
        months = {
            "registration": lambda case: [f"{case.registration_date:%m}"],
            "closing": lambda case: [f"{case.close_date:%m}" if case.close_date else NONE],
        }
        of = self.env["buurtbemiddeling.indicator"].search([]).grouped("basis")
        for basis, key in months.items():
            of_cases = of[basis].filtered(lambda indicator: indicator.kind != "ratio")
            for code, members in self.split(cases, key).items():
                figures = self.count_cases(members)
                yield {c: figures[c] for c in of_cases.mapped("code")}, "month", code

    def count_by_place(self, cases, volunteers, areas):
        """Yield those of volunteers, and of volunteers or residents beside cases."""
        for dimension, key in self.volunteer_keys().items():
            by_case = self.split(cases, self.case_keys()[dimension])
            by_volunteer = self.split(volunteers, key)
            by_area = self.split(areas, lambda area: [self.town(area).code])
            for code in by_case.keys() | by_volunteer.keys() | by_area.keys():
                yield self.count_volunteers(by_volunteer.get(code, [])), dimension, code
                ratios = self.count_ratios(
                    by_case.get(code, []),
                    by_volunteer.get(code, []),
                    by_area.get(code, []) if dimension == "municipality" else None,
                )
                yield ratios, dimension, code

    def count_costs_by_project(self, cases):
        """Yield those of costs."""
        by_case = self.split(cases, self.case_keys()["project"])
        by_cost = self.split(self.costs, lambda cost: [str(cost[1].id or NONE)])
        for code in by_case.keys() | by_cost.keys():
            figures = self.count_costs(by_cost.get(code, []), by_case.get(code, []))
            yield figures, "project", code
