from datetime import date

from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase, JsonRpcException, new_test_user
from odoo.tools import mute_logger

from .common import FiguresCase
from .common_sources import SourcesCase

MODULE = "odoo.addons.buurtbemiddeling_report."
REPORTS = {
    "report_year_report": "year.report",
    "report_plan": "plan",
    "report_recognition": "recognition",
    "report_referral_card": "referral.card",
}
FIGURES_ONLY = "buurtbemiddeling_report.group_reporting,base.group_allow_export"
REFUSED = ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException")
NOTHING = (
    [],
    0,
    {"length": 0, "records": []},
    {"length": 0, "groups": []},
    [[0]],
    [{"__count": 0}],
)


class DoorCase(SourcesCase, FiguresCase, HttpCase):
    """A record of every model, and the ways to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.users = {
            name: cls.make_user(name, groups, company)
            for name, groups, company in (
                ("reporting", FIGURES_ONLY, cls.company),
                ("stranger", "buurtbemiddeling_case.group_user,base.group_allow_export", cls.other),
                ("figures_stranger", FIGURES_ONLY, cls.other),
                ("portal", "base.group_portal", cls.company),
            )
        }
        cls.records = cls.make_records()

    @classmethod
    def make_user(cls, name, groups, company):
        return new_test_user(
            cls.env,
            login=f"doors_{name}",
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def make_records(cls):
        """Return ``{model without prefix: a record of our organisation}``, of every model."""
        cls.mine = {"company_id": cls.company.id}
        cls.town = cls.make_area("Town", inhabitants=20000)
        cls.project = cls.make_project(cls.town)
        cls.partner = cls.make_referral_partner()
        records = {
            **cls.make_figures(),
            **cls.make_money(),
            **cls.make_plan(),
            **cls.make_folder(),
            **cls.make_layout(),
        }
        for model in cls.get_models():
            name = model.removeprefix("buurtbemiddeling.")
            if name not in records:
                owned = "company_id" in cls.env[model]._fields
                domain = [("company_id", "=", cls.company.id)] if owned else []
                records[name] = cls.env[model].search(domain, limit=1)
        return records

    @classmethod
    def make(cls, model, **values):
        return cls.env[f"buurtbemiddeling.{model}"].create(values)

    @classmethod
    def make_referral_partner(cls):
        return cls.make(
            "referral.partner",
            partner_id=cls.env["res.partner"].create({"name": "W", "is_company": True}).id,
            referrer_type_id=cls.code("referrer.type", "CORPORATIE").id,
            **cls.mine,
        )

    @classmethod
    def make_figures(cls):
        """Make a frozen benchmark with differences, and what reports on that year."""
        of_partner = {"area_id": cls.town.id, "referral_partner_id": cls.partner.id}
        cls.make_volunteer(area_id=cls.town.id)
        cls.make_cases(3, outcome="OPG_BEM", **of_partner)
        benchmark = cls.compute(2018)
        benchmark.action_freeze()
        cls.make_cases(1)
        benchmark.action_check()
        benchmark._release(cls.env.ref("buurtbemiddeling_report.layout_ccv"))
        report = cls.make("year.report", kind="annual", year=2018, **cls.mine)
        registered = cls.code("indicator", "cases_registered").id
        return {
            "benchmark": benchmark,
            "download": cls.make("download", benchmark_id=benchmark.id),
            "target": cls.make("target", indicator_id=registered, amount=5, year=2018, **cls.mine),
            "year.report": report,
            "year.report.finish": cls.make("year.report.finish", report_id=report.id),
            "referral.card": cls.make(
                "referral.card", referral_partner_id=cls.partner.id, year=2018
            ),
        }

    @classmethod
    def make_money(cls):
        """Make an adopted budget with who pays for it, and what was spent."""
        post = cls.env.ref("buurtbemiddeling_report.budget_post_other").id
        line = Command.create({"post_id": post, "amount": 10})
        budget = cls.make("budget", project_id=cls.project.id, year=2018, line_ids=[line])
        budget.funding_ids = [Command.create({"partner_id": cls.partner.partner_id.id, "share": 1})]
        budget.action_adopt()
        booked = {"project_id": cls.project.id, "date": date(2018, 5, 1)}
        return {
            "budget": budget,
            "budget.actual": cls.make("budget.actual", **booked, post_id=post, amount=5),
            "staff.hours": cls.make("staff.hours", **booked, hours=5),
        }

    @classmethod
    def make_plan(cls):
        """Make a plan of action with a part of each kind."""
        first = cls.env["buurtbemiddeling.project"].search([], limit=1)
        plan = cls.make("plan", project_id=first.id)
        part = {"plan_id": plan.id, "name": "Part"}
        days = {"date_start": plan.date_start, "date_end": plan.date_end}
        return {
            "plan": plan,
            "plan.goal": cls.make("plan.goal", **part),
            "plan.activity": cls.make("plan.activity", **part, **days),
            "plan.phase": cls.make("plan.phase", **part, **days),
            "plan.evaluation": cls.make("plan.evaluation", **part, date=plan.date_start),
            "plan.target.group": cls.make("plan.target.group", code="O", name="Ours", **cls.mine),
        }

    @classmethod
    def make_folder(cls):
        """Make a criterion of the recognition, with a paper that proves it."""
        criterion = cls.make("criterion", name="O", code="O", **cls.mine)
        paper = {"name": "Paper", "kind": "document", "criterion_id": criterion.id}
        evidence = cls.make("criterion.evidence", **paper)
        document = {"name": "Paper", "evidence_id": evidence.id, "file": b"cGFwZXI="}
        return {
            "criterion": criterion,
            "criterion.evidence": evidence,
            "criterion.document": cls.make("criterion.document", **document, **cls.mine),
            "recognition": cls.make("recognition", **cls.mine),
        }

    @classmethod
    def make_layout(cls):
        """Make a form for figures with one column."""
        layout = cls.make("layout", name="Ours", **cls.mine)
        sheet = cls.make("layout.sheet", name="S", layout_id=layout.id)
        registered = cls.code("indicator", "cases_registered").id
        return {
            "layout": layout,
            "layout.sheet": sheet,
            "layout.column": cls.make("layout.column", sheet_id=sheet.id, indicator_id=registered),
        }

    @classmethod
    def get_models(cls):
        """Return the models of this module that have rows."""
        return {
            name
            for name, model in cls.env.items()
            if model._original_module == "buurtbemiddeling_report" and not model._abstract
        }

    def call(self, model, method, *args):
        """Return what the server replies, or the name of the error."""
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_access"):
            try:
                return self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/{method}",
                    {"model": model, "method": method, "args": list(args), "kwargs": {}},
                )
            except JsonRpcException as error:
                return str(error)

    def assertRefused(self, model, method, *args):
        with self.subTest(model=model, method=method):
            refusals = [*REFUSED]
            if method in ("write", "unlink", "export_data"):
                # what is frozen is refused to everyone, and portal users do not export at all
                refusals.append("odoo.exceptions.UserError")
            if model == "buurtbemiddeling.missing.fact":  # its rows are not there for others
                refusals += ["odoo.exceptions.MissingError", []]
            self.assertIn(self.call(model, method, *args), refusals)

    def assertNotFound(self, model, method, *args):
        """Refused, or nothing is found."""
        with self.subTest(model=model, method=method):
            reply = self.call(model, method, *args)
            if isinstance(reply, list) and reply and isinstance(reply[0], dict):
                reply = [{"__count": row["__count"]} for row in reply]
            self.assertIn(reply, [*NOTHING, *REFUSED])

    def get_actions(self, record, only_on_record=False):
        """Return ``{name: arguments}`` of the buttons of a model, found by themselves."""
        actions = {}
        for name in dir(type(record)):
            method = getattr(type(record), name)
            if name.startswith("action_") and "addons.buurtbemiddeling" in method.__module__:
                if not getattr(method, "_api_model", False):
                    actions[name] = [record.ids]
                elif not only_on_record:
                    actions[name] = []
        return actions

    def assertClosed(self, record, actions):
        """Nothing of the record comes out, and nothing happens to it."""
        model, ids, domain = record._name, record.ids, [("id", "in", record.ids)]
        told = next(
            name
            for name, field in record._fields.items()
            if field.store and name not in MAGIC_COLUMNS
        )
        for method, args in (
            ("search", [domain]),
            ("search_count", [domain]),
            ("search_read", [domain, ["id"]]),
            ("web_search_read", [domain, {"display_name": {}}]),
            ("name_search", ["", domain]),
            ("formatted_read_group", [domain, [], ["__count"]]),
            ("web_read_group", [domain, ["id"]]),
        ):
            self.assertNotFound(model, method, *args)
        for method, args in (
            ("read", [ids]),
            ("web_read", [ids, {"display_name": {}}]),
            ("export_data", [ids, [told]]),
            ("copy", [ids]),
            ("write", [ids, {"display_name": "X"}]),
            ("unlink", [ids]),
            *actions.items(),
        ):
            self.assertRefused(model, method, *args)

    def login(self, name):
        self.authenticate(f"doors_{name}", f"doors_{name}")

    def fetch(self, url):
        with mute_logger("odoo.http", "odoo.addons.http_routing.models.ir_http"):
            return self.url_open(url, allow_redirects=False)

    def get_routes(self):
        """Return the addresses of the module, of our benchmark."""
        benchmark_id = self.records["benchmark"].id
        return [
            rule.rule.replace("<int:benchmark_id>", str(benchmark_id))
            for rule in self.env["ir.http"].routing_map().iter_rules()
            if rule.endpoint.func.__module__.startswith(MODULE)
        ]

    def get_papers(self):
        return [
            f"/report/{kind}/buurtbemiddeling_report.{report}/{self.records[model].id}"
            for report, model in REPORTS.items()
            for kind in ("html", "pdf", "text")
        ]

    def get_files(self):
        paper = self.records["criterion.document"]
        return [
            f"/web/content/{paper._name}/{paper.id}/file",
            f"/web/content/{paper._name}/{paper.id}/file?download=1",
        ]
