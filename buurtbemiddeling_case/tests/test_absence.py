from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestAbsence(CaseCommon):
    """A coordinator is away, a colleague stands in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.corrie = cls.make_user("corrie", "buurtbemiddeling_case.group_user")
        cls.karim = cls.make_user("karim", "buurtbemiddeling_case.group_user")

    def away(self, user, stand_in, date_from="2026-03-16", date_to="2026-03-20", by=None, **values):
        return (
            self.env["buurtbemiddeling.absence"]
            .with_user(by or self.manager)
            .create(
                {
                    "user_id": user.id,
                    "stand_in_id": stand_in.id,
                    "company_id": self.company.id,
                    "date_from": date_from,
                    "date_to": date_to,
                    **values,
                }
            )
        )

    def covered(self, user):
        return self.env["buurtbemiddeling.absence"].with_user(user)._get_covered().user_id

    def test_coordinator_enters_the_own_absence(self):
        with Form(self.env["buurtbemiddeling.absence"].with_user(self.corrie)) as form:
            form.stand_in_id = self.karim
            form.date_to = date(2026, 3, 20)
        absence = form.record
        self.assertEqual((absence.user_id, absence.company_id), (self.corrie, self.company))
        self.assertEqual(absence.display_name, "Corrie Tester, until 20 March")
        absence.date_to = False
        self.assertEqual(absence.display_name, "Corrie Tester, until further notice")
        absence.unlink()

    def test_only_an_administrator_enters_that_of_someone_else(self):
        absence = self.away(self.corrie, self.karim)
        with self.assertRaises(AccessError):
            self.away(self.corrie, self.karim, "2026-04-01", "2026-04-02", by=self.karim)
        for forbidden in (
            lambda mine: mine.write({"date_to": "2026-03-18"}),
            lambda mine: mine.unlink(),
        ):
            with self.assertRaises(AccessError):
                forbidden(absence.with_user(self.karim))
        self.assertEqual(absence.with_user(self.karim).stand_in_id, self.karim, "but reads it")

    def test_another_organisation_sees_nothing_of_it(self):
        absence = self.away(self.corrie, self.karim)
        theirs = absence.with_user(self.stranger)
        self.assertFalse(theirs.search([("id", "=", absence.id)]))
        with self.assertRaises(AccessError):
            theirs.read(["date_from"])

    @mute_logger("odoo.sql_db")
    def test_end_before_start_and_standing_in_for_oneself_are_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.away(self.corrie, self.karim, "2026-03-16", "2026-03-15")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.away(self.corrie, self.corrie)

    def test_stand_in_is_a_coordinator_of_the_organisation(self):
        for user in (self.colleague, self.stranger, self.portal):
            with self.subTest(user=user.name):
                with self.assertRaisesRegex(ValidationError, "does not work for buurtbemiddeling"):
                    self.away(self.corrie, user)

    def test_nobody_is_away_twice_at_once(self):
        self.away(self.corrie, self.karim)
        for dates in (("2026-03-20", "2026-03-22"), ("2026-03-01", False)):
            refused = self.assertRaisesRegex(ValidationError, "Corrie Tester is away already")
            with refused, self.env.cr.savepoint():
                self.away(self.corrie, self.coordinator, *dates)
        self.away(self.corrie, self.coordinator, "2026-03-21", "2026-03-22")

    def test_who_is_away_can_not_stand_in(self):
        self.away(self.karim, self.coordinator, "2026-03-18", "2026-03-19")
        with self.assertRaisesRegex(ValidationError, "Karim Tester is away on some"):
            self.away(self.corrie, self.karim)

    def test_stand_in_covers_from_the_first_to_the_last_day(self):
        self.away(self.corrie, self.karim)
        for day, names in (
            ("2026-03-15", self.env["res.users"]),
            ("2026-03-16", self.corrie),
            ("2026-03-20", self.corrie),
            ("2026-03-21", self.env["res.users"]),
        ):
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(self.covered(self.karim), names, day)
        self.assertFalse(self.covered(self.corrie))

    def test_stand_in_who_falls_ill_passes_it_on(self):
        """Or the cases of the first would get stuck unseen."""
        self.away(self.corrie, self.karim)
        self.away(self.karim, self.coordinator, "2026-03-16", False)
        self.assertEqual(self.covered(self.coordinator), self.corrie | self.karim)

    def test_stand_in_who_left_covers_nobody(self):
        absence = self.away(self.corrie, self.karim)
        self.assertIn(absence, absence._get_current())
        self.karim.active = False
        self.assertNotIn(absence, absence._get_current())
