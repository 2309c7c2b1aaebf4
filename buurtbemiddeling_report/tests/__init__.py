from . import test_access_rights
from . import test_definitions
from . import test_demo
from . import test_doctests
from . import test_figures
from . import test_comparison, test_merge, test_national_figures, test_outlook, test_target
from . import test_published_years
from . import test_reference
from . import test_referral_card
from . import test_workbook
