from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_project_rights import ProjectFiguresCase


@tagged("post_install", "-at_install")
class TestFiguresOfAProjectHttp(ProjectFiguresCase, HttpCase):
    @mute_logger("odoo.http")
    def test_no_file_of_a_closed_project_reaches_others(self):
        self.company.buurtbemiddeling_small_number = 3
        closed = self.compute(2018, project_id=self.closed_project.id)
        whole = self.compute(2018)
        for login, expected in (
            ("project_outsider", (404, 404, 404, 404, 200, 403)),
            ("project_other_reader", (404, 404, 404, 404, 200, 403)),
            ("project_reader", (200, 200, 200, 403, 200, 403)),
            ("project_manager", (200, 200, 200, 200, 200, 200)),
        ):
            self.authenticate(login, login)
            urls = [
                *(f"/buurtbemiddeling/benchmark/{closed.id}/{kind}" for kind in ("xlsx", "csv")),
                f"/buurtbemiddeling/benchmark/{closed.id}/json",
                f"/buurtbemiddeling/benchmark/{closed.id}/cases",
                f"/buurtbemiddeling/benchmark/{whole.id}/csv",
                f"/buurtbemiddeling/benchmark/{whole.id}/cases",
            ]
            with self.subTest(login=login):
                self.assertEqual(tuple(self.url_open(url).status_code for url in urls), expected)
