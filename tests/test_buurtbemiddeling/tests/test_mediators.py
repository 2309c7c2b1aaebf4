from datetime import date, timedelta

from odoo.tests import tagged

from .test_volunteers import VolunteersCase


@tagged("post_install", "-at_install")
class TestMediators(VolunteersCase):
    """What a mediator does on the portal, in Dutch, in a browser."""

    def test_invited_and_at_work(self):
        bea = self.volunteers[0]
        self.give_login(bea, "bea_mediator")
        case = self.make_case(stage_id=self.env.ref("buurtbemiddeling_case.case_stage_assigned").id)
        case.party_ids[0].mediator_note = "Achterom graag"
        second = self.make_case(
            reporter_name="Carla Klager",
            reporter_street="Tulpstraat 1",
            neighbour_name="Dirk Drum",
            neighbour_street="Tulpstraat 3",
        )
        rows = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator)
        mine = rows._invite(case, self.volunteers.with_user(self.coordinator))[0]
        other = rows._invite(second, self.volunteers.with_user(self.coordinator))[0]
        other.date_start = date.today() - timedelta(days=1)  # the newest comes first on the page
        self.start_tour("/my", "buurtbemiddeling_mediator", login="bea_mediator", timeout=120)
        self.env.invalidate_all()
        self.assertEqual((mine.state, other.state), ("accepted", "declined"))
        self.assertEqual(other.reason_id.code, "GEEN_TIJD")


@tagged("post_install", "-at_install")
class TestMediatorsOnAPhone(TestMediators):
    """The same on a small phone."""

    allow_inherited_tests_method = True
    browser_size = "360x740"
    touch_enabled = True
