from . import controllers, demo, models, wizard
from .uninstall import uninstall_hook
