from odoo.fields import Command

from .common import VolunteerCommon


class CoupleCase(VolunteerCommon):
    """Volunteers of all kinds, and the dialog that proposes pairs of them."""

    def setUp(self):
        super().setUp()
        self.case = self.make_quarrel(reporter_city="Dorp", neighbour_city="Dorp")
        self.vera, self.wim = self.make_mediator("Vera"), self.make_mediator("Wim")
        self.nel = self.make_mediator("Nel", stage="first_cases")

    def make_mediator(self, name, stage="active", **values):
        """Create a volunteer who lacks nothing."""
        volunteer = self.make_volunteer(name, stage, **values)
        if not hasattr(self, "session"):
            self.session = self.make_session(capacity=0)
        self.enrol(self.session, volunteer, attended_hours=15, result="passed")
        self.sign(volunteer, "agreement", "confidentiality")
        return volunteer

    def open(self, case=None):
        action = (case or self.case).with_user(self.coordinator).action_couple()
        return (
            self.env["buurtbemiddeling.couple"].with_user(self.coordinator).browse(action["res_id"])
        )

    def pairs(self, wizard):
        return [pair.first_id | pair.second_id for pair in wizard.pair_ids]

    def language(self, code):
        return self.code("language", code)

    def add_pool(self, count):
        """Create volunteers in bulk, as an import would; what they learned is set by hand."""
        volunteers = self.import_volunteers(count)
        self.make_ready(volunteers)
        self.env["buurtbemiddeling.volunteer.declaration"].create(
            [
                {"volunteer_id": volunteer.id, "kind": "street", "street": "Elders"}
                for volunteer in volunteers
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        # what PostgreSQL does by itself soon after rows came in, and not within one transaction
        self.cr.execute("ANALYZE")

    def import_volunteers(self, count):
        """Create volunteers with a contact each; every fourth has nothing in any list."""
        quiet = {
            "tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True,
        }  # fmt: skip
        partners = (
            self.env["res.partner"]
            .with_context(**quiet)
            .create(
                [
                    {"name": f"Volunteer {n}", "street": f"Kade {n}", "city": "Stad"}
                    for n in range(count)
                ]
            )
        )
        lists = {
            name: self.env[f"buurtbemiddeling.{name}"].search([], limit=3).ids
            for name in ("language", "competence", "daypart", "affinity")
        }
        same = {
            "company_id": self.company.id,
            "stage_id": self.code("volunteer.stage", "active").id,
        }
        vals_list = [
            {f"{name}_ids": [Command.set(ids[: number % 4])] for name, ids in lists.items()}
            for number in range(count)
        ]
        return (
            self.env["buurtbemiddeling.volunteer"]
            .with_context(**quiet)
            .create(
                [
                    {**same, **vals, "partner_id": partner.id}
                    for partner, vals in zip(partners, vals_list, strict=True)
                ]
            )
        )
