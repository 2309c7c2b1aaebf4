from . import buurtbemiddeling_case_close
from . import buurtbemiddeling_case_feedback
from . import buurtbemiddeling_case_feedback_line
