from odoo.addons.buurtbemiddeling_case.uninstall import clear_away

from .models.ir_sequence import CERTIFICATE_SEQUENCE


def uninstall_hook(env):
    """Leave no appointment of a training or a talk, nor the numbers of certificates."""
    clear_away(env, CERTIFICATE_SEQUENCE)
