from datetime import date

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

#: Codes of the figures on the card: how many, how fit, how early, how they ended, how long, told.
CARD_FIGURES = (
    "cases_registered",
    "suitable_share",
    "early_share",
    "success_of_handled",
    "own_days_median",
    "feedback_share",
)
#: Of these, those that say how cases ended.
ENDINGS = ("suitable_share", "success_of_handled")
#: Under this many cases a share tells how one of them ended, which a referrer may not hear.
SMALLEST_BASE = 5


class BuurtbemiddelingReferralPartner(models.Model):
    _inherit = "buurtbemiddeling.referral.partner"

    figures_html = fields.Html(
        "Figures",
        compute="_compute_figures_html",
        sanitize=False,
        export_string_translation=False,
        exportable=False,
    )

    def _compute_figures_html(self):
        """This year and the year before, for the page of the partner."""
        year = fields.Date.context_today(self).year
        for partner in self:
            partner.figures_html = partner.id and partner._render_figures(year)

    def _render_figures(self, year):
        """Return the figures of ``year`` and the year before as HTML."""
        return self.env["ir.qweb"]._render(
            "buurtbemiddeling_report.referral_card_figures", {"card": self._prepare_card(year)}
        )

    def action_open_card(self):
        """Open the card for the yearly talk, of last year."""
        self.ensure_one()
        card = self.env["buurtbemiddeling.referral.card"].create({"referral_partner_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Card for the yearly talk"),
            "res_model": card._name,
            "res_id": card.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------
    # FIGURES: facts and indicators, as in the benchmark
    # ------------------------------------------------------------

    def _measure(self, indicators, facts):
        """Return ``{contact person's id: {indicator: Figure}}`` of the cases of this partner.

        The key ``False`` holds the whole organisation, ``None`` the cases without contact person.
        """
        self.ensure_one()
        self.check_access("read")
        facts.check_access("read")
        scope = Domain("company_id", "=", self.company_id.id)
        scope &= Domain("referral_partner_id", "=", self.id)
        # sudo: only counts leave the facts, and all cases count, whatever project they are in
        rows = indicators._measure(facts.sudo(), scope, [(), ("referral_contact_id",)])
        return {
            (int(contact) if contact else None) if breakdown else False: figures
            for breakdown, contact, _second, figures in rows
        }

    def _get_figures(self, year):
        """Return the figures of the card in a year, as a benchmark of that year has them.

        :return: see ``_measure``; known on 31 December
        """
        indicators = self.env["buurtbemiddeling.indicator"]._of_year(year)
        indicators = indicators.filtered(lambda indicator: indicator.code in CARD_FIGURES)
        facts = self.env["buurtbemiddeling.case.report"]._of_year(year, date(year, 12, 31))
        return self._measure(indicators, facts)

    def _get_feedback_owed(self):
        """Return ``{contact person's id: number of cases}`` to be told of today, of all years."""
        owed = self.env.ref("buurtbemiddeling_report.indicator_feedback_owed")
        found = self._measure(owed, self.env["buurtbemiddeling.case.report"])
        return {key: figures[owed].value for key, figures in found.items()}

    # ------------------------------------------------------------
    # CARD
    # ------------------------------------------------------------

    def _prepare_card(self, year, for_referrer=False):
        """Return what the card shows: the organisation, and then each of its people.

        :param for_referrer: leave out what would tell the referrer how a single case ended
        :return: ``{"years": [year, year before], "blocks": [{"name", "rows", "owed"}],
            "indicators": records, "is_partial": whether something was left out}``
        """
        self.ensure_one()
        years = [year, year - 1]
        figures = [self._get_figures(each) for each in years]
        hidden = [self._get_telling(each) if for_referrer else set() for each in figures]
        owed = self._get_feedback_owed()
        indicators = self.env["buurtbemiddeling.indicator"].browse(
            indicator.id for indicator in figures[0][False]
        )
        blocks = [
            {
                "name": name,
                "owed": formatLang(self.env, owed.get(key, 0), digits=0),
                "rows": [
                    (
                        indicator.name,
                        [
                            self._format_figure(
                                indicator,
                                each.get(key, {}).get(indicator),
                                (key, indicator) in left,
                            )
                            for each, left in zip(figures, hidden, strict=True)
                        ],
                    )
                    for indicator in indicators
                ],
            }
            for key, name in self._get_people(figures, owed)
        ]
        return {
            "years": years,
            "blocks": blocks,
            "indicators": indicators,
            "is_partial": any(hidden),
        }

    def _get_people(self, figures, owed):
        """Return pairs ``(key, name)``: the organisation, its people by name, and nobody named."""
        keys = {key for each in (*figures, owed) for key in each}
        people = self.env["res.partner"].browse(key for key in keys if key)
        return [
            (False, self.name),
            *((person.id, person.name) for person in people.sorted("name")),
            *((None, self.env._("No contact person noted")) for key in keys if key is None),
        ]

    def _get_telling(self, figures):
        """Return the pairs ``(key, indicator)`` that would tell how a single case ended.

        Those with a base under ``SMALLEST_BASE``, and how cases ended when all of them ended alike:
        then the total tells each of them. When so few cases are left out that the others
        give them away (organisation less the people shown), nobody's share is shown.
        """
        telling = set()
        for indicator in figures[False]:
            if indicator.kind == "count":
                continue
            bases = {key: figures[key][indicator].denominator for key in figures}
            small = {key for key, base in bases.items() if 0 < base < SMALLEST_BASE}
            if indicator.code in ENDINGS:
                small |= {
                    key for key in figures if bases[key] and figures[key][indicator].value in (0, 1)
                }
            people = small - {False}
            if 0 < sum(bases[key] for key in people) < SMALLEST_BASE:
                small |= {key for key, base in bases.items() if key is not False and base}
            telling |= {(key, indicator) for key in small}
        return telling

    def _format_figure(self, indicator, figure, is_hidden):
        """Return a figure as text, with its base: 12, 66.7 % (of 12), 45.0 days (of 12)."""
        if not figure or (indicator.kind != "count" and not figure.denominator):
            return "–" if indicator.kind != "count" else "0"
        if is_hidden:
            return "*"
        text = indicator._format_value(figure.value)
        if indicator.kind == "count":
            return text
        base = formatLang(self.env, figure.denominator, digits=0)
        return self.env._("%(value)s (of %(base)s)", value=text, base=base)
