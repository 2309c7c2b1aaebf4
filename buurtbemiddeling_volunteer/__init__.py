from . import controllers, demo, models, report, wizard
from .uninstall import uninstall_hook
