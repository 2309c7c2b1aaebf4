from datetime import date

from .common import FiguresCase


class ProjectCase(FiguresCase):
    """Three towns, of which two projects serve the first two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.towns = [
            cls.make_area(name, inhabitants=count)
            for name, count in (("North", 30000), ("South", 20000), ("East", 10000))
        ]
        cls.north, cls.south = (
            cls.make_project(town.name, town, date_start=date(2010, 1, 1)) for town in cls.towns[:2]
        )

    @classmethod
    def make_project(cls, name, areas, **values):
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "area_ids": [(6, 0, areas.ids)],
                **values,
            }
        )

    @classmethod
    def make_volunteer(cls, name, **values):
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": name}).id,
                "company_id": cls.company.id,
                **values,
            }
        )

    def compute_project(self, project, **values):
        return self.compute(project_id=project.id, **values)
