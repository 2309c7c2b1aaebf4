from datetime import timedelta

from .common_world import YEAR, WorldCase


class FactsCase(WorldCase):
    """Says of one case, volunteer or area what a definition asks, in words and not in SQL."""

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
