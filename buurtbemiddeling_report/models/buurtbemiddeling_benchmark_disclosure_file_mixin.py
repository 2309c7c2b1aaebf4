from odoo import models

from ..tools.disclosure_file import File, Table
from .buurtbemiddeling_case_report import NOT_RECORDED

#: Cases running last year = running now + closed - registered.
BALANCE = ("cases_running", "cases_registered", "cases_closed")
#: Closed, suitable and not handled, when no case came from last year.
NOT_HANDLED = {"cases_suitable": 1, "cases_handled": -1, "cases_running": -1}
#: Facts of which the one holds nearly the same numbers as the other.
TWINS = {"nuisance_type_ids": "main_nuisance_type_id"}
#: Facts of which the rows add up, or nearly so, to those of another: the method says to which.
ABOVE = {
    "area_id": ("municipality_id", "_get_municipalities"),
    "referral_partner_id": ("referrer_type_id", "_get_referrer_types"),
    "nuisance_type_ids": ("nuisance_heading_ids", "_get_headings"),
    "main_nuisance_type_id": ("nuisance_heading_ids", "_get_headings"),
}


class BuurtbemiddelingBenchmarkDisclosureFileMixin(models.AbstractModel):
    """The lines of a benchmark as the ``File`` that ``tools/disclosure.py`` is about."""

    _name = "buurtbemiddeling.benchmark.disclosure.file.mixin"
    _description = "Lines as a File to Protect"

    def _prepare_file(self, counted, indicators, columns, also=()):
        """Return the lines as the ``File`` that the rules are about."""
        totals, rows = self._read_counts(counted, indicators, columns, also)
        relations = self._get_relations(rows)
        balance = tuple(columns.count.get(code) for code in BALANCE)
        rest = {columns.count.get(code): factor for code, factor in NOT_HANDLED.items()}
        return File(
            totals,
            {
                str(dimension.id): Table(found, *relations[dimension])
                for dimension, found in rows.items()
            },
            tuple(columns.of_figure.values()),
            tuple(columns.shares),
            balance if all(balance) else None,
            frozenset(
                columns.count[indicator.code]
                for indicator in columns.of_figure
                if indicator.basis == "stock" and indicator.code in columns.count
            ),
            (rest,) if all(rest) else (),
            tuple(columns.get_nested([row for found in rows.values() for row in found.values()])),
            self._get_told_rows(rows),
        )

    def _read_counts(self, counted, indicators, columns, also):
        """Return the row of totals, and ``{dimension: {code: row}}``, as ``{column: count}``."""
        by_id = {indicator.id: indicator for indicator in indicators}
        dimensions = self.env["buurtbemiddeling.dimension"].browse(
            dict.fromkeys(line.dimension_id for line in counted if line.dimension_id)
        )
        judged = {
            (dimension.id, indicator.id): columns.sides[indicator]
            for dimension in dimensions
            for indicator in indicators
            if dimension in also or self._is_shown_by(dimension, indicator)
        }
        totals = dict.fromkeys(columns.order, 0)
        found = {dimension.id: {} for dimension in dimensions}
        present = {dimension.id: set() for dimension in dimensions}
        for indicator_id, dimension_id, code, numerator, denominator in counted:
            if not dimension_id:
                part, base = columns.sides[by_id[indicator_id]]
                row = totals
            elif (dimension_id, indicator_id) in judged:
                part, base = judged[dimension_id, indicator_id]
                row = found[dimension_id].setdefault(code, {})
                present[dimension_id].add((part, base))
            else:
                continue
            row[part] = numerator
            if base:
                row[base] = denominator
        for dimension_id, table in found.items():
            nothing = {c: 0 for both in present[dimension_id] for c in both if c}
            for code, counts in table.items():
                table[code] = nothing | counts
        return totals, {dimension: found[dimension.id] for dimension in dimensions}

    def _is_shown_by(self, dimension, indicator):
        """Say whether a breakdown holds a figure in versions for outside at all.

        Cases closed by year of registration are not there: with those registered they would tell
        how many are running.
        """
        by_year = "registration_year" in dimension._get_field_names()
        return dimension.is_public and (not by_year or indicator.basis == "registration")

    def _get_relations(self, rows):
        """Return ``{dimension: (parents, twin)}``: what the rows of a breakdown add up to."""
        single = {
            dimension.field_name: dimension
            for dimension in rows
            if not dimension.second_field_name and not dimension.basis
        }
        twins = {**TWINS, **{other: name for name, other in TWINS.items()}}
        result = {}
        for dimension, found in rows.items():
            names = dimension._get_field_names()
            parents = []
            if len(names) > 1:
                for position, name in enumerate(names):
                    parent = single.get(name)
                    above = {code: code.split("|")[position] for code in found}
                    parents.append((str(parent.id) if parent else None, above))
            elif names[0] in ABOVE and ABOVE[names[0]][0] in single:
                name, method = ABOVE[names[0]]
                parents.append((str(single[name].id), getattr(self, method)(found)))
            twin = single.get(twins.get(names[0])) if len(names) == 1 else None
            result[dimension] = (tuple(parents), twin and str(twin.id))
        return result

    def _get_municipalities(self, codes):
        """Return ``{code of an area: code of its municipality}``."""
        # sudo: codes of areas, a list that everyone with figures may read
        areas = self.env["buurtbemiddeling.area"].sudo().with_context(active_test=False)
        found = areas.search_fetch([("code", "in", list(codes))], ["code", "municipality_id"])
        above = {area.code: area.municipality_id.code for area in found}
        return {code: above.get(code) or code for code in codes}

    def _get_referrer_types(self, codes):
        """Return ``{code of a referral partner: code of its type}``; without one they came
        themselves."""
        # sudo: types of partners, whose names stand in the breakdown
        partners = self.env["buurtbemiddeling.referral.partner"].sudo()
        found = partners.browse(int(code) for code in codes if code.isdecimal()).exists()
        above = {str(partner.id): partner.referrer_type_id.code for partner in found}
        return {code: above.get(code) or "ZELF" for code in codes}

    def _get_headings(self, codes):
        """Return ``{code of a nuisance type: code of its heading in the year}``."""
        # sudo: code lists that everyone with figures may read
        crosswalk = self.env["buurtbemiddeling.heading.crosswalk"].sudo()
        above = {
            nuisance.code: heading.code
            for nuisance, heading in crosswalk._get_headings(self.year).items()
        }
        return {code: above.get(code) or NOT_RECORDED for code in codes}
