from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .buurtbemiddeling_assignment import LIVE_STATES
from .buurtbemiddeling_volunteer_document import DOCUMENT_KINDS, REQUIRED_KINDS


class BuurtbemiddelingVolunteer(models.Model):
    """Someone who mediates, or wants to, in free time.

    Name, phone and e-mail live in Contacts, where every colleague may see them; what
    buurtbemiddeling knows about the volunteer lives here.
    """

    _name = "buurtbemiddeling.volunteer"
    _description = "Volunteer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _rec_names_search = ["name"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("is_company", "=", False)],
    )
    name = fields.Char(related="partner_id.name", store=True, precompute=True, index="trigram")
    phone = fields.Char(related="partner_id.phone", readonly=False)
    email = fields.Char(related="partner_id.email", readonly=False)
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Login",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
        help="The login with which this volunteer sees their own cases on the portal.",
    )
    active = fields.Boolean(default=True)
    stage_id = fields.Many2one(
        "buurtbemiddeling.volunteer.stage",
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
    is_active_stage = fields.Boolean(related="stage_id.is_active", string="Gets cases")
    date_start = fields.Date("Volunteer since", copy=False)
    date_end = fields.Date("Left on", copy=False)

    # what the volunteer offers
    language_ids = fields.Many2many(
        "buurtbemiddeling.language",
        "buurtbemiddeling_volunteer_language_rel",
        "volunteer_id",
        "language_id",
        string="Languages",
        ondelete="restrict",
    )
    competence_ids = fields.Many2many(
        "buurtbemiddeling.competence",
        "buurtbemiddeling_volunteer_competence_rel",
        "volunteer_id",
        "competence_id",
        string="Competences",
        ondelete="restrict",
    )
    max_cases = fields.Integer(
        "Cases at once",
        default=2,
        aggregator=None,
        help="The most cases that this volunteer wants to have at the same time.",
    )
    area_id = fields.Many2one(
        "buurtbemiddeling.area", "Lives in", ondelete="restrict", index="btree_not_null"
    )

    # cases
    assignment_ids = fields.One2many("buurtbemiddeling.assignment", "volunteer_id", "Cases")
    active_case_count = fields.Integer("Running cases", compute="_compute_case_count")
    case_count = fields.Integer(
        "All cases",
        compute="_compute_case_count",
        help="Cases in which this volunteer is or was a mediator, each counted once.",
    )
    is_available = fields.Boolean(
        "Room for a case",
        compute="_compute_is_available",
        search="_search_is_available",
        help="Gets cases, and has fewer running cases than the volunteer's own maximum.",
    )

    # requirements
    document_ids = fields.One2many(
        "buurtbemiddeling.volunteer.document", "volunteer_id", "Documents"
    )
    has_expired_document = fields.Boolean(
        "Document expired",
        compute="_compute_has_expired_document",
        search="_search_has_expired_document",
        help="A document has expired, and no newer one of the same kind is valid.",
    )
    enrolment_ids = fields.One2many(
        "buurtbemiddeling.training.enrolment", "volunteer_id", "Trainings"
    )
    basic_training_date = fields.Date(
        "Basic training passed on",
        compute="_compute_basic_training_date",
        store=True,
        help="The basic training was passed with at least 15 hours attended.",
    )
    missing_requirements = fields.Char("Still missing", compute="_compute_missing_requirements")
    learning_hours = fields.Float(compute="_compute_learning_hours")
    learning_hours_year = fields.Float(
        "Learning hours this year", compute="_compute_learning_hours"
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id)", "This person is a volunteer already."
    )
    _board_index = models.Index("(company_id, stage_id, name, id)")
    _max_cases_positive = models.Constraint(
        "CHECK(max_cases >= 0)", "The number of cases at the same time is 0 or more."
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A volunteer leaves on or after the first day. Correct one of the two dates.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("company_id")
    def _compute_stage_id(self):
        first = self.env["buurtbemiddeling.volunteer.stage"].search([], limit=1)
        for volunteer in self:
            volunteer.stage_id = volunteer.stage_id or first

    @api.depends("name", "max_cases")
    @api.depends_context("formatted_display_name", "lang")
    def _compute_display_name(self):
        """In a list to choose from, the name comes with how busy the volunteer is."""
        for volunteer in self:
            volunteer.display_name = volunteer.name
            if self.env.context.get("formatted_display_name") and volunteer.id:
                load = self.env._(
                    "%(running)s of %(maximum)s cases",
                    running=volunteer.active_case_count,
                    maximum=volunteer.max_cases,
                )
                volunteer.display_name = f"{volunteer.name}\t--{load}--"

    @api.depends("assignment_ids.state", "assignment_ids.case_id")
    def _compute_case_count(self):
        groups = self.env["buurtbemiddeling.assignment"]._read_group(
            [("volunteer_id", "in", self.ids), ("state", "!=", "declined")],
            ["volunteer_id", "state"],
            ["case_id:array_agg_distinct"],
        )
        running, ever = defaultdict(set), defaultdict(set)
        for volunteer, state, case_ids in groups:
            ever[volunteer.id].update(case_ids)
            if state in LIVE_STATES:
                running[volunteer.id].update(case_ids)
        for volunteer in self:
            volunteer.active_case_count = len(running[volunteer._origin.id])
            volunteer.case_count = len(ever[volunteer._origin.id])

    @api.depends("active_case_count", "max_cases", "stage_id")
    def _compute_is_available(self):
        for volunteer in self:
            volunteer.is_available = (
                volunteer.stage_id.is_active and volunteer.active_case_count < volunteer.max_cases
            )

    def _search_is_available(self, operator, value):
        if operator != "in":
            return NotImplemented
        groups = self.env["buurtbemiddeling.assignment"]._read_group(
            [("state", "in", LIVE_STATES)], ["volunteer_id"], ["case_id:count_distinct"]
        )
        full = [volunteer.id for volunteer, count in groups if count >= volunteer.max_cases]
        return Domain("stage_id.is_active", "=", True) & Domain("max_cases", ">", 0) & Domain(
            "id", "not in", full
        )

    @api.depends("document_ids.kind", "document_ids.date", "document_ids.valid_until")
    def _compute_has_expired_document(self):
        for volunteer in self:
            valid = volunteer.document_ids.filtered("is_valid")
            expired = volunteer.document_ids.filtered("is_expired")
            volunteer.has_expired_document = bool(
                set(expired.mapped("kind")) - set(valid.mapped("kind"))
            )

    def _search_has_expired_document(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("document_ids", "any", [("kind", "=", kind), ("is_expired", "=", True)])
            & Domain("document_ids", "not any", [("kind", "=", kind), ("is_valid", "=", True)])
            for kind, _label in DOCUMENT_KINDS
        )

    @api.depends(
        "enrolment_ids.result",
        "enrolment_ids.attended_hours",
        "enrolment_ids.result_date",
        "enrolment_ids.session_id.training_id.kind",
    )
    def _compute_basic_training_date(self):
        for volunteer in self:
            passed = volunteer.enrolment_ids.filtered(lambda e: e._is_basic_training_passed())
            dates = filter(None, passed.mapped("result_date"))
            volunteer.basic_training_date = min(dates, default=False)

    @api.depends(
        "basic_training_date",
        "document_ids.kind",
        "document_ids.date",
        "document_ids.valid_until",
    )
    @api.depends_context("lang")
    def _compute_missing_requirements(self):
        names = {
            "agreement": self.env._("signed agreement"),
            "confidentiality": self.env._("confidentiality statement"),
        }
        for volunteer in self:
            missing = []
            if not volunteer.basic_training_date:
                missing.append(self.env._("basic training of at least 15 hours"))
            valid = volunteer.document_ids.filtered("is_valid").mapped("kind")
            missing += [names[kind] for kind in REQUIRED_KINDS if kind not in valid]
            volunteer.missing_requirements = ", ".join(missing)

    @api.depends("enrolment_ids.attended_hours", "enrolment_ids.date_end")
    def _compute_learning_hours(self):
        year = fields.Date.context_today(self).year
        groups = self.env["buurtbemiddeling.training.enrolment"]._read_group(
            [("volunteer_id", "in", self.ids), ("attended_hours", ">", 0)],
            ["volunteer_id", "date_end:year"],
            ["attended_hours:sum"],
        )
        total, this_year = defaultdict(float), defaultdict(float)
        for volunteer, start_of_year, hours in groups:
            total[volunteer.id] += hours
            if start_of_year and start_of_year.year == year:
                this_year[volunteer.id] += hours
        for volunteer in self:
            volunteer.learning_hours = total[volunteer._origin.id]
            volunteer.learning_hours_year = this_year[volunteer._origin.id]

    def _read_group_stage_ids(self, stages, domain):
        return stages.search([])

    @api.constrains("user_id", "partner_id")
    def _check_user(self):
        """The portal shows a volunteer's cases to this login, so it must be the same person's."""
        for volunteer in self:
            # sudo: coordinators may not read every login; only whose it is, is compared
            user = volunteer.user_id.sudo()
            if user and user.partner_id != volunteer.partner_id:
                raise ValidationError(
                    self.env._(
                        "The login %(login)s belongs to someone else. Choose the login of"
                        " %(volunteer)s.",
                        login=user.login,
                        volunteer=volunteer.name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """An empty stage, as in an import, is the first stage."""
        return super().create(
            [
                {name: value for name, value in vals.items() if name != "stage_id" or value}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        moved = self.browse()
        if "stage_id" in vals:
            moved = self.filtered(lambda volunteer: volunteer.stage_id.id != vals["stage_id"])
        res = super().write(vals)
        if moved:
            moved._check_stage_requirements()
            moved._date_membership(vals)
        return res

    def _check_stage_requirements(self):
        """Refuse a phase for which a volunteer is not ready, or cannot leave their cases.

        Not asked of new or imported volunteers: history comes in with what is known.

        :raise UserError: names the volunteers and what is missing
        """
        if self.env.context.get("import_file"):
            return
        unready = self.filtered(lambda v: v.stage_id.is_active and v.missing_requirements)
        if unready:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s can not get cases yet. Still missing: %(missing)s.",
                        volunteer=volunteer.name,
                        missing=volunteer.missing_requirements,
                    )
                    for volunteer in unready
                )
            )
        leaving = self.filtered(lambda v: v.stage_id.is_left and v.active_case_count)
        if leaving:
            live = leaving.assignment_ids.filtered("is_live").grouped("volunteer_id")
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(volunteer)s still mediates in %(cases)s. End that first, so that"
                        " another mediator can take over.",
                        volunteer=volunteer.name,
                        cases=", ".join(assignments.case_id.mapped("name")),
                    )
                    for volunteer, assignments in live.items()
                )
            )

    def _date_membership(self, vals):
        """The first day is that of the first active phase, the last day that of leaving."""
        today = fields.Date.context_today(self)
        starting = self.filtered(lambda v: v.stage_id.is_active and not v.date_start)
        if starting and "date_start" not in vals:
            starting.date_start = today
        if "date_end" in vals:
            return
        gone = self.filtered(lambda v: v.stage_id.is_left and not v.date_end)
        if gone:
            gone.date_end = today
        back = self.filtered(lambda v: not v.stage_id.is_left and v.date_end)
        if back:
            back.date_end = False

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_cases(self):
        """Open the cases in which this volunteer is or was a mediator."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_case_action"
        )
        action["domain"] = [
            (
                "assignment_ids",
                "any",
                [("volunteer_id", "=", self.id), ("state", "!=", "declined")],
            )
        ]
        action["context"] = {}
        return action
