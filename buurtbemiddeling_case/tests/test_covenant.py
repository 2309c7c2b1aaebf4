import base64
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_covenant import CovenantPaperCase

TODAY = date(2026, 3, 16)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestCovenant(CovenantPaperCase):
    """Covenants and working agreements: in force by signature and dates, renewed, on paper."""

    # ------------------------------------------------------------
    # STATE
    # ------------------------------------------------------------

    def test_state_follows_from_signatures_and_dates_and_is_found_by(self):
        covenants = {
            "draft": self.make_covenant(signed=False),
            "signed": self.make_covenant(date_start=date(2026, 4, 1), kind="data"),
            "in_force": self.make_covenant(date_end=date(2026, 6, 17), kind="covenant"),
            "expiring": self.make_covenant(self.police, date_end=date(2026, 6, 16)),
            "expired": self.make_covenant(self.police, date_end=date(2026, 3, 15), kind="data"),
        }
        every = self.env["buurtbemiddeling.covenant"].browse(
            covenant.id for covenant in covenants.values()
        )
        for state, covenant in covenants.items():
            with self.subTest(state=state):
                self.assertEqual(covenant.state, state)
                self.assertEqual(
                    every.search([("id", "in", every.ids), ("state", "=", state)]), covenant
                )
        self.assertEqual(
            every.search([("id", "in", every.ids), ("state", "!=", "draft")]),
            every - covenants["draft"],
        )

    def test_it_is_in_force_when_the_last_partner_has_signed(self):
        covenant = self.make_covenant(self.wbv.partner_id, self.police)
        covenant.party_ids[1].signed_on = False
        self.assertEqual((covenant.state, covenant.unsigned_text), ("draft", "Police"))
        covenant.party_ids[1].signed_on = date(2025, 2, 1)
        self.assertEqual((covenant.state, covenant.signed_on), ("in_force", date(2025, 2, 1)))

    def test_how_soon_it_expires_is_a_setting_of_the_organisation(self):
        covenant = self.make_covenant(date_end=date(2026, 6, 16))
        self.assertEqual(covenant.state, "expiring")
        self.company.buurtbemiddeling_covenant_months = 2
        self.assertEqual(covenant.state, "in_force")
        self.assertNotIn(covenant, covenant.search([("state", "=", "expiring")]))

    def test_notice_must_be_given_before_the_end(self):
        covenant = self.make_covenant(date_end=date(2026, 9, 30), notice_months=4)
        self.assertEqual(covenant.decide_date, date(2026, 5, 30))
        self.assertEqual(covenant.state, "expiring")

    # ------------------------------------------------------------
    # RENEWING
    # ------------------------------------------------------------

    def test_follow_up_copies_partners_and_obligations_and_refers_to_the_earlier_one(self):
        covenant = self.make_covenant(
            date_end=date(2026, 4, 30), date_start=date(2024, 5, 1), review_date=date(2025, 5, 1)
        )
        covenant.party_ids.write(
            {
                "contact_ids": [Command.set(self.wil.ids)],
                "obligation_ids": [Command.create({"name": "Asks first", "who": "partner"})],
            }
        )
        follower = self.renew(covenant)
        self.assertRecordValues(
            follower,
            [
                {
                    "replaces_id": covenant.id,
                    "state": "draft",
                    "date_start": date(2026, 5, 1),
                    "date_end": date(2028, 4, 30),
                    "review_date": date(2027, 5, 1),
                }
            ],
        )
        self.assertRecordValues(
            follower.party_ids,
            [{"partner_id": self.wbv.partner_id.id, "contact_ids": self.wil.ids}],
        )
        self.assertRecordValues(
            follower.party_ids.obligation_ids, [{"name": "Asks first", "who": "partner"}]
        )
        self.assertEqual(len(covenant.party_ids.obligation_ids), 1, "the earlier one keeps its own")
        self.assertEqual(self.renew(covenant), follower, "a second click opens the same one")

    def test_earlier_one_shows_replaced_from_the_day_its_signed_follow_up_begins(self):
        covenant = self.make_covenant(date_end=date(2026, 4, 30))
        follower = self.renew(covenant)
        self.assertEqual(covenant.state, "expiring", "a draft settles nothing")
        follower.action_sign()
        self.assertEqual((covenant.state, follower.state), ("in_force", "signed"))
        with freeze_time("2026-05-01 09:00:00"):
            self.env.invalidate_all()
            self.assertEqual((covenant.state, follower.state), ("replaced", "in_force"))
            self.assertEqual(
                covenant.search(
                    [("id", "in", (covenant | follower).ids), ("state", "=", "replaced")]
                ),
                covenant,
            )

    def test_until_further_notice_can_be_renewed_while_it_runs(self):
        covenant = self.make_covenant()
        follower = self.renew(covenant)
        follower.action_sign()
        self.assertEqual((covenant.state, follower.state), ("replaced", "in_force"))
        self.assertFalse(follower.date_end)

    def test_what_was_never_signed_is_not_renewed(self):
        with self.assertRaisesRegex(UserError, "was not signed"), self.cr.savepoint():
            self.make_covenant(signed=False).action_renew()

    # ------------------------------------------------------------
    # BAD INPUT
    # ------------------------------------------------------------

    def test_dates_out_of_order_are_refused(self):
        for values, sentence in (
            ({"date_end": date(2024, 12, 31)}, "dates_in_order"),
            ({"date_end": date(2025, 12, 31), "review_date": date(2026, 1, 1)}, "review_within"),
            ({"review_date": date(2024, 12, 31)}, "review_after_start"),
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"):
                with self.assertRaisesRegex(IntegrityError, sentence), self.cr.savepoint():
                    self.make_covenant(**values)

    def test_partner_stands_in_it_once(self):
        with self.assertRaisesRegex(ValidationError, "twice"), self.cr.savepoint():
            self.make_covenant(self.police, self.police)

    def test_resident_is_no_partner_and_no_contact_person(self):
        resident = self.make_quarrel().party_ids[0].partner_id
        with self.assertRaisesRegex(ValidationError, "contact of a resident"), self.cr.savepoint():
            self.make_covenant(resident)
        with self.assertRaisesRegex(ValidationError, "contact of a resident"), self.cr.savepoint():
            self.make_covenant().party_ids.contact_ids = resident

    def test_nobody_signs_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "yet to come"), self.cr.savepoint():
            self.make_covenant(signed=date(2026, 3, 17))

    def test_signed_paper_without_signatures_is_refused(self):
        paper = base64.b64encode(b"paper")
        covenant = self.make_covenant(self.police, signed=False)
        with (
            self.assertRaisesRegex(ValidationError, "in force without signatures.*Police"),
            self.cr.savepoint(),
        ):
            covenant.signed_file = paper
        with (
            self.assertRaisesRegex(ValidationError, "in force without signatures"),
            self.cr.savepoint(),
        ):
            self.make_covenant(signed=False, signed_file=paper)
        covenant.write(
            {
                "party_ids": [Command.update(covenant.party_ids.id, {"signed_on": TODAY})],
                "signed_file": paper,
            }
        )
        self.assertEqual(covenant.state, "in_force")
        with (
            self.assertRaisesRegex(ValidationError, "in force without signatures"),
            self.cr.savepoint(),
        ):
            covenant.party_ids.signed_on = False

    def test_agreement_without_partners_is_not_signed(self):
        covenant = self.make_covenant()
        covenant.party_ids.unlink()
        self.assertEqual(covenant.state, "draft")
        with self.assertRaisesRegex(UserError, "Add the partners"), self.cr.savepoint():
            covenant.action_sign()
        with self.assertRaisesRegex(UserError, "Add the partners"), self.cr.savepoint():
            covenant.action_print()

    def test_two_of_a_kind_do_not_hold_with_one_partner_in_one_time(self):
        self.make_covenant(date_end=date(2025, 12, 31))
        with (
            self.assertRaisesRegex(ValidationError, "holds with WBV in that time already"),
            self.cr.savepoint(),
        ):
            self.make_covenant(date_start=date(2025, 12, 31))
        draft = self.make_covenant(date_start=date(2025, 12, 31), signed=False)
        with (
            self.assertRaisesRegex(ValidationError, "holds with WBV in that time already"),
            self.cr.savepoint(),
        ):
            draft.action_sign()
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "P", "company_id": self.company.id}
        )
        fine = [
            self.make_covenant(date_start=date(2026, 1, 1)),
            self.make_covenant(kind="data"),
            self.make_covenant(self.police),
            self.make_covenant(project_id=project.id),
            self.make_covenant(company_id=self.other_company.id, user_id=False, user=self.stranger),
        ]
        self.assertEqual({covenant.sudo().state for covenant in fine}, {"in_force"})
        with (
            self.assertRaisesRegex(ValidationError, "holds with WBV in that time already"),
            self.cr.savepoint(),
        ):
            fine[0].date_start = date(2025, 6, 1)

    def test_follow_up_begins_later_than_what_it_replaces(self):
        follower = self.renew(self.make_covenant())
        with self.assertRaisesRegex(ValidationError, "Let it begin later"), self.cr.savepoint():
            follower.date_start = date(2025, 1, 1)
