"""What is only read can come from a replica: see docs/operations.md.

That it does, is shown by tests/test_replica.py with a real one.
"""

from datetime import date

from odoo.tests import TransactionCase, new_test_user, tagged

from ..builder import Builder
from .common_doors import DoorScene

OURS = "odoo.addons.buurtbemiddeling_"
# Pages that stay on the primary although they are only asked for. A replica is a moment behind.
ON_PRIMARY = {
    "what has ended for a mediator or a referrer is gone at once": (
        "/my/",
        "/buurtbemiddeling/verwijzen",
    ),
    "that it was taken is noted": (
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/cases",
        "/buurtbemiddeling/import/<int:import_id>/wrong.xlsx",
        "/buurtbemiddeling/privacy/<int:request_id>/data.json",
    ),
}


@tagged("post_install", "-at_install")
class TestReadonlyRoutes(DoorScene):
    def test_pages(self):
        """Every page of ours can be read from a replica, or it is said why not."""
        on_primary = tuple(path for paths in ON_PRIMARY.values() for path in paths)
        wrong = [
            route.path
            for route in self.get_routes()
            if (routing := route.endpoints.get("GET"))
            and bool(routing["readonly"]) == route.path.startswith(on_primary)
        ]
        self.assertFalse(wrong)

    def test_doors_of_odoo(self):
        """Who wrote a moment ago is not sent to a replica, by none of the doors for reading."""
        rules = {rule.rule: rule for rule in self.env["ir.http"].routing_map().iter_rules()}
        for path in (
            "/web/dataset/call_kw",
            "/web/dataset/call_button",
            "/report/<converter>/<reportname>",
        ):
            readonly = rules[path].endpoint.routing["readonly"]
            self.assertTrue(callable(readonly), path)
            self.assertTrue(readonly.__module__.startswith(OURS), path)


@tagged("post_install", "-at_install")
class TestReadonlyMethods(TransactionCase):
    def test_no_method_loses_its_replica(self):
        """A method of ours that overrides one of Odoo's that only reads, says that it does too."""
        wrong = set()
        for model in self.env.values():
            for cls in type(model).mro():
                if not cls.__module__.startswith(OURS):
                    continue
                for name, method in vars(cls).items():
                    if (
                        callable(method)
                        and not hasattr(method, "_readonly")
                        and any(hasattr(getattr(base, name, None), "_readonly")
                                for base in type(model).mro())
                    ):  # fmt: skip
                        wrong.add(f"{cls.__module__}.{name}")
        self.assertFalse(wrong)

    def test_screens_read(self):
        """On every model of ours, Odoo lets what its screens read come from a replica."""
        for model in self.env:
            if model.startswith("buurtbemiddeling."):
                for name in (
                    "web_search_read",
                    "web_read",
                    "web_read_group",
                    "formatted_read_group",
                    "formatted_read_grouping_sets",
                    "read_progress_bar",
                    "search_read",
                    "read",
                    "name_search",
                    "search_count",
                ):
                    cls = self.env.registry[model]
                    self.assertTrue(
                        any(getattr(getattr(base, name, None), "_readonly", False)
                            for base in cls.mro()),
                        f"{model}.{name}",
                    )  # fmt: skip

    def test_buttons_write_nothing(self):
        """A button that says that it only reads, does."""
        env, company = self.open_organisation()
        env["buurtbemiddeling.case"].create(
            [{"registration_date": date(2025, 3, 1), "company_id": company.id}] * 12
        )
        benchmark = env["buurtbemiddeling.benchmark"].create(
            {"year": 2025, "company_id": company.id}
        )
        benchmark.action_compute()
        line = benchmark.line_ids.filtered("base_text")[:1]  # a part of something, for all buttons
        samples = {record._name: record for record in (benchmark, line)}
        builder = Builder(self.env, company, {benchmark._name: benchmark.sudo()})
        found = 0
        for model in env.values():
            for name in self.find_buttons(model):
                if model._name not in samples:
                    samples[model._name] = builder.build(model._name).with_env(env)
                env.flush_all()
                savepoint = env.cr.savepoint()
                env.cr.execute("SET TRANSACTION READ ONLY")
                with self.subTest(model=model._name, button=name):
                    self.assertTrue(getattr(samples[model._name], name)())
                    env.flush_all()
                savepoint.close(rollback=True)
                env.invalidate_all()
                found += 1
        self.assertGreater(found, 10)

    def open_organisation(self):
        """Return what a manager sees of an organisation of its own, and that organisation."""
        company = self.env["res.company"].create({"name": "Replica BV"})
        user = new_test_user(
            self.env,
            "replica_reader",
            "buurtbemiddeling_case.group_manager,buurtbemiddeling_report.group_reporting",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        return self.env(user=user, context={"allowed_company_ids": company.ids}), company

    def find_buttons(self, model):
        """Return the names of the actions of ours on a model that say that they only read."""
        if model._abstract:
            return []
        methods = {name: getattr(type(model), name, None) for name in dir(type(model))}
        return [
            name
            for name, method in methods.items()
            if name.startswith("action_")
            and hasattr(method, "_readonly")
            and method.__module__.startswith(OURS)
        ]
