from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

CHANNELS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("web", "Web form"),
    ("portal", "Referrer portal"),
    ("visit", "At the desk"),
    ("letter", "Letter"),
    ("other", "Other"),
]
# How long a quarrel has been going on and how far it has come: earlier means better odds, so both
# are asked at once, in one click, and count in the figures.
QUARREL_DURATIONS = [
    ("weeks", "Weeks"),
    ("months", "Months"),
    ("year", "About a year"),
    ("years", "Years"),
    ("unknown", "Unknown"),
]
ESCALATIONS = [
    ("irritation", "Irritation"),
    ("argument", "Arguments"),
    ("hardened", "No longer on speaking terms"),
    ("threat", "Threats or police involved"),
    ("unknown", "Unknown"),
]
FEEDBACK_STATES = [
    ("none", "Not needed"),
    ("later", "After closing"),
    ("owed", "Owed"),
    ("done", "Given"),
]


class BuurtbemiddelingCase(models.Model):
    """A quarrel between neighbours, from registration (aanmelding) to aftercare (nazorg).

    Three different things are three different fields: the phase it is in (``stage_id``), the form
    of help given (``intervention_id``) and how it ended (``outcome_id`` at closing,
    ``aftercare_outcome_id`` after aftercare). What residents tell is on their own party record,
    never here.
    """

    _name = "buurtbemiddeling.case"
    _description = "Neighbour Mediation Case"
    _inherit = [
        "buurtbemiddeling.thread.mixin",
        "mail.tracking.duration.mixin",
        "mail.activity.mixin",
        "buurtbemiddeling.case.intake.mixin",
        "buurtbemiddeling.case.earlier.mixin",
        "buurtbemiddeling.case.clock.mixin",
    ]
    _track_duration_field = "stage_id"
    _order = "registration_date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        default=lambda self: self._default_user_id(),
        index=True,
        tracking=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    active = fields.Boolean(default=True)
    external_ref = fields.Char(
        "Number in the old system", copy=False, help="Unique in the organisation; for imports."
    )

    # registration
    registration_date = fields.Date(
        "Registered on",
        required=True,
        default=fields.Date.context_today,
        help="The day on which the request came in, which may be earlier than the day of typing.",
    )
    channel = fields.Selection(CHANNELS, "Came in by", default="phone")
    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner",
        "Referred by",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    referrer_type_id = fields.Many2one(
        "buurtbemiddeling.referrer.type",
        "Referrer type",
        compute="_compute_referrer_type_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Also for residents who come by themselves: Resident.",
    )
    tipped_by_type_id = fields.Many2one(
        "buurtbemiddeling.referrer.type",
        "Tipped by",
        ondelete="restrict",
        help="Who told a resident, who came by himself, of buurtbemiddeling.",
    )
    quarrel_duration = fields.Selection(QUARREL_DURATIONS, "Going on for")
    escalation = fields.Selection(ESCALATIONS, "How far it has come")
    area_id = fields.Many2one(
        "buurtbemiddeling.area", "Neighbourhood", ondelete="restrict", index="btree_not_null"
    )
    served_area_ids = fields.Many2many(
        "buurtbemiddeling.area", compute="_compute_served_area_ids", export_string_translation=False
    )
    municipality_id = fields.Many2one(
        related="area_id.municipality_id", store=True, index="btree_not_null", precompute=True
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    nuisance_type_ids = fields.Many2many(
        "buurtbemiddeling.nuisance.type",
        "buurtbemiddeling_case_nuisance_type_rel",
        "case_id",
        "nuisance_type_id",
        string="Nuisance",
        ondelete="restrict",
    )
    main_nuisance_type_id = fields.Many2one(
        "buurtbemiddeling.nuisance.type",
        "Main nuisance",
        compute="_compute_main_nuisance_type_id",
        store=True,
        readonly=False,
        ondelete="restrict",
    )
    talked_with_neighbour = fields.Selection(
        [("yes", "Yes"), ("tried", "Tried"), ("no", "No")],
        "Talked with the neighbour?",
        help="The standard question at intake: have you talked with your neighbour yourself?",
    )
    party_ids = fields.One2many("buurtbemiddeling.case.party", "case_id", "Parties")

    # intake decision
    intake_decision = fields.Selection(
        [
            ("suitable", "Suitable"),
            ("advice", "Advice only"),
            ("refer", "Refer on"),
            ("unsuitable", "Not suitable"),
        ],
        tracking=True,
        copy=False,
    )
    intake_date = fields.Date(
        "Decided on",
        compute="_compute_intake_date",
        store=True,
        readonly=False,
        copy=False,
    )
    contraindication_ids = fields.Many2many(
        "buurtbemiddeling.contraindication",
        "buurtbemiddeling_case_contraindication_rel",
        "case_id",
        "contraindication_id",
        string="Contra-indications",
        ondelete="restrict",
    )
    complexity_ids = fields.Many2many(
        "buurtbemiddeling.complexity",
        "buurtbemiddeling_case_complexity_rel",
        "case_id",
        "complexity_id",
        ondelete="restrict",
    )
    is_complex = fields.Boolean("Complex", compute="_compute_is_complex", store=True)

    # handling
    stage_id = fields.Many2one(
        "buurtbemiddeling.case.stage",
        "Phase",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        index=True,
        ondelete="restrict",
        tracking=True,
        group_expand="_read_group_stage_ids",
    )
    meeting_ids = fields.One2many("buurtbemiddeling.meeting", "case_id", "Talks")
    pause_ids = fields.One2many("buurtbemiddeling.case.pause", "case_id", "Pauses")
    agreement_ids = fields.One2many("buurtbemiddeling.case.agreement", "case_id", "Agreements")
    intervention_id = fields.Many2one(
        "buurtbemiddeling.intervention", "Form of help", ondelete="restrict"
    )

    # ending
    is_closed = fields.Boolean(related="stage_id.is_closed", store=True, precompute=True)
    outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result at closing",
        ondelete="restrict",
        tracking=True,
        copy=False,
    )
    close_date = fields.Date("Closed on", copy=False, index="btree_not_null")
    aftercare_date = fields.Date("Aftercare on", copy=False)
    aftercare_outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Result after aftercare",
        ondelete="restrict",
        tracking=True,
        copy=False,
    )
    feedback_date = fields.Date("Feedback given on", copy=False)
    feedback_state = fields.Selection(
        FEEDBACK_STATES,
        "Feedback to referrer",
        compute="_compute_feedback_state",
        store=True,
        readonly=False,
        copy=False,
    )
    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "This case number is in use already in this organisation."
    )
    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL AND external_ref != ''",
        "Another case in this organisation has this number of the old system already.",
    )
    _board_index = models.Index("(company_id, stage_id, registration_date DESC, id DESC)")
    _registration_index = models.Index("(company_id, registration_date DESC, id DESC)")
    _closed_after_registered = models.Constraint(
        "CHECK(close_date IS NULL OR close_date >= registration_date)",
        "A case is closed on or after the day it was registered. Correct one of the two dates.",
    )
    _aftercare_after_registered = models.Constraint(
        "CHECK(aftercare_date IS NULL OR aftercare_date >= registration_date)",
        "Aftercare comes after registration. Correct one of the two dates.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("referral_partner_id")
    def _compute_referrer_type_id(self):
        for case in self:
            if case.referral_partner_id:
                case.referrer_type_id = case.referral_partner_id.referrer_type_id
            else:
                case.referrer_type_id = case.referrer_type_id

    @api.depends("area_id", "company_id")
    def _compute_project_id(self):
        by_area = self.env["buurtbemiddeling.project"]._get_by_area(self.area_id, self.company_id)
        for case in self:
            case.project_id = by_area.get((case.company_id.id, case.area_id.id))

    @api.depends("company_id")
    def _compute_served_area_ids(self):
        """The areas of the organisation's projects, to choose from; none says: all areas."""
        projects = self.env["buurtbemiddeling.project"].search(
            [("company_id", "in", self.company_id.ids)]
        )
        for case in self:
            case.served_area_ids = projects.filtered(
                lambda project, company=case.company_id: project.company_id == company
            ).area_ids

    @api.depends("nuisance_type_ids")
    def _compute_main_nuisance_type_id(self):
        """One nuisance is the main one; of several the coordinator says which."""
        for case in self:
            if case.main_nuisance_type_id not in case.nuisance_type_ids:
                case.main_nuisance_type_id = (
                    case.nuisance_type_ids if len(case.nuisance_type_ids) == 1 else False
                )
            else:
                case.main_nuisance_type_id = case.main_nuisance_type_id

    @api.depends("complexity_ids")
    def _compute_is_complex(self):
        for case in self:
            case.is_complex = bool(case.complexity_ids)

    @api.depends("intake_decision")
    def _compute_intake_date(self):
        for case in self:
            if case.intake_decision and not case.intake_date:
                case.intake_date = fields.Date.context_today(case)
            elif not case.intake_decision:
                case.intake_date = False

    @api.depends("company_id")
    def _compute_stage_id(self):
        first = self.env["buurtbemiddeling.case.stage"].search([], limit=1)
        for case in self:
            case.stage_id = case.stage_id or first

    @api.depends("referral_partner_id", "is_closed", "feedback_date")
    def _compute_feedback_state(self):
        for case in self:
            if case.feedback_date:
                case.feedback_state = "done"
            elif not case.referral_partner_id:
                case.feedback_state = "none"
            else:
                case.feedback_state = "owed" if case.is_closed else "later"

    @api.model
    def _default_user_id(self):
        """The case is the coordinator's who takes the call."""
        if self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return self.env.user
        return self.env["res.users"]

    @api.constrains("user_id", "company_id")
    def _check_user_id(self):
        """Nobody outside buurtbemiddeling of the organisation is put in charge of a case."""
        # sudo: reads for which organisations a colleague works
        for user, company in {(case.user_id, case.company_id) for case in self.sudo()}:
            if not user:
                continue
            if (
                not user.has_group("buurtbemiddeling_case.group_user")
                or company not in user.company_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for buurtbemiddeling in %(company)s. Choose one of"
                        " the coordinators.",
                        user=user.name,
                        company=company.name,
                    )
                )

    @api.constrains("stage_id", "close_date")
    def _check_closed_phase(self):
        """Figures count by closing date, the board shows the phase: they say the same."""
        for case in self:
            if case.close_date and not case.is_closed:
                raise ValidationError(
                    self.env._(
                        "Case %(number)s has a closing date, so it belongs in a closed phase."
                        " Remove the date or choose another phase.",
                        number=case.name,
                    )
                )

    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        closed_stage = self._get_closed_stage()
        today = fields.Date.context_today(self)
        for vals in vals_list:
            for name in ("stage_id", "company_id", "registration_date"):
                if name in vals and not vals[name]:  # an empty cell of an import
                    del vals[name]
            if vals.get("close_date") and not vals.get("stage_id"):
                vals["stage_id"] = closed_stage.id
            if vals.get("feedback_state") == "done" and not vals.get("feedback_date"):
                vals["feedback_date"] = vals.get("close_date") or today
            vals.setdefault(
                "stage_date", vals.get("close_date") or vals.get("registration_date") or today
            )
        self._give_numbers(vals_list)
        cases = super().create(vals_list)
        cases._date_closing()
        cases._include_main_nuisance()
        return cases

    def write(self, vals):
        vals = dict(vals)
        self._check_kept_together(vals)
        moved = self.browse()
        if vals.get("close_date") and "stage_id" not in vals:
            if any(not case.is_closed for case in self):
                vals["stage_id"] = self._get_closed_stage().id
        if "stage_id" in vals:
            stage = self.env["buurtbemiddeling.case.stage"].browse(vals["stage_id"])
            moved = self.filtered(lambda case: case.stage_id != stage)
            if not stage.is_closed:
                vals.setdefault("close_date", False)
        res = super().write(vals)
        if moved:
            moved._check_required_fields()
            if "stage_date" not in vals:
                moved.stage_date = fields.Date.context_today(self)
        if "stage_id" in vals:
            self._date_closing()
        if "main_nuisance_type_id" in vals:
            self._include_main_nuisance()
        if "user_id" in vals:
            self.meeting_ids._get_coming()._sync_calendar()
        return res

    def _check_kept_together(self, vals):
        """Refuse changes that would split a case from its date or from its people.

        :raise UserError: when a closed case would lose its closing date, or a case with residents
            or talks would go to another organisation
        """
        if "close_date" in vals and not vals["close_date"] and "stage_id" not in vals:
            closed = self.filtered("is_closed")
            if closed:
                raise UserError(
                    self.env._(
                        "Case %s is closed, so it keeps a closing date. To open it again, choose"
                        " another phase.",
                        ", ".join(closed.mapped("name")),
                    )
                )
        if "company_id" in vals:
            leaving = self.filtered(lambda case: case.company_id.id != vals["company_id"])
            if leaving.party_ids or leaving.meeting_ids:
                raise UserError(
                    self.env._(
                        "A case with residents or talks stays in its organisation, or others would"
                        " see them. Register it anew in the other organisation."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_parties_and_talks(self):
        """Their messages, files and calendar entries go with them."""
        self.party_ids.unlink()
        self.meeting_ids.unlink()

    def copy_data(self, default=None):
        """A copy is a new request: it starts today, in the first phase."""
        default = dict(default or {})
        default.setdefault("registration_date", fields.Date.context_today(self))
        return super().copy_data(default)

    def _get_closed_stage(self):
        return self.env["buurtbemiddeling.case.stage"].search([("is_closed", "=", True)], limit=1)

    def _date_closing(self):
        """Closed today, unless the closing date says otherwise."""
        today = fields.Date.context_today(self)
        undated = self.filtered(lambda case: case.is_closed and not case.close_date)
        for day, cases in undated.grouped(lambda case: max(today, case.registration_date)).items():
            cases.close_date = day

    def _include_main_nuisance(self):
        for case in self:
            main = case.main_nuisance_type_id
            if main and main not in case.nuisance_type_ids:
                case.nuisance_type_ids = [fields.Command.link(main.id)]
                case.main_nuisance_type_id = main

    def _give_numbers(self, vals_list):
        """Number new cases per organisation and year of registration: 2026-0001, 2026-0002, ...

        All numbers of one organisation and year are taken in one query.
        """
        defaults = self.default_get(["company_id", "registration_date"])
        batches = defaultdict(list)
        for vals in vals_list:
            if not vals.get("name"):
                company_id = vals.get("company_id") or defaults["company_id"]
                date = fields.Date.to_date(
                    vals.get("registration_date") or defaults["registration_date"]
                )
                batches[company_id, date.year].append(vals)
        for (company_id, year), batch in batches.items():
            # sudo: coordinators do not manage sequences; only numbers come back
            sequence = self.env["ir.sequence"].sudo()._buurtbemiddeling_case(company_id)
            free = []
            while len(free) < len(batch):
                numbers = sequence._next_numbers_of_year(year, len(batch) - len(free))
                # numbers that came in with an import are passed over
                taken = self.sudo().with_context(active_test=False)
                taken = taken.search(
                    [("company_id", "=", company_id), ("name", "in", numbers)]
                ).mapped("name")
                free += [number for number in numbers if number not in taken]
            for vals, number in zip(batch, free, strict=True):
                vals["name"] = number

    def _check_required_fields(self):
        """Refuse a phase whose required fields are empty, naming them.

        Not asked of new or imported cases: history comes in with what is known.

        :raise UserError: names the fields and the cases
        """
        if self.env.context.get("import_file"):
            return
        for stage, cases in self.grouped("stage_id").items():
            # sudo: reads which fields a phase requires, and their labels
            for field in stage.sudo().required_field_ids:
                lacking = cases.filtered(lambda case, name=field.name: not case[name])
                if lacking:
                    raise UserError(
                        self.env._(
                            "Fill in “%(field)s” before moving case %(cases)s to %(stage)s.",
                            field=field.field_description,
                            cases=", ".join(lacking.mapped("name")),
                            stage=stage.name,
                        )
                    )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_close(self):
        """Open the wizard that asks for the result and closes the cases."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close case"),
            "res_model": "buurtbemiddeling.case.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": [fields.Command.set(self.ids)]},
        }

    def action_feedback_given(self):
        """Note that the referrer was told, today, that the case has ended."""
        open_cases = self.filtered(lambda case: not case.is_closed)
        if open_cases:
            raise UserError(
                self.env._(
                    "Case %s is still open. Close it before you tell the referrer how it ended.",
                    ", ".join(open_cases.mapped("name")),
                )
            )
        self.filtered(
            lambda case: case.feedback_state == "owed"
        ).feedback_date = fields.Date.context_today(self)
