from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

ROLES = [
    ("chair", "Chair"),
    ("secretary", "Secretary"),
    ("member", "Member"),
    ("adviser", "Adviser"),
    ("observer", "Observer"),
    ("coordinator", "Coordinator of the project"),
]


class BuurtbemiddelingSteeringMember(models.Model):
    """Someone in the steering group of a project (stuurgroep), for whom, and from when until when.

    Mandate holders of municipality, corporations, police and welfare (domain.md 6.1): ordinary
    contacts, never residents of a case. Former members stay, for the minutes of their time.
    """

    _name = "buurtbemiddeling.steering.member"
    _description = "Member of the Steering Group"
    _order = "project_id, date_end desc, date_start, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    project_id = fields.Many2one(
        "buurtbemiddeling.project", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Name",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("is_company", "=", False), ("is_confidential", "=", False)],
    )
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    role = fields.Selection(
        ROLES,
        required=True,
        default="member",
        help="What this person does in the steering group.",
    )
    organisation = fields.Char(
        compute="_compute_organisation",
        store=True,
        readonly=False,
        precompute=True,
        help="The organisation that this member speaks for. It stays as it is here, also when the"
        " contact changes jobs.",
    )
    date_start = fields.Date("From", required=True, default=fields.Date.context_today)
    date_end = fields.Date("Until", help="Empty: still a member.")

    _dates_in_order = models.Constraint(
        "CHECK(date_end >= date_start)",
        "The membership ends before it starts. Correct one of the two dates.",
    )

    @api.depends("partner_id")
    def _compute_organisation(self):
        for member in self:
            member.organisation = member.partner_id.parent_id.name or member.partner_id.company_name

    @api.constrains("partner_id")
    def _check_no_resident(self):
        self.partner_id._check_not_confidential()

    @api.constrains("project_id", "partner_id", "date_start", "date_end")
    def _check_one_at_a_time(self):
        """Someone is in a steering group once on a day."""
        others = self.search(
            Domain("project_id", "in", self.project_id.ids)
            & Domain("partner_id", "in", self.partner_id.ids)
        )
        for member in self:
            for other in others - member:
                if (
                    (other.project_id, other.partner_id) == (member.project_id, member.partner_id)
                    and other.date_start <= (member.date_end or date.max)
                    and member.date_start <= (other.date_end or date.max)
                ):
                    raise ValidationError(
                        self.env._(
                            "%(name)s is a member of this steering group already, since %(date)s."
                            " Fill in “Until” there before you add a new row.",
                            name=member.partner_id.name,
                            date=fields.Date.to_string(other.date_start),
                        )
                    )

    @api.model
    def _get_domain_on(self, day):
        """Return the domain of who is a member on a day."""
        return Domain("date_start", "<=", day) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", day)
        )
