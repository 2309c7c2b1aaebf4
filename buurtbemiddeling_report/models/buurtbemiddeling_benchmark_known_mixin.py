from typing import NamedTuple

from odoo import models

#: Facts by which the rows of a breakdown are parts of the organisation.
PLACES = ("municipality_id", "area_id", "project_id")


class Scope(NamedTuple):
    """Which part of an organisation figures are about.

    ``areas``: ids of the areas where the cases may lie, ``None`` for anywhere; ``project``: the id
    of the project, 0 for any. A case lies where it is recorded and falls under the project that it
    says, so the areas of a project are nearly where its cases are.
    """

    areas: frozenset | None = None
    project: int = 0

    def is_apart(self, other):
        """Say whether no case belongs to both.

        >>> north, south, town = (Scope(frozenset(ids)) for ids in ({1}, {2}, {1, 2}))
        >>> north.is_apart(south), north.is_apart(town), north.is_apart(Scope())
        (True, False, False)
        >>> project = Scope(frozenset({1}), 7)
        >>> project.is_apart(north), project.is_apart(south), project.is_apart(Scope(north[0], 8))
        (False, True, True)
        """
        if self.project and other.project and self.project != other.project:
            return True
        return None not in (self.areas, other.areas) and self.areas.isdisjoint(other.areas)

    def is_inside(self, other):
        """Say whether this is a part of another one; of a project and areas, whether it may be.

        >>> north, town = Scope(frozenset({1})), Scope(frozenset({1, 2}))
        >>> north.is_inside(Scope()), north.is_inside(town), north.is_inside(north)
        (True, True, False)
        >>> project = Scope(frozenset({1, 2}), 7)
        >>> project.is_inside(north), north.is_inside(project), Scope().is_inside(north)
        (True, True, False)
        """
        if self == other or self.is_all():
            return False
        if other.is_all():
            return True
        if self.project or other.project:
            return not self.is_apart(other)
        return self.areas < other.areas

    def is_all(self):
        return self.areas is None and not self.project


class BuurtbemiddelingBenchmarkKnownMixin(models.AbstractModel):
    """What others know of a year already, from all versions that left the organisation.

    A version of one part (some areas, a project) less from a version of the whole is a version of
    the rest; so is the whole less several parts that have no case in common, and less the rows of
    its own breakdowns by place.
    """

    _name = "buurtbemiddeling.benchmark.known.mixin"
    _description = "What is Known of a Benchmark"

    def _get_references(self, columns, skipped=()):
        """Return what earlier versions of this year tell, each by itself and together.

        :param columns: the columns of the file, which read what was noted
        :param skipped: breakdowns that no version holds, so that nothing was told of them
        """
        own, releases = self._get_scopes_known()
        known = [
            (scope, columns.read_release(release).without(map(str, skipped.ids if skipped else ())))
            for scope, release in releases
        ]
        references = []
        for scope, told in known:  # newest first
            if scope == own:
                references.append(told.get(True))
            elif scope.is_inside(own) or own.is_inside(scope):
                references.append(told.get(False))
            if own.is_inside(scope):
                rows = self._get_rows_told(scope, told, own)
                references += [
                    row.get(False)
                    for place, row in rows
                    if place.is_inside(own) or own.is_inside(place)
                ]
                others = [
                    (other, part)
                    for other, part in (*known, *rows)
                    if other.is_inside(scope) and other.is_apart(own)
                ]
                for parts in self._choose_parts(others):
                    rest = told
                    for part in parts:
                        rest = rest.combine(part, -1)
                    references.append(rest.get(False))
        inside = [(scope, told) for scope, told in known if scope.is_inside(own)]
        for first, *others in self._choose_parts(inside):
            together = first
            for part in others:
                together = together.combine(part, 1)
            if others:
                references.append(together.get(False))
        return references

    def _get_scopes_known(self):
        """Return the scope of this benchmark, and ``[(scope, release), ...]``, newest first."""
        # sudo: what left the organisation counts, whoever may read the notes, and so does where
        # the areas and projects lie
        releases = (
            self.env["buurtbemiddeling.benchmark.release"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("year", "=", self.year),
                    ("kind", "=", "figures"),
                ]
            )
        )
        records = [self.sudo(), *releases]
        inside = self._get_inside(
            self.env["buurtbemiddeling.area"].union(
                *(each.area_ids._origin | each.project_id.area_ids for each in records)
            )
        )

        def scope(record):
            areas = (record.project_id or record).area_ids._origin
            if not areas and not record.project_id:
                return Scope()
            return Scope(
                frozenset().union(*(inside[area.id] for area in areas)), record.project_id.id or 0
            )

        own, *known = [scope(record) for record in records]
        return own, list(zip(known, releases, strict=True))

    def _get_inside(self, areas):
        """Return ``{area id: ids of the area and of all that lies in it}``. One query."""
        found = {area.id: {area.id} for area in areas}
        # sudo: which areas lie in which, a list that everyone with figures may read
        children = areas.sudo().with_context(active_test=False)
        for child in children.search([("id", "child_of", areas.ids)]):
            for part in (child.parent_path or "").split("/"):
                if part and int(part) in found:
                    found[int(part)].add(child.id)
        return {key: frozenset(ids) for key, ids in found.items()}

    def _get_place_dimensions(self):
        dimensions = self.env["buurtbemiddeling.dimension"].with_context(active_test=False)
        return dimensions.search(
            [
                ("field_name", "in", PLACES),
                ("second_field_name", "=", False),
                ("basis", "=", False),
            ]
        )

    def _get_scopes_of_rows(self, dimension, codes):
        """Return ``{code: Scope}`` of rows of a breakdown by place; unknown ones are not there."""
        if dimension.field_name == "project_id":
            # sudo: which areas a project serves, to compare; nothing of it is shown
            projects = self.env["buurtbemiddeling.project"].sudo()
            projects = projects.browse(int(code) for code in codes if code.isdecimal()).exists()
            inside = self._get_inside(projects.area_ids)
            return {
                str(project.id): Scope(
                    frozenset().union(*(inside[area.id] for area in project.area_ids)), project.id
                )
                for project in projects
            }
        # sudo: codes of areas, a list that everyone with figures may read
        areas = self.env["buurtbemiddeling.area"].sudo().with_context(active_test=False)
        areas = areas.search([("code", "in", list(codes))])
        if dimension.field_name == "area_id":  # cases of exactly this area
            return {area.code: Scope(frozenset(area.ids)) for area in areas}
        inside = self._get_inside(areas)
        return {area.code: Scope(inside[area.id]) for area in areas}

    def _get_rows_told(self, scope, told, own):
        """Return ``[(Scope, what is known of it), ...]``: the rows by place of a wider version.

        Those of a project are parts of a part, of which nothing is compared.
        """
        rows = []
        for dimension in self._get_place_dimensions() if not scope.project else ():
            found, shown, shown_columns = told.tables.get(str(dimension.id), ({}, (), ()))
            scopes = self._get_scopes_of_rows(dimension, shown)
            rows += [
                (scopes[code], told.get_row(found[code], shown_columns))
                for code in shown
                if code in scopes and scopes[code] != own
            ]
        return rows

    @staticmethod
    def _choose_parts(candidates):
        """Return lists of parts that have no case in common, as many as there are of a column.

        Newest first; with only projects and with only areas as well, as the one may stand in the
        way of the other.

        :param candidates: ``[(Scope, what is known of it), ...]``
        """
        chosen = {}
        columns = {}  # {(table, column): candidates that show it}
        for scope, part in candidates:
            for place in part.get_places():
                columns.setdefault(place, []).append((scope, part))
        for members in columns.values():
            for is_kind in (None, bool, lambda project: not project):
                parts = []
                for scope, part in members:
                    if is_kind and not is_kind(scope.project):
                        continue
                    if all(scope.is_apart(taken) for taken, _part in parts):
                        parts.append((scope, part))
                if parts:
                    chosen[tuple(id(part) for _scope, part in parts)] = [p for _s, p in parts]
        return list(chosen.values())

    def _get_told_rows(self, rows):
        """Return ``{breakdown: sets of its rows}`` of which the sum is that of a part that left.

        :param rows: ``{dimension: codes of its rows}`` of the file
        """
        own, releases = self._get_scopes_known()
        parts = {scope for scope, _release in releases if scope.is_inside(own)}
        result = {}
        for dimension in self._get_place_dimensions() if parts else ():
            scopes = self._get_scopes_of_rows(dimension, rows.get(dimension, ()))
            for part in parts:
                if dimension.field_name == "project_id":
                    told = {code for code, scope in scopes.items() if scope == part}
                else:
                    told = {c for c, scope in scopes.items() if scope.areas <= part.areas}
                    covered = frozenset().union(*(scopes[code].areas for code in told))
                    if dimension.field_name == "municipality_id" and covered != part.areas:
                        continue
                if told:
                    result.setdefault(str(dimension.id), set()).add(frozenset(told))
        return {name: tuple(sets) for name, sets in result.items()}
