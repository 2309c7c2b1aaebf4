from . import buurtbemiddeling_settings
from . import buurtbemiddeling_thanks_compose
