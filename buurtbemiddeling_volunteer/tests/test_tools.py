import doctest

from odoo.tests import BaseCase, tagged

from ..tools import anniversary, forecast


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_tools(self):
        for module in (anniversary, forecast):
            results = doctest.testmod(module)
            with self.subTest(module=module.__name__):
                self.assertGreater(results.attempted, 5)
                self.assertFalse(results.failed)
