from . import buurtbemiddeling_forecast
from . import buurtbemiddeling_forecast_line
from . import buurtbemiddeling_settings
from . import buurtbemiddeling_thanks_compose
