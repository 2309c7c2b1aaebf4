"""Concept and frozen, new versions, the cases behind a line, differences with now."""

import random
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FACT = "buurtbemiddeling.benchmark.fact"
LINE = "buurtbemiddeling.benchmark.line"
DIFFERENCE = "buurtbemiddeling.benchmark.difference"


class SnapshotCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.make_user("coordinator", "buurtbemiddeling_case.group_user")
        cls.manager = cls.make_user("manager", "buurtbemiddeling_case.group_manager")
        cls.reporting = cls.make_user("reporting", "buurtbemiddeling_report.group_reporting")

    @classmethod
    def make_user(cls, login, groups, company=None):
        company = company or cls.company
        return mail_new_test_user(
            cls.env,
            login=f"snapshot_{login}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def freeze(cls, year=2018, user=None, **values):
        benchmark = cls.compute(year, **values).with_user(user or cls.coordinator)
        benchmark.action_freeze()
        return benchmark

    @classmethod
    def make_random_year(cls, count, seed=1):
        """Cases of which every fact may be missing, with several nuisance types too."""
        rng = random.Random(seed)
        lists = {
            name: cls.env[f"buurtbemiddeling.{model}"].search([]).ids
            for name, model in (
                ("referrer_type_id", "referrer.type"),
                ("intervention_id", "intervention"),
                ("outcome_id", "outcome"),
                ("nuisance_type_ids", "nuisance.type"),
                ("complexity_ids", "complexity"),
            )
        }
        town = cls.make_area(f"Town {seed}")
        areas = [town.id, cls.make_area(f"Quarter {seed}", "neighbourhood", town).id, False]
        vals_list = []
        for _i in range(count):
            registered = date(2017, 7, 1) + timedelta(days=rng.randrange(600))
            vals = {
                "company_id": cls.company.id,
                "registration_date": registered,
                "area_id": rng.choice(areas),
                "referrer_type_id": rng.choice([False, *lists["referrer_type_id"]]),
                "intervention_id": rng.choice([False, *lists["intervention_id"]]),
                "quarrel_duration": rng.choice([False, "weeks", "years"]),
                "nuisance_type_ids": [
                    Command.set(rng.sample(lists["nuisance_type_ids"], rng.randrange(4)))
                ],
                "complexity_ids": [
                    Command.set(rng.sample(lists["complexity_ids"], rng.choice([0, 0, 1, 2])))
                ],
                "party_ids": [
                    Command.create({"side": "a", "tenure": rng.choice([False, "owner", "unknown"])})
                ],
                "active": rng.random() > 0.1,
            }
            if rng.random() < 0.7:
                vals.update(
                    stage_id=cls.closed.id,
                    close_date=registered + timedelta(days=rng.randrange(300)),
                    outcome_id=rng.choice([False, *lists["outcome_id"]]),
                )
            vals_list.append(vals)
        return cls.env["buurtbemiddeling.case"].create(vals_list)

    def get_numbers(self, benchmark):
        """Return everything that a line says, as it is in the database."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, indicator_code, dimension, dimension_code, dimension_label, numerator,"
            " denominator, value FROM buurtbemiddeling_benchmark_line WHERE benchmark_id = %s"
            " ORDER BY id",
            [benchmark.id],
        )
        return self.env.cr.fetchall()

    def open(self, action, user=None):
        """Return the cases that an action lists."""
        model = self.env[action["res_model"]].with_user(user or self.env.user)
        return model.with_context(**action["context"]).search(action["domain"])

    def find(self, benchmark, indicator, dimension=False, code=False):
        """Return the difference of one figure."""
        found = benchmark.difference_ids.filtered(
            lambda difference: (
                (difference.indicator_code, difference.dimension, difference.dimension_code)
                == (indicator, dimension, code)
            )
        )
        self.assertLessEqual(len(found), 1, "a figure differs once")
        return found

    def enter_later(self, cases):
        """Make cases as entered after the figures were computed: a test is one transaction."""
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_case SET create_date = now() + interval '1 day'"
            " WHERE id IN %s",
            [tuple(cases.ids)],
        )
        self.env.invalidate_all()
        return cases


@tagged("post_install", "-at_install")
class TestSnapshotState(SnapshotCase):
    """Concept, frozen, next version."""

    def test_computing_makes_a_concept_and_freezes_nothing(self):
        benchmark = self.compute(2018)
        self.assertEqual((benchmark.state, benchmark.version), ("draft", 1))
        self.assertFalse(benchmark.frozen_on or benchmark.frozen_by_id or benchmark.previous_id)
        benchmark.action_compute()
        self.assertEqual(benchmark.state, "draft")

    def test_freezing_says_who_and_when_and_keeps_the_reference_date(self):
        self.make_cases(2, outcome="OPG_BEM")
        benchmark = self.freeze(reference_date=date(2019, 1, 31))
        self.assertEqual(benchmark.state, "frozen")
        self.assertEqual(benchmark.frozen_by_id, self.coordinator)
        self.assertTrue(benchmark.frozen_on)
        self.assertEqual(benchmark.reference_date, date(2019, 1, 31))
        self.assertFigures(benchmark, {"cases_registered": 2})

    def test_freezing_changes_no_line(self):
        self.make_random_year(20)
        benchmark = self.compute(2018)
        before = self.get_numbers(benchmark)
        benchmark.action_freeze()
        self.assertEqual(self.get_numbers(benchmark), before)

    def test_what_was_not_computed_is_not_frozen(self):
        benchmark = self.env["buurtbemiddeling.benchmark"].create({"year": 2018})
        with self.assertRaisesRegex(UserError, "Compute them first"):
            benchmark.action_freeze()
        with self.assertRaisesRegex(UserError, "Compute them first"):
            benchmark.action_check()

    def test_year_or_area_changed_after_computing_is_not_frozen(self):
        for change in (
            {"year": 2017},
            {"area_ids": [Command.set(self.make_area("Elsewhere").ids)]},
            {"reference_date": date(2019, 3, 1)},
        ):
            benchmark = self.compute(2018)
            benchmark.write(change)
            self.assertFalse(benchmark.definitions or benchmark.sudo().fact_ids)
            with self.assertRaisesRegex(UserError, "Compute them first"):
                benchmark.action_freeze()

    def test_figures_are_not_frozen_before_the_reference_date(self):
        today = fields.Date.context_today(self.env.user)
        benchmark = self.compute(today.year, reference_date=today + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "still to come"):
            benchmark.action_freeze()
        benchmark = self.compute(today.year, reference_date=today)
        benchmark.action_freeze()
        self.assertEqual(benchmark.state, "frozen")

    def test_facts_that_changed_since_computing_are_first_compared(self):
        case = self.make_cases(2, outcome="OPG_BEM")[0]
        benchmark = self.compute(2018)
        before = self.get_numbers(benchmark)
        case.outcome_id = self.code("outcome", "NIET_OPG")
        with self.assertRaisesRegex(UserError, "Compare with now, then compute again"):
            benchmark.action_freeze()
        self.assertEqual(benchmark.state, "draft")
        self.assertEqual(self.get_numbers(benchmark), before)
        benchmark.action_compute()
        benchmark.action_freeze()
        self.assertFigures(benchmark, {"cases_positive": 1})

    def test_two_cases_that_changed_places_are_a_change_as_well(self):
        police, own = self.code("referrer.type", "POLITIE"), self.code("referrer.type", "ZELF")
        first = self.make_cases(1, referrer_type_id=police.id)
        second = self.make_cases(1, referrer_type_id=own.id)
        benchmark = self.compute(2018)
        first.referrer_type_id, second.referrer_type_id = own, police
        with self.assertRaisesRegex(
            UserError, "0 figures would differ; counted elsewhere: 2 cases"
        ):
            benchmark.action_freeze()

    def test_closing_after_the_reference_date_does_not_stop_freezing(self):
        """In January cases go on; the year as known on 31 December does not."""
        case = self.make_cases(1)
        benchmark = self.compute(2018)
        case.write(
            {
                "stage_id": self.closed.id,
                "close_date": date(2019, 1, 10),
                "outcome_id": self.code("outcome", "OPG_BEM").id,
            }
        )
        benchmark.action_freeze()
        self.assertEqual(benchmark.state, "frozen")

    def test_frozen_figures_change_through_no_door(self):
        self.make_cases(3, outcome="OPG_BEM")
        benchmark = self.freeze()
        other = self.compute(2018)
        before = self.get_numbers(benchmark)
        line_values = {
            "benchmark_id": benchmark.id,
            "indicator_id": benchmark.line_ids[0].indicator_id.id,
            "indicator_code": "cases_registered",
            "numerator": 99,
        }
        for user in (self.coordinator, self.manager, self.env.ref("base.user_admin"), None):
            record = benchmark.with_user(user) if user else benchmark.sudo()
            if user and not user.has_group("buurtbemiddeling_case.group_user"):
                user.group_ids |= self.env.ref("buurtbemiddeling_case.group_manager")
                user.company_ids |= self.company
            env = record.env
            lines, facts = record.line_ids, record.fact_ids
            doors = {
                "compute": record.action_compute,
                "freeze": record.action_freeze,
                "year": lambda r=record: r.write({"year": 2017}),
                "areas": lambda r=record: r.write({"area_ids": [Command.clear()]}),
                "state": lambda r=record: r.write({"state": "draft"}),
                "who": lambda r=record: r.write({"frozen_by_id": r.env.uid}),
                "definitions": lambda r=record: r.write({"definitions": {}}),
                "name": lambda r=record: r.write({"name": "Other"}),
                "checked": lambda r=record: r.write({"checked_on": False}),
                "delete": record.unlink,
                "import": lambda r=record: self._import(r),
                "web": lambda r=record: r.web_save({"year": 2017}, {"id": {}}),
                "x2many write": lambda r=record: r.write(
                    {"line_ids": [Command.update(r.line_ids[0].id, {"value": 99})]}
                ),
                "x2many create": lambda r=record: r.write(
                    {"line_ids": [Command.create(line_values)]}
                ),
                "x2many clear": lambda r=record: r.write({"key_line_ids": [Command.clear()]}),
                "x2many of another": lambda e=env, ls=lines: (
                    e[other._name].browse(other.id).write({"line_ids": [Command.link(ls[0].id)]})
                ),
                "line write": lambda ls=lines: ls[0].write({"numerator": 99}),
                "line assign": lambda ls=lines: ls[0].update({"value": 99}),
                "line create": lambda e=env: e[LINE].create(line_values),
                "line default": lambda e=env: (
                    e[LINE]
                    .with_context(default_benchmark_id=benchmark.id)
                    .create({k: v for k, v in line_values.items() if k != "benchmark_id"})
                ),
                "line copy": lambda ls=lines: ls[0].copy(),
                "line delete": lambda ls=lines: ls[0].unlink(),
                "line move in": lambda e=env: (
                    e[LINE].browse(other.line_ids[0].id).write({"benchmark_id": benchmark.id})
                ),
                "fact write": lambda fs=facts: fs[0].write({"met": []}),
                "fact delete": lambda fs=facts: fs.unlink(),
                "fact create": lambda e=env: e[FACT].create(
                    {"benchmark_id": benchmark.id, "source": "case", "res_id": 1}
                ),
            }
            for name, door in doors.items():
                with self.subTest(door=name, user=user and user.login):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        door()
                    self.env.invalidate_all()
        self.assertEqual(self.get_numbers(benchmark), before)
        self.assertEqual(benchmark.state, "frozen")
        self.assertEqual(len(benchmark.fact_ids), 3)

    def _import(self, benchmark):
        result = benchmark.load([".id", "year"], [[str(benchmark.id), "2017"]])
        if not result["ids"]:
            raise UserError(result["messages"][0]["message"])

    def test_the_refusal_says_to_make_a_new_version(self):
        benchmark = self.freeze()
        for change in (
            benchmark.action_compute,
            benchmark.unlink,
            lambda: benchmark.write({"year": 2017}),
            benchmark.line_ids[0].unlink,
        ):
            with self.assertRaisesRegex(UserError, "Make a new version"):
                change()

    def test_a_concept_may_be_deleted(self):
        self.make_cases(1)
        benchmark = self.compute(2018).with_user(self.coordinator)
        benchmark.action_check()
        facts = benchmark.fact_ids
        benchmark.unlink()
        self.assertFalse(benchmark.exists() or facts.exists())

    def test_state_and_version_come_from_the_buttons_only(self):
        concept = self.compute(2018).with_user(self.manager)
        for vals in (
            {"state": "frozen"},
            {"version": 7},
            {"previous_id": concept.id},
            {"frozen_on": fields.Datetime.now(), "state": "frozen"},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "Freeze and New version"):
                concept.write(vals)
            if "frozen_on" not in vals:
                with self.assertRaisesRegex(UserError, "Freeze and New version"):
                    concept.create({"year": 2018, "company_id": self.company.id, **vals})
        with self.assertRaisesRegex(UserError, "Freeze and New version"):
            concept.with_context(default_state="frozen").create(
                {"year": 2016, "company_id": self.company.id}
            )

    def test_a_new_version_is_made_once(self):
        town = self.make_area("Town")
        benchmark = self.freeze(area_ids=[Command.set(town.ids)])
        action = benchmark.action_new_version()
        new = benchmark.browse(action["res_id"])
        self.assertEqual((new.state, new.version, new.previous_id), ("draft", 2, benchmark))
        self.assertEqual(
            (new.year, new.reference_date, new.company_id, new.area_ids),
            (2018, benchmark.reference_date, self.company, town),
        )
        self.assertFalse(new.computed_on or new.line_ids)
        self.assertEqual(benchmark.action_new_version()["res_id"], new.id)
        self.assertEqual(new.action_open_previous()["res_id"], benchmark.id)
        new.action_compute()
        new.action_freeze()
        third = benchmark.browse(new.action_new_version()["res_id"])
        self.assertEqual((third.version, third.previous_id), (3, new))

    def test_a_concept_has_no_new_version(self):
        with self.assertRaisesRegex(UserError, "concept"):
            self.compute(2018).action_new_version()

    def test_a_new_version_stays_about_the_same_figures(self):
        benchmark = self.freeze()
        new = benchmark.browse(benchmark.action_new_version()["res_id"])
        for change in (
            {"year": 2017},
            {"reference_date": date(2019, 6, 30)},
            {"area_ids": [Command.set(self.make_area("Other").ids)]},
        ):
            with self.assertRaisesRegex(UserError, "stay the same"):
                new.write(change)

    def test_the_name_says_version_and_state(self):
        benchmark = self.freeze()
        self.assertEqual(benchmark.display_name, "2018 (31-12-2018) Figures BV, frozen")
        new = benchmark.browse(benchmark.action_new_version()["res_id"])
        self.assertEqual(new.display_name, "2018 (31-12-2018) Figures BV, version 2")

    def test_the_same_figures_are_frozen_once(self):
        town = self.make_area("Town")
        self.freeze()
        with self.assertRaisesRegex(UserError, "frozen already"):
            self.freeze()
        self.freeze(area_ids=[Command.set(town.ids)])
        with self.assertRaisesRegex(UserError, "frozen already"):
            self.freeze(area_ids=[Command.set(town.ids)])
        self.freeze(reference_date=date(2019, 3, 1))
        other = self.compute(2018)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE buurtbemiddeling_benchmark SET state = 'frozen' WHERE id = %s",
                    [other.id],
                )

    def test_a_copy_of_frozen_figures_is_a_concept(self):
        benchmark = self.freeze()
        copy = benchmark.copy()
        self.assertEqual((copy.state, copy.version, copy.year), ("draft", 1, 2018))
        self.assertFalse(copy.frozen_on or copy.frozen_by_id or copy.previous_id)
        self.assertFalse(copy.definitions or copy.computed_on or copy.line_ids)

    def test_area_of_frozen_figures_is_not_deleted(self):
        town = self.make_area("Town")
        self.freeze(area_ids=[Command.set(town.ids)])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                town.unlink()

    def test_figures_only_and_other_organisation_freeze_nothing(self):
        benchmark = self.compute(2018)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("stranger", "buurtbemiddeling_case.group_manager", other)
        for user in (self.reporting, stranger):
            mine = benchmark.with_user(user).with_context(allowed_company_ids=user.company_id.ids)
            for step in ("action_freeze", "action_check", "action_compute"):
                with self.assertRaises(AccessError):
                    getattr(mine, step)()
        frozen = self.freeze(2017)
        with self.assertRaises(AccessError):
            frozen.with_user(self.reporting).action_new_version()

    def test_the_form_of_a_frozen_benchmark_is_read_only(self):
        self.make_cases(2, outcome="OPG_BEM")
        for user in (self.coordinator, self.reporting):
            form = Form(
                self.freeze(year=2018 if user == self.coordinator else 2017).with_user(user)
            )
            self.assertTrue(form.key_line_ids)
            for name in ("year", "reference_date", "area_ids", "key_line_ids"):
                self.assertTrue(form._get_modifier(name, "readonly"), name)
            form.save()

    def test_coordinator_saves_the_form_of_a_concept_and_touches_no_line(self):
        self.make_cases(2, outcome="OPG_BEM")
        benchmark = self.compute(2018).with_user(self.coordinator)
        before = self.get_numbers(benchmark)
        form = Form(benchmark)
        self.assertTrue(form._get_modifier("key_line_ids", "readonly"))
        form.save()
        self.assertEqual(self.get_numbers(benchmark), before)
        with Form(benchmark) as form:
            form.reference_date = date(2018, 12, 30)
        self.assertFalse(benchmark.line_ids, "other figures: compute again")

    def test_the_comparison_of_a_frozen_benchmark_is_read(self):
        self.make_cases(2, outcome="OPG_BEM")
        for user in (self.coordinator, self.reporting):
            frozen = self.freeze(year=2018 if user == self.coordinator else 2017).with_user(user)
            action = frozen.action_open_comparison()
            lines = self.env[LINE].with_user(user).search(action["domain"])
            spec = {name: {} for name in ("last_year_text", "before_text", "trend_text", "trend")}
            self.assertEqual(len(lines.web_read(spec)), len(frozen.key_line_ids))


@tagged("post_install", "-at_install")
class TestSnapshotDefinitions(SnapshotCase):
    """Frozen figures say what they meant then."""

    def test_definitions_are_kept_when_computed(self):
        benchmark = self.compute(2018)
        self.assertEqual(set(benchmark.definitions), {*benchmark.line_ids.mapped("indicator_code")})
        kept = benchmark.definitions["success_of_handled"]
        indicator = self.env.ref("buurtbemiddeling_report.indicator_success_of_handled")
        self.assertEqual(kept["name"]["en_US"], "Solved, of handled cases")
        for name in ("explanation", "kind", "numerator_domain", "denominator_domain", "basis"):
            value = kept[name]["en_US"] if name == "explanation" else kept[name]
            self.assertEqual(value, indicator[name])

    def test_renamed_changed_and_archived_definitions_leave_frozen_figures_as_they_were(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        indicator = self.env.ref("buurtbemiddeling_report.indicator_cases_handled")
        indicator.with_context(lang="nl_NL").name = "Behandelde zaken (oud)"
        self.make_cases(2, outcome="OPG_BEM")
        frozen, concept = self.freeze(), self.compute(2018)
        then = indicator.name
        indicator.write({"name": "New name", "explanation": "New words", "active": False})
        indicator.with_context(lang="nl_NL").name = "Nieuwe naam"
        indicator.numerator_domain = "[('is_registered', '=', True)]"
        for lang, name in (("en_US", then), ("nl_NL", "Behandelde zaken (oud)")):
            line = self.line(frozen, "cases_handled").with_context(lang=lang)
            self.assertEqual(line.name, name)
            self.assertNotEqual(line.explanation, "New words")
            self.assertEqual(line.value_text, "2")
        self.assertEqual(self.line(concept, "cases_handled").name, "New name")

    def test_a_figure_that_became_another_kind_is_still_read_as_it_was(self):
        self.make_cases(1, outcome="OPG_BEM")
        self.make_cases(1, outcome="NIET_OPG")
        frozen = self.freeze()
        line = self.line(frozen, "success_of_handled")
        self.assertEqual((line.kind, line.value_text), ("share", "50.0 %"))
        line.sudo().indicator_id.kind = "count"
        self.env.invalidate_all()
        self.assertEqual((line.kind, line.value_text), ("share", "50.0 %"))

    def test_labels_of_frozen_lines_stay_as_frozen(self):
        police = self.code("referrer.type", "POLITIE")
        self.make_cases(1, referrer_type_id=police.id)
        frozen = self.freeze()
        line = self.line(frozen, "cases_registered", "referrer_type", "POLITIE")
        before = line.dimension_label
        self.env.flush_all()
        police.name = "Constabulary"
        self.company.name = "Renamed"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.dimension_label, before)
        self.assertIn("Figures BV", frozen.name)

    def test_figures_only_reads_frozen_lines_with_their_definitions(self):
        self.make_cases(1, outcome="OPG_BEM")
        line = self.line(self.freeze(), "cases_handled").with_user(self.reporting)
        self.assertEqual((line.name, line.value_text), ("Handled cases", "1"))
        self.assertTrue(line.explanation)


@tagged("post_install", "-at_install")
class TestCasesBehindLines(SnapshotCase):
    """Every figure opens the cases behind it, for whoever may see them."""

    def assertLinesOpenTheirCases(self, benchmark, user=None):
        """Every line opens as many cases as it counts; return ``{line: its cases}``."""
        self.assertGreater(len(benchmark.line_ids), 100)
        opened = {}
        for line in benchmark.line_ids:
            opened[line] = found = self.open(line.action_open_cases(), user)
            self.assertEqual(len(found), line.numerator, line._get_title())
            if line.kind == "share":
                base = self.open(line.action_open_base(), user)
                self.assertEqual(len(base), line.denominator, line._get_title())
                self.assertLessEqual(found, base)
        return opened

    def test_every_line_of_a_concept_opens_as_many_cases_as_it_counts(self):
        self.make_random_year(15)
        self.assertLinesOpenTheirCases(self.compute(2018).with_user(self.coordinator))

    def test_lines_of_one_area_open_the_cases_of_that_area(self):
        self.make_random_year(15)
        town = self.env["buurtbemiddeling.area"].search([("name", "=", "Town 1")])
        self.assertLinesOpenTheirCases(self.freeze(area_ids=[Command.set(town.ids)]))

    def test_frozen_lines_open_the_cases_they_count_also_when_the_facts_changed(self):
        cases = self.make_random_year(15)
        frozen = self.freeze()
        before = self.assertLinesOpenTheirCases(frozen, self.coordinator)
        cases.write(
            {"referrer_type_id": False, "area_id": False, "registration_date": "2015-01-01"}
        )
        self.env.ref("buurtbemiddeling_report.indicator_cases_closed").write(
            {"numerator_domain": "[('is_positive', '=', True)]"}
        )
        self.make_cases(5)
        self.env.flush_all()
        self.env.invalidate_all()
        for line in frozen.line_ids:
            found = self.open(line.action_open_cases(), self.coordinator)
            self.assertEqual(found, before[line], line._get_title())

    def test_the_list_of_cases_respects_the_rights_of_the_reader(self):
        other = self.env["res.company"].create({"name": "Other"})
        cases = self.make_cases(3)
        frozen = self.freeze()
        cases[0].company_id = other
        action = self.line(frozen, "cases_registered").action_open_cases()
        self.assertEqual(self.open(action, self.coordinator), cases[1] | cases[2])

    def test_figures_only_opens_no_case_and_gets_no_button(self):
        self.make_cases(3, outcome="OPG_BEM")
        for benchmark in (self.compute(2018), self.freeze()):
            benchmark.with_user(self.coordinator).action_check()
            mine = benchmark.with_user(self.reporting)
            line = self.line(mine, "success_of_handled")
            for door in (
                line.action_open_cases,
                line.action_open_base,
                lambda m=mine: m.fact_ids.mapped("res_id"),
                lambda m=mine: m.read(["fact_ids"]),
                lambda m=mine: m._get_kept_ids("case", "cases_registered", [], []),
                lambda m=mine: m.env[FACT].search([]),
                lambda m=mine: m.env[DIFFERENCE].search([]),
            ):
                with self.assertRaises(AccessError):
                    door()
        for model in (benchmark, benchmark.line_ids):
            for kind in ("list", "form") if model == benchmark else ("list",):
                arch = model.with_user(self.reporting).get_view(view_type=kind)["arch"]
                for name in ("action_open_cases", "action_open_base", "action_freeze"):
                    self.assertNotIn(name, arch)
                self.assertNotIn('name="action_check"', arch)
        self.assertIn("action_open_base", benchmark.with_user(self.coordinator).get_view()["arch"])

    def test_kept_facts_hold_no_person(self):
        cases = self.make_cases(
            2,
            outcome="OPG_BEM",
            reporter_name="Anna Jansen",
            neighbour_name="Bert de Vries",
            user_id=self.coordinator.id,
        )
        frozen = self.freeze()
        self.assertEqual(sorted(frozen.fact_ids.mapped("res_id")), sorted(cases.ids))
        self.env.cr.execute(
            "SELECT string_agg(row_to_json(fact)::text, ' ') FROM buurtbemiddeling_benchmark_fact"
            " AS fact WHERE benchmark_id = %s",
            [frozen.id],
        )
        (text,) = self.env.cr.fetchone()
        for secret in ("Anna", "Jansen", "Bert", "user_id", 'partner_id"', "case_id", "contact"):
            self.assertNotIn(secret, text.replace("referral_partner_id", ""))

    def test_other_organisation_sees_no_kept_fact_and_no_difference(self):
        self.make_cases(1)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("stranger", "buurtbemiddeling_case.group_manager", other)
        for model in (FACT, DIFFERENCE):
            records = self.env[model].with_user(stranger)
            records = records.with_context(allowed_company_ids=other.ids)
            self.assertFalse(records.search([]))
            kept = frozen.fact_ids if model == FACT else frozen.difference_ids
            with self.assertRaises(AccessError):
                kept.with_env(records.env).check_access("read")

    def test_computing_asks_as_many_queries_for_300_cases_as_for_30(self):
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        counts = []
        for number in (1, 29, 270):  # the first fills Odoo's own caches
            self.make_cases(number, outcome="OPG_BEM", nuisance_type_ids=[Command.set(noise.ids)])
            benchmark = self.env["buurtbemiddeling.benchmark"].create({"year": 2018})
            benchmark = benchmark.with_context(tz="Europe/Amsterdam")  # as every screen says
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            benchmark.action_compute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(benchmark.fact_ids), (1, 30, 300)[len(counts) - 1])
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 50)

    def test_comparing_and_freezing_ask_as_many_queries_for_300_cases_as_for_30(self):
        counts = []
        for number in (1, 29, 270):
            self.make_cases(number, outcome="OPG_BEM")
            benchmark = self.compute(2018, reference_date=date(2019, 1, 1 + len(counts)))
            benchmark = benchmark.with_context(tz="Europe/Amsterdam")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            benchmark.action_check()
            benchmark.action_freeze()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestDifferences(SnapshotCase):
    """Computing again beside frozen figures: what would differ, and why."""

    def test_comparing_touches_no_line(self):
        cases = self.make_random_year(40)
        frozen = self.freeze()
        before = self.get_numbers(frozen)
        cases[:20].unlink()
        self.make_cases(7, outcome="OPG_BEM")
        frozen.action_check()
        self.assertGreater(frozen.difference_count, 10)
        self.assertEqual(self.get_numbers(frozen), before)
        self.assertEqual(frozen.state, "frozen")

    def test_no_differences_is_said_with_who_and_when(self):
        self.make_random_year(40)
        for benchmark in (self.freeze(), self.compute(2018)):
            benchmark = benchmark.with_user(self.manager)
            self.assertFalse(benchmark.check_text)
            benchmark.action_check()
            self.assertFalse(benchmark.difference_ids or benchmark.difference_count)
            self.assertTrue(benchmark.checked_on)
            self.assertEqual(benchmark.checked_by_id, self.manager)
            self.assertIn("No differences", benchmark.check_text)
            self.assertIn(self.manager.name, benchmark.check_text)

    def test_differences_are_those_of_computing_anew(self):
        """Every line that another computation gives is a difference, and no other line."""
        cases = self.make_random_year(25)
        frozen = self.freeze()
        rng = random.Random(7)
        outcomes = self.env["buurtbemiddeling.outcome"].search([])
        for case in cases[:25]:
            if case.close_date:
                case.outcome_id = rng.choice(outcomes)
            case.nuisance_type_ids = False
        cases[25:30].area_id = False
        cases[30:33].unlink()
        self.make_cases(4, outcome="OPG_BEM")
        frozen.action_check()
        fresh = self.compute(2018)

        def key(line):
            return line.indicator_code, line.dimension_id, line.dimension_code

        def numbers(line):
            return line.numerator, line.denominator, round(line.value, 9)

        then = {key(line): numbers(line) for line in frozen.line_ids}
        now = {key(line): numbers(line) for line in fresh.line_ids}
        different = {k for k in {**then, **now} if then.get(k, (0, 0, 0)) != now.get(k, (0, 0, 0))}
        self.assertEqual({key(line) for line in frozen.difference_ids}, different)
        self.assertEqual(frozen.difference_count, len(different))
        for difference in frozen.difference_ids:
            zero = (0, 0, 0)
            self.assertEqual(
                (
                    difference.numerator_then,
                    difference.denominator_then,
                    round(difference.value_then, 9),
                ),
                then.get(key(difference), zero),
            )
            self.assertAlmostEqual(
                difference.change, now.get(key(difference), zero)[2] - difference.value_then
            )
            self.assertTrue(difference.cause)
            self.assertNotIn("another reason", difference.cause)

    def test_cases_entered_since_are_told_and_opened(self):
        self.make_cases(2)
        frozen = self.freeze()
        new = self.enter_later(self.make_cases(3))
        frozen.action_check()
        difference = self.find(frozen, "cases_registered")
        self.assertEqual(
            (difference.then_text, difference.now_text, difference.change_text), ("2", "5", "+3")
        )
        self.assertEqual(difference.cause, "3 cases: came in or was entered since")
        self.assertEqual(self.open(difference.action_open_cases(), self.coordinator), new)

    def test_cases_that_are_gone_are_told(self):
        cases = self.make_cases(3)
        frozen = self.freeze()
        cases[0].unlink()
        frozen.action_check()
        difference = self.find(frozen, "cases_registered")
        self.assertEqual(difference.change_text, "−1")
        self.assertEqual(difference.cause, "1 case: is gone: deleted or merged")

    def test_changed_facts_are_told_by_name(self):
        town, village = self.make_area("Town"), self.make_area("Village")
        cases = self.make_cases(5, outcome="OPG_BEM", area_id=town.id)
        frozen = self.freeze()
        cases[:2].outcome_id = self.code("outcome", "NIET_OPG")
        cases[4].area_id = village
        frozen.action_check()
        label = "Result that counts"
        difference = self.find(frozen, "cases_positive")
        self.assertEqual(difference.cause, f"2 cases: {label}")
        self.assertEqual(self.open(difference.action_open_cases()), cases[:2])
        both = self.find(frozen, "cases_positive", "municipality", "TEST-Town")
        self.assertEqual(both.cause, f"2 cases: {label}; 1 case: Neighbourhood")
        self.assertEqual(self.open(both.action_open_cases()), cases[:2] | cases[4])
        share = self.find(frozen, "success_of_registered")
        self.assertEqual(share.then_text, "100.0 % (5/5)")
        self.assertEqual(share.now_text, "60.0 % (3/5)")
        self.assertEqual(share.change_text, "−40.0 percentage points")
        new = self.find(frozen, "cases_registered", "municipality", "TEST-Village")
        self.assertEqual((new.value_then, new.value_now), (0, 1))
        self.assertFalse(self.find(frozen, "cases_registered"))

    def test_a_closing_that_was_entered_late_is_told(self):
        case = self.make_cases(2)[0]
        frozen = self.freeze()
        case.write(
            {
                "stage_id": self.closed.id,
                "close_date": date(2018, 11, 1),
                "outcome_id": self.code("outcome", "OPG_BEM").id,
            }
        )
        frozen.action_check()
        self.assertEqual(self.find(frozen, "cases_running").cause, "1 case: Closed on")
        self.assertEqual(
            self.find(frozen, "cases_positive").cause, "1 case: Closed on, Result that counts"
        )

    def test_other_days_are_told_where_the_count_stays(self):
        case = self.make_cases(1, outcome="OPG_BEM")
        frozen = self.freeze()
        self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": case.id, "date_from": date(2018, 5, 3), "date_to": date(2018, 5, 12)}
        )
        frozen.action_check()
        difference = self.find(frozen, "own_days_median")
        self.assertEqual(difference.cause, "1 case: Own Days")
        self.assertEqual(self.open(difference.action_open_cases()), case)

    def test_a_case_of_another_year_now_is_told_by_its_date(self):
        cases = self.make_cases(2, outcome="OPG_BEM", closed=date(2018, 12, 1))
        old = self.make_cases(1, registered=date(2014, 1, 1), outcome="OPG_BEM")
        frozen = self.freeze()
        cases[0].write({"registration_date": date(2016, 5, 1), "close_date": date(2016, 7, 1)})
        old.registration_date, old.close_date = date(2018, 2, 1), date(2018, 3, 1)
        frozen.action_check()
        self.assertFalse(self.find(frozen, "cases_closed"), "one left and one came")
        month = self.find(frozen, "cases_registered", "month", "02")
        self.assertIn("did not count here", month.cause)
        self.assertEqual(
            self.find(frozen, "cases_registered", "month", "05").cause, "1 case: Registered on"
        )

    def test_a_case_that_left_the_area_is_told_by_its_area(self):
        town, village = self.make_area("Town"), self.make_area("Village")
        cases = self.make_cases(2, area_id=town.id)
        frozen = self.freeze(area_ids=[Command.set(town.ids)])
        cases[0].area_id = village
        frozen.action_check()
        self.assertEqual(self.find(frozen, "cases_registered").cause, "1 case: Neighbourhood")

    def test_a_case_of_another_organisation_now_is_told_and_no_more_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        cases = self.make_cases(2, outcome="OPG_BEM")
        frozen = self.freeze()
        cases[0].write({"company_id": other.id, "outcome_id": self.code("outcome", "DEELS").id})
        frozen.action_check()
        difference = self.find(frozen, "cases_positive")
        self.assertEqual(difference.cause, "1 case: belongs to another organisation now")
        self.assertFalse(self.open(difference.action_open_cases(), self.coordinator))

    def test_a_changed_definition_is_told(self):
        self.make_cases(2, outcome="OPG_BEM")
        self.make_cases(1)
        frozen = self.freeze()
        self.env.ref("buurtbemiddeling_report.indicator_cases_handled").write(
            {"numerator_domain": "[('is_registered', '=', True)]"}
        )
        frozen.action_check()
        difference = self.find(frozen, "cases_handled")
        self.assertEqual((difference.value_then, difference.value_now), (2, 3))
        self.assertIn("the definition has changed", difference.cause)
        self.assertEqual(len(self.open(difference.action_open_cases())), 1)
        self.assertFalse(self.find(frozen, "cases_registered"))

    def test_the_versions_of_a_changed_definition_are_told(self):
        difference = self.env[DIFFERENCE].new({})
        self.assertEqual(
            difference._get_cause_text("definition", 2, then=1, now=3),
            "the definition has changed (version 1, now 3)",
        )

    def test_a_list_that_counts_otherwise_is_told(self):
        self.make_cases(4, outcome="OPG_ZELF")
        frozen = self.freeze()
        self.code("outcome", "OPG_ZELF").write({"counts_handled": True, "counts_positive": True})
        frozen.action_check()
        difference = self.find(frozen, "cases_positive")
        self.assertEqual(
            difference.cause,
            "4 cases: counts differently since an entry of a list changed: Result that counts",
        )
        self.assertEqual(len(self.open(difference.action_open_cases())), 4)

    def test_new_words_and_new_figures_are_no_difference(self):
        police = self.code("referrer.type", "POLITIE")
        self.make_cases(2, referrer_type_id=police.id)
        frozen = self.freeze()
        police.name = "Constabulary"
        self.env.ref("buurtbemiddeling_report.indicator_cases_handled").name = "Other words"
        self.env["buurtbemiddeling.indicator"].create(
            {
                "code": "new_figure",
                "name": "New",
                "explanation": "New.",
                "numerator_domain": "[('is_registered', '=', True)]",
            }
        )
        self.env["buurtbemiddeling.dimension"].create(
            {"code": "channel", "name": "Channel", "field_name": "channel"}
        )
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)

    def test_retired_figures_and_breakdowns_are_still_compared(self):
        self.make_cases(2, outcome="OPG_BEM")
        frozen = self.freeze()
        self.env.ref("buurtbemiddeling_report.indicator_cases_positive").active = False
        self.env.ref("buurtbemiddeling_report.dimension_tenure").active = False
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)

    def test_a_changed_breakdown_is_told(self):
        self.make_cases(2, channel="web", referrer_type_id=self.code("referrer.type", "ZELF").id)
        frozen = self.freeze()
        self.env.ref("buurtbemiddeling_report.dimension_tenure").field_name = "channel"
        frozen.action_check()
        self.assertEqual(set(frozen.difference_ids.mapped("dimension")), {"tenure"})
        for difference in frozen.difference_ids:
            self.assertIn("the breakdown has changed", difference.cause)

    def test_archiving_and_anonymising_change_nothing(self):
        cases = self.make_cases(3, outcome="OPG_BEM", reporter_name="Anna", neighbour_name="Bert")
        frozen = self.freeze()
        cases[0].active = False
        cases[1].party_ids.write({"partner_id": False})
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)
        line = self.line(frozen, "cases_registered")
        self.assertEqual(self.open(line.action_open_cases()), cases)

    def test_comparing_again_replaces_the_differences(self):
        self.make_cases(2)
        frozen = self.freeze()
        new = self.make_cases(1)
        frozen.action_check()
        self.assertTrue(frozen.difference_ids)
        self.assertIn("Since freezing: ", frozen.check_text)
        new.unlink()
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)

    def test_computing_again_forgets_the_differences_of_a_concept(self):
        self.make_cases(2)
        benchmark = self.compute(2018)
        self.make_cases(1)
        benchmark.action_check()
        self.assertIn("Since computing: ", benchmark.check_text)
        benchmark.action_compute()
        self.assertFalse(benchmark.difference_ids or benchmark.difference_count)
        self.assertFalse(benchmark.checked_on or benchmark.check_text)

    def test_totals_stand_before_breakdowns_among_the_differences(self):
        self.make_cases(2)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        action = frozen.action_open_differences()
        found = self.env[action["res_model"]].search(action["domain"])
        totals = found.filtered(lambda difference: not difference.dimension_id)
        self.assertTrue(totals and found - totals)
        self.assertEqual(found[: len(totals)], totals)

    def test_figures_only_hears_that_figures_differ_and_not_which(self):
        """One case that changed since would tell what happened to it."""
        self.make_cases(2)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        self.assertTrue(frozen.with_user(self.reporting).check_text)
        mine = self.env[DIFFERENCE].with_user(self.reporting)
        for door in (
            lambda: mine.search([]),
            lambda: frozen.difference_ids.with_env(mine.env).read(["cause"]),
            frozen.difference_ids[:1].with_env(mine.env).action_open_cases,
        ):
            with self.assertRaises(AccessError):
                door()

    def test_nobody_writes_a_difference(self):
        self.make_cases(1)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        for user in (self.coordinator, self.manager):
            difference = frozen.difference_ids[0].with_user(user)
            for door in (lambda d=difference: d.write({"value_now": 1}), difference.unlink):
                with self.assertRaises(AccessError):
                    door()
