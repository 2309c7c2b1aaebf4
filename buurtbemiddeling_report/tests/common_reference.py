from collections import defaultdict
from datetime import timedelta

from .common_world import YEAR, WorldCase

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


class CountingCase(WorldCase):
    """Counts each figure one by one, from its definition in words."""

    def now(self, area):
        """The area as it is in the year."""
        while area.merged_into_id and area.merged_on.year <= YEAR:
            area = area.merged_into_id
        return area

    def town(self, area):
        return self.now(area.municipality_id)

    def around(self, area):
        """The area, and every area that it lies in."""
        areas = area
        while area.parent_id:
            area = area.parent_id
            areas |= area
        return areas

    def served(self):
        """What the projects serve, or the benchmark is about."""
        areas = (
            self.only
            or self.env["buurtbemiddeling.project"]
            .search([("company_id", "=", self.company.id)])
            .area_ids
        )
        return areas.browse().union(*(self.now(area) for area in areas))

    def is_populated(self, case):
        served = self.served()
        if not served:
            return self.town(case.area_id).inhabitants > 0
        places = self.around(case.area_id)
        town = case.area_id.municipality_id
        while town.merged_into_id:
            town = town.merged_into_id
            places |= town
        return any(area.inhabitants for area in places & served)

    def areas_counted(self, cases):
        areas = self.served() or self.env["buurtbemiddeling.area"].union(
            *(self.town(case.area_id) for case in cases if case.registration_date.year == YEAR)
        )
        return [
            area
            for area in areas
            if not (self.around(area) - area) & areas
            and (self.town(area) == area or self.town(area) not in areas)
        ]

    def is_here(self, area):
        """Whether the benchmark is about this area."""
        if not self.only:
            return True
        towns = self.only.filtered(lambda place: place.kind == "municipality")
        return bool(self.around(area) & (self.only - towns) or self.town(area) & towns)

    def is_closed(self, case):
        return bool(case.close_date) and case.close_date <= self.reference

    def outcome(self, case):
        if not self.is_closed(case):
            return case.outcome_id.browse()
        if case.aftercare_date and case.aftercare_date <= self.reference:
            return case.aftercare_outcome_id or case.outcome_id
        return case.outcome_id

    def waiting(self, case):
        """Days, or nights, from registration to closing on which the case waited."""
        days = range((case.close_date - case.registration_date).days)
        nights = {case.registration_date + timedelta(days=n) for n in days}
        return sum(any(p.date_from <= day <= p.date_to for p in case.pause_ids) for day in nights)

    def intake_deadline(self, case):
        day, left = case.registration_date, 5
        while left:
            day += timedelta(days=1)
            paused = any(p.date_from <= day <= p.date_to for p in case.pause_ids)
            left -= day.weekday() < 5 and not paused
        return day

    def has_passed(self, day):
        """Nobody is late on a day that has not come."""
        return day < self.reference and day < self.today

    def intake(self, case):
        due = self.intake_deadline(case)
        if case.intake_date and case.intake_date <= self.reference:
            return "in_time" if case.intake_date <= due else "late"
        if self.is_closed(case):
            return None
        return "late" if self.has_passed(due) else "open"

    def aftercare(self, case):
        if not case.outcome_id.counts_handled:
            return None
        first, last = (case.close_date + timedelta(days=days) for days in (14, 42))
        if case.aftercare_date and case.aftercare_date <= self.reference:
            return "in_time" if first <= case.aftercare_date <= last else "outside"
        return "missed" if self.has_passed(last) else "open"

    def is_told(self, case):
        """True or False, or None when there is nobody to tell."""
        if case.feedback_state not in ("owed", "done"):
            return None
        return bool(case.feedback_date) and case.feedback_date <= self.reference

    def works(self, volunteer):
        return volunteer.assignment_ids.filtered(lambda row: row.state in ("accepted", "ended"))

    def begun(self, volunteer):
        firsts = [row.date_start for row in self.works(volunteer) if row.date_start]
        return volunteer.date_start or min(firsts, default=None)

    def is_in_year(self, day):
        return bool(day) and day.year == YEAR and day <= self.reference

    def count_cases(self, cases):
        """Return ``{code: (numerator, denominator, value)}`` of the figures on cases."""
        registered = [case for case in cases if case.registration_date.year == YEAR]
        closed = [c for c in cases if self.is_closed(c) and c.close_date.year == YEAR]
        running = [c for c in cases if c.registration_date.year <= YEAR and not self.is_closed(c)]
        groups = {
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
        figures = {code: (len(group), 0, len(group)) for code, group in groups.items()}

        def share(code, part, base):
            figures[code] = (len(part), len(base), len(part) / len(base) if base else 0)

        for code, (part, base) in SHARES.items():
            share(code, groups[part], groups[base])
        share("success_of_closed", [c for c in closed if self.outcome(c).counts_positive], closed)
        share("complex_share", [c for c in registered if c.complexity_ids], registered)
        share(
            "self_referral_share",
            [c for c in registered if c.referrer_type_id.code == "ZELF"],
            registered,
        )
        share(
            "early_share",
            [c for c in registered if c.quarrel_duration in ("weeks", "months")],
            [c for c in registered if c.quarrel_duration not in (False, "unknown")],
        )
        share(
            "feedback_share",
            [c for c in closed if self.is_told(c)],
            [c for c in closed if self.is_told(c) is not None],
        )
        share(
            "intake_within_norm",
            [c for c in registered if self.intake(c) == "in_time"],
            [c for c in registered if self.intake(c) in ("in_time", "late")],
        )
        asked = [c for c in closed if self.aftercare(c) in ("in_time", "outside", "missed")]
        share("aftercare_within_norm", [c for c in asked if self.aftercare(c) == "in_time"], asked)
        share("aftercare_done_share", [c for c in asked if self.aftercare(c) != "missed"], asked)
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
        crowded = [case for case in registered if case.party_ids]
        figures["parties_involved"] = (
            len(crowded), len(crowded), sum(len(case.party_ids) for case in crowded)
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
        expected = {}

        def add(figures, dimension=False, code=False):
            for indicator, figure in figures.items():
                is_ratio = indicator.startswith(("cases_per", "cost_per"))
                nothing = not figure[1] if is_ratio else not any(figure)
                if not dimension or not nothing:
                    expected[dimension, code, indicator] = figure

        add(self.count_cases(cases))
        add(self.count_volunteers(volunteers))
        add(self.count_ratios(cases, volunteers, areas))
        if not self.only:  # of some areas nobody knows the costs
            add(self.count_costs(self.costs, cases))
            by_case = self.split(cases, self.case_keys()["project"])
            by_cost = self.split(self.costs, lambda cost: [str(cost[1].id or NONE)])
            for code in by_case.keys() | by_cost.keys():
                figures = self.count_costs(by_cost.get(code, []), by_case.get(code, []))
                add(figures, "project", code)
        for dimension, key in self.case_keys().items():
            for code, members in self.split(cases, key).items():
                add(self.count_cases(members), dimension, code)
        months = {
            "registration": lambda case: [f"{case.registration_date:%m}"],
            "closing": lambda case: [f"{case.close_date:%m}" if case.close_date else NONE],
        }
        of = self.env["buurtbemiddeling.indicator"].search([]).grouped("basis")
        for basis, key in months.items():
            of_cases = of[basis].filtered(lambda indicator: indicator.kind != "ratio")
            for code, members in self.split(cases, key).items():
                figures = self.count_cases(members)
                add({c: figures[c] for c in of_cases.mapped("code")}, "month", code)
        for dimension, key in self.volunteer_keys().items():
            by_case = self.split(cases, self.case_keys()[dimension])
            by_volunteer = self.split(volunteers, key)
            by_area = self.split(areas, lambda area: [self.town(area).code])
            for code in by_case.keys() | by_volunteer.keys() | by_area.keys():
                add(self.count_volunteers(by_volunteer.get(code, [])), dimension, code)
                add(
                    self.count_ratios(
                        by_case.get(code, []),
                        by_volunteer.get(code, []),
                        by_area.get(code, []) if dimension == "municipality" else None,
                    ),
                    dimension,
                    code,
                )
        return expected
