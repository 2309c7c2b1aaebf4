from . import controllers, demo, models, report, wizard
from .quiet_log import install as _quieten_log
from .uninstall import uninstall_hook

_quieten_log()
