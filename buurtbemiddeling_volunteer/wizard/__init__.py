from . import base_partner_merge
from . import buurtbemiddeling_lapse_decide
from . import buurtbemiddeling_protocol_accept
from . import buurtbemiddeling_settings
from . import buurtbemiddeling_volunteer_merge
