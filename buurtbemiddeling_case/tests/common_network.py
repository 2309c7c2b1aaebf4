from contextlib import contextmanager
from datetime import date

from odoo.exceptions import ValidationError

from .common import CaseCommon


class NetworkCase(CaseCommon):
    """A town with two neighbourhoods, one of which has a project."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.coordinator | cls.manager).tz = "Europe/Amsterdam"
        cls.town = cls.env.ref("buurtbemiddeling_case.area_gm0014")
        cls.mill, cls.meadow = cls.env["buurtbemiddeling.area"].create(
            [
                {"name": name, "code": f"X-{name}", "kind": "neighbourhood", "parent_id": town}
                for name, town in (("Mill", cls.town.id), ("Meadow", cls.town.id))
            ]
        )
        cls.project = cls.make_project("Mill project", cls.mill)
        cls.room = cls.env["buurtbemiddeling.room"].create(
            {"name": "De Roos", "street": "Plein 1", "company_id": cls.company.id}
        )

    @classmethod
    def make_project(cls, name, *areas, **values):
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "area_ids": [(6, 0, [area.id for area in areas])],
                "date_start": date(2020, 1, 1),
                **values,
            }
        )

    @contextmanager
    def assertRefused(self, sentence):
        with self.assertRaisesRegex(ValidationError, sentence) as caught, self.env.cr.savepoint():
            yield caught

    @classmethod
    def make_activity(cls, *areas, kind="INFO", user=None, **values):
        """Add an activity as a coordinator does, by default of 2 March 2026 without hours."""
        if "start" not in values:
            values.setdefault("date", date(2026, 3, 2))
        return (
            cls.env["buurtbemiddeling.network.activity"]
            .with_user(user or cls.coordinator)
            .create(
                {
                    "name": "Evening",
                    "kind_id": cls.code("network.activity.kind", kind).id,
                    "area_ids": [(6, 0, [area.id for area in areas])],
                    **values,
                }
            )
        )

    @classmethod
    def make_key_contact(cls, *areas, name="Kees Conciërge", **values):
        return (
            cls.env["buurtbemiddeling.key.contact"]
            .with_user(cls.coordinator)
            .create(
                {
                    "partner_id": cls.env["res.partner"].create({"name": name}).id,
                    "area_ids": [(6, 0, [area.id for area in areas])],
                    **values,
                }
            )
        )
