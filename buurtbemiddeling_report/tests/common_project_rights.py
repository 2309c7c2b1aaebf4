from odoo.tests import new_test_user

from .common import FiguresCase
from .common_sources import SourcesCase


class ProjectFiguresCase(SourcesCase, FiguresCase):
    """Two projects of one organisation, of which one is only for its own coordinators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        coordinator = "buurtbemiddeling_case.group_user,base.group_allow_export"
        figures = "buurtbemiddeling_report.group_reporting"
        cls.member, cls.outsider, cls.manager, cls.reader, cls.other_reader = (
            new_test_user(
                cls.env,
                login=f"project_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in (
                ("member", coordinator),
                ("outsider", coordinator),
                ("manager", f"buurtbemiddeling_case.group_manager,{coordinator}"),
                ("reader", figures),
                ("other_reader", figures),
            )
        )
        cls.town, cls.village = cls.make_area("Town"), cls.make_area("Village")
        cls.closed_project = cls.make_project(
            cls.town,
            name="Besloten",
            is_members_only=True,
            user_ids=[(6, 0, cls.member.ids)],
            reader_ids=[(6, 0, cls.reader.ids)],
        )
        cls.open_project = cls.make_project(cls.village, name="Open")
        cls.partner = cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "W", "is_company": True}).id,
                "referrer_type_id": cls.code("referrer.type", "CORPORATIE").id,
                "company_id": cls.company.id,
            }
        )
        values = {"outcome": "OPG_BEM", "referral_partner_id": cls.partner.id, "user_id": False}
        cls.closed_cases = cls.make_cases(6, area_id=cls.town.id, **values)
        cls.open_cases = cls.make_cases(4, area_id=cls.village.id, **values)
        cls.env.flush_all()

    def as_user(self, user, records):
        self.env.invalidate_all()
        return records.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def sees(self, user, record):
        """Whether a user finds a record and may read it; both say the same."""
        mine = self.as_user(user, record)
        if not mine.browse().has_access("read"):
            return False
        found = bool(mine.search([("id", "=", record.id)]))
        self.assertEqual(found, mine.has_access("read"))
        return found
