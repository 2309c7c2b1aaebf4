from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_project_rights import ProjectFiguresCase


@tagged("post_install", "-at_install")
class TestFiguresOfAProject(ProjectFiguresCase):
    def make_figures(self, project):
        """Return a record of every model of figures, about a project."""
        day = date(2018, 12, 31) if project == self.closed_project else date(2019, 1, 31)
        benchmark = self.compute(2018, project_id=project.id, reference_date=day)
        benchmark.action_freeze()
        self.open_cases[0].intervention_id = self.env["buurtbemiddeling.intervention"].search(
            [], limit=1
        )
        benchmark.action_check()
        benchmark._release(self.env.ref("buurtbemiddeling_report.layout_ccv"))
        report = self.env["buurtbemiddeling.year.report"].create(
            {
                "kind": "annual",
                "year": 2018,
                "reference_date": day,
                "company_id": self.company.id,
                "project_id": project.id,
                "benchmark_id": benchmark.id,
            }
        )
        report._finalize()
        target = self.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": self.code("indicator", "cases_registered").id,
                "amount": 5,
                "year": 2018 if project == self.closed_project else 2019,
                "company_id": self.company.id,
                "project_id": project.id,
            }
        )
        totals = benchmark.line_ids.filtered(lambda line: not line.dimension)
        line = totals.filtered(lambda line: not line.is_inside_only)[:1]
        line.is_small = False  # or no reader of figures would see it, whatever the project
        return [
            benchmark,
            line,
            benchmark.difference_ids[:1],
            benchmark.release_ids[:1],
            report,
            report.chapter_ids.filtered("is_shown")[:1],
            target,
        ]

    def test_figures_of_a_closed_project_are_for_its_coordinators_readers_and_administrators(self):
        """Role x read, write, unlink x figures of the closed and of the open project."""
        for project in (self.closed_project, self.open_project):
            for record in self.make_figures(project):
                if not record:
                    continue
                for user in (
                    self.member, self.outsider, self.manager, self.reader, self.other_reader,
                ):  # fmt: skip
                    closed = project == self.closed_project and user in (
                        self.outsider,
                        self.other_reader,
                    )
                    mine = self.as_user(user, record)
                    with self.subTest(model=record._name, user=user.login, project=project.name):
                        may = mine.browse().has_access("read") and not closed
                        self.assertEqual(self.sees(user, record), may)
                        for operation in ("write", "unlink"):
                            if closed:
                                self.assertFalse(mine.has_access(operation))

    def test_reader_reads_figures_and_no_case(self):
        """Being a reader opens no case, not for a coordinator of another project either."""
        self.closed_project.reader_ids += self.outsider
        benchmark = self.compute(2018, project_id=self.closed_project.id)
        self.assertTrue(self.sees(self.outsider, benchmark))
        self.assertTrue(self.sees(self.reader, benchmark))
        cases = self.closed_cases
        self.assertFalse(self.as_user(self.outsider, cases).search([("id", "in", cases.ids)]))
        with self.assertRaises(AccessError):
            self.as_user(self.reader, cases).search([])
        for model in ("case.report", "missing.fact", "benchmark.fact"):
            with self.assertRaises(AccessError):
                self.as_user(self.reader, self.env[f"buurtbemiddeling.{model}"]).search([])

    def test_nobody_makes_figures_of_a_project_that_is_closed_to_him(self):
        for model, values in (
            ("benchmark", {"year": 2018}),
            ("target", {"year": 2018, "amount": 5}),
            ("year.report", {"year": 2018}),
        ):
            records = self.as_user(self.outsider, self.env[f"buurtbemiddeling.{model}"])
            if model == "target":
                values["indicator_id"] = self.code("indicator", "cases_registered").id
            with self.assertRaisesRegex(AccessError, "“Besloten” are only for"):
                records.create({**values, "project_id": self.closed_project.id})
            mine = records.create({**values, "company_id": self.company.id})
            with self.assertRaisesRegex(AccessError, "“Besloten” are only for"):
                mine.project_id = self.closed_project

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def test_a_form_tells_no_figure_of_a_closed_project(self):
        """What a form works out is worked out before anything is saved."""
        indicator = self.code("indicator", "cases_registered")
        values = {
            "target": {"indicator_id": indicator.id, "year": 2018},
            "budget": {"year": 2018},
            "staff.hours": {"date": "2018-05-01", "hours": 1},
        }
        for name, given in values.items():
            with self.subTest(name):
                model = self.as_user(self.outsider, self.env[f"buurtbemiddeling.{name}"])
                given = {"project_id": self.closed_project.id, **given}
                with self.assertRaisesRegex(AccessError, "only for its own coordinators"):
                    model.onchange(given, ["project_id"], {"project_id": {}})

    def test_rows_of_a_closed_project_are_not_for_others_and_are_not_lost(self):
        benchmark = self.as_user(self.outsider, self.compute(2018))
        benchmark.action_compute()
        benchmark.action_compute()
        rows = {
            line.dimension_code: line.numerator
            for line in self.as_user(self.manager, benchmark).line_ids
            if (line.indicator_code, line.dimension) == ("cases_registered", "project")
        }
        closed, open_ = str(self.closed_project.id), str(self.open_project.id)
        self.assertEqual((rows[closed], rows[open_]), (6, 4), "all rows, and each once")
        for user, codes in (
            (self.outsider, {open_}),
            (self.member, {closed, open_}),
            (self.manager, {closed, open_}),
        ):
            found = self.as_user(user, benchmark).line_ids.filtered(
                lambda line: (
                    (line.indicator_code, line.dimension) == ("cases_registered", "project")
                )
            )
            self.assertEqual(set(found.mapped("dimension_code")), codes, user.login)

    def test_a_coordinator_who_only_reads_the_figures_changes_nothing(self):
        self.closed_project.reader_ids |= self.outsider
        for record in self.make_figures(self.closed_project):
            mine = self.as_user(self.outsider, record)
            with self.subTest(record._name):
                self.assertTrue(mine.has_access("read"))
                for operation in ("write", "unlink"):
                    if mine.browse().has_access(operation):
                        self.assertFalse(mine.has_access(operation), operation)

    def test_figures_only_opens_the_page_of_a_project(self):
        project = self.as_user(self.reader, self.closed_project)
        view = project.get_view(view_type="form")
        names = project.get_views([(False, "form")])["models"][project._name]["fields"]
        self.assertTrue(view["arch"])
        project.read([name for name in names if name in view["arch"]])
        self.assertNotIn("duty_ids", view["arch"])

    def test_facts_of_closed_cases_are_for_the_members_and_administrators(self):
        benchmark = self.compute(2018)
        benchmark.action_freeze()
        for model, name in (
            ("case.report", "case_id"),
            ("missing.fact", "case_id"),
            ("benchmark.fact", "res_id"),
        ):
            rows = self.env[f"buurtbemiddeling.{model}"]
            domain = [("company_id", "=", self.company.id)]
            if model == "benchmark.fact":
                domain.append(("source", "=", "case"))
            for user, cases in (
                (self.member, self.closed_cases | self.open_cases),
                (self.manager, self.closed_cases | self.open_cases),
                (self.outsider, self.open_cases),
            ):
                with self.subTest(model=model, user=user.login):
                    found = self.as_user(user, rows).search(domain)
                    seen = {int(row[name]) for row in found}
                    self.assertEqual(
                        seen & set(self.closed_cases.ids), seen - set(self.open_cases.ids)
                    )
                    self.assertEqual(
                        bool(seen - set(self.open_cases.ids)), cases != self.open_cases
                    )
                    if cases == self.open_cases:
                        closed = rows.search(domain) - found
                        self.assertTrue(closed)
                        self.assertFalse(self.as_user(user, closed)._filtered_access("read"))
        groups = self.as_user(self.outsider, self.env["buurtbemiddeling.case.report"])._read_group(
            domain[:1], ["project_id"], ["__count"]
        )
        self.assertEqual([(project.name, count) for project, count in groups], [("Open", 4)])

    def test_what_is_behind_a_difference_is_a_list_by_the_users_own_rights(self):
        benchmark = self.compute(2018)
        self.closed_cases[0].area_id = self.village
        benchmark.action_check()
        difference = benchmark.difference_ids.filtered("has_cases")[:1]
        self.assertTrue(difference)
        mine = self.as_user(self.outsider, difference)
        with self.assertRaises(AccessError):
            mine.read(["record_ids"])
        action = mine.action_open_cases()
        cases = self.as_user(self.outsider, self.env[action["res_model"]])
        self.assertFalse(
            cases.search(action["domain"]).filtered(lambda c: c.project_id != self.open_project)
        )

    # ------------------------------------------------------------
    # FIGURES OF THE WHOLE ORGANISATION
    # ------------------------------------------------------------

    def test_figures_of_the_organisation_are_the_same_whoever_computes_them(self):
        def lines(user):
            benchmark = self.as_user(user, self.env["buurtbemiddeling.benchmark"]).create(
                {"year": 2018, "company_id": self.company.id}
            )
            benchmark.action_compute()
            return {
                (line.indicator_code, line.dimension, line.dimension_code): line.value
                # sudo: all that was computed, also rows that this user does not read
                for line in benchmark.sudo().line_ids
            }

        expected = lines(self.manager)
        self.assertEqual(expected["cases_registered", False, False], 10)
        self.assertEqual(lines(self.outsider), expected)

    def test_rows_of_a_closed_project_are_computed_by_who_does_not_read_them(self):
        benchmark = self.as_user(self.outsider, self.env["buurtbemiddeling.benchmark"]).create(
            {"year": 2018, "company_id": self.company.id}
        )
        benchmark.action_compute()
        rows = {str(project.id) for project in (self.closed_project, self.open_project)}

        def read(user):
            self.env.invalidate_all()
            lines = self.as_user(user, benchmark).line_ids
            by_project = lines.filtered(lambda line: line.dimension == "project")
            return rows.intersection(by_project.mapped("dimension_code"))

        self.assertEqual(read(self.member), rows)
        self.assertEqual(read(self.outsider), {str(self.open_project.id)})

    def test_no_door_gives_a_smaller_figure_to_who_sees_fewer_cases(self):
        registered = self.code("indicator", "cases_registered")
        benchmark = self.compute(2018)
        target = self.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": registered.id,
                "amount": 5,
                "year": 2018,
                "company_id": self.company.id,
            }
        )
        doors = {
            "total": lambda user: self.as_user(user, registered)._measure_total(
                self.company.with_user(user), 2018, date(2018, 12, 31)
            )[registered],
            "target": lambda user: self.as_user(user, target).actual,
            "referral card": lambda user: self.as_user(user, self.partner)._get_figures(2018)[
                False
            ][registered],
            "not recorded": lambda user: [
                (share.not_recorded, share.base)
                for share in self.as_user(user, benchmark)._get_missing_shares()
            ],
            "retention": lambda user: self.as_user(
                user, self.env["buurtbemiddeling.criterion.evidence"].search([])
            ).mapped("figure"),
        }
        for name, door in doors.items():
            with self.subTest(door=name):
                self.assertEqual(str(door(self.outsider)), str(door(self.manager)))
        self.assertEqual(doors["total"](self.outsider).value, 10)

    def test_comparing_with_today_finds_no_difference_for_who_sees_fewer_cases(self):
        benchmark = self.compute(2018)
        benchmark.action_freeze()
        self.as_user(self.outsider, benchmark).action_check()
        self.assertEqual(benchmark.difference_count, 0)

    def test_figures_only_measures_nothing_and_no_other_organisation(self):
        registered = self.code("indicator", "cases_registered")
        other = self.env["res.company"].create({"name": "Other"})
        for user, company in ((self.reader, self.company), (self.outsider, other)):
            with self.assertRaises(AccessError):
                self.as_user(user, registered)._measure_total(
                    company.with_user(user), 2018, date(2018, 12, 31)
                )

    def test_a_definition_made_for_it_counts_no_closed_case(self):
        """The preview counts whatever is typed, so it would tell of one case."""
        values = {
            "code": "spy",
            "name": "Spy",
            "numerator_domain": f"[('area_id', '=', {self.town.id})]",
        }
        for user, tells in ((self.outsider, False), (self.manager, True)):
            spy = self.as_user(user, self.env["buurtbemiddeling.indicator"]).new(values)
            self.assertEqual("only for its own" in (spy.preview or ""), not tells)
            dimension = self.as_user(user, self.env["buurtbemiddeling.dimension"]).new(
                {"code": "spy", "name": "Spy", "field_name": "area_id"}
            )
            self.assertEqual("only for its own" in (dimension.preview or ""), not tells)

    def test_case_file_and_check_of_names_are_for_who_sees_all_cases(self):
        """A file of only some cases would be a wrong file; and names are not found by guessing."""
        self.company.buurtbemiddeling_small_number = 3
        benchmark = self.compute(2018)
        report = self.env["buurtbemiddeling.year.report"].create(
            {"kind": "annual", "year": 2018, "company_id": self.company.id}
        )
        doors = (
            lambda user: "".join(self.as_user(user, benchmark)._stream_cases()),
            lambda user: self.as_user(user, benchmark)._release_case_file(),
            lambda user: self.as_user(user, report)._find_names(),
        )
        for door in doors:
            with self.assertRaisesRegex(AccessError, "you do not see all of them"):
                door(self.outsider)
            door(self.member)
            door(self.manager)
        village = self.compute(2018, area_ids=[(6, 0, self.village.ids)])
        self.assertTrue("".join(self.as_user(self.outsider, village)._stream_cases()))

    def test_screen_of_the_benchmark_opens_for_who_sees_fewer_cases(self):
        benchmark = self.compute(2018)
        with Form(self.as_user(self.outsider, benchmark)) as form:
            self.assertEqual(form.year, 2018)
