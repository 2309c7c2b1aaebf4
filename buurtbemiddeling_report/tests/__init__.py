from . import test_access_rights
from . import test_definitions
from . import test_demo
from . import test_doctests
from . import test_figures
from . import test_published_years
from . import test_reference
from . import test_workbook
