from . import controllers, demo, models, report, wizard
from . import controllers, demo, models, wizard
from .uninstall import uninstall_hook
