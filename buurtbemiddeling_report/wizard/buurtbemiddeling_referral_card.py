from odoo import api, fields, models


class BuurtbemiddelingReferralCard(models.TransientModel):
    """The card of a referral partner over a year, to look at and to print for the yearly talk.

    It keeps no figures and no names: both are read when it is shown.
    """

    _name = "buurtbemiddeling.referral.card"
    _description = "Card of a Referral Partner"
    _rec_name = "referral_partner_id"

    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner", required=True, ondelete="cascade"
    )
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year - 1
    )
    figures_html = fields.Html(
        "Figures",
        compute="_compute_figures_html",
        sanitize=False,
        export_string_translation=False,
        exportable=False,
    )

    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2200)", "Give the year in four digits, for instance 2026."
    )

    @api.depends("referral_partner_id", "year")
    def _compute_figures_html(self):
        for card in self:
            card.figures_html = (
                1990 <= card.year <= 2200 and card.referral_partner_id._render_figures(card.year)
            )

    def action_print(self):
        """Print the card, without what would tell how a single case ended."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("buurtbemiddeling_report.action_report_referral_card")
        return report.report_action(self, config=False)
