import ast

from lxml import etree

from odoo.tests import TransactionCase, tagged

MODIFIERS = ("column_invisible", "invisible", "readonly", "required")
# what the browser knows of Python (``web/static/src/core/py_js``), as far as our screens use it
METHODS = {"get", "strftime", "to_utc"}


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    """The browser works out when a part of a screen shows, and knows little Python.

    What it does not know, is no error on the server: the whole screen does not open.
    """

    def test_every_condition_on_our_screens_is_one_that_the_browser_can_work_out(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "buurtbemiddeling.%"), ("type", "!=", "qweb")]
        )
        conditions = {
            (view.xml_id, text)
            for view in views
            for node in etree.fromstring(view.arch).iter(etree.Element)
            for name, text in node.attrib.items()
            if name in MODIFIERS or name.startswith("decoration-")
        }
        self.assertGreater(len(conditions), 100)
        unknown = [
            (view, text)
            for view, text in conditions
            for part in ast.walk(ast.parse(text.strip(), mode="eval"))
            if isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr not in METHODS
        ]
        self.assertFalse(unknown)
