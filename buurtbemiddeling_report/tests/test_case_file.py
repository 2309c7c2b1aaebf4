from collections import Counter
from datetime import date
from random import Random

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..controllers.benchmark import BenchmarkController
from ..models import buurtbemiddeling_benchmark_case_file_mixin as case_file
from .common import FiguresCase

SHARED = 6  # municipality, kind of referrer, month, home, household, age


class CaseFileCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.make_user("coordinator", "base.group_allow_export")
        cls.town = cls.make_area("Stad")
        cls.village = cls.make_area("Dorp")

    @classmethod
    def make_user(cls, login, groups="", role="buurtbemiddeling_case.group_user"):
        return mail_new_test_user(
            cls.env,
            login=f"cases_{login}",
            password=f"cases_{login}",
            groups=",".join(filter(None, (role, groups))),
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def make(self, count, town, **party):
        cases = self.make_cases(count, area_id=town.id)
        self.env["buurtbemiddeling.case.party"].create(
            [{"case_id": case.id, "side": "a", **party} for case in cases]
        )
        return cases

    def read_file(self, benchmark, user=None):
        """Return the rows of the file as lists, without notice, headings and end."""
        text = "".join(benchmark.with_user(user or self.coordinator)._stream_cases())
        self.notice, self.head, *rows, end = [line.split(";") for line in text.splitlines()]
        self.assertEqual(end, [f"# End of the file: {len(rows)} cases."])
        return rows


@tagged("post_install", "-at_install")
class TestCaseFile(CaseFileCase):
    def test_one_row_for_each_case_that_the_benchmark_counts(self):
        self.make(8, self.town)
        self.make_cases(5, outcome="OPG_BEM")
        self.make_cases(3, registered=date(2019, 2, 1))
        benchmark = self.compute(2018)
        rows = self.read_file(benchmark)
        self.assertEqual(len(rows), 13)
        for code, heading in (
            ("cases_registered", "Registered in the year"),
            ("cases_closed", "Closed in the year"),
            ("cases_running", "Running"),
        ):
            column = self.head.index(heading)
            self.assertEqual(
                sum(int(row[column]) for row in rows), self.line(benchmark, code).value
            )

    def test_every_combination_is_shared(self):
        ages, homes = ["0_24", "25_39", "40_59"], ["owner", "corporation"]
        for index in range(37):
            self.make(
                1,
                self.village if index % 9 == 0 else self.town,
                age_band=ages[index % 3],
                tenure=homes[index % 2],
                household="single" if index % 5 else "family",
            )
        rows = self.read_file(self.compute(2018))
        self.assertEqual(len(rows), 37)
        shared = Counter(tuple(row[:SHARED]) for row in rows)
        self.assertGreaterEqual(min(shared.values()), 5, shared)

    def test_what_is_rare_is_given_up_one_fact_after_another(self):
        self.make(5, self.town, age_band="0_24", tenure="owner", household="single")
        self.make(3, self.town, age_band="25_39", tenure="owner", household="single")
        self.make(3, self.town, age_band="40_59", tenure="owner", household="single")
        rows = Counter(tuple(row[:SHARED]) for row in self.read_file(self.compute(2018)))
        start = ("TEST-Stad", "NONE", "2018-05", "owner", "single")
        self.assertEqual(rows, {(*start, "0_24"): 5, (*start, "*"): 6})

    def test_each_keeps_as_much_as_enough_others_share_with_it(self):
        rng = Random("facts")
        homes, households, ages = ("owner", "corporation"), ("single", "family"), ("0_24", "25_39")
        made = Counter(
            (town, rng.choice(homes), rng.choice(households), rng.choice(ages))
            for town in rng.choices((self.town, self.village), (3, 1), k=60)
        )
        facts = []
        for (town, tenure, household, age), size in made.items():
            self.make(size, town, tenure=tenure, household=household, age_band=age)
            facts += [(town.code, "NONE", "2018-05", tenure, household, age)] * size
        expected = Counter()
        for level in range(SHARED, 0, -1):
            shared = Counter(each[:level] for each in facts)
            kept = {first: size for first, size in shared.items() if size >= 5}
            expected += {first + ("*",) * (SHARED - level): size for first, size in kept.items()}
            facts = [each for each in facts if each[:level] not in kept]
        self.assertGreaterEqual(len(facts), 5, "else the smallest would join them")
        expected[("*",) * SHARED] = len(facts)
        self.assertGreater(len({sum(fact == "*" for fact in first) for first in expected}), 2)
        rows = self.read_file(self.compute(2018))
        self.assertEqual(Counter(tuple(row[:SHARED]) for row in rows), expected)

    def test_the_last_few_are_joined_by_others(self):
        self.make(9, self.town)
        self.make(7, self.make_area("Buiten"))
        self.make(2, self.village)
        rows = Counter(tuple(row[:SHARED]) for row in self.read_file(self.compute(2018)))
        bare = ("*",) * SHARED
        self.assertEqual(rows[bare], 9)
        self.assertEqual(sum(rows.values()), 18)

    def test_the_threshold_is_that_of_the_organisation(self):
        self.company.buurtbemiddeling_small_number = 8
        self.make(7, self.town)
        self.make(9, self.village)
        rows = Counter(tuple(row[:SHARED]) for row in self.read_file(self.compute(2018)))
        self.assertEqual(list(rows.values()), [16])

    def test_nothing_personal_and_no_order(self):
        cases = self.make(40, self.town)
        cases[0].party_ids.partner_id = self.env["res.partner"].create({"name": "Jansen"})
        for number, case in enumerate(cases, start=1):
            case.write({"registration_date": date(2018, 5, 1 + number % 28)})
        cases.write({"complexity_ids": [(6, 0, self.code("complexity", "PSYCHISCH").ids)]})
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([], limit=2)
        for nuisance, some in zip(nuisances, (cases[:20], cases[20:]), strict=True):
            some.main_nuisance_type_id = nuisance
        benchmark = self.compute(2018)
        text = "\n".join(";".join(row) for row in self.read_file(benchmark))
        for secret in ("Jansen", cases[0].name, "2018-05-", "PSYCHISCH"):
            self.assertNotIn(secret, text)
        self.assertFalse({"id", "ID"} & set(self.head))
        orders = {"\n".join(";".join(row) for row in self.read_file(benchmark)) for _i in range(3)}
        self.assertGreater(len(orders), 1, "the order is another one each time")

    def close(self, cases, outcome):
        cases.write(
            {
                "stage_id": self.closed.id,
                "outcome_id": self.code("outcome", outcome).id,
                "close_date": date(2018, 8, 1),
            }
        )

    def get_column(self, rows, heading):
        """Return ``{municipality: set of values}`` of a column."""
        found = {}
        for row in rows:
            found.setdefault(row[0], set()).add(row[self.head.index(heading)])
        return found

    def test_a_result_that_all_of_a_group_share_is_left_out(self):
        self.close(self.make(8, self.town), "OPG_BEM")
        self.close(self.make(4, self.village), "OPG_BEM")
        self.close(self.make(4, self.village), "NIET_OPG")
        rows = self.read_file(self.compute(2018))
        self.assertEqual(
            self.get_column(rows, "Result"),
            {"TEST-Stad": {"*"}, "TEST-Dorp": {"OPG_BEM", "NIET_OPG"}},
        )
        for heading in ("Suitable", "Handled", "Positive"):
            self.assertEqual(self.get_column(rows, heading)["TEST-Stad"], {"*"}, "it tells it")
        self.assertEqual(self.get_column(rows, "Positive")["TEST-Dorp"], {"0", "1"})

    def test_a_running_case_does_not_tell_the_result_of_the_others(self):
        self.close(self.make(7, self.town), "OPG_BEM")
        self.make(2, self.town)
        rows = self.read_file(self.compute(2018))
        self.assertEqual(self.get_column(rows, "Result"), {"TEST-Stad": {"*"}})

    def test_nuisance_and_complexity_that_all_of_a_group_share_are_left_out(self):
        noise, other = self.env["buurtbemiddeling.nuisance.type"].search([], limit=2)
        escalated = self.code("complexity", "GEESCALEERD")
        for town, nuisances in ((self.town, (noise, noise)), (self.village, (noise, other))):
            for nuisance in nuisances:
                cases = self.make(4, town)
                cases.main_nuisance_type_id = nuisance
                cases.nuisance_type_ids = nuisance
                if town == self.town or nuisance == other:
                    cases.complexity_ids = escalated
        rows = self.read_file(self.compute(2018))
        for heading in ("Main nuisance", "Nuisance"):
            self.assertEqual(
                self.get_column(rows, heading),
                {"TEST-Stad": {"*"}, "TEST-Dorp": {noise.code, other.code}},
            )
        self.assertEqual(
            self.get_column(rows, "Complex"), {"TEST-Stad": {"*"}, "TEST-Dorp": {"0", "1"}}
        )

    def test_facts_behind_frozen_figures_are_those_of_today(self):
        self.make(6, self.town)
        benchmark = self.compute(2018)
        self.read_file(benchmark)
        self.assertNotIn("those of today", ";".join(self.notice))
        benchmark.action_freeze()
        self.read_file(benchmark)
        self.assertIn("The facts are those of today", ";".join(self.notice))

    def test_the_file_says_what_was_coarsened(self):
        self.make(6, self.town)
        self.read_file(self.compute(2018))
        for words in ("Month instead of day", "fewer than 5 cases", "have the same result"):
            self.assertIn(words, ";".join(self.notice))

    def test_a_file_of_a_few_cases_is_refused(self):
        self.make(4, self.town)
        with self.assertRaisesRegex(UserError, "would tell who they are"):
            self.read_file(self.compute(2018))

    def test_only_coordinators_who_may_export_get_it(self):
        self.make(6, self.town)
        benchmark = self.compute(2018)
        reporter = self.make_user(
            "reporter", "base.group_allow_export", "buurtbemiddeling_report.group_reporting"
        )
        with self.assertRaisesRegex(AccessError, "Only coordinators"):
            self.read_file(benchmark, reporter)
        silent = self.make_user("silent")
        silent.group_ids -= self.env.ref("base.group_allow_export")
        with self.assertRaisesRegex(AccessError, "may not export yet"):
            self.read_file(benchmark, silent)

    def test_memory_does_not_grow_with_the_number_of_cases(self):
        self.make(12, self.town)
        self.patch(case_file, "CHUNK", 5)
        pieces = list(self.compute(2018).with_user(self.coordinator)._stream_cases())
        self.assertEqual([piece.count("\r\n") for piece in pieces], [2, 5, 5, 2, 1])


@tagged("post_install", "-at_install")
class TestCaseFileDownload(CaseFileCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.make(12, self.town)
        self.benchmark = self.compute(2018)
        self.url = f"/buurtbemiddeling/benchmark/{self.benchmark.id}/cases"

    def test_a_coordinator_gets_the_whole_file(self):
        self.authenticate(self.coordinator.login, self.coordinator.login)
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(len(response.content.decode().splitlines()), 15)
        self.assertNotIn("Content-Length", response.headers, "it is sent while it is read")

    def test_that_it_was_taken_is_noted_without_a_figure(self):
        self.authenticate(self.coordinator.login, self.coordinator.login)
        self.url_open(self.url)
        release = self.benchmark.release_ids
        self.assertEqual((release.kind, release.user_id), ("cases", self.coordinator))
        self.assertEqual((release.counts, release.line_count), ({"": {}}, 0))
        before = self.benchmark._get_public_lines()
        self.assertEqual(self.benchmark._release(), before, "it hides nothing of later figures")

    def test_others_get_a_sentence(self):
        reporter = self.make_user("reporter", role="buurtbemiddeling_report.group_reporting")
        self.authenticate(reporter.login, reporter.login)
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 403)
        self.assertIn("Only coordinators", response.text)
        self.assertFalse(self.benchmark.release_ids, "nothing left")

    def test_the_answer_is_a_generator(self):
        stream = BenchmarkController()._stream(
            (self.env.cr.dbname, self.coordinator.id, {}), self.benchmark.id
        )
        self.assertTrue(hasattr(stream, "__next__"))
        stream.close()
