from . import buurtbemiddeling_settings
from . import buurtbemiddeling_volunteer_leave
