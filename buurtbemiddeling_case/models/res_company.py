from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "res.company",
        "buurtbemiddeling.company.check.mixin",
        "buurtbemiddeling.company.mail.mixin",
        "buurtbemiddeling.company.retention.mixin",
    ]

    # The norm of the field is two to six weeks after the last talk (domain.md 1.1, step 7).
    buurtbemiddeling_aftercare_min_days = fields.Integer(
        "Days until aftercare may begin",
        default=14,
        help="So many days after the last talk, aftercare may begin.",
    )
    buurtbemiddeling_aftercare_max_days = fields.Integer(
        "Days until aftercare is over",
        default=42,
        help="So many days after the last talk, aftercare has to be done.",
    )

    # One organisation publishes 30 days (domain.md 5.1); the law wants a month at most.
    buurtbemiddeling_answer_days = fields.Integer(
        "Answer privacy requests within (days)",
        default=30,
        help="So many days after it was received, a request for access, correction or erasure has"
        " to be answered. Never later than a month, as the law has it.",
    )

    # The law asks to be able to say who used personal data (AVG 5.2 and 32) and names no term. As
    # long as the data themselves: who asks during or after a case who looked at it gets an answer,
    # and what staff did is not kept for longer than that.
    buurtbemiddeling_trace_months = fields.Integer(
        "Keep the trace of use (months)",
        default=24,
        help="So many months one can see who opened, printed or exported which case.",
    )

    # A talk, a text and a signature of each partner take about so long.
    buurtbemiddeling_covenant_months = fields.Integer(
        "Agreements expire soon (months)",
        default=3,
        help="So many months before the end, or before the last day on which notice can be given,"
        " an agreement with a partner shows up as expiring.",
    )

    buurtbemiddeling_request_user_id = fields.Many2one(
        "res.users",
        "Who handles requests from outside",
        ondelete="set null",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        help="Gets the requests of the web form, of referrers and by mail, with a to-do for each."
        " Without this, they are nobody's yet.",
    )

    buurtbemiddeling_request_form = fields.Boolean(
        "Web form for residents",
        help="Opens the page /buurtbemiddeling/aanmelden, on which residents ask for help.",
    )
    buurtbemiddeling_request_per_sender = fields.Integer(
        "Requests per hour from one connection",
        default=5,
        help="More are refused for the moment: a resident asks once. Choose a higher number for a"
        " library or community centre, where many people share one connection.",
    )
    buurtbemiddeling_request_per_hour = fields.Integer(
        "Requests per hour in all",
        default=30,
        help="More are refused for the moment, so that a machine can not fill your board.",
    )

    buurtbemiddeling_referral_link_days = fields.Integer(
        "One-time links of referrers work for (days)",
        default=14,
        help="So many days someone may refer with a one-time link. Links that are older than twice"
        " that are removed.",
    )

    buurtbemiddeling_talk_reminder_days = fields.Integer(
        "Remind residents of a talk (days before)",
        default=1,
        help="So many days before a talk, the residents who were invited are reminded of it, once."
        " With 0 there are no reminders.",
    )
    buurtbemiddeling_talk_reminder_phone = fields.Boolean(
        "To-do to phone who can not be mailed",
        help="Puts a to-do on the coordinator's list to remind who has no e-mail address, or wants"
        " no mail.",
    )
    buurtbemiddeling_sms = fields.Boolean(
        "Text messages (SMS) about talks",
        help="To residents who agreed, appointments are sent to the mobile number as well. The"
        " number and the text leave the organisation: Odoo's SMS service sends them, at a price."
        " Nobody is named in them.",
    )

    _buurtbemiddeling_talk_reminder_positive = models.Constraint(
        "CHECK(buurtbemiddeling_talk_reminder_days >= 0)",
        "The days between a reminder and the talk are 0 or more.",
    )
    _buurtbemiddeling_referral_link_days_positive = models.Constraint(
        "CHECK(buurtbemiddeling_referral_link_days > 0)",
        "A one-time link works for at least 1 day.",
    )
    _buurtbemiddeling_aftercare_term = models.Constraint(
        "CHECK(buurtbemiddeling_aftercare_min_days >= 0"
        " AND buurtbemiddeling_aftercare_max_days >= buurtbemiddeling_aftercare_min_days)",
        "Aftercare ends on or after the day it begins, both counted in days after the last talk."
        " Correct one of the two numbers.",
    )
    _buurtbemiddeling_answer_days_positive = models.Constraint(
        "CHECK(buurtbemiddeling_answer_days > 0)",
        "A privacy request is answered in at least 1 day.",
    )
    # at least as long as somebody may come with a complaint, and so that nobody wipes out a trace
    # by setting it to nothing
    _buurtbemiddeling_trace_months_minimum = models.Constraint(
        "CHECK(buurtbemiddeling_trace_months >= 6)",
        "The trace of use is kept for at least 6 months, so that it can be looked into.",
    )
    _buurtbemiddeling_covenant_months_positive = models.Constraint(
        "CHECK(buurtbemiddeling_covenant_months >= 0)",
        "The months before an agreement expires are 0 or more.",
    )

    _buurtbemiddeling_request_limits = models.Constraint(
        "CHECK(buurtbemiddeling_request_per_sender > 0 AND buurtbemiddeling_request_per_hour > 0)",
        "At least 1 request per hour gets through. To get none, switch the web form off.",
    )

    buurtbemiddeling_start_is_away = fields.Boolean(
        "Guided start put away",
        help="My day no longer shows an administrator which steps of the guided start are to do.",
    )

    def _get_tz(self):
        """Return the time zone by which days of this organisation begin, that of its calendar.

        Of what nobody does who is logged in: residents at their form, the server at night.
        """
        self.ensure_one()
        # sudo: reads a time zone
        return self.sudo().resource_calendar_id.tz or "Europe/Amsterdam"

    def _uses_sms(self):
        """Tell whether this organisation sends text messages; it takes Odoo's SMS app."""
        self.ensure_one()
        return self.buurtbemiddeling_sms and "sms.sms" in self.env

    def _get_request_handler(self):
        """Return who handles requests from outside, or none when that is no coordinator here."""
        self.ensure_one()
        user = self.buurtbemiddeling_request_user_id
        works_here = user.active and self in user.company_ids
        if works_here and user.has_group("buurtbemiddeling_case.group_user"):
            return user
        return user.browse()
