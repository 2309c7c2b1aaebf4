from . import buurtbemiddeling_case_close
