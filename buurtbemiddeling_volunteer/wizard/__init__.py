from . import buurtbemiddeling_couple
from . import buurtbemiddeling_settings
