import doctest

from odoo.tests import BaseCase, tagged

from .. import anonymity, copying, incoming_mail, quiet_log, shipped_rights, tools, typed
from ..controllers import door
from ..models import buurtbemiddeling_door_mixin, buurtbemiddeling_import_code_mixin


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (
            anonymity,
            copying,
            incoming_mail,
            quiet_log,
            shipped_rights,
            tools,
            typed,
            door,
            buurtbemiddeling_door_mixin,
            buurtbemiddeling_import_code_mixin,
        ):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertFalse(results.failed, module.__name__)
