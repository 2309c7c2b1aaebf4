from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestDocument(VolunteerCommon):
    """A document is noted as signed or seen, with a validity; there is no place for a copy."""

    def setUp(self):
        super().setUp()
        self.volunteer = self.make_volunteer()

    def find_expired(self):
        return self.env["buurtbemiddeling.volunteer"].search(
            [("has_expired_document", "=", True), ("id", "=", self.volunteer.id)]
        )

    def test_an_empty_end_means_no_end(self):
        document = self.sign(self.volunteer, "agreement", day=date(1996, 1, 1))
        self.assertTrue(document.is_valid)
        self.assertFalse(self.volunteer.has_expired_document)

    def test_the_last_day_is_a_valid_day(self):
        document = self.sign(self.volunteer, "vog", valid_until=date(2026, 6, 30))
        with freeze_time("2026-06-30"):
            document.invalidate_recordset()
            self.assertTrue(document.is_valid)
            self.assertFalse(self.find_expired())
            self.assertEqual(document.search([("is_valid", "=", True)]) & document, document)
        with freeze_time("2026-07-01"):
            document.invalidate_recordset()
            self.assertFalse(document.is_valid)
            self.assertEqual(self.find_expired(), self.volunteer)
            self.assertFalse(document.search([("is_valid", "=", True)]) & document)

    @freeze_time("2026-07-01")
    def test_a_newer_one_of_the_same_kind_replaces_what_expired(self):
        self.sign(self.volunteer, "vog", valid_until=date(2026, 6, 30))
        self.sign(self.volunteer, "agreement")
        self.assertTrue(self.volunteer.has_expired_document)
        self.assertEqual(self.find_expired(), self.volunteer)
        self.sign(self.volunteer, "vog", day=date(2026, 6, 1))
        self.assertFalse(self.volunteer.has_expired_document)
        self.assertFalse(self.find_expired())

    @freeze_time("2026-07-01")
    def test_what_will_be_signed_is_not_signed_yet(self):
        self.assertFalse(self.sign(self.volunteer, "agreement", day=date(2026, 7, 2)).is_valid)

    def test_nothing_expires_before_it_was_signed(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.sign(self.volunteer, "vog", valid_until=date(2025, 12, 31))
            self.env.flush_all()

    def test_no_field_can_hold_a_copy(self):
        fields = self.env["buurtbemiddeling.volunteer.document"]._fields.values()
        kinds = {field.type for field in fields}
        self.assertFalse(kinds & {"binary", "image", "html", "many2many"})
