from datetime import date

from .common import CaseCommon


class ProjectRightsCase(CaseCommon):
    """Two projects of one organisation, of which one is only for its own coordinators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.env.ref("buurtbemiddeling_case.area_gm0014")
        cls.village = cls.env.ref("buurtbemiddeling_case.area_gm0034")
        cls.member = cls.coordinator
        cls.outsider = cls.make_user("outsider", "buurtbemiddeling_case.group_user")
        cls.outsider.group_ids += cls.env.ref("base.group_allow_export")
        projects = cls.env["buurtbemiddeling.project"].create(
            [
                {
                    "name": "Besloten Wijk",
                    "company_id": cls.company.id,
                    "area_ids": [(6, 0, cls.town.ids)],
                    "user_ids": [(6, 0, cls.member.ids)],
                    "date_start": date(2020, 1, 1),
                    "is_members_only": True,
                },
                {
                    "name": "Open Dorp",
                    "company_id": cls.company.id,
                    "area_ids": [(6, 0, cls.village.ids)],
                    "date_start": date(2020, 1, 1),
                },
            ]
        )
        cls.closed_project, cls.open_project = projects
        cls.closed_case = cls.make_quarrel(area_id=cls.town.id)
        cls.open_case = cls.make_quarrel(
            area_id=cls.village.id,
            reporter_name="Carla",
            reporter_email="carla@example.com",
            reporter_street="Kerkweg 8",
            neighbour_name="Dirk",
            neighbour_street="Kerkweg 10",
        )
        cls.everyone = (cls.closed_case | cls.open_case).with_user(cls.manager)

    def see(self, user, records):
        """Return which of ``records`` a user finds."""
        records = records.with_user(user).with_context(
            active_test=False, allowed_company_ids=user.company_ids.ids
        )
        return records.search([("id", "in", records.ids)]).sudo().with_env(self.env)

    def make_rows(self, case):
        """Return a record of every kind that belongs to a case."""
        party = case.party_ids[0]
        values = {
            "case.pause": {},
            "case.agreement": {"name": "Na tienen stil"},
            "meeting": {"start": "2027-01-04 18:00:00"},
            "approach": {"party_id": party.id, "outcome": "nobody"},
            "coaching": {"party_id": party.id},
            "extra.signal": {
                "user_id": self.member.id,
                "complexity_id": self.env["buurtbemiddeling.complexity"].search([], limit=1).id,
            },
            "onward.referral": {"referral_partner_id": self.referral_partner.id},
            "feedback": {
                "referral_partner_id": self.referral_partner.id,
                "recipient_id": self.referral_partner.partner_id.id,
                "kind": "received",
                "mode": "phone",
                "wording_id": self.env["buurtbemiddeling.feedback.wording"].search([], limit=1).id,
                "text": "x",
            },
        }
        rows = [case, *case.party_ids, *case.phase_ids]
        for name, given in values.items():
            rows.append(self.env[f"buurtbemiddeling.{name}"].create({"case_id": case.id, **given}))
        return rows
