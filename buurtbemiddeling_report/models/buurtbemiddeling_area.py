from datetime import date

from odoo import models


class BuurtbemiddelingArea(models.Model):
    _inherit = "buurtbemiddeling.area"

    def _map_with_merged(self, year):
        """Return ``{area: itself and all that had become a part of it by the end of a year}``."""
        merged = self.with_context(active_test=False).search(
            [("merged_into_id", "!=", False), ("merged_on", "<=", date(year, 12, 31))]
        )
        result = {}
        for area in self:
            result[area] = part = area
            while part:
                part = merged.filtered(lambda one, into=part: one.merged_into_id in into)
                part -= result[area]
                result[area] |= part
        return result

    def _get_with_merged(self, year):
        """Return these areas and all that had become a part of them by the end of a year."""
        return self.union(*self._map_with_merged(year).values())
