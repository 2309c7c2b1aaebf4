from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

KINDS = [
    ("covenant", "Covenant"),
    ("working", "Working agreement"),
    ("data", "Data exchange and registration"),
]
STATES = [
    ("draft", "Not signed"),
    ("signed", "Signed, begins later"),
    ("in_force", "In force"),
    ("expiring", "Expires soon"),
    ("expired", "Expired"),
    ("replaced", "Replaced"),
]
RUNNING = ("in_force", "expiring")


class BuurtbemiddelingCovenant(models.Model):
    """What is agreed with partners in the network: a covenant, a working agreement, an agreement
    on the exchange and registration of data.

    A covenant counts from the day on which the last of its parties signed. What its state is
    follows from its dates, those signatures and today, so it is never stored; who made it, looked
    after it or renewed it does not set it.
    """

    _name = "buurtbemiddeling.covenant"
    _description = "Agreement with the Network"
    _inherit = [
        "buurtbemiddeling.care.mixin",
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "date_end, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="working",
        help="What sort of agreement it is with the partner.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Empty: for the whole organisation.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        index=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        help="The coordinator who keeps it up to date. It is on this coordinator's My day.",
    )
    purpose = fields.Text("What it is for", help="Stands above the obligations on paper.")
    date_start = fields.Date(
        "From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_end = fields.Date(
        "Until", tracking=True, help="Last day on which it holds. Empty: until further notice."
    )
    review_date = fields.Date(
        "Review on", tracking=True, help="The day on which you look together whether it still fits."
    )
    notice_months = fields.Integer(
        "Notice (months)",
        help="So many months before the end one has to give notice.",
    )
    decide_date = fields.Date(
        "Decide before",
        compute="_compute_decide_date",
        store=True,
        help="The last day on which notice can be given; without notice the last day itself.",
    )
    party_ids = fields.One2many(
        "buurtbemiddeling.covenant.party", "covenant_id", "Partners", copy=True
    )
    signed_on = fields.Date(
        "Signed by all on", compute="_compute_signed_on", store=True, tracking=True
    )
    unsigned_text = fields.Char("Not signed yet by", compute="_compute_unsigned_text")
    signed_file = fields.Binary("Signed paper", attachment=True, copy=False)
    signed_file_name = fields.Char(copy=False, export_string_translation=False, exportable=False)
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    replaces_id = fields.Many2one(
        "buurtbemiddeling.covenant",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    replaced_by_ids = fields.One2many("buurtbemiddeling.covenant", "replaces_id", "Follow-ups")
    replaced_by_id = fields.Many2one(
        "buurtbemiddeling.covenant", "Renewed by", compute="_compute_replaced_by_id"
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_end >= date_start)",
        "An agreement ends on or after the day it begins. Correct one of the two dates.",
    )
    _review_within = models.Constraint(
        "CHECK(review_date <= date_end)",
        "The review comes before the agreement ends, or there is nothing left to review."
        " Choose an earlier day.",
    )
    _review_after_start = models.Constraint(
        "CHECK(review_date >= date_start)",
        "The review comes after the agreement begins. Choose a later day.",
    )
    _notice_positive = models.Constraint(
        "CHECK(notice_months >= 0)", "The months of notice are 0 or more."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("date_end", "notice_months")
    def _compute_decide_date(self):
        for covenant in self:
            covenant.decide_date = covenant.date_end and (
                covenant.date_end - relativedelta(months=covenant.notice_months)
            )

    @api.depends("party_ids.signed_on")
    def _compute_signed_on(self):
        """The day of the last signature, empty as long as one is missing."""
        for covenant in self:
            days = covenant.party_ids.mapped("signed_on")
            covenant.signed_on = all(days) and max(days, default=False)

    @api.depends("replaced_by_ids")
    def _compute_replaced_by_id(self):
        for covenant in self:
            covenant.replaced_by_id = covenant.replaced_by_ids[:1]

    @api.depends("party_ids.signed_on", "party_ids.partner_id")
    def _compute_unsigned_text(self):
        for covenant in self:
            unsigned = covenant.party_ids.filtered(lambda party: not party.signed_on)
            covenant.unsigned_text = ", ".join(unsigned.mapped(lambda it: it.partner_id.name or ""))

    @api.depends(
        "signed_on",
        "date_start",
        "date_end",
        "decide_date",
        "company_id.buurtbemiddeling_covenant_months",
        "replaced_by_ids.signed_on",
        "replaced_by_ids.date_start",
    )
    @api.depends_context("tz")
    def _compute_state(self):
        self.state = False
        for state, domain in self._get_state_domains().items():
            self.filtered_domain(domain).state = state

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_state_domains()
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_state_domains(self):
        """Return ``{state: domain}`` as of today; every covenant is in exactly one of them.

        A follow-up counts once it is signed. Until it begins the earlier covenant is in force, and
        nothing about its end asks to be decided any more.
        """
        today = fields.Date.context_today(self)
        followed = Domain("replaced_by_ids", "any", [("signed_on", "!=", False)])
        replaced = Domain(
            "replaced_by_ids", "any", [("signed_on", "!=", False), ("date_start", "<=", today)]
        )
        signed = ~replaced & Domain("signed_on", "!=", False)
        begun = signed & Domain("date_start", "<=", today)
        running = begun & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        expiring = running & ~followed & self._get_expiring_domain(today)
        return {
            "draft": ~replaced & Domain("signed_on", "=", False),
            "signed": signed & Domain("date_start", ">", today),
            "in_force": running & ~expiring,
            "expiring": expiring,
            "expired": begun & Domain("date_end", "<", today),
            "replaced": replaced,
        }

    @api.model
    def _get_expiring_domain(self, today):
        """Return the domain of what is to be decided within the months that a company has set."""
        # sudo: reads a number of months; which covenants are shown is up to the rules
        companies = self.env["res.company"].sudo().search([])
        return Domain.OR(
            Domain("company_id", "in", same.ids)
            & Domain("decide_date", "<=", today + relativedelta(months=months))
            for months, same in companies.grouped("buurtbemiddeling_covenant_months").items()
        )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("signed_file")
    def _check_signed_file(self):
        """A signed paper brings a covenant in force, so it is told who signed when."""
        for covenant in self:
            if covenant.signed_file and not covenant.signed_on:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” can not be in force without signatures. Note for each partner"
                        " on which day it signed: %(partners)s.",
                        name=covenant.name,
                        partners=covenant.unsigned_text or self.env._("there is no partner yet"),
                    )
                )

    @api.constrains("replaces_id", "date_start")
    def _check_follows(self):
        for covenant in self | self.replaced_by_ids:
            earlier = covenant.replaces_id
            if earlier and covenant.date_start <= earlier.date_start:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” replaces an agreement that began on %(day)s. Let it begin"
                        " later than that.",
                        name=covenant.name,
                        day=format_date(self.env, earlier.date_start),
                    )
                )

    @api.constrains(
        "company_id", "project_id", "kind", "date_start", "date_end", "active", "replaces_id"
    )
    def _check_one_in_force(self):
        """On one day one covenant of a kind holds with a partner, in a project.

        One of the whole organisation beside one of a project is fine.
        """
        signed = (self | self.replaces_id).filtered(lambda it: it.active and it.signed_on)
        others = self.search(
            [
                ("company_id", "in", signed.company_id.ids),
                ("signed_on", "!=", False),
                ("party_ids.partner_id", "in", signed.party_ids.partner_id.ids),
            ]
        )
        for covenant in signed:
            for other in others - covenant:
                both = covenant.party_ids.partner_id & other.party_ids.partner_id
                if both and covenant._holds_beside(other):
                    raise ValidationError(
                        self.env._(
                            "“%(other)s” holds with %(partner)s in that time already, and is of"
                            " the same kind. Renew that one, or let it end first.",
                            other=other.name,
                            partner=", ".join(both.mapped("name")),
                        )
                    )

    def _holds_beside(self, other):
        """Return whether both are of one kind and project, and hold on one day."""
        self.ensure_one()
        return (
            all(self[name] == other[name] for name in ("company_id", "project_id", "kind"))
            and self.date_start <= other._get_last_day()
            and other.date_start <= self._get_last_day()
        )

    def _get_last_day(self):
        """Return the last day on which it holds: a follow-up that is signed ends it earlier."""
        self.ensure_one()
        followers = self.replaced_by_ids.filtered("signed_on")
        days = [follower.date_start - timedelta(days=1) for follower in followers]
        return min([self.date_end or date.max, *days])

    # ------------------------------------------------------------
    # THREAD
    # ------------------------------------------------------------

    def _get_addressable_residents(self):
        """The partners and their contact persons, who are no residents of any case."""
        # sudo: the flag is not for everyone to read; it only decides who may be written to
        people = self.party_ids.partner_id | self.party_ids.contact_ids
        return people.filtered(lambda contact: not contact.sudo().is_confidential)

    def _check_recipients(self, refused, loose_addresses=False):
        """Raise ``UserError`` when there is someone outside the partners and buurtbemiddeling."""
        if refused:
            raise UserError(
                self.env._(
                    "From this page you can only write to the partners of “%s”, their contact"
                    " persons and colleagues of buurtbemiddeling.",
                    self.name,
                )
            )
        return super()._check_recipients(refused, loose_addresses)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_sign(self):
        """Note that everyone who had not signed yet, signed today.

        :raise UserError: when there is no partner
        """
        for covenant in self:
            if not covenant.party_ids:
                raise UserError(self.env._("Add the partners with whom this is agreed first."))
        unsigned = self.party_ids.filtered(lambda party: not party.signed_on)
        unsigned.signed_on = fields.Date.context_today(self)

    def action_renew(self):
        """Open the follow-up, with the same partners and obligations; make it if there is none.

        It takes as long as this one and begins the day after it, or today when that has passed.

        :raise UserError: when this one was never signed
        """
        self.ensure_one()
        follower = self.replaced_by_id
        if not follower:
            if not self.signed_on:
                raise UserError(
                    self.env._(
                        "“%s” was not signed, so there is nothing to renew. Change this one, and"
                        " note who signed it.",
                        self.name,
                    )
                )
            follower = self.copy({"replaces_id": self.id, **self._prepare_follower_dates()})
        return self._open(follower)

    def _prepare_follower_dates(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        start = max(self.date_end + timedelta(days=1), today) if self.date_end else today
        if start <= self.date_start:
            start = self.date_start + timedelta(days=1)

        def move(day):
            if not day:
                return False
            # counted in whole months where it can be: a year stays a year
            past = relativedelta(day + timedelta(days=1), self.date_start)
            return start + past - timedelta(days=1)

        return {
            "date_start": start,
            "date_end": move(self.date_end),
            "review_date": move(self.review_date),
        }

    def _open(self, covenant):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": covenant.id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """Print the agreement, a page for each partner.

        :raise UserError: when there is no partner
        """
        self.check_access("read")
        if not self.party_ids:
            raise UserError(self.env._("Add the partners with whom this is agreed first."))
        return self.party_ids.action_print()
