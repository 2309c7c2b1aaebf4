from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .buurtbemiddeling_case_search_mixin import trigram_index

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
        "buurtbemiddeling.case.retention.mixin",  # first: it refuses what is anonymised
        "buurtbemiddeling.case.page.mixin",
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.case.aftercare.mixin",  # before the thread: its to-dos add followers
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
        "buurtbemiddeling.case.approach.mixin",
        "buurtbemiddeling.case.intake.mixin",
        "buurtbemiddeling.case.earlier.mixin",
        "buurtbemiddeling.case.triage.mixin",
        "buurtbemiddeling.case.help.mixin",
        "buurtbemiddeling.case.closing.mixin",
        "buurtbemiddeling.case.feedback.mixin",
        "buurtbemiddeling.case.progress.mixin",
        "buurtbemiddeling.case.contact.mixin",
        "buurtbemiddeling.case.key.contact.mixin",
        "buurtbemiddeling.care.mixin",
        "buurtbemiddeling.case.clock.mixin",
        "buurtbemiddeling.case.number.mixin",
        "buurtbemiddeling.case.referral.mixin",  # before merging and splitting
        "buurtbemiddeling.case.merge.mixin",
        "buurtbemiddeling.case.split.mixin",
        "buurtbemiddeling.case.project.mixin",
        "buurtbemiddeling.case.outside.mixin",
        "buurtbemiddeling.case.import.mixin",
        "buurtbemiddeling.case.search.mixin",
    ]
    _track_duration_field = "stage_id"
    _order = "registration_date desc, id desc"
    _check_company_auto = True

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

    # registration
    registration_date = fields.Date(
        "Registered on",
        required=True,
        default=fields.Date.context_today,
        help="The day on which the request came in, which may be earlier than the day of typing.",
    )
    channel = fields.Selection(
        CHANNELS,
        "Came in by",
        default="phone",
        help="By which way the request reached you.",
    )
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
    quarrel_duration = fields.Selection(
        QUARREL_DURATIONS,
        "Going on for",
        help="How long the neighbours have had this quarrel.",
    )
    escalation = fields.Selection(
        ESCALATIONS,
        "How far it has come",
        help="The worst that has happened between them so far.",
    )
    area_id = fields.Many2one(
        "buurtbemiddeling.area", "Neighbourhood", ondelete="restrict", index="btree_not_null"
    )
    served_area_ids = fields.Many2many(
        "buurtbemiddeling.area",
        compute="_compute_served_area_ids",
        export_string_translation=False,
        exportable=False,
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
        help="All that plays a part; the figures count the case under each.",
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

    # handling
    meeting_ids = fields.One2many("buurtbemiddeling.meeting", "case_id", "Talks")
    pause_ids = fields.One2many("buurtbemiddeling.case.pause", "case_id", "Pauses")
    agreement_ids = fields.One2many("buurtbemiddeling.case.agreement", "case_id", "Agreements")

    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL AND external_ref != ''",
        "Another case in this organisation has this number of the old system already.",
    )
    _search_index = trigram_index("name", "former_numbers", "external_ref")
    _board_index = models.Index("(company_id, stage_id, registration_date DESC, id DESC)")
    _registration_index = models.Index("(company_id, registration_date DESC, id DESC)")
    # My day: of ten years of cases, few are open
    _open_index = models.Index("(company_id, user_id) WHERE is_closed IS NOT TRUE")

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
        """The project that serves the area on the day of registration; see there.

        Another day leaves it as it is, as it may have been corrected.
        """
        places = {
            case: (case.company_id.id, case.area_id, case.registration_date)
            for case in self
            if case.area_id
        }
        found = self.env["buurtbemiddeling.project"]._get_of_places(set(places.values()))
        for case in self:
            case.project_id = found.get(places.get(case))

    @api.depends("company_id")
    def _compute_served_area_ids(self):
        """The areas of the organisation's projects, to choose from; none says: all areas."""
        served = defaultdict(self.env["buurtbemiddeling.area"].browse)
        for company, area in self.env["buurtbemiddeling.project"]._read_group(
            [("company_id", "in", self.company_id.ids)], ["company_id", "area_ids"]
        ):
            served[company] |= area
        for case in self:
            case.served_area_ids = served[case.company_id]

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

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            for name in ("company_id", "registration_date"):
                if name in vals and not vals[name]:  # an empty cell of an import
                    del vals[name]
        cases = super().create(vals_list)
        cases._include_main_nuisance()
        return cases

    def write(self, vals):
        self._check_stays_in_organisation(vals)
        res = super().write(vals)
        if "main_nuisance_type_id" in vals:
            self._include_main_nuisance()
        if "user_id" in vals:
            self.meeting_ids._get_coming()._sync_calendar()
        return res

    def _check_stays_in_organisation(self, vals):
        """Refuse to bring a case with residents or talks to another organisation.

        :raise UserError: others would see them
        """
        if "company_id" in vals:
            leaving = self.filtered(lambda case: case.company_id.id != vals["company_id"])
            if leaving.party_ids or leaving.meeting_ids or leaving._has_records_apart():
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

    def _include_main_nuisance(self):
        for case in self:
            main = case.main_nuisance_type_id
            if main and main not in case.nuisance_type_ids:
                case.nuisance_type_ids = [fields.Command.link(main.id)]
                case.main_nuisance_type_id = main
