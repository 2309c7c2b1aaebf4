from odoo import api, models

FIRST_CASE = "buurtbemiddeling_first_case"


class WebTourTour(models.Model):
    _inherit = "web_tour.tour"

    @api.model
    def consume(self, tourName):
        """Leave it at ours: who asked for one tour is not taken along the other apps.

        Odoo switches tours on for somebody who starts one by hand, and goes on to the next.
        """
        following = super().consume(tourName)
        if tourName != FIRST_CASE or self.env.user._is_admin():
            return following
        return self.env["res.users"].switch_tour_enabled(False)
