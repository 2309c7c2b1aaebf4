from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KIND = "referrer"


class BuurtbemiddelingReferrerRetentionMixin(models.AbstractModel):
    """Contact persons of referrers and other organisations: how long our ties with them are kept.

    The term counts from the last sign of working together: a referral by or to them, what they were
    told, an activity, an agreement or a seat in a steering group that ended. As long as a case that
    they referred is open, or they can log in, they are not forgotten.

    Then our ties are cut. The contact itself goes when it was made for buurtbemiddeling and nothing
    in Odoo uses it; else it stays with whoever works with it. Figures by organisation
    do not change.
    """

    _name = "buurtbemiddeling.referrer.retention.mixin"
    _description = "Term of a Contact Person"
    _inherit = ["buurtbemiddeling.retention.base.mixin"]

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    @api.model
    def _get_signs(self, limit):
        """Return ``[(model, field, domain of the rows that are a sign since ``limit``, cut)]``.

        :param limit: date
        :return: ``cut`` says whether it is a tie that can be cut; minutes are not changed
        """
        return [
            *((*tie, True) for tie in self._get_ties(limit)),
            *((*seat, False) for seat in self._get_seats(limit)),
        ]

    @api.model
    def _get_ties(self, limit):
        """Return ``[(model, field, domain)]`` of what somebody does for a referrer."""
        moment = fields.Datetime.to_datetime(limit)
        since = Domain("create_date", ">", moment)
        cases = (
            Domain("close_date", "=", False)
            | Domain("registration_date", ">", limit)
            | Domain("close_date", ">", limit)
        )
        onward = Domain("date", ">", limit) | Domain("return_date", ">", limit)
        covenants = Domain("covenant_id", "any", self._get_running(limit))
        spoken = since | Domain("last_contact_date", ">", limit)
        return [
            ("buurtbemiddeling.case", "referral_contact_id", cases),
            ("buurtbemiddeling.feedback", "recipient_id", Domain("date", ">", limit)),
            ("buurtbemiddeling.onward.referral", "contact_id", onward),
            ("buurtbemiddeling.referral.form", "contact_id", since),
            ("buurtbemiddeling.referral.link", "contact_id", since),
            ("buurtbemiddeling.covenant.party", "contact_ids", covenants),
            ("buurtbemiddeling.key.contact", "partner_id", spoken),
            ("buurtbemiddeling.network.activity", "partner_ids", Domain("date", ">", limit)),
        ]

    @api.model
    def _get_seats(self, limit):
        """Return ``[(model, field, domain)]`` of what somebody does in a steering group."""
        met = Domain("meeting_id.start", ">", fields.Datetime.to_datetime(limit))
        return [
            ("buurtbemiddeling.steering.member", "partner_id", self._get_running(limit)),
            ("buurtbemiddeling.steering.attendance", "partner_id", met),
            ("buurtbemiddeling.steering.decision", "owner_id", Domain("date_due", ">", limit)),
        ]

    @api.model
    def _get_running(self, limit):
        """Return the domain of what has not ended by then."""
        return Domain("date_end", "=", False) | Domain("date_end", ">", limit)

    @api.model
    def _get_tied_domain(self, name, field, domain):
        """Return the domain of the contacts that stand in ``field`` of the rows of a domain."""
        rows = self.env[name].with_context(active_test=False)
        domain &= Domain(field, "!=", False)
        if rows._fields[field].type == "many2many":
            return Domain("id", "in", rows.search(domain)[field].ids)
        return Domain("id", "in", rows._search(domain).subselect(field))

    @api.model
    def _get_asking_domain(self, asking):
        return self._get_asked_by(asking, "partner_id")

    @api.model
    def _get_due_domain(self, company, kind, day):
        domain = super()._get_due_domain(company, kind, day)
        if kind != KIND:
            return domain
        limit = company._get_retention_limit(kind, day)
        ours = Domain("company_id", "=", company.id)
        tied = Domain.OR(
            self._get_tied_domain(name, field, ours)
            for name, field, _recent, cut in self._get_signs(limit)
            if cut
        )
        # who is shared with another organisation, is kept as long as the longest term asks
        companies = self.env["res.company"].search([])
        longest = min(each._get_retention_limit(kind, day) for each in companies)
        signs = [
            *((name, field, ours & recent) for name, field, recent, _cut in self._get_signs(limit)),
            *(
                (name, field, ~ours & recent)
                for name, field, recent, _cut in self._get_signs(longest)
            ),
        ]
        quiet = (
            Domain("is_company", "=", False)
            & Domain("is_confidential", "!=", True)
            & Domain("create_date", "<=", fields.Datetime.to_datetime(limit))
            & Domain("user_ids", "not any", [("active", "=", True)])
            & ~Domain.OR(self._get_tied_domain(*sign) for sign in signs)
        )
        return quiet & (tied | self._get_unused_domain(company, quiet & ~tied))

    @api.model
    def _get_unused_domain(self, company, domain):
        """Return which contact persons of the referrers never came up, and nobody else needs."""
        partners = self.env["buurtbemiddeling.referral.partner"].with_context(active_test=False)
        theirs = partners._search([("company_id", "=", company.id)]).subselect("partner_id")
        contacts = self.with_context(active_test=False)
        found = contacts.search(domain & Domain("parent_id", "in", theirs))
        return Domain("id", "in", found._filtered_removable().ids)

    def _filtered_removable(self):
        """Return those of these that were made for buurtbemiddeling, and that nothing else uses.

        Made by a coordinator, or by a form or mail; what someone else made is someone else's.
        """
        # sudo: whose work a contact was, and whether there is any use; nothing else comes back
        contacts = self.sudo()
        coordinators = contacts.env.ref("buurtbemiddeling_case.group_user")
        coordinators = coordinators.with_context(active_test=False).all_user_ids
        made = contacts.filtered(
            lambda contact: (
                contact.create_uid.id == SUPERUSER_ID or contact.create_uid in coordinators
            )
        )
        return made - contacts.env["buurtbemiddeling.anonymizer"]._get_used_elsewhere(made)

    def _get_retention_starts(self, kind):
        """The day of making the contact, or of the last sign after that; a query a kind of sign."""
        starts = {contact: contact.create_date.date() for contact in self}
        for name, field, days in (
            ("buurtbemiddeling.case", "referral_contact_id", ("registration_date", "close_date")),
            ("buurtbemiddeling.feedback", "recipient_id", ("date",)),
            ("buurtbemiddeling.onward.referral", "contact_id", ("date", "return_date")),
            ("buurtbemiddeling.covenant.party", "contact_ids", ("date_end",)),
            ("buurtbemiddeling.key.contact", "partner_id", ("last_contact_date",)),
            ("buurtbemiddeling.network.activity", "partner_ids", ("date",)),
            ("buurtbemiddeling.steering.member", "partner_id", ("date_end",)),
        ):
            # sudo: days only, also of cases in closed projects
            rows = self.env[name].sudo().with_context(active_test=False)
            for row in rows.search([(field, "in", self.ids)]):
                for contact in row[field] & self:
                    known = filter(None, (row[day] for day in days))
                    starts[contact] = max(starts[contact], *known, starts[contact])
        return starts

    def _get_due_dates(self, kind):
        """By the longest term, of contacts that are not of one organisation."""
        # sudo: terms only
        companies = self.env["res.company"].sudo().search([])
        longest = max(company._get_retention_months(kind) for company in companies)
        return {
            contact: start
            + relativedelta(
                months=contact.company_id._get_retention_months(kind)
                if contact.company_id
                else longest
            )
            for contact, start in self._get_retention_starts(kind).items()
        }

    def _prepare_retention_values(self):
        values = super()._prepare_retention_values()
        for contact in self:
            values[contact]["name"] = self.env._("Contact person %s", contact.id)
        return values

    # ------------------------------------------------------------
    # REMOVING
    # ------------------------------------------------------------

    def _anonymize(self):
        """Cut our ties with these contact persons, and remove who is nobody else's contact."""
        # sudo: removal reaches all ties, whoever may read them; nothing comes back
        contacts = self.sudo().with_context(active_test=False).exists()
        contacts = contacts.filtered(lambda each: not each.is_company and not each.is_confidential)
        if not contacts:
            return
        self.env.flush_all()
        contacts._replace_names()
        contacts._cut_ties()
        self.env.invalidate_all(flush=False)
        going = contacts._filtered_removable()
        with_login = going.filtered("user_ids")
        engine = contacts.env["buurtbemiddeling.anonymizer"]
        engine._remove_contacts((going - with_login).ids, is_confidential=False)
        engine._empty_contacts({each: each._get_neutral_name() for each in with_login})
        engine._remove_traces()

    def _get_neutral_name(self):
        self.ensure_one()
        lang = (self.company_id or self.env.company).partner_id.lang or self.env.lang
        return self.with_context(lang=lang).env._("Former contact person %s", self.id)

    def _replace_names(self):
        """Put a number for the name in what the threads of cases and partners tell of these."""
        cases = self.env["buurtbemiddeling.case"].search([("referral_contact_id", "in", self.ids)])
        partners = self.env["buurtbemiddeling.referral.partner"]
        partners = partners.search([("partner_id", "in", self.parent_id.ids)])
        for contact in self:
            # queries of one contact: a message may tell of several of them
            self.env["buurtbemiddeling.anonymizer"]._replace_name(
                contact.name,
                contact._get_neutral_name(),
                [
                    cases.filtered(lambda case, each=contact: case.referral_contact_id == each),
                    partners.filtered(lambda row, each=contact: row.partner_id == each.parent_id),
                ],
            )

    def _cut_ties(self):
        """Take these contacts out of the rows of ours that name them, as the inventory says."""
        # the organisation was told
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_feedback told SET recipient_id = referrer.partner_id"
                " FROM buurtbemiddeling_referral_partner referrer"
                " WHERE referrer.id = told.referral_partner_id AND told.recipient_id = ANY(%s)",
                self.ids,
            )
        )
        engine = self.env["buurtbemiddeling.anonymizer"]
        for name, path, ids, lines in engine._find_rows({"res.partner": self}, (KIND,)):
            field = self.env[name]._fields[path]
            if field.type == "many2many":  # the others in it stay
                engine._execute_delete(field.relation, field.column2, self.ids)
                continue
            engine._empty_columns(name, path, ids, lines)
            if any(line.after_term == "delete" for line in lines):
                engine._remove_hanging({name: ids})
                engine._execute_delete(self.env[name]._table, "id", ids)
