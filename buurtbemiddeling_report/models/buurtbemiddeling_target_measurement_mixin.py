from datetime import date

from odoo import models

from .buurtbemiddeling_indicator_measurement_mixin import Figure


class BuurtbemiddelingTargetMeasurementMixin(models.AbstractModel):
    """What became of targets up to a day, each for its own place, in the one way there is."""

    _name = "buurtbemiddeling.target.measurement.mixin"
    _description = "Measurement of Targets"

    def _measure_places(self, company, year, day):
        """Return ``{target: (Figure, is hidden)}`` of a year up to a day, where each target is.

        What is hidden from the user is not there either: the figure is ``None``.
        """
        found = self._read_frozen(company, year) if day == date(year, 12, 31) else {}
        left = self.filtered(lambda target: target not in found)
        areas = left.municipality_id._map_with_merged(self[:1].year)
        figures = left._measure_left(company, year, day, areas) if left else {}
        hidden = {}
        if left and not self.env["buurtbemiddeling.benchmark"]._sees_all():
            parts = {target._get_part(): target._get_part() for target in left} | areas
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
