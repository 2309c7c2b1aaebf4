from . import report_case_cards
from . import buurtbemiddeling_certificate_report
