"""What followed an activity: the same counts as the figures, over the weeks around it."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common_sources import SourcesCase

DAY = date(2018, 5, 10)
WEEKS = timedelta(weeks=4)
ONE = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestNetworkResult(SourcesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "import_file": False})
        cls.town = cls.make_area("Town")
        cls.mill = cls.make_area("Mill", "neighbourhood", cls.town)
        cls.lane = cls.make_area("Lane", "neighbourhood", cls.mill)
        cls.village = cls.make_area("Village")
        cls.project = cls.make_project(cls.town)
        cls.kind = cls.code("network.activity.kind", "INFO")

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2018-12-01")
        freezer.start()
        self.addCleanup(freezer.stop)

    @classmethod
    def make_activity(cls, *areas, **values):
        return cls.env["buurtbemiddeling.network.activity"].create(
            {
                "name": "Evening",
                "kind_id": cls.kind.id,
                "company_id": cls.company.id,
                "date": DAY,
                "state": "held",
                "area_ids": [(6, 0, [area.id for area in areas])],
                **values,
            }
        )

    def make_case_on(self, *days, area=None, **values):
        for day in days:
            self.make_cases(1, day, area_id=(area or self.mill).id, **values)

    def measure(self, areas, first, last):
        """Return the figure "cases registered" over a window, as indicators measure it."""
        indicator = self.code("indicator", "cases_registered")
        facts = self.env["buurtbemiddeling.case.report"].with_context(
            period_start=first, period_end=last, reference_date=last
        )
        rows = indicator._measure(facts, facts._get_scope(self.company, areas), [()])
        return rows[0][3][indicator].value

    def assertCounts(self, activity, before, after):
        activity.invalidate_recordset()
        found = (activity.registrations_before, activity.registrations_after)
        self.assertEqual(found, (before, after))

    def test_registrations_are_counted_over_as_many_weeks_before_and_after(self):
        evening = self.make_activity(self.mill)
        self.make_case_on(DAY - WEEKS - ONE, DAY + WEEKS)
        self.assertCounts(evening, 0, 0)
        self.make_case_on(DAY - WEEKS, DAY - ONE)
        self.make_case_on(DAY, DAY + ONE, DAY + WEEKS - ONE)
        self.assertCounts(evening, 2, 3)
        self.kind.result_weeks = 2
        self.assertCounts(evening, 1, 2)

    def test_they_are_those_of_the_areas_and_of_what_lies_inside(self):
        self.make_case_on(DAY)
        self.make_case_on(DAY, area=self.lane)
        self.make_case_on(DAY, area=self.town)
        self.make_case_on(DAY, area=self.village)
        self.make_cases(1, DAY)
        self.assertCounts(self.make_activity(self.mill), 0, 2)
        self.assertCounts(self.make_activity(self.town), 0, 3)
        self.assertCounts(self.make_activity(self.lane, self.village), 0, 2)

    def test_without_areas_they_are_those_of_the_project_or_of_the_organisation(self):
        self.make_case_on(DAY)
        self.make_case_on(DAY, area=self.village)
        self.make_cases(1, DAY)
        stranger = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_case_on(DAY, company_id=stranger.id)
        everywhere = self.make_activity()
        self.assertEqual(everywhere.project_id, self.project)
        self.assertCounts(everywhere, 0, 1)
        everywhere.project_id = False
        self.assertCounts(everywhere, 0, 3)

    def test_they_are_exactly_the_figure_cases_registered_over_these_weeks(self):
        """Areas are those of the day of the activity."""
        self.make_case_on(*(DAY + timedelta(days=shift) for shift in range(-40, 41, 3)))
        self.make_case_on(*(DAY + timedelta(days=shift) for shift in range(-40, 41, 4)),
                          area=self.village)  # fmt: skip
        self.village.write({"merged_into_id": self.town.id, "merged_on": DAY + timedelta(days=30)})
        activities = self.make_activity(self.mill)
        for shift in (0, 2, 3, 9, 60):
            for areas in ((self.town,), (self.village,), (self.town, self.village)):
                activities |= self.make_activity(*areas, date=DAY + timedelta(days=shift),
                                                 project_id=False)  # fmt: skip
        counted = set()
        for activity in activities:
            before, after = activity._get_windows()
            if after[0] < self.village.merged_on <= after[1]:
                continue  # see the test of a merger
            with self.subTest(day=activity.date, areas=activity.area_ids.mapped("name")):
                self.assertEqual(
                    activity.registrations_after, self.measure(activity.area_ids, *after)
                )
                counted.add(activity.registrations_after)
                self.assertEqual(
                    activity.registrations_before, self.measure(activity.area_ids, *before)
                )
        self.assertGreater(len(counted), 4)

    def test_a_merger_in_these_weeks_makes_no_difference(self):
        merged = self.make_area("Merged")
        for area, before, after in ((self.village, 3, 5), (merged, 1, 2)):
            self.make_case_on(*[DAY - ONE] * before, *[DAY + ONE] * after, area=area)
        of_old, of_new, later = (
            self.make_activity(area, date=day, project_id=False)
            for area, day in ((self.village, DAY), (merged, DAY), (merged, DAY + 4 * ONE))
        )
        self.village.write({"merged_into_id": merged.id, "merged_on": DAY + 3 * ONE})
        activities = of_old + of_new + later
        activities.invalidate_recordset()
        found = [(each.registrations_before, each.registrations_after) for each in activities]
        self.assertEqual(found, [(3, 5), (1, 2), (11, 0)], "areas of the day, on both sides")

    def test_while_the_weeks_run_it_is_until_now(self):
        evening = self.make_activity(self.mill)
        self.assertEqual(evening.result_period, "05/10/2018 to 06/06/2018")
        with freeze_time(DAY + WEEKS - ONE):
            evening.invalidate_recordset()
            self.assertIn("until now", evening.result_period)
        with freeze_time(DAY + WEEKS):
            evening.invalidate_recordset()
            self.assertNotIn("until now", evening.result_period)

    def test_nothing_is_counted_of_what_was_not_held_or_is_among_colleagues(self):
        self.make_case_on(DAY)
        evening = self.make_activity(self.mill)
        self.assertTrue(evening.has_result)
        meeting = self.make_activity(
            self.mill, kind_id=self.code("network.activity.kind", "REGIONAL").id
        )
        evening.action_cancel()
        for activity in evening + meeting + self.make_activity(self.mill, state="planned"):
            self.assertFalse(activity.has_result)
            self.assertFalse(activity.result_period)
            self.assertCounts(activity, 0, 0)

    def test_the_form_shows_them_while_it_is_filled_in(self):
        self.make_case_on(DAY)
        evening = self.make_activity(self.village)
        with Form(evening) as form:
            self.assertEqual(form.registrations_after, 0)
            form.area_ids = self.mill
            self.assertEqual(form.registrations_after, 1)

    # ------------------------------------------------------------
    # VOLUNTEERS
    # ------------------------------------------------------------

    def test_applications_are_of_volunteers_who_came_forward_in_these_weeks(self):
        evening = self.make_activity(self.mill)
        for day in (DAY - ONE, DAY, DAY + ONE, DAY + WEEKS):
            self.make_volunteer(start=False, area_id=self.lane.id, application_date=day)
        self.make_volunteer(start=False, area_id=self.village.id, application_date=DAY)
        self.make_volunteer(start=False, application_date=DAY)
        self.assertEqual((evening.applications_before, evening.applications_after), (1, 2))
        self.assertEqual(evening.applications_unplaced, 1, "who may live there")
        everywhere = self.make_activity(project_id=False)
        self.assertFalse(everywhere.project_id)
        self.assertEqual((everywhere.applications_after, everywhere.applications_unplaced), (4, 0))

    def test_who_is_added_applied_today_and_history_on_no_day(self):
        self.assertEqual(self.make_volunteer(start=False).application_date, date(2018, 12, 1))
        self.assertFalse(self.make_volunteer(start=date(2017, 1, 1)).application_date)
        imported = self.env["buurtbemiddeling.volunteer"].with_context(import_file=True)
        partner = self.env["res.partner"].create({"name": "Imported"})
        volunteer = imported.create({"partner_id": partner.id, "company_id": self.company.id})
        self.assertFalse(volunteer.application_date)

    def test_an_application_on_the_web_is_counted(self):
        evening = self.make_activity(date=date(2018, 11, 20))
        applications = self.env["buurtbemiddeling.volunteer.application"]
        answers = {"name": "Vera", "email": "vera@example.com", "consent": True}
        values, errors = applications._read_answers(answers)
        self.assertFalse(errors)
        applications._receive(self.company, values, "key", "127.0.0.1")
        self.assertEqual(evening.applications_after, 1)

    # ------------------------------------------------------------
    # QUERIES, RIGHTS
    # ------------------------------------------------------------

    def test_a_list_of_eighty_takes_one_query_a_source(self):
        self.make_case_on(DAY)
        activities = (
            self.env["buurtbemiddeling.network.activity"]
            .browse()
            .union(
                *(
                    self.make_activity(self.mill, date=DAY + timedelta(days=number))
                    for number in range(80)
                )
            )
        )
        self.env.flush_all()
        self.env.invalidate_all()
        activities.fetch(["date", "state", "kind_id", "company_id", "project_id", "area_ids"])
        activities.kind_id.fetch(["counts_results", "result_weeks"])
        activities.area_ids.fetch(["kind", "parent_path"])
        self.env["res.lang"]._get_data(code="en_US")
        self.assertTrue(self.env.user.name)
        with self.assertQueryCount(3):  # the mergers, the cases and the volunteers
            found = activities.mapped("registrations_after")
        self.assertEqual(found, [1] + [0] * 79)

    def test_coordinators_only_see_what_followed(self):
        evening = self.make_activity(self.mill)
        self.make_case_on(DAY)
        users = {
            group: new_test_user(
                self.env,
                login=f"network_{group}",
                groups=group,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for group in (
                "buurtbemiddeling_case.group_user",
                "buurtbemiddeling_report.group_reporting",
                "base.group_user",
            )
        }
        mine = evening.with_user(users.pop("buurtbemiddeling_case.group_user"))
        self.assertEqual(mine.registrations_after, 1)
        for user in users.values():
            for attempt in (
                lambda theirs: theirs.read(["registrations_after"]),
                lambda theirs: theirs.registrations_after,
                lambda theirs: theirs.search([]),
            ):
                with self.assertRaises(AccessError):
                    attempt(evening.with_user(user))
