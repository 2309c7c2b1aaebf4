from odoo.tools import config

from .common import CaseCommon


class CheckCommon(CaseCommon):
    """What the security check says to the administrator of the organisation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.make_user(
            "system", "buurtbemiddeling_case.group_manager,base.group_system"
        )

    def check(self, name, user=None):
        """Return what the check with this name says."""
        model = self.env["buurtbemiddeling.check"].with_user(user or self.system)
        (result,) = model._get_results([f"_verify_{name}"])
        return result

    def assert_wrong(self, name, *words, state="wrong", user=None):
        """The check says that something is wrong, with these words, and how to mend it."""
        result = self.check(name, user)
        self.assertEqual(result["state"], state, result)
        for word in words:
            self.assertIn(word, result["found"])
        self.assertTrue(result["remedy"])
        return result

    def assert_silent(self, name, user=None):
        """The check has nothing to say."""
        result = self.check(name, user)
        self.assertEqual((result["state"], result["found"]), ("ok", False), result)

    def set_parameter(self, key, value):
        self.env["ir.config_parameter"].set_param(key, value)

    def set_config(self, **values):
        """Set the server's own configuration, until the end of this test."""
        for name, value in values.items():
            before = config[name]
            self.addCleanup(config.__setitem__, name, before)
            config[name] = value
