from . import base_module_uninstall
from . import buurtbemiddeling_download
from . import buurtbemiddeling_referral_card
from . import buurtbemiddeling_year_report_finish
from . import buurtbemiddeling_settings
from . import buurtbemiddeling_start_roles
