from . import buurtbemiddeling_expense_export_wizard
from . import buurtbemiddeling_assignment_decline
from . import buurtbemiddeling_assignment_replace
from . import buurtbemiddeling_couple
from . import buurtbemiddeling_settings
from . import buurtbemiddeling_training_invite
from . import buurtbemiddeling_volunteer_leave
