from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# "within one month", and "two further months where necessary" (AVG, article 12(3))
ANSWER_MONTHS = 1
FURTHER_MONTHS = 2
KINDS = [
    ("access", "Access"),
    ("correction", "Correction"),
    ("erasure", "Erasure"),
    ("restriction", "Restriction or objection"),
]
CORRECTED = ("corrected_name", "corrected_address", "corrected_contact", "corrected_story",
             "corrected_consent", "corrected_other")  # fmt: skip
# what only the buttons below write
GUARDED = {"state", "done_date", "done_by_id", "subject_text", "checked_digest"}
OPEN = ("open", "checked")
CORRECTED_HELP = "Tick what you changed: the list of requests keeps that, and not what it was."


class BuurtbemiddelingPrivacyRequest(models.Model):
    """Someone asks for his data, or to correct, remove or not use them (AVG, articles 12 to 21).

    The list of requests is the log of them. So nothing can be typed here, there are no messages,
    and whose request it was is forgotten when it is done: the numbers of the cases, the kind and
    the days are left. Nobody changes or removes what is done.
    """

    _name = "buurtbemiddeling.privacy.request"
    _description = "Privacy Request"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.privacy.access.mixin",
        "buurtbemiddeling.privacy.access.case.mixin",
        "buurtbemiddeling.privacy.access.value.mixin",
        "buurtbemiddeling.privacy.erasure.mixin",
        "buurtbemiddeling.care.mixin",
    ]
    _order = "due_date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        KINDS,
        required=True,
        default="access",
        help="Access: articles 15 and 20 of the AVG. Correction: 16. Erasure: 17. Restriction or"
        " objection: 18 and 21.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Handled by",
        default=lambda self: self.env["buurtbemiddeling.case"]._default_user_id(),
        index="btree_not_null",
        ondelete="restrict",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    received_date = fields.Date("Received on", required=True, default=fields.Date.context_today)
    identity_check = fields.Selection(
        [
            ("document", "Showed an identity document here"),
            ("called_back", "Called back on the number that we have"),
            ("letter", "By letter to the address that we have"),
            ("questions", "Knew what only this person knows"),
            ("login", "Logged in on the portal"),
            ("representative", "Representative, with a written authorisation"),
        ],
        "How we know who it is",
        help="Ask no more than is needed, and keep no copy of an identity document.",
    )
    extension_reason = fields.Selection(
        [("complex", "The request is complex"), ("number", "There are many requests")],
        "Longer term because",
        help="Two more months. Tell the person why, within a month of the request.",
    )
    due_date = fields.Date("Answer before", compute="_compute_due_date", store=True, index=True)
    is_late = fields.Boolean("Too late", compute="_compute_is_late")
    state = fields.Selection(
        [("open", "To do"), ("checked", "Checked"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        default="open",
        readonly=True,
        index=True,
        copy=False,
    )

    # how it ended: codes and days, never what someone said
    refusal_reason = fields.Selection(
        [
            ("identity", "We do not know who asks"),
            ("repeated", "Unfounded or excessive"),
            ("needed", "The data are needed for a legal claim or obligation"),
            ("nothing", "We have nothing of this person"),
            ("withdrawn", "Withdrawn"),
        ],
        "Refused because",
        help="Tell the person why, and that a complaint to the Autoriteit Persoonsgegevens is"
        " possible (AVG, article 12(4)).",
    )
    corrected_name = fields.Boolean("Name corrected", help=CORRECTED_HELP)
    corrected_address = fields.Boolean("Address corrected", help=CORRECTED_HELP)
    corrected_contact = fields.Boolean("Phone or e-mail corrected", help=CORRECTED_HELP)
    corrected_story = fields.Boolean("What is going on corrected", help=CORRECTED_HELP)
    corrected_consent = fields.Boolean("Consent or its date corrected", help=CORRECTED_HELP)
    corrected_other = fields.Boolean("Something else corrected", help=CORRECTED_HELP)
    recipients_told = fields.Selection(
        [
            ("nobody", "Nobody got these data"),
            ("told", "Yes"),
            ("impossible", "Not possible, or far too much work"),
        ],
        "Recipients told",
        help="Who got the data, such as the referrer, is told what was corrected, removed or"
        " restricted (AVG, article 19).",
    )
    subject_text = fields.Char("About", readonly=True, copy=False)
    done_date = fields.Date("Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", "Done by", readonly=True, copy=False, ondelete="restrict"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.model
    def _get_asking(self):
        """Return the domain of the requests that are open."""
        return Domain("state", "in", OPEN)

    @api.depends("received_date", "extension_reason", "company_id.buurtbemiddeling_answer_days")
    def _compute_due_date(self):
        """Within the term of the organisation, and never later than the law allows."""
        for request in self:
            if not request.received_date:
                request.due_date = False
                continue
            last = request._get_last_day()
            if request.extension_reason:
                request.due_date = last + relativedelta(months=FURTHER_MONTHS)
            else:
                days = timedelta(days=request.company_id.buurtbemiddeling_answer_days)
                request.due_date = min(last, request.received_date + days)

    def _get_last_day(self):
        """Return the last day on which the law wants an answer, or word of a longer term."""
        self.ensure_one()
        return self.received_date + relativedelta(months=ANSWER_MONTHS)

    @api.depends("due_date", "state")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for request in self:
            request.is_late = (
                request.state in OPEN and request.due_date and request.due_date < today
            )

    @api.depends("kind", "received_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Neutral: nobody's name."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            day = format_date(self.env, request.received_date)
            request.display_name = f"{kinds.get(request.kind)}, {day}"

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("kind", "partner_id", "party_id")
    def _check_has_subject(self):
        for request in self:
            if request.state in OPEN and not (request.partner_id or request.party_id):
                raise ValidationError(self.env._("Say whose request it is: choose a contact."))

    @api.constrains("received_date")
    def _check_received_date(self):
        today = fields.Date.context_today(self)
        if any(request.received_date > today for request in self):
            raise ValidationError(
                self.env._("A request is received today or earlier. Correct the day.")
            )

    @api.constrains("extension_reason")
    def _check_extension(self):
        """Who gets no answer in a month, hears why within that month (AVG, article 12(3))."""
        today = fields.Date.context_today(self)
        for request in self.filtered("extension_reason"):
            if request._get_last_day() < today:
                raise ValidationError(
                    self.env._(
                        "The term could be made longer until %s. Answer this request as soon as you"
                        " can.",
                        format_date(self.env, request._get_last_day()),
                    )
                )

    @api.constrains("user_id", "company_id")
    def _check_user_id(self):
        """Who handles it, sees all data of the person."""
        for request in self.sudo():  # sudo: reads for which organisations a colleague works
            user = request.user_id
            if user and (
                not user.has_group("buurtbemiddeling_case.group_user")
                or request.company_id not in user.company_ids
            ):
                raise ValidationError(
                    self.env._("Choose a coordinator of this organisation to handle the request.")
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded(vals)
        if not self.env.su and any(request.state not in OPEN for request in self):
            raise UserError(
                self.env._("This request is done, and stays as it is. Register a new one.")
            )
        return super().write(vals)

    def _check_guarded(self, vals):
        """Raise ``AccessError`` for values that only the buttons give."""
        if not self.env.su and (GUARDED & vals.keys()):
            raise AccessError(self.env._("Use the buttons to go on with a request."))

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_open_records(self):
        """Open what we have of this person, to look at it or to correct it."""
        self.ensure_one()
        records = (self._get_subjects() or [self.partner_id])[0]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What we have"),
            "res_model": records._name,
            **(
                {"res_id": records.id, "view_mode": "form"}
                if len(records) == 1
                else {"domain": [("id", "in", records.ids)], "view_mode": "list,form"}
            ),
        }

    def action_preview(self):
        """Show the file before it is handed over."""
        self.ensure_one()
        self._check_may_handle()
        self._check_known()
        self._leave_trace("open")
        view = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_privacy_request_view_preview")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("File of one person"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_check(self):
        """Somebody has read the file, and says that it may be handed over."""
        self.ensure_one()
        self._check_open_for("access")
        # sudo: the state is the buttons'
        self.sudo().write(
            {"state": "checked", "checked_digest": self._get_digest(self._get_access_file())}
        )

    def action_print(self):
        """Print the file."""
        self.ensure_one()
        return self.env.ref("buurtbemiddeling_case.action_report_access_file").report_action(
            self, config=False
        )

    def action_download(self):
        """Get the file as data, for another computer to read."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/buurtbemiddeling/privacy/{self.id}/data.json",
            "target": "download",
        }

    def action_done(self):
        """The person has an answer: what is left is that there was a request."""
        self.ensure_one()
        self._check_open_for("access", "correction", "restriction")
        if self.kind == "access" and self.state != "checked":
            raise UserError(
                self.env._("Look at the file first, and say that it may be handed over.")
            )
        if self.kind == "correction" and not any(self[name] for name in CORRECTED):
            raise UserError(self.env._("Tick what was corrected."))
        self._check_recipients_told()
        self._finish("done")

    def action_refuse(self):
        """The person hears why nothing is done."""
        self.ensure_one()
        self._check_may_handle()
        if not self.refusal_reason:
            raise UserError(self.env._("Choose why the request is refused."))
        self._finish("refused")

    def _check_open_for(self, *kinds):
        """Raise ``UserError`` when this request is not ready to be answered."""
        self._check_may_handle()
        if self.state not in OPEN or self.kind not in kinds:
            raise UserError(self.env._("This can not be done with this request any more."))
        self._check_known()

    def _check_known(self):
        """Nobody gets the data of another by asking for them (AVG, article 12(6))."""
        if not self.identity_check:
            raise UserError(
                self.env._("Fill in first how you know that it is this person who asks.")
            )

    def _check_recipients_told(self):
        if self.kind != "access" and not self.recipients_told:
            raise UserError(
                self.env._("Fill in whether who got the data, such as the referrer, was told.")
            )

    def _finish(self, state, subject_text=None):
        """Forget whose request it was."""
        self.ensure_one()
        # sudo: the state is the buttons'; the numbers of cases that are closed to the user as well
        request = self.sudo()
        if subject_text is None:
            subject_text = request._get_subject_text()
        request.write(
            {
                "state": state,
                "subject_text": subject_text,
                "done_date": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
                "partner_id": False,
                "party_id": False,
                "checked_digest": False,
            }
        )

    def _get_subject_text(self):
        """Return the numbers of what this person is: no name."""
        return ", ".join(self.with_context(party_names=False)._get_roles())
