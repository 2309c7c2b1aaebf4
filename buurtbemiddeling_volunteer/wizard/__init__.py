from . import buurtbemiddeling_assignment_decline
from . import buurtbemiddeling_assignment_replace
from . import buurtbemiddeling_settings
