from . import buurtbemiddeling_settings
from . import buurtbemiddeling_training_invite
