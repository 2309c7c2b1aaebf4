from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from .common import VolunteerCommon


class KeepingCommon(VolunteerCommon):
    """Finds volunteers as a coordinator does: by the kinds of attention of My day."""

    def found(self, code):
        """Return what opens when the card is clicked, after checking it against the number."""
        self.env.flush_all()
        kind = self.code("attention", code).with_user(self.coordinator)
        kind = kind.with_context(allowed_company_ids=self.company.ids)
        action = kind.action_open()
        volunteers = kind.env[action["res_model"]].search(action["domain"])
        kind.invalidate_recordset()
        self.assertEqual(kind.record_count, len(volunteers), code)
        return volunteers

    def work(self, volunteer, start, end=None, **values):
        """Let a volunteer work in a new case from one day until another, or until now."""
        case = self.make_case(registration_date=start)
        return self.couple(
            case,
            volunteer,
            "ended" if end else "accepted",
            date_start=start,
            date_end=end,
            **values,
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestSignals(KeepingCommon):
    """Who has nothing to do, who never has a break."""

    def test_no_case_for_three_months(self):
        idle, done, busy = (self.make_volunteer(name) for name in ("Idle", "Done", "Busy"))
        self.work(idle, date(2026, 1, 5), date(2026, 3, 14))
        self.work(done, date(2026, 1, 5), date(2026, 3, 15))
        self.work(busy, date(2026, 1, 5))
        self.assertEqual(self.found("NO_CASE"), idle)

    def test_who_never_had_a_case_counts_from_the_first_day(self):
        old = self.make_volunteer("Old", date_start=date(2026, 3, 14))
        self.make_volunteer("New", date_start=date(2026, 3, 15))
        self.assertEqual(self.found("NO_CASE"), old)

    def test_who_asked_for_nothing_or_can_get_nothing_is_not_forgotten(self):
        self.make_volunteer("Paused", "pause")
        self.make_volunteer("Gone", "left")
        self.make_volunteer("No room", max_cases=0)
        asked = self.make_volunteer("Asked")
        self.couple(self.make_case(), asked, "invited")
        self.assertFalse(self.found("NO_CASE"))

    def test_an_answer_no_is_no_case(self):
        asked = self.make_volunteer()
        self.couple(self.make_case(), asked, "declined", date_start=date(2026, 6, 1))
        self.assertEqual(self.found("NO_CASE"), asked)

    def test_three_cases_in_a_row(self):
        vera = self.make_volunteer()
        self.work(vera, date(2026, 3, 1), date(2026, 3, 20))
        self.work(vera, date(2026, 3, 27), date(2026, 4, 20))
        self.assertEqual(vera.cases_in_row, 2)
        self.assertFalse(self.found("CASES_IN_ROW"))
        last = self.work(vera, date(2026, 4, 25))
        self.assertEqual(vera.cases_in_row, 3)
        self.assertFalse(vera.rest_until)
        self.assertEqual(self.found("CASES_IN_ROW"), vera)
        last.with_user(self.coordinator).write({"state": "ended", "date_end": date(2026, 6, 8)})
        self.assertEqual(vera.rest_until, date(2026, 6, 15))
        self.assertEqual(self.found("CASES_IN_ROW"), vera)
        with freeze_time("2026-06-16 10:00:00"):
            self.assertFalse(self.found("CASES_IN_ROW"))

    def test_seven_days_off_are_a_rest_and_the_number_is_a_setting(self):
        vera = self.make_volunteer()
        self.work(vera, date(2026, 3, 1), date(2026, 3, 20))
        self.work(vera, date(2026, 3, 28), date(2026, 4, 20))  # off from 21 until 27 March
        self.assertEqual(vera.cases_in_row, 1)
        self.company.buurtbemiddeling_rest_days = 8
        self.assertEqual(vera.cases_in_row, 2)

    def test_cases_at_the_same_time_are_in_a_row(self):
        vera = self.make_volunteer(max_cases=3)
        self.work(vera, date(2026, 3, 1), date(2026, 6, 1))
        self.work(vera, date(2026, 3, 5), date(2026, 3, 20))
        self.work(vera, date(2026, 5, 30))
        self.assertEqual(vera.cases_in_row, 3)

    def test_invitations_and_refusals_are_no_work(self):
        vera = self.make_volunteer()
        for state in ("invited", "declined"):
            self.couple(self.make_case(), vera, state)
        self.assertEqual(vera.cases_in_row, 0)
        self.assertFalse(vera.rest_until)

    def test_a_deleted_assignment_no_longer_counts(self):
        vera = self.make_volunteer()
        row = self.work(vera, date(2026, 3, 1))
        self.assertEqual(vera.cases_in_row, 1)
        row.with_user(self.manager).unlink()
        self.assertEqual(vera.cases_in_row, 0)

    def test_a_yearly_talk_is_due_after_twelve_months(self):
        talks = self.env["buurtbemiddeling.volunteer.talk"].with_user(self.coordinator)
        due, done, other, coming = (
            self.make_volunteer(name, date_start=date(2024, 1, 1))
            for name in ("Due", "Done", "Other talk", "Coming")
        )
        self.make_volunteer("New", date_start=date(2025, 6, 15))
        self.make_volunteer("Paused", "pause", date_start=date(2024, 1, 1))
        talks.create(
            [
                {"volunteer_id": volunteer.id, "kind": kind, "date": day}
                for volunteer, kind, day in (
                    (due, "yearly", date(2025, 6, 14)),
                    (done, "yearly", date(2024, 6, 14)),
                    (done, "yearly", date(2025, 6, 15)),
                    (other, "evaluation", date(2026, 6, 1)),
                    (coming, "yearly", date(2026, 7, 1)),
                )
            ]
        )
        self.assertEqual(done.last_yearly_talk_date, date(2025, 6, 15))
        self.assertEqual(self.found("YEARLY_TALK"), due | other)

    def test_nobody_is_found_in_an_empty_database(self):
        codes = ("NO_CASE", "CASES_IN_ROW", "BIRTHDAY", "JUBILEE", "NOT_THANKED")
        for code in (*codes, "YEARLY_TALK"):
            self.assertFalse(self.found(code))


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestLoad(KeepingCommon):
    """Load and fairness at a glance."""

    def load(self, *volunteers):
        self.env.flush_all()
        rows = self.env["buurtbemiddeling.volunteer.load"].with_user(self.coordinator)
        rows.invalidate_model()
        rows = rows.search([("company_id", "=", self.company.id)])
        if not volunteers:
            return rows
        return [rows.filtered(lambda row, v=v: row.volunteer_id == v) for v in volunteers]

    def give(self, volunteer, count, start=date(2026, 2, 2)):
        for number in range(count):
            self.work(volunteer, start + timedelta(days=number), date(2026, 3, 1))

    def test_an_empty_pool_is_an_empty_list(self):
        self.assertFalse(self.load())

    def test_what_is_counted(self):
        vera = self.make_volunteer(date_start=date(2020, 1, 1), max_cases=3)
        self.work(vera, date(2025, 6, 15), date(2025, 12, 31), hours=10)  # a year ago today
        self.work(vera, date(2025, 6, 16), date(2026, 1, 1), hours=4)
        self.work(vera, date(2026, 4, 1), hours=2)
        self.couple(self.make_case(), vera, "invited", date_start=date(2026, 6, 1))
        self.couple(self.make_case(), vera, "declined", date_start=date(2026, 6, 1), hours=1)
        [row] = self.load(vera)
        self.assertEqual((row.running_count, row.year_count, row.room), (2, 2, 1))
        self.assertEqual(row.running_count, vera.active_case_count)
        self.assertEqual(row.hours, 6)
        self.assertEqual((row.last_start, row.last_end), (date(2026, 4, 1), date(2026, 1, 1)))

    def test_learning_hours_are_those_of_the_volunteer(self):
        vera = self.make_volunteer()
        self.enrol(self.make_session(), vera, attended_hours=12)
        with freeze_time("2027-06-01 10:00:00"):
            [row] = self.load(vera)
            self.assertEqual(row.learning_hours, 12)
            vera.invalidate_recordset()
            self.assertEqual(row.learning_hours, vera.learning_hours_year)
        with freeze_time("2028-06-01 10:00:00"):
            self.assertEqual(self.load(vera)[0].learning_hours, 0)

    def test_who_has_much_more_or_much_less_than_the_median(self):
        names = {"None": 0, "One": 1, "Two": 2, "Four": 4, "Five": 5, "Six": 6, "Seven": 7}
        volunteers = [self.make_volunteer(name) for name in names]
        for volunteer, count in zip(volunteers, names.values(), strict=True):
            self.give(volunteer, count)
        rows = self.load(*volunteers)
        self.assertEqual({row.median for row in rows}, {4})
        self.assertEqual(
            [row.fairness for row in rows],
            ["less", "less", "usual", "usual", "usual", "usual", "more"],
        )
        self.assertEqual([row.difference for row in rows], [-4, -3, -2, 0, 1, 2, 3])
        self.company.buurtbemiddeling_load_percent = 25
        self.assertEqual(
            [row.fairness for row in self.load(*volunteers)],
            ["less", "less", "less", "usual", "usual", "more", "more"],
        )

    def test_one_case_is_never_a_great_difference(self):
        volunteers = [self.make_volunteer(name) for name in ("None", "Zero", "One")]
        self.give(volunteers[2], 1)
        self.assertEqual({row.fairness for row in self.load()}, {"usual"})

    def test_who_began_this_year_is_not_said_to_have_few(self):
        new = self.make_volunteer("New", date_start=date(2026, 5, 1))
        old = self.make_volunteer("Old", date_start=date(2025, 6, 15))
        for name in ("A", "B", "C"):
            self.give(self.make_volunteer(name), 4)
        self.assertEqual([row.fairness for row in self.load(new, old)], ["usual", "less"])

    def test_only_who_gets_cases_is_compared(self):
        self.make_volunteer("Paused", "pause")
        self.make_volunteer("Gone", "left")
        archived = self.make_volunteer("Archived")
        archived.active = False
        vera = self.make_volunteer()
        self.assertEqual(self.load().volunteer_id, vera)

    def test_the_list_can_be_sorted_filtered_and_grouped(self):
        vera = self.make_volunteer()
        self.give(vera, 2)
        rows = self.env["buurtbemiddeling.volunteer.load"].with_user(self.coordinator)
        own = [("company_id", "=", self.company.id)]
        self.env.flush_all()
        self.assertEqual(
            rows.search([*own, ("room", ">", 0)], order="year_count desc"), rows.search(own)
        )
        groups = rows.formatted_read_group(own, ["fairness"], ["year_count:sum", "median:avg"])
        self.assertEqual(groups[0]["year_count:sum"], 2)
        self.assertEqual(rows.search(own).action_open_volunteer()["res_id"], vera.id)

    def test_who_is_only_asked_has_no_room_and_no_case_yet(self):
        vera = self.make_volunteer("Vera", max_cases=1)
        self.couple(self.make_case(), vera, "invited", date_start=date.today())
        self.env.flush_all()
        row = self.env["buurtbemiddeling.volunteer.load"].with_user(self.coordinator)
        row = row.search([("volunteer_id", "=", vera.id)])
        self.assertEqual((row.running_count, row.room), (1, 0))
        self.assertEqual((row.year_count, row.last_start), (0, False))

    def test_the_number_of_queries_does_not_grow_with_the_pool(self):
        rows = self.env["buurtbemiddeling.volunteer.load"].with_user(self.coordinator)
        read = {name: {} for name in ("year_count", "fairness", "hours", "learning_hours")}
        read["volunteer_id"] = {"fields": {"display_name": {}}}

        def open_list():
            rows.web_search_read([("company_id", "=", self.company.id)], read)

        self.give(self.make_volunteer("First"), 1)
        few = self.count_queries(open_list)
        for number in range(20):
            self.give(self.make_volunteer(f"Next {number}"), 1)
        open_list()  # access rights are looked up again after so much was made
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(few):
            open_list()

    def test_signals_cost_a_fixed_number_of_queries(self):
        kinds = self.env["buurtbemiddeling.attention"].with_user(self.coordinator)
        kinds = kinds.with_context(allowed_company_ids=self.company.ids)
        kinds = kinds.search([("code", "in", ("NO_CASE", "CASES_IN_ROW", "BIRTHDAY", "JUBILEE"))])
        first = self.make_volunteer(birthday=date(1960, 6, 20), date_start=date(2021, 6, 20))
        self.work(first, date(2026, 5, 1))
        few = self.count_queries(lambda: kinds.mapped("record_count"))
        for number in range(20):
            volunteer = self.make_volunteer(
                f"V {number}", birthday=date(1960, 6, 20), date_start=date(2021, 6, 20)
            )
            self.work(volunteer, date(2026, 5, 1))
        self.assertLessEqual(self.count_queries(lambda: kinds.mapped("record_count")), few)
