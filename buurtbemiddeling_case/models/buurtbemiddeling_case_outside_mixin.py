from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.misc import get_lang

from ..tools import phone_key


class BuurtbemiddelingCaseOutsideMixin(models.AbstractModel):
    """A request that comes in without a coordinator: by the web form, a referrer or mail.

    It is a new case, and a to-do says so. What we know of someone is never changed by it, and who
    sent it is never told what we know: anyone can type anyone's name. Whether it is the same as
    another case, is for a coordinator to see; the to-do names the cases that it may be.
    """

    _name = "buurtbemiddeling.case.outside.mixin"
    _description = "Request from Outside"

    web_request_ids = fields.One2many("buurtbemiddeling.web.request", "case_id", "By the web form")
    came_by_mail = fields.Boolean(
        compute="_compute_came_by_mail",
        compute_sudo=False,
        export_string_translation=False,
        exportable=False,
    )

    @api.depends("channel", "party_ids.side")
    def _compute_came_by_mail(self):
        """Only when there is a mail to read: the channel can be chosen by hand as well."""
        by_mail = self.filtered(lambda case: case.channel == "email" and case._origin)
        firsts = {case: case._origin._get_first_party("a").id for case in by_mail}
        mails = self.env["mail.message"].search(
            [
                ("model", "=", "buurtbemiddeling.case.party"),
                ("res_id", "in", list(firsts.values())),
                ("message_type", "=", "email"),
            ]
        )
        having = set(mails.mapped("res_id"))
        for case in self:
            case.came_by_mail = firsts.get(case) in having

    def action_read_mail(self):
        """Open the resident's page, with the mail: it is on no page that the other side is on."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "buurtbemiddeling.case.party",
            "res_id": self._get_first_party("a").id,
            "view_mode": "form",
        }

    @api.model
    def _register_from_outside(self, company, values):
        """Return a new case of today, with a to-do for who handles such requests.

        :param values: of the case, ``channel`` among them; ``reporter_…`` makes the party,
            ``user_id`` is whose it is when that is known already
        :return: the case, in the environment of the superuser: nobody who is logged in made it
        """
        values = dict(values)
        handler = self.env["res.users"].browse(values.pop("user_id", None))
        handler = handler or company._get_request_handler()
        lang = get_lang(self.env, handler.lang or company.partner_id.lang).code
        cases = self.with_user(SUPERUSER_ID).with_company(company)
        cases = cases.with_context(lang=lang, tz=company._get_tz())
        # sudo: which projects are closed to them; of those they are not put in charge
        may_be_closed = handler.sudo().buurtbemiddeling_closed_project_ids
        case = cases.create(
            {
                **values,
                "company_id": company.id,
                "user_id": False if may_be_closed else handler.id,
                "registration_date": fields.Date.context_today(cases),
            }
        )
        if may_be_closed and case._is_open_to(handler):
            case.user_id = handler
        case._plan_look_at_request()
        return case

    def _plan_look_at_request(self):
        """Put it on the list of who handles requests; without anybody it is a to-do of nobody."""
        self.ensure_one()
        note = False
        if same := self._find_possible_doubles():
            note = self.env._(
                "This may be the same as %s. Look at both, and merge them if they are.",
                ", ".join(same.mapped("name")),
            )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("New request from outside: look at it, and call"),
            note=note,
            user_id=self.user_id.id,
        )

    def _find_possible_doubles(self):
        """Return the open cases of the organisation with the same door, phone or e-mail address.

        Of either side: the neighbour may have asked for help as well. Not those of a closed
        project, of which even the number is not for others.
        """
        self.ensure_one()
        doors = self._get_doors()
        residents = self.party_ids.partner_id
        emails = list(filter(None, (email_normalize(mail) for mail in residents.mapped("email"))))
        same = (
            Domain("postcode_key", "in", doors)
            | Domain("street_key", "in", doors)
            | Domain("partner_id.email_normalized", "in", emails)
            | Domain("partner_id", "in", self._get_contacts_of_phones().ids)
        )
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("id", "!=", self.id)
            & Domain("is_closed", "=", False)
            & (Domain("project_id", "=", False) | Domain("project_id.is_members_only", "=", False))
            & Domain("party_ids", "any", same)
        )

    def _get_contacts_of_phones(self):
        """Return the contacts of the organisation with one of the phone numbers of this case."""
        contacts = self.env["res.partner"]
        numbers = {phone_key(phone) for phone in self.party_ids.partner_id.mapped("phone")} - {None}
        known = Domain.OR(Domain("phone_mobile_search", "like", number) for number in numbers)
        return contacts.search(known & Domain("company_id", "=", self.company_id.id))
