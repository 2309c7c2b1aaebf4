import random
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

BASES = {"registration": "cases_registered", "closing": "cases_closed"}


@tagged("post_install", "-at_install")
class TestMissingFacts(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.make_area("Town")
        cls.user = mail_new_test_user(
            cls.env,
            login="missing_coordinator",
            groups="buurtbemiddeling_case.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def complete(cls, **values):
        """Return the values of a case that lacks nothing at registration."""
        return {
            "referrer_type_id": cls.code("referrer.type", "ZELF").id,
            "area_id": cls.town.id,
            "main_nuisance_type_id": cls.code("nuisance.type", "DIEREN").id,
            "party_ids": [(0, 0, {"side": "a", "tenure": "owner"})],
            **values,
        }

    def benchmark(self, year=2018, **values):
        return self.env["buurtbemiddeling.benchmark"].create(
            {"year": year, "company_id": self.company.id, **values}
        )

    def missing(self, benchmark, **values):
        """Return ``{(case, name of the needed fact): kind}``."""
        rows = benchmark._get_missing_facts().search(benchmark._get_scope())
        return {(row.case_id, row.needed_id.name): row.kind for row in rows}

    def needed(self, name):
        return self.env.ref(f"buurtbemiddeling_report.needed_{name}")

    def test_complete_case_lacks_nothing(self):
        self.make_cases(1, **self.complete())
        benchmark = self.benchmark()
        self.assertEqual(self.missing(benchmark), {})
        self.assertEqual(benchmark.missing_count, 0)

    def test_case_with_only_a_date_lacks_each_fact_needed_at_registration(self):
        case = self.make_cases(1)
        self.assertEqual(
            self.missing(self.benchmark()),
            {
                (case, "Referrer type"): "not_recorded",
                (case, "Neighbourhood or municipality"): "not_recorded",
                (case, "Main nuisance"): "not_recorded",
                (case, "Home of the first reporter"): "not_recorded",
                (case, "A reporter"): "to_do",
            },
        )

    def test_result_and_form_of_help_are_missing_only_after_closing(self):
        running = self.make_cases(1, **self.complete())
        closed = self.make_cases(1, **self.complete(close_date=date(2018, 9, 1)))
        self.assertEqual(
            self.missing(self.benchmark()),
            {(closed, "Result"): "not_recorded", (closed, "Form of help"): "not_recorded"},
        )
        self.assertFalse(running.close_date)
        early = self.benchmark(reference_date=date(2018, 8, 31))
        self.assertEqual(self.missing(early), {}, "closed later, so running on that day")

    def test_answer_unknown_is_apart_from_not_recorded(self):
        case = self.make_cases(
            1, **self.complete(party_ids=[(0, 0, {"side": "a", "tenure": "unknown"})])
        )
        benchmark = self.benchmark()
        self.assertEqual(self.missing(benchmark), {(case, "Home of the first reporter"): "unknown"})
        share = next(
            share
            for share in benchmark._get_missing_shares()
            if share.needed == self.needed("tenure")
        )
        self.assertEqual((share.not_recorded, share.unknown, share.base), (0, 1, 1))

    def test_aftercare_due_and_referrer_not_told_are_work_to_do(self):
        partner = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "W", "is_company": True}).id,
                "referrer_type_id": self.code("referrer.type", "CORPORATIE").id,
                "company_id": self.company.id,
            }
        )
        case = self.make_cases(
            1,
            outcome="OPG_BEM",
            **self.complete(
                referral_partner_id=partner.id,
                intervention_id=self.env["buurtbemiddeling.intervention"].search([], limit=1).id,
            ),
        )
        case.aftercare_planned_date = date(2018, 8, 1)
        self.assertEqual(
            self.missing(self.benchmark()),
            {
                (case, "Aftercare, of which the day has passed"): "to_do",
                (case, "Feedback to the referrer"): "to_do",
            },
        )
        case.write({"aftercare_date": date(2018, 8, 2), "feedback_date": date(2018, 8, 3)})
        self.assertEqual(self.missing(self.benchmark()), {})

    def test_row_is_gone_once_it_is_filled_in(self):
        case = self.make_cases(1, **self.complete(area_id=False))
        benchmark = self.benchmark()
        self.assertEqual(list(self.missing(benchmark)), [(case, "Neighbourhood or municipality")])
        case.area_id = self.town
        self.assertEqual(self.missing(benchmark), {})

    def test_table_list_and_lines_are_equal_on_random_cases(self):
        """What is said to be missing is what the lines show as not recorded and unknown."""
        self.env["buurtbemiddeling.needed.fact"].with_context(active_test=False).search(
            []
        ).active = True
        self.make_random_cases(120)
        of_town = {"area_ids": [(6, 0, self.town.ids)]}
        for values in ({}, {"reference_date": date(2019, 3, 1)}, of_town):
            benchmark = self.compute(2018, **values)
            shares = benchmark._get_missing_shares()
            self.assertEqual(len(shares), 9)
            self.assertTrue(any(share.unknown for share in shares))
            for share in shares:
                with self.subTest(needed=share.needed.name, **values):
                    self.assertShare(benchmark, share)

    def assertShare(self, benchmark, share):  # noqa: N802
        """What lacks of a needed fact is what the lines show, and what the list shows."""
        code = BASES[share.needed.needed_at]
        flag = "is_closed_in_period" if code == "cases_closed" else "is_registered"
        rows = benchmark._get_missing_facts().search(benchmark._get_scope())
        rows = rows.filtered(lambda row: row.needed_id == share.needed and row[flag])
        self.assertEqual(share.base, self.line(benchmark, code).numerator)
        for kind, count, line_code in (
            ("not_recorded", share.not_recorded, "NONE"),
            ("unknown", share.unknown, "unknown"),
        ):
            line = self.line(benchmark, code, share.needed.dimension_id.code, line_code)
            listed = rows.filtered(lambda row, kind=kind: row.kind == kind)
            self.assertEqual((count, len(listed)), (line.numerator, line.numerator), kind)

    def make_random_cases(self, count):
        """Make cases of which each fact may be there, unknown or not recorded."""
        chance = random.Random(5)
        lists = {
            name: self.env[f"buurtbemiddeling.{model}"].search([], limit=4).ids
            for name, model in {
                "referrer_type_id": "referrer.type",
                "main_nuisance_type_id": "nuisance.type",
                "intervention_id": "intervention",
                "outcome_id": "outcome",
            }.items()
        }
        self.env["buurtbemiddeling.case"].create(
            [self.draw_case(chance, lists) for _number in range(count)]
        )

    def draw_case(self, chance, lists):
        registered = date(2017, 6, 1) + timedelta(days=chance.randrange(600))
        vals = {
            "company_id": self.company.id,
            "registration_date": registered,
            "area_id": chance.choice([False, self.town.id]),
            "quarrel_duration": chance.choice([False, "weeks", "unknown"]),
            "escalation": chance.choice([False, "argument", "unknown"]),
            "active": chance.random() > 0.2,
            "party_ids": [
                (0, 0, {"side": "a", "tenure": tenure})
                for tenure in chance.choice([[], [False], ["owner"], ["unknown", "owner"]])
            ],
            **{name: chance.choice([False, *ids]) for name, ids in lists.items()},
        }
        if chance.random() < 0.6:
            vals["close_date"] = registered + timedelta(days=chance.randrange(300))
            vals["stage_id"] = self.closed.id
        else:
            vals["outcome_id"] = False
        return vals

    def test_archived_cases_count_and_other_organisations_do_not(self):
        archived = self.make_cases(1, active=False)
        other = self.env["res.company"].create({"name": "Other"})
        self.env["buurtbemiddeling.case"].create(
            {"company_id": other.id, "registration_date": date(2018, 5, 1)}
        )
        cases = {case for case, _name in self.missing(self.benchmark())}
        self.assertEqual(cases, {archived})
        rows = self.env["buurtbemiddeling.missing.fact"].with_user(self.user).search([])
        self.assertEqual(rows.company_id, self.company)

    def test_only_the_areas_of_the_benchmark(self):
        inside = self.make_cases(1, **self.complete(referrer_type_id=False))
        self.make_cases(1, **self.complete(referrer_type_id=False, area_id=False))
        benchmark = self.benchmark(area_ids=[(6, 0, self.town.ids)])
        self.assertEqual(list(self.missing(benchmark)), [(inside, "Referrer type")])

    def test_cases_that_the_year_does_not_count_are_left_out(self):
        self.make_cases(1, registered=date(2019, 1, 1))
        self.make_cases(1, registered=date(2016, 1, 1), outcome="OPG_BEM")
        self.assertEqual(self.missing(self.benchmark()), {})
        carried = self.make_cases(1, registered=date(2017, 12, 1), **self.complete(area_id=False))
        self.assertEqual(
            list(self.missing(self.benchmark())), [(carried, "Neighbourhood or municipality")]
        )

    def test_benchmark_says_what_is_missing_and_computes_all_the_same(self):
        self.make_cases(3)
        benchmark = self.benchmark().with_user(self.user)
        self.assertEqual(benchmark.missing_count, 15)
        self.assertIn("Main nuisance", benchmark.missing_html)
        self.assertIn("100.0 %", benchmark.missing_html)
        benchmark.action_compute()
        self.assertFigures(benchmark, {"cases_registered": 3})
        with Form(benchmark) as form:
            self.assertEqual(form.missing_count, 15)

    def test_list_of_the_benchmark_shows_what_it_counts(self):
        self.make_cases(2)
        benchmark = self.benchmark().with_user(self.user)
        action = benchmark.action_open_missing()
        rows = self.env[action["res_model"]].with_user(self.user).with_context(**action["context"])
        self.assertEqual(rows.search_count(action["domain"]), benchmark.missing_count)

    def test_row_opens_the_case_at_the_page_where_it_is_filled_in(self):
        self.make_cases(1, close_date=date(2018, 9, 1))
        rows = self.env["buurtbemiddeling.missing.fact"].with_user(self.user).search([])
        self.assertIn("closing", rows.needed_id.mapped("page"))
        for row in rows:
            action = row.action_open_case()
            self.assertEqual(action["res_id"], row.case_id.id)
            arch = row.case_id.get_views(action["views"])["views"]["form"]["arch"]
            page = arch.partition('autofocus="autofocus"')
            self.assertTrue(page[1])
            tag = page[0].rpartition("<")[2] + page[2].partition(">")[0]
            self.assertIn(f'name="{row.needed_id.page}"', tag)

    def test_every_page_has_its_view(self):
        for page, _label in self.env["buurtbemiddeling.needed.fact"]._fields["page"].selection:
            self.env.ref(f"buurtbemiddeling_report.buurtbemiddeling_case_view_form_{page}")

    def test_several_cases_get_the_same_value_at_once(self):
        self.make_cases(3, **self.complete(area_id=False))
        rows = self.env["buurtbemiddeling.missing.fact"].with_user(self.user).search([])
        action = rows.action_edit_cases()
        cases = self.env["buurtbemiddeling.case"].with_user(self.user)
        cases = cases.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(len(cases), 3)
        arch = cases.get_views(action["views"])["views"]["list"]["arch"]
        self.assertIn('multi_edit="1"', arch)
        cases.web_save_multi([{"area_id": self.town.id}] * 3, {"area_id": {}})
        self.assertFalse(rows.search([]))

    def test_administrator_says_what_is_needed(self):
        self.make_cases(1, **self.complete())
        self.needed("quarrel_duration").active = True
        self.assertEqual(
            [name for _case, name in self.missing(self.benchmark())],
            ["How long the quarrel was going on"],
        )
        self.env["buurtbemiddeling.needed.fact"].create(
            {
                "name": "Channel of the phone",
                "domain": "[('channel', '=', 'phone')]",
            }
        )
        self.assertEqual(len(self.missing(self.benchmark())), 2)
        self.env["buurtbemiddeling.needed.fact"].search([]).active = False
        benchmark = self.benchmark()
        self.assertEqual(self.missing(benchmark), {})
        self.assertIn("No fact is needed", benchmark.missing_html)

    def test_needed_fact_that_can_not_be_is_refused_in_words(self):
        needed = self.env["buurtbemiddeling.needed.fact"]
        for domain in (
            "[('nonsense', '=', 1)]",
            "no domain",
            "[('extra_signal_ids', '!=', False)]",
        ):
            with self.assertRaisesRegex(ValidationError, "can not be searched for"):
                needed.create({"name": "X", "domain": domain})
        pair = self.env.ref("buurtbemiddeling_report.dimension_referrer_type_area")
        with self.assertRaisesRegex(ValidationError, "two facts"):
            needed.create({"name": "X", "dimension_id": pair.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            needed.create({"name": "X"})

    def test_who_sees_figures_only_sees_no_missing_fact(self):
        self.make_cases(1)
        reporting = mail_new_test_user(
            self.env,
            login="missing_reporting",
            groups="buurtbemiddeling_report.group_reporting",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        benchmark = self.compute(2018).with_user(reporting)
        for name in ("missing_count", "missing_html"):
            with self.assertRaises(AccessError):
                benchmark.read([name])
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.missing.fact"].with_user(reporting).search([])
        with self.assertRaises(AccessError):
            benchmark._get_missing_shares()
        self.assertNotIn(
            "missing_count", benchmark.get_views([(False, "form")])["views"]["form"]["arch"]
        )

    def test_number_of_queries_does_not_grow_with_cases(self):
        def count():
            benchmark = self.benchmark()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            benchmark.read(["missing_count", "missing_html"])
            benchmark._get_missing_facts().search_read(
                benchmark._get_scope(), ["case_id", "needed_id", "kind", "municipality_id"]
            )
            return self.env.cr.sql_log_count - before

        self.make_cases(2, area_id=self.town.id)
        count()
        few = count()
        self.make_cases(30, area_id=self.town.id)
        self.assertLessEqual(count(), few)
