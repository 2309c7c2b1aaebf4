from odoo import api, models

FIRST_CASE = "buurtbemiddeling_first_case"


class WebTourTour(models.Model):
    _inherit = "web_tour.tour"

    @api.model
    @api.readonly
    def is_first_case_offered(self):
        """Tell whether My day offers the walk through a first case.

        To a coordinator who never took a case in, until the walk was done or put away.
        """
        if not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return False
        mine = [("name", "=", FIRST_CASE), ("user_consumed_ids", "not in", self.env.uid)]
        if not self.search_count(mine, limit=1):
            return False
        taken_in = [("create_uid", "=", self.env.uid)]
        return not self.env["buurtbemiddeling.case"].search_count(taken_in, limit=1)

    @api.model
    def consume(self, tourName):
        """Leave it at ours: who asked for one tour is not taken along the other apps.

        Odoo switches tours on for somebody who starts one by hand, and goes on to the next.
        """
        following = super().consume(tourName)
        user = self.env.user
        if tourName != FIRST_CASE or user._is_admin() or not user.tour_enabled:
            return following
        return self.env["res.users"].switch_tour_enabled(False)
