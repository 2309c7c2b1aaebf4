from . import report_case_cards
