from odoo.addons.buurtbemiddeling_case.uninstall import clear_away


def uninstall_hook(env):
    """Leave nothing that users saved about figures."""
    clear_away(env)
