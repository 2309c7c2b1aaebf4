"""Concept and frozen, new versions, the cases behind a line, differences with now."""

from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_snapshot import LINE, SnapshotCase


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
        with self.assertRaisesRegex(UserError, "then compute again"):
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
        for user in (self.coordinator, self.manager, self.env.ref("base.user_admin"), None):
            record = benchmark.with_user(user) if user else benchmark.sudo()
            if user and not user.has_group("buurtbemiddeling_case.group_user"):
                user.group_ids |= self.env.ref("buurtbemiddeling_case.group_manager")
                user.company_ids |= self.company
            for name, door in self.get_doors(record, other).items():
                with self.subTest(door=name, user=user and user.login):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        door()
                    self.env.invalidate_all()
        self.assertEqual(self.get_numbers(benchmark), before)
        self.assertEqual(benchmark.state, "frozen")
        self.assertEqual(len(benchmark.fact_ids), 3)

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
