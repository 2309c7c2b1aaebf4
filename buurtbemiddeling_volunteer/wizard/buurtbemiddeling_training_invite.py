from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PROPOSAL_OF_KIND = {"basic": "no_basic", "peer": "no_peer"}


class BuurtbemiddelingTrainingInvite(models.TransientModel):
    """Choose whom to invite to a training session, and mail each of them apart.

    Who is in the session already, or declined, is not proposed.
    """

    _name = "buurtbemiddeling.training.invite"
    _description = "Invite to a Training"
    _check_company_auto = True

    session_id = fields.Many2one(
        "buurtbemiddeling.training.session", required=True, ondelete="cascade"
    )
    # with the user's own rights: sessions of other organisations stay out of reach
    company_id = fields.Many2one(related="session_id.company_id", related_sudo=False)
    seats_free = fields.Integer(related="session_id.seats_free", related_sudo=False)
    capacity = fields.Integer(related="session_id.capacity", related_sudo=False)
    proposal = fields.Selection(
        [
            ("not_had", "Who has not had this training"),
            ("no_basic", "Who has not passed the basic training"),
            ("no_peer", "Who was not at peer review lately"),
            ("all", "Everyone"),
        ],
        "Propose",
        required=True,
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        help="Whom the list below proposes; you choose who is invited.",
    )
    peer_months = fields.Integer(
        "Months without peer review",
        default=6,
        help="Who was not at peer review for so many months is proposed.",
    )
    stage_ids = fields.Many2many(
        "buurtbemiddeling.volunteer.stage",
        "buurtbemiddeling_training_invite_stage_rel",
        "wizard_id",
        "stage_id",
        string="In phase",
        compute="_compute_stage_ids",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        help="Only volunteers in these phases are proposed.",
    )
    language_id = fields.Many2one("buurtbemiddeling.language", "Speaks")
    volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        "buurtbemiddeling_training_invite_volunteer_rel",
        "wizard_id",
        "volunteer_id",
        string="Volunteers",
        compute="_compute_volunteer_ids",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        check_company=True,
        domain="[('company_id', '=', company_id), ('stage_id.is_left', '=', False)]",
        help="Who gets the invitation.",
    )
    to_phone = fields.Char(
        "Without e-mail address",
        compute="_compute_to_phone",
        help="They are invited as well, and you get a to-do to phone them.",
    )

    @api.depends("session_id")
    def _compute_proposal(self):
        for wizard in self:
            wizard.proposal = PROPOSAL_OF_KIND.get(wizard.session_id.kind, "not_had")

    @api.depends("session_id")
    def _compute_stage_ids(self):
        stages = self.env["buurtbemiddeling.volunteer.stage"].search([("is_left", "=", False)])
        for wizard in self:
            session = wizard.session_id
            wizard.stage_ids = session and stages.filtered(session._is_meant_for)

    @api.depends("session_id", "proposal", "peer_months", "stage_ids", "language_id")
    def _compute_volunteer_ids(self):
        for wizard in self:
            wizard.volunteer_ids = self.env["buurtbemiddeling.volunteer"].search(
                wizard._get_proposal_domain()
            )

    @api.depends("volunteer_ids.email")
    def _compute_to_phone(self):
        for wizard in self:
            mailable = wizard.volunteer_ids.partner_id._filtered_mailable()
            to_phone = wizard.volunteer_ids.filtered(
                lambda volunteer, mailable=mailable: volunteer.partner_id not in mailable
            )
            wizard.to_phone = ", ".join(to_phone.mapped("name"))

    def _get_proposal_domain(self):
        """Return the domain of the volunteers who are proposed."""
        self.ensure_one()
        session = self.session_id
        domain = (
            Domain("company_id", "=", session.company_id.id)
            & Domain("stage_id", "in", self.stage_ids.ids)
            & Domain(
                "enrolment_ids",
                "not any",
                [("session_id", "=", session.id), ("state", "!=", "cancelled")],
            )
        )
        if self.language_id:
            domain &= Domain("language_ids", "in", self.language_id.ids)
        if self.proposal == "not_had":
            domain &= self._get_not_had_domain()
        elif self.proposal == "no_basic":
            domain &= Domain("basic_training_date", "=", False) & self._get_not_had_domain()
        elif self.proposal == "no_peer":
            day = fields.Date.context_today(self) - relativedelta(months=self.peer_months)
            domain &= Domain("last_peer_date", "=", False) | Domain("last_peer_date", "<", day)
        return domain

    def _get_not_had_domain(self):
        """Who was not there, and is not about to be in another session of the same training."""
        had = Domain("state", "=", "attended") | (
            Domain("state", "in", ("invited", "waiting", "enrolled"))
            & Domain("session_id.state", "=", "planned")
        )
        had &= Domain("session_id.training_id", "=", self.session_id.training_id.id)
        return Domain("enrolment_ids", "not any", had)

    def action_invite(self):
        """Invite those who were chosen, each by a mail of their own; nobody is invited twice.

        :raise UserError: when nobody was chosen, or there is nothing to come to
        """
        self.ensure_one()
        if not self.volunteer_ids:
            raise UserError(self.env._("Choose at least one volunteer to invite."))
        self.session_id._invite(self.volunteer_ids)
        return {"type": "ir.actions.act_window_close"}

    def action_open_template(self):
        """Open the text of the mail."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.template",
            "res_id": self.session_id._get_invitation_template().id,
            "view_mode": "form",
        }
