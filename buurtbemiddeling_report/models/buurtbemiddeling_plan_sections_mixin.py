from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang, html2plaintext, is_html_empty


class BuurtbemiddelingPlanSectionsMixin(models.AbstractModel):
    """What a plan prints: its own records, and those that are kept elsewhere, as tables of text.

    A table is a dict as in the annual report (``_prepare_blocks`` of its chapters), so that one
    template prints both.
    """

    _name = "buurtbemiddeling.plan.sections.mixin"
    _description = "Sections of a Plan"

    # ------------------------------------------------------------
    # WHAT IS KEPT ELSEWHERE
    # ------------------------------------------------------------

    # for coordinators: whoever reads figures only reads what was kept at approval
    plan_target_ids = fields.Many2many(
        "buurtbemiddeling.target",
        string="Targets",
        compute="_compute_elsewhere",
        groups="buurtbemiddeling_case.group_user",
    )
    covenant_ids = fields.Many2many(
        "buurtbemiddeling.covenant",
        string="Agreements",
        compute="_compute_elsewhere",
        groups="buurtbemiddeling_case.group_user",
    )
    budget_ids = fields.Many2many(
        "buurtbemiddeling.budget",
        string="Budgets",
        compute="_compute_elsewhere",
        groups="buurtbemiddeling_case.group_user",
    )

    @api.depends("project_id", "date_start", "date_end")
    def _compute_elsewhere(self):
        for plan in self:
            plan.plan_target_ids = plan._get_targets()
            plan.covenant_ids = plan._get_agreements()
            plan.budget_ids = plan._get_budgets()

    def _get_years(self):
        """Return the years of the plan, of a plan without dates none."""
        if not (self.date_start and self.date_end):
            return []
        return list(range(self.date_start.year, self.date_end.year + 1))

    def _get_targets(self):
        """Return the targets of the project, its municipalities and the whole organisation."""
        self.ensure_one()
        return self.env["buurtbemiddeling.target"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("year", "in", self._get_years()),
                ("project_id", "in", [False, self.project_id.id]),
                ("municipality_id", "in", [False, *self.project_id.area_ids.municipality_id.ids]),
            ],
            order="year, municipality_id, indicator_id, id",
        )

    def _get_agreements(self):
        """Return the agreements with partners that hold in the plan's period: those of the project
        and of the whole organisation, without those of which a follow-up is here, too.
        """
        self.ensure_one()
        start, end = self.date_start or date.min, self.date_end or date.max
        found = self.env["buurtbemiddeling.covenant"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("project_id", "in", [False, self.project_id.id])
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", end))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", start))
        )
        return found - found.replaces_id

    def _get_budgets(self):
        """Return the budgets of the project in the years of the plan."""
        self.ensure_one()
        return self.env["buurtbemiddeling.budget"].search(
            [("project_id", "=", self.project_id.id), ("year", "in", self._get_years())],
            order="year, id",
        )

    # ------------------------------------------------------------
    # TABLES
    # ------------------------------------------------------------

    @api.model
    def _block(self, title, columns, rows, note="", is_words=True):
        return {
            "title": title,
            "columns": columns,
            "rows": rows,
            "note": note,
            "is_words": is_words,
            "chart": [],
        }

    def _prepare_blocks(self, section):
        """Return the tables of a section, in the language of the context; none without records.

        :param section: a value of ``section`` of the chapters, or ``False``
        """
        self.ensure_one()
        return getattr(self, f"_prepare_{section}")() if section else []

    def _prepare_goals(self):
        rows = [
            [
                goal.name,
                goal.result or "",
                ", ".join(
                    f"{target.indicator_id.name}: {self._say_target(target)} ({target.year})"
                    for target in goal.target_ids
                ),
            ]
            for goal in self.goal_ids
        ]
        columns = [self.env._("Goal"), self.env._("Intended result"), self.env._("Seen from")]
        return [self._block("", columns, rows)] if rows else []

    def _prepare_target_groups(self):
        rows = [[group.name, group.description or ""] for group in self.target_group_ids]
        columns = [self.env._("Target group"), self.env._("Who they are")]
        return [self._block("", columns, rows)] if rows else []

    def _prepare_targets(self):
        units = dict(
            self.env["buurtbemiddeling.indicator"]._fields["unit"]._description_selection(self.env)
        )
        rows = [
            [
                target.indicator_id.name,
                target.place or "",
                self._say_target(target),
                units.get(target.unit, ""),
                self._say_day(target._get_due()),
            ]
            for target in self._get_targets()
        ]
        columns = [
            self.env._("Figure"),
            self.env._("Where"),
            self.env._("Target"),
            self.env._("Unit"),
            self.env._("To be reached on"),
        ]
        return [self._block("", columns, rows)] if rows else []

    @api.model
    def _say_target(self, target):
        """Return the value of a target with its unit, and which way is good."""
        if target.direction == "at_least":
            return self.env._("at least %s", target.value_text)
        if target.direction == "at_most":
            return self.env._("at most %s", target.value_text)
        return target.value_text

    def _prepare_parties(self):
        agreements = self._get_agreements().filtered(lambda each: each.kind != "data")
        columns = [self.env._("Party"), self.env._("Obligations on referral")]
        return self._prepare_agreements(agreements, columns)

    def _prepare_privacy(self):
        agreements = self._get_agreements().filtered(lambda each: each.kind == "data")
        columns = [self.env._("Party"), self.env._("What was agreed")]
        return self._prepare_agreements(agreements, columns)

    def _prepare_agreements(self, agreements, columns):
        """Return a table an agreement: its parties and what they owe."""
        kinds = dict(agreements._fields["kind"]._description_selection(self.env))
        blocks = []
        for agreement in agreements:
            rows = [
                [party.partner_id.display_name, "; ".join(party.obligation_ids.mapped("name"))]
                for party in agreement.party_ids
            ]
            notes = [self.env._("%s.", kinds[agreement.kind])]
            if agreement.date_start:
                notes.append(self.env._("Since %s.", self._say_day(agreement.date_start)))
            if agreement.date_end:
                notes.append(self.env._("Until %s.", self._say_day(agreement.date_end)))
            if agreement.review_date:
                notes.append(
                    self.env._("To be looked at again on %s.", self._say_day(agreement.review_date))
                )
            rows = rows or [["–", ""]]
            blocks.append(self._block(agreement.name, columns, rows, " ".join(notes)))
        return blocks

    def _prepare_activities(self):
        rows = [
            [
                activity.name,
                activity.goal_id.name or "",
                self._say_days(activity.date_start, activity.date_end),
                activity.user_id.name or "",
            ]
            for activity in self.activity_ids.filtered(lambda each: each.state != "dropped")
        ]
        columns = [
            self.env._("Activity"),
            self.env._("Goal"),
            self.env._("When"),
            self.env._("Responsible"),
        ]
        return [self._block("", columns, rows)] if rows else []

    def _prepare_phases(self):
        """The evaluation moments, below the phases where there are any."""
        if not self.evaluation_ids:
            return []
        blocks = []
        if self.phase_ids:
            rows = [
                [
                    phase.name,
                    self._say_days(phase.date_start, phase.date_end),
                    phase.description or "",
                ]
                for phase in self.phase_ids
            ]
            columns = [self.env._("Phase"), self.env._("When"), self.env._("What happens then")]
            blocks.append(self._block(self.env._("Phases"), columns, rows))
        rows = [
            [moment.name, self._say_day(moment.date), moment.user_id.name or ""]
            for moment in self.evaluation_ids
        ]
        columns = [
            self.env._("What is evaluated"),
            self.env._("When"),
            self.env._("Responsible"),
        ]
        return [*blocks, self._block(self.env._("Evaluation moments"), columns, rows)]

    def _prepare_budget(self):
        """A table a year of what it costs, and one of who pays."""
        blocks = []
        for budget in self._get_budgets():
            lines = [(line.post_id.name, line.amount) for line in budget.line_ids]
            title = self.env._("Budget %s", budget.year)
            blocks += self._prepare_amounts(title, self.env._("Post"), lines)
            funding = [(each.partner_id.display_name, each.amount) for each in budget.funding_ids]
            title = self.env._("Who pays in %s", budget.year)
            blocks += self._prepare_amounts(title, self.env._("Funder"), funding)
        return blocks

    def _prepare_amounts(self, title, what, amounts):
        """Return a table of ``(name, amount)`` with their sum, in the organisation's currency."""
        if not amounts:
            return []
        total = (self.env._("Total"), sum(amount for _name, amount in amounts))
        currency = self.company_id.currency_id
        rows = [
            [name or "", formatLang(self.env, amount, currency_obj=currency)]
            for name, amount in (*amounts, total)
        ]
        return [self._block(title, [what, self.env._("Sum of money")], rows, is_words=False)]

    def _prepare_recognition(self):
        if not self.recognition_ambition:
            return []
        ambitions = self._fields["recognition_ambition"]._description_selection(self.env)
        rows = [[self.env._("Ambition"), dict(ambitions)[self.recognition_ambition]]]
        if self.recognition_date:
            rows.append([self.env._("By"), self._say_day(self.recognition_date)])
        now = self.recognition_id
        if not now.valid_until:
            text = self.env._("not recognised")
        elif now.is_plus:
            text = self.env._(
                "recognised with plus certificate, valid until %s", self._say_day(now.valid_until)
            )
        else:
            text = self.env._("recognised, valid until %s", self._say_day(now.valid_until))
        rows.append([self.env._("Now"), text])
        columns = [self.env._("CCV recognition"), ""]
        return [self._block("", columns, rows)]

    @api.model
    def _say_day(self, day):
        """Return a day in a way that a narrow column does not cut in two at a hyphen."""
        return format_date(self.env, day, date_format="d MMM y")

    @api.model
    def _say_days(self, start, end):
        if start == end:
            return self._say_day(start)
        return self.env._(
            "%(start)s to %(end)s", start=self._say_day(start), end=self._say_day(end)
        )

    # ------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------

    def _get_front(self):
        """Return the front page: what was kept at approval, else of now."""
        self.ensure_one()
        return self.front if self._is_kept() else self._in_language()._prepare_front()

    def _prepare_front(self):
        """Return the facts on the front page as ``[label, text]``, those that are known."""
        project = self.project_id
        facts = [
            (self.env._("Project"), project.name),
            (self.env._("Areas served"), ", ".join(project.area_ids.mapped("name"))),
            (self.env._("Commissioned by"), project.client_id.display_name),
            (self.env._("Funders"), ", ".join(project.funder_ids.mapped("display_name"))),
            (self.env._("Coordinators"), ", ".join(project.user_ids.mapped("name"))),
            (self.env._("Period"), self._get_period_text()),
            (self.env._("Version"), str(self.version)),
            (
                self.env._("Approved"),
                self.approved_on
                and self.env._(
                    "in the meeting of the steering group of %s", self._say_day(self.approved_on)
                ),
            ),
        ]
        return [[label, text] for label, text in facts if text]

    def _get_print_chapters(self):
        """Return the chapters to print as ``{"number", "name", "text", "blocks"}``, in order.

        Those that are empty are left out.
        """
        self.ensure_one()
        chapters = [
            {
                "name": chapter.name,
                "text": False if is_html_empty(chapter.text) else chapter.text,
                "blocks": chapter._get_blocks(),
            }
            for chapter in self.chapter_ids.filtered("is_shown")
        ]
        printed = [chapter for chapter in chapters if chapter["text"] or chapter["blocks"]]
        return [{**chapter, "number": number} for number, chapter in enumerate(printed, start=1)]

    def _get_plain_text(self):
        """Return all words that are printed, as plain lines."""
        texts = [self.name]
        for chapter in self._get_print_chapters():
            texts += [chapter["name"], html2plaintext(chapter["text"] or "")]
            for block in chapter["blocks"]:
                texts += [block["title"], *(cell for row in block["rows"] for cell in row)]
        return "\n".join(texts)

    def action_preview(self):
        """Show the plan on the screen, as it will be printed."""
        report = self.env.ref("buurtbemiddeling_report.action_report_plan")
        action = report.report_action(self, config=False)
        return {**action, "report_type": "qweb-html", "name": self.name}

    def action_print(self):
        """Print the plan."""
        self.check_access("read")
        report = self.env.ref("buurtbemiddeling_report.action_report_plan")
        return report.report_action(self, config=False)
