from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ..turns import wait_for_turn
from .buurtbemiddeling_case_party_feedback_mixin import FEEDBACK_CONSENTS

FEEDBACK_STATES = [
    ("none", "Not needed"),
    ("later", "After closing"),
    ("owed", "Owed"),
    ("done", "Given"),
]
# where the day is noted on which the referrer was told
DATE_FIELDS = {"received": "receipt_date", "ended": "feedback_date"}


class BuurtbemiddelingCaseFeedbackMixin(models.AbstractModel):
    """Who referred the resident, and what goes back to that referrer (terugkoppeling).

    A referrer is told two things, in agreed wordings only: that the referral was received, and
    that the case has ended. The first says nothing that the referrer did not know, so it needs no
    consent. The second needs that of the reporters (side A): one of them said yes, and none of
    them said no. The other party is not asked, and nothing is said of it.
    """

    _name = "buurtbemiddeling.case.feedback.mixin"
    _description = "Feedback on a Case"

    referral_organisation_id = fields.Many2one(
        "res.partner",
        compute="_compute_referral_organisation_id",
        export_string_translation=False,
        exportable=False,
    )
    referral_contact_id = fields.Many2one(
        "res.partner",
        "Contact person",
        compute="_compute_referral_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Who of the organisation referred the resident, and hears how it ended.",
    )
    referrer_ref = fields.Char(
        "Their reference",
        copy=False,
        help="The referrer's own number of this referral, to put on what we send back. No names.",
    )
    receipt_date = fields.Date("Receipt confirmed on", copy=False)
    feedback_consent = fields.Selection(
        FEEDBACK_CONSENTS,
        "Reporter agrees to feedback",
        compute="_compute_feedback_consent",
        store=True,
        help="Whether the referrer may be told how the case ended.",
    )
    feedback_date = fields.Date(
        "Feedback given on",
        compute="_compute_feedback_date",
        store=True,
        readonly=False,
        copy=False,
    )
    feedback_state = fields.Selection(
        FEEDBACK_STATES,
        "Feedback to referrer",
        compute="_compute_feedback_state",
        store=True,
        readonly=False,
        copy=False,
    )
    feedback_owed_days = fields.Integer(
        "Days owed",
        compute="_compute_feedback_owed_days",
        help="Days since the case was closed.",
    )
    feedback_ids = fields.One2many("buurtbemiddeling.feedback", "case_id", "Told to the referrer")

    _feedback_owed_index = models.Index("(company_id, user_id) WHERE feedback_state = 'owed'")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("referral_partner_id.partner_id")
    def _compute_referral_organisation_id(self):
        for case in self:
            case.referral_organisation_id = case.referral_partner_id.partner_id

    @api.depends("referral_partner_id")
    def _compute_referral_contact_id(self):
        for case in self:
            organisation = case.referral_partner_id.partner_id
            if case.referral_contact_id and case.referral_contact_id.parent_id != organisation:
                case.referral_contact_id = False
            else:
                case.referral_contact_id = case.referral_contact_id

    @api.depends("party_ids.side", "party_ids.feedback_consent")
    def _compute_feedback_consent(self):
        """What the reporters said; without any reporter left, what was known stays."""
        for case in self:
            reporters = case.party_ids.filtered(lambda party: party.side == "a")
            answers = reporters.mapped("feedback_consent")
            if reporters:
                case.feedback_consent = next(
                    (answer for answer in ("no", "yes") if answer in answers), "not_asked"
                )
            else:
                case.feedback_consent = case.feedback_consent or "not_asked"

    @api.depends("is_closed")
    def _compute_feedback_date(self):
        """A case that is opened again ends again, and the referrer is told again."""
        for case in self:
            case.feedback_date = case.feedback_date if case.is_closed else False

    @api.depends("referral_partner_id", "is_closed", "feedback_date", "feedback_consent")
    def _compute_feedback_state(self):
        for case in self:
            if case.feedback_date:
                case.feedback_state = "done"
            elif not case.referral_partner_id or case.feedback_consent == "no":
                case.feedback_state = "none"
            else:
                case.feedback_state = "owed" if case.is_closed else "later"

    @api.depends("feedback_state", "close_date")
    def _compute_feedback_owed_days(self):
        today = fields.Date.context_today(self)
        for case in self:
            owed = case.feedback_state == "owed" and case.close_date
            case.feedback_owed_days = (today - case.close_date).days if owed else 0

    @api.constrains("referral_contact_id", "referral_partner_id")
    def _check_referral_contact_id(self):
        """Who is told about a case works for the organisation that referred it."""
        # sudo: the flag is not for everyone to read; only the name of a referrer is told
        for case in self.sudo().filtered("referral_contact_id"):
            contact, organisation = case.referral_contact_id, case.referral_organisation_id
            if contact.is_confidential or contact.parent_id != organisation:
                raise ValidationError(
                    self.env._(
                        "The contact person of case %(case)s does not work for %(organisation)s."
                        " Choose one of its contact persons.",
                        case=case.name,
                        organisation=organisation.name or self.env._("the referrer"),
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:  # an import may say only that it was done
            if vals.get("feedback_state") == "done" and not vals.get("feedback_date"):
                vals["feedback_date"] = vals.get("close_date") or fields.Date.context_today(self)
        return super().create(vals_list)

    # ------------------------------------------------------------
    # WHAT IS TOLD
    # ------------------------------------------------------------

    def _get_feedback_wording_code(self, kind):
        """Return the code of the wording for this case.

        With a partner that may hear the result, that follows from the result that counts: solved
        or not solved for what was really taken up; a request that was withdrawn, or a resident who
        moved, is neither, so it has just ended.
        """
        self.ensure_one()
        if kind == "received":
            return "RECEIVED"
        outcome = self.aftercare_outcome_id or self.outcome_id
        if self.referral_partner_id.feedback_wording != "result" or not outcome:
            return "ENDED"
        if outcome.code == "DOORVERWEZEN":
            return "REFERRED_ON"
        if not outcome.counts_suitable:
            return "NOT_SUITABLE"
        if outcome.counts_positive:
            return "SOLVED"
        return "NOT_SOLVED" if outcome.counts_handled else "ENDED"

    def _get_feedback_wordings(self, kind):
        """Return ``{case: wording}`` of what the referrers of these cases are told.

        :param kind: "received" or "ended"
        :raise UserError: when a wording that can not be missed was archived
        """
        wordings = self.env["buurtbemiddeling.feedback.wording"].search([]).grouped("code")
        found = {}
        for case in self:
            code = case._get_feedback_wording_code(kind)
            wording = wordings.get(code) or (kind == "ended" and wordings.get("ENDED"))
            if not wording:
                raise UserError(
                    self.env._(
                        "The agreed wording %s is missing. Ask the administrator to add it under"
                        " Configuration.",
                        code,
                    )
                )
            found[case] = wording
        return found

    def _get_feedback_texts(self, kind):
        """Return ``{case: (wording, text)}``, each in the language of the referrer."""
        texts = {}
        for case, wording in self._get_feedback_wordings(kind).items():
            lang = case._get_feedback_recipient().lang or self.env.lang
            wording = wording.with_context(lang=lang)
            values = {
                "number": case._get_known_number(),
                "registration_date": format_date(self.env, case._get_known_date(), lang_code=lang),
                "reference": case.referrer_ref or "-",
            }
            texts[case] = (wording, wording._render(values))
        return texts

    def _get_mailable_referrers(self):
        """Return who of all referrers of these cases can be mailed, asked at once."""
        return (self.referral_contact_id | self.referral_organisation_id)._filtered_mailable()

    def _get_feedback_recipient(self, mode=None, mailable=None):
        """Return the contact who is told: the contact person, or else the organisation.

        A contact person who left the organisation is not told. For a mail it must be someone who
        has an address and wants to be mailed; without any the organisation comes back.

        :param mailable: the answer of ``_get_mailable_referrers``, asked for more cases
        """
        self.ensure_one()
        contact, organisation = self.referral_contact_id, self.referral_organisation_id
        if not contact.active or contact.parent_id != organisation:
            return organisation
        if mode != "mail":
            return contact
        return contact & (self._get_mailable_referrers() if mailable is None else mailable) or (
            organisation
        )

    def _get_feedback_obstacle(self, kind, mode=None, mailable=None):
        """Return in a sentence why the referrer can not be told (so), or ``None``.

        :param kind: "received" or "ended"
        :param mode: "mail", "letter" or "phone"; ``None``: whatever the way
        :param mailable: as in ``_get_feedback_recipient``
        """
        self.ensure_one()
        if not self.referral_partner_id:
            return self.env._("Nobody referred this resident.")
        if kind == "received" and self.is_closed:
            return self.env._("The case has ended. Tell the referrer so.")
        if kind == "ended":
            if not self.is_closed:
                return self.env._(
                    "The case is still open. Close it before you tell the referrer how it ended."
                )
            if self.feedback_consent == "no":
                return self.env._("The reporter does not want the referrer to be told.")
            if self.feedback_consent != "yes":
                if not self._get_first_party("a"):
                    return self.env._(
                        "Nobody is known who can agree. Add the reporter to the case first."
                    )
                return self.env._(
                    "Ask the reporter first whether the referrer may be told, and note the answer."
                )
        if mode == "mail":
            mailable = self._get_mailable_referrers() if mailable is None else mailable
            if self._get_feedback_recipient("mail", mailable) not in mailable:
                return self.env._(
                    "The referrer has no e-mail address, or wants no mail. Print a letter or phone."
                )
        return None

    def _tell_referrer(self, kind, mode):
        """Tell the referrers of these cases, once, and keep what was told.

        :param kind: "received" or "ended"
        :param mode: "mail", "letter" (the caller prints it) or "phone"
        :return: the new ``buurtbemiddeling.feedback`` rows
        :raise UserError: when there is an obstacle, see ``_get_feedback_obstacle``
        """
        # two colleagues may both have the list open: the second finds that it was told
        wait_for_turn(self)
        cases = self.filtered(lambda case: not case[DATE_FIELDS[kind]])
        mailable = cases._get_mailable_referrers()
        obstacles = [case._get_feedback_obstacle(kind, mode, mailable) for case in cases]
        if any(obstacles):
            raise UserError("\n".join(filter(None, obstacles)))
        today = fields.Date.context_today(self)
        rows = self.env["buurtbemiddeling.feedback"].create(
            [
                {
                    "case_id": case.id,
                    "referral_partner_id": case.referral_partner_id.id,
                    "recipient_id": case._get_feedback_recipient(mode, mailable).id,
                    "kind": kind,
                    "mode": mode,
                    "date": today,
                    "wording_id": wording.id,
                    "text": text,
                }
                for case, (wording, text) in cases._get_feedback_texts(kind).items()
            ]
        )
        cases.write({DATE_FIELDS[kind]: today})
        if mode == "mail":
            rows._mail()
        rows._log_on_case()
        return rows

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_feedback(self):
        """Open the wizard that tells the referrers how these cases ended."""
        return self._open_feedback_wizard("ended")

    def action_confirm_receipt(self):
        """Open the wizard that tells the referrers that their referral arrived."""
        return self._open_feedback_wizard("received")

    def _open_feedback_wizard(self, kind):
        wizard = self.env["buurtbemiddeling.case.feedback"].create(
            {
                "kind": kind,
                "line_ids": [Command.create({"case_id": case.id}) for case in self],
            }
        )
        return wizard._get_action()
