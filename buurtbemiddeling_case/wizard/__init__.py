from . import buurtbemiddeling_case_close
from . import buurtbemiddeling_letter_compose
