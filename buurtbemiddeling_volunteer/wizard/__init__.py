from . import buurtbemiddeling_settings
