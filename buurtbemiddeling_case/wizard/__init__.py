from . import buurtbemiddeling_case_aftercare
from . import buurtbemiddeling_case_aftercare_agreement
from . import buurtbemiddeling_case_aftercare_party
from . import buurtbemiddeling_case_agreement_print
from . import buurtbemiddeling_case_close
from . import buurtbemiddeling_case_move
from . import buurtbemiddeling_case_close_party
from . import buurtbemiddeling_settings
