# ruff: noqa: E501  # STUB: the founder deletes this file when the parts of issue 6 are merged.
"""STUBS of what other parts of issue 6 build (steering, agree, log, money, figures).

Only the fields that the plan reads. Delete with: this file, its line in ``__init__.py``, the lines
with "stub" in ``ir.model.access.csv``, ``test_access_rights.py`` and ``test_doors.py``.
"""

from odoo import fields, models


class StubOwned(models.AbstractModel):
    _name = "buurtbemiddeling.stub.owned"
    _description = "STUB"

    name = fields.Char()
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)


class StubMeeting(models.Model):
    _name = "buurtbemiddeling.steering.meeting"
    _description = "STUB Steering Meeting"
    _inherit = ["buurtbemiddeling.stub.owned"]

    project_id = fields.Many2one("buurtbemiddeling.project", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime()
    state = fields.Selection([("planned", "Planned"), ("held", "Held"), ("minuted", "Minuted")], default="planned")


class StubNetworkActivity(models.Model):
    _name = "buurtbemiddeling.network.activity"
    _description = "STUB Network Activity"
    _inherit = ["buurtbemiddeling.stub.owned"]


class StubCovenant(models.Model):
    _name = "buurtbemiddeling.covenant"
    _description = "STUB Covenant"
    _inherit = ["buurtbemiddeling.stub.owned"]

    kind = fields.Selection([("covenant", "Covenant"), ("working", "Working agreement"), ("data", "Data agreement")], default="covenant")
    project_ids = fields.Many2many("buurtbemiddeling.project", "stub_covenant_project_rel")
    date_start = fields.Date()
    date_end = fields.Date()
    review_date = fields.Date()
    party_ids = fields.One2many("buurtbemiddeling.covenant.party", "covenant_id")


class StubCovenantParty(models.Model):
    _name = "buurtbemiddeling.covenant.party"
    _description = "STUB Party of a Covenant"

    covenant_id = fields.Many2one("buurtbemiddeling.covenant", index=True, ondelete="cascade")
    company_id = fields.Many2one(related="covenant_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner")
    obligations = fields.Text()


class StubBudget(models.Model):
    _name = "buurtbemiddeling.budget"
    _description = "STUB Budget"
    _inherit = ["buurtbemiddeling.stub.owned"]

    project_id = fields.Many2one("buurtbemiddeling.project", required=True)
    year = fields.Integer()
    line_ids = fields.One2many("buurtbemiddeling.budget.line", "budget_id")
    funding_ids = fields.One2many("buurtbemiddeling.budget.funding", "budget_id")


class StubBudgetPost(models.Model):
    _name = "buurtbemiddeling.budget.post"
    _description = "STUB Budget Post"

    name = fields.Char()


class StubBudgetLine(models.Model):
    _name = "buurtbemiddeling.budget.line"
    _description = "STUB Budget Line"

    budget_id = fields.Many2one("buurtbemiddeling.budget", index=True, ondelete="cascade")
    company_id = fields.Many2one(related="budget_id.company_id", store=True)
    post_id = fields.Many2one("buurtbemiddeling.budget.post")
    amount = fields.Float()


class StubBudgetFunding(models.Model):
    _name = "buurtbemiddeling.budget.funding"
    _description = "STUB Budget Funding"

    budget_id = fields.Many2one("buurtbemiddeling.budget", index=True, ondelete="cascade")
    company_id = fields.Many2one(related="budget_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner")
    amount = fields.Float()


class StubTarget(models.Model):
    _inherit = "buurtbemiddeling.target"

    project_id = fields.Many2one("buurtbemiddeling.project", index="btree_not_null")
