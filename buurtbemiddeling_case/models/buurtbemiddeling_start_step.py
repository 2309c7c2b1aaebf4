from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingStartStep(models.Model):
    """A step of the guided start ("Getting Started"), as data: what, why, how long, which screen.

    Nothing depends on a step: whoever skips them all has a system that works. A step may carry a
    fact by which it is seen to be done by itself; an organisation may also mark it. Other modules
    add steps for their own screens.
    """

    _name = "buurtbemiddeling.start.step"
    _description = "Step of the Guided Start"
    _inherit = ["buurtbemiddeling.code.mixin"]

    description = fields.Text(translate=True, help="What to do, why, and how long it takes.")
    icon = fields.Char(default="fa-flag-o", help="Name of an icon of Font Awesome 4.")
    action_id = fields.Many2one(
        "ir.actions.actions", "Screen", ondelete="set null", help="Where the step is done."
    )
    admin_action_id = fields.Many2one(
        "ir.actions.actions",
        "Screen for the administrator of Odoo",
        ondelete="set null",
        help="Opens instead for who also administers Odoo's users.",
    )
    fact_model = fields.Char(
        "Fact about", help="The records by which the step is seen to be done. Empty: by hand only."
    )
    fact_domain = fields.Char("Fact", default="[]", help="The step is done when one record fits.")
    fact_company = fields.Char(
        "Organisation of the fact",
        default="company_id",
        help="The field that says whose record it is; “id” when it is an organisation itself."
        " Empty: it counts for all.",
    )
    is_by_fact_only = fields.Boolean(
        "By its fact only", help="Nobody ticks this step off: it is done when its fact is there."
    )
    mark_ids = fields.One2many("buurtbemiddeling.start.mark", "step_id", "Marks")
    state = fields.Selection(
        [("open", "To do"), ("seen", "Done"), ("done", "Ticked off"), ("skipped", "Not for us")],
        compute="_compute_state",
        help="For the organisation that you work in now.",
    )
    state_text = fields.Char("Who and when", compute="_compute_state")

    # ------------------------------------------------------------
    # WHERE IT STANDS
    # ------------------------------------------------------------

    @api.depends("mark_ids.state", "mark_ids.company_id", "fact_model", "fact_domain")
    @api.depends_context("company", "lang", "tz")
    def _compute_state(self):
        company = self.env.company
        marks = {
            mark.step_id: mark
            for mark in self.env["buurtbemiddeling.start.mark"].search(
                [("step_id", "in", self.ids), ("company_id", "=", company.id)]
            )
        }
        seen = self._find_seen(company)
        for step in self:
            mark = marks.get(step)
            if step.is_by_fact_only and mark and mark.state == "done":
                mark = None
            step.state = mark.state if mark else "seen" if step in seen else "open"
            step.state_text = mark and self.env._(
                "%(user)s, %(date)s",
                user=mark.create_uid.name,
                date=format_date(self.env, mark.create_date),
            )

    def _find_seen(self, company):
        """Return the steps that are seen to be done by themselves; a query a step."""
        return self.filtered(lambda step: step.fact_model and step._has_fact(company))

    def _has_fact(self, company):
        """Tell whether there is a record in the organisation that shows this step to be done."""
        self.ensure_one()
        domain = Domain(literal_eval(self.fact_domain or "[]"))
        if self.fact_company:
            domain &= Domain(self.fact_company, "in", company.ids)
        # sudo: nothing of the record is told but that there is one; which records are asked for is
        # data of the modules, that nobody types
        return bool(self.env[self.fact_model].sudo().search(domain, limit=1))

    @api.model
    @api.readonly
    def get_progress(self, on_my_day=False):
        """Return where the organisation stands, for the line above the steps and above My day.

        :param on_my_day: asked for My day, where nothing is counted once the line was put away
        :return: ``{"text", "percent", "is_away"}``: a sentence, and whether My day is to be silent;
            False for who is no administrator
        """
        if not self.env.user.has_group("buurtbemiddeling_case.group_manager"):
            return False
        if on_my_day and self.env.company.buurtbemiddeling_start_is_away:
            return False
        states = [state for state in self.search([]).mapped("state") if state != "skipped"]
        done = len(states) - states.count("open")
        return {
            "text": self.env._(
                "Getting started: %(done)s of %(all)s steps done", done=done, all=len(states)
            ),
            "percent": 100 * done // len(states) if states else 100,
            "is_away": self.env.company.buurtbemiddeling_start_is_away or done == len(states),
        }

    @api.model
    def put_away(self):
        """Keep the line off My day from now on; the steps stay under Configuration."""
        self.check_access("read")
        # sudo: companies are changed by the administrator of Odoo only; this is one switch of the
        # organisation that an administrator of buurtbemiddeling works in now
        self.env.company.sudo().buurtbemiddeling_start_is_away = True

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open(self):
        """Open the screen where this step is done."""
        self.ensure_one()
        self.check_access("read")
        # sudo: an action says which screen opens; what it shows is up to the rights of the user
        action = self.sudo().action_id
        if self.sudo().admin_action_id and self.env.user.has_group("base.group_erp_manager"):
            action = self.sudo().admin_action_id
        values = self.env[action.type].sudo().browse(action.id)._get_action_dict()
        if values.get("res_model") == "res.company":
            values["res_id"] = self.env.company.id
        return values

    def action_done(self):
        """Tick the step off for this organisation; not one that only its fact shows to be done."""
        self.filtered(lambda step: not step.is_by_fact_only)._mark("done")

    def action_skip(self):
        """Say that the step is not for this organisation."""
        self._mark("skipped")

    def action_reopen(self):
        """Take the mark back."""
        self._mark(False)

    def _mark(self, state):
        """Replace the mark of this organisation on these steps; no state removes it."""
        marks = self.env["buurtbemiddeling.start.mark"]
        marks.search(
            [("step_id", "in", self.ids), ("company_id", "=", self.env.company.id)]
        ).unlink()
        if state:
            marks.create([{"step_id": step.id, "state": state} for step in self])

    @api.model
    def _mark_all(self):
        """Tick off what is still to do: a demo has been set up already, by its administrator."""
        steps = self.with_user(self.env.ref("buurtbemiddeling_case.demo_user_manager"))
        steps.search([]).filtered(lambda step: step.state == "open").action_done()
