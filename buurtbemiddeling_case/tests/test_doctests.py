import doctest

from odoo.tests import BaseCase, tagged

from .. import anonymity, incoming_mail, shipped_rights, tools
from ..controllers import door
from ..models import buurtbemiddeling_door_mixin


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (
            anonymity,
            incoming_mail,
            shipped_rights,
            tools,
            door,
            buurtbemiddeling_door_mixin,
        ):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertFalse(results.failed, module.__name__)
