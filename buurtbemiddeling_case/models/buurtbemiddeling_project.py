from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingProject(models.Model):
    """The unit that a steering group commissions: areas served, coordinators, a start, who pays.

    A case falls under the project that serves its area on the day of registration; what came in
    before the first project of an area began falls under that first one. Topics that a project
    answers for (steering group, plan, network, money, year circle) are models of their own that
    point to it.
    """

    _name = "buurtbemiddeling.project"
    _description = "Neighbour Mediation Project"
    _inherit = [
        "buurtbemiddeling.project.circle.mixin",
        "buurtbemiddeling.project.steering.mixin",
        "buurtbemiddeling.project.covenant.mixin",
        "buurtbemiddeling.project.network.mixin",
        "buurtbemiddeling.project.rights.mixin",
    ]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    area_ids = fields.Many2many(
        "buurtbemiddeling.area",
        "buurtbemiddeling_project_area_rel",
        "project_id",
        "area_id",
        string="Areas served",
        ondelete="restrict",
        help="Cases in these areas, and in the areas inside them, fall under the project.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_project_user_rel",
        "project_id",
        "user_id",
        string="Coordinators",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids)
        ],
        help="Who works for this project. When it is only for them, nobody else reads its cases.",
    )
    date_start = fields.Date("Start", default=fields.Date.context_today)
    date_end = fields.Date("End", help="Empty: it goes on until further notice.")
    client_id = fields.Many2one(
        "res.partner",
        "Commissioned by",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("is_company", "=", True)],
        help="The organisation that ordered the work, mostly the municipality.",
    )
    funder_ids = fields.Many2many(
        "res.partner",
        "buurtbemiddeling_project_funder_rel",
        "project_id",
        "partner_id",
        string="Funders",
        ondelete="restrict",
        check_company=True,
        domain=[("is_company", "=", True)],
        help="Who pays for it: municipality, housing corporations, ...",
    )

    case_ids = fields.One2many(
        "buurtbemiddeling.case", "project_id", "Cases", groups="buurtbemiddeling_case.group_user"
    )
    case_count = fields.Integer(
        "Cases so far", compute="_compute_case_count", groups="buurtbemiddeling_case.group_user"
    )
    open_case_count = fields.Integer(
        "Running cases", compute="_compute_case_count", groups="buurtbemiddeling_case.group_user"
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_end >= date_start)",
        "The project ends before it starts. Correct one of the two dates.",
    )

    def _compute_case_count(self):
        groups = self.env["buurtbemiddeling.case"]._read_group(
            [("project_id", "in", self.ids)], ["project_id", "is_closed"], ["__count"]
        )
        counts = {(project.id, is_closed): count for project, is_closed, count in groups}
        for project in self:
            project.open_case_count = counts.get((project.id, False), 0)
            project.case_count = project.open_case_count + counts.get((project.id, True), 0)

    @api.constrains("area_ids", "company_id", "date_start", "date_end", "active")
    def _check_no_overlap(self):
        """On one day an area is served by one project of an organisation.

        A project of a neighbourhood beside that of the whole town is fine: the smaller one wins.
        """
        served = {}
        for project in self.search([("company_id", "in", self.company_id.ids)]):
            for area in project.area_ids:
                served.setdefault((project.company_id, area), []).append(project)
        for project in self.filtered("active"):
            for area in project.area_ids:
                for other in served.get((project.company_id, area), ()):
                    if other != project and project._overlaps(other):
                        raise ValidationError(
                            self.env._(
                                "“%(other)s” serves %(area)s in that time already (%(period)s)."
                                " Let one project end before the other begins, or choose another"
                                " area.",
                                other=other.name,
                                area=area.name,
                                period=other._get_period_text(),
                            )
                        )

    def _overlaps(self, other):
        self.ensure_one()
        return (self.date_start or date.min) <= (other.date_end or date.max) and (
            other.date_start or date.min
        ) <= (self.date_end or date.max)

    def _runs_on(self, day):
        self.ensure_one()
        return (self.date_start or day) <= day <= (self.date_end or day)

    def _get_period_text(self):
        """Return from when until when, in words."""
        self.ensure_one()
        start = format_date(self.env, self.date_start) if self.date_start else ""
        end = format_date(self.env, self.date_end) if self.date_end else ""
        if start and end:
            return self.env._("%(start)s to %(end)s", start=start, end=end)
        if end:
            return self.env._("until %s", end)
        return self.env._("since %s", start) if start else self.env._("no dates given")

    # ------------------------------------------------------------
    # CASES
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        projects._adopt()
        return projects

    def write(self, vals):
        res = super().write(vals)
        if {"area_ids", "user_ids", "company_id", "active", "date_start", "date_end"} & vals.keys():
            self._adopt()
        return res

    def _adopt(self):
        """Cases in the areas served that have no project yet fall under this one.

        Other modules add what else falls under a project.
        """
        cases = self.env["buurtbemiddeling.case"].with_context(active_test=False)
        for project in self.filtered("area_ids"):
            cases |= cases.search(
                [
                    ("company_id", "=", project.company_id.id),
                    ("project_id", "=", False),
                    ("area_id", "child_of", project.area_ids.ids),
                ]
            )
        cases._compute_project_id()
        self._hand_over()
        self._adopt_network()

    def _hand_over(self):
        """Cases of a day on which their project did not run move to the one that did.

        So a succession may be entered afterwards. A case outside the areas of its project stays, as
        a coordinator put it there; so does one that would come to be for others than before,
        because one of the two projects is for its own coordinators only.
        """
        projects = self.with_context(active_test=False).search(
            [("company_id", "in", self.company_id.ids), ("is_members_only", "=", False)]
        )
        outside = Domain.OR(
            Domain("project_id", "=", project.id) & Domain("registration_date", operator, day)
            for project in projects
            for operator, day in (("<", project.date_start), (">", project.date_end))
            if day
        )
        cases = self.env["buurtbemiddeling.case"].with_context(active_test=False).search(outside)
        places = {
            case: (case.company_id.id, case.area_id, case.registration_date)
            for case in cases
            if case.area_id._get_around() & case.project_id.area_ids
        }
        found = self._get_of_places(set(places.values()))
        moving = cases.filtered(
            lambda case: found.get(places.get(case), case.project_id)._runs_on(
                case.registration_date
            )
        )
        for project, theirs in moving.grouped(lambda case: found[places[case]]).items():
            if not project.is_members_only:
                theirs.project_id = project

    @api.model
    def _get_of_places(self, places):
        """Return ``{place: project}`` for those places that a project serves. One query.

        Of the projects around a place that run on the day, the one of the smallest area wins;
        when none had begun yet, the first one to begin.

        :param places: tuples ``(company id, area record, day or False for today)``
        """
        companies = {company_id for company_id, _area, _day in places}
        projects = self.search(Domain("company_id", "in", list(companies)))
        by_area = {}
        for project in projects:
            for area in project.area_ids:
                by_area.setdefault((project.company_id.id, area.id), []).append(project)
        today = fields.Date.context_today(self)
        found = {}
        for place in places:
            company_id, area, day = place
            around = [int(part) for part in (area.parent_path or "").split("/") if part]
            candidates = [
                project
                for area_id in reversed(around)
                for project in by_area.get((company_id, area_id), ())
            ]
            project = self._choose(candidates, day or today)
            if project:
                found[place] = project
        return found

    @api.model
    def _get_only(self, users, companies):
        """Return ``{(company, user): project}`` where there is one running project to choose from.

        That is the only one of the user, or else the only one of the organisation. One query.
        """
        today = fields.Date.context_today(self)
        running = self.search(
            Domain("company_id", "in", companies.ids)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        found = {}
        for company in companies:
            of_company = running.filtered(lambda project, at=company: project.company_id == at)
            for user in [*users, users.browse()]:
                own = of_company.filtered(lambda project, who=user: who and who in project.user_ids)
                choice = own or of_company
                if len(choice) == 1:
                    found[company, user] = choice
        return found

    def _choose(self, candidates, day):
        """Return the first of ``candidates`` that runs on a day, else the first one to begin."""
        later = []
        for project in candidates:
            if project.date_start and project.date_start > day:
                later.append(project)
            elif not project.date_end or project.date_end >= day:
                return project
        if later and len(later) == len(candidates):
            return min(later, key=lambda project: project.date_start)
        return None

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_cases(self):
        """Open the board of the cases of this project."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_case_action"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("project_id", "=", self.id)],
            "context": {"default_project_id": self.id},
        }
