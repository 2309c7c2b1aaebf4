from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class BuurtbemiddelingReferralPartnerPaceMixin(models.AbstractModel):
    """How often a partner refers, so that who stops referring shows up by itself.

    How many referrals make a habit, and how long a silence is too long, stand in the kinds of
    attention (``REFERRAL_STOPPED``, ``REFERRAL_NEVER``).
    """

    _name = "buurtbemiddeling.referral.partner.pace.mixin"
    _description = "Pace of a Referral Partner"

    last_referral_date = fields.Date(
        "Last referral", compute="_compute_pace", search="_search_last_referral_date"
    )
    referral_pace = fields.Integer(
        "Referrals in that year",
        compute="_compute_pace",
        search="_search_referral_pace",
        help="Requests in the twelve months up to and including the last one: the usual pace.",
    )

    @api.depends("case_ids.registration_date")
    def _compute_pace(self):
        """One query, over all cases: who refers to a closed project has not stopped referring."""
        # sudo: a date and a number of the partner as a whole leave, and no case
        cases = self.env["buurtbemiddeling.case"].sudo()
        query = cases._search([("referral_partner_id", "in", self.ids)])
        partner, day = (
            cases._field_to_sql(query.table, name, query)
            for name in ("referral_partner_id", "registration_date")
        )
        referrals = query.subselect(
            SQL("%s AS partner", partner),
            SQL("%s AS day", day),
            SQL("MAX(%s) OVER (PARTITION BY %s) AS last_day", day, partner),
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT partner, last_day, COUNT(*) FROM %s AS referral
                   WHERE day > last_day - INTERVAL '1 year' GROUP BY partner, last_day""",
                referrals,
            )
        )
        found = {partner_id: (last_day, count) for partner_id, last_day, count in rows}
        for record in self:
            last_day, count = found.get(record._origin.id, (False, 0))
            record.last_referral_date, record.referral_pace = last_day, count

    @api.model
    def _search_last_referral_date(self, operator, value):
        return self._search_among_all("last_referral_date", operator, value)

    @api.model
    def _search_referral_pace(self, operator, value):
        return self._search_among_all("referral_pace", operator, value)

    def action_plan_talk(self):
        """Open a to-do to talk with this partner, filled in with how it referred."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a talk"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "default_activity_type_id": self.env.ref(
                    "buurtbemiddeling_case.mail_activity_type_partner_talk"
                ).id,
                "default_summary": self.env._("Talk with %s about referring", self.name),
                "default_note": Markup("<p>%s</p>") % self._get_pace_text(),
                "default_activity_user_id": (self.user_id or self.env.user).id,
            },
        }

    def _get_pace_text(self):
        """Return in words how this partner referred."""
        self.ensure_one()
        if not self.last_referral_date:
            return self.env._("This partner has not referred anybody yet.")
        return self.env._(
            "The last referral was on %(day)s. In the twelve months up to then there were"
            " %(count)s.",
            day=format_date(self.env, self.last_referral_date),
            count=self.referral_pace,
        )
