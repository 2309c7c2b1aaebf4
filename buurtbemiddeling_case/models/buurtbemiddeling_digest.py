import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

_logger = logging.getLogger(__name__)

# of each kind so many are named; the number says how many there are
NAMED = 15


class BuurtbemiddelingDigest(models.AbstractModel):
    """The Monday mail: to each coordinator what asks attention, the same numbers as in My day.

    It leaves the system, so it names no resident, no street and no story: case numbers, phases and
    days. Who is away gets none, the stand-in does, under a heading of its own; back at work, the
    mail of the next Monday comes again.
    """

    _name = "buurtbemiddeling.digest"
    _description = "Monday Digest"

    @api.model
    def _cron_send(self):
        """Mail every coordinator who has not had this week's digest yet.

        Runs on Monday, but a later day or a second run does no harm: nobody gets two in a week.
        Each mail is committed by itself, so that one that fails keeps back no other.
        """
        users = self._get_recipients()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(users))
        for user in users:
            try:
                with self.env.cr.savepoint():
                    self._send_to(user)
            except Exception:
                _logger.exception("The digest of user %s could not be made", user.id)
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_recipients(self):
        """Return the coordinators to whom this week's digest is still to be sent."""
        today = fields.Date.context_today(self)
        group = self.env.ref("buurtbemiddeling_case.group_user")
        return self.env["res.users"].search(
            [
                ("share", "=", False),
                ("all_group_ids", "in", group.ids),
                ("email", "!=", False),
                ("buurtbemiddeling_digest", "=", True),
                "|",
                ("buurtbemiddeling_digest_date", "=", False),
                ("buurtbemiddeling_digest_date", "<", today - timedelta(days=today.weekday())),
            ]
        )

    @api.model
    def _send_to(self, user):
        """Queue the digest of ``user``, made with what that user may see, if there is any."""
        digest = self.with_user(user).with_context(
            allowed_company_ids=list(user._get_company_ids()), lang=user.lang, tz=user.tz
        )
        sections = digest._get_sections()
        if not sections:
            return
        self.env["mail.mail"].create(
            {
                "subject": digest.env._("Buurtbemiddeling: what asks attention this week"),
                "body_html": digest._render(sections),
                "email_to": user.email_formatted,
                "email_from": user.company_id.email_formatted or self.env.user.email_formatted,
                "author_id": self.env.user.partner_id.id,
                "headers": {"X-Auto-Response-Suppress": "OOF"},
                # a mail about cases: the administrator of Odoo can not read it
                "model": "buurtbemiddeling.attention",
                "auto_delete": True,
            }
        )
        user.buurtbemiddeling_digest_date = fields.Date.context_today(self)

    @api.model
    def _render(self, sections):
        return self.env["ir.qweb"]._render(
            "buurtbemiddeling_case.buurtbemiddeling_digest_mail",
            {
                "user": self.env.user,
                "sections": sections,
                "get_address": self._get_address,
                "many_companies": len(self.env.companies) > 1,
                "my_day_url": self._get_url("buurtbemiddeling_case.buurtbemiddeling_my_day_action"),
            },
            lang=self.env.lang,
        )

    @api.model
    def _get_url(self, xml_id):
        # sudo: reads the address at which a screen opens
        action = self.env.ref(xml_id).sudo()
        return f"{self.get_base_url()}/odoo/{action.path}"

    @api.model
    def _get_address(self, record):
        """Return the address at which the form of a case, or of what is counted, opens."""
        xml_id, _user, _path = self.env["buurtbemiddeling.attention"]._get_targets()[record._name]
        return f"{self._get_url(xml_id)}/{record.id}"

    @api.model
    def _get_sections(self):
        """Return what asks the user's attention: own, for each colleague away, and nobody's.

        Organisations from which the user is away are left out: somebody stands in there.

        :return: ``[(title, [(kind, count, [(record, text)])])]`` without empty ones; of each kind
            those that wait longest are named
        """
        absences = self.env["buurtbemiddeling.absence"]
        covered = absences._get_covered()
        away = absences._get_current().filtered(lambda absence: absence.user_id == self.env.user)
        own, nobodys = self.env._("Your cases"), self.env._("Without coordinator")
        titles = {absence: self.env._("For %s", absence.display_name) for absence in covered}
        found = {title: {} for title in (own, *titles.values(), nobodys)}
        kinds = self.env["buurtbemiddeling.attention"].search([("in_digest", "=", True)])
        for kind, groups in kinds._read_groups("id:recordset"):
            for user, company, records in groups:
                if company in away.company_id:
                    continue
                if user == self.env.user:
                    title = own
                else:
                    title = titles.get(covered._find(user, company), nobodys)
                found[title][kind] = found[title].get(kind, records.browse()) | records
        return [
            (
                title,
                [(kind, len(records), self._get_lines(records)) for kind, records in kinds.items()],
            )
            for title, kinds in found.items()
            if kinds
        ]

    @api.model
    def _get_lines(self, records):
        """Return ``[(record to open, text)]`` of those of one kind that wait longest."""
        if records._name == "buurtbemiddeling.meeting":
            kinds = dict(records._fields["kind"]._description_selection(self.env))
            return [
                (talk.case_id, f"{kinds[talk.kind]}, {format_datetime(self.env, talk.start)}")
                for talk in records.sorted("start")[:NAMED]
            ]
        if records._name == "buurtbemiddeling.covenant":
            return [
                (covenant, format_date(self.env, covenant.date_end) if covenant.date_end else "")
                for covenant in records[:NAMED]
            ]
        if records._name == "buurtbemiddeling.referral.partner":
            return [(partner, partner.referrer_type_id.name) for partner in records[:NAMED]]
        if "date_due" in records._fields:  # duties, actions, ...: until when
            return [
                (record, record.date_due and format_date(self.env, record.date_due) or "")
                for record in records.sorted("date_due")[:NAMED]
            ]
        cases = records.sorted(lambda case: (case.stage_date or case.registration_date, case.id))
        return [(case, self._get_case_text(case)) for case in cases[:NAMED]]

    @api.model
    def _get_case_text(self, case):
        if case.is_closed:
            return case.stage_id.name
        if case.days_in_stage == 1:
            return self.env._("%s, 1 day", case.stage_id.name)
        return self.env._(
            "%(phase)s, %(days)s days", phase=case.stage_id.name, days=case.days_in_stage
        )
