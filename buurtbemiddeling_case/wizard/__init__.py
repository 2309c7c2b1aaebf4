from . import buurtbemiddeling_case_close
from . import buurtbemiddeling_case_merge
from . import buurtbemiddeling_case_split
from . import base_partner_merge
