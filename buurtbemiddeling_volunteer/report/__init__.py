from . import report_case_cards
from . import buurtbemiddeling_certificate_report
from . import buurtbemiddeling_visit_sheet_report
